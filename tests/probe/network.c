// SPDX-License-Identifier: BSD-2-Clause
/* Answers wait in a heap by the time of their arrival. */
#include "tests/probe/network.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "defs/addr.h"

struct answers {
	struct network *network;
	struct probe_answer heap[NETWORK_ANSWERS_MAX];
	size_t count;
	int64_t recent_us[1 << 20];
	uint64_t recent_first, recent_end;
};

uint64_t network_random(struct network *network)
{
	network->random = network->random * 6364136223846793005 + 1442695040888963407;
	return network->random >> 33;
}

static void push(struct answers *answers, struct probe_answer answer)
{
	size_t at = answers->count;

	if (answers->count == NETWORK_ANSWERS_MAX)
		abort();
	answers->count++;
	for (; at && answers->heap[(at - 1) / 2].time_ns > answer.time_ns; at = (at - 1) / 2)
		answers->heap[at] = answers->heap[(at - 1) / 2];
	answers->heap[at] = answer;
}

static struct probe_answer pop(struct answers *answers)
{
	const struct probe_answer first = answers->heap[0], last = answers->heap[--answers->count];
	size_t at = 0;

	for (;;) {
		size_t child = at * 2 + 1;

		if (child >= answers->count)
			break;
		if (child + 1 < answers->count &&
		    answers->heap[child + 1].time_ns < answers->heap[child].time_ns)
			child++;
		if (answers->heap[child].time_ns >= last.time_ns)
			break;
		answers->heap[at] = answers->heap[child];
		at = child;
	}
	answers->heap[at] = last;
	return first;
}

/* What a tenth of a second holds: frames of all, and SYNs of a host. */
static void keep_time(struct network *network, struct network_host *host)
{
	struct answers *answers = network->answers;
	const uint64_t size = sizeof(answers->recent_us) / sizeof(answers->recent_us[0]);
	uint32_t first = 0;

	answers->recent_us[answers->recent_end++ % size] = network->now_us;
	while (answers->recent_us[answers->recent_first % size] <= network->now_us - 100000)
		answers->recent_first++;
	if (answers->recent_end - answers->recent_first > network->most_tenth)
		network->most_tenth = (uint32_t)(answers->recent_end - answers->recent_first);
	if (!host || host->recent_count == 256)
		return;
	while (first < host->recent_count && host->recent_us[first] <= network->now_us - 100000)
		first++;
	host->recent_count -= first;
	memmove(host->recent_us, host->recent_us + first, host->recent_count * sizeof(host->recent_us[0]));
	host->recent_us[host->recent_count++] = network->now_us;
	if (host->recent_count > host->most_tenth)
		host->most_tenth = host->recent_count;
}

/* A link with a queue of 200 frames. */
static bool overrun(struct network *network)
{
	if (!network->capacity)
		return false;
	network->room += (double)(network->now_us - network->room_us) * network->capacity / 1e6;
	network->room_us = network->now_us;
	if (network->room > 200)
		network->room = 200;
	if (network->room < 1)
		return true;
	network->room -= 1;
	return false;
}

static bool lost(struct network *network)
{
	return network_random(network) % 100 < network->loss_percent;
}

void network_say(struct network *network, const struct probe_answer *answer)
{
	push(network->answers, *answer);
}

static bool is_open(const struct network_host *host, uint16_t port_h)
{
	for (size_t i = 0; i < host->open_count; i++)
		if (host->open[i] == port_h)
			return true;
	return host->habit == HOST_MIDDLEBOX;
}

static bool answer_syn(const struct network_host *host, const struct probe_frame *frame,
		       struct probe_answer *answer)
{
	answer->port_n = frame->port_n;
	answer->kind = ANSWER_OPEN;
	if (host->habit == HOST_SILENT)
		return false;
	if (is_open(host, ntohs(frame->port_n)))
		return true;
	answer->kind = ANSWER_CLOSED;
	if (host->habit == HOST_REJECTS) {
		answer->kind = ANSWER_UNREACHABLE;
		answer->type = 3;
		answer->code = 13;
	}
	return host->habit != HOST_FIREWALL;
}

static bool answer_of(struct network_host *host, const struct probe_frame *frame, struct probe_answer *answer)
{
	switch (frame->kind) {
	case PROBE_ARP:
	case PROBE_ND:
		host->links++;
		answer->kind = frame->kind == PROBE_ARP ? ANSWER_ARP : ANSWER_ND;
		return !host->routed;
	case PROBE_ECHO:
		host->echoes++;
		answer->kind = ANSWER_ECHO;
		return host->habit == HOST_PLAIN;
	default:
		host->syns++;
		host->asked[ntohs(frame->port_n)]++;
		return answer_syn(host, frame, answer);
	}
}

static void deliver(struct network *network, const struct probe_frame *frame)
{
	struct network_host *host = NULL;
	struct probe_answer answer = {.version = frame->version};

	network->sent++;
	network->links += frame->kind == PROBE_ARP || frame->kind == PROBE_ND;
	network->echoes += frame->kind == PROBE_ECHO;
	network->syns += frame->kind == PROBE_SYN;
	host = network->by_last[frame->addr[frame->version == 4 ? 3 : 15]];
	if (host &&
	    (host->version != frame->version || memcmp(host->addr, frame->addr, sizeof(frame->addr)) != 0))
		host = NULL;
	if (overrun(network))
		return;
	keep_time(network, host && frame->kind == PROBE_SYN ? host : NULL);
	if (!host) {
		network->strangers++;
		network->stranger_syns += frame->kind == PROBE_SYN;
		return;
	}
	memcpy(answer.addr, host->addr, sizeof(answer.addr));
	memcpy(answer.from, host->addr, sizeof(answer.from));
	memcpy(answer.mac, host->mac, sizeof(answer.mac));
	answer.time_ns = (uint64_t)(network->now_us + host->rtt_us) * 1000;
	if ((frame->kind == PROBE_SYN || frame->kind == PROBE_ECHO) && memcmp(frame->mac, host->mac, 6) != 0)
		network->wrong_mac++;
	else if (!answer_of(host, frame, &answer) || lost(network) || lost(network))
		return;
	else
		push(network->answers, answer);
}

static int network_send(struct transmit *transmit, const struct probe_frame *frames, size_t count)
{
	struct network *network = (struct network *)((char *)transmit - offsetof(struct network, transmit));

	if (network->accept_max && count > network->accept_max)
		count = network->accept_max;
	for (size_t i = 0; i < count; i++)
		deliver(network, &frames[i]);
	return (int)count;
}

void network_open(struct network *network)
{
	memset(network, 0, sizeof(*network));
	network->answers = calloc(1, sizeof(*network->answers));
	network->hosts = calloc(NETWORK_HOSTS_MAX, sizeof(*network->hosts));
	if (!network->answers || !network->hosts)
		abort();
	network->answers->network = network;
	network->transmit.send = network_send;
	network->now_us = 1000000;
	network->random = 20;
}

struct network_host *network_add(struct network *network, const char *text)
{
	struct network_host *host = &network->hosts[network->host_count++];
	struct ip ip;

	if (ip_parse(text, &ip))
		abort();
	host->version = ip.version;
	memcpy(host->addr, ip.bytes, sizeof(host->addr));
	memcpy(host->mac,
	       (uint8_t[6]){2, 0, 0, 0, (uint8_t)(network->host_count >> 8), (uint8_t)network->host_count}, 6);
	host->rtt_us = 300;
	network->by_last[ip.bytes[ip.version == 4 ? 3 : 15]] = host;
	return host;
}

void network_host_open(struct network_host *host, uint16_t port_h)
{
	host->open[host->open_count++] = port_h;
}

int64_t network_next(const struct network *network)
{
	return network->answers->count ? (int64_t)(network->answers->heap[0].time_ns / 1000) : INT64_MAX;
}

void network_close(struct network *network)
{
	free(network->answers);
	free(network->hosts);
}

/* answers.h */

void answers_arm(struct answers *answers, const struct probe_source *source)
{
	(void)source;
	answers->network->armed = true;
}

void answers_disarm(struct answers *answers)
{
	answers->network->armed = false;
}

size_t answers_take(struct answers *answers, size_t limit,
		    void (*take)(void *context, const struct probe_answer *), void *context)
{
	size_t taken = 0;

	while (taken < limit && answers->count &&
	       (int64_t)(answers->heap[0].time_ns / 1000) <= answers->network->now_us) {
		const struct probe_answer answer = pop(answers);

		take(context, &answer);
		taken++;
	}
	return taken;
}
