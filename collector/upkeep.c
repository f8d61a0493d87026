/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A timer and a list of transactions, one after another: some often, the others seldom, each bounded, so that ingest does
 * not wait long. One that fails does not keep the others from their turn.
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
	OFTEN = 1, /* ticks */
	SELDOM = 20,
	HOURLY = 240,
	AGAIN_MAX = 64, /* in a row */
};

struct upkeep {
	struct app *app;
	struct loop_timer *timer;
	unsigned int ticks;
	size_t step;
	unsigned int again;
	bool busy;
	char days[16], minute_days[16], hour_days[16];
};

struct step {
	const char *what;
	unsigned int every; /* ticks */
	bool again; /* as long as its first statement gives rows: it does a part of its work at a time */
	void (*add)(const struct upkeep *, struct db_session *);
};

static void add_stale(const struct upkeep *upkeep, struct db_session *s)
{
	(void)upkeep;
	db_add(s, SQL_SENSOR_STALE, NULL, 0);
}

static void add_traffic_close(const struct upkeep *upkeep, struct db_session *s)
{
	(void)upkeep;
	db_add(s, SQL_TRAFFIC_CLOSE, NULL, 0);
}

static void add_traffic_roll(const struct upkeep *upkeep, struct db_session *s)
{
	(void)upkeep;
	db_add(s, SQL_TRAFFIC_ROLL, NULL, 0);
}

static void add_traffic_roll_days(const struct upkeep *upkeep, struct db_session *s)
{
	(void)upkeep;
	db_add(s, SQL_TRAFFIC_ROLL_DAYS, NULL, 0);
}

static void add_people(const struct upkeep *upkeep, struct db_session *s)
{
	(void)upkeep;
	db_add(s, SQL_SESSION_CLEAN, NULL, 0);
	db_add(s, SQL_LOGIN_FAILURE_CLEAN, NULL, 0);
	db_add(s, SQL_INVITE_CLEAN, NULL, 0);
	db_add(s, SQL_OIDC_FLOW_CLEAN, NULL, 0);
	db_add(s, SQL_AUDIT_CLEAN, NULL, 0);
}

static void add_history(const struct upkeep *upkeep, struct db_session *s)
{
	db_add(s, SQL_NETWORK_LOCK_ALL, NULL, 0);
	DB_ADD(s, SQL_HISTORY_TRIM, upkeep->days);
}

static void add_evidence(const struct upkeep *upkeep, struct db_session *s)
{
	DB_ADD(s, SQL_EVIDENCE_CLEAN, upkeep->days);
	DB_ADD(s, SQL_PRESENCE_CLEAN, upkeep->days);
}

static void add_identity(const struct upkeep *upkeep, struct db_session *s)
{
	DB_ADD(s, SQL_SIGNAL_CLEAN, upkeep->days);
	DB_ADD(s, SQL_DECISION_CLEAN, upkeep->days);
	DB_ADD(s, SQL_CONSOLIDATION_CLEAN, upkeep->days);
}

static void add_traffic_forget(const struct upkeep *upkeep, struct db_session *s)
{
	DB_ADD(s, SQL_TRAFFIC_FORGET, upkeep->days, upkeep->minute_days, upkeep->hour_days);
	DB_ADD(s, SQL_TRAFFIC_TRIM, upkeep->days);
}

/* What changes what browsers see waits its turn with the batches, and so comes alone. */
static void add_things(const struct upkeep *upkeep, struct db_session *s)
{
	db_add(s, SQL_NETWORK_LOCK_ALL, NULL, 0);
	DB_ADD(s, SQL_FLOW_CLEAN, upkeep->days);
	DB_ADD(s, SQL_NEIGHBOR_CLEAN, upkeep->days);
	DB_ADD(s, SQL_LINK_CLEAN, upkeep->days);
	DB_ADD(s, SQL_ADDRESS_CLEAN, upkeep->days);
	db_add(s, SQL_CHANGE_NOTIFY_ALL, NULL, 0);
}

static void add_groups(const struct upkeep *upkeep, struct db_session *s)
{
	(void)upkeep;
	db_add(s, SQL_GROUP_PROPOSALS_FIND_ALL, NULL, 0);
}

static void add_concluded(const struct upkeep *upkeep, struct db_session *s)
{
	(void)upkeep;
	db_add(s, SQL_NETWORK_LOCK_ALL, NULL, 0);
	db_add(s, SQL_CONCLUDED_SEEN, NULL, 0);
	db_add(s, SQL_CHANGE_NOTIFY_ALL, NULL, 0);
}

static void add_alerts(const struct upkeep *upkeep, struct db_session *s)
{
	DB_ADD(s, SQL_ALERT_CLEAN, upkeep->days);
	db_add(s, SQL_ALERT_OUTBOX_CLEAN, NULL, 0);
}

static const struct step steps[] = {
	{"sensors that are gone", OFTEN, false, add_stale},
	{"hours of traffic that are over", OFTEN, false, add_traffic_close},
	{"sums of traffic by the hour", OFTEN, true, add_traffic_roll},
	{"sums of traffic by the day", OFTEN, true, add_traffic_roll_days},
	{"old sessions and invitations", SELDOM, false, add_people},
	{"the log's beginning", SELDOM, false, add_history},
	{"old evidence and presence", SELDOM, false, add_evidence},
	{"old signals and decisions", SELDOM, false, add_identity},
	{"old alerts", SELDOM, false, add_alerts},
	{"old traffic", SELDOM, false, add_traffic_forget},
	{"services of hosts as a whole", SELDOM, false, add_concluded},
	{"groups that flows propose", HOURLY, false, add_groups},
	{"old flows, ports and far addresses", SELDOM, false, add_things},
};
enum { STEP_COUNT = sizeof(steps) / sizeof(steps[0]) };

static void next(struct upkeep *);

static void on_reply(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct upkeep *upkeep = arg;

	if (db_error(reply) == -EIO)
		log_warn("the upkeep of the database (%s) failed and is tried again: %s",
			 steps[upkeep->step].what, db_message(reply));
	if (!db_error(reply) && steps[upkeep->step].again && db_rows(reply, 2) && upkeep->again < AGAIN_MAX) {
		upkeep->again++;
	} else {
		upkeep->again = 0;
		upkeep->step++;
	}
	db_end(s);
	next(upkeep);
}

static void start(void *arg, struct db_session *s)
{
	const struct upkeep *upkeep = arg;

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
	steps[upkeep->step].add(upkeep, s);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_reply, arg);
}

/* The next step whose turn it is. While the database is away there is none. */
static void next(struct upkeep *upkeep)
{
	while (upkeep->step < STEP_COUNT && (upkeep->ticks - 1) % steps[upkeep->step].every)
		upkeep->step++;
	upkeep->busy = upkeep->step < STEP_COUNT && db_begin(upkeep->app->db, start, upkeep) == 0;
}

static void on_tick(void *arg)
{
	struct upkeep *upkeep = arg;

	loop_timer_set(upkeep->timer, TICK_MS);
	if (upkeep->busy)
		return;
	upkeep->ticks++; /* the first does everything: it may have been away for long */
	upkeep->step = 0;
	next(upkeep);
}

int upkeep_open(struct app *app, struct upkeep **out)
{
	struct upkeep *upkeep = calloc(1, sizeof(*upkeep));

	if (!upkeep)
		return -ENOMEM;
	upkeep->app = app;
	snprintf(upkeep->days, sizeof(upkeep->days), "%ld", app->settings->change_days);
	snprintf(upkeep->minute_days, sizeof(upkeep->minute_days), "%ld", app->settings->traffic_minute_days);
	snprintf(upkeep->hour_days, sizeof(upkeep->hour_days), "%ld", app->settings->traffic_hour_days);
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
