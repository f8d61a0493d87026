// SPDX-License-Identifier: BSD-2-Clause
// What is an address, a range of them or a MAC, as the collector reads them, and which range an address is in. Pure.

const byte = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const ipv4 = new RegExp(`^(?:${byte}\\.){3}${byte}$`);

// As eight numbers; null: it is none.
function groupsOf(text: string): number[] | null {
  const tail = /(?<=:)\d+\.\d+\.\d+\.\d+$/.exec(text)?.[0];
  if (tail !== undefined && !ipv4.test(tail)) return null;
  const four = tail?.split('.').map(Number);
  const plain = four ? `${text.slice(0, -tail!.length)}${(four[0]! * 256 + four[1]!).toString(16)}:${(four[2]! * 256 + four[3]!).toString(16)}` : text;
  const halves = plain.split('::');
  if (halves.length > 2) return null;
  const [left, right] = halves.map(half => (half ? half.split(':') : []));
  const parts = [...left!, ...(right ?? [])];
  if (!parts.every(part => /^[0-9a-f]{1,4}$/i.test(part))) return null;
  if (right === undefined ? parts.length !== 8 : parts.length > 7) return null;
  const zeros = new Array<string>(8 - parts.length).fill('0');
  return [...left!, ...(right === undefined ? [] : zeros), ...(right ?? [])].map(part => parseInt(part, 16));
}

export const isIp = (text: string) => (text.includes(':') ? groupsOf(text) !== null : ipv4.test(text) && !/(^|\.)0\d/.test(text));

export const isMac = (text: string) => /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text);

export function isCidr(text: string): boolean {
  const [ip = '', bits, ...rest] = text.split('/');
  if (rest.length || !isIp(ip)) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (ip.includes(':') ? 128 : 32));
}

const bitsOf = (ip: string) => (ip.includes(':') ? groupsOf(ip)!.map(group => group.toString(2).padStart(16, '0')) : ip.split('.').map(part => Number(part).toString(2).padStart(8, '0'))).join('');

export function isIn(ip: string, cidr: string): boolean {
  const [network = '', length] = cidr.split('/');
  if (!isIp(ip) || !isIp(network) || ip.includes(':') !== network.includes(':')) return false;
  const bits = length === undefined ? 128 : Number(length);
  return bitsOf(ip).slice(0, bits) === bitsOf(network).slice(0, bits);
}

// The narrowest subnet that an address is in; not one that is for everywhere.
export function subnetOf(ip: string, subnets: readonly { id: string; cidr: string }[]): string | null {
  const lengthOf = (subnet: { cidr: string }) => Number(subnet.cidr.split('/')[1] ?? 128);
  const around = subnets.filter(subnet => lengthOf(subnet) > 0 && isIn(ip, subnet.cidr));
  return around.sort((a, b) => lengthOf(b) - lengthOf(a))[0]?.id ?? null;
}

// How many addresses hosts can have in it; null: more than anybody counts.
export function roomOf(cidr: string): number | null {
  const [network = '', length] = cidr.split('/');
  if (network.includes(':') || !isIp(network)) return null;
  const free = 32 - Number(length ?? 32);
  return free < 2 ? 2 ** free : 2 ** free - 2;
}
