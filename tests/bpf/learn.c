// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the XDP program learns and when it speaks: given these frames, then these records. Also what it does when there
 * is no room: in the flow table, in the overflow map, in the ring, in a budget.
 */
#include <stdlib.h>
#include <unistd.h>

#include "sensor/capture_map.h"
#include "sensor/clock.h"
#include "sensor/observe.h"
#include "tests/bpf/harness.h"
#include "tests/bpf/traffic.h"
#include "tests/tap.h"

#include "bpf/discover.skel.h"

enum { PASS = 2, DROP = 1 };

/* What capture_map.c hands over, instead of observe.c. */
static struct {
	uint64_t evicted_flows, evicted_hosts;
	struct flow_report last;
	size_t reports, finished;
	uint64_t packets; /* of all reports */
} observed;

void observe_record(struct observe *o, const struct record *record, size_t size, int64_t time_us)
{
	(void)o, (void)record, (void)size, (void)time_us;
}

void observe_flow(struct observe *o, const struct flow_report *report)
{
	(void)o;
	observed.last = *report;
	observed.packets += report->new_packets[0] + report->new_packets[1];
	observed.reports++;
	observed.finished += report->finished;
}

void observe_loss(struct observe *o, const char *counter, uint64_t value, int64_t time_us)
{
	(void)o, (void)time_us;
	if (!strcmp(counter, "flows_evicted"))
		observed.evicted_flows = value;
	if (!strcmp(counter, "hosts_evicted"))
		observed.evicted_hosts = value;
}

static void known_flow_is_silent(void)
{
	struct harness h;
	struct test_frame f;
	const struct record_flow *flow;
	const struct flow_slot *slot;

	if (!tap_ok(!harness_open(&(struct harness_options){}, &h, stdout), "the object loads"))
		return;
	make_datagram(&f, 5, 0);
	tap_ok(harness_run(&h, f.bytes, f.length, 1, NULL) == PASS, "a frame goes on to the stack");
	tap_ok(harness_collect(&h) == 2 && harness_find(&h, RECORD_HOST),
	       "its flow and its sender are announced");
	flow = harness_find(&h, RECORD_FLOW);
	tap_ok(flow && !memcmp(flow->mac_src, mac_laptop, 6) && !memcmp(flow->mac_dst, mac_router, 6) &&
		       flow->head.size == sizeof(*flow),
	       "with the MACs of both ends of the link");
	for (int i = 0; i < 9; i++)
		harness_run(&h, f.bytes, f.length, 1, NULL);
	tap_ok(harness_collect(&h) == 0, "nine more packets of it: not a word");
	slot = harness_only_slot(&h);
	tap_ok(slot && slot->packets[0] + slot->packets[1] == 10 && slot->bytes[0] + slot->bytes[1] == 280,
	       "and one slot counts ten packets and 280 bytes");
	harness_close(&h);
}

static void both_directions_share_a_slot(void)
{
	static const struct segment talk[] = {
		{true, 1, 1, TEST_ACK, 0}, {false, 1, 1, TEST_ACK, 7}, {true, 1, 8, TEST_ACK, 0}};
	const struct flow_slot *slot;
	struct harness h;

	if (harness_open(&(struct harness_options){}, &h, stdout))
		return;
	send_segments(&h, talk, 3);
	harness_collect(&h);
	slot = harness_only_slot(&h);
	/* 10.0.0.5 is the lower address: end 0. */
	tap_ok(slot && slot->packets[0] == 2 && slot->packets[1] == 1 && slot->bytes[0] == 80 &&
		       slot->bytes[1] == 47,
	       "both directions of a conversation are one slot, counted apart");
	tap_ok(harness_count(&h, RECORD_FLOW) == 1 && harness_count(&h, RECORD_HOST) == 2,
	       "announced once, and each end's sender");
	tap_ok(harness_count(&h, RECORD_HANDSHAKE) == 0, "a connection that was open before is no handshake");
	harness_close(&h);
}

static void handshake_case(struct harness *h, const char *name, const struct segment *segments, size_t count,
			   size_t expect, uint32_t rtt_us)
{
	const struct record_handshake *record;

	harness_reset(h);
	send_segments(h, segments, count);
	harness_collect(h);
	record = harness_find(h, RECORD_HANDSHAKE);
	tap_ok(harness_count(h, RECORD_HANDSHAKE) == expect &&
		       (!expect || (record->opener == 0 && record->rtt_us == rtt_us)),
	       "handshake: %s: %zu, %u us", name, harness_count(h, RECORD_HANDSHAKE),
	       record ? record->rtt_us : 0);
}

#define HANDSHAKE(name, expect, rtt_us, ...)                                                              \
	do {                                                                                              \
		static const struct segment segments[] = {__VA_ARGS__};                                   \
		handshake_case(&h, name, segments, sizeof(segments) / sizeof(*segments), expect, rtt_us); \
	} while (0)
#define SYN(seq)                          \
	{                                 \
		true, seq, 0, TEST_SYN, 0 \
	}
#define SYN_ACK(seq, ack)                               \
	{                                               \
		false, seq, ack, TEST_SYN | TEST_ACK, 0 \
	}
#define ACK(seq, ack)                       \
	{                                   \
		true, seq, ack, TEST_ACK, 0 \
	}

static void handshakes(void)
{
	const struct record_handshake *record;
	struct harness h;

	if (harness_open(&(struct harness_options){}, &h, stdout))
		return;
	HANDSHAKE("SYN, SYN-ACK, ACK", 1, 2000, SYN(100), SYN_ACK(500, 101), ACK(101, 501));
	record = harness_find(&h, RECORD_HANDSHAKE);
	tap_ok(record && record->seq == 501 && record->opener_seq == 101,
	       "handshake: with the numbers of what either end will say first");
	HANDSHAKE("said once", 1, 2000, SYN(100), SYN_ACK(500, 101), ACK(101, 501), ACK(101, 501),
		  {false, 501, 101, TEST_ACK, 5});
	HANDSHAKE("with data instead of the bare ACK", 1, 2000, SYN(100), SYN_ACK(500, 101),
		  {true, 101, 501, TEST_ACK | TEST_PSH, 9});
	HANDSHAKE("the client closes at once", 1, 2000, SYN(100), SYN_ACK(500, 101),
		  {true, 101, 501, TEST_ACK | TEST_FIN, 0});
	HANDSHAKE("SYN repeated: no round trip to tell", 1, 0, SYN(100), SYN(100), SYN_ACK(500, 101),
		  ACK(101, 501));
	HANDSHAKE("SYN-ACK repeated", 1, 3000, SYN(100), SYN_ACK(500, 101), SYN_ACK(500, 101), ACK(101, 501));
	HANDSHAKE("data on the SYN (Fast Open)", 1, 2000, {true, 100, 0, TEST_SYN, 10}, SYN_ACK(500, 111),
		  ACK(111, 501));
	HANDSHAKE("numbers that wrap", 1, 2000, SYN(0xffffffff), SYN_ACK(0xffffffff, 0), ACK(0, 0));
	HANDSHAKE("a new connection on the same ports", 2, 2000, SYN(100), SYN_ACK(500, 101), ACK(101, 501),
		  SYN(7000), SYN_ACK(9000, 7001), ACK(7001, 9001));
	HANDSHAKE("half open", 0, 0, SYN(100), SYN_ACK(500, 101));
	HANDSHAKE("the scanner's RST", 0, 0, SYN(100), SYN_ACK(500, 101), {true, 101, 0, TEST_RST, 0});
	HANDSHAKE("refused", 0, 0, SYN(100), {false, 0, 101, TEST_RST | TEST_ACK, 0});
	HANDSHAKE("a SYN-ACK that answers another SYN", 0, 0, SYN(100), SYN_ACK(500, 90000), ACK(101, 501));
	HANDSHAKE("an ACK of what was not sent", 0, 0, SYN(100), SYN_ACK(500, 101), ACK(101, 400));
	HANDSHAKE("backscatter: a SYN-ACK alone", 0, 0, SYN_ACK(500, 101), ACK(101, 501));
	HANDSHAKE("the ACK comes from the server", 0, 0, SYN(100), SYN_ACK(500, 101),
		  {false, 501, 101, TEST_ACK, 0});
	harness_close(&h);
}

static void copies(void)
{
	static const struct segment talk[] = {
		{true, 1, 1, TEST_ACK, 0},   {true, 1, 1, TEST_ACK, 5},	   {true, 6, 1, TEST_ACK, 5},
		{true, 11, 1, TEST_ACK, 5},  {true, 16, 1, TEST_ACK, 5},   {true, 21, 1, TEST_ACK, 5},
		{false, 1, 26, TEST_ACK, 9}, {false, 10, 26, TEST_ACK, 9}, {false, 19, 26, TEST_ACK, 9}};
	static struct test_frames frames;
	const struct test_frame *arp;
	const struct record_frame *copy;
	struct harness h;

	if (harness_open(&(struct harness_options){}, &h, stdout))
		return;
	send_segments(&h, talk, sizeof(talk) / sizeof(*talk));
	harness_collect(&h);
	copy = harness_find(&h, RECORD_FRAME);
	tap_ok(harness_count(&h, RECORD_FRAME) == FLOW_DATA_MAX + 3,
	       "the first packets with payload of each direction are copied, and no more");
	tap_ok(copy && copy->frame_class == FRAME_DATA && copy->captured == 59 && copy->length == 59 &&
		       copy->link == 1,
	       "whole, from the Ethernet header on");
	test_frames_make(&frames);
	arp = test_frame_find(&frames, "arp tagged");
	for (int i = 0; i < 3; i++)
		harness_run(&h, arp->bytes, arp->length, 1, NULL);
	harness_collect(&h);
	copy = harness_find(&h, RECORD_FRAME);
	tap_ok(harness_count(&h, RECORD_FRAME) == 3 && copy->frame_class == FRAME_ARP &&
		       !memcmp(copy->bytes, arp->bytes, arp->length),
	       "ARP is copied each time, tags included");
	tap_ok(harness_count(&h, RECORD_HOST) == 1, "its sender is announced once");
	harness_close(&h);
}

/* A table of two buckets: what finds its own full goes to the overflow map. */
static void overflow(void)
{
	struct harness h;

	if (harness_open(&(struct harness_options){.buckets = 2}, &h, stdout))
		return;
	send_datagrams(&h, 1, 40, 0);
	tap_ok(harness_collect(&h) == 80,
	       "forty flows of forty hosts are announced, although the table holds sixteen");
	send_datagrams(&h, 1, 40, 0);
	tap_ok(harness_collect(&h) == 0, "and are known when they come again");
	tap_ok(harness_counter(&h, COUNTER_FLOWS) == 16 && harness_counter(&h, COUNTER_FLOWS_OVERFLOW) == 24 &&
		       harness_counter(&h, COUNTER_FLOWS_REFUSED) == 0,
	       "sixteen in the table, 24 in the overflow map: %llu, %llu, %llu",
	       (unsigned long long)harness_counter(&h, COUNTER_FLOWS),
	       (unsigned long long)harness_counter(&h, COUNTER_FLOWS_OVERFLOW),
	       (unsigned long long)harness_counter(&h, COUNTER_FLOWS_REFUSED));
	harness_close(&h);
}

/* From two buckets to as many as the flows need; what lies in its old bucket is found there, and moves. */
static void growing(void)
{
	enum { FLOWS = 1000, ROUNDS = 4 };
	struct capture_map *map;
	struct harness h;
	size_t told = 0;
	bool silent = true;

	if (harness_open(&(struct harness_options){.buckets = 512, .buckets_first = 2, .hosts = 4096}, &h,
			 stdout) ||
	    !tap_ok(!capture_map_open(h.object, true, &map), "its maps open"))
		return;
	memset(&observed, 0, sizeof(observed));
	for (int round = 0; round < ROUNDS; round++) {
		for (uint32_t first = 1; first <= FLOWS; first += FLOWS / 4) {
			send_datagrams(&h, first, FLOWS / 4, 0);
			harness_collect(&h);
			told += harness_count(&h, RECORD_FLOW);
			silent &= !round || !h.count;
			capture_map_sweep(map, NULL);
		}
	}
	capture_map_sweep(map, NULL);
	tap_ok(h.skeleton->bss->globals.bucket_mask == 511 || h.skeleton->bss->globals.bucket_mask == 255,
	       "a table of two buckets grows with its flows: %u", h.skeleton->bss->globals.bucket_mask + 1);
	tap_ok(told == FLOWS && silent, "each flow is announced once, whether it has moved or not: %zu", told);
	tap_ok(!h.skeleton->bss->globals.buckets_older, "once all have spoken nothing lies where it lay");
	tap_ok(observed.packets == (uint64_t)FLOWS * ROUNDS,
	       "and no packet is lost from the totals: %llu of %d", (unsigned long long)observed.packets,
	       FLOWS * ROUNDS);
	capture_map_close(map);
	harness_close(&h);
}

static void sweeping(void)
{
	struct capture_map *map;
	struct test_frame f;
	struct harness h;
	uint64_t entry;

	if (harness_open(&(struct harness_options){}, &h, stdout) ||
	    !tap_ok(!capture_map_open(h.object, true, &map), "its maps open"))
		return;
	memset(&observed, 0, sizeof(observed));
	make_datagram(&f, 7, 0);
	capture_map_set_frame(map, 1000000000000, 0, 0);
	for (int i = 0; i < 3; i++)
		harness_run(&h, f.bytes, f.length, 1, NULL);
	capture_map_sweep(map, NULL);
	entry = observed.last.entry;
	tap_ok(observed.reports == 1 && observed.last.packets[0] + observed.last.packets[1] == 3 &&
		       observed.last.last_us == 1000000000 && !observed.last.finished,
	       "a sweep reports the flow: 3 packets, the latest at 1000 s");
	capture_map_sweep(map, NULL);
	tap_ok(observed.reports == 1, "and is silent when nothing has moved");
	capture_map_set_frame(map, 1100000000000, 0, 0);
	capture_map_sweep(map, NULL);
	/* It speaks again between the two sweeps that end it. */
	harness_collect(&h);
	harness_run(&h, f.bytes, f.length, 1, NULL);
	harness_collect(&h);
	tap_ok(harness_count(&h, RECORD_FLOW) == 1,
	       "a flow that comes back while it is being ended is a new entry");
	capture_map_sweep(map, NULL);
	tap_ok(observed.finished == 1, "the old entry is reported finished");
	tap_ok(((const struct record_flow *)harness_find(&h, RECORD_FLOW))->entry != entry,
	       "the new one has another name");
	capture_map_set_frame(map, 1300000000000, 0, 0);
	for (int i = 0; i < 3; i++)
		capture_map_sweep(map, NULL);
	tap_ok(observed.finished == 2 && !harness_only_slot(&h), "idle flows leave no slot taken");
	harness_run(&h, f.bytes, f.length, 1, NULL);
	tap_ok(harness_only_slot(&h) != NULL, "and their slots are taken again");
	capture_map_close(map);
	harness_close(&h);
}

static void evictions(void)
{
	struct capture_map *map;
	struct harness h;

	if (harness_open(&(struct harness_options){.buckets = 2, .overflow = 256, .hosts = 256}, &h, stdout) ||
	    capture_map_open(h.object, true, &map))
		return;
	memset(&observed, 0, sizeof(observed));
	send_datagrams(&h, 1, 5000, 0);
	capture_map_sweep(map, NULL);
	/* What is present was reported; the rest of the 4984 that were in the overflow map is gone. */
	tap_ok(observed.reports > 16 && observed.evicted_flows == 5000 - observed.reports,
	       "5000 flows in a table of 16 and a map of 256: %llu evicted are counted, %zu are there",
	       (unsigned long long)observed.evicted_flows, observed.reports);
	tap_ok(observed.evicted_hosts >= 5000 - 256 && observed.evicted_hosts < 5000, "hosts too: %llu",
	       (unsigned long long)observed.evicted_hosts);
	capture_map_close(map);
	harness_close(&h);
}

static void full_ring(void)
{
	struct harness h;
	size_t told;

	if (harness_open(&(struct harness_options){.ring_bytes = 4096}, &h, stdout))
		return;
	send_datagrams(&h, 1, 100, 0);
	told = harness_collect(&h);
	tap_ok(told && told < 200 && harness_counter(&h, COUNTER_RING_FLOW) > 0, "a full ring is counted");
	told = harness_count(&h, RECORD_FLOW);
	for (int i = 0; i < 20; i++) {
		send_datagrams(&h, 1, 100, 0);
		harness_collect(&h);
		told += harness_count(&h, RECORD_FLOW);
	}
	tap_ok(told == 100, "and each flow is announced all the same, with a later packet: %zu", told);
	harness_close(&h);
}

static void budget(void)
{
	static struct test_frames frames;
	const struct test_frame *arp;
	struct harness h;
	size_t copied = 0;

	if (harness_open(&(struct harness_options){.live = true, .budget = 3}, &h, stdout))
		return;
	test_frames_make(&frames);
	arp = test_frame_find(&frames, "arp request");
	for (int i = 0; i < 20; i++)
		harness_run(&h, arp->bytes, arp->length, 1, NULL);
	harness_collect(&h);
	copied = harness_count(&h, RECORD_FRAME);
	/* Three on each of the CPUs that ran it, or twice that if a second ended meanwhile. */
	tap_ok(copied >= 3 && copied < 20 && harness_counter(&h, COUNTER_BUDGET_ARP) == 20 - copied,
	       "a budget of three copies a second: %zu of 20, the rest counted", copied);
	usleep(1100000);
	harness_run(&h, arp->bytes, arp->length, 1, NULL);
	harness_collect(&h);
	tap_ok(harness_count(&h, RECORD_FRAME) == 1, "and again in the next second");
	copied = 0;
	for (int i = 0; i < 10; i++) {
		send_datagrams(&h, 7, 1, 100);
		harness_collect(&h);
		copied += harness_count(&h, RECORD_FRAME);
	}
	tap_ok(copied >= 3 && copied + harness_counter(&h, COUNTER_BUDGET_DATA) == FLOW_DATA_MAX,
	       "a flow's copies that there is no budget for are given up: %zu of ten packets, %llu counted",
	       copied, (unsigned long long)harness_counter(&h, COUNTER_BUDGET_DATA));
	harness_close(&h);
}

static void big_frames(void)
{
	static uint8_t bytes[12000];
	struct test_frame f;
	const struct record_frame *copy;
	const struct flow_slot *slot;
	struct harness h;

	if (harness_open(&(struct harness_options){}, &h, stdout))
		return;
	make_datagram(&f, 9, 0);
	memcpy(bytes, f.bytes, f.length);
	memset(bytes + f.length, 'x', sizeof(bytes) - f.length);
	bytes[16] = 8986 >> 8;
	bytes[17] = 8986 & 255;
	tap_ok(harness_run(&h, bytes, 9000, 1, NULL) == PASS, "a jumbo frame of several buffers");
	harness_collect(&h);
	copy = harness_find(&h, RECORD_FRAME);
	slot = harness_only_slot(&h);
	tap_ok(copy && copy->captured == 9000 && copy->bytes[8999] == 'x', "is copied to its last byte");
	tap_ok(slot && slot->bytes[0] + slot->bytes[1] == 8986,
	       "and counted with the length that its IP header says");
	bytes[16] = 0;
	bytes[17] = 0;
	harness_run(&h, bytes, 12000, 1, NULL);
	harness_collect(&h);
	copy = harness_find(&h, RECORD_FRAME);
	tap_ok(copy && copy->captured == FRAME_COPY_BYTES_MAX && copy->length == 12000 &&
		       harness_counter(&h, COUNTER_FRAME_CUT) == 1,
	       "a longer one is cut, and that is counted");
	tap_ok(slot && slot->bytes[0] + slot->bytes[1] == 8986 + 11986,
	       "one without a length is as long as its frame");
	harness_close(&h);
}

static void other_ports(void)
{
	struct test_frame f;
	struct harness h;
	const struct record_flow *flow;
	const struct record_host *host;
	static const uint8_t none[6];

	if (harness_open(&(struct harness_options){.span = true}, &h, stdout))
		return;
	make_datagram(&f, 3, 0);
	tap_ok(harness_run(&h, f.bytes, f.length, 1, NULL) == DROP, "on a mirror port frames end here");
	harness_close(&h);
	if (harness_open(&(struct harness_options){.raw_ip = true}, &h, stdout))
		return;
	harness_run(&h, f.bytes + 14, f.length - 14, 1, NULL);
	harness_collect(&h);
	flow = harness_find(&h, RECORD_FLOW);
	host = harness_find(&h, RECORD_HOST);
	tap_ok(flow && flow->key.proto == 17 && !memcmp(flow->mac_src, none, 6) && host && host->version &&
		       !memcmp(host->mac, none, 6),
	       "a port without Ethernet: flows and hosts, and no MACs");
	harness_close(&h);
}

int main(void)
{
	clock_adjust();
	known_flow_is_silent();
	both_directions_share_a_slot();
	handshakes();
	copies();
	overflow();
	growing();
	sweeping();
	evictions();
	full_ring();
	budget();
	big_frames();
	other_ports();
	return tap_end();
}
