/* SPDX-License-Identifier: BSD-2-Clause */
/* Roles by name. */
#include <string.h>

#include "collector/role.h"

static const char *const names[] = {"", "viewer", "member", "admin", "owner"};

enum role role_of(const char *name)
{
	for (int role = ROLE_OWNER; role > ROLE_ANY; role--)
		if (strcmp(name, names[role]) == 0)
			return (enum role)role;
	return ROLE_ANY;
}

const char *role_name(enum role role)
{
	return names[role];
}

const char *role_needed(enum role role)
{
	static const char *const words[] = {
		"sign in first",
		"this is for people who have a role in the organization",
		"only a member, an administrator or an owner may do this; ask one of them, or for the role",
		"only an owner or an administrator may do this",
		"only an owner may do this",
	};

	return words[role];
}
