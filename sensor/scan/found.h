/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a scan has found, as one model for all forms of output: made from the facts that it says. All texts in it are clean (clean.h).
 * Its size is bounded; what did not fit is counted.
 */
#ifndef SENSOR_SCAN_FOUND_H
#define SENSOR_SCAN_FOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/addr.h"
#include "defs/facts.h"

struct scan_host;

enum {
	FOUND_HOSTS_MAX = 1 << 18,
	FOUND_PORTS_MAX = 1 << 20, /* of all hosts together */
	FOUND_TRAITS_MAX = 64,	   /* of one port or host */
	FOUND_NAMES_MAX = 8,
	FOUND_TEXT_BYTES_MAX = 300,
};

struct found_trait {
	char *key, *value;
};

struct found_traits {
	struct found_trait *item;
	size_t count;
};

struct found_port {
	uint16_t port_h;
	bool udp;
	bool closed; /* it was known to be open before */
	char *name;  /* of the protocol that it speaks, or NULL */
	struct found_traits traits;
};

struct found_host {
	struct ip ip;
	struct mac mac; /* zero: not on the link */
	bool up;	/* it answered; others are only told about by those that did */
	bool done, middlebox;
	uint32_t closed, filtered;
	char *names[FOUND_NAMES_MAX];
	size_t name_count, port_count, port_room;
	struct found_port *ports;
	struct found_traits traits;
	int64_t first_us, last_us;
};

struct found {
	struct found_host *hosts;
	size_t host_count, host_room;
	size_t up_count; /* after found_sort(): so many of the first are there */
	uint32_t *slots; /* hosts by address: index + 1 */
	size_t slot_count, port_total;
	uint64_t left_out; /* what there was no room for */
};

/* Take what a fact says. Facts about nobody are passed over. */
void found_fact(struct found *, const struct fact *fact);
void found_done(struct found *, const struct scan_host *host);
/* Hosts that are there first, by address; ports by protocol and number. After it only the two above's readers are used. */
void found_sort(struct found *);
/* The value of a trait, or NULL. */
const char *found_trait(const struct found_traits *, const char *key);
void found_free(struct found *);

#endif
