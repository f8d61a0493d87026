/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of conflicts.h: claims on addresses, DHCP servers, routers, roots. Times are of packets, in microseconds since the epoch. vlan: a link, by
 * its VLANs and, in the bits that these leave free, the tunnel that it came through; links never contradict each other.
 */
#ifndef SENSOR_CONFLICT_INSIDE_H
#define SENSOR_CONFLICT_INSIDE_H

#include "sensor/frame.h"
#include "sensor/record_key.h"
#include "sensor/table.h"

#define SECONDS_US(seconds) ((seconds)*INT64_C(1000000))

/* How long an explanation may come after what it explains. */
#define GRACE_US SECONDS_US(10)

struct sightings;

/* The bits above the number of tags are free for the tunnel's kind. */
enum { LINK_INSIDE_SHIFT = 51 };
_Static_assert(TUNNEL_COUNT <= 1 << (64 - LINK_INSIDE_SHIFT), "a link's number has room for each tunnel");

/* What is said. ip of version 0, and a mac of zeros: none. claims as text, who was there first stands first. */
struct conflict {
	const char *what;
	enum fact_source source;
	vlan_packed vlan;
	struct ip ip;
	struct mac mac;
	struct claim_list claims;
	int64_t first_us, last_us;
	uint64_t count;
};

/* Where all parts say it. s outlives it. */
struct mouth;

int mouth_open(struct sightings *s, struct mouth **out);
/* Conflicts that were too many of one day. */
uint64_t mouth_unsaid(const struct mouth *m);
void mouth_close(struct mouth *m);

void conflict_say(struct mouth *m, const struct conflict *conflict);
void conflict_claims_mac(struct conflict *conflict, const struct mac *mac);
void conflict_claims_ip(struct conflict *conflict, const struct ip *ip);

/* How somebody says that an address is its own. */
enum claim_way {
	CLAIM_PROBED,	 /* asks whether it is free; does not have it yet */
	CLAIM_ANNOUNCED, /* tells everybody */
	CLAIM_SPOKE,	 /* asks for another, as it */
	CLAIM_ANSWERED,	 /* answers somebody who may have asked: a router may do so for others */
	CLAIM_PUSHED,	 /* answers, and says itself that nobody asked */
};

struct claim {
	enum claim_way way;
	enum fact_source source;
	vlan_packed vlan;
	struct ip ip;
	struct mac mac;
	struct mac station; /* who sent the frame; usually the same */
	int64_t time_us;
};

struct claims;

int claims_open(struct mouth *m, struct claims **out);
void claims_hear(struct claims *c, const struct claim *claim);
/* Somebody asks for it. */
void claims_asked(struct claims *c, vlan_packed vlan, const struct ip *ip, int64_t time_us);
/* That client speaks to, or is answered by, a DHCP server: it is about to have another address, or has moved. */
void claims_client(struct claims *c, vlan_packed vlan, const struct mac *mac, int64_t time_us);
/* A server has given it the address. */
void claims_granted(struct claims *c, vlan_packed vlan, const struct ip *ip, const struct mac *mac,
		    int64_t time_us);
/* Virtual routers share it: nothing is ever said of it. */
void claims_share(struct claims *c, vlan_packed vlan, const struct ip *ip, int64_t time_us);
void claims_tick(struct claims *c, int64_t now_us);
uint64_t claims_evicted(const struct claims *c);
void claims_close(struct claims *c);

struct servers;

int servers_open(struct mouth *m, struct servers **out);
/* A DHCP message that was decoded; what it tells of addresses goes to c. */
void servers_hear(struct servers *v, struct claims *c, vlan_packed vlan, const struct decode_context *ctx,
		  struct wire message);
uint64_t servers_evicted(const struct servers *v);
void servers_close(struct servers *v);

struct routers;

int routers_open(struct mouth *m, struct routers **out);
/* What a router advertisement says. */
void routers_hear(struct routers *r, vlan_packed vlan, const struct decode_context *ctx,
		  const struct fact_list *list);
uint64_t routers_evicted(const struct routers *r);
void routers_close(struct routers *r);

struct roots;

int roots_open(struct mouth *m, struct roots **out);
/* What a BPDU says. */
void roots_hear(struct roots *r, vlan_packed vlan, const struct decode_context *ctx, const struct fact *bpdu);
uint64_t roots_evicted(const struct roots *r);
void roots_close(struct roots *r);

#endif
