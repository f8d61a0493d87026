// SPDX-License-Identifier: BSD-2-Clause
/*
 * The outbox above its file, as the watching thread has it: what waits in memory, the disk limit, and what happens when
 * the disk fails. The uplink's side is outbox_uplink.c.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "defs/facts.h"
#include "defs/log.h"
#include "sensor/clock.h"
#include "sensor/fact_json.h"
#include "sensor/outbox_inside.h"

enum {
	RETRY_US = 1000000,
	LIMIT_SLACK_BYTES = 64 << 10, /* pages of the trees above the facts */
};

static void path_of(const struct outbox *o, const char *name, char out[static OUTBOX_PATH_MAX])
{
	snprintf(out, OUTBOX_PATH_MAX, "%.4000s/%s", o->directory, name);
}

static void say_open_failed(const struct outbox *o, int error)
{
	switch (error) {
	case -EPROTO:
		log_error("the outbox in %s was made by a newer version; upgrade, or choose another --data-dir",
			  o->directory);
		break;
	case -EACCES:
	case -EROFS:
		log_error("the outbox in %s can't be opened for writing; choose another --data-dir",
			  o->directory);
		break;
	default:
		log_error("the outbox in %s can't be opened: %s; see --data-dir", o->directory,
			  strerror(-error));
	}
}

/* Both connections, or none. */
static int open_files(struct outbox *o)
{
	struct outbox_file *writer = NULL, *reader = NULL;
	int64_t first = 0, last = 0, given = 0;
	char path[OUTBOX_PATH_MAX];
	mode_t mask;
	int error;

	path_of(o, "outbox.db", path);
	/* What is known of a network is for its owner to see; the log's files get the database's mode. */
	mask = umask(077);
	error = outbox_file_open(path, &writer);
	umask(mask);
	if (!error)
		error = outbox_file_range(writer, &first, &last, &given);
	if (!error)
		error = outbox_file_open(path, &reader);
	if (error) {
		outbox_file_close(writer);
		return error;
	}
	o->depth = last ? (uint64_t)(last - first + 1) : 0;
	o->writer = writer;
	pthread_mutex_lock(&o->lock);
	o->reader = reader;
	pthread_mutex_unlock(&o->lock);
	return 0;
}

static void close_files(struct outbox *o)
{
	outbox_file_close(o->writer);
	o->writer = NULL;
	pthread_mutex_lock(&o->lock);
	outbox_file_close(o->reader);
	o->reader = NULL;
	pthread_mutex_unlock(&o->lock);
}

/* Move a damaged file out of the way; one such file is kept. Its log goes along, both are needed to repair it. */
static void set_aside(struct outbox *o)
{
	static const char *const names[][2] = {{"outbox.db", "outbox.damaged.db"},
					       {"outbox.db-wal", "outbox.damaged.db-wal"}};
	char from[OUTBOX_PATH_MAX], to[OUTBOX_PATH_MAX];

	close_files(o);
	for (size_t i = 0; i < 2; i++) {
		path_of(o, names[i][0], from);
		path_of(o, names[i][1], to);
		unlink(to);
		if (rename(from, to) && errno != ENOENT)
			log_error("%s can't be renamed: %s", from, strerror(errno));
	}
	path_of(o, "outbox.db-shm", from);
	unlink(from);
	o->counters.damaged += o->depth ? o->depth : 1;
	log_error("the outbox in %s is damaged: it was moved to outbox.damaged.db and a new one begun; "
		  "facts in it that the collector did not have yet are lost (%llu known of)",
		  o->directory, (unsigned long long)o->depth);
	o->depth = 0;
	atomic_store(&o->damaged, false);
}

/* Have a file that is open and whole. */
static int have_file(struct outbox *o)
{
	int error;

	if (atomic_load(&o->damaged))
		set_aside(o);
	if (o->writer)
		return 0;
	error = open_files(o);
	if (error != -EUCLEAN)
		return error;
	set_aside(o);
	return open_files(o);
}

/* The loss of facts that the disk limit costs, as a fact. */
static int add_loss(struct outbox *o, uint64_t dropped)
{
	struct fact fact = {.kind = FACT_LOSS,
			    .source = SOURCE_SENSOR,
			    .confidence = CONFIDENCE_MEASURED,
			    .first_us = o->since_us,
			    .last_us = clock_wall_now_us(),
			    .count = dropped};
	size_t length;
	char *text;
	int error;

	FACT_SET(&fact, counter, (struct text){.bytes = "outbox_full", .length = 11});
	FACT_SET(&fact, counter_value, dropped);
	text = fact_json(&fact, &length);
	if (!text)
		return -ENOMEM;
	error = outbox_file_add(o->writer, text, length);
	free(text);
	return error;
}

/* Make room below the limit for what waits: the oldest sixteenth leaves, as often as needed. */
static int make_room(struct outbox *o, uint64_t *dropped)
{
	int64_t first, last, given, upto;
	uint64_t bytes;
	int error;

	for (;;) {
		error = outbox_file_bytes(o->writer, &bytes);
		if (error || bytes + o->waiting_length + LIMIT_SLACK_BYTES <= o->limit_bytes)
			return error;
		error = outbox_file_range(o->writer, &first, &last, &given);
		if (error || !last)
			return error;
		upto = first + (last - first) / 16;
		error = outbox_file_remove(o->writer, upto);
		if (error)
			return error;
		*dropped += (uint64_t)(upto - first + 1);
	}
}

/* Everything that waits, in one transaction. */
static int write_waiting(struct outbox *o)
{
	int64_t first = 0, last = 0, given = 0;
	uint64_t dropped = 0;
	int error = outbox_file_begin(o->writer);

	if (error)
		return error;
	error = make_room(o, &dropped);
	for (size_t at = 0; !error && at < o->waiting_length;) {
		const char *text = o->waiting + at;
		size_t length = (size_t)((const char *)memchr(text, '\n', o->waiting_length - at) - text);

		error = outbox_file_add(o->writer, text, length);
		at += length + 1;
	}
	if (!error && dropped)
		error = add_loss(o, o->counters.dropped + dropped);
	if (!error)
		error = outbox_file_range(o->writer, &first, &last, &given);
	if (!error)
		error = outbox_file_commit(o->writer);
	if (error) {
		outbox_file_rollback(o->writer);
		return error;
	}
	if (dropped)
		log_warn("the outbox has reached its limit of %llu MB: %llu of the oldest facts were dropped; "
			 "is the "
			 "collector away? See --outbox-limit-mb",
			 (unsigned long long)(o->limit_bytes >> 20), (unsigned long long)dropped);
	o->counters.dropped += dropped;
	o->depth = last ? (uint64_t)(last - first + 1) : 0;
	o->waiting_length = 0;
	return 0;
}

static void note_failure(struct outbox *o, int error)
{
	o->retry_us = clock_monotonic_us() + RETRY_US;
	if (o->failing)
		return;
	o->failing = true;
	o->refused_before = o->counters.refused;
	log_error("the outbox in %s can't be written: %s; facts wait in memory, up to %d MB, until it can%s",
		  o->directory, strerror(-error), OUTBOX_WAITING_BYTES_MAX >> 20,
		  error == -ENOSPC ? "; make room on the disk or move it with --data-dir" : "");
}

static void note_success(struct outbox *o)
{
	if (!o->failing)
		return;
	o->failing = false;
	log_info("the outbox in %s is written again; %llu facts were refused meanwhile", o->directory,
		 (unsigned long long)(o->counters.refused - o->refused_before));
}

/* One sensor an outbox: a second one would take acknowledgements for the first one's facts. */
static int take_lock(struct outbox *o)
{
	char path[OUTBOX_PATH_MAX];
	int error;

	path_of(o, "outbox.lock", path);
	o->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (o->lock_fd < 0) {
		error = -errno;
		log_error("%s can't be opened: %s; choose another --data-dir", path, strerror(-error));
		return error == -ENOSPC || error == -EDQUOT ? 0 : error;
	}
	if (!flock(o->lock_fd, LOCK_EX | LOCK_NB))
		return 0;
	log_error("another sensor uses the outbox in %s; give each its own --data-dir", o->directory);
	return -EBUSY;
}

static int make_directory(const char *directory)
{
	if (!mkdir(directory, 0700) || errno == EEXIST)
		return 0;
	log_error("the directory %s can't be made: %s; see --data-dir", directory, strerror(errno));
	return -errno;
}

int outbox_open(const char *directory, uint64_t limit_bytes, struct outbox **out)
{
	struct outbox *o = calloc(1, sizeof(*o));
	int error;

	if (!o)
		return -ENOMEM;
	o->limit_bytes = limit_bytes;
	o->lock_fd = -1;
	o->since_us = clock_wall_now_us();
	pthread_mutex_init(&o->lock, NULL);
	snprintf(o->directory, sizeof(o->directory), "%s", directory);
	error = make_directory(directory);
	if (!error)
		error = take_lock(o);
	if (error)
		goto fail;
	error = have_file(o);
	if (error == -ENOSPC || error == -EIO) {
		note_failure(o, error);
	} else if (error) {
		say_open_failed(o, error);
		goto fail;
	}
	*out = o;
	return 0;
fail:
	outbox_close(o);
	return error;
}

int outbox_commit(struct outbox *o)
{
	int error;

	if (o->failing && clock_monotonic_us() < o->retry_us)
		return -EAGAIN;
	error = have_file(o);
	if (!error && o->waiting_length)
		error = write_waiting(o);
	if (error == -EUCLEAN) {
		set_aside(o);
		error = have_file(o);
		if (!error && o->waiting_length)
			error = write_waiting(o);
	}
	if (error)
		note_failure(o, error);
	else
		note_success(o);
	return error;
}

int outbox_put(struct outbox *o, const char *text, size_t length)
{
	size_t needed = o->waiting_length + length + 1;

	if (length > OUTBOX_FACT_BYTES_MAX) {
		o->counters.refused++;
		return -EMSGSIZE;
	}
	/* Many at once, all of a sweep's flows say: they need not wait for the caller's commit. */
	if (needed > OUTBOX_WAITING_BYTES_MAX && !outbox_commit(o))
		needed = length + 1;
	if (needed > OUTBOX_WAITING_BYTES_MAX) {
		o->counters.refused++;
		return -ENOSPC;
	}
	if (needed > o->waiting_size) {
		size_t size = o->waiting_size ? o->waiting_size : 16384;
		char *larger;

		while (size < needed)
			size *= 2;
		larger = realloc(o->waiting, size);
		if (!larger) {
			o->counters.refused++;
			return -ENOMEM;
		}
		o->waiting = larger;
		o->waiting_size = size;
	}
	memcpy(o->waiting + o->waiting_length, text, length);
	o->waiting[needed - 1] = '\n';
	o->waiting_length = needed;
	return 0;
}

int outbox_say(void *outbox, const struct fact *fact)
{
	struct outbox *o = outbox;
	size_t length;
	char *text = fact_json(fact, &length);
	int error;

	if (!text) {
		o->counters.refused++;
		return -ENOMEM;
	}
	error = outbox_put(o, text, length);
	free(text);
	return error;
}

bool outbox_waiting(const struct outbox *o)
{
	return o->waiting_length > 0;
}

void outbox_count(struct outbox *o, struct outbox_counters *out)
{
	int64_t first, last, given;

	/* Kept as they are when the file can't be asked. */
	if (o->writer && !outbox_file_range(o->writer, &first, &last, &given))
		o->depth = last ? (uint64_t)(last - first + 1) : 0;
	if (o->writer)
		outbox_file_bytes(o->writer, &o->counters.bytes);
	o->counters.depth = o->depth;
	o->counters.waiting = o->waiting_length;
	*out = o->counters;
}

void outbox_close(struct outbox *o)
{
	if (!o)
		return;
	if (o->writer && o->waiting_length)
		outbox_commit(o);
	close_files(o);
	if (o->lock_fd >= 0)
		close(o->lock_fd);
	pthread_mutex_destroy(&o->lock);
	free(o->waiting);
	free(o);
}
