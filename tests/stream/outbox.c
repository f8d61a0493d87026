// SPDX-License-Identifier: BSD-2-Clause
/*
 * The outbox: what was committed is there, in order, until it is acknowledged; the disk limit; a process killed at
 * any moment; a full disk; a damaged file.
 *
 * A full disk is a tmpfs of its own in a mount namespace; RLIMIT_FSIZE stands in where that is not allowed.
 */
#include "sensor/outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "defs/log.h"
#include "tests/tap.h"

enum { KILLS = 60, KEPT = 3000, TEXT_BYTES = 64 << 10, MB = 1 << 20 };

static char directory[64];

static char *path_of(const char *name)
{
	static char path[160];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static void empty(void)
{
	static const char *const names[] = {"outbox.db",   "outbox.db-wal",	"outbox.db-shm",
					    "outbox.lock", "outbox.damaged.db", "outbox.damaged.db-wal",
					    "progress"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(path_of(names[i]));
}

static struct outbox *opened(uint64_t limit_bytes)
{
	struct outbox *o = NULL;
	int error = outbox_open(directory, limit_bytes, &o);

	if (error)
		printf("# the outbox can't be opened: %s\n", strerror(-error));
	return error ? NULL : o;
}

static int put(struct outbox *o, long number, size_t padding)
{
	static char text[TEXT_BYTES];
	int length = snprintf(text, sizeof(text), "{\"n\":%ld,\"pad\":\"%0*d\"}", number, (int)padding, 0);

	return outbox_put(o, text, (size_t)length);
}

/* Read everything after `after`; calls check(number) for each. Returns how many, or -errno. */
static long read_all(struct outbox *o, int64_t *after, bool (*check)(long number, void *context), void *context)
{
	static char text[TEXT_BYTES + 1];
	char id[OUTBOX_ID_BYTES];
	struct outbox_batch batch;
	long total = 0;

	if (outbox_id(o, id))
		return -EAGAIN;
	for (;;) {
		int error = outbox_read(o, id, *after, 1000, text, TEXT_BYTES, &batch);
		char *at = text;

		if (error)
			return error;
		if (!batch.facts)
			return total;
		text[batch.length] = 0;
		for (size_t i = 0; i < batch.facts; i++) {
			at = strstr(at, "{\"n\":");
			if (!at || !check(strtol(at + 5, &at, 10), context))
				return -EINVAL;
		}
		total += (long)batch.facts;
		*after = batch.last;
	}
}

static bool is_next(long number, void *context)
{
	long *expected = context;

	return number == (*expected)++;
}

static void test_order_and_ack(void)
{
	struct outbox *o = opened(64 * MB);
	char id[OUTBOX_ID_BYTES], again[OUTBOX_ID_BYTES], text[TEXT_BYTES];
	struct outbox_counters counters;
	struct outbox_batch batch;
	long expected = 0;
	int64_t after = 0;

	for (long i = 0; i < 2500; i++)
		put(o, i, 10);
	outbox_id(o, id);
	tap_ok(outbox_waiting(o) && !outbox_read(o, id, 0, 10, text, sizeof(text), &batch) && !batch.facts,
	       "what is not committed is not sent");
	tap_ok(!outbox_commit(o) && !outbox_waiting(o), "facts are committed together");
	tap_ok(read_all(o, &after, is_next, &expected) == 2500, "all are read, in order");
	tap_ok(!outbox_read(o, id, 0, 7, text, sizeof(text), &batch) && batch.facts == 7,
	       "a batch holds at most so many");
	tap_ok(!outbox_read(o, id, 0, 1000, text, 100, &batch) && batch.facts == 3 && batch.length <= 100,
	       "and at most so many bytes");
	tap_ok(!outbox_ack(o, id, 1500), "a batch is acknowledged");
	outbox_count(o, &counters);
	tap_ok(counters.depth == 1000, "what is acknowledged has left (%llu are there)",
	       (unsigned long long)counters.depth);
	after = 0;
	expected = 1500;
	tap_ok(read_all(o, &after, is_next, &expected) == 1000 && after == 2500,
	       "the rest is there, with its numbers");
	tap_ok(!outbox_ack(o, id, 1400), "an old acknowledgement does nothing");
	tap_ok(outbox_read(o, "0123", 0, 10, text, sizeof(text), &batch) == -ESTALE,
	       "another outbox's id is refused");
	tap_ok(!outbox_ack(o, id, 2500), "all are acknowledged");
	outbox_close(o);

	o = opened(64 * MB);
	tap_ok(!outbox_id(o, again) && !strcmp(id, again) && strlen(id) == 32, "the id stays with the file");
	put(o, 7, 1);
	outbox_commit(o);
	after = 0;
	expected = 7;
	tap_ok(read_all(o, &after, is_next, &expected) == 1 && after == 2501,
	       "numbers rise also after a restart");
	tap_ok(outbox_ack(o, id, 9999) == -ERANGE && !outbox_id(o, again) && strcmp(id, again),
	       "an acknowledgement of the future means an old copy of the file: it has a new id");
	after = 0;
	expected = 7;
	tap_ok(read_all(o, &after, is_next, &expected) == 1, "and keeps its facts");
	outbox_close(o);
	empty();
}

static void test_lock(void)
{
	struct outbox *o = opened(64 * MB), *second = NULL;

	tap_ok(outbox_open(directory, 64 * MB, &second) == -EBUSY && !second,
	       "a second sensor is refused the same outbox");
	outbox_close(o);
	tap_ok(outbox_open("/proc/nothing/here", 64 * MB, &second) < 0,
	       "a directory that can't be made is an error");
	empty();
}

struct limit_seen {
	long first, last, count;
};

static bool note_seen(long number, void *context)
{
	struct limit_seen *seen = context;

	if (!seen->count++)
		seen->first = number;
	else if (number != seen->last + 1)
		return false;
	seen->last = number;
	return true;
}

static void test_many(void)
{
	struct outbox *o = opened(64 * MB);
	struct outbox_counters counters;
	struct stat status;
	long expected = 0;
	int64_t after = 0;

	for (long i = 0; i < 10000; i++)
		put(o, i, 1000);
	outbox_commit(o);
	outbox_count(o, &counters);
	tap_ok(!counters.refused && read_all(o, &after, is_next, &expected) == 10000,
	       "more at once than may wait in memory is not refused");
	tap_ok(!stat(path_of("outbox.db"), &status) && !(status.st_mode & 077) &&
		       !stat(path_of("outbox.db-wal"), &status) && !(status.st_mode & 077),
	       "the files are their owner's alone");
	outbox_close(o);
	empty();
}

static void test_limit(void)
{
	struct outbox *o = opened(4 * MB);
	struct limit_seen seen = {0};
	struct outbox_counters counters;
	static char text[TEXT_BYTES + 1];
	char id[OUTBOX_ID_BYTES], *loss = NULL;
	struct outbox_batch batch;
	int64_t after = 0;
	const long total = 12000;
	unsigned long long said = 0;

	for (long i = 0; i < total; i++) {
		put(o, i, 1000);
		if (i % 50 == 49)
			outbox_commit(o);
	}
	outbox_count(o, &counters);
	tap_ok(counters.bytes <= 4 * MB, "the database stays below its limit (%llu bytes)",
	       (unsigned long long)counters.bytes);
	outbox_id(o, id);
	/* The loss facts stand between the others: count them, and take the last one's value. */
	while (!outbox_read(o, id, after, 1, text, TEXT_BYTES, &batch) && batch.facts) {
		text[batch.length] = 0;
		after = batch.last;
		loss = strstr(text, "outbox_full");
		if (!loss)
			note_seen(strtol(text + 5, NULL, 10), &seen);
		else if (sscanf(strstr(text, "\"value\":"), "\"value\":%llu", &said) != 1)
			printf("# odd: %s\n", text);
	}
	tap_ok(seen.last == total - 1 && seen.first == total - seen.count,
	       "the oldest left, the newest %ld are there", seen.count);
	tap_ok(counters.dropped >= (uint64_t)seen.first && counters.dropped <= (uint64_t)seen.first + 100,
	       "what left is counted (%llu, of which loss facts %llu)", (unsigned long long)counters.dropped,
	       (unsigned long long)counters.dropped - (unsigned long long)seen.first);
	tap_ok(said == counters.dropped, "a loss fact says how many (%llu)", said);
	outbox_close(o);
	empty();
}

/* The child: facts in groups, each group's last number written down once it is committed. */
static void write_until_killed(long from)
{
	struct outbox *o = opened(64 * MB);
	int fd = open(path_of("progress"), O_WRONLY | O_CREAT, 0600);

	if (!o || fd < 0)
		_exit(1);
	for (long i = from;;) {
		long until = i + 1 + i % 37;
		char id[OUTBOX_ID_BYTES];

		while (i < until)
			put(o, i++, 100);
		if (outbox_commit(o))
			_exit(2);
		if (pwrite(fd, &i, sizeof(i), 0) != sizeof(i))
			_exit(3);
		/* Acknowledgements too, so that a removal may be what is cut off. Row n + 1 holds fact n. */
		if (until > KEPT && !outbox_id(o, id))
			outbox_ack(o, id, until - KEPT);
	}
}

static bool follows(long number, void *context)
{
	struct limit_seen *seen = context;

	if (seen->count && number != seen->last + 1)
		return false;
	return note_seen(number, context);
}

static void test_kill(void)
{
	struct timespec pause = {0};
	int whole = 0, opened_again = 0, child_errors = 0;
	long from = 0, said = 0;

	srandom((unsigned int)getpid());
	for (int i = 0; i < KILLS; i++) {
		struct limit_seen seen = {0};
		int64_t after = 0;
		struct outbox *o;
		int status, fd;
		pid_t child;

		child = fork();
		if (!child)
			write_until_killed(from);
		pause.tv_nsec = 2000000 + random() % 60000000;
		nanosleep(&pause, NULL);
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		child_errors += !WIFSIGNALED(status);
		fd = open(path_of("progress"), O_RDONLY);
		if (fd >= 0 && read(fd, &said, sizeof(said)) != sizeof(said))
			said = 0;
		close(fd);
		o = opened(64 * MB);
		opened_again += o != NULL;
		if (read_all(o, &after, follows, &seen) >= 0 && (!said || seen.last + 1 >= said) &&
		    seen.first <= (said > KEPT ? said - KEPT : 0))
			whole++;
		else
			printf("# said %ld, found %ld to %ld\n", said, seen.first, seen.last);
		from = seen.count ? seen.last + 1 : 0;
		outbox_close(o);
	}
	tap_ok(!child_errors, "no child met an error of its own");
	tap_ok(opened_again == KILLS, "after kill -9 the outbox opens (%d times)", KILLS);
	tap_ok(whole == KILLS, "and every fact that had been said is there (%ld in all)", said);
	empty();
}

static void test_damaged(const char *how)
{
	struct outbox *o = opened(64 * MB);
	struct outbox_counters counters;
	char id[OUTBOX_ID_BYTES], again[OUTBOX_ID_BYTES], garbage[4096];
	bool running = !strcmp(how, "while running");
	long expected = 500;
	int64_t after = 0;
	int fd;

	for (long i = 0; i < 500; i++)
		put(o, i, 1000);
	outbox_commit(o);
	outbox_tidy(o);
	outbox_id(o, id);
	if (!running)
		outbox_close(o);
	memset(garbage, 0x5a, sizeof(garbage));
	fd = open(path_of("outbox.db"), O_WRONLY);
	for (off_t at = running ? 4096 : 0; at < 400000; at += (off_t)sizeof(garbage)) {
		if (pwrite(fd, garbage, sizeof(garbage), at) < 0)
			printf("# pwrite: %s\n", strerror(errno));
	}
	close(fd);
	if (!running)
		o = opened(64 * MB);
	/* The uplink's reading finds the damage first, then the watching thread mends it. */
	read_all(o, &after, is_next, &expected);
	put(o, 500, 1);
	tap_ok(!outbox_commit(o), "damaged %s: watching goes on", how);
	outbox_count(o, &counters);
	tap_ok(counters.damaged == (running ? 500 : 1), "damaged %s: the loss is counted (%llu)", how,
	       (unsigned long long)counters.damaged);
	tap_ok(!access(path_of("outbox.damaged.db"), F_OK), "damaged %s: the file was moved aside", how);
	after = 0;
	expected = 500;
	tap_ok(!outbox_id(o, again) && strcmp(id, again) && read_all(o, &after, is_next, &expected) == 1,
	       "damaged %s: a new outbox has begun, with the new fact", how);
	outbox_close(o);
	empty();
}

static bool small_disk(void)
{
	char options[32];

	snprintf(options, sizeof(options), "size=%dk", 2048);
	return !unshare(CLONE_NEWNS) && !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	       !mount("outbox-test", directory, "tmpfs", 0, options);
}

static void fill_disk(const char *name)
{
	static char block[4096];
	int fd = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	while (write(fd, block, sizeof(block)) > 0)
		continue;
	close(fd);
}

static void test_full_disk(void)
{
	struct timespec second = {.tv_sec = 1, .tv_nsec = 50000000};
	struct outbox_counters counters;
	struct outbox *o;
	long expected = 0, put_count = 0;
	int64_t after = 0;

	if (!small_disk()) {
		tap_skip("full disk", "mount namespaces");
		return;
	}
	o = opened(64 * MB);
	for (long i = 0; i < 100; i++)
		put(o, put_count++, 100);
	outbox_commit(o);
	fill_disk("filler");
	for (long i = 0; i < 1000; i++)
		put(o, put_count++, 1000);
	tap_ok(outbox_commit(o) == -ENOSPC, "a full disk is reported");
	tap_ok(read_all(o, &after, is_next, &expected) == 100, "what was committed before is still read");
	while (!put(o, put_count, 1000))
		put_count++;
	outbox_count(o, &counters);
	tap_ok(counters.refused == 1 && counters.waiting <= OUTBOX_WAITING_BYTES_MAX,
	       "memory is bounded, and what finds no room is counted");
	unlink(path_of("filler"));
	mount("outbox-test", directory, "tmpfs", MS_REMOUNT, "size=32m");
	tap_ok(outbox_commit(o) == -EAGAIN, "the disk is not tried all the time");
	nanosleep(&second, NULL);
	tap_ok(!outbox_commit(o), "with room again it is written");
	tap_ok(read_all(o, &after, is_next, &expected) == put_count - 100,
	       "and nothing that waited is lost (%ld)", put_count);
	outbox_close(o);

	empty();
	fill_disk("filler");
	o = opened(64 * MB);
	tap_ok(o && !put(o, 1, 1) && outbox_commit(o) < 0, "with a full disk at the start it waits in memory");
	unlink(path_of("filler"));
	nanosleep(&second, NULL);
	after = 0;
	expected = 1;
	tap_ok(!outbox_commit(o) && read_all(o, &after, is_next, &expected) == 1, "until there is room");
	outbox_close(o);
	umount(directory);
}

int main(void)
{
	snprintf(directory, sizeof(directory), "/tmp/outbox-test-XXXXXX");
	if (!mkdtemp(directory))
		return 1;
	log_setup(LOG_ERROR, "#");
	test_order_and_ack();
	test_lock();
	test_many();
	test_limit();
	test_kill();
	test_damaged("between runs");
	test_damaged("while running");
	test_full_disk();
	rmdir(directory);
	return tap_end();
}
