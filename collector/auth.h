/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who may come in: the sessions of browsers and the keys of sensors, as hashes. The database has them; this is a
 * copy of it in memory, so that a request or an upgrade is decided at once. It is read again whenever a collector
 * says that something changed, and whenever the database was away.
 */
#ifndef COLLECTOR_AUTH_H
#define COLLECTOR_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/secret.h"

struct auth;
struct db;
struct http_head;
struct loop;

struct auth_session {
	uint8_t hash[SECRET_HASH_BYTES];
	char user_id[ID_TEXT_MAX], organization_id[ID_TEXT_MAX];
	char email[256], name[128], permissions[16];
	int64_t expires_s, touched_s;
};

struct auth_sensor {
	uint8_t hash[SECRET_HASH_BYTES];
	char id[ID_TEXT_MAX], network_id[ID_TEXT_MAX];
	char name[128];
	int64_t expires_s; /* 0: never */
};

/* changed is called after each reading: what is open may be so no longer. 0 or -errno. */
int auth_open(struct loop *, void (*changed)(void *arg), void *arg, struct auth **out);
/* The database to read from; before anything else. */
void auth_use(struct auth *, struct db *);
/* Read again; then, when it is not NULL, gets 0 or -errno once what is committed now is known here. */
void auth_refresh(struct auth *, void (*then)(void *arg, int error), void *arg);
/* Has been read at least once. */
bool auth_known(const struct auth *);
/* By the request's cookie; NULL without a valid one. Borrowed until the loop turns. Also keeps the session alive. */
const struct auth_session *auth_session_of(struct auth *, const struct http_head *);
const struct auth_session *auth_session_by_hash(const struct auth *, const uint8_t hash[SECRET_HASH_BYTES]);
/* By `Bearer KEY`. */
const struct auth_sensor *auth_sensor_of(const struct auth *, const char *authorization);
const struct auth_sensor *auth_sensor_by_hash(const struct auth *, const uint8_t hash[SECRET_HASH_BYTES]);
void auth_close(struct auth *);

#define AUTH_COOKIE "netvisor_session"

#endif
