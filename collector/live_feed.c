/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A network's log, read once for all who follow it. While a reading is under way others are folded into the next one.
 * Whoever is not where the feed is catches up alone (live.c). The more follow, the longer it waits between two readings, so
 * that batches which come fast make one message and not one each for everybody.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/live_viewer.h"
#include "collector/loop.h"

enum {
	VIEWERS_A_MS = 10, /* a thousand viewers: 100 ms between two readings */
	WAIT_MS_MAX = 100,
};

static void on_timer(void *arg)
{
	feed_read(arg);
}

struct feed *feed_join(struct live *live, const char *network_id, int64_t seq)
{
	struct feed *feed = live->feeds;

	while (feed && strcmp(feed->network_id, network_id) != 0)
		feed = feed->next;
	if (!feed) {
		feed = calloc(1, sizeof(*feed));
		if (!feed)
			return NULL;
		feed->timer = loop_timer(live->app->loop, on_timer, feed);
		if (!feed->timer) {
			free(feed);
			return NULL;
		}
		feed->live = live;
		snprintf(feed->network_id, sizeof(feed->network_id), "%s", network_id);
		feed->seq = seq;
		feed->next = live->feeds;
		live->feeds = feed;
	}
	feed->viewers++;
	return feed;
}

static void feed_free(struct feed *feed)
{
	if (feed->viewers || feed->busy)
		return;
	for (struct feed **at = &feed->live->feeds; *at; at = &(*at)->next) {
		if (*at != feed)
			continue;
		*at = feed->next;
		break;
	}
	loop_timer_free(feed->timer);
	free(feed);
}

void feed_leave(struct feed *feed)
{
	if (!feed)
		return;
	feed->viewers--;
	feed_free(feed);
}

void feed_ask(struct db_session *s, const char *network_id, int64_t seq)
{
	char from[24], most[24];

	snprintf(from, sizeof(from), "%" PRId64, seq);
	snprintf(most, sizeof(most), "%d", LIVE_CHANGES_MAX);
	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", network_id, "");
	DB_ADD(s, SQL_LIVE_CHANGES, from, most);
	db_add(s, SQL_COMMIT, NULL, 0);
}

struct ws_buffer *feed_message(const struct db_reply *reply)
{
	struct buffer json = {0};
	struct ws_buffer *message;

	buffer_text(&json, "{\"type\":\"changes\",\"changes\":[");
	buffer_add(&json, db_value(reply, FEED_REPLY, 0, 0), db_length(reply, FEED_REPLY, 0, 0));
	buffer_text(&json, "]}");
	message = json.failed ? NULL : ws_buffer_make(json.bytes, json.length);
	buffer_free(&json);
	return message;
}

static void send_to_followers(struct feed *feed, const struct db_reply *reply, int64_t from, int64_t to)
{
	struct ws_buffer *message = feed_message(reply);

	for (struct viewer *viewer = feed->live->viewers; viewer; viewer = viewer->next) {
		if (viewer->feed != feed || viewer->state != VIEWER_FOLLOW || viewer->seq >= to || !viewer->ws)
			continue;
		if (viewer->seq != from) {
			viewer->state = VIEWER_CATCH_UP;
			viewer_advance(viewer);
			continue;
		}
		viewer->seq = to;
		feed->live->counters.messages++;
		ws_send(viewer->ws, ws_buffer_keep(message));
	}
	if (message)
		ws_buffer_drop(message);
}

static void on_read(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct feed *feed = arg;
	int64_t from = feed->seq;

	feed->busy = false;
	if (db_error(reply)) {
		feed->dirty = true; /* it is read when the database is back */
	} else if (db_value(reply, FEED_REPLY, 0, 0)) {
		feed->seq = db_integer(reply, FEED_REPLY, 0, 1);
		feed->live->counters.changes += (uint64_t)(feed->seq - from);
		send_to_followers(feed, reply, from, feed->seq);
		feed->next_ms = loop_now_ms() + (feed->viewers < (size_t)VIEWERS_A_MS * WAIT_MS_MAX
							 ? (int64_t)feed->viewers / VIEWERS_A_MS
							 : WAIT_MS_MAX);
		feed->dirty |= db_true(reply, FEED_REPLY, 0, 3);
	}
	if (feed->dirty && !db_error(reply))
		feed_read(feed);
	db_end(s);
	feed_free(feed);
}

static void start(void *arg, struct db_session *s)
{
	struct feed *feed = arg;

	feed_ask(s, feed->network_id, feed->seq);
	db_go(s, on_read, feed);
}

void feed_read(struct feed *feed)
{
	int64_t wait_ms = feed->next_ms - loop_now_ms();

	feed->dirty = true;
	if (feed->busy || !feed->viewers)
		return;
	if (wait_ms > 0) {
		loop_timer_set(feed->timer, wait_ms);
		return;
	}
	feed->busy = db_begin(feed->live->app->db, start, feed) == 0;
	feed->dirty = !feed->busy;
}
