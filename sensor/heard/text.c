// SPDX-License-Identifier: BSD-2-Clause
/* Protocols of lines in which the client speaks first. */
#include <string.h>

#include "sensor/ask/http.h"
#include "sensor/heard/heard.h"

enum { LINE_BYTES_MAX = 1024, VALUE_BYTES_MAX = 128 };

static struct text text_of(const struct heard_end *end)
{
	return (struct text){(const char *)end->bytes, end->length};
}

/* What stands between `before` (lower case) and the end of its line. */
static struct text after(const struct heard_end *end, const char *before)
{
	struct text all = text_of(end);
	size_t at = text_find(all, before), stop;

	if (at == all.length)
		return (struct text){};
	at += strlen(before);
	for (stop = at; stop < all.length && stop - at < VALUE_BYTES_MAX && all.bytes[stop] >= ' ';)
		stop++;
	return (struct text){all.bytes + at, stop - at};
}

/* One of these, each as it begins; the list ends with NULL. */
static enum heard_fit begins_one(const struct heard_end *end, const char *const *prefix)
{
	enum heard_fit fit = HEARD_NO;

	for (; *prefix; prefix++) {
		enum heard_fit one = heard_begins(end, *prefix, strlen(*prefix));

		if (one > fit)
			fit = one;
	}
	return fit;
}

#define BEGINS_ONE(end, ...) begins_one(end, (const char *const[]){__VA_ARGS__, NULL})

/* The first line is whole and has this (lower case) in it. */
static enum heard_fit line_has(const struct heard_end *end, const char *word)
{
	const char *stop = memchr(end->bytes, '\n', end->length);
	struct text line = {(const char *)end->bytes,
			    stop ? (size_t)(stop - (const char *)end->bytes) : end->length};

	if (!stop)
		return end->length > LINE_BYTES_MAX ? HEARD_NO : HEARD_MAYBE;
	return text_find(line, word) < line.length ? HEARD_YES : HEARD_NO;
}

static bool one_of(uint8_t byte, const char *bytes)
{
	return byte && strchr(bytes, byte);
}

/* "*2\r\n$3\r\nGET…": how many, then the first one's length. https://redis.io/docs/latest/develop/reference/protocol-spec/ */
static enum heard_fit redis_asks(const struct heard *h)
{
	const struct heard_end *asks = &h->asks;
	size_t i = 1;

	if (asks->bytes[0] != '*')
		return BEGINS_ONE(asks, "PING\r\n", "INFO\r\n", "ping\r\n", "info\r\n");
	while (i < asks->length && i < 6 && asks->bytes[i] >= '0' && asks->bytes[i] <= '9')
		i++;
	if (i + 3 >= asks->length)
		return HEARD_MAYBE;
	return i > 1 && !memcmp(asks->bytes + i, "\r\n$", 3) ? HEARD_YES : HEARD_NO;
}

static enum heard_fit redis_says(const struct heard *h)
{
	if (!one_of(h->says.bytes[0], "+-:$*%_#"))
		return HEARD_NO;
	if (h->says.bytes[0] == '+' || h->says.bytes[0] == '-')
		return memmem(h->says.bytes, h->says.length, "\r\n", 2) ? HEARD_YES : HEARD_MAYBE;
	if (h->says.length < 4)
		return HEARD_MAYBE;
	return h->says.bytes[1] == '-' || (h->says.bytes[1] >= '0' && h->says.bytes[1] <= '9') ? HEARD_YES
											       : HEARD_NO;
}

static void redis_tell(const struct heard *h, struct fact_list *out)
{
	heard_trait(h, SOURCE_TCP, CONFIDENCE_ANNOUNCED, "redis.version", after(&h->says, "redis_version:"),
		    out);
}

/* https://github.com/memcached/memcached/blob/master/doc/protocol.txt, and protocol-binary.xml beside it */
static enum heard_fit memcached_asks(const struct heard *h)
{
	if (h->asks.bytes[0] == 0x80)
		return h->asks.length < 24			      ? HEARD_MAYBE
		       : h->asks.bytes[1] < 0x48 && !h->asks.bytes[5] ? HEARD_YES
								      : HEARD_NO;
	return BEGINS_ONE(&h->asks, "get ", "gets ", "set ", "add ", "replace ", "version\r\n", "stats\r\n",
			  "stats ", "delete ", "incr ", "mg ", "ms ", "mn\r\n", "touch ");
}

static enum heard_fit memcached_says(const struct heard *h)
{
	if (h->asks.bytes[0] == 0x80)
		return h->says.length < 24						  ? HEARD_MAYBE
		       : h->says.bytes[0] == 0x81 && h->says.bytes[1] == h->asks.bytes[1] ? HEARD_YES
											  : HEARD_NO;
	return BEGINS_ONE(&h->says, "VERSION ", "STORED\r\n", "NOT_STORED\r\n", "VALUE ", "END\r\n", "STAT ",
			  "DELETED\r\n", "NOT_FOUND\r\n", "ERROR\r\n", "CLIENT_ERROR ", "SERVER_ERROR ", "HD",
			  "EN\r\n", "MN\r\n", "VA ");
}

static void memcached_tell(const struct heard *h, struct fact_list *out)
{
	if (HEARD_BEGINS(&h->says, "VERSION ") == HEARD_YES)
		heard_trait(h, SOURCE_TCP, CONFIDENCE_ANNOUNCED, "memcached.version",
			    after(&h->says, "version "), out);
}

/* RFC 7826, RFC 3261: requests like HTTP's under another name. */
static enum heard_fit rtsp_asks(const struct heard *h)
{
	return line_has(&h->asks, " rtsp/1.0");
}

static enum heard_fit sip_asks(const struct heard *h)
{
	return line_has(&h->asks, " sip/2.0");
}

static enum heard_fit xmpp_asks(const struct heard *h)
{
	struct text all = text_of(&h->asks);

	if (all.bytes[0] != '<')
		return HEARD_NO;
	return text_find(all, "etherx.jabber.org/streams") < all.length ? HEARD_YES : HEARD_MAYBE;
}

/* RFC 2812, 3.1 */
static enum heard_fit irc_asks(const struct heard *h)
{
	return BEGINS_ONE(&h->asks, "NICK ", "USER ", "PASS ", "CAP LS", "CAP REQ");
}

static enum heard_fit irc_says(const struct heard *h)
{
	if (h->says.bytes[0] != ':' && h->says.bytes[0] != 'N' && h->says.bytes[0] != 'P')
		return HEARD_NO;
	if (HEARD_BEGINS(&h->says, "PING :") == HEARD_YES)
		return HEARD_YES;
	for (const char *const *word = (const char *const[]){"notice ", " cap ", " 001 ", " 433 ", NULL}; *word;
	     word++)
		if (line_has(&h->says, *word) == HEARD_YES)
			return HEARD_YES;
	return line_has(&h->says, "notice ");
}

/* https://stomp.github.io/stomp-specification-1.2.html */
static enum heard_fit stomp_asks(const struct heard *h)
{
	return BEGINS_ONE(&h->asks, "CONNECT\n", "STOMP\n", "CONNECT\r\n", "STOMP\r\n");
}

static enum heard_fit stomp_says(const struct heard *h)
{
	return BEGINS_ONE(&h->says, "CONNECTED\n", "CONNECTED\r\n");
}

/* Four letters, or the session's first packet: length, version 0, …, a password of 16 bytes. */
static enum heard_fit zookeeper_asks(const struct heard *h)
{
	const uint8_t *at = h->asks.bytes;

	if (at[0])
		return BEGINS_ONE(&h->asks, "ruok", "srvr", "stat", "mntr", "envi", "conf");
	if (h->asks.length < 32)
		return HEARD_MAYBE;
	return !memcmp(at, "\0\0\0", 3) && (at[3] == 44 || at[3] == 45) && !memcmp(at + 4, "\0\0\0\0", 4) &&
			       !memcmp(at + 28, "\0\0\0\x10", 4)
		       ? HEARD_YES
		       : HEARD_NO;
}

static enum heard_fit zookeeper_says(const struct heard *h)
{
	const uint8_t *at = h->says.bytes;

	if (h->asks.bytes[0])
		return BEGINS_ONE(&h->says, "imok", "Zookeeper version: ", "zk_version",
				  "Environment:", "clientPort=");
	if (h->says.length < 24)
		return HEARD_MAYBE;
	return !memcmp(at, "\0\0\0", 3) && (at[3] == 36 || at[3] == 37) && !memcmp(at + 4, "\0\0\0\0", 4) &&
			       !memcmp(at + 20, "\0\0\0\x10", 4)
		       ? HEARD_YES
		       : HEARD_NO;
}

/* RFC 9271, 4.2 */
static enum heard_fit nut_asks(const struct heard *h)
{
	return BEGINS_ONE(&h->asks, "VER\n", "LIST UPS", "LIST VAR", "GET VAR ", "GET UPSDESC ", "USERNAME ",
			  "LOGIN ");
}

static enum heard_fit nut_says(const struct heard *h)
{
	if (HEARD_BEGINS(&h->asks, "USERNAME ") == HEARD_YES || HEARD_BEGINS(&h->asks, "LOGIN ") == HEARD_YES)
		return BEGINS_ONE(&h->says, "OK\n", "ERR ACCESS-DENIED", "ERR USERNAME-REQUIRED",
				  "ERR UNKNOWN-UPS");
	return BEGINS_ONE(&h->says, "BEGIN LIST ", "VAR ", "UPSDESC ", "Network UPS Tools", "ERR UNKNOWN-",
			  "ERR DRIVER-", "ERR DATA-STALE", "ERR ACCESS-DENIED");
}

/*
 * https://www.zabbix.com/documentation/current/en/manual/appendix/protocols. A server is asked in JSON for checks, or given values; an agent is
 * asked for the value of a key.
 */
static enum heard_fit zabbix_server_asks(const struct heard *h)
{
	if (HEARD_BEGINS(&h->asks, "ZBXD") != HEARD_YES)
		return HEARD_BEGINS(&h->asks, "ZBXD");
	return text_find(text_of(&h->asks), "\"request\"") < h->asks.length &&
			       text_find(text_of(&h->asks), "passive checks") == h->asks.length
		       ? HEARD_YES
		       : HEARD_MAYBE;
}

static enum heard_fit zabbix_agent_asks(const struct heard *h)
{
	struct text all = text_of(&h->asks);
	bool json = text_find(all, "\"request\"") < all.length,
	     passive = text_find(all, "passive checks") < all.length;

	if (HEARD_BEGINS(&h->asks, "ZBXD") != HEARD_YES)
		return HEARD_BEGINS(&h->asks, "ZBXD");
	return all.length < 14 ? HEARD_MAYBE : json && !passive ? HEARD_NO : HEARD_YES;
}

static enum heard_fit zabbix_says(const struct heard *h)
{
	return HEARD_BEGINS(&h->says, "ZBXD");
}

/* gitprotocol-pack(5) */
static enum heard_fit git_asks(const struct heard *h)
{
	struct heard_end rest = {h->asks.bytes + 4, h->asks.length - 4, h->asks.ended};

	if (h->asks.length < 5)
		return HEARD_MAYBE;
	return BEGINS_ONE(&rest, "git-upload-pack /", "git-receive-pack /", "git-upload-archive /");
}

static enum heard_fit git_says(const struct heard *h)
{
	for (size_t i = 0; i < 4 && i < h->says.length; i++)
		if (!one_of(h->says.bytes[i], "0123456789abcdef"))
			return HEARD_NO;
	return h->says.length < 8 ? HEARD_MAYBE : HEARD_YES;
}

static const struct heard_row rows[] = {
	{.name = "redis", .asks = redis_asks, .says = redis_says, .tell = redis_tell},
	{.name = "memcached", .asks = memcached_asks, .says = memcached_says, .tell = memcached_tell},
	{.name = "rtsp", .asks = rtsp_asks},
	{.name = "sip", .asks = sip_asks},
	{.name = "xmpp", .asks = xmpp_asks},
	{.name = "irc", .asks = irc_asks, .says = irc_says},
	{.name = "stomp", .asks = stomp_asks, .says = stomp_says},
	{.name = "zookeeper", .asks = zookeeper_asks, .says = zookeeper_says},
	{.name = "nut", .asks = nut_asks, .says = nut_says},
	{.name = "zabbix-server", .asks = zabbix_server_asks, .says = zabbix_says},
	{.name = "zabbix-agent", .asks = zabbix_agent_asks, .says = zabbix_says},
	{.name = "git", .asks = git_asks, .says = git_says},
};

const struct heard_row *heard_text_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
