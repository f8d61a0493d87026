// SPDX-License-Identifier: BSD-2-Clause
// What an address says of where it is.

// Blocks of RFC 6890 (and multicast) that are nowhere on the Internet.
const local4 = /^(0|10|127)\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\.|^192\.168\.|^192\.0\.[02]\.|^198\.(1[89]|51)\.|^203\.0\.113\.|^(22[4-9]|2[3-5]\d)\./;
const public6 = /^[23][0-9a-f]{3}:/i;
const documentation6 = /^(2001:0?db8|3fff):/i;

export const isPublic = (ip: string): boolean => (ip.includes(':') ? public6.test(ip) && !documentation6.test(ip) : !local4.test(ip));

// Of this link alone.
export const isLinkLocal = (ip: string): boolean => (ip.includes(':') ? /^fe[89ab]/i.test(ip) : ip.startsWith('169.254.'));

export const isV6 = (cidr: string): boolean => cidr.includes(':');

// A range that holds what is elsewhere.
export const isEverywhere = (cidr: string): boolean => cidr.endsWith('/0');
