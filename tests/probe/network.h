/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A network that is made up, in time that is made up: it answers what is sent to it, with losses and delays. It stands in for an engine that sends
 * (struct transmit) and for the answers of answers.h. It keeps what was asked, and when, so that a test can hold it against the rules.
 */
#ifndef TESTS_PROBE_NETWORK_H
#define TESTS_PROBE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sensor/probe/answers.h"
#include "sensor/probe/transmit.h"

enum { NETWORK_HOSTS_MAX = 256, NETWORK_ANSWERS_MAX = 1 << 18 };

enum network_habit {
	HOST_PLAIN,	/* closed ports say RST */
	HOST_FIREWALL,	/* closed ports say nothing */
	HOST_REJECTS,	/* closed ports: ICMP administratively prohibited */
	HOST_MIDDLEBOX, /* every port is open */
	HOST_SILENT,	/* answers ARP only */
};

struct network_host {
	uint8_t addr[16];
	uint8_t version;
	uint8_t mac[6]; /* on the link; for a routed host the gateway's */
	bool routed;
	enum network_habit habit;
	uint32_t rtt_us;
	uint16_t open[64];
	size_t open_count;
	uint32_t syns, links, echoes; /* what was asked of it */
	uint8_t asked[65536];	      /* SYNs for each port */
	uint32_t most_tenth;	      /* SYNs in the fullest tenth of a second */
	int64_t recent_us[256];
	uint32_t recent_count;
};

struct network {
	struct answers *answers; /* to be given to the prober */
	struct transmit transmit;
	struct network_host *hosts;
	size_t host_count;
	struct network_host *by_last[256]; /* no two have the same last byte */
	uint8_t loss_percent;		   /* each way */
	uint32_t capacity;		   /* frames a second that come through; the rest is lost. 0: all */
	double room;			   /* of its queue */
	int64_t room_us;
	uint32_t accept_max; /* frames that one send takes; 0: all */
	int64_t now_us;
	uint64_t sent, links, echoes, syns, strangers; /* strangers: frames for addresses without a host */
	uint64_t stranger_syns, wrong_mac;
	uint32_t most_tenth; /* frames in the fullest tenth of a second */
	uint64_t random;
	bool armed;
};

void network_open(struct network *);
struct network_host *network_add(struct network *, const char *ip);
void network_host_open(struct network_host *, uint16_t port_h);
/* When the next answer arrives; INT64_MAX: none is on its way. */
int64_t network_next(const struct network *);
/* An answer that arrives at its time, whatever was asked. */
void network_say(struct network *, const struct probe_answer *answer);
uint64_t network_random(struct network *);
void network_close(struct network *);

#endif
