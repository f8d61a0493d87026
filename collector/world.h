/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The part of a network that a batch touches, in memory: candidates from the database and what the batch makes of them.
 * Pure: no I/O; ids and vendors come from functions that the owner gives.
 */
#ifndef COLLECTOR_WORLD_H
#define COLLECTOR_WORLD_H

#include "collector/entity.h"
#include "collector/world_identity.h"
#include "defs/addr.h"
#include "defs/facts.h"

enum { WORLD_BUCKETS = 4096, WORLD_KEY_MAX = 160, EVIDENCE_MEASURES = 8 };

struct said;

/* A name that was said of an address or a MAC, the best there is. */
struct known_name {
	const char *vlan, *mac, *ip; /* mac or ip NULL */
	const char *name, *source, *kind;
	int64_t last_us;
	struct known_name *next;
};

struct host {
	struct row row; /* first: rows and hosts are the same pointer */
	const char *name_kind;
	int64_t name_last_us;
	const char *chassis;	  /* NULL: not known */
	bool touched;		  /* something changed that is no column of the live entity */
	bool due;		  /* something of it is new: it is to be concluded anew */
	size_t faces;		  /* interfaces that are known here */
	size_t unseen;		  /* interfaces that the database has beside them */
	const char *apart;	  /* ids of hosts that it must not be merged with, or NULL */
	struct signal *signals;	  /* after identify_settle() has begun */
	bool asks, sought;	  /* whether other hosts may be it; whether that was looked into */
	struct host *folded_into; /* when it is gone */
	const char *kept_as;	  /* the consolidation that keeps it then, or NULL */
};

struct interface {
	struct row row;
	struct host *host;
	struct mac mac;
	struct ip ip;
	bool has_mac, has_ip;
	struct interface *next_of_mac, *next_of_ip;
};

/* One fact as the database keeps it: what it adds to totals is what its epoch has more than before. */
struct evidence {
	const char *id;
	const struct fact *fact; /* of this batch; NULL: only what the database has */
	bool known;		 /* in the database */
	struct said *said;	 /* the fact of it that tries the short way (ingest_refresh.c) */
	bool settled;		 /* said again it changes nothing but when and how often (settle.h) */
	int64_t hash, had_hash;	 /* of the values that it says; as the database has it */
	const struct row *about; /* what it moves: an interface, a service, a flow; or NULL */
	const char *target;	 /* id of what it moves when it is settled, or NULL */
	int64_t epoch_us, first_us, last_us;
	uint64_t count;
	uint64_t total; /* of the first measure, in all epochs */
	uint64_t measures
		[EVIDENCE_MEASURES]; /* of the epoch: the kind's MEASURE keys in their order, the count last */
	struct evidence *next, *next_all;
};

/* An address that came to a host, or went from one to another: flows that name it follow. */
struct moved_address {
	const struct interface *face;
	struct moved_address *next;
};

/* What a flow has grown by, in the minute of at_us. */
struct growth {
	const struct row *flow;
	int64_t at_us;
	uint64_t more[5];
	struct growth *next;
};

/* A time at which a host was there, before it was away. */
struct stay {
	const struct host *host;
	int64_t since_us, until_us;
	struct stay *next;
};

/* What was settled of it is so no more; each pointer may be NULL. */
struct unsettled {
	const char *mac, *ip, *host;
	struct unsettled *next;
};

struct world {
	struct arena arena;
	const char *(*make_id)(char out[static ID_TEXT_MAX]);
	const char *(*vendor)(const void *context, const struct mac *mac);
	const void *vendor_context;
	const char *network_id, *sensor_id;
	struct row *hosts, *interfaces, *services, *flows, *neighbors, *links; /* lists, newest first */
	struct evidence *evidence;
	struct known_name *names;
	struct moved_address *moved;
	struct growth *growth;
	struct stay *stays;
	struct unsettled *unsettled;
	struct row *by_id[WORLD_BUCKETS];
	struct interface *by_mac[WORLD_BUCKETS], *by_ip[WORLD_BUCKETS];
	struct evidence *evidence_by_id[WORLD_BUCKETS];
	struct identity identity;
	struct buffer own_macs; /* of the sensor's machine, as it says, for PostgreSQL */
	/* The replies that say how many neighbors, and links, had to leave, or 0 (ingest_write.c). */
	size_t bound_reply, link_bound_reply;
	uint64_t losses; /* loss facts in it */
	bool clients;	 /* what hosts use as clients makes a difference for what they are */
	bool failed;	 /* there was no memory: nothing of it may be used */
};

/* A row that the database has, or one that is new (its id made or given). The list's place is its entity's. */
struct host *world_host(struct world *, const char *id);
struct interface *world_interface(struct world *, const char *id, struct host *, const char *vlan,
				  const struct mac *, const struct ip *);
struct row *world_service(struct world *, const char *id);
struct row *world_flow(struct world *, const char *id);
struct row *world_neighbor(struct world *, const char *id);
struct row *world_link(struct world *, const char *id);
struct evidence *world_evidence(struct world *, const char *id);

struct row *world_find(const struct world *, enum entity_id, const char *id);
struct evidence *world_find_evidence(const struct world *, const char *id);
/* The chains in which interfaces of a MAC or an address are, among others; the newest first. */
struct interface *world_of_mac(const struct world *, const struct mac *);
struct interface *world_of_ip(const struct world *, const struct ip *);
/* The row that binds exactly these; mac or ip NULL for none. */
struct interface *world_bound(const struct world *, const char *vlan, const struct mac *, const struct ip *);
/* Who has the address in this VLAN: the MAC that was seen with it last; without one, the row of the address alone. */
struct interface *world_holder(const struct world *, const char *vlan, const struct ip *);
/* Give an interface its MAC, take it away, or give it another host. */
void world_set_mac(struct world *, struct interface *, const struct mac *);
void world_clear_mac(struct world *, struct interface *);
void world_set_host(struct world *, struct interface *, struct host *);
/* VLAN tags as PostgreSQL writes them, in the arena. */
const char *world_vlan(struct world *, const struct vlan_tags *);
const char *world_mac(struct world *, const struct mac *);
const char *world_ip(struct world *, const struct ip *);
/* A copy in the arena with zero bytes written out. */
const char *world_text(struct world *, const struct text *);
/* Ids that follow from what they name. */
const char *world_service_id(struct world *, const char *vlan, const char *ip, uint64_t port,
			     const char *proto);
const char *world_flow_id(struct world *, const char *vlan, const char *client, const char *server,
			  uint64_t port, const char *proto);
void world_free(struct world *);

#endif
