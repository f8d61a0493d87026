/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading pcapng files (draft-ietf-opsawg-pcapng) with any number of interfaces, each with its own link type, snap length
 * and clock: libpcap reads such a file only when all its interfaces are alike.
 */
#ifndef SENSOR_PCAPNG_H
#define SENSOR_PCAPNG_H

#include <stdint.h>
#include <stdio.h>

struct pcapng;

struct pcapng_packet {
	int link; /* LINKTYPE_* of its interface */
	uint32_t captured, length;
	int64_t time_us;
	const uint8_t *bytes; /* until the next call */
};

/* file is borrowed, and stands at its first byte. 0, -ENOMEM, or -EBADMSG when it is no pcapng file. */
int pcapng_open(FILE *file, struct pcapng **out);
/* The next packet: 1, 0 at the end, -ENODATA in the middle of a block, -EBADMSG for a block that contradicts itself. */
int pcapng_next(struct pcapng *ng, struct pcapng_packet *out);
void pcapng_close(struct pcapng *ng);

#endif
