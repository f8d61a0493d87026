// SPDX-License-Identifier: BSD-2-Clause
/*
 * Many browsers on one collector: each follows the log, and every change of it is looked for. A feeder (a process of its own) says
 * facts meanwhile; the names among them tell when they were sent, and so how long it took until each browser had them.
 *
 *     browsers PORT COOKIE KEY BROWSERS RATE SECONDS [sleeper]
 *
 * RATE 0 floods with new hosts. sleeper: the first browser does not read while facts come; then it reads, is told that it was closed, and comes
 * again with the seq that it has. Status 0 when all browsers have all changes up to the same seq, which is printed.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/feeder.h"
#include "tests/bench/websocket.h"

enum {
	BUCKET_US = 500,
	BUCKETS = 40000, /* 20 s; what takes longer is in the last */
	EVENTS_MAX = 256,
	COME_MS = 300000,      /* until all have their first state */
	SETTLE_MS = 60000,     /* after the last fact, until all have all */
	QUIET_MS = 1500,       /* nothing came for so long: it is the end */
	SLEEPER_BYTES = 65536, /* of the sleeper's socket */
};

struct browser {
	struct websocket ws;
	int64_t seq; /* -1: not ready yet */
	bool asleep;
};

struct bench {
	int port, epoll_fd;
	const char *cookie;
	struct browser *browsers;
	size_t count, ready;
	uint64_t changes, gaps, closed, resumed, snapshots, marks;
	uint32_t buckets[BUCKETS];
	int64_t last_us, worst_us;
};

/* The number after a key, or -1; *at moves behind it. */
static int64_t number_after(const char **at, const char *end, const char *key)
{
	const char *found = memmem(*at, (size_t)(end - *at), key, strlen(key));

	if (!found)
		return -1;
	found += strlen(key);
	found += strspn(found, " :");
	*at = found;
	return strtoll(found, NULL, 10);
}

static void take_mark(struct bench *bench, int64_t sent_us)
{
	int64_t took = feeder_now_us() - sent_us;
	int64_t bucket = took / BUCKET_US;

	bench->marks++;
	bench->buckets[bucket < 0 ? 0 : bucket < BUCKETS ? bucket : BUCKETS - 1]++;
	if (took > bench->worst_us)
		bench->worst_us = took;
}

static void take_changes(struct bench *bench, struct browser *browser, const char *text, const char *end)
{
	const char *at = text;
	int64_t seq;

	while ((seq = number_after(&at, end, "\"seq\"")) >= 0) {
		bench->gaps += seq != browser->seq + 1;
		browser->seq = seq;
		bench->changes++;
	}
	for (at = text; (at = memmem(at, (size_t)(end - at), "\"t1", 3)); at++) {
		char *after;
		int64_t sent_us = strtoll(at + 2, &after, 10);

		/* A log's entry names it once as the new value; the host's former name may stand there too. */
		if (after == at + 2 + FEEDER_NAME_DIGITS && *after == '"')
			take_mark(bench, sent_us);
	}
}

static void take_message(struct bench *bench, struct browser *browser, const char *text, size_t length)
{
	const char *end = text + length, *at = text;

	if (memmem(text, length < 64 ? length : 64, "\"changes\"", 9)) {
		take_changes(bench, browser, text, end);
	} else if (memmem(text, length < 64 ? length : 64, "\"ready\"", 7)) {
		int64_t seq = number_after(&at, end, "\"seq\"");

		bench->resumed += browser->seq >= 0 && seq == browser->seq;
		bench->ready += browser->seq < 0;
		browser->seq = seq;
	} else if (memmem(text, length < 64 ? length : 64, "\"snapshot\"", 10)) {
		bench->snapshots += browser->seq >= 0; /* it had a state, and may not resume */
	}
	bench->last_us = feeder_now_us();
}

static int come(struct bench *bench, struct browser *browser, bool sleeper)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = browser};
	char head[1024], text[128];
	int error;

	snprintf(head, sizeof(head), "Cookie: %s\r\nOrigin: http://localhost:%d\r\n", bench->cookie,
		 bench->port);
	error = websocket_open(&browser->ws, bench->port, "/live", "netvisor.live.1", head,
			       sleeper ? SLEEPER_BYTES : 0);
	if (error)
		return error;
	if (browser->seq >= 0)
		snprintf(text, sizeof(text), "{\"type\":\"subscribe\",\"network_id\":null,\"after\":%lld}",
			 (long long)browser->seq);
	else
		snprintf(text, sizeof(text), "{\"type\":\"subscribe\",\"network_id\":null,\"after\":null}");
	error = websocket_send(&browser->ws, text, strlen(text));
	fcntl(browser->ws.fd, F_SETFL, O_NONBLOCK);
	if (!error && epoll_ctl(bench->epoll_fd, EPOLL_CTL_ADD, browser->ws.fd, &event) < 0)
		error = -errno;
	return error;
}

/* Read a browser's socket once, and take what is whole. One that was closed comes again. */
static int turn(struct bench *bench, struct browser *browser)
{
	const char *text;
	size_t length;
	int error = websocket_read(&browser->ws), got = 0;

	while (error != -ECONNRESET && (got = websocket_next(&browser->ws, &text, &length)) > 0)
		take_message(bench, browser, text, length);
	if (got >= 0 && (!error || error == -EAGAIN))
		return 0;
	fprintf(stderr, "a browser was closed (%u) at seq %lld, and comes again\n", browser->ws.close_code,
		(long long)browser->seq);
	bench->closed++;
	websocket_close(&browser->ws);
	return come(bench, browser, false);
}

static int turn_all(struct bench *bench, int wait_ms)
{
	struct epoll_event events[EVENTS_MAX];
	int count = epoll_wait(bench->epoll_fd, events, EVENTS_MAX, wait_ms), error = 0;

	for (int i = 0; i < count && !error; i++) {
		struct browser *browser = events[i].data.ptr;

		if (!browser->asleep)
			error = turn(bench, browser);
	}
	return error;
}

static void sleep_or_wake(struct bench *bench, struct browser *browser, bool asleep)
{
	struct epoll_event event = {.events = asleep ? 0 : EPOLLIN, .data.ptr = browser};

	browser->asleep = asleep;
	epoll_ctl(bench->epoll_fd, EPOLL_CTL_MOD, browser->ws.fd, &event);
}

static double percentile_ms(const struct bench *bench, double share)
{
	uint64_t wanted = (uint64_t)((double)bench->marks * share), passed = 0;
	size_t bucket = 0;

	while (bucket < BUCKETS - 1 && (passed += bench->buckets[bucket]) <= wanted)
		bucket++;
	return (double)(bucket + 1) * BUCKET_US / 1000;
}

static bool all_equal(const struct bench *bench)
{
	for (size_t i = 1; i < bench->count; i++)
		if (bench->browsers[i].seq != bench->browsers[0].seq)
			return false;
	return true;
}

/* The feeder's process; what it did comes through the pipe. */
static pid_t start_feeder(const struct feeder *feeder, int *result_fd)
{
	struct feeder_result result = {0};
	int ends[2];
	pid_t child;

	if (pipe(ends) < 0 || (child = fork()) < 0)
		return -1;
	*result_fd = ends[0];
	if (child == 0) {
		int error = feeder_run(feeder, &result);

		if (error)
			fprintf(stderr, "the feeder: %s\n", strerror(-error));
		_exit(error || write(ends[1], &result, sizeof(result)) != sizeof(result));
	}
	close(ends[1]);
	return child;
}

static int watch(struct bench *bench, const struct feeder *feeder, bool sleeper)
{
	struct feeder_result result = {0};
	int result_fd, status = 1, error = 0;
	int64_t end;
	pid_t child = start_feeder(feeder, &result_fd);

	if (child < 0)
		return -errno;
	while (!error && waitpid(child, &status, WNOHANG) == 0)
		error = turn_all(bench, 50);
	if (!error && (status || read(result_fd, &result, sizeof(result)) != sizeof(result)))
		error = -ECHILD;
	if (sleeper)
		sleep_or_wake(bench, &bench->browsers[0], false);
	bench->last_us = feeder_now_us();
	end = feeder_now_us() + SETTLE_MS * 1000;
	while (!error && feeder_now_us() < end &&
	       (!all_equal(bench) || feeder_now_us() - bench->last_us < QUIET_MS * 1000))
		error = turn_all(bench, 100);
	if (error)
		return error;
	printf("%zu browser%s, %.0f facts a second for %.0f s: sent → received p50 %.1f ms, p99 %.1f ms, most "
	       "%.0f ms; "
	       "%llu changes, gaps %llu, closed %llu, resumed %llu, late batches %llu; all at seq %lld\n",
	       bench->count, bench->count == 1 ? "" : "s", (double)result.facts / result.seconds,
	       result.seconds, percentile_ms(bench, 0.5), percentile_ms(bench, 0.99),
	       (double)bench->worst_us / 1000, (unsigned long long)bench->changes,
	       (unsigned long long)bench->gaps, (unsigned long long)bench->closed,
	       (unsigned long long)bench->resumed, (unsigned long long)result.late,
	       (long long)bench->browsers[0].seq);
	return all_equal(bench) && !bench->gaps && !bench->snapshots ? 0 : -EPROTO;
}

static int come_all(struct bench *bench, bool sleeper)
{
	int64_t begin = feeder_now_us();
	int error = 0;

	for (size_t i = 0; i < bench->count && !error; i++) {
		bench->browsers[i].seq = -1;
		error = come(bench, &bench->browsers[i], sleeper && i == 0);
		if (!error)
			error = turn_all(bench, 0);
	}
	while (!error && bench->ready < bench->count && feeder_now_us() - begin < COME_MS * 1000L)
		error = turn_all(bench, 100);
	if (error || bench->ready < bench->count)
		return error ? error : -ETIMEDOUT;
	printf("%zu browsers have their first state after %.1f s\n", bench->count,
	       (double)(feeder_now_us() - begin) / 1e6);
	bench->changes = bench->gaps = 0;
	if (sleeper)
		sleep_or_wake(bench, &bench->browsers[0], true);
	return 0;
}

int main(int argc, char **argv)
{
	bool sleeper = argc > 7 && strcmp(argv[7], "sleeper") == 0;
	struct rlimit limit;
	struct feeder feeder;
	struct bench *bench;
	int error;

	if (argc < 7) {
		fprintf(stderr, "usage: browsers PORT COOKIE KEY BROWSERS RATE SECONDS [sleeper]\n");
		return 2;
	}
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	bench = calloc(1, sizeof(*bench));
	feeder = (struct feeder){.port = atoi(argv[1]),
				 .key = argv[3],
				 .rate = (unsigned int)atoi(argv[5]),
				 .seconds = (unsigned int)atoi(argv[6])};
	if (!bench)
		return 1;
	bench->port = feeder.port;
	bench->cookie = argv[2];
	bench->count = (size_t)atoi(argv[4]);
	bench->browsers = calloc(bench->count, sizeof(*bench->browsers));
	bench->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	error = bench->browsers && bench->epoll_fd >= 0 ? come_all(bench, sleeper) : -ENOMEM;
	fflush(stdout);
	if (!error)
		error = watch(bench, &feeder, sleeper);
	if (error)
		fprintf(stderr, "browsers: %s\n", strerror(-error));
	return error != 0;
}
