/* SPDX-License-Identifier: BSD-2-Clause */
/* One UDP port: a dialogue's datagrams, once more when nothing answers, and its answers. Pure, as conversation.h is. */
#ifndef SENSOR_ASK_DATAGRAM_H
#define SENSOR_ASK_DATAGRAM_H

#include "sensor/ask/conversation.h"

enum { DATAGRAM_EVENTS_MAX = 256, DATAGRAM_TIMEOUT_US_MAX = 3000000 };

struct datagram {
	const struct dialogue *row;
	struct dialogue_context context;
	struct say say;	 /* what the dialogue says into: the port as a service goes before its first fact */
	struct say sink; /* where that goes */
	bool quiet;	 /* the port is not said as a service; to be set after datagram_open() */
	bool announced;
	int64_t now_us, round_us, until_us;
	unsigned int step, round, events;
	bool answered, closed, over;
	bool connected; /* the socket is there */
	uint8_t out[DIALOGUE_REQUEST_BYTES_MAX];
	struct conversation_step next; /* wait_ms 0: the next datagram follows at once */
};

/* context.name is borrowed. timeout_us: for all of it. The first step is in next. */
void datagram_open(struct datagram *, const struct dialogue *row, const struct dialogue_context *context,
		   const struct say *say, int64_t now_us, int64_t timeout_us);
/* SILENT also when a datagram was sent and nothing was waited for. RESET: nobody listens there. */
void datagram_event(struct datagram *, enum conversation_event event, const uint8_t *bytes, size_t length,
		    int64_t now_us, int64_t wall_us);

#endif
