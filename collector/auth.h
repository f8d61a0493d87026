/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who may come in: the sessions of browsers, the keys of people and those of sensors, as hashes. The database has them; this is a
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
	char key_id[ID_TEXT_MAX]; /* of the person's key that was sent; "" for a browser's session */
	bool limited;		  /* the key is for some networks only */
	int64_t expires_s;	  /* 0: never */
	int64_t touched_s;
};

struct auth_sensor {
	uint8_t hash[SECRET_HASH_BYTES];
	char id[ID_TEXT_MAX], network_id[ID_TEXT_MAX];
	char name[128], key_id[ID_TEXT_MAX];
	int64_t expires_s; /* 0: never */
	int64_t touched_s;
};

/* changed is called after each reading: what is open may be so no longer. 0 or -errno. */
int auth_open(struct loop *, void (*changed)(void *arg), void *arg, struct auth **out);
/* The database to read from; before anything else. */
void auth_use(struct auth *, struct db *);
/* Read again; then, when it is not NULL, gets 0 or -errno once what is committed now is known here. */
void auth_refresh(struct auth *, void (*then)(void *arg, int error), void *arg);
/* Has been read at least once. */
bool auth_known(const struct auth *);
/* Somebody is signed in, at whichever collector. */
bool auth_anyone(const struct auth *);
/*
 * By the request's cookie, or a person's key; NULL without a valid one. Borrowed until the loop turns. That it is used
 * is written down, now and then.
 */
const struct auth_session *auth_session_of(struct auth *, const struct http_head *);
/* By the cookie alone. */
const struct auth_session *auth_browser_of(struct auth *, const struct http_head *);
/* Of a browser. */
const struct auth_session *auth_session_by_hash(const struct auth *, const uint8_t hash[SECRET_HASH_BYTES]);
/* By `Bearer KEY`. */
const struct auth_sensor *auth_sensor_of(struct auth *, const char *authorization);
const struct auth_sensor *auth_sensor_by_hash(const struct auth *, const uint8_t hash[SECRET_HASH_BYTES]);
void auth_close(struct auth *);

#define AUTH_COOKIE "netvisor_session"
#define AUTH_USER_KEY "nvu_" /* how a person's key begins */
#define AUTH_SENSOR_KEY "nvs_"

#endif
