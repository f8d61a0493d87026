/* SPDX-License-Identifier: BSD-2-Clause */
/* What an engine has reported of a flow table entry, so that the next report says what is new. Small: there is one for each slot. */
#ifndef SENSOR_TOLD_H
#define SENSOR_TOLD_H

#include "defs/flow.h"
#include "sensor/observe.h"

struct told {
	uint32_t state;	     /* the engine's: whose counters these are */
	uint32_t packets[2]; /* they wrap, as the slot's do */
	uint32_t bytes_low[2];
	uint16_t bytes_high[2]; /* 48 bits: 281 TB */
};
_Static_assert(sizeof(struct told) == 24, "no padding");

/* Fill in all that a report says of counters, and remember that it was told. The slot may be counting on. */
static inline void told_report(struct told *told, const struct flow_slot *slot, struct flow_report *report)
{
	uint8_t handshake = __atomic_load_n(&slot->handshake, __ATOMIC_RELAXED);

	report->first = !told->packets[0] && !told->packets[1];
	report->sender = (handshake & HANDSHAKE_OPENER) != 0;
	report->opener = handshake & HANDSHAKE_STEP_MASK ? report->sender : FLOW_OPENER_UNKNOWN;
	for (int i = 0; i < 2; i++) {
		uint32_t packets = __atomic_load_n(&slot->packets[i], __ATOMIC_RELAXED);
		uint64_t bytes = __atomic_load_n(&slot->bytes[i], __ATOMIC_RELAXED) & UINT64_C(0xffffffffffff);
		uint64_t before = (uint64_t)told->bytes_high[i] << 32 | told->bytes_low[i];

		report->packets[i] = packets;
		report->bytes[i] = bytes;
		report->new_packets[i] = packets - told->packets[i];
		report->new_bytes[i] = (bytes - before) & UINT64_C(0xffffffffffff);
		told->packets[i] = packets;
		told->bytes_low[i] = (uint32_t)bytes;
		told->bytes_high[i] = (uint16_t)(bytes >> 32);
	}
}

/* Whether there is something new. */
static inline bool told_is_old(const struct told *told, const struct flow_slot *slot)
{
	return __atomic_load_n(&slot->packets[0], __ATOMIC_RELAXED) != told->packets[0] ||
	       __atomic_load_n(&slot->packets[1], __ATOMIC_RELAXED) != told->packets[1];
}

#endif
