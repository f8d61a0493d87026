/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * People, invitations, keys and the audit log as resources: their fields, and what is no resource's usual way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api.h"

enum { NAME_MAX = 100, NETWORKS_MAX = 1000, OVERLAP_HOURS_MAX = 720 };

#define ROLES "owner|admin|member|viewer"
#define READ(name, type, about)                             \
	{                                                   \
		name, type, SCHEMA_READ, 0, 0, ROLES, about \
	}
#define NAME(flags, about)                                           \
	{                                                            \
		"name", SCHEMA_TEXT, flags, 1, NAME_MAX, NULL, about \
	}
#define PERMISSIONS(flags, about)                                       \
	{                                                               \
		"permissions", SCHEMA_CHOICE, flags, 0, 0, ROLES, about \
	}
#define NETWORKS(about)                                                              \
	{                                                                            \
		"network_ids", SCHEMA_IDS, SCHEMA_NULL, 0, NETWORKS_MAX, NULL, about \
	}
#define EXPIRES(about)                                                    \
	{                                                                 \
		"expires_at", SCHEMA_TIME, SCHEMA_NULL, 0, 0, NULL, about \
	}
#define ENABLED                                                                \
	{                                                                      \
		"is_enabled", SCHEMA_BOOL, 0, 0, 0, NULL, "Whether it lets in" \
	}
#define REVISION READ("revision", SCHEMA_INTEGER, "Raised by each change; the ETag")
#define CREATED READ("created_at", SCHEMA_TIME, "When it was made")
#define END       \
	{         \
		0 \
	}

const struct schema_field user_fields[] = {
	READ("id", SCHEMA_ID, "Its id"),
	READ("organization_id", SCHEMA_ID, "Where they belong"),
	READ("email", SCHEMA_TEXT, "The address with which they sign in"),
	NAME(0, "What they are called"),
	READ("permissions", SCHEMA_CHOICE, "What they may"),
	READ("network_ids", SCHEMA_IDS, "The networks that a member or viewer sees; null: all"),
	READ("has_password", SCHEMA_BOOL, "Whether they can sign in with a password"),
	READ("oidc_providers", SCHEMA_TEXTS, "By which providers they can"),
	CREATED,
	READ("updated_at", SCHEMA_TIME, "When it was changed last"),
	READ("last_used", SCHEMA_TIME, "When they were here last"),
	REVISION,
	END,
};
const struct schema_field user_filters[] = {
	PERMISSIONS(0, "Only those who may so much"),
	END,
};
const struct schema_field user_admin_fields[] = {
	NAME(0, "What they are called"),
	PERMISSIONS(0, "What they may"),
	NETWORKS("The networks that a member or viewer sees"),
	END,
};
const struct schema_field account_fields[] = {
	NAME(0, "What one is called"),
	{"email", SCHEMA_TEXT, 0, 3, 254, SCHEMA_EMAIL, "The address with which one signs in"},
	{"password", SCHEMA_TEXT, SCHEMA_WRITE, 1, 256, SCHEMA_NEW_PASSWORD,
	 "A new password; ends one's other sessions"},
	{"current_password", SCHEMA_TEXT, SCHEMA_WRITE, 1, 256, SCHEMA_PASSWORD,
	 "The one that is; for a new address or password"},
	END,
};
const struct schema_field register_fields[] = {
	{"email", SCHEMA_TEXT, SCHEMA_REQUIRED, 3, 254, SCHEMA_EMAIL,
	 "The address with which one will sign in"},
	{"password", SCHEMA_TEXT, SCHEMA_REQUIRED | SCHEMA_WRITE, 1, 256, SCHEMA_NEW_PASSWORD,
	 "At least 12 characters with upper and lower case, a digit and a special character"},
	NAME(0, "What one is called; the address otherwise"),
	{"organization", SCHEMA_TEXT, 0, 0, NAME_MAX, NULL,
	 "What one's organization is called, without an invitation"},
	{"invite", SCHEMA_TEXT, SCHEMA_WRITE, 1, 63, NULL, "The token of an invitation"},
	END,
};
const struct schema_field invite_token_fields[] = {
	{"invite", SCHEMA_TEXT, SCHEMA_REQUIRED | SCHEMA_WRITE, 1, 63, NULL, "The token of an invitation"},
	END,
};

const struct schema_field invite_fields[] = {
	READ("id", SCHEMA_ID, "Its id"),
	READ("organization_id", SCHEMA_ID, "Where it leads to"),
	PERMISSIONS(SCHEMA_REQUIRED, "What who comes by it may"),
	NETWORKS("The networks that a member or viewer will see"),
	{"send_to", SCHEMA_TEXT, SCHEMA_NULL, 3, 254, SCHEMA_EMAIL,
	 "The only e-mail address for which it is good"},
	READ("created_by", SCHEMA_ID, "Who invites"),
	READ("created_by_name", SCHEMA_TEXT, "What they are called"),
	CREATED,
	EXPIRES("When it ends; without, in 7 days"),
	REVISION,
	END,
};

const struct schema_field user_key_fields[] = {
	READ("id", SCHEMA_ID, "Its id"),
	NAME(SCHEMA_REQUIRED, "What it is for"),
	READ("prefix", SCHEMA_TEXT, "How it begins"),
	PERMISSIONS(0, "What it may; never more than its owner may at that time"),
	NETWORKS("The only networks that it sees; null: all of its owner's"),
	ENABLED,
	EXPIRES("When it ends; null: never"),
	READ("last_used", SCHEMA_TIME, "When it was used last, give or take ten minutes"),
	CREATED,
	REVISION,
	END,
};

const struct schema_field sensor_key_fields[] = {
	READ("id", SCHEMA_ID, "Its id"),
	{"network_id", SCHEMA_ID, SCHEMA_CREATE, 0, 0, NULL, "The sensor's network; without, the first"},
	{"sensor_id", SCHEMA_ID, SCHEMA_CREATE | SCHEMA_NULL, 0, 0, NULL,
	 "The sensor; without, one of this name is made"},
	READ("sensor_name", SCHEMA_TEXT, "What the sensor is called"),
	NAME(SCHEMA_REQUIRED, "What it is called"),
	READ("prefix", SCHEMA_TEXT, "How it begins"),
	ENABLED,
	EXPIRES("When it ends; null: never"),
	READ("last_used", SCHEMA_TIME, "When a sensor came with it last, give or take ten minutes"),
	CREATED,
	REVISION,
	END,
};
const struct schema_field sensor_key_filters[] = {
	{"sensor_id", SCHEMA_ID, 0, 0, 0, NULL, "Only those of this sensor"},
	END,
};
const struct schema_field sensor_key_rotate_fields[] = {
	{"overlap_hours", SCHEMA_INTEGER, 0, 0, OVERLAP_HOURS_MAX, NULL,
	 "How long the old key is still good; 24"},
	END,
};

const struct schema_field organization_fields[] = {
	READ("id", SCHEMA_ID, "Its id"),
	NAME(0, "What it is called"),
	CREATED,
	READ("updated_at", SCHEMA_TIME, "When it was changed last"),
	REVISION,
	END,
};

const struct schema_field audit_fields[] = {
	READ("id", SCHEMA_ID, "Its id"),
	READ("at", SCHEMA_TIME, "When"),
	READ("actor", SCHEMA_ID, "Who; null when it was nobody known"),
	READ("actor_name", SCHEMA_TEXT, "Their e-mail address at that time"),
	READ("address", SCHEMA_TEXT, "From where"),
	READ("action", SCHEMA_TEXT, "What was done"),
	READ("entity", SCHEMA_TEXT, "To what kind of thing"),
	READ("entity_id", SCHEMA_ID, "To which"),
	READ("before", SCHEMA_OBJECT, "What changed, as it was"),
	READ("after", SCHEMA_OBJECT, "and as it became"),
	END,
};
const struct schema_field audit_filters[] = {
	{"action", SCHEMA_TEXT, 0, 1, 60, NULL, "Only of this kind"},
	{"entity", SCHEMA_TEXT, 0, 1, 60, NULL, "Only what was done to such things"},
	{"entity_id", SCHEMA_ID, 0, 0, 0, NULL, "Only what was done to this"},
	{"actor", SCHEMA_ID, 0, 0, 0, NULL, "Only what this person did"},
	END,
};

const struct schema_field oidc_start_fields[] = {
	{"return", SCHEMA_TEXT, 0, 1, 400, NULL, "The path to go to afterwards"},
	{"invite", SCHEMA_TEXT, SCHEMA_WRITE, 1, 63, NULL, "The token of an invitation"},
	{"setup", SCHEMA_TEXT, SCHEMA_WRITE, 1, 63, NULL, "The setup token, for the first account"},
	END,
};

struct administration {
	char revision[16]; /* that the account must have; "" for any */
	struct buffer row;
};

static void forget(void *context)
{
	buffer_free(&((struct administration *)context)->row);
}

static void on_known(void *arg, int error)
{
	struct api_call *call = arg;

	(void)error; /* it is committed; the next reading knows it */
	api_answer_text(call, ((struct administration *)call->context)->row.bytes);
}

static void on_admin(struct api_call *call, const struct db_reply *reply)
{
	struct administration *administration = call->context;

	api_etag(call, db_value(reply, API_FIRST, 0, 1));
	buffer_text(&administration->row, db_value(reply, API_FIRST, 0, 0));
	if (administration->row.failed)
		api_refuse(call, 503, "there is no memory");
	else
		auth_refresh(call->app->auth, on_known, call);
}

static void add_admin(struct api_call *call, struct db_session *s)
{
	const struct administration *administration = call->context;

	DB_ADD(s, SQL_UPDATE_USER, call->id, call->fields.bytes,
	       administration->revision[0] ? administration->revision : NULL);
}

void api_user_admin(struct api_call *call)
{
	struct administration *administration;
	const char *revision;

	if (!api_if_match(call, &revision))
		return;
	administration = calloc(1, sizeof(*administration));
	if (!administration) {
		api_refuse(call, 503, "there is no memory");
		return;
	}
	snprintf(administration->revision, sizeof(administration->revision), "%s", revision ? revision : "");
	call->context = administration;
	call->forget = forget;
	api_query(call, false, add_admin, on_admin);
}

static void on_revoked(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, API_FIRST))
		api_answer_text(call, NULL);
	else
		api_refuse(call, 404, "there is no such invite");
}

static void add_revoke(struct api_call *call, struct db_session *s)
{
	struct buffer ids = {0};

	array_add_text(&ids, call->id);
	DB_ADD(s, SQL_DELETE_INVITE, array_text(&ids), NULL);
	buffer_free(&ids);
}

void api_invite_revoke(struct api_call *call)
{
	api_query(call, false, add_revoke, on_revoked);
}
