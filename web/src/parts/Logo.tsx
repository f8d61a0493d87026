// SPDX-License-Identifier: BSD-2-Clause
// A visor over a V of links, with what it watches alive in the middle.
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" fill="none" strokeWidth={2.6} strokeLinecap="round" strokeLinejoin="round">
      <path d="M3.5 13.6C6.5 8 11 5.2 16 5.2s9.5 2.8 12.5 8.4" stroke="#4fc3ce" />
      <path d="M5.3 16.6 16 28.2l10.7-11.6" stroke="#4fc3ce" />
      <circle cx="16" cy="15.2" r="3.9" fill="#54d79a" />
    </svg>
  );
}
