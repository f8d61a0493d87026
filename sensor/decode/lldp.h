/* SPDX-License-Identifier: BSD-2-Clause */
/* What organisations add to LLDP: IEEE 802.1 and 802.3, and LLDP-MED. */
#ifndef SENSOR_DECODE_LLDP_H
#define SENSOR_DECODE_LLDP_H

#include "sensor/decode/decode.h"

struct lldp_added {
	uint16_t native_vlan; /* 0: not said, or none */
};

/*
 * Reads one TLV of type 127, after its head. Adds traits of the sender to out, and fills *added. 0 also for organisations that are
 * not known; -EBADMSG for one whose own rules it breaks, then the whole frame is not to be believed.
 */
int lldp_organisation(const struct decode_context *ctx, struct wire w, struct lldp_added *added,
		      struct fact_list *out);

#endif
