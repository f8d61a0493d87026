/* SPDX-License-Identifier: BSD-2-Clause */
/* Bounded reading of the little of ASN.1's BER (X.690) that SNMP's messages need. */
#ifndef SENSOR_DECODE_BER_H
#define SENSOR_DECODE_BER_H

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

#endif
