// SPDX-License-Identifier: BSD-2-Clause
/*
 * Datagrams of one QUIC connection: pieces, each a byte for who sends it and what it is, two for its length, and its bytes. As it is, or as the frames
 * of an Initial, sealed with the keys of a connection: without them nothing behind the seal would ever be reached.
 */
#include "defs/parse.h"
#include "sensor/fact_json.h"
#include "sensor/hellos.h"
#include "tests/decode/quic_packets.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void write_facts(void *to, const struct flow_key *key, struct text app, const struct fact_list *list)
{
	size_t size;

	(void)to, (void)key, (void)app;
	for (size_t i = 0; i < list->count; i++)
		free(fact_json(&list->item[i], &size));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const uint32_t versions[] = {1, 0x6b3343cf, 0xff00001d, 1};
	struct flow_key key = {.version = 4, .proto = PROTO_UDP, .addr = {{10, 0, 0, 5}, {10, 0, 0, 7}}};
	struct hellos *hellos;

	if (hellos_open(write_facts, NULL, &hellos))
		return 0;
	while (length >= 3) {
		uint8_t kind = bytes[0];
		size_t piece = (size_t)bytes[1] << 8 | bytes[2];
		uint32_t version = versions[kind >> 2 & 3];
		struct hello_datagram datagram = {.key = &key, .from = kind & 1, .time_us = 1};
		struct quic_datagram d = {}, frames = {};
		struct quic_secrets secrets;
		uint8_t *copy;

		bytes += 3;
		length -= 3;
		if (piece > length)
			piece = length;
		if (piece > sizeof(d.bytes) / 2)
			piece = sizeof(d.bytes) / 2;
		quic_put(kind & 2 ? &frames : &d, bytes, piece);
		if (kind & 2 && piece >= 4 && !quic_derive(version, (const uint8_t *)"server_1", 8, &secrets))
			quic_put_initial(&d, kind & 1 ? &secrets.server : &secrets.client, version, "server_1",
					 (uint8_t)piece, &frames);
		copy = malloc(d.length ? d.length : 1); /* of its own, so that a read past its end is seen */
		if (!copy)
			abort();
		memcpy(copy, d.bytes, d.length);
		datagram.payload = wire_over(copy, d.length);
		hellos_add(hellos, &datagram);
		free(copy);
		bytes += piece;
		length -= piece;
	}
	hellos_close(hellos);
	return 0;
}
