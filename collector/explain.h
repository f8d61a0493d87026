/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netvisor-collector explain: what would be concluded from facts, without a database. Facts come as JSON lines (netvisor-sensor --output);
 * what they say of one MAC, and of the addresses that it speaks for, is one host. The collector itself knows hosts better (identify.h).
 */
#ifndef COLLECTOR_EXPLAIN_H
#define COLLECTOR_EXPLAIN_H

#include <stdio.h>

#include "collector/arena.h"
#include "collector/recognize/recognize.h"

/* Run it if it is meant; its exit status, or -1 when it is not. */
int explain_command(int argc, char **argv);

/* --- explain_hosts.c --- */

struct facts;

/* 0 or -ENOMEM. */
int facts_open(struct facts **out);
void facts_close(struct facts *);
/* One line. -EINVAL: it is no fact; -ENOMEM. */
int facts_add(struct facts *, const char *line, size_t length);
/* Once all are there: which are of one host. 0 or -ENOMEM. */
int facts_join(struct facts *);

/* Where a place of a clue is. */
struct explain_place {
	const char *ip, *vlan; /* "10,20"; "" untagged */
};

/* A host. Everything is borrowed from the facts. */
struct explain_host {
	const char **name; /* MACs first, then addresses: what it is known by */
	size_t names, macs;
	struct clue *clue;
	size_t clues;
};

size_t facts_hosts(const struct facts *, const struct explain_host **out);
const struct explain_place *facts_place(const struct facts *, uint32_t place);

/* --- explain_write.c --- */

void explain_text(FILE *out, const struct facts *, const struct explain_host *, const struct conclusions *,
		  bool reasons);
void explain_json(FILE *out, const struct facts *, const struct explain_host *, const struct conclusions *);

#endif
