/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands that somebody waits for. To a sensor that is connected here directly; else through a row, which the collector
 * that has the sensor takes, and answers.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/app.h"
#include "collector/db.h"
#include "collector/loop.h"
#include "collector/sensor_peer.h"

enum { COMMAND_MS_MAX = 10000, WAIT_MS_MAX = 12000, REPLY = 2 };

static const char away[] = "the database is away for the moment; try again";

/* A command that another collector carries out. */
struct command_wait {
	struct sensors *all;
	struct command_wait *next;
	char id[ID_TEXT_MAX], sensor_id[ID_TEXT_MAX], name[65];
	void (*done)(void *arg, enum command_end, const char *error,
		     const char *data); /* NULL: it was called */
	void *arg;
	int64_t until_ms;
	bool busy, answered;
};

/* One that was asked for at another collector. */
struct command_order {
	struct sensors *all;
	char id[ID_TEXT_MAX], network_id[ID_TEXT_MAX];
	bool ok;
	char *error, *data;
};

void command_say(struct sensor_peer *peer, const char *id, const char *name, const char *arguments)
{
	struct buffer json = {0};

	buffer_printf(&json, "{\"type\":\"command\",\"id\":\"%s\",\"command\":", id);
	buffer_json(&json, name, strlen(name));
	buffer_text(&json, ",\"arguments\":");
	buffer_text(&json, arguments);
	buffer_text(&json, "}");
	peer_say(peer, &json);
}

void command_end(struct sensor_peer *peer, enum command_end end, const char *error, const char *data)
{
	struct sensor_command command = peer->command;

	peer->command = (struct sensor_command){0};
	if (command.done)
		command.done(command.arg, end, error, data);
}

bool command_begin(struct sensor_peer *peer, const char *name,
		   void (*done)(void *arg, enum command_end, const char *error, const char *data), void *arg)
{
	if (peer->command.done)
		return false;
	id_random(peer->command.id);
	peer->command.done = done;
	peer->command.arg = arg;
	peer->command.until_ms = loop_now_ms() + COMMAND_MS_MAX;
	command_say(peer, peer->command.id, name, "{}");
	return true;
}

/* For another collector. */

static void order_free(struct command_order *order)
{
	free(order->error);
	free(order->data);
	free(order);
}

static void on_written(void *arg, struct db_session *s, const struct db_reply *reply)
{
	(void)reply; /* who waits hears that it took too long */
	order_free(arg);
	db_end(s);
}

static void start_write(void *arg, struct db_session *s)
{
	struct command_order *order = arg;

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", order->network_id, "on");
	DB_ADD(s, SQL_COMMAND_ANSWER, order->network_id, order->id, order->ok ? "t" : "f", order->error,
	       order->data);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_written, order);
}

static void on_carried_out(void *arg, enum command_end end, const char *error, const char *data)
{
	struct command_order *order = arg;

	order->ok = end == COMMAND_DONE;
	order->error = error && *error ? strdup(error) : NULL;
	order->data = data ? strdup(data) : NULL;
	if (order->all->closing || db_begin(order->all->app->db, start_write, order))
		order_free(order);
}

void command_carry_out(struct sensor_peer *peer, const char *id, const char *name)
{
	struct command_order *order = calloc(1, sizeof(*order));

	if (!order)
		return;
	order->all = peer->all;
	memcpy(order->network_id, peer->network_id, sizeof(order->network_id));
	snprintf(order->id, sizeof(order->id), "%s", id);
	if (!command_begin(peer, name, on_carried_out, order))
		on_carried_out(order, COMMAND_BUSY, "the sensor is still busy with another command", NULL);
}

/* By another collector. */

static void wait_free(struct command_wait *wait)
{
	for (struct command_wait **at = &wait->all->waits; *at; at = &(*at)->next) {
		if (*at != wait)
			continue;
		*at = wait->next;
		break;
	}
	free(wait);
}

static void wait_end(struct command_wait *wait, enum command_end end, const char *error, const char *data)
{
	void (*done)(void *, enum command_end, const char *, const char *) = wait->done;

	wait->done = NULL;
	if (done)
		done(wait->arg, end, error, data);
	if (!wait->busy)
		wait_free(wait);
}

static void on_answer(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct command_wait *wait = arg;
	const char *error = db_value(reply, REPLY, 0, 1);

	wait->busy = false;
	if (db_error(reply))
		wait_end(wait, COMMAND_LATE, away, NULL);
	else if (db_true(reply, REPLY, 0, 0))
		wait_end(wait, COMMAND_DONE, "", db_value(reply, REPLY, 0, 2));
	else
		wait_end(wait, COMMAND_REFUSED, error ? error : "", NULL);
	db_end(s);
}

static void start_read(void *arg, struct db_session *s)
{
	struct command_wait *wait = arg;

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
	DB_ADD(s, SQL_COMMAND_RESULT, wait->id);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_answer, wait);
}

static void wait_read(struct command_wait *wait)
{
	wait->busy = db_begin(wait->all->app->db, start_read, wait) == 0;
	if (!wait->busy)
		wait_end(wait, COMMAND_LATE, away, NULL);
}

static void on_asked(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct command_wait *wait = arg;

	wait->busy = false;
	if (db_error(reply))
		wait_end(wait, COMMAND_LATE, away, NULL);
	else if (!db_rows(reply, REPLY))
		wait_end(wait, COMMAND_NOBODY, "the sensor is not connected", NULL);
	else if (!wait->done)
		wait_free(wait);
	else if (wait->answered) /* sooner than the word that it was asked */
		wait_read(wait);
	db_end(s);
}

static void start_ask(void *arg, struct db_session *s)
{
	struct command_wait *wait = arg;

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
	DB_ADD(s, SQL_COMMAND_ASK, wait->id, wait->sensor_id, wait->name);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_asked, wait);
}

void sensors_command(struct sensors *all, const char *sensor_id, const char *name,
		     void (*done)(void *arg, enum command_end, const char *error, const char *data), void *arg)
{
	struct sensor_peer *peer = all->peers;
	struct command_wait *wait;

	while (peer && (!peer_serves(peer) || strcmp(peer->id, sensor_id) != 0))
		peer = peer->next;
	if (peer) {
		if (!command_begin(peer, name, done, arg))
			done(arg, COMMAND_BUSY, "the sensor is still busy with another command", NULL);
		return;
	}
	wait = calloc(1, sizeof(*wait));
	if (!wait) {
		done(arg, COMMAND_LATE, "there is no memory", NULL);
		return;
	}
	*wait = (struct command_wait){.all = all,
				      .next = all->waits,
				      .done = done,
				      .arg = arg,
				      .until_ms = loop_now_ms() + WAIT_MS_MAX};
	id_random(wait->id);
	snprintf(wait->sensor_id, sizeof(wait->sensor_id), "%s", sensor_id);
	snprintf(wait->name, sizeof(wait->name), "%s", name);
	all->waits = wait;
	wait->busy = db_begin(all->app->db, start_ask, wait) == 0;
	if (!wait->busy)
		wait_end(wait, COMMAND_LATE, away, NULL);
}

void command_answered(struct sensors *all, const char *id)
{
	for (struct command_wait *wait = all->waits, *next; wait; wait = next) {
		next = wait->next;
		if (!wait->done || strcmp(wait->id, id) != 0)
			continue;
		wait->answered = true;
		if (!wait->busy)
			wait_read(wait);
	}
}

void commands_tick(struct sensors *all, int64_t now_ms)
{
	for (struct command_wait *wait = all->waits, *next; wait; wait = next) {
		next = wait->next;
		if (wait->done && now_ms > wait->until_ms)
			wait_end(wait, COMMAND_LATE, "the sensor did not answer in time", NULL);
	}
}

void commands_close(struct sensors *all)
{
	while (all->waits) {
		struct command_wait *wait = all->waits;

		all->waits = wait->next;
		free(wait);
	}
}
