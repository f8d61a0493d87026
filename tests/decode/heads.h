/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection as tests write it down: who says what, one line after another; and the facts that come of it. */
#ifndef TESTS_DECODE_HEADS_H
#define TESTS_DECODE_HEADS_H

#include <arpa/inet.h>

#include "defs/flow.h"
#include "sensor/heads.h"
#include "tests/decode/said.h"
#include "tests/tap.h"

enum { TALK_CLIENT_PORT = 40000, TALK_CLIENT_SEQ = 1000, TALK_SERVER_SEQ = 5000 };

#define TALK_TIME_US INT64_C(1700000000000000)

struct talker {
	struct heads *heads;
	struct said said;
	char app[32];	     /* what the connection was last said to speak */
	struct flow_key key; /* end 0 is the client, 10.0.0.5; end 1 the server, 10.0.0.7 */
	uint32_t seq[2];
	int64_t now_us;
};

static void talk_heard(void *to, const struct flow_key *key, struct text app, const struct fact_list *list)
{
	struct talker *t = to;

	(void)key;
	if (app.length)
		snprintf(t->app, sizeof(t->app), "%.*s", (int)app.length, app.bytes);
	for (size_t i = 0; i < list->count; i++)
		said_say(&t->said, &list->item[i]);
}

static inline void talk_open(struct talker *t)
{
	memset(t, 0, sizeof(*t));
	t->now_us = TALK_TIME_US;
	if (heads_open(talk_heard, t, &t->heads))
		exit(1);
}

/* Another connection, to that port; its beginning is seen, or not. */
static inline void talk_begin(struct talker *t, uint16_t port, bool seen)
{
	static uint16_t client_port = TALK_CLIENT_PORT;
	struct record_handshake record = {.opener = 0, .opener_seq = TALK_CLIENT_SEQ, .seq = TALK_SERVER_SEQ};

	t->key = (struct flow_key){.addr = {{10, 0, 0, 5}, {10, 0, 0, 7}}, .version = 4, .proto = PROTO_TCP};
	t->key.port_n[0] = htons(client_port++);
	t->key.port_n[1] = htons(port);
	t->app[0] = 0;
	t->seq[0] = TALK_CLIENT_SEQ;
	t->seq[1] = TALK_SERVER_SEQ;
	record.key = t->key;
	if (seen)
		heads_handshake(t->heads, &record, t->now_us);
}

/* A segment, at a distance from where its end has come to. */
static inline void talk_segment(struct talker *t, unsigned int from, uint32_t seq, const void *bytes,
				size_t length)
{
	struct segment segment = {.key = &t->key,
				  .from = (uint8_t)from,
				  .seq = seq,
				  .bytes = bytes,
				  .length = length,
				  .time_us = t->now_us};

	t->now_us += 1000;
	heads_add(t->heads, &segment);
}

static inline void talk_says(struct talker *t, unsigned int from, const void *bytes, size_t length)
{
	talk_segment(t, from, t->seq[from], bytes, length);
	t->seq[from] += (uint32_t)length;
}

#define CLIENT(t, literal) talk_says(t, 0, literal, sizeof(literal) - 1)
#define SERVER(t, literal) talk_says(t, 1, literal, sizeof(literal) - 1)

/* Nothing more comes: exactly these facts were said, then or before. */
static inline void talk_tells(struct talker *t, const char *story, const char *const *lines)
{
	heads_tick(t->heads, 0);
	said_is(&t->said, story, lines);
}

#define TELLS(t, story, ...) talk_tells(t, story, (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

#define TALK_MEASURED(source) "\"vlan\":[],\"source\":\"" source "\",\"confidence\":\"measured\"}"
#define TALK_ANNOUNCED(source) "\"vlan\":[],\"source\":\"" source "\",\"confidence\":\"announced\"}"
#define TALK_SERVICE(source, port, name)                                                  \
	"{\"fact\":\"service\",\"ip\":\"10.0.0.7\",\"name\":\"" name "\",\"port\":" #port \
	",\"proto\":\"tcp\",\"state\":\"open\"," TALK_MEASURED(source)
#define TALK_TRAIT(source, port, key, value)                                                                \
	"{\"fact\":\"trait\",\"ip\":\"10.0.0.7\",\"port\":" #port ",\"key\":\"" key "\",\"value\":\"" value \
	"\"," TALK_ANNOUNCED(source)
#define TALK_MEASURED_TRAIT(source, port, key, value)                                                       \
	"{\"fact\":\"trait\",\"ip\":\"10.0.0.7\",\"port\":" #port ",\"key\":\"" key "\",\"value\":\"" value \
	"\"," TALK_MEASURED(source)
#define TALK_MEASURED_OF_CLIENT(source, key, value)                                      \
	"{\"fact\":\"trait\",\"ip\":\"10.0.0.5\",\"key\":\"" key "\",\"value\":\"" value \
	"\"," TALK_MEASURED(source)
#define TALK_OF_CLIENT(source, key, value)                                               \
	"{\"fact\":\"trait\",\"ip\":\"10.0.0.5\",\"key\":\"" key "\",\"value\":\"" value \
	"\"," TALK_ANNOUNCED(source)

#endif
