/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A timer and a list of networks. A log that grows is looked at once a second at most, so that a busy network costs one look and not one for each
 * batch; everything is looked at four times a minute. Several collectors may look: the database lets one at a time.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/alert.h"
#include "collector/app.h"
#include "collector/db.h"
#include "collector/loop.h"
#include "defs/log.h"

enum {
	FIRST_MS = 1000,
	SOON_MS = 1000,
	ALL_MS = 15000,
	LOOK = 2,	 /* index of alerts_look's reply, after begin and act_as */
	AGAIN_MAX = 200, /* turns for one network: a log that grows faster waits for the next look */
};

struct alert_watch {
	struct app *app;
	struct loop_timer *timer;
	bool busy, dirty, all;
	int64_t all_ms; /* when everything is due */
	/* The networks of this look, and which is next. */
	char (*networks)[ID_TEXT_MAX];
	size_t count, next;
	unsigned int again;
	bool thorough;
};

static void look(struct alert_watch *);

static void over(struct alert_watch *watch)
{
	int64_t now = loop_now_ms();

	free(watch->networks);
	watch->networks = NULL;
	watch->count = watch->next = 0;
	watch->busy = false;
	loop_timer_set(watch->timer, watch->all		   ? 0
				     : watch->dirty	   ? SOON_MS
				     : watch->all_ms > now ? watch->all_ms - now
							   : 0);
}

static void on_looked(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct alert_watch *watch = arg;
	bool more = false;

	if (db_error(reply) == -EIO)
		log_warn("alerts could not be looked for and are tried again: %s", db_message(reply));
	if (!db_error(reply) && db_rows(reply, LOOK))
		more = db_true(reply, LOOK, 0, 1) && watch->again++ < AGAIN_MAX;
	if (!more) {
		watch->next++;
		watch->again = 0;
	}
	db_end(s);
	if (db_error(reply) == -ENOTCONN)
		over(watch);
	else
		look(watch);
}

static void start_look(void *arg, struct db_session *s)
{
	struct alert_watch *watch = arg;

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
	DB_ADD(s, SQL_ALERTS_LOOK, watch->networks[watch->next], watch->thorough && !watch->again ? "t" : "f");
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_looked, watch);
}

static void look(struct alert_watch *watch)
{
	if (watch->next >= watch->count || db_begin(watch->app->db, start_look, watch))
		over(watch);
}

static void on_networks(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct alert_watch *watch = arg;
	size_t rows = db_error(reply) ? 0 : db_rows(reply, LOOK);

	watch->networks = rows ? calloc(rows, sizeof(*watch->networks)) : NULL;
	for (size_t i = 0; watch->networks && i < rows; i++)
		snprintf(watch->networks[watch->count++], ID_TEXT_MAX, "%s", db_value(reply, LOOK, i, 0));
	db_end(s);
	look(watch);
}

static void start(void *arg, struct db_session *s)
{
	struct alert_watch *watch = arg;

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
	DB_ADD(s, SQL_ALERT_NETWORKS, watch->thorough ? "t" : "f");
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_networks, watch);
}

static void on_timer(void *arg)
{
	struct alert_watch *watch = arg;
	int64_t now = loop_now_ms();

	if (watch->busy)
		return;
	watch->thorough = watch->all || now >= watch->all_ms;
	if (watch->thorough)
		watch->all_ms = now + ALL_MS;
	watch->dirty = watch->all = false;
	watch->again = 0;
	watch->busy = true;
	if (db_begin(watch->app->db, start, watch)) {
		watch->busy = false;
		watch->dirty = true;
		loop_timer_set(watch->timer, FIRST_MS);
	}
}

void alert_watch_changed(struct alert_watch *watch, const char *network_id)
{
	(void)network_id; /* which ones have grown the database knows */
	if (!watch || watch->dirty)
		return;
	watch->dirty = true;
	if (!watch->busy)
		loop_timer_set(watch->timer, SOON_MS);
}

void alert_watch_all(struct alert_watch *watch)
{
	if (!watch)
		return;
	watch->all = true;
	if (!watch->busy)
		loop_timer_set(watch->timer, 0);
}

int alert_watch_open(struct app *app, struct alert_watch **out)
{
	struct alert_watch *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return -ENOMEM;
	watch->app = app;
	watch->timer = loop_timer(app->loop, on_timer, watch);
	if (!watch->timer) {
		free(watch);
		return -ENOMEM;
	}
	loop_timer_set(watch->timer, FIRST_MS);
	*out = watch;
	return 0;
}

void alert_watch_close(struct alert_watch *watch)
{
	if (!watch)
		return;
	loop_timer_free(watch->timer);
	free(watch->networks);
	free(watch);
}
