/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every bound that more than one file must know, with its unit in its name, and what happens at it.
 * A bound that only one file knows stands at the top of that file.
 */
#ifndef DEFS_LIMITS_H
#define DEFS_LIMITS_H

enum {
	/* bpf/ and its user-space twin */
	FLOW_SLOTS_DEFAULT = 1 << 18,	 /* slots of the flow table; what finds none goes to the overflow map */
	FLOW_SLOTS_FIRST = 1 << 12,	 /* of them in use at first: more as flows come */
	FLOW_OVERFLOW_DEFAULT = 1 << 16, /* entries of the overflow LRU map; evictions are counted */
	HOST_ENTRIES_DEFAULT = 1 << 16,	 /* entries of the hosts LRU map; evictions are counted */
	RING_BYTES_DEFAULT = 1 << 23,	 /* ring buffer; a record that finds it full is counted as lost */
	ANSWER_RING_BYTES = 1 << 22, /* 65536 answers to probes; one that finds it full is asked for again */
	FRAME_COPY_BYTES_MAX = 9216, /* bytes of one copied frame; the rest is cut and counted */
	IPV6_EXTENSIONS_MAX = 6,     /* extension headers walked; a packet with more is counted */

	/* sensor ↔ collector (docs/stream.md) */
	STREAM_MESSAGE_BYTES_MAX = 1 << 20, /* one WebSocket message; a larger one closes the connection */
	STREAM_BATCH_FACTS_MAX = 1000,	    /* facts in one batch */
	STREAM_BATCHES_INFLIGHT_MAX = 8,    /* batches that a sensor sends before it waits for an ack */
	STREAM_TEXT_BYTES_MAX = 4096,	    /* one text of a fact; longer is cut by the sensor, else refused */

	/* what a network may hold of what strangers say */
	NEIGHBOR_ROWS_MAX =
		10000, /* ports that were heard on layer 2; beyond it those heard least leave, counted */
	LINK_ROWS_MAX =
		20000, /* who is at which port of a switch; beyond it those told longest ago leave, counted */

	/* browser ↔ collector (docs/live.md) */
	LIVE_MESSAGE_BYTES_MAX = 4096,	  /* one message from a browser */
	LIVE_BACKLOG_BYTES_MAX = 8 << 20, /* not yet written to one browser; past it the connection is closed */

	COLLECTOR_PORT_DEFAULT = 60072,
};

#endif
