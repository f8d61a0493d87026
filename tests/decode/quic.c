// SPDX-License-Identifier: BSD-2-Clause
/* QUIC: keys as its standards print them, hellos however they are cut and mixed, and answers that prove a service or prove nothing. */
#include "tests/decode/quic_packets.h"

#include "sensor/hellos.h"
#include "tests/decode/heads.h"
#include "tests/decode/tls_messages.h"

enum { V1 = 1, V2 = 0x6b3343cf, ID_BYTES = 8 };
static const uint32_t draft_29 = 0xff00001d;

static struct hellos *hellos;
static struct talker t;
static struct message hello, answer; /* without their records */

static void hex(const uint8_t *bytes, size_t length, char *out)
{
	for (size_t i = 0; i < length; i++)
		sprintf(out + 2 * i, "%02x", bytes[i]);
}

static void keys_are(const char *what, const struct quic_keys *keys, const char *wanted)
{
	char text[2 * sizeof(*keys) + 1];

	hex((const uint8_t *)keys, sizeof(*keys), text);
	tap_ok(!strcmp(text, wanted), "%s: %s", what, text);
}

/* RFC 9001, A.1, and RFC 9369, A.1. */
static void vectors(void)
{
	static const uint8_t id[] = {0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08};
	struct quic_secrets secrets;

	if (quic_derive(V1, id, sizeof(id), &secrets))
		exit(1);
	keys_are("RFC 9001, the client's keys", &secrets.client,
		 "1f369613dd76d5467730efcbe3b1a22dfa044b2f42a3fd3b46fb255c9f50449e04a0e810283a1e9933adedd2");
	keys_are("RFC 9001, the server's keys", &secrets.server,
		 "cf3a5331653c364c88f0f379b6067e370ac1493ca1905853b0bba03ec206b8d9b9f0f37644430b490eeaa314");
	if (quic_derive(V2, id, sizeof(id), &secrets))
		exit(1);
	keys_are("RFC 9369, the client's keys", &secrets.client,
		 "8b1a0bc121284290a29e0971b5cd045d91f73e2351d8fa91660e909f45b95e15235d6f45a6b19cbcb0294ba9");
	keys_are("RFC 9369, the server's keys", &secrets.server,
		 "82db637861d55e1d011f19ea71d5d2a7dd13c276499c0249d3310652edf6d05c83121201b436e16877593c3a");
	tap_ok(quic_derive(0x0a0a0a0a, id, sizeof(id), &secrets) != 0, "a version that nobody knows has none");
}

static struct quic_secrets secrets_of(uint32_t version, const char *id)
{
	struct quic_secrets secrets;

	if (quic_derive(version, (const uint8_t *)id, ID_BYTES, &secrets))
		exit(1);
	return secrets;
}

static void deliver(unsigned int from, const struct quic_datagram *d)
{
	struct hello_datagram datagram = {.key = &t.key, .from = (uint8_t)from, .time_us = TALK_TIME_US};
	uint8_t *copy = malloc(d->length); /* of its own, so that a read past its end is seen */

	memcpy(copy, d->bytes, d->length);
	datagram.payload = wire_over(copy, d->length);
	hellos_add(hellos, &datagram);
	free(copy);
}

static void begin(void)
{
	talk_begin(&t, 4433, false);
	t.key.proto = PROTO_UDP;
}

static void tells(const char *story, const char *const *lines)
{
	said_is(&t.said, story, lines);
}

#define SAYS(story, ...) tells(story, (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})
#define JA4                                                                                                \
	"{\"fact\":\"trait\",\"ip\":\"10.0.0.5\",\"key\":\"tls.ja4\",\"value\":\"q13d1516h2_8daaf6152771_" \
	"e5627efa2ab1\"," TALK_MEASURED("quic")
#define SNI TALK_MEASURED_TRAIT("quic", 4433, "tls.sni", "box.example")
#define VERSION(version) TALK_MEASURED_TRAIT("quic", 4433, "quic.version", version)
#define SERVICE                                                                                        \
	"{\"fact\":\"service\",\"ip\":\"10.0.0.7\",\"name\":\"quic\",\"port\":4433,\"proto\":\"udp\"," \
	"\"state\":\"open\"," TALK_MEASURED("quic")

/* The client's hello in one packet; its keys come from id, and so does to whom it is addressed unless `to` is another. */
static void client_says(uint32_t version, const char *id, const char *to)
{
	struct quic_secrets secrets = secrets_of(version, id);
	struct quic_datagram d = {}, frames = {};

	quic_put_crypto(&frames, hello.bytes, 0, (unsigned int)hello.length);
	quic_put_initial(&d, &secrets.client, version, to, 0, &frames);
	deliver(0, &d);
}

static void server_says(uint32_t version, const char *id)
{
	struct quic_secrets secrets = secrets_of(version, id);
	struct quic_datagram d = {}, frames = {};

	quic_put(&frames, "\2\0\0\0\0", 5); /* ACK */
	quic_put_crypto(&frames, answer.bytes, 0, (unsigned int)answer.length);
	quic_put_initial(&d, &secrets.server, version, "me", 0, &frames);
	quic_put_sealed(&d, version, 2, "me", 100);
	deliver(1, &d);
}

static void whole(void)
{
	begin();
	client_says(V1, "server_1", "server_1");
	SAYS("a hello says what the client is and whom it asks for; nobody has answered", JA4, SNI);
	client_says(V1, "server_1", "server_1");
	SAYS("once");
	server_says(V1, "server_1");
	SAYS("an answer that opens is a service", SERVICE, VERSION("1"));

	begin();
	client_says(V2, "server_1", "server_1");
	server_says(V2, "server_1");
	SAYS("version 2", JA4, SNI, SERVICE, VERSION("2"));

	begin();
	client_says(draft_29, "server_1", "server_1");
	server_says(draft_29, "server_1");
	SAYS("a draft", JA4, SNI, SERVICE, VERSION("draft-29"));

	begin();
	client_says(V1, "server_1", "server_1");
	server_says(V2, "server_1");
	SAYS("from version 1 to 2 on the way", JA4, SNI, SERVICE, VERSION("2"));

	begin();
	client_says(V1, "server_1", "server_1");
	said_clear(&t.said);
	client_says(V1, "the_next", "the_next");
	server_says(V1, "the_next");
	SAYS("a client that was sent away comes again by another id", JA4, SNI, SERVICE, VERSION("1"));
}

static void pieces(void)
{
	struct quic_secrets secrets = secrets_of(V1, "server_1");
	unsigned int length = (unsigned int)hello.length;
	struct quic_datagram d[3] = {}, frames[3] = {};

	/* As browsers do it: pieces of any length in any order, with PINGs and padding between them. */
	for (unsigned int from = 0, i = 0; from < length; from += 20, i++) {
		struct quic_datagram *to = &frames[i * 7 % 3];

		quic_put(to, "\0\0\1\0", 4);
		quic_put_crypto(to, hello.bytes, from, length - from < 20 ? length - from : 20);
		quic_put(to, "\1", 1);
	}
	quic_put_sealed(&d[1], V1, 1, "server_1", 300);
	quic_put_initial(&d[0], &secrets.client, V1, "server_1", 7, &frames[0]);
	quic_put_initial(&d[1], &secrets.client, V1, "server_1", 9, &frames[1]);
	quic_put_initial(&d[2], &secrets.client, V1, "it_chose", 12, &frames[2]);
	begin();
	deliver(0, &d[1]);
	deliver(0, &d[0]);
	SAYS("a hello of which pieces are missing says nothing yet");
	deliver(0, &d[2]);
	SAYS("in three packets, behind another, and to the id that the server has chosen", JA4, SNI);
}

static void nothing(void)
{
	struct quic_secrets secrets = secrets_of(V1, "server_1");
	struct quic_datagram d = {}, frames = {}, spoiled;

	begin();
	server_says(V1, "server_1");
	SAYS("an answer to what was not seen proves nothing");

	client_says(V1, "server_1", "server_1");
	said_clear(&t.said);
	server_says(V1, "another1");
	SAYS("nor does one by who does not have the client's id");

	quic_put_crypto(&frames, hello.bytes, 0, (unsigned int)hello.length);
	quic_put_initial(&d, &secrets.client, V1, "server_1", 0, &frames);
	for (size_t i = 0; i < d.length; i++) {
		spoiled = d;
		spoiled.bytes[i] ^= 1;
		begin();
		deliver(0, &spoiled);
		spoiled = d;
		spoiled.length = i + 1;
		if (i + 1 < d.length)
			deliver(0, &spoiled);
	}
	SAYS("one bit wrong, or a byte short: nothing is believed");

	frames = (struct quic_datagram){};
	quic_put(&frames, "\x1c\0\0\0\0", 5);
	quic_put_crypto(&frames, hello.bytes, 0, (unsigned int)hello.length);
	d = (struct quic_datagram){};
	quic_put_initial(&d, &secrets.client, V1, "server_1", 0, &frames);
	begin();
	deliver(0, &d);
	SAYS("nor what stands behind the end of a connection");
}

/* Hellos that never become whole: there is an end to what is kept of them. */
static void crowd(void)
{
	struct quic_secrets secrets = secrets_of(V1, "server_1");
	struct quic_datagram d = {}, frames = {};

	quic_put_crypto(&frames, hello.bytes, 0, 20);
	quic_put_initial(&d, &secrets.client, V1, "server_1", 0, &frames);
	begin();
	for (unsigned int i = 0; i < 3000; i++) {
		t.key.port_n[0] = (uint16_t)i;
		deliver(0, &d);
	}
	tap_ok(hellos_given_up(hellos) == 3000 - 256, "what finds no room is counted: %llu",
	       (unsigned long long)hellos_given_up(hellos));
}

/* Without the record around it. */
static struct message bare(struct message record)
{
	memmove(record.bytes, record.bytes + 5, record.length -= 5);
	return record;
}

int main(void)
{
	talk_open(&t);
	if (hellos_open(talk_heard, &t, &hellos))
		return 1;
	hello = bare(chrome());
	answer = bare(server_hello(0x0304, NULL, 0));
	vectors();
	whole();
	pieces();
	nothing();
	crowd();
	hellos_close(hellos);
	heads_close(t.heads);
	return tap_end();
}
