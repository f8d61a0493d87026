// SPDX-License-Identifier: BSD-2-Clause
/* Databases and queues: how a client of each begins, and what only its server answers to that. */
#include <stdio.h>
#include <string.h>

#include "sensor/ask/http.h"
#include "sensor/heard/heard.h"

enum { VALUE_BYTES_MAX = 64 };

static uint32_t little32(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint32_t big32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool has(const struct heard_end *end, const char *literal)
{
	return text_find((struct text){(const char *)end->bytes, end->length}, literal) < end->length;
}

static enum heard_fit fits(bool it_does)
{
	return it_does ? HEARD_YES : HEARD_NO;
}

/* https://www.postgresql.org/docs/current/protocol-message-formats.html: SSLRequest, GSSENCRequest, or StartupMessage 3.x. */
enum { POSTGRESQL_TLS = 80877103, POSTGRESQL_GSS = 80877104 };

static bool postgresql_wants_tls(const struct heard *h)
{
	return h->asks.length >= 8 && big32(h->asks.bytes) == 8 && big32(h->asks.bytes + 4) == POSTGRESQL_TLS;
}

static enum heard_fit postgresql_asks(const struct heard *h)
{
	const uint8_t *at = h->asks.bytes;
	uint32_t length;

	if (at[0])
		return HEARD_NO;
	if (h->asks.length < 8)
		return HEARD_MAYBE;
	length = big32(at);
	if (length == 8)
		return fits(big32(at + 4) == POSTGRESQL_TLS || big32(at + 4) == POSTGRESQL_GSS);
	if (length < 16 || length > 10000 || at[4] || at[5] != 3 || at[6])
		return HEARD_NO;
	return h->asks.length < 13 ? HEARD_MAYBE
				   : fits(!memcmp(at + 8, "user", 5) || !memcmp(at + 8, "datab", 5));
}

/* A letter, or a message: authentication, an error. */
static enum heard_fit postgresql_says(const struct heard *h)
{
	const uint8_t *at = h->says.bytes;

	/* After its letter the server waits, for TLS or for what goes on without. */
	if (big32(h->asks.bytes) == 8 && (at[0] == 'S' || at[0] == 'N' || at[0] == 'G'))
		return fits(h->says.length == 1 ||
			    memchr(at[0] == 'N' ? "SNREv" : "\x16\x15", at[1], at[0] == 'N' ? 5 : 2));
	if (at[0] != 'R' && at[0] != 'E' && at[0] != 'v')
		return HEARD_NO;
	return h->says.length < 5 ? HEARD_MAYBE : fits(!at[1] && !at[2] && (at[3] || at[4] >= 8));
}

/* ParameterStatus 'S' with server_version, when nobody had to sign in first. */
static void postgresql_tell(const struct heard *h, struct fact_list *out)
{
	static const char key[] = "server_version";
	const uint8_t *found = memmem(h->says.bytes, h->says.length, key, sizeof(key)), *end;
	size_t left;

	if (postgresql_wants_tls(h) && h->says.bytes[0] != 'E')
		heard_trait(h, SOURCE_TCP, CONFIDENCE_ANNOUNCED, "postgresql.tls",
			    h->says.bytes[0] == 'S' ? TEXT("true") : TEXT("false"), out);
	if (!found)
		return;
	found += sizeof(key);
	left = h->says.length - (size_t)(found - h->says.bytes);
	end = memchr(found, 0, left < VALUE_BYTES_MAX ? left : VALUE_BYTES_MAX);
	if (end)
		heard_trait(h, SOURCE_TCP, CONFIDENCE_ANNOUNCED, "postgresql.version",
			    (struct text){(const char *)found, (size_t)(end - found)}, out);
}

/* Length, number, number that is answered, operation; all little endian. */
static bool mongodb_head(const uint8_t *at)
{
	uint32_t operation = little32(at + 12);

	return little32(at) >= 16 && little32(at) < 48 << 20 &&
	       (operation == 1 || operation == 2004 || operation == 2012 || operation == 2013);
}

static enum heard_fit mongodb_asks(const struct heard *h)
{
	if (h->asks.length < 16)
		return HEARD_MAYBE;
	return fits(mongodb_head(h->asks.bytes) && little32(h->asks.bytes + 12) != 1 &&
		    !little32(h->asks.bytes + 8));
}

static enum heard_fit mongodb_says(const struct heard *h)
{
	if (h->says.length < 16)
		return HEARD_MAYBE;
	return fits(mongodb_head(h->says.bytes) && little32(h->says.bytes + 12) != 2004 &&
		    little32(h->says.bytes + 8) == little32(h->asks.bytes + 4));
}

/* [MS-TDS] 2.2.6.5 */
static enum heard_fit mssql_asks(const struct heard *h)
{
	if (h->asks.length < 9)
		return h->asks.bytes[0] == 0x12 ? HEARD_MAYBE : HEARD_NO;
	return fits(h->asks.bytes[0] == 0x12 && h->asks.bytes[1] <= 1 && h->asks.bytes[8] == 0);
}

/* TNS: a CONNECT (1) with its description. */
static enum heard_fit oracle_asks(const struct heard *h)
{
	if (h->asks.length < 8)
		return h->asks.bytes[0] < 0x10 ? HEARD_MAYBE : HEARD_NO;
	if (h->asks.bytes[4] != 1 || h->asks.bytes[5])
		return HEARD_NO;
	return has(&h->asks, "(connect_data") || has(&h->asks, "(description") ? HEARD_YES : HEARD_MAYBE;
}

/* Native protocol 3 to 5: version, flags, stream, operation: STARTUP or OPTIONS; READY, AUTHENTICATE, SUPPORTED, ERROR. */
static enum heard_fit cassandra_asks(const struct heard *h)
{
	const uint8_t *at = h->asks.bytes;

	if (at[0] < 3 || at[0] > 5)
		return HEARD_NO;
	if (h->asks.length < 9)
		return HEARD_MAYBE;
	return fits(at[1] < 0x20 &&
		    ((at[4] == 5 && !big32(at + 5)) || (at[4] == 1 && has(&h->asks, "cql_version"))));
}

static enum heard_fit cassandra_says(const struct heard *h)
{
	const uint8_t *at = h->says.bytes;

	if (!(at[0] & 0x80))
		return HEARD_NO;
	if (h->says.length < 9)
		return HEARD_MAYBE;
	return fits((at[0] & 0x7f) >= 3 && (at[0] & 0x7f) <= 5 && !memcmp(at + 2, h->asks.bytes + 2, 2) &&
		    (at[4] == 0 || at[4] == 2 || at[4] == 3 || at[4] == 6) && !at[5]);
}

/* https://kafka.apache.org/protocol: ApiVersions (18) is what clients begin with; the answer repeats the number. */
static enum heard_fit kafka_asks(const struct heard *h)
{
	const uint8_t *at = h->asks.bytes;

	if (at[0])
		return HEARD_NO;
	if (h->asks.length < 14)
		return HEARD_MAYBE;
	return fits(!at[4] && at[5] == 18 && !at[6] && at[7] < 8 && big32(at) + 4 == h->asks.length);
}

static enum heard_fit kafka_says(const struct heard *h)
{
	const uint8_t *at = h->says.bytes;

	if (h->says.length < 10)
		return HEARD_MAYBE;
	return fits(!memcmp(at + 4, h->asks.bytes + 8, 4) && big32(at) >= 6 && big32(at) < 1 << 20 &&
		    big32(at) + 4 >= h->says.length && !at[8]);
}

/* https://neo4j.com/docs/bolt/current/bolt/handshake/ */
static enum heard_fit bolt_asks(const struct heard *h)
{
	return HEARD_BEGINS(&h->asks, "\x60\x60\xb0\x17");
}

static enum heard_fit bolt_says(const struct heard *h)
{
	if (h->says.length < 4)
		return HEARD_MAYBE;
	/* The version that it chose, 0: none. Then it waits. */
	return fits(!h->says.bytes[0] && !h->says.bytes[1] && h->says.bytes[2] < 16 && h->says.bytes[3] < 10 &&
		    (h->says.length == 4 || h->asks.length > 20));
}

/* https://www.erlang.org/doc/apps/erts/erl_dist_protocol */
static enum heard_fit epmd_asks(const struct heard *h)
{
	const uint8_t *at = h->asks.bytes;

	if (h->asks.length < 3)
		return HEARD_MAYBE;
	return fits((size_t)(at[0] << 8 | at[1]) + 2 == h->asks.length &&
		    (at[2] == 'n' || at[2] == 'x' || at[2] == 'z'));
}

static enum heard_fit epmd_says(const struct heard *h)
{
	const uint8_t *at = h->says.bytes;

	switch (h->asks.bytes[2]) {
	case 'x': /* ALIVE2_REQ */
		return h->says.length < 4 ? HEARD_MAYBE
					  : fits((at[0] == 'y' || at[0] == 'v') && h->asks.length > 14);
	case 'z': /* PORT_PLEASE2_REQ */
		return h->says.length < 2 ? HEARD_MAYBE
					  : fits(at[0] == 'w' && (at[1] == 1 || h->says.length > 10));
	default:
		return h->says.length < 4 ? HEARD_MAYBE : fits(big32(at) == h->port_h);
	}
}

/* MQTT 3.1 to 5, 3.1: CONNECT, the length, the protocol's name. */
static enum heard_fit mqtt_asks(const struct heard *h)
{
	const uint8_t *at = h->asks.bytes;
	size_t i = 1;

	if (at[0] != 0x10)
		return HEARD_NO;
	while (i < 4 && i < h->asks.length && at[i] & 0x80)
		i++;
	if (i + 8 > h->asks.length)
		return HEARD_MAYBE;
	return fits(!memcmp(at + i + 1, "\0\4MQTT", 6) || !memcmp(at + i + 1, "\0\6MQIsd", 7));
}

/* 3.2: CONNACK; in version 5 with properties behind the reason. */
static enum heard_fit mqtt_says(const struct heard *h)
{
	const uint8_t *at = h->says.bytes;

	if (h->says.length < 4)
		return at[0] == 0x20 ? HEARD_MAYBE : HEARD_NO;
	return fits(at[0] == 0x20 && at[1] >= 2 && at[2] <= 1 && (at[3] <= 5 || at[3] >= 0x80));
}

static void mqtt_tell(const struct heard *h, struct fact_list *out)
{
	static const char *const words[] = {"accepted",	   "version refused", "name refused",
					    "unavailable", "bad credentials", "not authorized"};
	uint8_t reason = h->says.bytes[3];

	/* Version 5, 3.2.2.2, in the words of those before it. */
	reason = reason == 0x84	  ? 1
		 : reason == 0x85 ? 2
		 : reason == 0x88 ? 3
		 : reason == 0x86 ? 4
		 : reason == 0x87 ? 5
				  : reason;
	if (reason < sizeof(words) / sizeof(words[0]))
		heard_trait(h, SOURCE_TCP, CONFIDENCE_ANNOUNCED, "mqtt.connect",
			    (struct text){words[reason], strlen(words[reason])}, out);
}

/* AMQP 0-9-1, 4.2.2; AMQP 1.0, 2.2 */
static enum heard_fit amqp_asks(const struct heard *h)
{
	return HEARD_BEGINS(&h->asks, "AMQP");
}

/* https://clickhouse.com/docs/native-protocol: Hello is 0, then a name with its length. */
static enum heard_fit clickhouse(const struct heard_end *end)
{
	return end->bytes[0]	  ? HEARD_NO
	       : end->length < 12 ? HEARD_MAYBE
				  : fits(end->bytes[1] >= 10 && end->bytes[1] < 64 && has(end, "clickhouse"));
}

static enum heard_fit clickhouse_asks(const struct heard *h)
{
	return clickhouse(&h->asks);
}

static enum heard_fit clickhouse_says(const struct heard *h)
{
	return clickhouse(&h->says);
}

static const struct heard_row rows[] = {
	{.name = "postgresql", .asks = postgresql_asks, .says = postgresql_says, .tell = postgresql_tell},
	{.name = "mongodb", .asks = mongodb_asks, .says = mongodb_says},
	{.name = "mssql", .asks = mssql_asks},
	{.name = "oracle", .asks = oracle_asks},
	{.name = "cassandra", .asks = cassandra_asks, .says = cassandra_says},
	{.name = "kafka", .asks = kafka_asks, .says = kafka_says},
	{.name = "bolt", .asks = bolt_asks, .says = bolt_says},
	{.name = "epmd", .asks = epmd_asks, .says = epmd_says},
	{.name = "mqtt", .asks = mqtt_asks, .says = mqtt_says, .tell = mqtt_tell},
	{.name = "amqp", .asks = amqp_asks},
	{.name = "clickhouse", .asks = clickhouse_asks, .says = clickhouse_says},
};

const struct heard_row *heard_database_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
