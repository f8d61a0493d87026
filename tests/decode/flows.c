// SPDX-License-Identifier: BSD-2-Clause
/* Conversations folded into flows: entries that are closed and born again, late reports, and who opened. */
#include "sensor/flows.h"

#include <arpa/inet.h>

#include "sensor/hosts.h"
#include "sensor/record_key.h"
#include "tests/decode/said.h"

enum { TCP = 6, UDP = 17, SYN = 2, ACK = 16, ENTRIES_MAX = 1 << 16 };

/* What the engine has told of its entries, as it remembers itself. */
static struct entry {
	uint64_t packets[2];
} entries[ENTRIES_MAX];

static struct said said;
static struct fact_sink sink = {said_say, &said};
static struct sightings *sightings;
static struct hosts *hosts;
static struct flows *flows;

static void begin(bool at_end)
{
	struct sightings_options options = {.capacity = 64, .at_end = at_end};

	if (sightings_open(&options, &sink, 1, &sightings) || hosts_open(sightings, &hosts) ||
	    flows_open(sightings, hosts, &flows))
		exit(1);
}

static void end(void)
{
	flows_close(flows);
	hosts_close(hosts);
	sightings_close(sightings);
	said_clear(&said);
	memset(entries, 0, sizeof(entries));
}

/* 10.0.0.1:port_a and 10.0.0.2:port_b: end 0 is the former. */
static struct flow_key key_of(uint8_t proto, uint16_t port_a, uint16_t port_b)
{
	struct flow_key key = {.addr = {{10, 0, 0, 1}, {10, 0, 0, 2}}, .version = 4, .proto = proto};

	key.port_n[0] = htons(port_a);
	key.port_n[1] = htons(port_b);
	return key;
}

static void begins(struct flow_key key, uint64_t entry, uint8_t direction, uint8_t flags, int64_t time_us)
{
	struct record_flow record = {.key = key, .entry = entry, .direction = direction, .tcp_flags = flags};

	flows_begin(flows, &record, time_us);
}

static struct entry *told_of(uint64_t id)
{
	return &entries[id];
}

static void reports(struct flow_key key, uint64_t entry, uint64_t from_0, uint64_t from_1, int64_t last_us,
		    bool finished)
{
	struct flow_report report = {.key = key,
				     .entry = entry,
				     .packets = {from_0, from_1},
				     .bytes = {from_0, from_1},
				     .last_us = last_us,
				     .opener = FLOW_OPENER_UNKNOWN,
				     .finished = finished};
	struct entry *told = told_of(entry);

	report.first = told->packets[0] + told->packets[1] == 0;
	for (int i = 0; i < 2; i++) {
		report.new_packets[i] = report.new_bytes[i] = report.packets[i] - told->packets[i];
		told->packets[i] = report.packets[i];
	}

	flows_report(flows, &report);
}

/* The flow facts said since the last time are these. */
static void says(const char *story, const char *const *lines)
{
	size_t kept = 0;

	flows_tick(flows);
	sightings_flush(sightings);
	for (size_t i = 0; i < said.count; i++)
		if (strstr(said.line[i], "\"fact\":\"flow\""))
			said.line[kept++] = said.line[i];
		else
			free(said.line[i]);
	said.count = kept;
	said_is(&said, story, lines);
}

#define SAYS(story, ...) says(story, (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})
#define TAIL(source) ",\"vlan\":[],\"source\":\"" source "\",\"confidence\":\"measured\"}"
#define FLOW(client, server, port, proto, connections, there, back)                                  \
	"{\"fact\":\"flow\",\"port\":" #port ",\"proto\":\"" proto "\",\"client\":\"10.0.0." #client \
	"\",\"server\":\"10.0.0." #server "\",\"connections\":" #connections ",\"packets\":" #there  \
	",\"bytes\":" #there ",\"packets_back\":" #back ",\"bytes_back\":" #back TAIL(proto)

static void entries_come_and_go(void)
{
	struct flow_key key = key_of(TCP, 40000, 80);

	begin(false);
	begins(key, 1, 0, SYN, 1000);
	reports(key, 1, 3, 2, 2000, false);
	SAYS("the first report is the total", FLOW(1, 2, 80, "tcp", 1, 3, 2));
	reports(key, 1, 5, 4, 3000, true);
	SAYS("the next one replaces it", FLOW(1, 2, 80, "tcp", 1, 5, 4));
	begins(key, 2, 1, ACK, 4000);
	reports(key, 2, 1, 1, 5000, false);
	SAYS("an entry born again adds to it, and its first packet does not change who opened",
	     FLOW(1, 2, 80, "tcp", 1, 6, 5));
	reports(key, 2, 1, 1, 5000, false);
	SAYS("a report that says nothing new says nothing");
	end();

	begin(false);
	begins(key, 1, 0, SYN, 1000);
	reports(key, 1, 3, 0, 2000, false);
	begins(key, 2, 0, ACK, 3000);
	reports(key, 2, 2, 0, 3000, false);
	reports(key, 1, 4, 0, 2500, true);
	SAYS("the old entry's last report may come after the new one's first", FLOW(1, 2, 80, "tcp", 1, 6, 0));
	end();
}

static void who_opened(void)
{
	struct flow_key high = key_of(TCP, 40000, 50000), udp = key_of(UDP, 5060, 5061);

	begin(true);
	begins(key_of(TCP, 80, 40000), 1, 1, SYN | ACK, 1000);
	reports(key_of(TCP, 80, 40000), 1, 0, 1, 1000, false);
	SAYS("a SYN-ACK comes from the server, whatever its port", FLOW(1, 2, 40000, "tcp", 1, 0, 1));
	end();

	begin(true);
	begins(key_of(TCP, 80, 40000), 1, 0, ACK, 1000);
	reports(key_of(TCP, 80, 40000), 1, 2, 1, 1000, false);
	SAYS("from the middle of a connection: port 80 serves", FLOW(2, 1, 80, "tcp", 1, 1, 2));
	end();

	begin(true);
	begins(udp, 1, 1, 0, 1000);
	reports(udp, 1, 0, 1, 1000, false);
	SAYS("over UDP who spoke first is the client", FLOW(2, 1, 5060, "udp", 1, 1, 0));
	end();

	begin(true);
	begins(key_of(UDP, 53, 2000), 1, 0, 0, 1000);
	reports(key_of(UDP, 53, 2000), 1, 1, 0, 1000, false);
	SAYS("but not port 53 that answers", FLOW(2, 1, 53, "udp", 1, 0, 1));
	end();

	begin(true);
	begins(key_of(UDP, 67, 68), 1, 0, 0, 1000);
	reports(key_of(UDP, 67, 68), 1, 1, 0, 1000, false);
	SAYS("nor a DHCP server, which was asked by broadcast", FLOW(2, 1, 67, "udp", 1, 0, 1));
	end();

	begin(true);
	begins(high, 1, 0, ACK, 1000);
	reports(high, 1, 4, 3, 2000, false);
	begins(high, 2, 1, SYN, 3000);
	reports(high, 2, 1, 2, 4000, false);
	SAYS("a SYN that comes later corrects the guess, with all that was counted",
	     FLOW(2, 1, 40000, "tcp", 1, 5, 5));
	end();

	begin(false);
	begins(high, 1, 0, ACK, 1000);
	reports(high, 1, 4, 3, 2000, false);
	SAYS("what has been said stands", FLOW(1, 2, 50000, "tcp", 1, 4, 3));
	begins(high, 2, 1, SYN, 3000);
	reports(high, 2, 1, 2, 4000, false);
	SAYS("and the correction counts what comes after", FLOW(2, 1, 40000, "tcp", 1, 2, 1));
	end();
}

static void ports_are_folded(void)
{
	begin(true);
	for (uint16_t port = 40000; port < 40010; port++) {
		begins(key_of(TCP, port, 443), port, 0, SYN, port);
		reports(key_of(TCP, port, 443), port, 2, 1, port, true);
	}
	SAYS("ten client ports are ten connections of one flow", FLOW(1, 2, 443, "tcp", 10, 20, 10));
	end();
}

int main(void)
{
	entries_come_and_go();
	who_opened();
	ports_are_folded();
	return tap_end();
}
