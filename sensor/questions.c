// SPDX-License-Identifier: BSD-2-Clause
/*
 * Questions by UDP. See questions.h.
 *
 * VLANs are not compared: some mirrors tag what goes one way and not what goes the other. A question to all may be answered by anybody, so
 * it is kept without the address that it was sent to; and who asks for an address (DHCP) has none yet, or a relay's.
 */
#include "sensor/questions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/table.h"

enum {
	QUESTIONS_MAX = 4096,
	QUESTION_BYTES_MAX = 256, /* of each, from its start: where protocols have their numbers */
	DHCP_PORT = 67,
	PORTS_KEPT = 1 << 8,
};
static const int64_t answer_us = INT64_C(30) * 1000000; /* no answer takes longer */

struct question_key {
	uint8_t client[16], server[16]; /* server: zero when it went to all; client: zero for DHCP */
	uint16_t client_port_h, server_port_h;
	uint8_t version;
	uint8_t pad[3];
};

struct question {
	struct table_entry entry;
	struct question_key key;
	int64_t time_us;
	uint16_t length;
	bool answered;
	uint8_t bytes[QUESTION_BYTES_MAX];
};

struct questions {
	struct table *table;
	uint64_t forgotten;
	int64_t now_us; /* of the latest datagram */
	int64_t to_all_us
		[PORTS_KEPT]; /* when all were asked last, by the port's lowest bits: most answers are to nobody's such question */
};

static void evict(void *context, void *entry)
{
	struct questions *q = context;
	const struct question *question = entry;

	q->forgotten += !question->answered && q->now_us - question->time_us <= answer_us;
}

int questions_open(struct questions **out)
{
	struct questions *q = calloc(1, sizeof(*q));
	struct table_options options = {.key_size = sizeof(struct question_key),
					.entry_size = sizeof(struct question),
					.capacity = QUESTIONS_MAX,
					.evict = evict,
					.context = q};

	if (!q)
		return -ENOMEM;
	if (table_open(&options, &q->table)) {
		free(q);
		return -ENOMEM;
	}
	*out = q;
	return 0;
}

/* Multicast, 255.255.255.255, and what is likely to be a subnet's broadcast. */
static bool is_to_all(const struct ip *ip)
{
	return ip_is_multicast(ip) || (ip->version == 4 && ip->bytes[3] == 255);
}

static struct question *find(struct questions *q, const struct decode_context *ctx, bool to_all)
{
	struct question_key key = {
		.client_port_h = ctx->port_dst, .server_port_h = ctx->port_src, .version = ctx->ip_src.version};
	struct question *question;

	if (ctx->port_src != DHCP_PORT)
		memcpy(key.client, ctx->ip_dst.bytes, sizeof(key.client));
	if (!to_all)
		memcpy(key.server, ctx->ip_src.bytes, sizeof(key.server));
	question = table_find(q->table, &key);
	if (!question || ctx->time_us - question->time_us > answer_us || question->time_us > ctx->time_us)
		return NULL;
	return question;
}

static void keep(struct questions *q, const struct decode_context *ctx, struct wire payload)
{
	struct question_key key = {
		.client_port_h = ctx->port_src, .server_port_h = ctx->port_dst, .version = ctx->ip_src.version};
	int64_t *last = &q->to_all_us[ctx->port_dst % PORTS_KEPT];
	struct question *question;
	bool made;

	if (ctx->port_dst != DHCP_PORT)
		memcpy(key.client, ctx->ip_src.bytes, sizeof(key.client));
	if (!is_to_all(&ctx->ip_dst))
		memcpy(key.server, ctx->ip_dst.bytes, sizeof(key.server));
	question = table_take(q->table, &key, &made);
	if (!question)
		return;
	question->time_us = ctx->time_us;
	question->answered = false;
	if (is_to_all(&ctx->ip_dst) && ctx->time_us > *last)
		*last = ctx->time_us;
	question->length = (uint16_t)(payload.left < QUESTION_BYTES_MAX ? payload.left : QUESTION_BYTES_MAX);
	memcpy(question->bytes, payload.at, question->length);
}

void questions_see(struct questions *q, struct decode_context *ctx, struct wire payload)
{
	struct question *question;

	ctx->asked = wire_over(NULL, 0);
	if (!payload.left || payload.bad)
		return;
	q->now_us = ctx->time_us;
	keep(q, ctx, payload); /* first: what it finds is then not what must make room */
	question = find(q, ctx, false);
	if (!question && ctx->time_us - q->to_all_us[ctx->port_src % PORTS_KEPT] <= answer_us)
		question = find(q, ctx, true);
	if (!question)
		return;
	question->answered = true;
	ctx->asked = wire_over(question->bytes, question->length);
}

uint64_t questions_forgotten(const struct questions *q)
{
	return q->forgotten;
}

void questions_close(struct questions *q)
{
	if (!q)
		return;
	table_close(q->table);
	free(q);
}
