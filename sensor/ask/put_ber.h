/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing the little of ASN.1's BER (X.690) that SNMP's own requests need. decode/ber.h reads it. */
#ifndef SENSOR_ASK_PUT_BER_H
#define SENSOR_ASK_PUT_BER_H

#include "sensor/ask/put.h"
#include "sensor/decode/ber.h"

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
