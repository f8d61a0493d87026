// SPDX-License-Identifier: BSD-2-Clause
/* Protocols of lines that wait for the client's first. One row each, pure; nothing is asked that changes anything. */
#include <stdio.h>
#include <string.h>

#include "sensor/ask/http.h"
#include "sensor/ask/tcp.h"
#include "sensor/ask/tcp_row.h"

enum { TEXT_BYTES_MAX = 4096, VALUE_BYTES_MAX = 256 };

static size_t put(uint8_t *out, size_t size, const char *text)
{
	size_t length = 0;

	for (; text[length]; length++) {
		if (length == size)
			return 0;
		out[length] = (uint8_t)text[length];
	}
	return length;
}

/* Text with zeros in it. */
static size_t put_bytes(uint8_t *out, size_t size, struct text bytes)
{
	if (bytes.length > size)
		return 0;
	memcpy(out, bytes.bytes, bytes.length);
	return bytes.length;
}

static struct text text_of(const uint8_t *bytes, size_t length)
{
	return (struct text){(const char *)bytes, length};
}

static bool starts(const uint8_t *bytes, size_t length, const char *prefix)
{
	return length >= strlen(prefix) && !memcmp(bytes, prefix, strlen(prefix));
}

/* It could become the prefix, and more may come. */
static bool undecided(const uint8_t *bytes, size_t length, bool ended, const char *prefix)
{
	return !ended && length < strlen(prefix) && !memcmp(bytes, prefix, length);
}

static bool line_whole(const uint8_t *bytes, size_t length, bool ended)
{
	return ended || length >= TEXT_BYTES_MAX || memchr(bytes, '\n', length);
}

/* What stands between `before` (lower case, case does not matter) and the end of its line. */
static struct text after(const uint8_t *bytes, size_t length, const char *before)
{
	struct text text = text_of(bytes, length);
	size_t at = text_find(text, before), end;

	if (at == text.length)
		return (struct text){};
	at += strlen(before);
	for (end = at; end < length && end - at < VALUE_BYTES_MAX && bytes[end] != '\r' && bytes[end] != '\n';)
		end++;
	return text_of(bytes + at, end - at);
}

/* https://redis.io/docs/latest/develop/reference/protocol-spec/ */
static size_t redis_ask(ASK_ARGUMENTS)
{
	(void)context;
	return step > 1 ? 0 : put(out, size, step ? "INFO server\r\n" : "PING\r\n");
}

static enum dialogue_verdict redis(ANSWER_ARGUMENTS)
{
	(void)context;
	if (step) {
		if (!ended && length < TEXT_BYTES_MAX && !after(bytes, length, "tcp_port:").length &&
		    bytes[0] == '$')
			return DIALOGUE_MORE;
		say_trait(say, "redis.version", after(bytes, length, "redis_version:"));
		return DIALOGUE_DONE;
	}
	if (undecided(bytes, length, ended, "+PONG") || (bytes[0] == '-' && !line_whole(bytes, length, ended)))
		return DIALOGUE_MORE;
	if (starts(bytes, length, "+PONG"))
		return DIALOGUE_AGAIN;
	return starts(bytes, length, "-NOAUTH") || starts(bytes, length, "-DENIED") ||
			       starts(bytes, length, "-ERR ")
		       ? DIALOGUE_DONE
		       : DIALOGUE_FOREIGN;
}

static size_t memcached_ask(ASK_ARGUMENTS)
{
	(void)context;
	return step ? 0 : put(out, size, "version\r\n");
}

static enum dialogue_verdict memcached(ANSWER_ARGUMENTS)
{
	(void)context, (void)step;
	if (!line_whole(bytes, length, ended) && (bytes[0] == 'V' || bytes[0] == 'E'))
		return DIALOGUE_MORE;
	if (starts(bytes, length, "ERROR\r\n"))
		return DIALOGUE_DONE;
	if (!starts(bytes, length, "VERSION "))
		return DIALOGUE_FOREIGN;
	say_trait(say, "memcached.version", after(bytes, length, "version "));
	return DIALOGUE_DONE;
}

/* RTSP (RFC 7826) and SIP (RFC 3261) have the shape of HTTP: a status line and headers. */
static enum dialogue_verdict like_http(const char *version, const char *key, ANSWER_ARGUMENTS)
{
	struct text all = text_of(bytes, length), server;

	(void)context, (void)step;
	if (undecided(bytes, length, ended, version))
		return DIALOGUE_MORE;
	if (!starts(bytes, length, version))
		return DIALOGUE_FOREIGN;
	if (!ended && length < TEXT_BYTES_MAX && text_find(all, "\r\n\r\n") == all.length)
		return DIALOGUE_MORE;
	server = after(bytes, length, "\nserver: ");
	if (!server.length)
		server = after(bytes, length, "\nuser-agent: ");
	say_trait(say, key, server);
	return DIALOGUE_DONE;
}

static size_t rtsp_ask(ASK_ARGUMENTS)
{
	(void)context;
	return step ? 0 : put(out, size, "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: NetVisor\r\n\r\n");
}

static enum dialogue_verdict rtsp(ANSWER_ARGUMENTS)
{
	return like_http("RTSP/1.0 ", "rtsp.server", context, step, bytes, length, ended, say);
}

static size_t sip_ask(ASK_ARGUMENTS)
{
	char ip[ADDR_TEXT_MAX], host[ADDR_TEXT_MAX + 2];
	int length;

	if (step)
		return 0;
	snprintf(host, sizeof(host), context->ip.version == 6 ? "[%s]" : "%s", ip_text(&context->ip, ip));
	length = snprintf(
		(char *)out, size,
		"OPTIONS sip:%s SIP/2.0\r\nVia: SIP/2.0/TCP netvisor.invalid;branch=z9hG4bK%016llx\r\n"
		"Max-Forwards: 0\r\nFrom: <sip:netvisor@netvisor.invalid>;tag=%08llx\r\nTo: <sip:%s>\r\n"
		"Call-ID: %016llx@netvisor.invalid\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
		host, (unsigned long long)context->nonce, (unsigned long long)context->nonce >> 32, host,
		(unsigned long long)context->nonce);
	return length < 0 || (size_t)length >= size ? 0 : (size_t)length;
}

static enum dialogue_verdict sip(ANSWER_ARGUMENTS)
{
	return like_http("SIP/2.0 ", "sip.server", context, step, bytes, length, ended, say);
}

/* RFC 6120, 4.2 */
static size_t xmpp_ask(ASK_ARGUMENTS)
{
	char ip[ADDR_TEXT_MAX];
	int length;

	if (step)
		return 0;
	length = snprintf((char *)out, size,
			  "<?xml version='1.0'?><stream:stream to='%s' xmlns='jabber:client' "
			  "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
			  *context->name ? context->name : ip_text(&context->ip, ip));
	return length < 0 || (size_t)length >= size ? 0 : (size_t)length;
}

static enum dialogue_verdict xmpp(ANSWER_ARGUMENTS)
{
	struct text all = text_of(bytes, length);

	(void)context, (void)step, (void)say;
	if (bytes[0] != '<')
		return DIALOGUE_FOREIGN;
	if (text_find(all, "etherx.jabber.org/streams") < all.length)
		return DIALOGUE_DONE;
	return ended || length >= TEXT_BYTES_MAX ? DIALOGUE_FOREIGN : DIALOGUE_MORE;
}

static size_t zookeeper_ask(ASK_ARGUMENTS)
{
	(void)context;
	return step ? 0 : put(out, size, "srvr");
}

static enum dialogue_verdict zookeeper(ANSWER_ARGUMENTS)
{
	(void)context, (void)step;
	if (!line_whole(bytes, length, ended))
		return DIALOGUE_MORE;
	if (starts(bytes, length, "srvr is not executed"))
		return DIALOGUE_DONE;
	if (!starts(bytes, length, "Zookeeper version: "))
		return DIALOGUE_FOREIGN;
	say_trait(say, "zookeeper.version", after(bytes, length, "version: "));
	return DIALOGUE_DONE;
}

/* RFC 9271, 4.2 */
static size_t nut_ask(ASK_ARGUMENTS)
{
	(void)context;
	return step ? 0 : put(out, size, "VER\n");
}

static enum dialogue_verdict nut(ANSWER_ARGUMENTS)
{
	(void)context, (void)step;
	if (!line_whole(bytes, length, ended) && (bytes[0] == 'N' || bytes[0] == 'E'))
		return DIALOGUE_MORE;
	if (starts(bytes, length, "ERR UNKNOWN-COMMAND"))
		return DIALOGUE_DONE;
	if (!starts(bytes, length, "Network UPS Tools"))
		return DIALOGUE_FOREIGN;
	say_trait(say, "banner", after(bytes, length, "network ups tools "));
	return DIALOGUE_DONE;
}

/* https://www.zabbix.com/documentation/current/en/manual/appendix/protocols/header_datalen */
static size_t zabbix_ask(ASK_ARGUMENTS)
{
	(void)context;
	return step ? 0 : put_bytes(out, size, TEXT("ZBXD\1\x0a\0\0\0\0\0\0\0agent.ping"));
}

static enum dialogue_verdict zabbix(ANSWER_ARGUMENTS)
{
	(void)context, (void)step, (void)say;
	if (undecided(bytes, length, ended, "ZBXD"))
		return DIALOGUE_MORE;
	return starts(bytes, length, "ZBXD") ? DIALOGUE_DONE : DIALOGUE_FOREIGN;
}

/* gitprotocol-pack(5): a repository that does not exist is asked for; the refusal is the protocol's own. */
static size_t git_ask(ASK_ARGUMENTS)
{
	(void)context;
	return step ? 0 : put_bytes(out, size, TEXT("0023git-upload-pack /\0host=invalid\0"));
}

static enum dialogue_verdict git(ANSWER_ARGUMENTS)
{
	(void)context, (void)step, (void)say;
	for (size_t i = 0; i < 4 && i < length; i++)
		if (!((bytes[i] >= '0' && bytes[i] <= '9') || (bytes[i] >= 'a' && bytes[i] <= 'f')))
			return DIALOGUE_FOREIGN;
	if (length < 8)
		return ended ? DIALOGUE_FOREIGN : DIALOGUE_MORE;
	return memcmp(bytes + 4, "ERR ", 4) == 0 || (length > 44 && bytes[44] == ' ') ? DIALOGUE_DONE
										      : DIALOGUE_FOREIGN;
}

static const struct dialogue rows[] = {
	{.name = "redis",
	 .loose = true,
	 .anywhere = true,
	 .port_h = {6379, 6380},
	 .request = redis_ask,
	 .answer = redis},
	{.name = "memcached", .loose = true, .port_h = {11211}, .request = memcached_ask, .answer = memcached},
	{.name = "rtsp", .loose = true, .port_h = {554, 8554, 7070}, .request = rtsp_ask, .answer = rtsp},
	{.name = "sip", .loose = true, .anywhere = true, .port_h = {5060}, .request = sip_ask, .answer = sip},
	{.name = "xmpp", .loose = true, .port_h = {5222, 5269}, .request = xmpp_ask, .answer = xmpp},
	{.name = "zookeeper",
	 .anywhere = true,
	 .port_h = {2181},
	 .request = zookeeper_ask,
	 .answer = zookeeper},
	{.name = "nut", .loose = true, .port_h = {3493}, .request = nut_ask, .answer = nut},
	{.name = "zabbix-agent", .anywhere = true, .port_h = {10050}, .request = zabbix_ask, .answer = zabbix},
	{.name = "zabbix-server", .port_h = {10051}, .request = zabbix_ask, .answer = zabbix},
	{.name = "git", .port_h = {9418}, .request = git_ask, .answer = git},
};

const struct dialogue *tcp_text_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
