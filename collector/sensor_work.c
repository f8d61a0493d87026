/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a connected sensor is asked to do. Sessions are rows (0012_session.sql): this claims the next one of the sensor's queue,
 * asks for it, writes what the sensor says of it, at most once a second, and its end at once. One transaction at a time for each
 * sensor; what could not be written is tried again.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/app.h"
#include "collector/db.h"
#include "collector/loop.h"
#include "collector/sensor_peer.h"
#include "defs/log.h"

enum {
	PROGRESS_MS = 1000,
	CANCEL_MS_MAX = 10000, /* for a sensor to stop; then the next session may begin */
	REPLY = 2,	       /* index of the first statement after begin and act_as */
};

void work_clear(struct sensor_peer *peer)
{
	bool busy = peer->work.busy, look = peer->work.look;
	int64_t written_ms = peer->work.written_ms;

	free(peer->work.error);
	free(peer->work.data);
	free(peer->work.detail);
	free(peer->work.place);
	peer->work = (struct sensor_work){.busy = busy, .look = look, .written_ms = written_ms};
}

static void cancel(struct sensor_peer *peer)
{
	char arguments[80], id[ID_TEXT_MAX];

	snprintf(arguments, sizeof(arguments), "{\"session_id\":\"%s\"}", peer->work.session);
	id_random(id);
	command_say(peer, id, "cancel", arguments);
	peer->work.cancelling = true;
	peer->work.until_ms = loop_now_ms() + CANCEL_MS_MAX;
}

/* The session that is claimed for this sensor, if one is. */
static void found_session(struct sensor_peer *peer, const struct db_reply *reply)
{
	struct sensor_work *work = &peer->work;
	const char *id = db_value(reply, REPLY, 0, 0), *phase = db_value(reply, REPLY, 0, 1);
	const char *type = db_value(reply, REPLY, 0, 2), *credentials = db_value(reply, REPLY, 0, 4);
	bool ended = phase && (strcmp(phase, "Complete") == 0 || strcmp(phase, "Failed") == 0 ||
			       strcmp(phase, "Cancelled") == 0);

	/* Another collector has it now, or it is gone. */
	if (work->session[0] && (!id || strcmp(id, work->session) != 0)) {
		if (!work->cancelling)
			cancel(peer);
		work_clear(peer);
	}
	if (!id)
		return;
	if (work->session[0]) {
		if (ended && !work->cancelling && !work->over)
			cancel(peer);
		return;
	}
	snprintf(work->session, sizeof(work->session), "%s", id);
	if (!ended)
		work->error = work_ask(peer, type ? type : "{}", db_value(reply, REPLY, 0, 3), credentials);
	if (ended || work->error)
		work->over = true; /* it never began */
}

static void failed(struct sensor_peer *peer, const struct db_reply *reply)
{
	struct sensor_work *work = &peer->work;

	if (work->step == WORK_LOOK)
		work->look = true;
	else if (work->step == WORK_HEARD)
		work->heard = true;
	if (db_error(reply) == -ENOTCONN)
		return;
	log_error("sensor %s: its session could not be written: %s", peer->name, db_message(reply));
	if (work->step != WORK_DONE)
		return;
	/* Once more, without what the database does not take. */
	if (!work->data) {
		work_clear(peer);
		return;
	}
	free(work->data);
	free(work->error);
	work->data = NULL;
	work->error =
		strdup("The collector could not keep what the sensor found. Its log says why; mend that, then "
		       "start the discovery again.");
}

static void on_reply(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct sensor_peer *peer = arg;
	struct sensor_work *work = &peer->work;

	work->busy = false;
	if (db_error(reply)) {
		failed(peer, reply);
	} else if (work->step == WORK_DONE) {
		work_clear(peer);
		work->look = true;
	} else if (work->step == WORK_HEARD) {
		work->look |= !db_true(reply, REPLY, 0, 0);
	} else if (peer_serves(peer)) {
		found_session(peer, reply);
		for (size_t i = 0; i < db_rows(reply, REPLY + 1); i++)
			command_carry_out(peer, db_value(reply, REPLY + 1, i, 0),
					  db_value(reply, REPLY + 1, i, 1));
	}
	db_end(s);
	if (peer->ws && !db_error(reply))
		work_tick(peer, loop_now_ms());
	else if (!peer_leave(peer))
		peer_free(peer);
}

void work_add_end(struct sensor_peer *peer, struct db_session *s)
{
	if (peer->work.over)
		DB_ADD(s, SQL_SESSION_DONE, peer->network_id, peer->work.session, peer->all->app->instance,
		       peer->work.error, peer->work.data);
}

static void start(void *arg, struct db_session *s)
{
	struct sensor_peer *peer = arg;
	struct sensor_work *work = &peer->work;
	const char *instance = peer->all->app->instance;
	char percent[16], number[24];

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", peer->network_id, "on");
	if (work->over) {
		work->step = WORK_DONE;
		work_add_end(peer, s);
	} else if (work->heard) {
		work->step = WORK_HEARD;
		work->heard = false;
		work->written_ms = loop_now_ms();
		snprintf(percent, sizeof(percent), "%d", work->percent);
		DB_ADD(s, SQL_SESSION_HEARD, peer->network_id, work->session, instance, work->phase, percent,
		       work->detail, work->place);
	} else {
		work->step = WORK_LOOK;
		work->look = false;
		snprintf(number, sizeof(number), "%" PRId64, peer->connection);
		DB_ADD(s, SQL_SESSION_CLAIM, peer->network_id, peer->id, instance, number);
		DB_ADD(s, SQL_COMMAND_CLAIM, peer->network_id, peer->id, instance);
	}
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_reply, peer);
}

void work_tick(struct sensor_peer *peer, int64_t now_ms)
{
	struct sensor_work *work = &peer->work;

	if (work->cancelling && now_ms > work->until_ms)
		work->over = true;
	if (work->busy || !peer_serves(peer))
		return;
	if (work->over || work->look || (work->heard && now_ms - work->written_ms >= PROGRESS_MS))
		work->busy = db_begin(peer->all->app->db, start, peer) == 0;
}

void work_look(struct sensor_peer *peer)
{
	peer->work.look = true;
	work_tick(peer, loop_now_ms());
}

void work_progress(struct sensor_peer *peer, const struct stream_message *m)
{
	struct sensor_work *work = &peer->work;

	if (!work->session[0] || strcmp(work->session, m->progress.id) != 0 || work->over)
		return;
	work->phase = m->progress.phase;
	work->percent = m->progress.percent;
	if (m->progress.detail) {
		free(work->detail);
		work->detail = strdup(m->progress.detail);
	}
	if (*m->progress.place) {
		free(work->place);
		work->place = strdup(m->progress.place);
	}
	work->heard = true;
	work_tick(peer, loop_now_ms());
}

bool work_result(struct sensor_peer *peer, const struct stream_message *m)
{
	struct sensor_work *work = &peer->work;

	if (!work->session[0] || strcmp(work->session, m->result.id) != 0)
		return false;
	if (work->over)
		return true;
	work->over = true;
	/* Also of one that was cancelled, or has failed: what it had come to. */
	if (m->result.ok || m->result.data)
		work->data = strdup(m->result.data ? m->result.data : "{}");
	if (m->result.ok) {
		if (!work->data)
			work->error = strdup("The collector has no memory.");
	} else if (strcmp(m->result.error, "unknown command") == 0) {
		work->error = strdup(
			"This sensor's software does not know discoveries. Update it, then start the discovery "
			"again.");
	} else {
		work->error =
			strdup(*m->result.error ? m->result.error
						: "The sensor could not do this and did not say why; see its "
						  "log.");
	}
	work_tick(peer, loop_now_ms());
	return true;
}
