/* SPDX-License-Identifier: BSD-2-Clause */
/* The messages that open TLS, written byte by byte. */
#ifndef TESTS_DECODE_TLS_MESSAGES_H
#define TESTS_DECODE_TLS_MESSAGES_H

#include <string.h>

#include "sensor/heard/tls_hello.h"

struct message {
	size_t length;
	uint8_t bytes[2048];
};

static inline void message_put(struct message *m, const void *bytes, size_t length)
{
	memcpy(m->bytes + m->length, bytes, length);
	m->length += length;
}

static inline void message_put16(struct message *m, unsigned int value)
{
	message_put(m, (uint8_t[]){(uint8_t)(value >> 8), (uint8_t)value}, 2);
}

static inline void put_extension(struct message *m, unsigned int type, const void *bytes, size_t length)
{
	message_put16(m, type);
	message_put16(m, (unsigned int)length);
	message_put(m, bytes, length);
}

#define EXTENSION(m, type, literal) put_extension(m, type, literal, sizeof(literal) - 1)

/* A record of one handshake message around its body. */
static inline struct message record(uint8_t type, const struct message *body)
{
	struct message m = {};

	message_put(&m, "\x16\3\3", 3);
	message_put16(&m, (unsigned int)body->length + 4);
	message_put(&m, (uint8_t[]){type, 0, (uint8_t)(body->length >> 8), (uint8_t)body->length}, 4);
	message_put(&m, body->bytes, body->length);
	return m;
}

/*
 * The Chrome of JA4's own documentation (FoxIO, technical_details/JA4.md), GREASE among its lists: t13d1516h2_8daaf6152771_e5627efa2ab1.
 */
static inline struct message chrome(void)
{
	static const uint16_t ciphers[] = {0x8a8a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030,
					   0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035};
	static const uint16_t empty[] = {0x001b, 0x0033, 0x4469, 0x0017, 0x002d, 0x0005,
					 0x0023, 0x0012, 0xff01, 0x000b, 0x000a, 0x0015};
	struct message m = {}, extensions = {};

	message_put(&m, "\3\3", 2);
	message_put(&m, "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr", 32);
	message_put(&m, "\0", 1);
	message_put16(&m, sizeof(ciphers));
	for (size_t i = 0; i < sizeof(ciphers) / sizeof(ciphers[0]); i++)
		message_put16(&m, ciphers[i]);
	message_put(&m, "\1\0", 2);
	EXTENSION(&extensions, 0x3a3a, "\0");
	EXTENSION(&extensions, TLS_EXTENSION_NAME,
		  "\0\x0e\0\0\x0b"
		  "box.example");
	EXTENSION(&extensions, TLS_EXTENSION_ALPN, "\0\x0c\2h2\x08http/1.1");
	EXTENSION(&extensions, TLS_EXTENSION_VERSIONS, "\6\x5a\x5a\3\4\3\3");
	EXTENSION(&extensions, TLS_EXTENSION_SIGNATURES, "\0\x10\4\3\x08\4\4\1\5\3\x08\5\5\1\x08\6\6\1");
	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++)
		put_extension(&extensions, empty[i], "", 0);
	message_put16(&m, (unsigned int)extensions.length);
	message_put(&m, extensions.bytes, extensions.length);
	return record(1, &m);
}

/* version: in the extension that TLS 1.3 has for it, 0: none. alpn: that was chosen, with its lengths. */
static inline struct message server_hello(unsigned int version, const char *alpn, size_t alpn_length)
{
	struct message m = {}, extensions = {};

	message_put(&m, "\3\3", 2);
	message_put(&m, "ssssssssssssssssssssssssssssssss", 32);
	message_put(&m, "\0\x13\1\0", 4);
	if (version)
		put_extension(&extensions, TLS_EXTENSION_VERSIONS,
			      (uint8_t[]){(uint8_t)(version >> 8), (uint8_t)version}, 2);
	if (alpn)
		put_extension(&extensions, TLS_EXTENSION_ALPN, alpn, alpn_length);
	message_put16(&m, (unsigned int)extensions.length);
	message_put(&m, extensions.bytes, extensions.length);
	return record(2, &m);
}

#endif
