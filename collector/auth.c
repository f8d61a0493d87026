/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Three sorted arrays, replaced as a whole by each reading. A secret is looked up by its hash, and that is compared
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
	TOUCH_SECONDS = 600, /* that a session or key is used is written down at most so often */
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
	struct people {
		struct auth_session *rows;
		size_t count;
	} sessions, keys;
	struct auth_sensor *sensors;
	size_t sensor_count;
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

/* Columns that all three lists have: session_list in account.sql. */
enum {
	COLUMN_HASH,
	COLUMN_ID,
	COLUMN_PLACE,
	COLUMN_NAME,
	COLUMN_EXPIRES,
	COLUMN_EMAIL,
	COLUMN_PERMISSIONS,
	COLUMN_KEY,
	COLUMN_LIMITED
};
enum { COLUMN_SENSOR_KEY = COLUMN_EXPIRES + 1 };
enum { REPLY_SESSIONS = 2, REPLY_KEYS, REPLY_SENSORS };

static const void *find(const void *rows, size_t count, size_t size, const uint8_t *hash)
{
	const void *row = count ? bsearch(hash, rows, count, size, compare) : NULL;

	return row && secret_equal(row, hash) ? row : NULL;
}

/* The rows of a reply, sorted. Times of use are carried on, so that each reading does not begin them anew. */
static struct auth_session *take_people(const struct db_reply *reply, size_t query, const struct people *old)
{
	size_t count = db_rows(reply, query);
	struct auth_session *rows = calloc(count + 1, sizeof(*rows));

	for (size_t i = 0; rows && i < count; i++) {
		struct auth_session *row = &rows[i];
		const struct auth_session *before;

		hash_read(db_value(reply, query, i, COLUMN_HASH), row->hash);
		text_read(row->user_id, sizeof(row->user_id), db_value(reply, query, i, COLUMN_ID));
		text_read(row->organization_id, sizeof(row->organization_id),
			  db_value(reply, query, i, COLUMN_PLACE));
		text_read(row->name, sizeof(row->name), db_value(reply, query, i, COLUMN_NAME));
		row->expires_s = db_integer(reply, query, i, COLUMN_EXPIRES);
		text_read(row->email, sizeof(row->email), db_value(reply, query, i, COLUMN_EMAIL));
		text_read(row->permissions, sizeof(row->permissions),
			  db_value(reply, query, i, COLUMN_PERMISSIONS));
		if (query == REPLY_KEYS) {
			text_read(row->key_id, sizeof(row->key_id), db_value(reply, query, i, COLUMN_KEY));
			row->limited = db_true(reply, query, i, COLUMN_LIMITED);
		}
		before = find(old->rows, old->count, sizeof(*row), row->hash);
		row->touched_s = before		       ? before->touched_s
				 : query == REPLY_KEYS ? 0
						       : loop_wall_us() / 1000000;
	}
	if (rows)
		qsort(rows, count, sizeof(*rows), compare);
	return rows;
}

static struct auth_sensor *take_sensors(const struct auth *auth, const struct db_reply *reply)
{
	size_t count = db_rows(reply, REPLY_SENSORS);
	struct auth_sensor *rows = calloc(count + 1, sizeof(*rows));

	for (size_t i = 0; rows && i < count; i++) {
		struct auth_sensor *row = &rows[i];
		const struct auth_sensor *before;

		hash_read(db_value(reply, REPLY_SENSORS, i, COLUMN_HASH), row->hash);
		text_read(row->id, sizeof(row->id), db_value(reply, REPLY_SENSORS, i, COLUMN_ID));
		text_read(row->network_id, sizeof(row->network_id),
			  db_value(reply, REPLY_SENSORS, i, COLUMN_PLACE));
		text_read(row->name, sizeof(row->name), db_value(reply, REPLY_SENSORS, i, COLUMN_NAME));
		row->expires_s = db_integer(reply, REPLY_SENSORS, i, COLUMN_EXPIRES);
		text_read(row->key_id, sizeof(row->key_id),
			  db_value(reply, REPLY_SENSORS, i, COLUMN_SENSOR_KEY));
		before = find(auth->sensors, auth->sensor_count, sizeof(*row), row->hash);
		row->touched_s = before ? before->touched_s : 0;
	}
	if (rows)
		qsort(rows, count, sizeof(*rows), compare);
	return rows;
}

static bool take(struct auth *auth, const struct db_reply *reply)
{
	struct auth_session *sessions = take_people(reply, REPLY_SESSIONS, &auth->sessions);
	struct auth_session *keys = take_people(reply, REPLY_KEYS, &auth->keys);
	struct auth_sensor *sensors = take_sensors(auth, reply);

	if (!sessions || !keys || !sensors) {
		free(sessions);
		free(keys);
		free(sensors);
		return false;
	}
	free(auth->sessions.rows);
	free(auth->keys.rows);
	free(auth->sensors);
	auth->sessions = (struct people){sessions, db_rows(reply, REPLY_SESSIONS)};
	auth->keys = (struct people){keys, db_rows(reply, REPLY_KEYS)};
	auth->sensors = sensors;
	auth->sensor_count = db_rows(reply, REPLY_SENSORS);
	return true;
}

static void earlier(int64_t *end_s, int64_t expires_s)
{
	if (expires_s && expires_s < *end_s)
		*end_s = expires_s;
}

/* Until the next of them ends, which closes what is open by it; not longer than CLEAN_MS, not sooner than a second. */
static int64_t next_end_ms(const struct auth *auth)
{
	int64_t now_s = loop_wall_us() / 1000000, end_s = now_s + CLEAN_MS / 1000;

	for (size_t i = 0; i < auth->sessions.count; i++)
		earlier(&end_s, auth->sessions.rows[i].expires_s);
	for (size_t i = 0; i < auth->sensor_count; i++)
		earlier(&end_s, auth->sensors[i].expires_s);
	return end_s > now_s ? (end_s - now_s) * 1000 : 1000;
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
		loop_timer_set(auth->timer, next_end_ms(auth));
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
	db_add(s, SQL_USER_KEY_LIST, NULL, 0);
	db_add(s, SQL_SENSOR_KEY_LIST, NULL, 0);
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

bool auth_anyone(const struct auth *auth)
{
	return auth->sessions.count > 0;
}

static bool ended(int64_t expires_s)
{
	return expires_s && expires_s <= loop_wall_us() / 1000000;
}

const struct auth_session *auth_session_by_hash(const struct auth *auth, const uint8_t hash[SECRET_HASH_BYTES])
{
	const struct auth_session *s = find(auth->sessions.rows, auth->sessions.count, sizeof(*s), hash);

	return s && !ended(s->expires_s) ? s : NULL;
}

const struct auth_sensor *auth_sensor_by_hash(const struct auth *auth, const uint8_t hash[SECRET_HASH_BYTES])
{
	const struct auth_sensor *s = find(auth->sensors, auth->sensor_count, sizeof(*s), hash);

	return s && !ended(s->expires_s) ? s : NULL;
}

/* That something is used, to be written down: $1 of the statement is the text. */
struct touch {
	enum statement statement;
	char text[SECRET_HASH_TEXT_MAX];
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

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
	DB_ADD(s, touch->statement, touch->text);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_touched, touch);
}

/* The rows are ours to write; callers only read them. */
static void touch(struct auth *auth, const int64_t *touched_s, enum statement statement, const char *text)
{
	int64_t now_s = loop_wall_us() / 1000000;
	struct touch *touch;

	if (now_s - *touched_s <= TOUCH_SECONDS)
		return;
	touch = malloc(sizeof(*touch));
	if (!touch)
		return;
	touch->statement = statement;
	snprintf(touch->text, sizeof(touch->text), "%s", text);
	if (db_begin(auth->db, touch_start, touch))
		free(touch);
	else
		*(int64_t *)(uintptr_t)touched_s = now_s;
}

const struct auth_session *auth_browser_of(struct auth *auth, const struct http_head *head)
{
	char token[SECRET_TEXT_MAX], text[SECRET_HASH_TEXT_MAX];
	uint8_t hash[SECRET_HASH_BYTES];
	const struct auth_session *session;

	if (!http_cookie(head, AUTH_COOKIE, token, sizeof(token)))
		return NULL;
	secret_hash(token, strlen(token), hash);
	secret_wipe(token, sizeof(token));
	session = auth_session_by_hash(auth, hash);
	if (session)
		touch(auth, &session->touched_s, SQL_SESSION_TOUCH, secret_hash_text(hash, text));
	return session;
}

/* The hash of a key that begins so; false when there is none. */
static bool key_hash(const char *authorization, const char *prefix, uint8_t hash[static SECRET_HASH_BYTES])
{
	if (strncasecmp(authorization, "Bearer ", 7) != 0)
		return false;
	authorization += 7 + strspn(authorization + 7, " ");
	if (strncmp(authorization, prefix, strlen(prefix)) != 0)
		return false;
	secret_hash(authorization, strlen(authorization), hash);
	return true;
}

const struct auth_session *auth_session_of(struct auth *auth, const struct http_head *head)
{
	uint8_t hash[SECRET_HASH_BYTES];
	const struct auth_session *key;

	if (!key_hash(head->authorization, AUTH_USER_KEY, hash))
		return auth_browser_of(auth, head);
	key = find(auth->keys.rows, auth->keys.count, sizeof(*key), hash);
	if (!key || ended(key->expires_s))
		return NULL;
	touch(auth, &key->touched_s, SQL_USER_KEY_TOUCH, key->key_id);
	return key;
}

const struct auth_sensor *auth_sensor_of(struct auth *auth, const char *authorization)
{
	uint8_t hash[SECRET_HASH_BYTES];
	const struct auth_sensor *sensor;

	/* A key that was written by hand into --sensor-key-file may begin with anything. */
	if (!key_hash(authorization, "", hash))
		return NULL;
	sensor = auth_sensor_by_hash(auth, hash);
	if (sensor)
		touch(auth, &sensor->touched_s, SQL_SENSOR_KEY_TOUCH, sensor->key_id);
	return sensor;
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
	free(auth->sessions.rows);
	free(auth->keys.rows);
	free(auth->sensors);
	free(auth);
}
