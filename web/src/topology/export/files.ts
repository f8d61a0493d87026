// SPDX-License-Identifier: BSD-2-Clause
// What an exported file is called, and how it gets to the person.

const LETTERS_MAX = 60;
const KEPT_MS = 60_000; // an address is let go of when the browser has surely begun to read

const pad = (value: number) => String(value).padStart(2, '0');

// "netvisor-my-network-logical-2026-11-28T14-03-22.png", in the viewer's time. No letter in it means anything to any system.
export function fileName(name: string, view: string, at: Date, ending: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-');
  const short = Array.from(plain).slice(0, LETTERS_MAX).join('').replace(/^-+|-+$/g, '');
  const moment = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}-${pad(at.getMinutes())}-${pad(at.getSeconds())}`;
  return ['netvisor', short, view, moment].filter(Boolean).join('-') + ending;
}

export function download(blob: Blob, file: string) {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
