/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the prober share. Addresses are asked in blocks of BLOCK_ADDRESSES, taken from a permutation of all of them, so that memory
 * follows from the block. For each block first alive.c finds out who is there, then syn.c asks the ports; both speak in positions of asked.h.
 */
#ifndef SENSOR_PROBE_PROBER_INSIDE_H
#define SENSOR_PROBE_PROBER_INSIDE_H

#include "sensor/probe/asked.h"
#include "sensor/probe/ease.h"
#include "sensor/probe/order.h"
#include "sensor/probe/pace.h"
#include "sensor/probe/patience.h"
#include "sensor/probe/prober.h"
#include "sensor/probe/transmit.h"

enum {
	BLOCK_ADDRESSES = 65536,
	CANARIES = 3, /* high ports of no use that are asked first of every host */
	HOPS_MAX = 16,
	SUBNET_SLOTS = 1 << 14, /* subnets share one when there are more: slower, never faster */
	HELD_MAX = 1 << 14,	/* open ports that wait for their host's canaries */
	HELD_NONE = -1,
	NODES_MAX = 4096, /* link-local addresses told of after the echo to ff02::1 */
	BATCH = 4096,	  /* frames handed over at a time */
};

enum prober_stage { STAGE_BLOCK, STAGE_HOPS, STAGE_ALIVE, STAGE_PORTS, STAGE_DONE };

/* What becomes of a position that asked.h offers. */
enum prober_offer {
	OFFER_SEND,
	OFFER_SETTLED, /* needs no asking */
	OFFER_LATER,   /* not now: its host or subnet has had enough */
};

/* A host of the block that is there. */
struct live {
	struct ip ip;
	struct mac mac;	  /* frames for it go there */
	uint32_t number;  /* of its address in the block */
	uint32_t settled; /* of its positions */
	uint32_t open, closed, filtered;
	int32_t held; /* first of its open ports that wait, or HELD_NONE */
	struct pace_slot pace;
	uint8_t canaries_settled, canaries_open, canaries_closed;
	bool middlebox, done;
};

struct hop {
	struct ip ip;
	struct mac mac;
	bool known;
};

/* An open port that is not told yet. */
struct held {
	struct probe_answer answer;
	int32_t next;
};

struct prober {
	struct prober_options options;
	struct patience patience;
	struct pace pace;
	struct ease ease;
	struct prober_progress progress;
	enum prober_stage stage;
	bool stopped, dry;

	/* all addresses, and the block that is worked on */
	struct order addresses; /* the permutation of them */
	uint64_t key[2];
	uint64_t shard_count; /* addresses that are this shard's */
	bool by_ports;	      /* too few addresses for the shards: they share the ports */
	uint64_t block, blocks, resume_next;
	uint32_t count; /* addresses in the block */
	uint32_t *
		sent_us; /* of each address: when it was last asked whether it is there; 0 never, or more than once */
	uint32_t *live_of; /* of each address: its place among live, + 1; 0: not there */
	struct live *live;
	uint32_t live_count, live_room;
	uint32_t dead_hosts; /* live, but done with */

	struct asked *asked; /* of the stage */
	struct order ports;  /* the permutation of ports, tweaked for each host */
	uint32_t rounds;     /* times that each host is asked: canaries and ports */

	struct hop hops[HOPS_MAX];
	uint32_t hop_count;
	struct pace_slot subnets[SUBNET_SLOTS];
	uint32_t subnet_count; /* in the block; worked out when they have a budget */

	struct held *held;
	int32_t held_free;
	uint32_t held_used, held_room;

	struct ip nodes[NODES_MAX];
	uint32_t node_count;
	bool nodes_asked;
	int64_t nodes_until_us; /* the echo's answers are waited for */

	/* the last second's rate */
	int64_t rate_since_us;
	uint64_t rate_sent;

	struct prober_position end; /* where a stopped run was */
	int64_t now_us;
	struct probe_frame frames[BATCH];
	uint64_t positions[BATCH];
};

/* block.c */

/* Begin the block that is due. 0 or -ENOMEM. */
int block_begin(struct prober *);
struct ip block_address(const struct prober *, uint32_t number);
/* The number in the block, or UINT32_MAX for another address. */
uint32_t block_number(const struct prober *, const struct ip *ip);
/* Add one that is there. False without memory. */
bool block_add(struct prober *, uint32_t number, const struct ip *ip, const struct mac *mac);
/* After the last: in the order of their numbers. */
void block_sort(struct prober *);
struct live *block_live(const struct prober *, const struct ip *ip);
void block_free(struct prober *);
/* The budget of its /24 or /64. */
struct pace_slot *block_subnet(struct prober *, const struct ip *ip);
/* Where frames for it go: on the link unknown until it has answered. false: nowhere. */
bool block_hop(const struct prober *, const struct ip *ip, bool *on_link, struct mac *mac);

/* alive.c */

int hops_begin(struct prober *);
enum prober_offer hops_offer(struct prober *, uint64_t position, struct probe_frame *frame);
void hops_answer(struct prober *, const struct probe_answer *answer);
int alive_begin(struct prober *);
enum prober_offer alive_offer(struct prober *, uint64_t position, bool again, struct probe_frame *frame);
void alive_answer(struct prober *, const struct probe_answer *answer);
/* An echo from a link-local address, after the one to ff02::1. */
void alive_node(struct prober *, const struct probe_answer *answer);
void alive_ask_nodes(struct prober *);

/* syn.c */

int syn_begin(struct prober *);
enum prober_offer syn_offer(struct prober *, uint64_t position, bool again, struct probe_frame *frame);
void syn_answer(struct prober *, const struct probe_answer *answer);
/* The saved form of a position: independent of who is alive. */
uint64_t syn_position(const struct prober *);

/* canary.c: hosts that open everything */

uint16_t canary_port(const struct prober *, const struct live *live, uint32_t which);
/* Tell of an open port, now or once the host's canaries are settled. */
void canary_open(struct prober *, struct live *live, const struct probe_answer *answer);
/* One of them is settled: by an answer, or silent (NULL). */
void canary_settled(struct prober *, struct live *live, const struct probe_answer *answer);
/* It opens too much for a host: no more of it is asked. */
void canary_middlebox(struct prober *, struct live *live);

struct ip answer_ip(const struct probe_answer *answer);

#endif
