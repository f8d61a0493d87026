/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is asked of a web server, one GET after the other: "/" and where it leads on the same server, the icon, the paths
 * that definitions ask for at that port. And the facts that the answers yield. Pure.
 */
#ifndef SENSOR_ASK_VISIT_H
#define SENSOR_ASK_VISIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sensor/ask/dialogue.h"
#include "sensor/ask/html.h"
#include "sensor/ask/http.h"

enum {
	VISIT_PATHS_MAX = 40, /* GETs to one port, icon and redirects among them */
	VISIT_REDIRECTS_MAX = 3,
	VISIT_PIECES_MAX = 4, /* texts that a body is said in */
};

struct visit {
	enum { VISIT_START, VISIT_ICON, VISIT_ASKED, VISIT_OVER } stage;
	char path[HTML_PATH_BYTES_MAX]; /* being asked */
	size_t path_length;
	char icon[HTML_PATH_BYTES_MAX];
	size_t icon_length;
	unsigned int redirects, gets;
	size_t asked;	/* index of the next path of the definitions */
	uint64_t first; /* a hash of the first page: many servers answer with it to everything */
	bool personal;	/* given to somebody who showed who they are: where it leads is theirs */
};

/* A header by whose name its value is a secret, or says who somebody is. */
bool visit_is_secret(struct text name);

void visit_begin(struct visit *);
/* The path to ask now; no text: over. */
struct text visit_path(const struct visit *);
/* The answer to it is whole: say what it says, choose the next path. */
void visit_answer(struct visit *, const struct dialogue_context *, const struct http_reader *,
		  const struct say *);
/* There was no answer to it: go on with the next path. */
void visit_skip(struct visit *, const struct dialogue_context *);

#endif
