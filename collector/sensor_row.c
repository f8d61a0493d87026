/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A sensor's row: what it said of itself, its latest status, and whether it is there. One writing at a time for each
 * connection, so that the latest word is the last written. The first one is answered with `welcome`.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/app.h"
#include "collector/db.h"
#include "collector/loop.h"
#include "collector/sensor_peer.h"
#include "defs/log.h"

void peer_say(struct sensor_peer *peer, struct buffer *json)
{
	if (peer->ws)
		ws_send(peer->ws, json->failed ? NULL : ws_buffer_make(json->bytes, json->length));
	buffer_free(json);
}

static bool connected_elsewhere(const struct sensor_peer *peer)
{
	for (const struct sensor_peer *other = peer->all->peers; other; other = other->next)
		if (other != peer && other->ws && !other->failed && strcmp(other->id, peer->id) == 0)
			return true;
	return false;
}

bool peer_leave(struct sensor_peer *peer)
{
	if (peer->ws || !peer->welcomed || peer->leaving || peer->updating || peer->work.busy ||
	    peer->all->closing || connected_elsewhere(peer))
		return false;
	peer->leaving = true;
	return peer_update(peer) == 0;
}

static void on_updated(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct sensor_peer *peer = arg;
	bool greet = peer->greeting;
	int error = db_error(reply);
	char text[200];
	struct buffer json = {0};

	if (error)
		log_debug("sensor %s: its row could not be written: %s", peer->name, db_message(reply));
	if (!error && !peer->leaving) {
		int64_t number = db_integer(reply, 2, 0, 0);

		peer->newest = number > peer->newest ? number : peer->newest;
		if (greet)
			peer->connection = number;
	}
	if (greet && !error) {
		snprintf(text, sizeof(text),
			 "{\"type\":\"welcome\",\"network_id\":\"%s\",\"sensor_id\":\"%s\",\"acked\":%" PRId64
			 "}",
			 peer->network_id, peer->id, db_integer(reply, 3, 0, 0));
		buffer_text(&json, text);
		peer->batch = (uint64_t)db_integer(reply, 3, 0, 0);
		peer->welcomed = true;
		peer_say(peer, &json);
	}
	db_end(s);
	peer->updating = peer->greeting = false;
	if (!peer->failed && peer->newest > peer->connection && !error)
		peer_replaced(peer);
	else if (greet && !error)
		work_look(peer);
	if (greet && error && !peer->failed)
		peer_fail(peer, STREAM_INTERNAL,
			  "the database is away; the sensor keeps its facts and tries again");
	if (!peer_leave(peer))
		peer_free(peer);
}

static void update_start(void *arg, struct db_session *s)
{
	struct sensor_peer *peer = arg;
	char number[24];

	snprintf(number, sizeof(number), "%" PRId64, peer->connection);
	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", peer->network_id, peer->greeting || peer->leaving ? "on" : "");
	if (peer->greeting)
		DB_ADD(s, SQL_SENSOR_GREET, peer->network_id, peer->id, peer->hello);
	else if (!peer->leaving)
		DB_ADD(s, SQL_SENSOR_UPDATE, peer->network_id, peer->id,
		       peer->status ? peer->status : "{\"connected\":true,\"seen\":true}");
	DB_ADD(s, SQL_OUTBOX_BATCH, peer->network_id, peer->id, peer->outbox);
	if (peer->leaving) {
		work_add_end(peer, s);
		DB_ADD(s, SQL_SENSOR_LEAVE, peer->network_id, peer->id, number);
	}
	db_add(s, SQL_COMMIT, NULL, 0);
	free(peer->status);
	peer->status = NULL;
	db_go(s, on_updated, peer);
}

int peer_update(struct sensor_peer *peer)
{
	int error;

	if (peer->updating)
		return 0;
	peer->updating = true;
	peer->updated_ms = loop_now_ms();
	peer->heard = false;
	error = db_begin(peer->all->app->db, update_start, peer);
	if (error)
		peer->updating = false;
	return error;
}
