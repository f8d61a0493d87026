// SPDX-License-Identifier: BSD-2-Clause
/*
 * Load for ingest.py: rows of hosts that a collector would have made of their facts, to be copied into its database; and the
 * same hosts' facts, as messages that are made before the clock starts.
 *
 *     ingest rows TABLE NETWORK SENSOR COUNT FIRST_US LAST_US     lines for COPY
 *     ingest run PORT KEY KIND FROM COUNT FACTS FIRST             KIND: new, refresh, flow; COUNT hosts, in no order
 *
 * The host of a number has a MAC, an address, a name and a service, and speaks to one server of a thousand. `run` prints
 * facts, seconds, and its own processor time.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "collector/conclude.h"
#include "collector/stream.h"
#include "tests/bench/websocket.h"

enum { BATCH_FACTS = 1000, BATCH_BYTES = 512 << 10, INFLIGHT = 8, SERVERS = 1000, FACT_BYTES = 512 };

enum part { PART_ADDRESS, PART_HOST, PART_NAME, PART_SERVICE, PART_FLOW, PARTS };

struct device {
	unsigned int number;
	char mac[32], ip[32], server[32], name[32];
};

static struct device device_of(unsigned int number)
{
	struct device d = {.number = number};
	unsigned int server = number % SERVERS;

	snprintf(d.mac, sizeof(d.mac), "00:1b:21:%02x:%02x:%02x", number >> 16 & 255, number >> 8 & 255,
		 number & 255);
	snprintf(d.ip, sizeof(d.ip), "10.%u.%u.%u", number >> 16 & 255, number >> 8 & 255, number & 255);
	snprintf(d.server, sizeof(d.server), "10.%u.%u.%u", server >> 16 & 255, server >> 8 & 255,
		 server & 255);
	snprintf(d.name, sizeof(d.name), "host-%u", number);
	return d;
}

/* One fact as a sensor says it; grown: how much its counters have, from 1 on. */
static size_t write_fact(char *out, const struct device *d, enum part part, double first, double last,
			 unsigned int grown)
{
	static const char *const begins[PARTS] = {
		[PART_ADDRESS] = "address\",\"source\":\"arp\",\"confidence\":\"announced",
		[PART_HOST] = "host\",\"source\":\"ip\",\"confidence\":\"measured",
		[PART_NAME] = "name\",\"source\":\"dhcp\",\"confidence\":\"announced",
		[PART_SERVICE] = "service\",\"source\":\"tcp\",\"confidence\":\"measured",
		[PART_FLOW] = "flow\",\"source\":\"tcp\",\"confidence\":\"measured",
	};
	int used = snprintf(out, FACT_BYTES,
			    "{\"fact\":\"%s\",\"first\":%.6f,\"last\":%.6f,\"count\":%u,\"vlan\":[],",
			    begins[part], first, last, grown * 3);
	char *at = out + used;
	size_t room = FACT_BYTES - (size_t)used;

	if (part == PART_ADDRESS)
		used += snprintf(at, room, "\"mac\":\"%s\",\"ip\":\"%s\"}", d->mac, d->ip);
	else if (part == PART_HOST)
		used += snprintf(at, room,
				 "\"mac\":\"%s\",\"ip\":\"%s\",\"packets\":%u,\"bytes\":%u,\"packets_in\":%u,"
				 "\"bytes_in\":%u}",
				 d->mac, d->ip, grown * 3, grown * 300, grown * 2, grown * 200);
	else if (part == PART_NAME)
		used += snprintf(at, room, "\"mac\":\"%s\",\"name\":\"%s\",\"kind\":\"hostname\"}", d->mac,
				 d->name);
	else if (part == PART_SERVICE)
		used += snprintf(
			at, room,
			"\"ip\":\"%s\",\"port\":22,\"proto\":\"tcp\",\"state\":\"open\",\"clients\":%u}", d->ip,
			grown);
	else
		used += snprintf(
			at, room,
			"\"client\":\"%s\",\"server\":\"%s\",\"port\":443,\"proto\":\"tcp\",\"connections\":%u,"
			"\"packets\":%u,\"bytes\":%u,\"packets_back\":%u,\"bytes_back\":%u}",
			d->ip, d->server, grown, grown * 3, grown * 300, grown * 2, grown * 900);
	return (size_t)used;
}

/* Rows. */

struct place {
	const char *network, *sensor;
	int64_t first_us, last_us;
	char first[40], last[40]; /* as PostgreSQL reads them */
};

static void read_back(const char *text, size_t length, struct arena *arena, struct fact *out)
{
	struct json *json = NULL;
	const char *why;

	if (json_read(text, length, &json, &why) || fact_read(json, arena, out, &why)) {
		fprintf(stderr, "a fact is not understood (%s): %s\n", why, text);
		exit(1);
	}
}

/* As PostgreSQL reads a time. */
static const char *time_text(int64_t us, char out[static 40])
{
	time_t seconds = us / 1000000;
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(out, 40, "%Y-%m-%d %H:%M:%S+00", &tm);
	return out;
}

static void print_evidence(const struct place *place, const struct device *d, enum part part, bool sighting)
{
	struct world world = {.network_id = place->network, .sensor_id = place->sensor};
	char text[FACT_BYTES], target[ID_TEXT_MAX] = "\\N";
	struct fact fact;

	read_back(text,
		  write_fact(text, d, part, (double)place->first_us / 1e6, (double)place->last_us / 1e6, 1),
		  &world.arena, &fact);
	if (part == PART_ADDRESS || part == PART_HOST)
		snprintf(target, sizeof(target), "%08x-0000-7000-8000-000000000001", d->number);
	else if (part == PART_NAME)
		snprintf(target, sizeof(target), "%08x-0000-7000-8000-000000000000", d->number);
	else if (part == PART_SERVICE)
		snprintf(target, sizeof(target), "%s", world_service_id(&world, "{}", d->ip, 22, "tcp"));
	else
		snprintf(target, sizeof(target), "%s",
			 world_flow_id(&world, "{}", d->ip, d->server, 443, "tcp"));
	if (sighting)
		printf("%s\t%s\t%lld\tt\t%s\t%s\t%s\t%s\t3\t%d\t3\t%d\t%d\t%d\t%d\t%d\n", place->network,
		       conclude_evidence(&world, &fact)->id, (long long)conclude_values(&fact), target,
		       place->first, place->first, place->last, part == PART_HOST ? 3 : 1,
		       part == PART_HOST ? 3 : part == PART_FLOW, part == PART_HOST ? 300 : 3,
		       part == PART_HOST ? 2 : 300, part == PART_HOST ? 200 : 2, 900);
	else
		printf("%s\t%s\t%s\t%s\t%s\t%s\t{}\t%s\t%s\t%s\t%s\n", place->network,
		       conclude_evidence(&world, &fact)->id, place->sensor, fact_kind_names[fact.kind],
		       fact_source_names[fact.source], fact_confidence_names[fact.confidence],
		       FACT_HAS(&fact, mac) ? d->mac : "\\N", FACT_HAS(&fact, ip) ? d->ip : "\\N",
		       part == PART_NAME ? "0" : "\\N", text);
	world_free(&world);
}

static void print_row(const char *table, const struct place *place, unsigned int number)
{
	struct world world = {.network_id = place->network};
	struct device d = device_of(number);
	const char *first = place->first, *last = place->last;

	if (strcmp(table, "host") == 0)
		printf("%s\t%08x-0000-7000-8000-000000000000\t%s\tdhcp\thostname\t%s\tIntel "
		       "Corporate\t%s\t%s\t%s\n",
		       place->network, number, d.name, last, first, last, first);
	else if (strcmp(table, "interface") == 0)
		printf("%s\t%08x-0000-7000-8000-000000000001\t%08x-0000-7000-8000-000000000000\t%s\t%s\t{}"
		       "\tIntel "
		       "Corporate\t3\t300\t2\t200\t%s\t%s\n",
		       place->network, number, number, d.mac, d.ip, first, last);
	else if (strcmp(table, "service") == 0)
		printf("%s\t%s\t%08x-0000-7000-8000-000000000000\t%s\t22\ttcp\t{}\topen\ttcp\tmeasured\t1\t%"
		       "s\t%s\n",
		       place->network, world_service_id(&world, "{}", d.ip, 22, "tcp"), number, d.ip, first,
		       last);
	else if (strcmp(table, "flow") == 0)
		printf("%s\t%s\t%08x-0000-7000-8000-000000000000\t%s\t%08x-0000-7000-8000-000000000000\t%"
		       "s\t443\ttcp\t{}"
		       "\t1\t3\t300\t2\t900\t%s\t%s\n",
		       place->network, world_flow_id(&world, "{}", d.ip, d.server, 443, "tcp"), number, d.ip,
		       number % SERVERS, d.server, first, last);
	else
		for (enum part part = 0; part < PARTS; part++)
			print_evidence(place, &d, part, strcmp(table, "sighting") == 0);
	world_free(&world);
}

/* Messages. */

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct run {
	struct websocket ws;
	char **messages;
	size_t *lengths;
	unsigned int count;
	uint64_t acked, base;
	bool welcome;
};

/* A permutation of 0 … count - 1, by a step that has no divisor in common with it. */
static unsigned int scatter(unsigned int i, unsigned int count)
{
	static const unsigned int steps[] = {7368787, 4256249, 611953};
	unsigned int step = 1;

	for (size_t k = 0; k < sizeof(steps) / sizeof(steps[0]); k++)
		if (count % steps[k])
			step = steps[k];
	return (unsigned int)((uint64_t)i * step % count);
}

static bool make_messages(struct run *run, const char *kind, unsigned int from, unsigned int count,
			  unsigned int facts, double first, double last)
{
	bool flows = strcmp(kind, "flow") == 0, fresh = strcmp(kind, "new") == 0;
	/* Each run begins with other hosts, and their counters have grown since the one before. */
	unsigned int begin = fresh ? 0 : (unsigned int)(run->base % count);
	unsigned int since = fresh ? 0 : (unsigned int)((last - first) * 10);
	unsigned int said = 0, per_host = flows ? 1 : 4, most = facts / BATCH_FACTS + 1;

	run->messages = calloc(most, sizeof(char *));
	run->lengths = calloc(most, sizeof(size_t));
	while (run->messages && run->lengths && said < facts) {
		char *text = malloc(BATCH_BYTES), *at = text;

		if (!text)
			return false;
		at += sprintf(at, "{\"type\":\"facts\",\"batch\":%llu,\"facts\":[",
			      (unsigned long long)(run->base + run->count + 1));
		for (unsigned int i = 0; i < BATCH_FACTS; i++, said++) {
			unsigned int turn = said / per_host / count, place = (said / per_host + begin) % count;
			struct device d = device_of(from + scatter(place, count));

			at += write_fact(at, &d, flows ? PART_FLOW : (enum part)(said % per_host), first, last,
					 since + turn + 2);
			*at++ = i + 1 < BATCH_FACTS ? ',' : ']';
		}
		*at++ = '}';
		run->messages[run->count] = text;
		run->lengths[run->count++] = (size_t)(at - text);
	}
	return run->messages && run->lengths;
}

static int take(struct run *run, int wait_ms)
{
	struct pollfd readable = {.fd = run->ws.fd, .events = POLLIN};
	const char *text, *number;
	size_t length;
	int error = 0, got;

	if (poll(&readable, 1, wait_ms) > 0)
		error = websocket_read(&run->ws);
	if (error && error != -EAGAIN)
		return error;
	while ((got = websocket_next(&run->ws, &text, &length)) > 0) {
		if (memmem(text, length, "\"error\"", 7)) {
			fprintf(stderr, "the collector says: %.*s\n", (int)length, text);
			return -EPROTO;
		}
		run->welcome |= memmem(text, length, "\"welcome\"", 9) != NULL;
		number = memmem(text, length, "\"batch\":", 8);
		if (number)
			run->acked = strtoull(number + 8, NULL, 10) - run->base;
	}
	return got;
}

static int greet(struct run *run, int port, const char *key)
{
	char head[256], text[512];
	int error;

	snprintf(head, sizeof(head), "Authorization: Bearer %s\r\n", key);
	error = websocket_open(&run->ws, port, "/sensor", "netvisor.sensor.1", head, 0);
	snprintf(text, sizeof(text),
		 "{\"type\":\"hello\",\"version\":1,\"name\":\"bench\",\"software\":\"bench\",\"hostname\":"
		 "\"bench\","
		 "\"outbox\":\"%032x\",\"capabilities\":{},\"interfaces\":[]}",
		 1);
	if (!error)
		error = websocket_send(&run->ws, text, strlen(text));
	while (!error && !run->welcome)
		error = take(run, 5000);
	return error;
}

static int run_load(struct run *run)
{
	unsigned int sent = 0;
	int error = 0;

	while (!error && run->acked < run->count) {
		if (sent < run->count && sent - run->acked < INFLIGHT) {
			error = websocket_send(&run->ws, run->messages[sent], run->lengths[sent]);
			sent++;
			if (!error)
				error = take(run, 0);
			continue;
		}
		error = take(run, 10000);
	}
	return error;
}

static int run_command(char **argv)
{
	double now = now_s(), begin;
	struct run run = {.base = (uint64_t)(now * 1000)};
	struct rusage usage;
	const char *kind = argv[4];
	bool fresh = strcmp(kind, "new") == 0;
	int error;

	/* Known hosts' facts go on from the `first` that their rows have. */
	if (!make_messages(&run, kind, (unsigned int)strtoul(argv[5], NULL, 10),
			   (unsigned int)strtoul(argv[6], NULL, 10), (unsigned int)strtoul(argv[7], NULL, 10),
			   fresh ? now - 1 : strtod(argv[8], NULL), now))
		return 1;
	error = greet(&run, atoi(argv[2]), argv[3]);
	begin = now_s();
	if (!error)
		error = run_load(&run);
	getrusage(RUSAGE_SELF, &usage);
	printf("%u %.6f %.3f\n", run.count * BATCH_FACTS, now_s() - begin,
	       (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
	if (error)
		fprintf(stderr, "ingest: %s\n", strerror(-error));
	return error ? 1 : 0;
}

int main(int argc, char **argv)
{
	if (argc == 9 && strcmp(argv[1], "run") == 0)
		return run_command(argv);
	if (argc == 8 && strcmp(argv[1], "rows") == 0) {
		struct place place = {argv[3], argv[4], strtoll(argv[6], NULL, 10), strtoll(argv[7], NULL, 10),
				      "",      ""};
		unsigned int count = (unsigned int)strtoul(argv[5], NULL, 10);

		if (secret_open())
			return 1;
		time_text(place.first_us, place.first);
		time_text(place.last_us, place.last);
		for (unsigned int i = 0; i < count; i++)
			print_row(argv[2], &place, i);
		return fflush(stdout) ? 1 : 0;
	}
	fprintf(stderr, "usage: ingest rows TABLE NETWORK SENSOR COUNT FIRST_US LAST_US\n"
			"       ingest run PORT KEY new|refresh|flow FROM COUNT FACTS FIRST\n");
	return 2;
}
