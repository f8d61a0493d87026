/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One request to another server, bounded in time and size, without redirections. It waits, so only a worker's thread asks.
 */
#ifndef COLLECTOR_FETCH_H
#define COLLECTOR_FETCH_H

#include <stdbool.h>
#include <stddef.h>

enum {
	FETCH_BYTES_MAX = 256 << 10, /* of an answer; a larger one is refused */
	FETCH_CONNECT_MS_MAX = 5000,
	FETCH_MS_MAX = 10000, /* in all */
	FETCH_WHY_MAX = 256,
	FETCH_URL_BYTES_MAX = 2048,
};

struct fetch {
	const char *url;
	const char *form;	     /* POST this (application/x-www-form-urlencoded); NULL: GET */
	const char *user, *password; /* Authorization: Basic; NULL: none */
	const char *bearer;	     /* Authorization: Bearer; NULL: none */
	const char *ca_file;	     /* trust these certificate authorities (PEM), NULL: the system's */
	bool allow_http;	     /* http:// also to other machines */
};

struct fetch_answer {
	int status;
	char *body; /* terminated; fetch_free() */
	size_t length;
};

/* Once, before any thread. 0 or -ENOMEM. */
int fetch_open(void);
/* 0, whatever the status is; or -errno with a sentence in why, without secrets, and nothing to free. */
int fetch(const struct fetch *, struct fetch_answer *out, char why[static FETCH_WHY_MAX]);
void fetch_free(struct fetch_answer *);
/* https, or http to this machine; with allow_http to any. */
bool fetch_url_allowed(const char *url, bool allow_http);
/* End what is being asked, and whatever will be: for the end of the process. */
void fetch_stop(void);
void fetch_close(void);

#endif
