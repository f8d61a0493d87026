/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One request to another server, bounded in time and size, without redirections. It waits, so only a worker's thread asks.
 */
#ifndef COLLECTOR_FETCH_H
#define COLLECTOR_FETCH_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/reach.h"

enum {
	FETCH_BYTES_MAX = 256 << 10, /* of an answer; a larger one is refused */
	FETCH_CONNECT_MS_MAX = 5000,
	FETCH_MS_MAX = 10000, /* in all */
	FETCH_MAIL_MS_MAX = 30000,
	FETCH_WHY_MAX = 256,
	FETCH_URL_BYTES_MAX = 2048,
};

struct fetch {
	const char *url;
	const char *form;	     /* POST this (application/x-www-form-urlencoded); NULL: GET */
	const char *json;	     /* POST this instead (application/json) */
	const char *const *headers;  /* more of them, `Name: value`, up to a NULL; NULL: none */
	const char *user, *password; /* Authorization: Basic; NULL: none */
	const char *bearer;	     /* Authorization: Bearer; NULL: none */
	const char *ca_file;	     /* trust these certificate authorities (PEM), NULL: the system's */
	const char *ca_pem;	     /* or these, in memory */
	bool allow_http;	     /* http:// also to other machines */
	enum reach reach;	     /* and which addresses may be connected to */
	bool hide_url;		     /* it holds a secret: say of it in why only the host */
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

/* A mail, as it is to be sent (RFC 5322), to a server that takes it (RFC 5321). */
struct fetch_mail {
	const char *host;
	long port;		     /* 0: the usual one: 25, 587 with STARTTLS, 465 with TLS */
	const char *tls;	     /* none, starttls, tls */
	const char *user, *password; /* NULL: none */
	const char *ca_pem;	     /* trust these certificate authorities, NULL: the system's */
	const char *from;
	const char *const *to; /* up to a NULL */
	const char *text;
	enum reach reach;
};

/* 0 when the server took it for all; -EIO when it, or the way there, failed; -EBADMSG when it refuses what was sent: with a sentence in why. */
int fetch_mail(const struct fetch_mail *, char why[static FETCH_WHY_MAX]);
/* End what is being asked, and whatever will be: for the end of the process. */
void fetch_stop(void);
void fetch_close(void);

#endif
