// SPDX-License-Identifier: BSD-2-Clause
/* Databases: the first thing that each one's clients say, before any name or password. One row each, pure. */
#include <stdio.h>
#include <string.h>

#include "sensor/ask/http.h"
#include "sensor/ask/tcp.h"
#include "sensor/ask/tcp_row.h"
#include "sensor/wire.h"

enum { ANSWER_BYTES_MAX = 8192, VERSION_BYTES_MAX = 64 };

/* SSLRequest: https://www.postgresql.org/docs/current/protocol-message-formats.html. One letter comes back. */
static size_t postgresql_ask(ASK_ARGUMENTS)
{
	static const uint8_t request[] = {0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f};

	(void)context;
	return step ? 0 : ask_bytes(out, size, request, sizeof(request));
}

static enum dialogue_verdict postgresql(ANSWER_ARGUMENTS)
{
	(void)context, (void)step, (void)ended;
	if (length == 1 && (bytes[0] == 'S' || bytes[0] == 'N')) {
		say_trait(say, "postgresql.tls", bytes[0] == 'S' ? TEXT("true") : TEXT("false"));
		return DIALOGUE_DONE;
	}
	/* An error message: 'E', length, fields, of which the first is how severe it is. */
	return length > 6 && bytes[0] == 'E' && bytes[1] == 0 && bytes[2] == 0 && bytes[5] == 'S'
		       ? DIALOGUE_DONE
		       : DIALOGUE_FOREIGN;
}

/*
 * MongoDB's wire protocol: isMaster by OP_QUERY, which every version answers to a client that is not signed in; then buildInfo by
 * OP_MSG. Numbers are little endian.
 */
enum { MONGO_HEAD_BYTES = 16, MONGO_REPLY = 1, MONGO_MSG = 2013 };

static uint32_t little32(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static size_t mongodb_ask(ASK_ARGUMENTS)
{
	static const char is_master[] =
		"\x3a\0\0\0\1\0\0\0\0\0\0\0\xd4\x07\0\0\0\0\0\0admin.$cmd\0\0\0\0\0\xff\xff\xff\xff"
		"\x13\0\0\0\x10isMaster\0\1\0\0\0\0";
	static const char build_info[] = "\x38\0\0\0\2\0\0\0\0\0\0\0\xdd\x07\0\0\0\0\0\0\0"
					 "\x23\0\0\0\x10"
					 "buildInfo\0\1\0\0\0\2$db\0\6\0\0\0admin\0\0";

	(void)context;
	if (step > 1)
		return 0;
	return step ? ask_bytes(out, size, build_info, sizeof(build_info) - 1)
		    : ask_bytes(out, size, is_master, sizeof(is_master) - 1);
}

/* The value of a BSON text element of that name, wherever it stands: type 2, name, length, bytes, zero. */
static struct text bson_text(const uint8_t *bytes, size_t length, const char *name)
{
	size_t name_length = strlen(name) + 1;

	for (size_t i = 0; i + 1 + name_length + 4 < length; i++) {
		const uint8_t *at = bytes + i + 1 + name_length;
		size_t left = length - i - 1 - name_length - 4, value;

		if (bytes[i] != 2 || memcmp(bytes + i + 1, name, name_length) != 0)
			continue;
		value = little32(at);
		if (value < 1 || value > left || value > VERSION_BYTES_MAX)
			return (struct text){};
		return (struct text){(const char *)at + 4, value - 1};
	}
	return (struct text){};
}

static enum dialogue_verdict mongodb(ANSWER_ARGUMENTS)
{
	uint32_t size, operation;

	(void)context;
	if (length < MONGO_HEAD_BYTES)
		return more(ended);
	size = little32(bytes);
	operation = little32(bytes + 12);
	if (size < MONGO_HEAD_BYTES || size > 1 << 20 || little32(bytes + 8) != step + 1 ||
	    (operation != MONGO_REPLY && operation != MONGO_MSG))
		return DIALOGUE_FOREIGN;
	if (length < size && length < ANSWER_BYTES_MAX && !ended)
		return DIALOGUE_MORE;
	if (!step)
		return DIALOGUE_AGAIN;
	say_trait(say, "mongodb.version", bson_text(bytes, length, "version"));
	return DIALOGUE_DONE;
}

/* [MS-TDS] 2.2.6.5: PRELOGIN with the version option alone. */
static size_t mssql_ask(ASK_ARGUMENTS)
{
	static const uint8_t request[] = {0x12, 1, 0,	 0x1a, 0, 0,	0, 0, 0, 0, 0x0b, 0, 6,
					  1,	0, 0x11, 0,    1, 0xff, 9, 0, 0, 0, 0,	  0, 2};

	(void)context;
	return step ? 0 : ask_bytes(out, size, request, sizeof(request));
}

static enum dialogue_verdict mssql(ANSWER_ARGUMENTS)
{
	struct wire wire = wire_over(bytes, length), body;
	uint16_t size, offset = 0, option_length = 0;
	uint8_t type, status;
	char version[32];
	int text;

	(void)context, (void)step;
	type = wire_u8(&wire);
	status = wire_u8(&wire);
	size = wire_u16(&wire);
	wire_skip(&wire, 4);
	if (wire.bad)
		return more(ended);
	if (type != 4 || status != 1 || size < 9)
		return DIALOGUE_FOREIGN;
	if (length < size)
		return more(ended);
	body = wire_nested(&wire, size - 8);
	if (wire_u8(&body) != 0) /* VERSION comes first */
		return DIALOGUE_FOREIGN;
	offset = wire_u16(&body);
	option_length = wire_u16(&body);
	if (body.bad || option_length < 4 || (size_t)offset + 4 > (size_t)size - 8)
		return DIALOGUE_FOREIGN;
	bytes += 8 + offset;
	text = snprintf(version, sizeof(version), "%u.%u.%u", bytes[0], bytes[1],
			(unsigned int)bytes[2] << 8 | bytes[3]);
	say_trait(say, "mssql.version", (struct text){version, (size_t)text});
	return DIALOGUE_DONE;
}

/* TNS, as captures of Oracle's clients show it: CONNECT with a descriptor; REFUSE (4), ACCEPT (2), REDIRECT (5) or RESEND (11). */
static size_t oracle_ask(ASK_ARGUMENTS)
{
	static const char data[] = "(CONNECT_DATA=(COMMAND=version))";
	uint8_t head[58] = {
		[4] = 1,     [8] = 1,	  [9] = 0x36,  [10] = 1, [11] = 0x2c, [14] = 8,
		[16] = 0x7f, [17] = 0xff, [18] = 0x7f, [19] = 8, [23] = 1,    [25] = sizeof(data) - 1,
		[27] = 58};

	(void)context;
	head[1] = sizeof(head) + sizeof(data) - 1;
	if (step || size < sizeof(head) + sizeof(data) - 1)
		return 0;
	memcpy(out, head, sizeof(head));
	memcpy(out + sizeof(head), data, sizeof(data) - 1);
	return sizeof(head) + sizeof(data) - 1;
}

static enum dialogue_verdict oracle(ANSWER_ARGUMENTS)
{
	struct text all = {(const char *)bytes, length}, number;
	unsigned long version = 0;
	char said[32];
	size_t at;
	int text;

	(void)context, (void)step;
	if (length < 8)
		return more(ended);
	if ((bytes[4] != 2 && bytes[4] != 4 && bytes[4] != 5 && bytes[4] != 11) || bytes[2] || bytes[3] ||
	    (size_t)(bytes[0] << 8 | bytes[1]) < 8)
		return DIALOGUE_FOREIGN;
	if (length < (size_t)(bytes[0] << 8 | bytes[1]) && !ended)
		return DIALOGUE_MORE;
	at = text_find(all, "vsnnum=");
	number = (struct text){all.bytes + at, all.length - at};
	for (size_t i = 7; i < number.length && i < 17 && number.bytes[i] >= '0' && number.bytes[i] <= '9'; i++)
		version = version * 10 + (unsigned long)(number.bytes[i] - '0');
	if (version) {
		text = snprintf(said, sizeof(said), "%lu.%lu.%lu.%lu.%lu", version >> 24 & 255,
				version >> 20 & 15, version >> 12 & 255, version >> 8 & 15, version & 255);
		say_trait(say, "oracle.version", (struct text){said, (size_t)text});
	}
	return DIALOGUE_DONE;
}

/* Cassandra's native protocol v4, 4.1.3: OPTIONS; SUPPORTED (6) or ERROR (0) comes back. */
static size_t cassandra_ask(ASK_ARGUMENTS)
{
	static const uint8_t request[] = {4, 0, 0, 0, 5, 0, 0, 0, 0};

	(void)context;
	return step ? 0 : ask_bytes(out, size, request, sizeof(request));
}

static enum dialogue_verdict cassandra(ANSWER_ARGUMENTS)
{
	(void)context, (void)step, (void)say;
	if (length < 9)
		return (bytes[0] & 0xf0) == 0x80 ? more(ended) : DIALOGUE_FOREIGN;
	return (bytes[0] & 0xf0) == 0x80 && (bytes[4] == 6 || bytes[4] == 0) && bytes[5] == 0
		       ? DIALOGUE_DONE
		       : DIALOGUE_FOREIGN;
}

/* https://kafka.apache.org/protocol: ApiVersions, version 0. The answer repeats our number. */
static size_t kafka_ask(ASK_ARGUMENTS)
{
	uint8_t request[] = {0, 0, 0, 18,  0,	18,  0,	  0,   0,   0,	 0,
			     0, 0, 8, 'n', 'e', 't', 'v', 'i', 's', 'o', 'r'};

	for (unsigned int i = 0; i < 4; i++)
		request[8 + i] = (uint8_t)(context->nonce >> 8 * i);
	return step ? 0 : ask_bytes(out, size, request, sizeof(request));
}

static enum dialogue_verdict kafka(ANSWER_ARGUMENTS)
{
	(void)step, (void)say;
	if (length < 10)
		return more(ended);
	for (unsigned int i = 0; i < 4; i++)
		if (bytes[4 + i] != (uint8_t)(context->nonce >> 8 * i))
			return DIALOGUE_FOREIGN;
	return bytes[0] == 0 ? DIALOGUE_DONE : DIALOGUE_FOREIGN;
}

/* https://neo4j.com/docs/bolt/current/bolt/handshake/: four versions offered, one comes back. */
static size_t bolt_ask(ASK_ARGUMENTS)
{
	static const uint8_t request[] = {0x60, 0x60, 0xb0, 0x17, 0, 0, 0, 5, 0, 0,
					  4,	4,    0,    0,	  0, 4, 0, 0, 0, 3};

	(void)context;
	return step ? 0 : ask_bytes(out, size, request, sizeof(request));
}

static enum dialogue_verdict bolt(ANSWER_ARGUMENTS)
{
	(void)context, (void)step, (void)say;
	if (length < 4)
		return bytes[0] ? DIALOGUE_FOREIGN : more(ended);
	return length == 4 && !bytes[0] && !bytes[1] && bytes[2] < 16 && bytes[3] < 16 ? DIALOGUE_DONE
										       : DIALOGUE_FOREIGN;
}

/* https://www.erlang.org/doc/apps/erts/erl_dist_protocol: NAMES_REQ; epmd's port, then lines of text. */
static size_t epmd_ask(ASK_ARGUMENTS)
{
	static const uint8_t request[] = {0, 1, 'n'};

	(void)context;
	return step ? 0 : ask_bytes(out, size, request, sizeof(request));
}

static enum dialogue_verdict epmd(ANSWER_ARGUMENTS)
{
	(void)step;
	if (length < 4)
		return more(ended);
	if (bytes[0] || bytes[1] || (bytes[2] << 8 | bytes[3]) != context->port_h)
		return DIALOGUE_FOREIGN;
	if (!ended && length < 1024)
		return DIALOGUE_MORE;
	say_trait(say, "banner", (struct text){(const char *)bytes + 4, length - 4 < 512 ? length - 4 : 512});
	return DIALOGUE_DONE;
}

static const struct dialogue rows[] = {
	{.name = "postgresql",
	 .loose = true,
	 .anywhere = true,
	 .port_h = {5432, 5433, 6432},
	 .request = postgresql_ask,
	 .answer = postgresql},
	{.name = "mongodb",
	 .anywhere = true,
	 .port_h = {27017, 27018},
	 .request = mongodb_ask,
	 .answer = mongodb},
	{.name = "mssql", .port_h = {1433}, .request = mssql_ask, .answer = mssql},
	{.name = "oracle", .port_h = {1521}, .request = oracle_ask, .answer = oracle},
	{.name = "cassandra", .port_h = {9042}, .request = cassandra_ask, .answer = cassandra},
	{.name = "kafka", .port_h = {9092}, .request = kafka_ask, .answer = kafka},
	{.name = "bolt", .port_h = {7687}, .request = bolt_ask, .answer = bolt},
	{.name = "epmd", .port_h = {4369}, .request = epmd_ask, .answer = epmd},
};

const struct dialogue *tcp_database_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
