// SPDX-License-Identifier: BSD-2-Clause
// A strict reader of XML for tests: it takes no more than what the writers here may write, and throws at everything else.

export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string; // of its own
}

const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#10': '\n' };
// eslint-disable-next-line no-control-regex
const impossible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function plain(text: string): string {
  if (impossible.test(text)) throw new Error('a letter that XML can not hold');
  return text.replace(/&([^;]*);?/g, (whole, name: string) => {
    const letter = names[name];
    if (letter === undefined || !whole.endsWith(';')) throw new Error(`a stray & before ${JSON.stringify(whole)}`);
    return letter;
  });
}

export function readXml(document: string): Element {
  let at = 0;
  const take = (pattern: RegExp) => {
    const found = new RegExp(pattern.source, 'yu' + (pattern.flags.includes('s') ? 's' : ''));
    found.lastIndex = at;
    const match = found.exec(document);
    if (match) at = found.lastIndex;
    return match;
  };
  take(/<\?xml version="1\.0" encoding="UTF-8"\?>\n/);
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const stack = [root];
  while (at < document.length) {
    const here = stack[stack.length - 1]!;
    const text = take(/[^<]+/);
    if (text) {
      here.text += plain(text[0]);
      continue;
    }
    const end = take(/<\/([A-Za-z]+)>/);
    if (end) {
      if (here.name !== end[1] || stack.length === 1) throw new Error(`</${end[1]}> does not end <${here.name}>`);
      stack.pop();
      continue;
    }
    const start = take(/<([A-Za-z]+)/);
    if (!start) throw new Error(`no tag at ${JSON.stringify(document.slice(at, at + 60))}`);
    const element: Element = { name: start[1]!, attributes: {}, children: [], text: '' };
    for (let attribute; (attribute = take(/ ([A-Za-z][A-Za-z:-]*)="([^"<]*)"/)); ) {
      if (attribute[1]! in element.attributes) throw new Error(`twice: ${attribute[1]}`);
      element.attributes[attribute[1]!] = plain(attribute[2]!);
    }
    here.children.push(element);
    if (take(/\/>/)) continue;
    if (!take(/>/)) throw new Error(`<${element.name}> at ${JSON.stringify(document.slice(at, at + 60))}`);
    stack.push(element);
  }
  if (stack.length !== 1 || root.children.length !== 1 || root.text.trim()) throw new Error('not one whole document');
  return root.children[0]!;
}

// It and everything in it.
export function all(element: Element): Element[] {
  return [element, ...element.children.flatMap(all)];
}
