// SPDX-License-Identifier: BSD-2-Clause
/*
 * See hellos.h. A connection is known by its flow and by the id that its keys come from. A client that is sent away to come again (Retry), or whose
 * ports are used anew, has another id: then everything begins again.
 */
#include "sensor/hellos.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/heard/heard.h"
#include "sensor/heard/quic.h"
#include "sensor/heard/tls_hello.h"
#include "sensor/record_key.h"
#include "sensor/table.h"

enum {
	CONNECTIONS_MAX = 2048,
	STREAMS_MAX = 256,	   /* hellos that are not whole, of all connections */
	HELLO_BYTES_MAX = 1 << 13, /* of one hello */
	MESSAGE_HEAD = 4,
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	VERSION_13 = 0x0304,
};

/* A handshake as far as it has come, in any order. */
struct stream {
	uint32_t length; /* without gaps */
	uint8_t bytes[HELLO_BYTES_MAX];
	uint8_t have[HELLO_BYTES_MAX]; /* 1: that byte has come */
};

struct connection {
	struct table_entry entry;
	struct flow_key key;
	uint8_t client; /* end */
	uint8_t id_length;
	uint8_t id[QUIC_ID_BYTES_MAX];
	bool said[2]; /* by side: 0 the client has said its hello, 1 the server */
	uint32_t version;
	struct quic_secrets secrets;
	struct stream *stream[2]; /* by side */
	char protocol[32];	  /* the only one that the client offers */
};

struct hellos {
	struct table *connections;
	heads_heard *heard;
	void *to;
	size_t streams;
	uint64_t given_up;
	struct fact_list list;
	uint8_t opened[QUIC_PACKET_BYTES_MAX];
};

static void stream_drop(struct hellos *h, struct stream **stream)
{
	h->streams -= *stream != NULL;
	free(*stream);
	*stream = NULL;
}

static void evict(void *context, void *entry)
{
	struct hellos *h = context;
	struct connection *c = entry;

	h->given_up += c->stream[0] || c->stream[1];
	stream_drop(h, &c->stream[0]);
	stream_drop(h, &c->stream[1]);
}

static struct stream *stream_of(struct hellos *h, struct connection *c, unsigned int side)
{
	while (!c->stream[side] && h->streams >= STREAMS_MAX) {
		struct connection *oldest = table_oldest(h->connections);

		if (oldest == c)
			return NULL;
		evict(h, oldest);
		table_remove(h->connections, oldest);
	}
	if (!c->stream[side]) {
		c->stream[side] = calloc(1, sizeof(*c->stream[side]));
		h->streams += c->stream[side] != NULL;
	}
	return c->stream[side];
}

/* What came first stays. */
static void stream_put(struct stream *s, uint64_t offset, struct wire piece)
{
	for (size_t i = 0; i < piece.left && offset + i < HELLO_BYTES_MAX; i++) {
		if (s->have[offset + i])
			continue;
		s->have[offset + i] = 1;
		s->bytes[offset + i] = piece.at[i];
	}
	while (s->length < HELLO_BYTES_MAX && s->have[s->length])
		s->length++;
}

/* The first message, if it is whole and of that type. */
static bool stream_message(const struct stream *s, uint8_t type, struct wire *body)
{
	struct wire all = wire_over(s->bytes, s->length);
	size_t length;

	if (wire_u8(&all) != type)
		return false;
	length = (size_t)wire_u8(&all) << 16;
	length |= wire_u16(&all);
	*body = wire_nested(&all, length);
	return !body->bad;
}

static struct heard ends_of(const struct connection *c, int64_t time_us)
{
	return (struct heard){.ctx = {.time_us = time_us, .vlan = vlan_unpack(c->key.vlan)},
			      .client = flow_key_ip(&c->key, c->client),
			      .server = flow_key_ip(&c->key, !c->client),
			      .port_h = flow_key_port(&c->key, !c->client),
			      .udp = true};
}

static void say_client(struct hellos *h, struct connection *c, struct wire body, int64_t time_us)
{
	static _Thread_local struct tls_client_hello hello;
	struct heard ends = ends_of(c, time_us);
	struct wire offered;
	char ja4[JA4_BYTES];

	if (tls_client_hello_read(body, &hello))
		return;
	tls_ja4(&hello, 'q', ja4);
	heard_client_trait(&ends, SOURCE_QUIC, CONFIDENCE_MEASURED, "tls.ja4", (struct text){ja4, strlen(ja4)},
			   &h->list);
	if (tls_name_is_sound(hello.name))
		heard_trait(&ends, SOURCE_QUIC, CONFIDENCE_MEASURED, "tls.sni", hello.name, &h->list);
	offered = wire_over(hello.alpns.bytes, hello.alpns.length);
	wire_skip(&offered, wire_u8(&offered));
	if (hello.alpn.length && hello.alpn.length < sizeof(c->protocol) && !offered.bad && !offered.left)
		memcpy(c->protocol, hello.alpn.bytes, hello.alpn.length);
}

static void say_server(struct hellos *h, struct connection *c, struct wire body, int64_t time_us)
{
	struct heard ends = ends_of(c, time_us);
	struct tls_server_hello hello;
	char version[16];

	if (tls_server_hello_read(body, &hello) || hello.version != VERSION_13)
		return;
	quic_version_text(c->version, version);
	heard_service(&ends, SOURCE_QUIC, "quic", &h->list);
	heard_trait(&ends, SOURCE_QUIC, CONFIDENCE_MEASURED, "quic.version",
		    (struct text){version, strlen(version)}, &h->list);
	/* A server that takes none of what is offered closes instead (RFC 9001, 8.1). */
	heard_trait(&ends, SOURCE_QUIC, CONFIDENCE_MEASURED, "tls.alpn",
		    (struct text){c->protocol, strlen(c->protocol)}, &h->list);
}

/* The frames of one packet that has been opened. */
static void take_frames(struct hellos *h, struct connection *c, unsigned int side, struct wire frames,
			int64_t time_us)
{
	struct stream *stream = NULL;
	uint64_t offset;
	struct wire piece, body;

	if (c->said[side])
		return;
	while (quic_crypto(&frames, &offset, &piece)) {
		if (!stream)
			stream = stream_of(h, c, side);
		if (!stream)
			return;
		if (offset < HELLO_BYTES_MAX)
			stream_put(stream, offset, piece);
	}
	if (!stream || !stream_message(stream, side ? SERVER_HELLO : CLIENT_HELLO, &body))
		return;
	c->said[side] = true;
	fact_list_reset(&h->list);
	if (side)
		say_server(h, c, body, time_us);
	else
		say_client(h, c, body, time_us);
	stream_drop(h, &c->stream[side]);
	if (h->list.count)
		h->heard(h->to, &c->key, TEXT("quic"), &h->list);
}

static bool is_of(const struct connection *c, const struct quic_packet *packet)
{
	return c->version == packet->version && c->id_length == packet->id_length &&
	       !memcmp(c->id, packet->id, packet->id_length);
}

/* A client's first packet is addressed to the id that its keys come from. */
static struct connection *begin(struct hellos *h, const struct hello_datagram *datagram,
				struct connection *before, const struct quic_packet *packet,
				struct wire *frames)
{
	struct quic_secrets secrets;
	struct connection *c;

	if (!packet->id_length || quic_derive(packet->version, packet->id, packet->id_length, &secrets) ||
	    quic_open(&secrets.client, packet, h->opened, frames))
		return NULL;
	if (before) {
		evict(h, before);
		table_remove(h->connections, before);
	}
	c = table_add(h->connections, datagram->key);
	if (!c)
		return NULL;
	c->client = datagram->from & 1;
	c->version = packet->version;
	c->id_length = packet->id_length;
	memcpy(c->id, packet->id, packet->id_length);
	c->secrets = secrets;
	return c;
}

/* A packet of the connection at hand. Its ends may go over to another version with its second packet (RFC 9368, 2.3). */
static bool goes_on(struct hellos *h, struct connection *c, unsigned int side, const struct quic_packet *packet,
		    struct wire *frames)
{
	struct quic_secrets secrets = c->secrets;

	if (c->version != packet->version && quic_derive(packet->version, c->id, c->id_length, &secrets))
		return false;
	if (quic_open(side ? &secrets.server : &secrets.client, packet, h->opened, frames))
		return false;
	c->version = packet->version;
	c->secrets = secrets;
	return true;
}

void hellos_add(struct hellos *h, const struct hello_datagram *datagram)
{
	struct connection *c = table_find(h->connections, datagram->key);
	struct wire rest = datagram->payload, frames;
	struct quic_packet packet;

	while (quic_next(&rest, &packet)) {
		unsigned int side = c && (datagram->from & 1) != c->client;

		if (c && goes_on(h, c, side, &packet, &frames)) {
			take_frames(h, c, side, frames, datagram->time_us);
			continue;
		}
		if (c && is_of(c, &packet))
			continue;
		c = begin(h, datagram, c, &packet, &frames);
		if (!c)
			return;
		take_frames(h, c, 0, frames, datagram->time_us);
	}
}

int hellos_open(heads_heard *heard, void *to, struct hellos **out)
{
	struct hellos *h = calloc(1, sizeof(*h));
	struct table_options options = {.key_size = sizeof(struct flow_key),
					.entry_size = sizeof(struct connection),
					.capacity = CONNECTIONS_MAX,
					.evict = evict,
					.context = h};

	if (!h)
		return -ENOMEM;
	if (table_open(&options, &h->connections)) {
		free(h);
		return -ENOMEM;
	}
	h->heard = heard;
	h->to = to;
	*out = h;
	return 0;
}

uint64_t hellos_given_up(const struct hellos *h)
{
	return h->given_up;
}

void hellos_close(struct hellos *h)
{
	if (!h)
		return;
	for (struct connection *c = table_oldest(h->connections); c; c = table_newer(h->connections, c)) {
		free(c->stream[0]);
		free(c->stream[1]);
	}
	table_close(h->connections);
	free(h);
}
