/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sensors as a person handles them: commands to one that is connected. keys.c makes new ones.
 */
#include <string.h>

#include "collector/api.h"
#include "collector/sensor.h"

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
	api_query(call, false, add_visible, on_visible);
}

void api_sensor_command(struct api_call *call)
{
	const char *command;

	if (!api_body_text(call, "command", 1, 64, &command))
		return;
	if (strcmp(command, "refresh") == 0)
		api_query(call, false, add_visible, on_visible);
	else
		api_refuse(call, 400, "the only command is refresh");
}
