/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How messages begin that say who sends them, in the middle of a connection: HTTP's requests and answers, TLS's first hello. In one
 * form for the XDP program and for user space.
 */
#ifndef DEFS_HEAD_H
#define DEFS_HEAD_H

#include <linux/types.h>
#include <stdbool.h>

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

enum { HEAD_BYTES = 8 }; /* of a payload, which are looked at; a shorter one is no head */

#define HEAD_WORD(a, b, c, d) ((__u32)(a) << 24 | (__u32)(b) << 16 | (__u32)(c) << 8 | (d))

/* first: the payload's first eight bytes, the first of them highest. RFC 8446, 5.1: a record of handshake (22), then a hello (1). */
static __always_inline bool head_is_hello(__u64 first)
{
	return first >> 48 == 0x1603 && (first >> 40 & 0xff) <= 4 && (first >> 16 & 0xff) == 1;
}

/* The first four bytes of an answer, or of a request by one of the methods that are in use (IANA's HTTP Method Registry, UPnP, MS-RPCH). */
static __always_inline bool head_is_http(__u64 first)
{
	switch ((__u32)(first >> 32)) {
	case HEAD_WORD('H', 'T', 'T', 'P'):
	case HEAD_WORD('G', 'E', 'T', ' '):
	case HEAD_WORD('P', 'O', 'S', 'T'):
	case HEAD_WORD('H', 'E', 'A', 'D'):
	case HEAD_WORD('P', 'U', 'T', ' '):
	case HEAD_WORD('P', 'A', 'T', 'C'):
	case HEAD_WORD('D', 'E', 'L', 'E'):
	case HEAD_WORD('O', 'P', 'T', 'I'):
	case HEAD_WORD('C', 'O', 'N', 'N'):
	case HEAD_WORD('P', 'R', 'O', 'P'):
	case HEAD_WORD('R', 'E', 'P', 'O'):
	case HEAD_WORD('S', 'U', 'B', 'S'):
	case HEAD_WORD('N', 'O', 'T', 'I'):
	case HEAD_WORD('R', 'P', 'C', '_'):
		return true;
	}
	return false;
}

/*
 * Packets of QUIC 1 and 2 with a long header (RFC 9000, 17.2; RFC 9369, 3.2). A client's hello is spread over several Initials; one that comes
 * back sends many others before it (0-RTT), which are encrypted.
 */
enum head_quic { HEAD_QUIC_NONE, HEAD_QUIC_INITIAL, HEAD_QUIC_SEALED };

static __always_inline enum head_quic head_quic_of(__u64 first)
{
	__u32 version = first >> 24, type = first >> 60 & 3;

	if (first >> 62 != 3 || (version != 1 && version != 0x6b3343cf))
		return HEAD_QUIC_NONE;
	return type == (version == 1 ? 0 : 1) ? HEAD_QUIC_INITIAL : HEAD_QUIC_SEALED;
}

#endif
