/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Things that the API lists, shows, makes, changes and removes in the same way. A resource is data: its fields, its
 * statements, who may; from it come its routes, the checks, and its part of the OpenAPI document.
 *
 * Statements take and give the same for all of them:
 *   list    $1 filters (JSON), $2 limit, $3 offset → the page (JSON array), how many in all; with orders (sql/embed.awk)
 *   get     $1 id → the thing (JSON), its revision
 *   create  $1 id, $2 fields (JSON) → the thing, its revision
 *   update  $1 id, $2 fields (JSON), $3 revision that it must have, or null → the thing, its revision; no row: another
 *   remove  $1 ids, $2 revision or null → a row for each that is gone
 * Row-level security decides whose they are; `write` only says it earlier and in better words.
 */
#ifndef COLLECTOR_RESOURCE_H
#define COLLECTOR_RESOURCE_H

#include "collector/api.h"

enum resource_can {
	RESOURCE_GET = 1,
	RESOURCE_CREATE = 2,
	RESOURCE_UPDATE = 4,
	RESOURCE_DELETE = 8, /* one, and many at once */
	RESOURCE_ALL = 15,
	RESOURCE_SESSION = 16, /* not with a key (ROUTE_SESSION) */
	RESOURCE_WHOLE = 32,   /* changed by no key that is for some networks only (ROUTE_WHOLE) */
};

struct resource {
	const char *path; /* below /api/ */
	const char *one;  /* "subnet" */
	const char *many; /* "subnets" */
	unsigned int can; /* besides listing and CSV */
	enum role read, write;
	const struct schema_field *fields;  /* of its body and of what is shown */
	const struct schema_field *filters; /* besides those that all lists have; NULL for none */
	enum statement list, get, create, update, remove;
	/* More checks of a body; NULL when it is right, "" when the call is answered. May be NULL. It may set the id of what is made. */
	const char *(*check)(struct api_call *);
};

/* resources.c: the table. */
extern const struct resource resources[];
extern const size_t resource_count;

size_t resource_route_count(void);
const struct route *resource_route_at(size_t i);

#endif
