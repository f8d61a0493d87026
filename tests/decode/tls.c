// SPDX-License-Identifier: BSD-2-Clause
/*
 * TLS, written byte by byte: the client's fingerprint as its inventors publish it, what the server's answer proves of what goes on inside, and what
 * no answer proves.
 */
#include "tests/decode/tls_messages.h"

#include "tests/decode/heads.h"

static struct talker t;

static void says(unsigned int from, struct message m)
{
	talk_says(&t, from, m.bytes, m.length);
}

/* A record that is encrypted, so long. */
static void seals(size_t length)
{
	struct message m = {};

	message_put(&m, "\x14\3\3\0\1\1\x17\3\3", 9);
	message_put16(&m, (unsigned int)length);
	m.length += length;
	says(1, m);
}

static void begin(void)
{
	talk_begin(&t, 4433, true);
	says(0, chrome());
}

#define JA4                                                                                                \
	"{\"fact\":\"trait\",\"ip\":\"10.0.0.5\",\"key\":\"tls.ja4\",\"value\":\"t13d1516h2_8daaf6152771_" \
	"e5627efa2ab1\"," TALK_MEASURED("tls")
#define SNI TALK_MEASURED_TRAIT("tls", 4433, "tls.sni", "box.example")
#define TLS_IS(version) TALK_MEASURED_TRAIT("tls", 4433, "tls.version", version)

int main(void)
{
	enum { SEALED = 1 + 16 + 4 + 2, ALPN_H2 = 9, ALPN_HTTP_11 = 15, TOOK_NAME = 4 };
	struct message m;

	talk_open(&t);
	begin();
	TELLS(&t, "a client that nobody answers has its fingerprint all the same, and has asked for a name",
	      JA4, SNI);

	begin();
	says(1, server_hello(0x0304, NULL, 0));
	seals(SEALED + ALPN_H2);
	TELLS(&t, "TLS 1.3: an answer as long as the choice of h2", JA4, TALK_SERVICE("tls", 4433, "https"),
	      SNI, TLS_IS("TLSv1.3"));

	begin();
	says(1, server_hello(0x0304, NULL, 0));
	seals(SEALED + ALPN_HTTP_11 + TOOK_NAME);
	TELLS(&t, "and of http/1.1, with the name taken", JA4, TALK_SERVICE("tls", 4433, "https"), SNI,
	      TLS_IS("TLSv1.3"));

	begin();
	says(1, server_hello(0x0304, NULL, 0));
	seals(SEALED + TOOK_NAME);
	TELLS(&t, "one without a choice is TLS and no more", JA4, TALK_SERVICE("tls", 4433, "tls"), SNI,
	      TLS_IS("TLSv1.3"));

	begin();
	says(1, server_hello(0, "\0\5\4imap", 7));
	says(1, record(14, &(struct message){}));
	TELLS(&t, "TLS 1.2: what was chosen stands there", JA4, TALK_SERVICE("tls", 4433, "imaps"), SNI,
	      TLS_IS("TLSv1.2"), TALK_MEASURED_TRAIT("tls", 4433, "tls.alpn", "imap"));

	begin();
	m = (struct message){};
	message_put(&m, "\x15\3\3\0\2\2\x28", 7);
	says(1, m);
	TELLS(&t, "an alert is TLS", JA4, SNI, TALK_SERVICE("tls", 4433, "tls"));

	begin();
	SERVER(&t, "HTTP/1.1 400 Bad Request\r\n\r\n");
	TELLS(&t, "who answers otherwise has proven nothing", JA4, SNI);

	talk_begin(&t, 4433, true);
	m = chrome();
	for (size_t i = 0; i < 3; i++)
		talk_says(&t, 0, m.bytes + i * 100, i < 2 ? 100 : m.length - 200);
	says(1, server_hello(0x0304, NULL, 0));
	seals(SEALED);
	TELLS(&t, "a hello in three pieces", JA4, TALK_SERVICE("tls", 4433, "tls"), SNI, TLS_IS("TLSv1.3"));

	talk_begin(&t, 4433, true);
	m.bytes[5 + 4 + 34] = 200; /* the session's length */
	says(0, m);
	says(1, server_hello(0x0304, NULL, 0));
	seals(SEALED);
	TELLS(&t, "a hello that contradicts itself says nothing");
	heads_close(t.heads);
	return tap_end();
}
