// SPDX-License-Identifier: BSD-2-Clause
// Strangers' text inside XML. Names come from the network: whoever sends a packet chooses them.

// What no document can hold (XML 1.0, 2.2), and what makes text elsewhere look like another: halves of surrogate pairs and
// marks that turn the direction of writing. Letters that are written from right to left stay as they are.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

// One line of text that any format can hold.
export const plainText = (text: string) => text.replace(/[\t\n\r\u0085\u2028\u2029]+/g, ' ').replace(forbidden, '');

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

// For the text of an element and for an attribute in either kind of quotes.
export const escapeXml = (text: string) => plainText(text).replace(/[&<>"']/g, sign => entities[sign]!);

// At most so many letters, whole ones; what is cut ends with an ellipsis.
export function shorten(text: string, letters: number): string {
  if (text.length <= letters) return text;
  const whole = Array.from(text.slice(0, letters * 2 + 2));
  return whole.length <= letters ? text : `${whole.slice(0, letters - 1).join('')}…`;
}
