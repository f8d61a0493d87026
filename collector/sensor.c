/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One peer a connection: hello, then batches, each acknowledged after its commit. A peer outlives its connection while
 * batches of it are on their way. When too many wait, its connection is not read.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/app.h"
#include "collector/auth.h"
#include "collector/db.h"
#include "collector/http.h"
#include "collector/ingest.h"
#include "collector/loop.h"
#include "collector/sensor.h"
#include "collector/sensor_peer.h"
#include "collector/ws.h"
#include "defs/limits.h"
#include "defs/log.h"

enum {
	BATCHES_QUEUED_MAX = 8, /* of one connection; then it is not read until one is committed */
	BACKLOG_BYTES_MAX = 256 << 10,
	TICK_MS = 500,
	STATUS_MS = 5000, /* a sensor's row changes at most so often for its status */
	HELLO_MS_MAX = 15000,
};

void peer_fail(struct sensor_peer *peer, enum stream_code code, const char *message)
{
	struct buffer json = {0};

	peer->failed = true;
	if (!peer->ws)
		return;
	peer->all->counters.refused += code != STREAM_REPLACED && code != STREAM_INTERNAL;
	log_warn("sensor %s: %s: %s", peer->name, stream_code_name(code), message);
	buffer_text(&json, "{\"type\":\"error\",\"code\":");
	buffer_json(&json, stream_code_name(code), strlen(stream_code_name(code)));
	buffer_text(&json, ",\"message\":");
	buffer_json(&json, message, strlen(message));
	buffer_text(&json, "}");
	peer_say(peer, &json);
	ws_close(peer->ws, stream_code_close(code), message);
}

void peer_free(struct sensor_peer *peer)
{
	if (peer->ws || peer->batches || peer->updating || peer->work.busy)
		return;
	for (struct sensor_peer **at = &peer->all->peers; *at; at = &(*at)->next) {
		if (*at != peer)
			continue;
		*at = peer->next;
		break;
	}
	work_clear(peer);
	free(peer->status);
	free(peer->hello);
	free(peer);
}

void peer_replaced(struct sensor_peer *peer)
{
	peer_fail(peer, STREAM_REPLACED, "this sensor's key has connected again; the newer connection counts");
}

bool peer_serves(const struct sensor_peer *peer)
{
	return peer->ws && peer->welcomed && !peer->failed;
}

/* Messages. */

static void on_hello(struct sensor_peer *peer, const struct stream_message *m)
{
	struct buffer patch = {0};

	if (peer->greeted) {
		peer_fail(peer, STREAM_BAD_MESSAGE, "hello was said before");
		return;
	}
	peer->greeted = true;
	snprintf(peer->outbox, sizeof(peer->outbox), "%s", m->hello.outbox);
	buffer_text(&patch, "{");
	buffer_key(&patch, "name");
	buffer_json(&patch, m->hello.name, strlen(m->hello.name));
	buffer_key(&patch, "hostname");
	buffer_json(&patch, m->hello.hostname, strlen(m->hello.hostname));
	buffer_key(&patch, "software");
	buffer_json(&patch, m->hello.software, strlen(m->hello.software));
	buffer_key(&patch, "capabilities");
	buffer_text(&patch, m->hello.capabilities);
	buffer_key(&patch, "interfaces");
	buffer_text(&patch, m->hello.interfaces);
	buffer_text(&patch, ",\"connected\":true,\"seen\":true}");
	if (patch.failed) {
		buffer_free(&patch);
		peer_fail(peer, STREAM_INTERNAL, "there is no memory");
		return;
	}
	peer->hello = patch.bytes;
	peer->greeting = true;
	if (peer_update(peer)) {
		peer->greeting = false;
		peer_fail(peer, STREAM_INTERNAL,
			  "the database is away; the sensor keeps its facts and tries again");
	}
}

static bool batch_wanted(void *arg)
{
	return !((struct sensor_peer *)arg)->failed;
}

static void on_batch(void *arg, struct batch *batch, int error)
{
	struct sensor_peer *peer = arg;
	struct buffer json = {0};

	peer->batches--;
	if (error) {
		if (!peer->failed)
			peer_fail(peer, STREAM_INTERNAL,
				  "the database did not take the batch; the sensor keeps it and tries again");
	} else {
		buffer_printf(&json, "{\"type\":\"ack\",\"batch\":%" PRIu64 "}", batch->message.facts.batch);
		peer_say(peer, &json);
		if (peer->ws && peer->batches < BATCHES_QUEUED_MAX)
			ws_pause(peer->ws, false);
	}
	peer_free(peer);
}

static void on_facts(struct sensor_peer *peer, struct stream_message *m)
{
	struct batch *batch;

	if (!peer->welcomed || m->facts.batch <= peer->last) {
		peer_fail(peer, STREAM_BAD_MESSAGE,
			  peer->welcomed ? "a batch must have a higher number than the one before"
					 : "facts before welcome");
		stream_free(m);
		return;
	}
	batch = calloc(1, sizeof(*batch));
	if (!batch) {
		peer_fail(peer, STREAM_INTERNAL, "there is no memory");
		stream_free(m);
		return;
	}
	peer->last = m->facts.batch;
	memcpy(batch->network_id, peer->network_id, sizeof(batch->network_id));
	memcpy(batch->sensor_id, peer->id, sizeof(batch->sensor_id));
	memcpy(batch->outbox, peer->outbox, sizeof(batch->outbox));
	batch->message = *m;
	batch->done = on_batch;
	batch->wanted = batch_wanted;
	batch->arg = peer;
	peer->batches++;
	if (peer->batches >= BATCHES_QUEUED_MAX)
		ws_pause(peer->ws, true);
	ingest_submit(peer->all->app->ingest, batch);
}

static void on_status(struct sensor_peer *peer, const struct stream_message *m)
{
	struct buffer patch = {0};

	buffer_text(&patch, "{\"connected\":true,\"seen\":true,\"counters\":");
	buffer_text(&patch, m->status.counters);
	buffer_text(&patch, "}");
	if (patch.failed) {
		buffer_free(&patch);
		return;
	}
	free(peer->status);
	peer->status = patch.bytes;
	if (loop_now_ms() - peer->updated_ms >= STATUS_MS)
		peer_update(peer);
}

static void on_result(struct sensor_peer *peer, const struct stream_message *m)
{
	struct sensor_command *command = &peer->command;

	if (work_result(peer, m) || !command->done || strcmp(command->id, m->result.id) != 0)
		return;
	command_end(peer, m->result.ok ? COMMAND_DONE : COMMAND_REFUSED, m->result.error, m->result.data);
}

static void on_message(void *arg, char *bytes, size_t length)
{
	struct sensor_peer *peer = arg;
	struct stream_message m;
	struct stream_error error;

	if (peer->failed)
		return;
	peer->heard = true;
	if (stream_read(bytes, length, &m, &error)) {
		peer_fail(peer, error.code, error.message);
		return;
	}
	if (!peer->greeted && m.type != STREAM_HELLO) {
		peer_fail(peer, STREAM_BAD_MESSAGE, "the first message must be hello");
	} else if (m.type == STREAM_FACTS) {
		on_facts(peer, &m); /* it keeps the message */
		return;
	} else if (m.type == STREAM_HELLO) {
		on_hello(peer, &m);
	} else if (m.type == STREAM_STATUS) {
		on_status(peer, &m);
	} else if (m.type == STREAM_PROGRESS) {
		work_progress(peer, &m);
	} else if (m.type == STREAM_RESULT) {
		on_result(peer, &m);
	} else {
		peer->all->counters.unknown_messages++;
	}
	stream_free(&m);
}

static void on_refused(void *arg, bool too_large)
{
	peer_fail(arg, too_large ? STREAM_TOO_LARGE : STREAM_NOT_JSON,
		  too_large ? "a message is larger than the limit" : "a message must be text");
}

/* Connections. */

/*
 * Whether nobody on the way can read what is said here. Behind a proxy that says whom a connection is for, what is between it and
 * the sensor is what the collector was told of browsers.
 */
static bool is_private(const struct app *app, const struct http_head *head)
{
	const char *url = app->settings->public_url, *peer = head->peer;

	if (head->tls)
		return true;
	if (http_forwarded(app->http))
		return app->settings->use_secure_session_cookies || (url && strncmp(url, "https://", 8) == 0);
	return strcmp(peer, "::1") == 0 ||
	       strncmp(peer + (strncmp(peer, "::ffff:", 7) ? 0 : 7), "127.", 4) == 0;
}

static void *on_opened(void *arg, struct ws *ws, const struct http_head *head)
{
	struct sensors *all = arg;
	const struct auth_sensor *key = auth_sensor_of(all->app->auth, head->authorization);
	struct sensor_peer *peer = key ? calloc(1, sizeof(*peer)) : NULL;

	if (!peer)
		return NULL;
	peer->all = all;
	peer->ws = ws;
	peer->opened_ms = loop_now_ms();
	peer->is_private = is_private(all->app, head);
	memcpy(peer->hash, key->hash, sizeof(peer->hash));
	memcpy(peer->id, key->id, sizeof(peer->id));
	memcpy(peer->network_id, key->network_id, sizeof(peer->network_id));
	memcpy(peer->name, key->name, sizeof(peer->name));
	for (struct sensor_peer *old = all->peers; old; old = old->next)
		if (old->ws && !old->failed && strcmp(old->id, peer->id) == 0)
			peer_replaced(old);
	peer->next = all->peers;
	all->peers = peer;
	all->counters.connections++;
	return peer;
}

static void on_closed(void *arg)
{
	struct sensor_peer *peer = arg;

	peer->ws = NULL;
	command_end(peer, COMMAND_LATE, "the sensor has left", NULL);
	if (!peer_leave(peer))
		peer_free(peer);
}

static void tick_peer(struct sensor_peer *peer, int64_t now_ms)
{
	if (peer->ws && !peer->failed && !peer->welcomed && !peer->updating &&
	    now_ms - peer->opened_ms > HELLO_MS_MAX)
		peer_fail(peer, STREAM_BAD_MESSAGE, "no hello came");
	if (peer->command.done && now_ms > peer->command.until_ms)
		command_end(peer, COMMAND_LATE, "the sensor did not answer in time", NULL);
	work_tick(peer, now_ms);
	if (peer_serves(peer) && !peer->updating &&
	    now_ms - peer->updated_ms >= (peer->status ? STATUS_MS : 2 * STATUS_MS) &&
	    (peer->status || peer->heard))
		peer_update(peer);
}

static void on_tick(void *arg)
{
	struct sensors *all = arg;
	int64_t now_ms = loop_now_ms();

	for (struct sensor_peer *peer = all->peers, *next; peer; peer = next) {
		next = peer->next;
		tick_peer(peer, now_ms);
	}
	commands_tick(all, now_ms);
	loop_timer_set(all->tick, TICK_MS);
}

void sensors_check(struct sensors *all)
{
	for (struct sensor_peer *peer = all->peers; peer; peer = peer->next) {
		if (!peer->ws || peer->failed || auth_sensor_by_hash(all->app->auth, peer->hash))
			continue;
		peer->failed = true;
		ws_close(peer->ws, WS_CLOSE_POLICY, "the key is no longer valid");
	}
}

/* "SENSOR NUMBER": whichever collector has this connection, older ones are over. */
static void newer_connection(struct sensors *all, const char *payload)
{
	size_t length = strcspn(payload, " ");
	int64_t number = strtoll(payload + length, NULL, 10);

	for (struct sensor_peer *peer = all->peers; peer; peer = peer->next) {
		if (strlen(peer->id) != length || strncmp(peer->id, payload, length) != 0)
			continue;
		if (number > peer->newest)
			peer->newest = number;
		if (peer_serves(peer) && number > peer->connection)
			peer_replaced(peer);
	}
}

void sensors_notify(struct sensors *all, const char *channel, const char *payload)
{
	if (channel && strcmp(channel, "netvisor_sensor") == 0)
		newer_connection(all, payload);
	if (channel && strcmp(channel, "netvisor_answer") == 0)
		command_answered(all, payload);
	if (channel && strcmp(channel, "netvisor_session") != 0)
		return;
	for (struct sensor_peer *peer = all->peers; peer; peer = peer->next)
		if (!channel || strcmp(peer->id, payload) == 0)
			work_look(peer);
}

int sensors_open(struct app *app, struct sensors **out)
{
	struct sensors *all = calloc(1, sizeof(*all));

	if (!all)
		return -ENOMEM;
	all->app = app;
	all->service = (struct ws_service){
		.path = "/sensor",
		.protocol = "netvisor.sensor.1",
		.message_bytes_max = STREAM_MESSAGE_BYTES_MAX,
		.backlog_bytes_max = BACKLOG_BYTES_MAX,
		.opened = on_opened,
		.message = on_message,
		.refused = on_refused,
		.closed = on_closed,
		.arg = all,
	};
	all->tick = loop_timer(app->loop, on_tick, all);
	if (!all->tick) {
		free(all);
		return -ENOMEM;
	}
	loop_timer_set(all->tick, TICK_MS);
	*out = all;
	return 0;
}

const struct ws_service *sensors_service(const struct sensors *all)
{
	return &all->service;
}

size_t sensors_connected(const struct sensors *all)
{
	size_t count = 0;

	for (const struct sensor_peer *peer = all->peers; peer; peer = peer->next)
		count += peer_serves(peer);
	return count;
}

const struct sensor_counters *sensors_counters(const struct sensors *all)
{
	return &all->counters;
}

void sensors_close(struct sensors *all)
{
	if (!all)
		return;
	while (all->peers) {
		struct sensor_peer *peer = all->peers;

		all->peers = peer->next;
		work_clear(peer);
		free(peer->status);
		free(peer->hello);
		free(peer);
	}
	commands_close(all);
	loop_timer_free(all->tick);
	free(all);
}
