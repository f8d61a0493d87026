/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The collector's own key, with which secrets of others are sealed before they go to the database. It is in a file of its own
 * (--secret-key-file), which is made when the first secret is to be kept, and which no backup holds: who has a backup, or the
 * database, has no secret. Collectors that share a database share the file.
 */
#ifndef COLLECTOR_VAULT_H
#define COLLECTOR_VAULT_H

#include "collector/secret.h"

enum { VAULT_WHY_MAX = 600, CREDENTIAL_ABOUT_MAX = 96 };

struct settings;
struct vault;

/* Reads nothing yet. 0 or -ENOMEM. */
int vault_open(const struct settings *, struct vault **out);
/* Returns out, or NULL with what happened and what to do in why. about: what it is, by which alone it opens again. */
const char *vault_seal(struct vault *, const char *about, const char *text, char out[static SEALED_TEXT_MAX],
		       char why[static VAULT_WHY_MAX]);
/* 0, or -errno with the same. out is wiped by whoever asked. */
int vault_unseal(struct vault *, const char *about, const char *sealed, char out[static SEAL_TEXT_MAX],
		 char why[static VAULT_WHY_MAX]);
void vault_close(struct vault *);

/* What a field of a credential is about. Returns out. */
const char *credential_about(const char *id, const char *field, char out[static CREDENTIAL_ABOUT_MAX]);

#endif
