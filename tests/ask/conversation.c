// SPDX-License-Identifier: BSD-2-Clause
/* One port's conversation without a network: given what comes, this is said, and this is found. */
#include "sensor/ask/conversation.h"

#include <stdlib.h>
#include <string.h>

#include "sensor/ask/datagram.h"
#include "sensor/ask/tcp.h"
#include "sensor/ask/tls.h"
#include "tests/tap.h"

static struct room room = {.limit_bytes = 1 << 20};
static struct tls_client *client;
static struct conversation *conversation;
static struct conversation_step step;
static struct conversation_turns turns = {.tls_max = 1};
static uint64_t cut;
static int64_t now_us;
static char said[8192];

static void hear(void *to, const struct fact *fact)
{
	size_t used = strlen(said);

	(void)to;
	if (fact->kind == FACT_TRAIT)
		snprintf(said + used, sizeof(said) - used, "%.*s=%.*s|", (int)fact->key.length, fact->key.bytes,
			 (int)fact->value.length, fact->value.bytes);
	else if (fact->kind == FACT_SERVICE)
		snprintf(said + used, sizeof(said) - used, "service %.*s|",
			 FACT_HAS(fact, name) ? (int)fact->name.length : 0, fact->name.bytes);
	else
		snprintf(said + used, sizeof(said) - used, "name %.*s|", (int)fact->name.length,
			 fact->name.bytes);
}

static void begin(uint16_t port_h, bool listen_only)
{
	struct conversation_options options = {
		.tls = client, .room = &room, .turns = &turns, .cut = &cut, .fact = hear};
	struct conversation_target target = {.ip = ip_from_v4("\x0a\0\0\1"),
					     .port_h = port_h,
					     .name = "",
					     .listen_only = listen_only,
					     .nonce = 0x0102030405060708,
					     .timeout_us = 10000000};

	conversation_close(conversation);
	now_us = 1000000;
	said[0] = 0;
	if (conversation_open(&options, &target, now_us, 0, &conversation, &step))
		exit(1);
}

static void event(enum conversation_event what, const char *bytes, size_t length, int64_t after_ms)
{
	now_us += after_ms * 1000;
	conversation_event(conversation, what, (const uint8_t *)bytes, length, now_us, 0, &step);
}

static void comes(const char *text)
{
	event(CONVERSATION_BYTES, text, strlen(text), 5);
}

static void silence(void)
{
	event(CONVERSATION_SILENT, NULL, 0, step.wait_ms);
}

static bool sends(const char *text)
{
	return step.length >= strlen(text) && !memcmp(step.bytes, text, strlen(text));
}

static bool waits(void)
{
	return !step.over && !step.length && !step.connect && step.wait_ms;
}

static bool is(const char *name)
{
	return step.over && !strcmp(conversation_name(conversation), name);
}

static void greetings(void)
{
	begin(40000, false);
	tap_ok(step.connect && !step.length && step.wait_ms <= 500,
	       "on a port that is nobody's the other side may speak first");
	comes("SSH-2.0-Open");
	tap_ok(waits(), "half a greeting is waited for");
	comes("SSH_9\r\n");
	tap_ok(is("ssh") && strstr(said, "ssh.banner=SSH-2.0-Open"),
	       "then it is SSH, of which only new bytes came: %s", said);

	begin(40000, false);
	silence();
	tap_ok(sends("GET / HTTP/1.1\r\n") && !step.connect,
	       "who says nothing is asked for a page on the same connection");
	comes("SSH-2.0-Late\r\n");
	tap_ok(is("ssh"), "and may greet late");

	begin(2, false);
	comes("220 router ESMTP Postfix\r\n");
	tap_ok(is("smtp") && strstr(said, "banner=220 router ESMTP Postfix|"), "220 of a mail server");
	begin(2, false);
	comes("220-one\r\n220-two\r\n");
	tap_ok(waits(), "a greeting of several lines is read to its end");
	comes("220 ftp ready\r\n");
	tap_ok(is("ftp"), "which may tell it");
	begin(2, false);
	comes("220 who knows\r\n");
	silence();
	tap_ok(is("") && strstr(said, "banner=220 who knows") && strstr(said, "service |"),
	       "an unknown one is kept, and the port is open");

	begin(502, true);
	silence();
	tap_ok(step.over && !step.length, "where only listening is allowed nothing is said");
}

static void web(void)
{
	begin(80, false);
	tap_ok(step.connect && sends("GET / HTTP/1.1\r\n"), "port 80 is asked for a page at once");
	comes("HTTP/1.1 302 F\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n");
	tap_ok(sends("GET /login HTTP/1.1\r\n") && !step.connect,
	       "a redirect is followed on the same connection");
	comes("HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 45\r\nConnection: close\r\n\r\n"
	      "<title>T</title><link rel=icon href=/x.png  >");
	tap_ok(sends("GET /x.png ") && step.connect,
	       "then its icon, by a new connection when the old one is closed");
	tap_ok(strstr(said, "http.status=/ 302|") && strstr(said, "http.status=/login 200|") &&
		       strstr(said, "http.title=T|") && strstr(said, "http.body=/login <title>T</title>"),
	       "what the pages say is said");
	event(CONVERSATION_ENDED, NULL, 0, 1);
	tap_ok(sends("GET /x.png ") && step.connect, "an answer that is missing is asked for once more");
	event(CONVERSATION_ENDED, NULL, 0, 1);
	tap_ok(!sends("GET /x.png "), "and no more");
	while (!step.over)
		event(CONVERSATION_RESET, NULL, 0, 1);
	tap_ok(is("http"), "whatever else happens, it is a web server");

	begin(80, false);
	comes("HTTP/1.1 400 Bad\r\nContent-Length: 34\r\n\r\nplain HTTP sent to an HTTPS port...");
	tap_ok(step.connect && sends("\x16\x03"), "who wants TLS is asked by TLS");
	event(CONVERSATION_BYTES, "\x15\x03\x03\0\2\2\x28", 7, 1);
	tap_ok(is("tls"), "an alert is TLS, too");

	begin(80, false);
	event(CONVERSATION_BYTES, "\x15\x03\x01\0\2\2\x46", 7, 1);
	tap_ok(step.connect && sends("\x16\x03"), "an alert instead of a page leads to TLS");
	event(CONVERSATION_RESET, NULL, 0, 1);
	tap_ok(step.connect && sends("PING\r\n"), "when that breaks, to other protocols");
	turns.tls_max = 0;
	begin(443, false);
	tap_ok(step.park && !step.connect, "who finds all TLS sessions taken waits without a connection");
	turns.tls_max = 1;
	event(CONVERSATION_TURN, NULL, 0, 60000);
	tap_ok(!step.over && step.connect && sends("\x16\x03") && turns.tls == 1,
	       "until one is free; that time is not the server's");
	begin(443, false);
	tap_ok(step.connect && sends("\x16\x03"), "443 begins with TLS");
	comes("HTTP/1.1 400 Bad Request\r\n\r\n");
	tap_ok(step.connect && sends("GET / "), "and turns to HTTP when that is what is there");
}

static void others(void)
{
	size_t rows = 0;
	bool named = true;
	uint8_t request[DIALOGUE_REQUEST_BYTES_MAX];
	struct dialogue_context context = {.ip = ip_from_v4("\x0a\0\0\1"), .name = ""};
	const struct dialogue *row;

	begin(6379, false);
	tap_ok(sends("PING\r\n"), "a usual port is spoken to in its protocol");
	comes("+PONG\r\n");
	tap_ok(sends("INFO server\r\n"), "and asked further");
	comes("$40\r\n# Server\r\nredis_version:7.2.4\r\ntcp_port:6379\r\n");
	tap_ok(is("redis") && strstr(said, "redis.version=7.2.4|"), "until nothing more is to be learnt");
	begin(6379, false);
	comes("SSH-2.0-here\r\n");
	tap_ok(is("ssh"), "another protocol there is found all the same");
	begin(6379, false);
	event(CONVERSATION_ENDED, NULL, 0, 1);
	tap_ok(step.connect && sends("GET / "), "who closes is asked otherwise");
	begin(40000, false);
	silence();
	silence();
	tap_ok(step.connect && sends("\x16\x03"), "silence to HTTP: TLS");
	silence();
	tap_ok(step.connect && step.length > 14 && !memcmp(step.bytes + 14, "\7version\4bind", 13),
	       "silence to that, too: DNS, whose servers wait for the rest of what others say");
	silence();
	tap_ok(is("") && now_us < 11000000, "and silence to all is the end, in time");
	begin(40000, false);
	silence();
	comes("AMQP");
	event(CONVERSATION_BYTES, "\0\0\x09\1", 4, 1);
	tap_ok(step.connect && sends("AMQP"), "what gives itself away is asked in its own words");
	event(CONVERSATION_ENDED, NULL, 0, 1);
	tap_ok(is("amqp"), "and is what it was, whatever comes of that");
	begin(40000, false);
	silence();
	event(CONVERSATION_BYTES, "\3\0\0\x09\2\xf0\x80\x21\x80", 9, 1);
	event(CONVERSATION_ENDED, NULL, 0, 1);
	tap_ok(is("rdp"), "so is a desktop that hangs up");
	begin(40000, false);
	silence();
	comes("* OK ready when you are");
	event(CONVERSATION_ENDED, NULL, 0, 1);
	tap_ok(is("imap"), "a greeting that breaks off is no page");
	begin(40000, false);
	silence();
	for (int i = 0; i < 30 && !step.over; i++)
		event(CONVERSATION_ENDED, NULL, 0, 1);
	tap_ok(step.over, "who always closes gets a bounded number of connections");
	begin(40000, false);
	for (int i = 0; i < 20000 && !step.over; i++)
		event(CONVERSATION_BYTES, "q", 1, 0);
	tap_ok(step.over && room.used_bytes <= 4 * 65536, "who drips is left");
	begin(1, false);
	event(CONVERSATION_UNREACHED, NULL, 0, 1);
	tap_ok(step.over && !*said && !conversation_reached(conversation), "no connection, nothing said");

	for (; (row = tcp_row(rows)); rows++) {
		named &= row->answer && *row->name && (row->hello ? !row->request : row->request != NULL);
		context.port_h = row->port_h[0];
		if (!row->request)
			continue;
		for (unsigned int i = 0; i < 2; i++) {
			size_t length = row->request(&context, i, request, sizeof(request));

			named &= length <= sizeof(request) && (i || length) &&
				 row->request(&context, i, request, 1) <= 1;
		}
	}
	tap_ok(named && rows <= 64, "all %zu rows are whole, and none writes past its end", rows);
}

static void answers(void)
{
	static const struct {
		uint16_t port_h;
		const char *bytes;
		size_t length;
		const char *name, *fact;
	} given[] = {
		{5432, "S", 1, "postgresql", "postgresql.tls=true"},
		{1883, "\x20\2\0\5", 4, "mqtt", "mqtt.connect=not authorized"},
		{11211, "VERSION 1.6.18\r\n", 16, "memcached", "memcached.version=1.6.18"},
		{554, "RTSP/1.0 200 OK\r\nServer: Cam/2\r\n\r\n", 34, "rtsp", "rtsp.server=Cam/2"},
		{1433, "\4\1\0\x1b\0\0\1\0\0\0\6\0\6\xff\x0f\0\x07\xd0\0\0\0\0\0\0\0\0\0", 27, "mssql", ""},
		{3389, "\3\0\0\x13\x0e\xd0\0\0\x12\x34\0\2\x1f\x08\0\2\0\0\0", 19, "rdp",
		 "rdp.security=credssp"},
		{1723, "\0\x9c\0\1\x1a\x2b\x3c\x4d\0\2", 10, NULL, ""},
		{5672, "AMQP\0\0\x09\1", 8, "amqp", ""},
		{1080, "\5\0", 2, "socks", "socks.open=true"},
		{8009, "AB\0\1\x09", 5, "ajp", ""},
		{135, "\5\0\x0c\3", 4, "msrpc", ""},
		{6000, "\0\x16\x0b\0\0\0\6\0", 8, "x11", ""},
		{9042, "\x84\0\0\0\6\0\0\0\0", 9, "cassandra", ""},
		{7687, "\0\0\4\4", 4, "bolt", ""},
		{111, "\x80\0\0\x18\5\6\7\x08\0\0\0\1", 12, "portmapper", ""},
		{9092, "\0\0\0\6\x08\7\6\5\0\0", 10, "kafka", ""},
		{2181, "Zookeeper version: 3.8.0-x\n", 27, "zookeeper", "zookeeper.version=3.8.0-x"},
		{445, "\0\0\0\x45\xffSMBr", 9, "smb", "smb.version=1"},
		{10050, "ZBXD\1\1\0\0\0\0\0\0\0001", 14, "zabbix-agent", ""},
	};

	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
		begin(given[i].port_h, false);
		event(CONVERSATION_BYTES, given[i].bytes, given[i].length, 1);
		if (given[i].name)
			tap_ok(is(given[i].name) && strstr(said, given[i].fact), "%s %s: %s", given[i].name,
			       given[i].fact, said);
		else
			tap_ok(waits(), "half an answer on %u is waited for", given[i].port_h);
	}
	begin(53, false);
	event(CONVERSATION_BYTES,
	      "\0\x2f\7\x08\x85\0\0\1\0\1\0\0\0\0\7version\4bind\0\0\x10\0\3\xc0\x0c\0\x10\0\3\0\0\0\0\0\5\4nsd"
	      "4",
	      49, 1);
	tap_ok(step.length > 2 && strstr(said, "dns.version=nsd4|"), "dns and its version: %s", said);
	event(CONVERSATION_ENDED, NULL, 0, 1);
	tap_ok(is("dns"), "who does not tell more is known all the same");
	begin(389, false);
	event(CONVERSATION_BYTES,
	      "\x30\x32\2\1\1\x64\x2d\4\0\x30\x29\x30\x12\4\x0bvendorName \x31\3\4\1v\x30\x13\4\x0b"
	      "dnsHostName\x31\4\4\2dc",
	      52, 1);
	tap_ok(is("ldap") && strstr(said, "name dc|"), "ldap and its name: %s", said);
	begin(1883, false);
	event(CONVERSATION_BYTES, "\x20\2\0\0", 4, 1);
	tap_ok(sends("\x82\x18"), "who takes anyone is asked for its version");
	event(CONVERSATION_BYTES,
	      "\x90\3\0\1\0\x30\x22\0\x13$SYS/broker/version"
	      "mosquitto 2.0",
	      41, 1);
	tap_ok(waits(), "which ends with a sign of life");
	event(CONVERSATION_BYTES, "\xd0\0", 2, 1);
	tap_ok(is("mqtt") && strstr(said, "mqtt.broker=mosquitto 2.0|") &&
		       strstr(said, "mqtt.connect=accepted"),
	       "Mosquitto: %s", said);
	begin(1883, false);
	event(CONVERSATION_BYTES, "\x20\2\0\0", 4, 1);
	event(CONVERSATION_BYTES, "\x90\3\0\1\x80\xd0\0", 7, 1);
	tap_ok(is("mqtt") && !strstr(said, "mqtt.broker"), "another broker keeps nothing to read");
	begin(1883, false);
	event(CONVERSATION_BYTES, "\x20\2\0\0", 4, 1);
	event(CONVERSATION_BYTES, "\x30\x7f\0\x13", 4, 0);
	event(CONVERSATION_ENDED, NULL, 0, 1);
	tap_ok(is("mqtt") && !strstr(said, "mqtt.broker"), "half a text is none");
	begin(9102, false);
	event(CONVERSATION_BYTES,
	      "\0\0\0\x4dhello.c:109 Connection from unknown Director netvisor at 127.0.0.1 rejected.\n", 81,
	      1);
	tap_ok(is("bacula"), "a file daemon of Bacula");
	begin(9102, false);
	event(CONVERSATION_BYTES, "\0\0\0\5hello", 9, 1);
	tap_ok(!is("bacula"), "who says hello to everyone is none");
	begin(88, false);
	event(CONVERSATION_BYTES, "\0\0\0\x0e\x7e\x0c\x30\x0a\xa0\3\2\1\5\xa1\3\2\1\x1e", 18, 1);
	tap_ok(is("kerberos"), "a KDC refuses");
	begin(88, false);
	event(CONVERSATION_BYTES, "\0\0\0\x0e\x7e\x0c\x30\x0a\xa0\3\2\1\4\xa1\3\2\1\x1e", 18, 1);
	tap_ok(!is("kerberos"), "in another version it is none");
	begin(3306, false);
	event(CONVERSATION_BYTES, "\x40\0\0\0\x0a8.0.36\0", 12, 1);
	silence();
	tap_ok(!is("mysql"), "a packet that is not whole is no MySQL");
}

static void datagrams(void)
{
	static struct datagram d;
	struct dialogue_context context = {
		.ip = ip_from_v4("\x0a\0\0\1"), .port_h = 53, .udp = true, .nonce = 7, .name = ""};
	struct say say = {.fact = hear};
	unsigned int sent = 0;

	datagram_open(&d, dialogue_udp(53), &context, &say, 0, 4000000);
	tap_ok(d.next.connect && d.next.length, "a datagram is sent");
	for (int64_t at_us = 0; !d.over && sent<100; sent += d.next.length> 0) {
		at_us += (int64_t)d.next.wait_ms * 1000;
		datagram_event(&d, CONVERSATION_SILENT, NULL, 0, at_us, 0);
		if (at_us > 4100000)
			break;
	}
	tap_ok(d.over && !d.answered && sent >= 1 && sent < 20, "and once more, then no more");
	datagram_open(&d, dialogue_udp(53), &context, &say, 0, 4000000);
	datagram_event(&d, CONVERSATION_RESET, NULL, 0, 1000, 0);
	tap_ok(d.over && d.closed, "who refuses is closed");
	datagram_open(&d, dialogue_udp(53), &context, &say, 0, 4000000);
	for (int i = 0; i < 10000 && !d.over; i++)
		datagram_event(&d, CONVERSATION_BYTES, (const uint8_t *)"junk", 4, 1000, 0);
	tap_ok(d.over && !d.answered, "who floods is left");
	datagram_open(&d, &(struct dialogue){.name = "mute", .udp = true}, &context, &say, 0, 4000000);
	tap_ok(d.over && !d.next.length, "a protocol without a request is sent nothing");
}

int main(void)
{
	if (tls_client_open(&client))
		return 1;
	greetings();
	web();
	others();
	answers();
	datagrams();
	conversation_close(conversation);
	conversation = NULL;
	tap_ok(room.used_bytes == 0 && turns.tls == 0, "all memory comes back, and every turn");
	tls_client_close(client);
	return tap_end();
}
