/* SPDX-License-Identifier: BSD-2-Clause */
/* Secrets in the body of a request: sealed before anything of it goes on, so that what is stored, logged or told never has them as they are. */
#ifndef COLLECTOR_API_SEAL_H
#define COLLECTOR_API_SEAL_H

#include "collector/api.h"
#include "collector/vault.h"

struct sealing {
	struct api_call *call;
	struct buffer out; /* the fields as they go on */
	char why[VAULT_WHY_MAX];
};

/*
 * Write the call's fields again by put(arg: struct sealing, key, value), and forget those that came; put() begins with buffer_key(). NULL; or why the
 * fields are refused (400); or "" when the call is answered already.
 */
const char *api_seal(struct api_call *, int (*put)(void *arg, const char *key, const struct json *value));
/* From within put(): the text sealed, as what it is about. 0, or -1 with the reason in why. */
int sealing_put(struct sealing *, const char *about, const char *text);

#endif
