// SPDX-License-Identifier: BSD-2-Clause
/* See quic.h. */
#include "sensor/heard/quic.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	LONG_HEADER = 0x80,
	INITIAL = 0, /* types of long headers; of version 2 all are one up (RFC 9369, 3.2) */
	RETRY = 3,
	SALT_BYTES = 20,
	NUMBER_BYTES_MAX = 4,
	FRAME_PADDING = 0,
	FRAME_PING = 1,
	FRAME_ACK = 2,
	FRAME_ACK_ECN = 3,
	FRAME_CRYPTO = 6,
	FRAME_CLOSE = 0x1c,
	ACK_RANGES_MAX = 256,
};
static const uint32_t version_2 = 0x6b3343cf;

/* RFC 9001, 5.2; RFC 9369, 3.3.1; draft-ietf-quic-tls-29 and -23, 5.2; Google's and Facebook's own names for drafts. */
static const struct salt {
	uint32_t from, to; /* versions */
	uint8_t bytes[SALT_BYTES];
} salts[] = {
	{1, 1, "\x38\x76\x2c\xf7\xf5\x59\x34\xb3\x4d\x17\x9a\xe6\xa4\xc8\x0c\xad\xcc\xbb\x7f\x0a"},
	{0x6b3343cf, 0x6b3343cf,
	 "\x0d\xed\xe3\xde\xf7\x00\xa6\xdb\x81\x93\x81\xbe\x6e\x26\x9d\xcb\xf9\xbd\x2e\xd9"},
	{0xff000021, 0xff000022,
	 "\x38\x76\x2c\xf7\xf5\x59\x34\xb3\x4d\x17\x9a\xe6\xa4\xc8\x0c\xad\xcc\xbb\x7f\x0a"},
	{0xff00001d, 0xff000020,
	 "\xaf\xbf\xec\x28\x99\x93\xd2\x4c\x9e\x97\x86\xf1\x9c\x61\x11\xe0\x43\x90\xa8\x99"},
	{0xff000017, 0xff00001c,
	 "\xc3\xee\xf7\x12\xc7\x2e\xbb\x5a\x11\xa7\xd2\x43\x2b\xb4\x63\x65\xbe\xf9\xf5\x02"},
	{0xfaceb002, 0xfaceb002,
	 "\xc3\xee\xf7\x12\xc7\x2e\xbb\x5a\x11\xa7\xd2\x43\x2b\xb4\x63\x65\xbe\xf9\xf5\x02"},
	{0x54303530, 0x54303530,
	 "\x7f\xf5\x79\xe5\xac\xd0\x72\x91\x55\x80\x30\x4c\x43\xa2\x36\x7c\x60\x48\x83\x10"},
	{0x54303531, 0x54303531,
	 "\x7a\x4e\xde\xf4\xe7\xcc\xee\x5f\xa4\x50\x6c\x19\x12\x4f\xc8\xcc\xda\x6e\x03\x3d"},
};

static const uint8_t *salt_of(uint32_t version)
{
	for (size_t i = 0; i < sizeof(salts) / sizeof(salts[0]); i++)
		if (version >= salts[i].from && version <= salts[i].to)
			return salts[i].bytes;
	return NULL;
}

/* RFC 9000, 16 */
static uint64_t take_number(struct wire *w)
{
	uint8_t first = wire_u8(w);
	uint64_t number = first & 0x3f;

	for (int more = (1 << (first >> 6)) - 1; more > 0; more--)
		number = number << 8 | wire_u8(w);
	return number;
}

bool quic_begins(struct wire datagram)
{
	uint8_t first = wire_u8(&datagram);
	uint32_t version = wire_u32(&datagram);

	return !datagram.bad && first & LONG_HEADER && salt_of(version);
}

bool quic_next(struct wire *datagram, struct quic_packet *out)
{
	while (datagram->left && !datagram->bad) {
		const uint8_t *begin = datagram->at;
		uint8_t first = wire_u8(datagram), type = first >> 4 & 3, id_length;
		uint32_t version = wire_u32(datagram);
		uint64_t length;

		if (datagram->bad || !(first & LONG_HEADER) || !salt_of(version))
			return false;
		id_length = wire_u8(datagram);
		out->id = wire_bytes(datagram, id_length);
		wire_skip(datagram, wire_u8(datagram)); /* the sender's id */
		if (version == version_2)
			type = (uint8_t)(type - 1) & 3;
		if (id_length > QUIC_ID_BYTES_MAX || type == RETRY)
			return false;
		if (type == INITIAL)
			wire_skip(datagram, take_number(datagram)); /* a token */
		length = take_number(datagram);
		out->number_at = (size_t)(datagram->at - begin);
		wire_skip(datagram, length);
		if (datagram->bad)
			return false;
		out->version = version;
		out->id_length = id_length;
		out->bytes = begin;
		out->length = out->number_at + (size_t)length;
		if (type == INITIAL)
			return true;
	}
	return false;
}

/* HKDF-Expand-Label of TLS 1.3 (RFC 8446, 7.1), up to one block. */
static int expand(const uint8_t secret[static CIPHER_HASH_BYTES], const char *label, uint8_t *out,
		  size_t length)
{
	uint8_t info[64], block[CIPHER_HASH_BYTES];
	size_t size = strlen(label), used = 0;

	info[used++] = 0;
	info[used++] = (uint8_t)length;
	info[used++] = (uint8_t)(size + 6);
	memcpy(info + used, "tls13 ", 6);
	memcpy(info + used + 6, label, size);
	used += 6 + size;
	info[used++] = 0; /* no context */
	info[used++] = 1; /* the first block */
	if (cipher_hmac(secret, CIPHER_HASH_BYTES, info, used, block))
		return -EINVAL;
	memcpy(out, block, length);
	return 0;
}

static int derive_end(const uint8_t *initial, const char *end, bool second, struct quic_keys *out)
{
	uint8_t secret[CIPHER_HASH_BYTES];

	if (expand(initial, end, secret, sizeof(secret)) ||
	    expand(secret, second ? "quicv2 key" : "quic key", out->key, sizeof(out->key)) ||
	    expand(secret, second ? "quicv2 iv" : "quic iv", out->iv, sizeof(out->iv)) ||
	    expand(secret, second ? "quicv2 hp" : "quic hp", out->header, sizeof(out->header)))
		return -EINVAL;
	return 0;
}

int quic_derive(uint32_t version, const uint8_t *id, size_t id_length, struct quic_secrets *out)
{
	const uint8_t *salt = salt_of(version);
	uint8_t initial[CIPHER_HASH_BYTES];

	if (!salt || cipher_hmac(salt, SALT_BYTES, id, id_length, initial) ||
	    derive_end(initial, "client in", version == version_2, &out->client) ||
	    derive_end(initial, "server in", version == version_2, &out->server))
		return -EINVAL;
	return 0;
}

/* RFC 9001, 5.3 and 5.4. The number is taken as it stands: the first packets have small ones. */
int quic_open(const struct quic_keys *keys, const struct quic_packet *packet, uint8_t *out, struct wire *frames)
{
	uint8_t mask[CIPHER_BLOCK_BYTES], nonce[CIPHER_NONCE_BYTES], *head = out;
	size_t head_length, number_length, sealed;

	if (packet->length > QUIC_PACKET_BYTES_MAX ||
	    packet->length < packet->number_at + NUMBER_BYTES_MAX + CIPHER_BLOCK_BYTES ||
	    cipher_seal_block(keys->header, packet->bytes + packet->number_at + NUMBER_BYTES_MAX, mask))
		return -EBADMSG;
	memcpy(head, packet->bytes, packet->number_at + NUMBER_BYTES_MAX);
	head[0] ^= mask[0] & 0x0f;
	number_length = (head[0] & 3) + 1u;
	head_length = packet->number_at + number_length;
	memcpy(nonce, keys->iv, sizeof(nonce));
	for (size_t i = 0; i < number_length; i++) {
		head[packet->number_at + i] ^= mask[1 + i];
		nonce[sizeof(nonce) - number_length + i] ^= head[packet->number_at + i];
	}
	sealed = packet->length - head_length;
	if (sealed <= CIPHER_TAG_BYTES ||
	    cipher_open_gcm(keys->key, nonce, head, head_length, packet->bytes + head_length, sealed,
			    out + head_length))
		return -EBADMSG;
	*frames = wire_over(out + head_length, sealed - CIPHER_TAG_BYTES);
	return 0;
}

/* RFC 9000, 19.3 */
static void skip_ack(struct wire *frames, bool ecn)
{
	uint64_t ranges;

	take_number(frames); /* the largest */
	take_number(frames); /* the delay */
	ranges = take_number(frames);
	if (ranges > ACK_RANGES_MAX)
		frames->bad = true;
	for (uint64_t i = 0; i < 1 + 2 * ranges + (ecn ? 3 : 0) && !frames->bad; i++)
		take_number(frames);
}

bool quic_crypto(struct wire *frames, uint64_t *offset, struct wire *piece)
{
	while (frames->left && !frames->bad) {
		uint64_t type = take_number(frames);

		switch (type) {
		case FRAME_PADDING:
		case FRAME_PING:
			break;
		case FRAME_ACK:
		case FRAME_ACK_ECN:
			skip_ack(frames, type == FRAME_ACK_ECN);
			break;
		case FRAME_CRYPTO:
			*offset = take_number(frames);
			*piece = wire_nested(frames, take_number(frames));
			return !frames->bad && !piece->bad;
		default: /* the connection is closed; nothing else is allowed here (RFC 9000, 12.4) */
			frames->bad = type != FRAME_CLOSE;
			return false;
		}
	}
	return false;
}

void quic_version_text(uint32_t version, char out[static 16])
{
	if (version == version_2)
		snprintf(out, 16, "2");
	else if (version >> 8 == 0xff0000)
		snprintf(out, 16, "draft-%u", (unsigned int)(version & 0xff));
	else if (version == 1)
		snprintf(out, 16, "1");
	else
		snprintf(out, 16, "%08x", (unsigned int)version);
}
