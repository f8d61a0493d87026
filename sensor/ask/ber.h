/* SPDX-License-Identifier: BSD-2-Clause */
/* The little of ASN.1's BER (X.690) that SNMP's own messages need: short writing, bounded reading. */
#ifndef SENSOR_ASK_BER_H
#define SENSOR_ASK_BER_H

#include "sensor/ask/put.h"
#include "sensor/wire.h"

enum { BER_INTEGER = 0x02, BER_OCTETS = 0x04, BER_OID = 0x06, BER_SEQUENCE = 0x30 };
enum { BER_OID_TEXT_BYTES = 256 };

/* The next element's content, which is taken from w. Both are bad when it is not of this tag, or longer than w. */
struct wire ber_take(struct wire *w, uint8_t tag);
/* The same, of any tag. */
struct wire ber_next(struct wire *w, uint8_t *tag);
/* A whole number of at most eight bytes; 0 with w bad otherwise. */
int64_t ber_integer(struct wire *w);
/* The content of an object identifier with dots, cut at the room; "" when it is none. Returns its length. */
size_t ber_oid_text(struct wire content, char out[static BER_OID_TEXT_BYTES]);

/* An element of at most 127 bytes: begin, write the content, end. */
static inline size_t put_ber_begin(struct put *p, uint8_t tag)
{
	put_u8(p, tag);
	put_u8(p, 0);
	return p->length;
}

static inline void put_ber_end(struct put *p, size_t begin)
{
	if (p->bad || p->length - begin > 127)
		p->bad = true;
	else
		p->at[begin - 1] = (uint8_t)(p->length - begin);
}

/* A number below 2^31, in four bytes. */
static inline void put_ber_u31(struct put *p, uint32_t value)
{
	put_u8(p, BER_INTEGER);
	put_u8(p, 4);
	put_u32(p, value & 0x7fffffff);
}

static inline void put_ber_u7(struct put *p, uint8_t value)
{
	put_u8(p, BER_INTEGER);
	put_u8(p, 1);
	put_u8(p, value & 0x7f);
}

#endif
