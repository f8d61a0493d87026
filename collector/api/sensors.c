/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sensors as a person handles them: a new one with its key, which is shown once, and commands to one that is connected.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api.h"
#include "collector/sensor.h"

struct creation {
	char network_id[ID_TEXT_MAX], id[ID_TEXT_MAX], key[SECRET_TEXT_MAX];
	char name[101];
};

static bool may_change(struct api_call *call)
{
	if (strcmp(call->who.permissions, "owner") == 0 || strcmp(call->who.permissions, "admin") == 0)
		return true;
	api_refuse(call, 403, "only an owner or an administrator may do this");
	return false;
}

static void on_known(void *arg, int error)
{
	struct api_call *call = arg;
	struct creation *creation = call->context;
	struct buffer out = {0};

	(void)error; /* it is committed; the next reading knows the key */
	buffer_printf(&out, "{\"id\":\"%s\",\"network_id\":\"%s\",\"key\":\"%s\",\"name\":", creation->id,
		      creation->network_id, creation->key);
	buffer_json(&out, creation->name, strlen(creation->name));
	buffer_text(&out, "}");
	secret_wipe(creation->key, sizeof(creation->key));
	api_answer(call, &out);
}

static void on_created(struct api_call *call, const struct db_reply *reply)
{
	if (!db_rows(reply, API_FIRST))
		api_refuse(call, 404, "there is no such network");
	else
		auth_refresh(call->app->auth, on_known, call);
}

static void add_sensor(struct api_call *call, struct db_session *s)
{
	struct creation *creation = call->context;
	uint8_t hash[SECRET_HASH_BYTES];
	char text[SECRET_HASH_TEXT_MAX], prefix[SECRET_PREFIX_MAX];

	id_random(creation->id);
	secret_make(AUTH_SENSOR_KEY, creation->key);
	secret_hash(creation->key, strlen(creation->key), hash);
	DB_ADD(s, SQL_SENSOR_CREATE, creation->network_id, creation->id, creation->name,
	       secret_hash_text(hash, text), secret_prefix(creation->key, prefix));
	DB_ADD(s, SQL_SENSOR_MADE, creation->id);
	DB_ADD(s, SQL_CREDENTIAL_NOTIFY, "sensor");
}

static void on_network(struct api_call *call, const struct db_reply *reply)
{
	struct creation *creation = call->context;

	if (!db_rows(reply, API_FIRST)) {
		api_refuse(call, 404, "there is no such network");
		return;
	}
	snprintf(creation->network_id, sizeof(creation->network_id), "%s", db_value(reply, API_FIRST, 0, 0));
	api_query(call, false, add_sensor, on_created);
}

static void add_network(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_NETWORK_FIND, ((struct creation *)call->context)->network_id);
}

void api_sensor_create(struct api_call *call)
{
	struct creation *creation;
	const char *name, *network_id = "";
	size_t length;

	if (!may_change(call) || !api_body_text(call, "name", 1, 100, &name))
		return;
	if (json_get(call->body, "network_id") &&
	    (!json_text(json_get(call->body, "network_id"), &network_id, &length) ||
	     !id_valid(network_id, length))) {
		api_refuse(call, 400, "\"network_id\" must be a UUID");
		return;
	}
	creation = calloc(1, sizeof(*creation));
	if (!creation) {
		api_refuse(call, 503, "there is no memory");
		return;
	}
	snprintf(creation->name, sizeof(creation->name), "%s", name);
	snprintf(creation->network_id, sizeof(creation->network_id), "%s", network_id);
	call->context = creation;
	api_query(call, false, add_network, on_network);
}

static void on_result(void *arg, enum command_end end, const char *error, const char *data)
{
	struct api_call *call = arg;

	if (end == COMMAND_DONE)
		api_answer_text(call, data);
	else
		api_refuse(call, end == COMMAND_BUSY || end == COMMAND_NOBODY ? 409 : 502,
			   *error ? error : "the sensor could not do this");
}

static void on_visible(struct api_call *call, const struct db_reply *reply)
{
	if (!db_rows(reply, API_FIRST))
		api_refuse(call, 404, "there is no such sensor");
	else
		sensors_command(call->app->sensors, call->id, "refresh", on_result, call);
}

static void add_visible(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_SENSOR_NETWORK, call->id);
}

void api_sensor_refresh(struct api_call *call)
{
	if (may_change(call))
		api_query(call, false, add_visible, on_visible);
}

void api_sensor_command(struct api_call *call)
{
	const char *command;

	if (!may_change(call) || !api_body_text(call, "command", 1, 64, &command))
		return;
	if (strcmp(command, "refresh") == 0)
		api_query(call, false, add_visible, on_visible);
	else
		api_refuse(call, 400, "the only command is refresh");
}
