/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A timer. At each turn this collector says that it is there, sessions without a living collector or a word of their sensor are dealt with,
 * and what is due is fired: the row holds when it is due, and only who finds it as it was moves it on (discovery_fire), so two
 * collectors fire it once. What was due while no collector ran is made up for once.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/app.h"
#include "collector/cron.h"
#include "collector/db.h"
#include "collector/loop.h"
#include "collector/schedule.h"
#include "defs/log.h"

enum {
	FIRST_MS = 500,
	TICK_MS_MAX = 4000, /* and often enough to see a session stall */
	TICK_MS_MIN = 50,
	CLEAN_EVERY = 900, /* ticks */
	ERROR_MAX = 300,
	DUE = 4, /* index of schedule_due's reply, after begin, act_as and the two before it */
};

struct schedule {
	struct app *app;
	struct loop_timer *timer;
	unsigned int ticks;
	bool busy;
	int64_t tick_ms;
	char stall[16], days[16];
};

static void wait_for(struct schedule *schedule, int64_t ms)
{
	schedule->busy = false;
	loop_timer_set(schedule->timer, ms < TICK_MS_MIN	 ? TICK_MS_MIN
					: ms > schedule->tick_ms ? schedule->tick_ms
								 : ms);
}

static bool failed(struct schedule *schedule, struct db_session *s, const struct db_reply *reply)
{
	if (!db_error(reply))
		return false;
	if (db_error(reply) == -EIO)
		log_warn("schedules could not be looked at and are tried again: %s", db_message(reply));
	wait_for(schedule, schedule->tick_ms);
	db_end(s);
	return true;
}

static void begin(struct db_session *s)
{
	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
}

static void on_fired(void *arg, struct db_session *s, const struct db_reply *reply)
{
	if (failed(arg, s, reply))
		return;
	wait_for(arg, 0); /* there may be more */
	db_end(s);
}

/* What was due at was_due: the next time after that which is not past. */
static void fire(struct db_session *s, const struct db_reply *reply, size_t row)
{
	const char *network_id = db_value(reply, DUE, row, 0), *id = db_value(reply, DUE, row, 1);
	int64_t next;
	char error[ERROR_MAX + 60], text[24];

	if (cron_due(db_value(reply, DUE, row, 3), db_value(reply, DUE, row, 4), loop_wall_us() / 1000000,
		     &next, error, sizeof(error))) {
		DB_ADD(s, SQL_SCHEDULE_BROKEN, network_id, id, error);
		return;
	}
	snprintf(text, sizeof(text), "%" PRId64, next);
	DB_ADD(s, SQL_SCHEDULE_FIRE, network_id, id, db_value(reply, DUE, row, 2), text);
}

static void on_looked(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct schedule *schedule = arg;
	size_t due = db_rows(reply, DUE);

	if (failed(schedule, s, reply))
		return;
	if (!due) {
		wait_for(schedule,
			 db_value(reply, DUE + 1, 0, 0) ? db_integer(reply, DUE + 1, 0, 0) : schedule->tick_ms);
		db_end(s);
		return;
	}
	begin(s);
	for (size_t row = 0; row < due; row++)
		fire(s, reply, row);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_fired, schedule);
}

static void start(void *arg, struct db_session *s)
{
	struct schedule *schedule = arg;

	begin(s);
	DB_ADD(s, SQL_COLLECTOR_SEEN, schedule->app->instance);
	DB_ADD(s, SQL_SESSION_UPKEEP, schedule->stall);
	db_add(s, SQL_SCHEDULE_DUE, NULL, 0);
	db_add(s, SQL_SCHEDULE_WAIT, NULL, 0);
	if (schedule->ticks++ % CLEAN_EVERY == 0) {
		DB_ADD(s, SQL_SESSION_CLEAN_OLD, schedule->days);
		db_add(s, SQL_SENSOR_COMMAND_CLEAN, NULL, 0);
	}
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_looked, schedule);
}

static void on_timer(void *arg)
{
	struct schedule *schedule = arg;

	if (schedule->busy)
		return;
	schedule->busy = db_begin(schedule->app->db, start, schedule) == 0;
	if (!schedule->busy)
		loop_timer_set(schedule->timer, FIRST_MS);
}

int schedule_open(struct app *app, struct schedule **out)
{
	struct schedule *schedule = calloc(1, sizeof(*schedule));

	if (!schedule)
		return -ENOMEM;
	schedule->app = app;
	snprintf(schedule->stall, sizeof(schedule->stall), "%ld", app->settings->session_stall_seconds);
	snprintf(schedule->days, sizeof(schedule->days), "%ld", app->settings->change_days);
	schedule->tick_ms = app->settings->session_stall_seconds * INT64_C(500);
	if (schedule->tick_ms > TICK_MS_MAX)
		schedule->tick_ms = TICK_MS_MAX;
	schedule->timer = loop_timer(app->loop, on_timer, schedule);
	if (!schedule->timer) {
		free(schedule);
		return -ENOMEM;
	}
	loop_timer_set(schedule->timer, FIRST_MS);
	*out = schedule;
	return 0;
}

void schedule_close(struct schedule *schedule)
{
	if (!schedule)
		return;
	loop_timer_free(schedule->timer);
	free(schedule);
}
