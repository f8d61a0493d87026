// SPDX-License-Identifier: BSD-2-Clause
// Rows as a file for a spreadsheet: the columns that are shown, in their order. Pure, but for the download.

interface Written<V> {
  title: string;
  text?: (row: V) => string;
}

// A field that begins like a formula would be run by a spreadsheet; names come from strangers.
const cell = (text: string) => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export function csvText<V>(rows: readonly V[], columns: readonly Written<V>[]): string {
  const written = columns.filter((column): column is Required<Written<V>> => column.text !== undefined);
  const lines = [written.map(column => cell(column.title)), ...rows.map(row => written.map(column => cell(column.text(row))))];
  return lines.map(line => line.join(',')).join('\r\n') + '\r\n';
}

export function download(name: string, type: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
