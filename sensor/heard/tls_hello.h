/* SPDX-License-Identifier: BSD-2-Clause */
/* The two messages that open TLS (RFC 8446, 4.1; RFC 5246, 7.4.1), and a client's fingerprint. Pure. */
#ifndef SENSOR_HEARD_TLS_HELLO_H
#define SENSOR_HEARD_TLS_HELLO_H

#include "sensor/wire.h"

enum { TLS_LIST_MAX = 128, JA4_BYTES = 37 /* with its end */ };

enum {
	TLS_EXTENSION_NAME = 0,
	TLS_EXTENSION_FRAGMENT = 1,
	TLS_EXTENSION_SIGNATURES = 13,
	TLS_EXTENSION_ALPN = 16,
	TLS_EXTENSION_RECORD_LIMIT = 28,
	TLS_EXTENSION_VERSIONS = 43,
};

struct tls_list {
	size_t count;
	uint16_t item[TLS_LIST_MAX];
};

/* Texts are borrowed. Values that exist to be ignored (GREASE, RFC 8701) are left out of the lists. */
struct tls_client_hello {
	uint16_t version; /* the highest that is offered */
	struct tls_list ciphers, extensions, signatures;
	struct text name;  /* of the server; none: empty */
	struct text alpn;  /* the first that is offered */
	struct text alpns; /* all of them, each after its length */
	bool cut;	   /* the end of it is missing, and with it some of the lists */
};

struct tls_server_hello {
	uint16_t version, cipher;
	struct text alpn; /* that was chosen; TLS 1.3 does not show it */
};

/* body: of the handshake message, behind its type and length. 0, or -EBADMSG. */
int tls_client_hello_read(struct wire body, struct tls_client_hello *out);
/* message: with its type and length; the end of it may be missing. 0, or -EBADMSG. */
int tls_client_hello_read_cut(struct wire message, struct tls_client_hello *out);
int tls_server_hello_read(struct wire body, struct tls_server_hello *out);

/* Whether the name of a client's hello is one: what is printed, and no longer than a name may be. */
bool tls_name_is_sound(struct text name);
/* Whether the client offers this protocol. */
bool tls_offers(const struct tls_client_hello *, const char *alpn);
bool tls_has(const struct tls_list *, uint16_t value);

/*
 * JA4 (https://github.com/FoxIO-LLC/ja4, technical_details/JA4.md; its licence for this one is BSD), terminated. transport: 't' TCP,
 * 'q' QUIC.
 */
void tls_ja4(const struct tls_client_hello *, char transport, char out[static JA4_BYTES]);

#endif
