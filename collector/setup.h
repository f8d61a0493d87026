/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What must be there before anyone comes: an organization with a network, the sensor of --sensor-key-file, and,
 * while there is no account, a token with which the first owner may make one.
 */
#ifndef COLLECTOR_SETUP_H
#define COLLECTOR_SETUP_H

#include <stdbool.h>

struct app;
struct setup;

/*
 * Read the key in the file, or make both, mode 0600, the file owned by uid and gid unless they are -1. out has
 * SECRET_TEXT_MAX bytes. 0, or -errno after saying what is wrong.
 */
int setup_key_file(const char *path, int uid, int gid, char *out);

/* key: of the sensor that is to exist; "" for none. 0 or -ENOMEM. */
int setup_open(struct app *, const char *key, struct setup **out);
/* The database is up: do the above, once; then call ready. */
void setup_run(struct setup *, void (*ready)(void *arg), void *arg);
/* Whether there is no account yet. */
bool setup_needed(const struct setup *);
/* An account was made. */
void setup_finished(struct setup *);
/* The token, "" when none is needed. For the terminal that started us, and nothing else. */
const char *setup_token(const struct setup *);
void setup_close(struct setup *);

#endif
