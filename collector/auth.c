/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two sorted arrays, replaced as a whole by each reading. A secret is looked up by its hash, and that is compared
 * in constant time.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/auth.h"
#include "collector/db.h"
#include "collector/http.h"
#include "collector/loop.h"
#include "defs/log.h"

enum {
	CLEAN_MS = 30000,    /* what has expired is noticed so often */
	TOUCH_SECONDS = 600, /* a session's use is written down at most so often */
	RETRY_MS = 500,
};

struct waiter {
	void (*then)(void *arg, int error);
	void *arg;
	struct waiter *next;
};

struct auth {
	struct db *db;
	void (*changed)(void *arg);
	void *arg;
	struct loop_timer *timer;
	struct auth_session *sessions;
	struct auth_sensor *sensors;
	size_t session_count, sensor_count;
	bool known, reading, again;
	struct waiter *waiting, *served; /* for the next reading; for the one under way */
};

static int compare(const void *a, const void *b)
{
	/* Both rows begin with their hash. */
	return memcmp(a, b, SECRET_HASH_BYTES);
}

static void hash_read(const char *text, uint8_t out[static SECRET_HASH_BYTES])
{
	for (size_t i = 0; i < SECRET_HASH_BYTES; i++) {
		const char digits[3] = {text[2 + 2 * i], text[3 + 2 * i], 0};

		out[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
}

static void text_read(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

static bool take(struct auth *auth, const struct db_reply *reply)
{
	size_t session_count = db_rows(reply, 2), sensor_count = db_rows(reply, 3);
	struct auth_session *sessions = calloc(session_count + 1, sizeof(*sessions));
	struct auth_sensor *sensors = calloc(sensor_count + 1, sizeof(*sensors));

	if (!sessions || !sensors) {
		free(sessions);
		free(sensors);
		return false;
	}
	for (size_t i = 0; i < session_count; i++) {
		hash_read(db_value(reply, 2, i, 0), sessions[i].hash);
		text_read(sessions[i].user_id, sizeof(sessions[i].user_id), db_value(reply, 2, i, 1));
		text_read(sessions[i].organization_id, sizeof(sessions[i].organization_id),
			  db_value(reply, 2, i, 2));
		text_read(sessions[i].email, sizeof(sessions[i].email), db_value(reply, 2, i, 3));
		text_read(sessions[i].name, sizeof(sessions[i].name), db_value(reply, 2, i, 4));
		text_read(sessions[i].permissions, sizeof(sessions[i].permissions), db_value(reply, 2, i, 5));
		sessions[i].expires_s = db_integer(reply, 2, i, 6);
		sessions[i].touched_s = loop_wall_us() / 1000000;
	}
	for (size_t i = 0; i < sensor_count; i++) {
		hash_read(db_value(reply, 3, i, 0), sensors[i].hash);
		text_read(sensors[i].id, sizeof(sensors[i].id), db_value(reply, 3, i, 1));
		text_read(sensors[i].network_id, sizeof(sensors[i].network_id), db_value(reply, 3, i, 2));
		text_read(sensors[i].name, sizeof(sensors[i].name), db_value(reply, 3, i, 3));
		sensors[i].expires_s = db_integer(reply, 3, i, 4);
	}
	qsort(sessions, session_count, sizeof(*sessions), compare);
	qsort(sensors, sensor_count, sizeof(*sensors), compare);
	/* Carry on the times of use, so that each reading does not begin them anew. */
	for (size_t i = 0; i < session_count; i++) {
		const struct auth_session *old = auth_session_by_hash(auth, sessions[i].hash);

		if (old)
			sessions[i].touched_s = old->touched_s;
	}
	free(auth->sessions);
	free(auth->sensors);
	auth->sessions = sessions;
	auth->session_count = session_count;
	auth->sensors = sensors;
	auth->sensor_count = sensor_count;
	return true;
}

static void serve(struct auth *auth, int error)
{
	struct waiter *waiter;

	auth->reading = false;
	while ((waiter = auth->served)) {
		auth->served = waiter->next;
		if (waiter->then)
			waiter->then(waiter->arg, error);
		free(waiter);
	}
}

static void start(void *arg, struct db_session *s);

static void begin(struct auth *auth)
{
	int error;

	auth->served = auth->waiting;
	auth->waiting = NULL;
	auth->reading = true;
	auth->again = false;
	error = auth->db ? db_begin(auth->db, start, auth) : -ENOTCONN;
	if (error) {
		loop_timer_set(auth->timer, RETRY_MS);
		serve(auth, error);
	}
}

static void on_read(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct auth *auth = arg;
	int error = db_error(reply);

	if (!error && !take(auth, reply))
		error = -ENOMEM;
	if (error) {
		log_warn("sessions and keys could not be read: %s", db_message(reply));
		loop_timer_set(auth->timer, RETRY_MS);
	} else {
		auth->known = true;
		loop_timer_set(auth->timer, CLEAN_MS);
	}
	db_end(s);
	serve(auth, error);
	if (!error)
		auth->changed(auth->arg);
	if (auth->again || auth->waiting)
		begin(auth);
}

static void start(void *arg, struct db_session *s)
{
	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
	db_add(s, SQL_SESSION_LIST, NULL, 0);
	db_add(s, SQL_SENSOR_LIST, NULL, 0);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_read, arg);
}

void auth_refresh(struct auth *auth, void (*then)(void *arg, int error), void *arg)
{
	if (then) {
		struct waiter *waiter = calloc(1, sizeof(*waiter));

		if (!waiter) {
			then(arg, -ENOMEM);
			return;
		}
		*waiter = (struct waiter){.then = then, .arg = arg, .next = auth->waiting};
		auth->waiting = waiter;
	}
	/* A reading that has begun may have missed what is to be known. */
	auth->again = true;
	if (!auth->reading)
		begin(auth);
}

static void on_timer(void *arg)
{
	struct auth *auth = arg;

	auth_refresh(auth, NULL, NULL);
}

int auth_open(struct loop *loop, void (*changed)(void *arg), void *arg, struct auth **out)
{
	struct auth *auth = calloc(1, sizeof(*auth));

	if (!auth)
		return -ENOMEM;
	auth->changed = changed;
	auth->arg = arg;
	auth->timer = loop_timer(loop, on_timer, auth);
	if (!auth->timer) {
		free(auth);
		return -ENOMEM;
	}
	*out = auth;
	return 0;
}

void auth_use(struct auth *auth, struct db *db)
{
	auth->db = db;
}

bool auth_known(const struct auth *auth)
{
	return auth->known;
}

static const void *find(const void *rows, size_t count, size_t size, const uint8_t *hash)
{
	const void *row = count ? bsearch(hash, rows, count, size, compare) : NULL;

	return row && secret_equal(row, hash) ? row : NULL;
}

const struct auth_session *auth_session_by_hash(const struct auth *auth, const uint8_t hash[SECRET_HASH_BYTES])
{
	const struct auth_session *s = find(auth->sessions, auth->session_count, sizeof(*s), hash);

	return s && s->expires_s > loop_wall_us() / 1000000 ? s : NULL;
}

const struct auth_sensor *auth_sensor_by_hash(const struct auth *auth, const uint8_t hash[SECRET_HASH_BYTES])
{
	const struct auth_sensor *s = find(auth->sensors, auth->sensor_count, sizeof(*s), hash);

	return s && (!s->expires_s || s->expires_s > loop_wall_us() / 1000000) ? s : NULL;
}

struct touch {
	uint8_t hash[SECRET_HASH_BYTES];
};

static void on_touched(void *arg, struct db_session *s, const struct db_reply *reply)
{
	(void)reply; /* the next use writes it again */
	free(arg);
	db_end(s);
}

static void touch_start(void *arg, struct db_session *s)
{
	struct touch *touch = arg;
	char text[SECRET_HASH_TEXT_MAX];

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
	DB_ADD(s, SQL_SESSION_TOUCH, secret_hash_text(touch->hash, text));
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_touched, touch);
}

const struct auth_session *auth_session_of(struct auth *auth, const struct http_head *head)
{
	uint8_t hash[SECRET_HASH_BYTES];
	const struct auth_session *session;
	int64_t now_s = loop_wall_us() / 1000000;
	char token[SECRET_TEXT_MAX];

	if (!http_cookie(head, AUTH_COOKIE, token, sizeof(token)))
		return NULL;
	secret_hash(token, strlen(token), hash);
	secret_wipe(token, sizeof(token));
	session = auth_session_by_hash(auth, hash);
	if (session && now_s - session->touched_s > TOUCH_SECONDS) {
		struct touch *touch = malloc(sizeof(*touch));

		/* The rows are ours to write; callers only read them. */
		((struct auth_session *)(uintptr_t)session)->touched_s = now_s;
		if (touch) {
			memcpy(touch->hash, hash, sizeof(hash));
			if (db_begin(auth->db, touch_start, touch))
				free(touch);
		}
	}
	return session;
}

const struct auth_sensor *auth_sensor_of(const struct auth *auth, const char *authorization)
{
	uint8_t hash[SECRET_HASH_BYTES];

	if (strncasecmp(authorization, "Bearer ", 7) != 0)
		return NULL;
	authorization += 7 + strspn(authorization + 7, " ");
	secret_hash(authorization, strlen(authorization), hash);
	return auth_sensor_by_hash(auth, hash);
}

void auth_close(struct auth *auth)
{
	if (!auth)
		return;
	auth->served = auth->served ? auth->served : auth->waiting;
	while (auth->served) {
		struct waiter *waiter = auth->served;

		auth->served = waiter->next;
		free(waiter);
	}
	loop_timer_free(auth->timer);
	free(auth->sessions);
	free(auth->sensors);
	free(auth);
}
