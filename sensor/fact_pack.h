/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fact as one row of bytes: small to keep, and easy to compare. First what tells it from others (kind, source, VLAN,
 * IDENTITY keys), then what a change says again (confidence, VALUE keys), then MEASURE keys. Times and count are not in it.
 */
#ifndef SENSOR_FACT_PACK_H
#define SENSOR_FACT_PACK_H

#include "defs/facts.h"

enum { FACT_PACK_BYTES_MAX = 1 << 17 };

struct fact_pack {
	uint32_t identity, value, measure; /* bytes of each part, one after the other */
};

/* What an unpacked fact's lists point to. */
struct fact_lists {
	struct ip_list ips[2];
	struct text_list texts;
	struct claim_list claims;
};

/*
 * Write the fact to out (FACT_PACK_BYTES_MAX bytes). Texts are cut to STREAM_TEXT_BYTES_MAX as they will be written;
 * *cut counts those. 0, or -EMSGSIZE when it does not fit.
 */
int fact_pack(const struct fact *fact, uint8_t *out, struct fact_pack *parts, uint64_t *cut);

/* Back again. Texts point into bytes, lists into lists; times and count are zero. bytes come from fact_pack(). */
void fact_unpack(const uint8_t *bytes, const struct fact_pack *parts, struct fact *out,
		 struct fact_lists *lists);

#endif
