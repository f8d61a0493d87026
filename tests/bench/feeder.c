// SPDX-License-Identifier: BSD-2-Clause
/*
 * What it says: of HOSTS hosts, in turns, counters of the host and of its flow to a server, which go on (refreshes); in each
 * batch one host that is new, and one name, the mark. A batch is sent every INTERVAL_MS, as a sensor does.
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/feeder.h"
#include "tests/bench/websocket.h"

enum {
	HOSTS = 1000,
	INTERVAL_MS = 50,
	INFLIGHT = 8,
	FLOOD_FACTS = 500,
	BATCH_BYTES = 512 << 10,
};

struct feed {
	struct websocket ws;
	char *text;
	size_t length;
	double start; /* the first of all counters */
	uint64_t sent, acked;
	bool welcome;
	unsigned int turn, fresh; /* refreshes said, new hosts said */
	unsigned int space;	  /* of the new hosts' addresses: another one each run */
};

int64_t feeder_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

__attribute__((format(printf, 2, 3))) static void add(struct feed *feed, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	feed->length +=
		(size_t)vsnprintf(feed->text + feed->length, BATCH_BYTES - feed->length, format, arguments);
	va_end(arguments);
}

static void add_refresh(struct feed *feed, double now)
{
	unsigned int host = feed->turn / 2 % HOSTS, packets = feed->turn / 2 / HOSTS + 1;

	if (feed->turn++ % 2)
		add(feed,
		    "{\"fact\":\"flow\",\"first\":%.6f,\"last\":%.6f,\"count\":1,\"vlan\":[],\"source\":"
		    "\"tcp\","
		    "\"confidence\":\"measured\",\"client\":\"10.0.%u.%u\",\"server\":\"10.1.0.1\",\"port\":"
		    "443,"
		    "\"proto\":\"tcp\",\"connections\":%u,\"packets\":%u,\"bytes\":%u,\"packets_back\":%u,"
		    "\"bytes_back\":%u},",
		    feed->start, now, host / 250, host % 250 + 1, packets, packets * 3, packets * 300,
		    packets * 2, packets * 900);
	else
		add(feed,
		    "{\"fact\":\"host\",\"first\":%.6f,\"last\":%.6f,\"count\":1,\"vlan\":[],\"source\":\"ip\","
		    "\"confidence\":\"measured\",\"mac\":\"02:00:00:00:%02x:%02x\",\"ip\":\"10.0.%u.%u\","
		    "\"packets\":%u,"
		    "\"bytes\":%u,\"packets_in\":%u,\"bytes_in\":%u},",
		    feed->start, now, host / 250, host % 250, host / 250, host % 250 + 1, packets,
		    packets * 100, packets, packets * 50);
}

static void add_new(struct feed *feed, double now)
{
	unsigned int one = feed->fresh++;

	add(feed,
	    "{\"fact\":\"address\",\"first\":%.6f,\"last\":%.6f,\"count\":1,\"vlan\":[],\"source\":\"arp\","
	    "\"confidence\":"
	    "\"measured\",\"mac\":\"06:%02x:00:%02x:%02x:%02x\",\"ip\":\"%u.%u.%u.%u\"},",
	    now, now, feed->space, one >> 16 & 255, one >> 8 & 255, one & 255, 64 + feed->space,
	    one >> 16 & 255, one >> 8 & 255, one & 255);
}

static int send_batch(struct feed *feed, unsigned int refreshes, unsigned int fresh)
{
	int64_t now_us = feeder_now_us();
	double now = (double)now_us / 1e6;
	unsigned int host = (unsigned int)(feed->sent % HOSTS);

	feed->length = 0;
	add(feed, "{\"type\":\"facts\",\"batch\":%llu,\"facts\":[", (unsigned long long)++feed->sent);
	for (unsigned int i = 0; i < refreshes; i++)
		add_refresh(feed, now);
	for (unsigned int i = 0; i < fresh; i++)
		add_new(feed, now);
	add(feed,
	    "{\"fact\":\"name\",\"first\":%.6f,\"last\":%.6f,\"count\":1,\"vlan\":[],\"source\":\"dhcp\","
	    "\"confidence\":"
	    "\"announced\",\"mac\":\"02:00:00:00:%02x:%02x\",\"ip\":\"10.0.%u.%u\",\"name\":\"t%0*lld\","
	    "\"kind\":\"hostname\"}]}",
	    now, now, host / 250, host % 250, host / 250, host % 250 + 1, FEEDER_NAME_DIGITS,
	    (long long)now_us);
	return websocket_send(&feed->ws, feed->text, feed->length);
}

/* Take what has come, waiting so long for something. */
static int take_acks(struct feed *feed, int wait_ms)
{
	struct pollfd readable = {.fd = feed->ws.fd, .events = POLLIN};
	const char *text, *number;
	size_t length;
	int error = 0, got;

	if (poll(&readable, 1, wait_ms) > 0)
		error = websocket_read(&feed->ws);
	if (error)
		return error;
	while ((got = websocket_next(&feed->ws, &text, &length)) > 0) {
		if (memmem(text, length, "\"error\"", 7)) {
			fprintf(stderr, "the collector says: %.*s\n", (int)length, text);
			return -EPROTO;
		}
		feed->welcome |= memmem(text, length, "\"welcome\"", 9) != NULL;
		number = memmem(text, length, "\"batch\":", 8);
		if (number)
			feed->acked = strtoull(number + 8, NULL, 10);
	}
	return got;
}

static int greet(struct feed *feed, const struct feeder *options)
{
	static const char hello[] =
		"{\"type\":\"hello\",\"version\":1,\"name\":\"feeder\",\"software\":\"feeder\","
		"\"hostname\":\"bench\",\"outbox\":\"%016llx%016llx\",\"capabilities\":{},"
		"\"interfaces\":[]}";
	unsigned long long now = (unsigned long long)feeder_now_us();
	char head[256], text[512];
	int error;

	snprintf(head, sizeof(head), "Authorization: Bearer %s\r\n", options->key);
	error = websocket_open(&feed->ws, options->port, "/sensor", "netvisor.sensor.1", head, 0);
	if (!error)
		error = websocket_send(&feed->ws, text, (size_t)snprintf(text, sizeof(text), hello, now, now));
	while (!error && !feed->welcome)
		error = take_acks(feed, 5000);
	return error;
}

static int feed_on(struct feed *feed, const struct feeder *options, struct feeder_result *out)
{
	unsigned int facts = options->rate ? options->rate * INTERVAL_MS / 1000 : FLOOD_FACTS;
	int64_t begin = feeder_now_us(), due = begin, end = begin + (int64_t)options->seconds * 1000000;
	int error = 0;

	while (!error && feeder_now_us() < end) {
		int64_t wait = options->rate ? due - feeder_now_us() : 0;

		if (wait > 0 || feed->sent - feed->acked >= INFLIGHT) {
			error = take_acks(feed, wait > 0 ? (int)(wait / 1000) + 1 : 10);
			continue;
		}
		out->late += options->rate && wait < -INTERVAL_MS * 1000;
		due += INTERVAL_MS * 1000;
		error = options->rate ? send_batch(feed, facts - 2, 1) : send_batch(feed, 0, facts - 1);
		if (!error)
			error = take_acks(feed, 0);
		out->facts += facts;
	}
	end = feeder_now_us() + 60 * 1000000;
	while (!error && feed->acked < feed->sent)
		error = feeder_now_us() > end ? -ETIMEDOUT : take_acks(feed, 100);
	out->batches = feed->acked;
	out->seconds = (double)(feeder_now_us() - begin) / 1e6;
	return error;
}

int feeder_run(const struct feeder *options, struct feeder_result *out)
{
	struct feed feed = {.text = malloc(BATCH_BYTES)};
	int error = feed.text ? greet(&feed, options) : -ENOMEM;

	feed.start = (double)feeder_now_us() / 1e6;
	feed.space = (unsigned int)(feeder_now_us() / 1000000) & 31;
	if (!error)
		error = feed_on(&feed, options, out);
	websocket_close(&feed.ws);
	free(feed.text);
	return error;
}
