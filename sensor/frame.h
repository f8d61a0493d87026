/* SPDX-License-Identifier: BSD-2-Clause */
/* A copied frame, opened: which decoder its payload is for, and what is known around it. */
#ifndef SENSOR_FRAME_H
#define SENSOR_FRAME_H

#include "defs/flow.h"
#include "defs/parse.h"
#include "sensor/decode/decode.h"

enum { LINK_ETHERNET = 1, LINK_RAW_IP = 101 }; /* struct record_frame's link: DLT numbers */

struct frame {
	struct packet packet;
	const uint8_t *network; /* the IP header */
	bool ethernet;
	struct decode_context ctx;
	struct wire payload;
	const struct decoder *decoder; /* NULL: nobody's */
	bool segment;		       /* a piece of a TCP stream: payload is to be put in order first */
	bool datagram;		       /* UDP */
};

/* 0, or -EBADMSG for a frame whose headers are cut or contradict themselves. Borrows the record's bytes. */
int frame_open(const struct record_frame *record, int64_t time_us, struct frame *out);

#endif
