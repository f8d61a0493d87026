/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One transaction, made again until it is committed. A token is made at each start while it is needed, so a lost one
 * costs a restart; only its hash is kept.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/app.h"
#include "collector/auth.h"
#include "collector/db.h"
#include "collector/loop.h"
#include "collector/setup.h"
#include "defs/log.h"

enum { RETRY_MS = 500, KEY_BYTES_MIN = 20 };

struct setup {
	struct app *app;
	char key[SECRET_TEXT_MAX], token[SECRET_TEXT_MAX];
	char sensor_id[ID_TEXT_MAX];
	struct loop_timer *retry;
	void (*ready)(void *arg);
	void *arg;
	bool running, done, needed;
};

static int key_write(const char *path, int uid, int gid, const char *key)
{
	size_t length = strlen(key);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int error = 0;

	if (fd < 0)
		return -errno;
	if ((uid >= 0 && fchown(fd, (uid_t)uid, (gid_t)gid) < 0) || write(fd, key, length) != (ssize_t)length ||
	    write(fd, "\n", 1) != 1 || fsync(fd) < 0)
		error = errno ? -errno : -EIO;
	close(fd);
	if (error)
		unlink(path);
	return error;
}

int setup_key_file(const char *path, int uid, int gid, char *out)
{
	char text[SECRET_TEXT_MAX + 2] = "";
	ssize_t length;
	int error, fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT) {
		secret_make(AUTH_SENSOR_KEY, out);
		error = key_write(path, uid, gid, out);
		if (error)
			log_error("%s can't be written: %s. See --sensor-key-file.", path, strerror(-error));
		return error;
	}
	length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	error = length < 0 ? -errno : 0;
	if (fd >= 0)
		close(fd);
	text[strcspn(text, " \t\r\n")] = 0;
	if (error || strlen(text) < KEY_BYTES_MIN || strlen(text) >= SECRET_TEXT_MAX) {
		log_error("%s holds no sensor key (%s). Remove it to have a new one made, or see "
			  "--sensor-key-file.",
			  path, error ? strerror(-error) : "its first word must have 20 to 63 characters");
		return error ? error : -EINVAL;
	}
	memcpy(out, text, strlen(text) + 1);
	secret_wipe(text, sizeof(text));
	return 0;
}

static void finish(struct setup *setup)
{
	setup->running = false;
	setup->done = true;
	secret_wipe(setup->key, sizeof(setup->key));
	setup->ready(setup->arg);
}

static void retry(struct setup *setup, const struct db_reply *reply)
{
	log_debug("the first rows could not be made: %s", db_message(reply));
	setup->running = false;
	loop_timer_set(setup->retry, RETRY_MS);
}

static void on_token(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct setup *setup = arg;

	if (db_error(reply))
		retry(setup, reply);
	else
		finish(setup);
	db_end(s);
}

static void on_counted(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct setup *setup = arg;
	uint8_t hash[SECRET_HASH_BYTES];
	char text[SECRET_HASH_TEXT_MAX];

	if (db_error(reply)) {
		retry(setup, reply);
		db_end(s);
		return;
	}
	setup->needed = db_integer(reply, 0, 0, 0) == 0;
	if (setup->needed) {
		secret_make("", setup->token);
		secret_hash(setup->token, strlen(setup->token), hash);
		DB_ADD(s, SQL_SETUP_TOKEN_STORE, secret_hash_text(hash, text));
	} else {
		db_add(s, SQL_SETUP_TOKEN_FORGET, NULL, 0);
	}
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_token, setup);
}

static void on_placed(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct setup *setup = arg;

	if (db_error(reply)) {
		retry(setup, reply);
		db_end(s);
		return;
	}
	db_add(s, SQL_ACCOUNT_COUNT, NULL, 0);
	db_go(s, on_counted, setup);
}

static void start(void *arg, struct db_session *s)
{
	struct setup *setup = arg;
	char organization[ID_TEXT_MAX], network[ID_TEXT_MAX], text[SECRET_HASH_TEXT_MAX],
		prefix[SECRET_PREFIX_MAX];
	uint8_t hash[SECRET_HASH_BYTES];

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
	db_add(s, SQL_PLACE_LOCK, NULL, 0);
	DB_ADD(s, SQL_PLACE_ENSURE, id_random(organization), id_random(network));
	/* The network that was made just now is to be seen too. */
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
	if (setup->key[0]) {
		secret_hash(setup->key, strlen(setup->key), hash);
		DB_ADD(s, SQL_SENSOR_ENSURE, id_random(setup->sensor_id), "sensor",
		       secret_hash_text(hash, text), secret_prefix(setup->key, prefix));
		DB_ADD(s, SQL_SENSOR_MADE, setup->sensor_id);
		DB_ADD(s, SQL_CREDENTIAL_NOTIFY, "sensor");
	}
	db_go(s, on_placed, setup);
}

static void on_retry(void *arg)
{
	struct setup *setup = arg;

	setup_run(setup, setup->ready, setup->arg);
}

int setup_open(struct app *app, const char *key, struct setup **out)
{
	struct setup *setup = calloc(1, sizeof(*setup));

	if (!setup)
		return -ENOMEM;
	setup->app = app;
	snprintf(setup->key, sizeof(setup->key), "%s", key);
	setup->retry = loop_timer(app->loop, on_retry, setup);
	if (!setup->retry) {
		free(setup);
		return -ENOMEM;
	}
	*out = setup;
	return 0;
}

void setup_run(struct setup *setup, void (*ready)(void *arg), void *arg)
{
	setup->ready = ready;
	setup->arg = arg;
	if (setup->done || setup->running)
		return;
	setup->running = true;
	if (db_begin(setup->app->db, start, setup)) {
		setup->running = false;
		loop_timer_set(setup->retry, RETRY_MS);
	}
}

bool setup_needed(const struct setup *setup)
{
	return setup->needed;
}

void setup_finished(struct setup *setup)
{
	setup->needed = false;
	secret_wipe(setup->token, sizeof(setup->token));
}

const char *setup_token(const struct setup *setup)
{
	return setup->token;
}

void setup_close(struct setup *setup)
{
	if (!setup)
		return;
	loop_timer_free(setup->retry);
	secret_wipe(setup, sizeof(*setup));
	free(setup);
}
