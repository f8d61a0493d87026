// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a sensor may send to the collector, read, and every fact of it written again: what was read must read the same.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/conclude.h"
#include "collector/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void again(const struct fact *fact)
{
	struct buffer json = {0}, one = {0}, two = {0};
	struct json *document = NULL;
	struct arena arena = {0};
	struct fact copy;
	const char *why, *key;

	conclude_fact_json(fact, &json);
	conclude_identity(fact, "sensor", &one);
	if (json_read(json.bytes, json.length, &document, &why) || fact_read(document, &arena, &copy, &key))
		abort();
	conclude_identity(&copy, "sensor", &two);
	/* A zero byte is written out, which is another text: all else is the same. */
	if (copy.kind != fact->kind || copy.has != fact->has || copy.count != fact->count)
		abort();
	json_free(document);
	arena_free(&arena);
	buffer_free(&json);
	buffer_free(&one);
	buffer_free(&two);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream_message message;
	struct stream_error error;

	if (stream_read((const char *)data, size, &message, &error)) {
		if (!memchr(error.message, 0, sizeof(error.message)) || !stream_code_close(error.code))
			abort();
		return 0;
	}
	for (size_t i = 0; message.type == STREAM_FACTS && i < message.facts.count; i++)
		again(&message.facts.facts[i]);
	stream_free(&message);
	return 0;
}
