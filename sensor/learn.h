/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What bpf/discover.bpf.c does in the kernel, done in user space for ports and kernels without XDP and for files: the
 * same parser, the same flow slots, the same records.
 */
#ifndef SENSOR_LEARN_H
#define SENSOR_LEARN_H

#include <stddef.h>
#include <stdint.h>

#include "defs/counters.h"
#include "defs/record.h"

struct learn;
struct observe;

struct learn_frame {
	const uint8_t *bytes; /* from the link header on */
	uint32_t captured;    /* of them */
	uint32_t length;      /* of the frame on the wire; not less than captured */
	uint16_t
		ether_type; /* of a link without Ethernet header: what bytes are; 0: they are an Ethernet frame */
	int64_t time_us;
};

/* flow_slots: entries of the flow table at most. 0, or -ENOMEM. */
int learn_open(uint32_t flow_slots, struct learn **out);
/* The frames are a mirror's, which may show each twice: they are folded (defs/fold.h). */
void learn_mirror(struct learn *l);
/* Learn from one frame, and tell what is new. */
void learn_frame(struct learn *l, struct observe *o, const struct learn_frame *frame);
/* Report every flow whose totals have moved since the last time; let go of those that are over at now_us. */
void learn_sweep(struct learn *l, struct observe *o, int64_t now_us);
/* Say the losses so far; extra ones (packets that never came here) are added by the caller. */
void learn_losses(const struct learn *l, struct observe *o, int64_t now_us);
const uint64_t *learn_counters(const struct learn *l);
void learn_close(struct learn *l);

#endif
