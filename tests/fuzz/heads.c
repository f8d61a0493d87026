// SPDX-License-Identifier: BSD-2-Clause
/*
 * A connection in which both ends say anything: the first two bytes are the server's port, the third whether its beginning was seen; then pieces,
 * each a byte for who sends it and how much is missing before it, two for its length, and its bytes. Facts are written as JSON.
 */
#include <stdlib.h>

#include "defs/parse.h"
#include "sensor/fact_json.h"
#include "sensor/heads.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void write_facts(void *to, const struct flow_key *key, struct text app, const struct fact_list *list)
{
	size_t size;

	(void)to;
	(void)key, (void)app;
	for (size_t i = 0; i < list->count; i++)
		free(fact_json(&list->item[i], &size));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct record_handshake handshake = {
		.key = {.version = 4, .proto = PROTO_TCP, .addr = {{10, 0, 0, 5}, {10, 0, 0, 7}}}};
	uint32_t seq[2] = {0, 0};
	struct heads *heads;
	int64_t now_us = 1;

	if (length < 3 || heads_open(write_facts, NULL, &heads))
		return 0;
	handshake.key.port_n[0] = 0x1234;
	handshake.key.port_n[1] = (uint16_t)(bytes[0] << 8 | bytes[1]);
	if (bytes[2] & 1)
		heads_handshake(heads, &handshake, now_us);
	bytes += 3;
	length -= 3;
	while (length >= 3) {
		unsigned int from = bytes[0] & 1;
		size_t piece = (size_t)bytes[1] << 8 | bytes[2];
		uint8_t *copy;

		seq[from] += bytes[0] >> 1 & 15;
		now_us += bytes[0] & 0x80 ? 11000000 : 1000;
		bytes += 3;
		length -= 3;
		if (piece > length)
			piece = length;
		copy = malloc(piece ? piece : 1); /* of its own, so that a read past its end is seen */
		if (!copy)
			abort();
		__builtin_memcpy(copy, bytes, piece);
		heads_add(heads, &(struct segment){.key = &handshake.key,
						   .from = (uint8_t)from,
						   .seq = seq[from],
						   .bytes = copy,
						   .length = piece,
						   .time_us = now_us});
		free(copy);
		seq[from] += (uint32_t)piece;
		bytes += piece;
		length -= piece;
	}
	heads_tick(heads, 0);
	heads_close(heads);
	return 0;
}
