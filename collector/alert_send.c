/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lanes: as many channels are told at once as there are lanes, each by a thread of its own, so that one that does not answer keeps no other. A lane claims a channel
 * in the database, for two minutes; tells what waits; and writes what came of it before it claims the next. A collector that dies meanwhile leaves the
 * channel free after that time, and what it told is told again.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/alert.h"
#include "collector/alert_channel.h"
#include "collector/app.h"
#include "collector/db.h"
#include "collector/loop.h"
#include "collector/mqtt.h"
#include "collector/worker.h"
#include "defs/log.h"

enum {
	LANES = 3,
	TICK_MS = 5000, /* for what is due again, and for who is there */
	SOON_MS = 250,
	TURN_MS_MAX = 45000, /* of a lane's two minutes; the last message may take 30 s more */
	CLAIM = 2,	     /* index of the claim's reply, after begin and act_as */
};

struct lane {
	struct alert_send *send;
	struct worker *worker;
	bool busy;
	char network_id[ID_TEXT_MAX], channel_id[ID_TEXT_MAX];
	struct alert_channel channel;
	struct json *waiting, *home;
	struct alert_telling telling;
	struct alert_told told;
};

struct alert_send {
	struct app *app;
	struct loop_timer *timer;
	bool claiming, again;
	struct lane lanes[LANES];
};

static void claim(struct alert_send *);

static void lane_clear(struct lane *lane)
{
	alert_channel_close(&lane->channel);
	json_free(lane->waiting);
	json_free(lane->home);
	lane->waiting = lane->home = NULL;
	alert_told_free(&lane->told);
	lane->told = (struct alert_told){0};
}

static void lane_over(struct lane *lane)
{
	lane_clear(lane);
	lane->busy = false;
	claim(lane->send);
}

static void on_noted(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct lane *lane = arg;

	if (db_error(reply) == -EIO)
		log_warn("what was told of alerts could not be noted, so it is told again: %s",
			 db_message(reply));
	db_end(s);
	lane_over(lane);
}

static void note(void *arg, struct db_session *s)
{
	struct lane *lane = arg;
	struct alert_told *told = &lane->told;

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
	DB_ADD(s, SQL_ALERT_CHANNEL_DONE, lane->network_id, lane->channel_id, array_text(&told->ids),
	       told->failed[0] ? told->failed : NULL, told->why[0] ? told->why : NULL, told->down ? "t" : "f");
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_noted, lane);
}

/* On the loop again. While the database is away nothing is noted: the claim runs out. */
static void on_told(void *arg)
{
	struct lane *lane = arg;

	if (lane->told.why[0])
		log_warn("channel %s of alerts failed and is tried again: %s", lane->channel_id,
			 lane->told.why);
	if (db_begin(lane->send->app->db, note, lane))
		lane_over(lane);
}

static void tell(void *arg)
{
	struct lane *lane = arg;

	alert_tell(&lane->telling, &lane->told);
}

static struct json *document(const struct db_reply *reply, size_t column)
{
	struct json *json = NULL;
	const char *why;

	if (db_value(reply, CLAIM, 0, column) &&
	    json_read(db_value(reply, CLAIM, 0, column), db_length(reply, CLAIM, 0, column), &json, &why))
		return NULL;
	return json;
}

static void lane_begin(struct lane *lane, const struct db_reply *reply)
{
	const struct settings *settings = lane->send->app->settings;
	int error;

	lane->busy = true;
	snprintf(lane->network_id, sizeof(lane->network_id), "%s", db_value(reply, CLAIM, 0, 0));
	snprintf(lane->channel_id, sizeof(lane->channel_id), "%s", db_value(reply, CLAIM, 0, 1));
	error = alert_channel_read(&lane->channel, lane->send->app->vault, db_value(reply, CLAIM, 0, 2),
				   db_length(reply, CLAIM, 0, 2), lane->told.why);
	lane->waiting = document(reply, 3);
	lane->home = document(reply, 4);
	lane->telling = (struct alert_telling){
		.channel = &lane->channel,
		.waiting = lane->waiting,
		.home = lane->home,
		.dashboard_url = settings->public_url,
		.reach = strcmp(settings->alert_targets, "public") == 0 ? REACH_PUBLIC : REACH_USUAL,
		.until_ms = loop_now_ms() + TURN_MS_MAX};
	if (error)
		lane->told.down = true;
	if (error || worker_run(lane->worker, tell, on_told, lane))
		on_told(lane);
}

static void on_claimed(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct alert_send *send = arg;
	size_t free_lane = 0;
	bool found = !db_error(reply) && db_rows(reply, CLAIM);

	send->claiming = false;
	if (db_error(reply) == -EIO)
		log_warn("alerts that wait could not be read and are tried again: %s", db_message(reply));
	while (send->lanes[free_lane].busy)
		free_lane++;
	if (found)
		lane_begin(&send->lanes[free_lane], reply);
	db_end(s);
	if (found || send->again)
		claim(send);
}

static void start(void *arg, struct db_session *s)
{
	struct alert_send *send = arg;

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
	DB_ADD(s, SQL_ALERT_CHANNEL_CLAIM, send->app->instance);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_claimed, send);
}

/* For a lane that has nothing to do. */
static void claim(struct alert_send *send)
{
	size_t free_lane = 0;

	while (free_lane < LANES && send->lanes[free_lane].busy)
		free_lane++;
	if (send->claiming) {
		send->again = true;
		return;
	}
	if (free_lane == LANES)
		return;
	send->again = false;
	send->claiming = db_begin(send->app->db, start, send) == 0;
}

static void on_timer(void *arg)
{
	struct alert_send *send = arg;

	loop_timer_set(send->timer, TICK_MS);
	claim(send);
}

void alert_send_wake(struct alert_send *send)
{
	if (send)
		loop_timer_set(send->timer, SOON_MS);
}

int alert_send_open(struct app *app, struct alert_send **out)
{
	struct alert_send *send = calloc(1, sizeof(*send));
	int error = send ? 0 : -ENOMEM;

	if (!send)
		return error;
	send->app = app;
	send->timer = loop_timer(app->loop, on_timer, send);
	if (!send->timer)
		error = -ENOMEM;
	for (size_t i = 0; i < LANES; i++) {
		send->lanes[i].send = send;
		if (!error)
			error = worker_open(app->loop, &send->lanes[i].worker);
	}
	if (error) {
		alert_send_close(send);
		return error;
	}
	loop_timer_set(send->timer, TICK_MS / 5);
	*out = send;
	return 0;
}

void alert_send_close(struct alert_send *send)
{
	if (!send)
		return;
	for (size_t i = 0; i < LANES; i++)
		worker_close(send->lanes[i].worker);
	for (size_t i = 0; i < LANES; i++)
		lane_clear(&send->lanes[i]);
	alert_mqtt_close();
	loop_timer_free(send->timer);
	free(send);
}
