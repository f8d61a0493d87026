/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Someone who is coming in: by password, by registering, by the setup token, or by a provider. All of them end with a
 * session, which is made here. An attempt is its call's context.
 */
#ifndef COLLECTOR_API_ATTEMPT_H
#define COLLECTOR_API_ATTEMPT_H

#include "collector/api.h"

enum { EMAIL_BYTES_MAX = 254, PASSWORD_BYTES_MAX = 256, NAME_BYTES_MAX = 100, RETURN_BYTES_MAX = 400 };

struct attempt {
	char email[EMAIL_BYTES_MAX + 1], password[PASSWORD_BYTES_MAX + 1], name[NAME_BYTES_MAX + 1];
	char organization[NAME_BYTES_MAX + 1];
	char hash[PASSWORD_HASH_MAX];	   /* the password's */
	char invite[SECRET_HASH_TEXT_MAX]; /* "" without an invitation */
	char setup[SECRET_HASH_TEXT_MAX];  /* "" without the setup token */
	char user_id[ID_TEXT_MAX], token[SECRET_TEXT_MAX];
	char return_to[RETURN_BYTES_MAX + 1]; /* go there; "": answer with who one is */
	bool known, right;
	int error;
};

/* The call's attempt, made when there is none; NULL with the call answered. */
struct attempt *attempt_of(struct api_call *);
/* E-mail and password of the body. NULL with the call answered. */
struct attempt *attempt_read(struct api_call *);
/* What they are called: as much of it as fits, in whole characters. */
void attempt_name(struct attempt *, const char *name);
/* Name and organization of the body, when they are there; the name is otherwise the e-mail address. */
void attempt_read_names(struct api_call *, struct attempt *);
/* NULL, or what is wrong with address or new password. */
const char *attempt_weakness(const struct attempt *, bool with_password);
/* Add what makes the account (attempt's user_id, which is made here), as account_make() decides. */
void attempt_add_account(struct api_call *, struct db_session *);
/* Add a session of attempt's user_id to the transaction, and what is said of it in the audit log. */
void attempt_add_session(struct api_call *, struct db_session *, const char *action);
/* The transaction is committed: once the session is known, the cookie and the answer. */
void attempt_enter(struct api_call *);
/* Answer with the account of this id, as /api/auth/me. */
void attempt_answer_account(struct api_call *, const char *user_id);

#endif
