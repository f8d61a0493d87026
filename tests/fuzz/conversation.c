// SPDX-License-Identifier: BSD-2-Clause
/*
 * A whole conversation with a server that says anything: the first two bytes are the port, then pieces, each a byte for what
 * happens and one for how long it is. It must end, keep within its room, and give all of it back. Facts are written as JSON.
 */
#include "sensor/ask/conversation.h"

#include <stdlib.h>

#include "sensor/ask/tls.h"
#include "sensor/fact_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void say_json(void *to, const struct fact *fact)
{
	size_t length;

	(void)to;
	free(fact_json(fact, &length));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct tls_client *client;
	struct room room = {.limit_bytes = 300000};
	struct conversation_turns turns = {.tls_max = length & 1};
	uint64_t cut = 0;
	struct conversation_options options = {
		.tls = client, .room = &room, .turns = &turns, .cut = &cut, .fact = say_json};
	struct conversation_target target = {
		.ip = ip_from_v4("\x0a\0\0\1"), .name = "", .nonce = 7, .timeout_us = 1000000};
	struct conversation *conversation;
	struct conversation_step step;
	int64_t now_us = 0;
	size_t at = 2;

	if (!client && tls_client_open(&client))
		abort();
	options.tls = client;
	if (length < 2)
		return 0;
	target.port_h = (uint16_t)(bytes[0] << 8 | bytes[1]);
	if (conversation_open(&options, &target, now_us, 0, &conversation, &step))
		abort();
	while (!step.over) {
		enum conversation_event event = CONVERSATION_ENDED;
		size_t piece = 0;

		if (step.park) {
			turns.tls_max = 1;
			conversation_event(conversation, CONVERSATION_TURN, NULL, 0, now_us, 0, &step);
			continue;
		}
		if (!step.wait_ms || step.length > 4096 || (step.connect && !step.connect_ms))
			abort();
		if (at + 2 <= length) {
			event = bytes[at] % 16 < 4 ? (enum conversation_event)(bytes[at] % 16 + 1)
						   : CONVERSATION_BYTES;
			piece = (size_t)bytes[at + 1] * (bytes[at] & 0x80 ? 16 : 1) + 1;
			at += 2;
			if (piece > length - at)
				piece = length - at;
			if (event == CONVERSATION_BYTES && !piece)
				event = CONVERSATION_ENDED;
			if (event != CONVERSATION_BYTES)
				piece = 0;
		}
		now_us += event == CONVERSATION_SILENT ? (int64_t)step.wait_ms * 1000 : 10;
		conversation_event(conversation, event, bytes + at, piece, now_us, 0, &step);
		at += piece;
		if (room.used_bytes > room.limit_bytes || now_us > 3 * target.timeout_us)
			abort();
	}
	conversation_close(conversation);
	if (room.used_bytes || turns.tls)
		abort();
	return 0;
}
