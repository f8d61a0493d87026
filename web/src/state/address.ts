// SPDX-License-Identifier: BSD-2-Clause
// Order of addresses as people expect it: IPv4 by number, then IPv6 by number, link-local last.

export function addressKey(ip: string): string {
  if (!ip.includes(':')) return '4' + ip.split('.').map(part => part.padStart(3, '0')).join('.');
  const mapped = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(ip);
  const plain = mapped
    ? mapped[1]! + (Number(mapped[2]) * 256 + Number(mapped[3])).toString(16) + ':' + (Number(mapped[4]) * 256 + Number(mapped[5])).toString(16)
    : ip;
  const [head = '', tail] = plain.split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const middle = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const full = [...left, ...middle, ...right].map(group => group.padStart(4, '0')).join(':');
  return (/^fe[89ab]/.test(full) ? '7' : '6') + full;
}

const order = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

export const compareText = order.compare;

export const compareAddresses = (a: string, b: string) => {
  const [x, y] = [addressKey(a), addressKey(b)];
  return x < y ? -1 : x > y ? 1 : 0;
};

export const vlanText = (vlan: readonly number[]) => vlan.join('.');
