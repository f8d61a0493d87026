/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What waits to be asked, by address: hosts take turns, and no host is given more conversations at a time than it may have.
 * Bounded; pure.
 */
#ifndef SENSOR_ASK_QUEUE_H
#define SENSOR_ASK_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sensor/ask/ask.h"
#include "sensor/ask/dialogue.h"

enum { QUEUE_WORK_MAX = 16384 };

struct work {
	struct work *next;
	struct queue_host *host;
	const struct dialogue *row; /* UDP, and what was asked for by its row; NULL: TCP, whatever it is */
	struct ip about;
	void (*over)(void *to, const struct ip *ip, bool answered); /* of a silent one: it is over; or NULL */
	void *over_to;
	bool udp, listen_only, silent; /* silent: not said as a service, not told as done */
	uint16_t port_h;
	struct vlan_tags vlan;
	char name[]; /* terminated */
};

struct queue;

/*
 * host_max: conversations with one address at a time; 0: ASK_HOST_DEFAULT, and more for a host with many open ports (a quarter of
 * them): that is no small device. One by UDP counts as a quarter.
 */
int queue_open(uint32_t host_max, struct queue **out);
/* Copies. 0, -EAGAIN: full, -ENOMEM. */
int queue_add(struct queue *, const struct ip *ip, const struct work *work, const char *name);
/* The next whose host may have one more, or NULL. To be given back by queue_done(). */
struct work *queue_take(struct queue *);
const struct ip *work_ip(const struct work *);
/* It is over; frees it. */
void queue_done(struct queue *, struct work *);
size_t queue_waiting(const struct queue *);
void queue_close(struct queue *);

#endif
