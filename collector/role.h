/* SPDX-License-Identifier: BSD-2-Clause */
/* What a person, or a person's key, may: each role all that a lower one may. The same order as role_height() in SQL. */
#ifndef COLLECTOR_ROLE_H
#define COLLECTOR_ROLE_H

enum role { ROLE_ANY, ROLE_VIEWER, ROLE_MEMBER, ROLE_ADMIN, ROLE_OWNER };

/* Of its name, as `permissions` of an account or key; ROLE_ANY for any other text. */
enum role role_of(const char *name);
const char *role_name(enum role);
/* The words with which someone is refused who has less. */
const char *role_needed(enum role);

#endif
