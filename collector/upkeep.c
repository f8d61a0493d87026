/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A timer and three transactions, one after another: a small one often, the others seldom, each bounded, so that ingest
 * does not wait long.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/app.h"
#include "collector/db.h"
#include "collector/loop.h"
#include "collector/upkeep.h"
#include "defs/log.h"

enum {
	FIRST_MS = 2000,
	TICK_MS = 15000,
	CLEAN_EVERY = 20, /* ticks */
};

struct upkeep {
	struct app *app;
	struct loop_timer *timer;
	unsigned int ticks;
	bool busy;
	char days[16];
};

static bool failed(struct upkeep *upkeep, struct db_session *s, const struct db_reply *reply)
{
	if (!db_error(reply))
		return false;
	if (db_error(reply) == -EIO)
		log_warn("the upkeep of the database failed and is tried again: %s", db_message(reply));
	upkeep->busy = false;
	db_end(s);
	return true;
}

static void begin(struct db_session *s)
{
	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
}

static void on_done(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct upkeep *upkeep = arg;

	if (failed(upkeep, s, reply))
		return;
	upkeep->busy = false;
	db_end(s);
}

/* What changes what browsers see waits its turn with the batches, and so comes alone. */
static void on_cleaned(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct upkeep *upkeep = arg;

	if (failed(upkeep, s, reply))
		return;
	begin(s);
	db_add(s, SQL_NETWORK_LOCK_ALL, NULL, 0);
	DB_ADD(s, SQL_FLOW_CLEAN, upkeep->days);
	DB_ADD(s, SQL_ADDRESS_CLEAN, upkeep->days);
	db_add(s, SQL_CHANGE_NOTIFY_ALL, NULL, 0);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_done, upkeep);
}

static void on_stale(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct upkeep *upkeep = arg;

	if (failed(upkeep, s, reply))
		return;
	if (upkeep->ticks++ % CLEAN_EVERY) {
		upkeep->busy = false;
		db_end(s);
		return;
	}
	begin(s);
	DB_ADD(s, SQL_CHANGE_CLEAN, upkeep->days);
	DB_ADD(s, SQL_EVIDENCE_CLEAN, upkeep->days);
	db_add(s, SQL_SESSION_CLEAN, NULL, 0);
	db_add(s, SQL_LOGIN_FAILURE_CLEAN, NULL, 0);
	db_add(s, SQL_INVITE_CLEAN, NULL, 0);
	db_add(s, SQL_OIDC_FLOW_CLEAN, NULL, 0);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_cleaned, upkeep);
}

static void start(void *arg, struct db_session *s)
{
	begin(s);
	db_add(s, SQL_SENSOR_STALE, NULL, 0);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_stale, arg);
}

static void on_tick(void *arg)
{
	struct upkeep *upkeep = arg;

	loop_timer_set(upkeep->timer, TICK_MS);
	if (!upkeep->busy)
		upkeep->busy = db_begin(upkeep->app->db, start, upkeep) == 0;
}

int upkeep_open(struct app *app, struct upkeep **out)
{
	struct upkeep *upkeep = calloc(1, sizeof(*upkeep));

	if (!upkeep)
		return -ENOMEM;
	upkeep->app = app;
	snprintf(upkeep->days, sizeof(upkeep->days), "%ld", app->settings->change_days);
	upkeep->timer = loop_timer(app->loop, on_tick, upkeep);
	if (!upkeep->timer) {
		free(upkeep);
		return -ENOMEM;
	}
	loop_timer_set(upkeep->timer, FIRST_MS);
	*out = upkeep;
	return 0;
}

void upkeep_close(struct upkeep *upkeep)
{
	if (!upkeep)
		return;
	loop_timer_free(upkeep->timer);
	free(upkeep);
}
