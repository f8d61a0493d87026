/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Viewers: each is in one state, and viewer_advance() does what that state needs, again whenever something it waits for
 * has happened: a message, a reply, room in its socket, the database's return. Snapshot pages are read one after another, each in a
 * transaction of its own, so that a slow browser holds nothing: a row may be newer than the snapshot's seq, and the changes that made it so follow.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/http.h"
#include "collector/json.h"
#include "collector/live_viewer.h"
#include "collector/loop.h"
#include "defs/limits.h"
#include "defs/log.h"

enum {
	PAGE_ROWS = 1000,
	AHEAD_BYTES_MAX = 1 << 20, /* unwritten; no more is read for this viewer until it is less */
};

static const enum statement page_statements[ENTITY_COUNT] = {
	[ENTITY_network_id] = SQL_LIVE_PAGE_NETWORK,   [ENTITY_sensor_id] = SQL_LIVE_PAGE_SENSOR,
	[ENTITY_host_id] = SQL_LIVE_PAGE_HOST,	       [ENTITY_interface_id] = SQL_LIVE_PAGE_INTERFACE,
	[ENTITY_service_id] = SQL_LIVE_PAGE_SERVICE,   [ENTITY_flow_id] = SQL_LIVE_PAGE_FLOW,
	[ENTITY_subnet_id] = SQL_LIVE_PAGE_SUBNET,     [ENTITY_binding_id] = SQL_LIVE_PAGE_BINDING,
	[ENTITY_group_id] = SQL_LIVE_PAGE_GROUP,       [ENTITY_discovery_id] = SQL_LIVE_PAGE_DISCOVERY,
	[ENTITY_session_id] = SQL_LIVE_PAGE_SESSION,   [ENTITY_neighbor_id] = SQL_LIVE_PAGE_NEIGHBOR,
	[ENTITY_topology_id] = SQL_LIVE_PAGE_TOPOLOGY, [ENTITY_alert_id] = SQL_LIVE_PAGE_ALERT,
	[ENTITY_link_id] = SQL_LIVE_PAGE_LINK,
};

static const char id_zero[] = "00000000-0000-0000-0000-000000000000";

static void viewer_free(struct viewer *viewer)
{
	if (viewer->ws || viewer->busy)
		return;
	for (struct viewer **at = &viewer->live->viewers; *at; at = &(*at)->next) {
		if (*at != viewer)
			continue;
		*at = viewer->next;
		break;
	}
	feed_leave(viewer->feed);
	free(viewer);
}

static void say(struct viewer *viewer, struct buffer *json)
{
	if (viewer->ws)
		ws_send(viewer->ws, json->failed ? NULL : ws_buffer_make(json->bytes, json->length));
	buffer_free(json);
}

static void refuse(struct viewer *viewer, unsigned int close, const char *code, const char *message)
{
	struct buffer json = {0};

	viewer->state = VIEWER_IDLE;
	if (!viewer->ws)
		return;
	buffer_printf(&json, "{\"type\":\"error\",\"code\":\"%s\",\"message\":\"%s\"}", code, message);
	say(viewer, &json);
	ws_close(viewer->ws, close, message);
}

static void say_ready(struct viewer *viewer)
{
	struct buffer json = {0};

	buffer_printf(&json, "{\"type\":\"ready\",\"network_id\":\"%s\",\"seq\":%" PRId64 "}",
		      viewer->feed->network_id, viewer->seq);
	say(viewer, &json);
	/* What was committed since is not known: look once, alone. */
	viewer->state = VIEWER_CATCH_UP;
}

/* Replies, one for each state that asks the database. */

static void found_network(struct viewer *viewer, const struct db_reply *reply)
{
	int64_t seq = db_integer(reply, 2, 0, 1), oldest = db_integer(reply, 2, 0, 2);
	struct feed *feed;

	if (!db_rows(reply, 2)) {
		refuse(viewer, WS_CLOSE_POLICY, "not_found",
		       "there is no such network, or it is not yours to see");
		return;
	}
	feed = feed_join(viewer->live, db_value(reply, 2, 0, 0), seq);
	if (!feed) {
		refuse(viewer, WS_CLOSE_INTERNAL, "internal", "there is no memory");
		return;
	}
	feed_leave(viewer->feed);
	viewer->feed = feed;
	if (viewer->after >= oldest - 1 && viewer->after <= seq) {
		viewer->seq = viewer->after;
		viewer->live->counters.resumes++;
		say_ready(viewer);
		return;
	}
	viewer->seq = seq;
	viewer->state = VIEWER_SNAPSHOT;
	viewer->live->counters.snapshots++;
	for (size_t i = 0; i < ENTITY_COUNT; i++) {
		memcpy(viewer->pages[i].last_id, id_zero, sizeof(id_zero));
		viewer->pages[i].whole = false;
	}
}

static void found_pages(struct viewer *viewer, const struct db_reply *reply)
{
	size_t query = 2;
	bool whole = true;

	for (size_t i = 0; i < ENTITY_COUNT; i++) {
		struct buffer json = {0};

		if (viewer->pages[i].whole)
			continue;
		buffer_printf(&json, "{\"type\":\"snapshot\",\"network_id\":\"%s\",\"entity\":\"%s\",\"rows\":",
			      viewer->feed->network_id, entities[i].name);
		buffer_text(&json, db_value(reply, query, 0, 0));
		buffer_text(&json, "}");
		say(viewer, &json);
		viewer->pages[i].whole = db_integer(reply, query, 0, 1) < PAGE_ROWS;
		if (!viewer->pages[i].whole)
			snprintf(viewer->pages[i].last_id, ID_TEXT_MAX, "%s", db_value(reply, query, 0, 2));
		whole &= viewer->pages[i].whole;
		query++;
	}
	if (whole)
		say_ready(viewer);
}

static void found_changes(struct viewer *viewer, const struct db_reply *reply)
{
	int64_t from = viewer->seq, first = db_integer(reply, FEED_REPLY, 0, 2);

	if (!db_value(reply, FEED_REPLY, 0, 0)) {
		if (viewer->seq >= viewer->feed->seq)
			viewer->state = VIEWER_FOLLOW;
		return;
	}
	/* The log was cut while it was away for so long: begin anew. */
	if (first != from + 1) {
		viewer->after = -1;
		viewer->state = VIEWER_SUBSCRIBE;
		return;
	}
	viewer->seq = db_integer(reply, FEED_REPLY, 0, 1);
	if (viewer->ws)
		ws_send(viewer->ws, feed_message(reply));
	if (viewer->seq >= viewer->feed->seq && !db_true(reply, FEED_REPLY, 0, 3))
		viewer->state = VIEWER_FOLLOW;
}

static void on_reply(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct viewer *viewer = arg;
	bool current = viewer->asked == viewer->generation && viewer->ws;

	viewer->busy = false;
	if (db_error(reply) == -EIO)
		log_error("a browser's feed could not be read: %s", db_message(reply));
	if (current && !db_error(reply)) {
		if (viewer->state == VIEWER_SUBSCRIBE)
			found_network(viewer, reply);
		else if (viewer->state == VIEWER_SNAPSHOT)
			found_pages(viewer, reply);
		else if (viewer->state == VIEWER_CATCH_UP)
			found_changes(viewer, reply);
	} else if (current && db_error(reply) == -EIO) {
		refuse(viewer, WS_CLOSE_INTERNAL, "internal", "the database could not do this");
	}
	if (!db_error(reply) || !current)
		viewer_advance(viewer);
	db_end(s);
	viewer_free(viewer);
}

static void start(void *arg, struct db_session *s)
{
	struct viewer *viewer = arg;
	char most[16];

	snprintf(most, sizeof(most), "%d", PAGE_ROWS);
	viewer->asked = viewer->generation;
	if (viewer->state == VIEWER_CATCH_UP && viewer->feed) {
		feed_ask(s, viewer->feed->network_id, viewer->seq);
		db_go(s, on_reply, viewer);
		return;
	}
	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, viewer->user_id, viewer->state == VIEWER_SNAPSHOT ? viewer->feed->network_id : "",
	       "");
	if (viewer->state == VIEWER_SUBSCRIBE)
		DB_ADD(s, SQL_LIVE_NETWORK_FIND, viewer->wanted);
	for (size_t i = 0; i < ENTITY_COUNT && viewer->state == VIEWER_SNAPSHOT; i++)
		if (!viewer->pages[i].whole)
			DB_ADD(s, page_statements[i], viewer->pages[i].last_id, most);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_reply, viewer);
}

void viewer_advance(struct viewer *viewer)
{
	if (viewer->busy || !viewer->ws || viewer->state == VIEWER_IDLE || viewer->state == VIEWER_FOLLOW ||
	    ws_backlog(viewer->ws) > AHEAD_BYTES_MAX)
		return;
	/* While the database is away it waits: live_wake() comes when it is back. */
	viewer->busy = db_begin(viewer->live->app->db, start, viewer) == 0;
}

static void on_drained(void *arg)
{
	viewer_advance(arg);
}

static void on_message(void *arg, char *bytes, size_t length)
{
	struct viewer *viewer = arg;
	const struct json *network, *after;
	struct json *message = NULL;
	const char *why, *text = "";
	uint64_t seq;
	size_t size = 0;

	if (json_read(bytes, length, &message, &why)) {
		refuse(viewer, WS_CLOSE_TEXT, "not_json", "a message must be a JSON object");
		return;
	}
	network = json_get(message, "network_id");
	after = json_get(message, "after");
	if (!json_text(json_get(message, "type"), &text, &size) || strcmp(text, "subscribe") != 0) {
		refuse(viewer, WS_CLOSE_POLICY, "bad_message", "only subscribe is known");
	} else if ((network && (!json_text(network, &text, &size) || !id_valid(text, size))) ||
		   (after && !json_integer(after, INT64_MAX, &seq))) {
		refuse(viewer, WS_CLOSE_POLICY, "bad_message",
		       "network_id must be a UUID or null, after a number or null");
	} else {
		snprintf(viewer->wanted, sizeof(viewer->wanted), "%s", network ? text : "");
		viewer->after = after ? (int64_t)seq : -1;
		viewer->generation++;
		viewer->state = VIEWER_SUBSCRIBE;
		viewer_advance(viewer);
	}
	json_free(message);
}

static void on_refused(void *arg, bool too_large)
{
	refuse(arg, too_large ? WS_CLOSE_LARGE : WS_CLOSE_TEXT, too_large ? "too_large" : "not_json",
	       too_large ? "the message is too large" : "a message must be text");
}

static void *on_opened(void *arg, struct ws *ws, const struct http_head *head)
{
	struct live *live = arg;
	const struct auth_session *session = auth_browser_of(live->app->auth, head);
	struct viewer *viewer = session ? calloc(1, sizeof(*viewer)) : NULL;

	if (!viewer)
		return NULL;
	viewer->live = live;
	viewer->ws = ws;
	memcpy(viewer->session_hash, session->hash, sizeof(viewer->session_hash));
	memcpy(viewer->user_id, session->user_id, sizeof(viewer->user_id));
	viewer->next = live->viewers;
	live->viewers = viewer;
	return viewer;
}

static void on_closed(void *arg)
{
	struct viewer *viewer = arg;

	viewer->ws = NULL;
	viewer_free(viewer);
}

void live_wake(struct live *live, const char *network_id)
{
	for (struct feed *feed = live->feeds, *next; feed; feed = next) {
		next = feed->next;
		if (!network_id || strcmp(feed->network_id, network_id) == 0)
			feed_read(feed);
	}
	if (network_id)
		return;
	for (struct viewer *viewer = live->viewers; viewer; viewer = viewer->next)
		viewer_advance(viewer);
}

void live_check(struct live *live)
{
	for (struct viewer *viewer = live->viewers; viewer; viewer = viewer->next)
		if (viewer->ws && !auth_session_by_hash(live->app->auth, viewer->session_hash))
			refuse(viewer, WS_CLOSE_POLICY, "signed_out", "the session has ended; sign in again");
}

int live_open(struct app *app, struct live **out)
{
	struct live *live = calloc(1, sizeof(*live));

	if (!live)
		return -ENOMEM;
	live->app = app;
	live->service = (struct ws_service){
		.path = "/live",
		.protocol = "netvisor.live.1",
		.message_bytes_max = LIVE_MESSAGE_BYTES_MAX,
		.backlog_bytes_max = LIVE_BACKLOG_BYTES_MAX,
		.opened = on_opened,
		.message = on_message,
		.refused = on_refused,
		.drained = on_drained,
		.closed = on_closed,
		.arg = live,
	};
	*out = live;
	return 0;
}

const struct ws_service *live_service(const struct live *live)
{
	return &live->service;
}

size_t live_viewers(const struct live *live)
{
	size_t count = 0;

	for (const struct viewer *viewer = live->viewers; viewer; viewer = viewer->next)
		count += viewer->ws != NULL;
	return count;
}

const struct live_counters *live_counters(const struct live *live)
{
	return &live->counters;
}

void live_close(struct live *live)
{
	if (!live)
		return;
	while (live->viewers) {
		struct viewer *viewer = live->viewers;

		live->viewers = viewer->next;
		free(viewer);
	}
	while (live->feeds) {
		struct feed *feed = live->feeds;

		live->feeds = feed->next;
		loop_timer_free(feed->timer);
		free(feed);
	}
	free(live);
}
