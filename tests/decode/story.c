// SPDX-License-Identifier: BSD-2-Clause
/*
 * The whole story of tests/frames.h through learning, observing and saying once: the flows, hosts and services of it,
 * and what its hostile frames cost.
 */
#include "defs/limits.h"
#include "sensor/learn.h"
#include "sensor/observe.h"
#include "tests/decode/said.h"
#include "tests/frames.h"

static struct test_frames frames;

struct station {
	struct said said;
	struct fact_sink sink;
	struct sightings *sightings;
	struct observe *observe;
	struct learn *learn;
	int64_t now_us;
};

static void station_open(struct station *s, uint32_t slots)
{
	struct sightings_options options = {.capacity = 4096, .at_end = true};

	memset(s, 0, sizeof(*s));
	s->sink = (struct fact_sink){said_say, &s->said};
	s->now_us = TEST_TIME_US;
	if (sightings_open(&options, &s->sink, 1, &s->sightings) || observe_open(s->sightings, &s->observe) ||
	    learn_open(slots, &s->learn))
		exit(1);
}

static void station_sees(struct station *s, const struct test_frame *f)
{
	struct learn_frame frame = {.bytes = f->bytes,
				    .captured = (uint32_t)f->length,
				    .length = (uint32_t)f->length,
				    .time_us = s->now_us};

	learn_frame(s->learn, s->observe, &frame);
	s->now_us += TEST_FRAMES_STEP_US;
}

/* Say all; keep only lines that begin so. */
static void station_says(struct station *s, const char *fact)
{
	size_t kept = 0;

	learn_sweep(s->learn, s->observe, s->now_us);
	learn_losses(s->learn, s->observe, s->now_us);
	observe_tick(s->observe, s->now_us);
	sightings_flush(s->sightings);
	for (size_t i = 0; i < s->said.count; i++) {
		if (strncmp(s->said.line[i], fact, strlen(fact)) == 0)
			s->said.line[kept++] = s->said.line[i];
		else
			free(s->said.line[i]);
	}
	s->said.count = kept;
}

static void station_close(struct station *s)
{
	learn_close(s->learn);
	observe_close(s->observe);
	sightings_close(s->sightings);
	said_clear(&s->said);
}

static void station_sees_all(struct station *s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		station_sees(s, &frames.frame[i]);
}

#define FLOW(client, server, port, proto, connections, there, back)                          \
	"{\"fact\":\"flow\",\"port\":" #port ",\"proto\":\"" proto "\",\"client\":\"" client \
	"\",\"server\":\"" server "\",\"connections\":" #connections "," there "," back
#define THERE(packets, bytes) "\"packets\":" #packets ",\"bytes\":" #bytes
#define BACK(packets, bytes) "\"packets_back\":" #packets ",\"bytes_back\":" #bytes
#define APP(name) ",\"app\":\"" name "\""
#define OVER(source) ",\"vlan\":[],\"source\":\"" source "\",\"confidence\":\"measured\"}"

static void flows_of_the_story(size_t honest)
{
	static const char *const lines[] = {
		FLOW("0.0.0.0", "255.255.255.255", 67, "udp", 1, THERE(2, 609), BACK(0, 0)) APP("dhcp")
			OVER("udp"),
		FLOW("10.0.0.1", "255.255.255.255", 68, "udp", 1, THERE(2, 576), BACK(0, 0)) APP("dhcp")
			OVER("udp"),
		FLOW("::", "ff02::1", 0, "icmpv6", 1, THERE(1, 64), BACK(0, 0)) OVER("ip"),
		FLOW("fe80::5", "ff02::1", 0, "icmpv6", 1, THERE(2, 128), BACK(0, 0)) OVER("ip"),
		FLOW("fe80::1", "ff02::1", 0, "icmpv6", 1, THERE(2, 192), BACK(0, 0)) OVER("ip"),
		FLOW("10.0.0.5", "10.0.0.1", 53, "udp", 1, THERE(1, 61), BACK(1, 123)) APP("dns") OVER("udp"),
		/* Its question was missed, but an answer it is. */
		FLOW("10.0.0.5", "10.0.0.1", 5355, "udp", 1, THERE(0, 0), BACK(1, 123)) APP("llmnr")
			OVER("udp"),
		FLOW("10.0.0.9", "224.0.0.251", 5353, "udp", 1, THERE(2, 350), BACK(0, 0)) APP("mdns")
			OVER("udp"),
		/* Two connections of two client ports are one flow; one was refused. */
		FLOW("10.0.0.5", "192.0.2.80", 80, "tcp", 2, THERE(4, 165),
		     BACK(3, 125)) ",\"rtt_us\":2000" OVER("tcp"),
		FLOW("10.0.0.5", "192.0.2.80", 53, "tcp", 1, THERE(0, 0), BACK(3, 217)) APP("dns") OVER("tcp"),
		FLOW("10.0.0.5", "10.0.0.1", 9999, "udp", 1, THERE(1, 33), BACK(0, 0)) OVER("udp"), NULL};
	struct station s;

	station_open(&s, FLOW_SLOTS_DEFAULT);
	station_sees_all(&s, 0, honest);
	station_says(&s, "{\"fact\":\"flow\"");
	said_is(&s.said, "the flows of the story", lines);
	station_close(&s);
}

#define HOST(who, there, in, source, tags)                                                   \
	"{\"fact\":\"host\"," who "," there "," in ",\"vlan\":" tags ",\"source\":\"" source \
	"\",\"confidence\":\"measured\"}"
#define IN(packets, bytes) "\"packets_in\":" #packets ",\"bytes_in\":" #bytes
#define MAC(last) "\"mac\":\"02:00:00:00:00:" last "\""

static void hosts_of_the_story(size_t honest)
{
	static const char *const lines[] = {
		HOST(MAC("05") ",\"ip\":\"10.0.0.5\"", THERE(7, 319), IN(8, 588), "ip", "[]"),
		HOST(MAC("05") ",\"ip\":\"fe80::5\"", THERE(2, 128), IN(0, 0), "ip", "[]"),
		HOST(MAC("01") ",\"ip\":\"fe80::1\"", THERE(2, 192), IN(0, 0), "ip", "[]"),
		HOST(MAC("01") ",\"ip\":\"10.0.0.1\"", THERE(5, 882), IN(2, 94), "ip", "[]"),
		HOST(MAC("09") ",\"ip\":\"10.0.0.9\"", THERE(2, 350), IN(0, 0), "ip", "[]"),
		HOST(MAC("09") ",\"ip\":\"10.0.0.9\"", THERE(1, 64), IN(0, 0), "ip", "[20]"),
		HOST(MAC("09") ",\"ip\":\"10.0.0.9\"", THERE(1, 68), IN(0, 0), "ip", "[10,30]"),
		/* Behind the router: its MAC is not the server's. */
		HOST("\"ip\":\"192.0.2.80\",\"via\":\"02:00:00:00:00:01\"", THERE(6, 342), IN(4, 165), "ip",
		     "[]"),
		HOST(MAC("0f"), THERE(1, 99), IN(0, 0), "ethernet", "[]"), NULL};
	struct station s;

	station_open(&s, FLOW_SLOTS_DEFAULT);
	station_sees_all(&s, 0, honest);
	station_says(&s, "{\"fact\":\"host\"");
	said_is(&s.said, "the hosts of the story", lines);
	station_close(&s);
}

static void services_and_names_over_tcp(size_t honest)
{
	static const char *const service[] = {"{\"fact\":\"service\",\"ip\":\"192.0.2.80\",\"port\":80,"
					      "\"proto\":\"tcp\",\"state\":\"open\",\"clients\":1"
					      ",\"vlan\":[],\"source\":\"tcp\",\"confidence\":\"measured\"}",
					      NULL};
	struct station s;
	size_t first = 0;

	while (strcmp(frames.frame[first].name, "tcp syn") != 0)
		first++;
	station_open(&s, FLOW_SLOTS_DEFAULT);
	station_sees_all(&s, first, honest);
	station_says(&s, "{\"fact\":\"service\"");
	said_is(&s.said, "a completed handshake is an open service; a refused one is none", service);
	station_close(&s);

	station_open(&s, FLOW_SLOTS_DEFAULT);
	station_sees_all(&s, first, honest);
	station_says(&s, "{\"fact\":\"name\"");
	tap_ok(s.said.count == 2, "DNS over TCP is read though its segments come out of order");
	station_close(&s);
}

static void losses_of_hostile_frames(size_t honest)
{
#define LOST(counter, value)                                               \
	"{\"fact\":\"loss\",\"counter\":\"" counter "\",\"value\":" #value \
	",\"vlan\":[],\"source\":\"sensor\",\"confidence\":\"measured\"}"
	static const char *const lines[] = {LOST("malformed_nd", 1),	  LOST("malformed_dns", 1),
					    LOST("malformed_dhcp", 1),	  LOST("malformed_lldp", 1),
					    LOST("frames_unreadable", 1), NULL};
	struct station s;

	station_open(&s, FLOW_SLOTS_DEFAULT);
	station_sees_all(&s, honest, frames.count);
	station_says(&s, "{\"fact\":\"loss\"");
	said_is(&s.said, "each refused frame is counted under its protocol's name", lines);
	station_close(&s);
}

/* With a flow table far too small, entries come and go all the time: not one packet may be lost or counted twice. */
static void totals_survive_eviction(void)
{
	enum { CLIENTS = 5000, ROUNDS = 3 };
	static struct test_frames one;
	static const char *const lines[] = {
		FLOW("10.0.0.5", "192.0.2.80", 7777, "tcp", 5000, THERE(15000, 600000), BACK(0, 0)) OVER("tcp"),
		NULL};
	struct station s;

	station_open(&s, 1024);
	for (int round = 0; round < ROUNDS; round++) {
		for (unsigned int port = 0; port < CLIENTS; port++) {
			one.count = 0;
			add_tcp(&one, "", true, 10000 + port, 7777, 1, 1, round ? TEST_ACK : TEST_SYN, "", 0);
			station_sees(&s, &one.frame[0]);
		}
	}
	station_says(&s, "{\"fact\":\"flow\"");
	said_is(&s.said, "15000 packets of 5000 connections through 1024 slots", lines);
	station_close(&s);
}

int main(void)
{
	size_t honest;

	frames.count = 0;
	test_frames_honest(&frames);
	honest = frames.count;
	test_frames_hostile(&frames);
	flows_of_the_story(honest);
	hosts_of_the_story(honest);
	services_and_names_over_tcp(honest);
	losses_of_hostile_frames(honest);
	totals_survive_eviction();
	return tap_end();
}
