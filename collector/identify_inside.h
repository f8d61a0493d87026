/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the files of identify. Not for others. */
#ifndef COLLECTOR_IDENTIFY_INSIDE_H
#define COLLECTOR_IDENTIFY_INSIDE_H

#include "collector/identify.h"

/* identify.c */
/* Whose a MAC is: the oldest of its interfaces'; NULL: nobody's yet. */
struct host *identify_host_of_mac(const struct world *, const struct mac *);
/* The one host that holds the address with a MAC of its own, in any VLAN; NULL when there is none, or several. */
struct host *identify_host_on_link(const struct world *, const struct ip *);

/* identify_name.c */
void identify_name_host(struct host *, const struct known_name *, const char *evidence);
/* Names that were said of its MAC or address before the device was seen. */
void identify_name_interface(struct world *, struct interface *);

/* identify_fold.c */
/* Whether facts may make the two one: no person has said that they are two. */
bool identify_may_join(const struct host *, const struct host *);
/* One interface goes to another host, and its former host with it when that has no other. */
void identify_fold(struct world *, struct interface *, struct host *into);
/* Two hosts are one: the one that has been known longer stays, and is returned. */
struct host *identify_merge(struct world *, struct host *, struct host *);
/* Flows that name the interface's address follow it. */
void identify_move_address(struct world *, const struct interface *);
/* Note a decision, with the fact that is being looked at as its evidence. NULL when there is no memory. */
struct decision *identify_decide(struct world *, enum decision_kind, const char *rule, struct host *stands,
				 struct host *other, const char *reason);
/* Two rows of one face are one: what the other has counted is added, and it goes. */
void identify_one_row(struct interface *stays, struct interface *goes);

/* identify_router.c */
/*
 * Whether a router's MAC speaks for an address that another device holds: then the interface that stands for the
 * address here, else NULL.
 */
struct interface *identify_spoken_for(struct world *, const char *vlan, const struct mac *, const struct ip *,
				      int64_t first_us);
/* A device binds an address: routers that were believed to have it only spoke for it. */
void identify_spoken_before(struct world *, struct interface *owner);

/* identify_signal.c */
/* What a device calls itself, of its interface. */
void identify_name_signal(struct world *, const struct interface *, const char *name, const char *source,
			  int64_t first_us, int64_t last_us);

/* Shorter: the decision's reason, in the arena. */
__attribute__((format(printf, 2, 3))) const char *identify_words(struct world *, const char *format, ...);

#endif
