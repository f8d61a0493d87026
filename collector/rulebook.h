/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which definitions count for whom: those that come with the program, those of --definitions, and an organization's own, in this order; a
 * later one of the same id takes the place of an earlier one. Each set is compiled once and shared. For the loop's thread alone; what a
 * set holds may be read by others while it is held on to.
 */
#ifndef COLLECTOR_RULEBOOK_H
#define COLLECTOR_RULEBOOK_H

#include "collector/recognize/recognize.h"
#include "collector/secret.h"

struct app;
struct rulebook;

enum { RULES_HASH_MAX = 33, DEFINITION_BYTES_MAX = 65536, DEFINITION_ID_MAX = 60 };

struct ruleset {
	struct definitions *definitions;
	char hash[RULES_HASH_MAX]; /* of all texts */
	bool applications;	   /* some rule asks what hosts use as clients */
	/* rulebook.c's own */
	char organization[ID_TEXT_MAX];
	int64_t version;
	size_t users;
	bool old;
	struct ruleset *next;
};

/* A definition of a set that every organization has. */
struct rulebook_text {
	struct definition_text text;
	bool from_directory;
	bool replaced; /* by one of the directory */
};

/* Compiles what is there; a definition that can't be used is logged. 0, -ENOMEM, or -errno of the directory that can't be read. */
int rulebook_open(struct app *, struct rulebook **out);
void rulebook_close(struct rulebook *);

/* The set of an organization at a version of its own definitions (0: it has none); NULL: rulebook_make() has to make it first. */
struct ruleset *rulebook_find(struct rulebook *, const char *organization, int64_t version);
/* Make it of an organization's own definitions, whose texts are copied. NULL without memory. */
struct ruleset *rulebook_make(struct rulebook *, const char *organization, int64_t version,
			      const struct definition_text *own, size_t count);
/* Hold on to a set while a thread reads it. */
void ruleset_hold(struct ruleset *);
void ruleset_release(struct rulebook *, struct ruleset *);
/* Services that everybody has, as they are read; the set without anybody's own. */
const struct rulebook_text *rulebook_texts(const struct rulebook *, size_t *count);
const struct ruleset *rulebook_base(const struct rulebook *);
/* Whether some set asks what hosts use as clients. */
bool rulebook_applications(const struct rulebook *);
/* Read the directory again when it has changed. True: it has, and all sets are new. */
bool rulebook_refresh(struct rulebook *);

#endif
