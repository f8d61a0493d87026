/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * QUIC's first packets (RFC 9000, 17.2; RFC 9001, 5; RFC 9369): found in datagrams, and opened. Their keys come from the connection id that
 * the client has made up for the server, which stands in front of them: they hide nothing, but a packet that opens is QUIC beyond doubt.
 */
#ifndef SENSOR_HEARD_QUIC_H
#define SENSOR_HEARD_QUIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sensor/decode/cipher.h"
#include "sensor/wire.h"

enum { QUIC_ID_BYTES_MAX = 20, QUIC_PACKET_BYTES_MAX = 16384 /* opened; longer ones are left closed */ };

/* An Initial packet. All borrowed from the datagram. */
struct quic_packet {
	uint32_t version;
	const uint8_t *id; /* of the connection, by which the receiver knows it */
	uint8_t id_length;
	const uint8_t *bytes;	  /* the packet, from its first byte on */
	size_t number_at, length; /* where its number stands; the whole of it */
};

struct quic_keys {
	uint8_t key[CIPHER_KEY_BYTES], iv[CIPHER_NONCE_BYTES], header[CIPHER_KEY_BYTES];
};

/* The keys of both ends. */
struct quic_secrets {
	struct quic_keys client, server;
};

/* The datagram begins like one of a version that can be opened. */
bool quic_begins(struct wire datagram);
/* The next Initial packet of a datagram; the others are stepped over. False: there is none. */
bool quic_next(struct wire *datagram, struct quic_packet *out);
/* From the id that the client's first Initial is addressed to. 0, or -EINVAL. */
int quic_derive(uint32_t version, const uint8_t *id, size_t id_length, struct quic_secrets *out);
/* Its frames, in *frames over out (QUIC_PACKET_BYTES_MAX). 0, or -EBADMSG: it was not made with these keys. */
int quic_open(const struct quic_keys *, const struct quic_packet *, uint8_t *out, struct wire *frames);
/* The next frame with a piece of the handshake: where it stands there, and the piece. False: there is none, or frames has turned bad. */
bool quic_crypto(struct wire *frames, uint64_t *offset, struct wire *piece);
/* "1", "2", "draft-29" …; terminated. */
void quic_version_text(uint32_t version, char out[static 16]);

#endif
