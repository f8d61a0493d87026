// SPDX-License-Identifier: BSD-2-Clause
/*
 * TLS: what client and server say before they encrypt. The client's first message names the server and has a fingerprint; the server's
 * answer chooses, and up to TLS 1.2 shows its certificate.
 *
 * What goes on inside is claimed only where it shows: by the protocol that the server has chosen (ALPN), which TLS 1.3 hides. But there the
 * message that holds the choice has a length of its own, which gives it away where each message has a record to itself.
 */
#include <stdio.h>
#include <string.h>

#include "sensor/ask/certificate.h"
#include "sensor/heard/heard.h"
#include "sensor/heard/tls_hello.h"

enum {
	RECORD_CHANGE = 20,
	RECORD_ALERT = 21,
	RECORD_HANDSHAKE = 22,
	RECORD_DATA = 23,
	RECORD_HEAD = 5,
	RECORD_BYTES_MAX = 16384 + 2048,
	MESSAGE_CLIENT_HELLO = 1,
	MESSAGE_SERVER_HELLO = 2,
	MESSAGE_CERTIFICATE = 11,
	MESSAGE_DONE = 14,
	HANDSHAKE_BYTES_MAX = 16384,
	VERSION_13 = 0x0304,
	/* RFC 8446, 5.2 and 4.3.1: type, tag; the message's head and the length of its list. */
	SEALED_BYTES = 1 + 16 + 4 + 2,
};

/* What one end sent: its handshake messages one after another, without the records around them. */
struct flight {
	size_t length;
	uint8_t bytes[HANDSHAKE_BYTES_MAX];
	uint8_t stopped_by;  /* type of the first record that is no handshake; 0: none yet */
	size_t sealed_bytes; /* TLS 1.3: length of the first record that is encrypted; 0: none yet */
	bool foreign, cut;   /* no TLS; its last record has not come whole */
};

static void read_flight(const struct heard_end *end, struct flight *out)
{
	struct wire wire = wire_over(end->bytes, end->length);

	out->length = 0;
	out->stopped_by = 0;
	out->sealed_bytes = 0;
	out->foreign = out->cut = false;
	while (wire.left >= RECORD_HEAD) {
		uint8_t type = wire_u8(&wire);
		uint16_t version = wire_u16(&wire), length = wire_u16(&wire);
		size_t there = length < wire.left ? length : wire.left;

		if (type < RECORD_CHANGE || type > RECORD_DATA || version >> 8 != 3 ||
		    length > RECORD_BYTES_MAX || !length) {
			out->foreign = out->length == 0 && !out->stopped_by;
			return;
		}
		if (type != RECORD_HANDSHAKE && !out->stopped_by)
			out->stopped_by = type;
		if (type == RECORD_DATA) {
			out->sealed_bytes = length;
			return;
		}
		if (type == RECORD_HANDSHAKE && !out->stopped_by) {
			if (there > sizeof(out->bytes) - out->length)
				there = sizeof(out->bytes) - out->length;
			memcpy(out->bytes + out->length, wire.at, there);
			out->length += there;
		}
		if (length > wire.left) {
			out->cut = true;
			return;
		}
		wire_skip(&wire, length);
	}
	out->cut = wire.left > 0;
}

/* The next message that is whole: its type, 0 when there is none. */
static uint8_t next_message(struct wire *wire, struct wire *body)
{
	struct wire ahead = *wire;
	uint8_t type = wire_u8(&ahead);
	size_t length = (size_t)wire_u8(&ahead) << 16;

	length |= wire_u16(&ahead);
	*body = wire_nested(&ahead, length);
	if (body->bad)
		return 0;
	*wire = ahead;
	return type;
}

/* What is known to run inside, by its ALPN id (RFC 7301, 6), under the names that sensor/ask has for it. */
static const char *name_of(struct text alpn)
{
	static const struct {
		const char *alpn, *name;
	} known[] = {{"h2", "https"},	{"http/1.1", "https"},	  {"http/1.0", "https"},
		     {"imap", "imaps"}, {"pop3", "pop3s"},	  {"ftp", "ftps"},
		     {"mqtt", "mqtts"}, {"xmpp-client", "xmpps"}, {"dot", "dns-over-tls"},
		     {"irc", "ircs"},	{"nntp", "nntps"},	  {"sip/2", "sips"}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (alpn.length == strlen(known[i].alpn) && !memcmp(alpn.bytes, known[i].alpn, alpn.length))
			return known[i].name;
	return NULL;
}

/*
 * The choice of ALPN makes EncryptedExtensions 4 + 2 + 1 + n bytes longer. What else servers put there (that they have taken the name; a limit
 * of records) has an even number of bytes, and the two of HTTP an odd one. A client that offers limits of fragments (5 bytes) is left out.
 */
static bool chose_http(const struct tls_client_hello *client, size_t sealed_bytes)
{
	enum { H2 = 4 + 2 + 1 + 2, HTTP_11 = 4 + 2 + 1 + 8, NAME = 4, LIMIT = 6 };
	bool h2 = tls_offers(client, "h2"), http = tls_offers(client, "http/1.1");
	size_t bytes;

	if (sealed_bytes < SEALED_BYTES || tls_has(&client->extensions, TLS_EXTENSION_FRAGMENT))
		return false;
	bytes = sealed_bytes - SEALED_BYTES;
	for (size_t name = 0; name <= NAME; name += NAME)
		for (size_t limit = 0; limit <= LIMIT; limit += LIMIT)
			if ((h2 && bytes == H2 + name + limit) || (http && bytes == HTTP_11 + name + limit))
				return true;
	return false;
}

/* What a client says it is, and whom it asks for. Behind a proxy that it has asked to connect (CONNECT), the name is not the proxy's. */
static void say_client(const struct heard *h, const struct tls_client_hello *hello, struct fact_list *out)
{
	char ja4[JA4_BYTES];

	if (!hello->cut) {
		tls_ja4(hello, 't', ja4);
		heard_client_trait(h, SOURCE_TLS, CONFIDENCE_MEASURED, "tls.ja4",
				   (struct text){ja4, strlen(ja4)}, out);
	}
	if (h->inside != HEARD_THROUGH_PROXY && tls_name_is_sound(hello->name))
		heard_trait(h, SOURCE_TLS, CONFIDENCE_MEASURED, "tls.sni", hello->name, out);
}

static void say_version(const struct heard *h, uint16_t version, struct fact_list *out)
{
	static const char *const names[] = {"SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};

	if (version >= 0x0300 && version <= VERSION_13)
		heard_trait(h, SOURCE_TLS, CONFIDENCE_MEASURED, "tls.version",
			    (struct text){names[version & 15], strlen(names[version & 15])}, out);
}

/* What the server's messages say up to where they are whole. */
struct answer {
	struct tls_server_hello hello;
	bool has_hello, over; /* over: nothing that is in the clear follows */
	struct text certificate;
};

static void read_answer(const struct flight *flight, struct answer *out)
{
	struct wire wire = wire_over(flight->bytes, flight->length), body;
	uint8_t type;

	*out = (struct answer){};
	while ((type = next_message(&wire, &body))) {
		if (type == MESSAGE_SERVER_HELLO && !out->has_hello) {
			out->has_hello = !tls_server_hello_read(body, &out->hello);
		} else if (type == MESSAGE_CERTIFICATE && out->has_hello && out->hello.version < VERSION_13) {
			size_t length;

			wire_skip(&body, 3); /* of the list */
			length = (size_t)wire_u8(&body) << 16;
			length |= wire_u16(&body);
			struct wire first = wire_nested(&body, length);

			if (!first.bad)
				out->certificate = wire_rest(&first);
			out->over = true;
		} else if (type == MESSAGE_DONE) {
			out->over = true;
		}
	}
	if (out->has_hello && out->hello.version == VERSION_13)
		out->over = flight->sealed_bytes != 0;
	else if (flight->stopped_by)
		out->over = true;
}

static void say_server(const struct heard *h, const struct tls_client_hello *client,
		       const struct flight *flight, const struct answer *answer, struct fact_list *out)
{
	const char *name = NULL;
	struct heard_say say;

	if (answer->has_hello) {
		name = name_of(answer->hello.alpn);
		if (!name && answer->hello.version == VERSION_13 && chose_http(client, flight->sealed_bytes))
			name = "https";
	}
	if (h->inside == HEARD_OUTSIDE)
		heard_service(h, SOURCE_TLS, name ? name : "tls", out);
	if (!answer->has_hello)
		return;
	say_version(h, answer->hello.version, out);
	heard_trait(h, SOURCE_TLS, CONFIDENCE_MEASURED, "tls.alpn", answer->hello.alpn, out);
	if (!answer->certificate.length)
		return;
	heard_say_begin(&say, h, SOURCE_TLS, out);
	certificate_read((const uint8_t *)answer->certificate.bytes, answer->certificate.length, &say.say);
}

static bool may_begin(const uint8_t *bytes, size_t length)
{
	return (length < 1 || bytes[0] == RECORD_HANDSHAKE) && (length < 2 || bytes[1] == 3) &&
	       (length < 6 || bytes[5] == MESSAGE_CLIENT_HELLO);
}

enum heard_verdict hear_tls(const struct heard *h, struct fact_list *out)
{
	static _Thread_local struct flight asks, says;
	static _Thread_local struct tls_client_hello client;
	struct answer answer;
	struct wire wire, body;
	bool ended = h->asks.ended && h->says.ended;

	if (!may_begin(h->asks.bytes, h->asks.length))
		return HEARD_FOREIGN;
	read_flight(&h->asks, &asks);
	wire = wire_over(asks.bytes, asks.length);
	if (asks.foreign)
		return HEARD_FOREIGN;
	if (next_message(&wire, &body) != MESSAGE_CLIENT_HELLO) {
		if (!h->asks.ended && !asks.stopped_by)
			return HEARD_MORE;
		/* The capture has cut it, or a segment is missing: what is in front of that may hold the name. */
		if (tls_client_hello_read_cut(wire_over(asks.bytes, asks.length), &client))
			return HEARD_FOREIGN;
	} else if (tls_client_hello_read(body, &client)) {
		return HEARD_FOREIGN;
	}
	read_flight(&h->says, &says);
	read_answer(&says, &answer);
	/* Whatever answers, the client has said what it is. */
	if (!says.foreign && !answer.over && !ended && !(h->says.ended && h->says.length))
		return HEARD_MORE;
	say_client(h, &client, out);
	if (!says.foreign && h->inside != HEARD_THROUGH_PROXY &&
	    (answer.has_hello || says.stopped_by == RECORD_ALERT))
		say_server(h, &client, &says, &answer, out);
	return HEARD_DONE;
}
