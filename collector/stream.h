/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a sensor says (docs/stream.md): bytes → one message, checked whole, or the error that closes its connection.
 * Pure, so that it can be fuzzed.
 */
#ifndef COLLECTOR_STREAM_H
#define COLLECTOR_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "collector/arena.h"
#include "collector/json.h"
#include "defs/facts.h"

enum stream_type { STREAM_HELLO, STREAM_FACTS, STREAM_STATUS, STREAM_PROGRESS, STREAM_RESULT, STREAM_UNKNOWN };

enum stream_code {
	STREAM_TOO_LARGE,
	STREAM_NOT_JSON,
	STREAM_BAD_MESSAGE,
	STREAM_BAD_FACT,
	STREAM_REPLACED,
	STREAM_INTERNAL
};

enum {
	STREAM_OUTBOX_DIGITS = 32,
	STREAM_NAME_BYTES_MAX = 128,
	STREAM_DETAIL_BYTES_MAX = 64 << 10, /* of capabilities, interfaces or counters as JSON */
	STREAM_COMMAND_ID_MAX = 64,
	STREAM_PLACE_BYTES_MAX = 200, /* where a scan would go on */
	STREAM_PROGRESS_KEYS_MAX = 32,
	STREAM_PROGRESS_KEY_BYTES_MAX = 32,
	STREAM_PROGRESS_TEXT_BYTES_MAX = 64,
};

/* Texts are terminated, hold no zero byte, and live in the message; "" when they were not given. */
struct stream_message {
	enum stream_type type;
	struct arena arena;
	struct json *document;
	union {
		struct {
			const char *name, *software, *hostname, *outbox;
			const char *capabilities, *interfaces; /* as JSON */
		} hello;
		struct {
			uint64_t batch;
			struct fact *facts;
			size_t count;
		} facts;
		struct {
			int64_t at_us;
			const char *counters; /* as JSON */
		} status;
		struct {
			const char *id;
			const char *phase; /* Started or Scanning; lives as long as the program */
			int percent;
			const char *detail; /* as JSON, NULL without */
			const char *place;  /* "" without */
		} progress;
		struct {
			const char *id;
			bool ok;
			const char *error, *data; /* data as JSON, NULL without */
		} result;
	};
};

struct stream_error {
	enum stream_code code;
	char message[160];
};

/* The code's name and close status. */
const char *stream_code_name(enum stream_code);
unsigned int stream_code_close(enum stream_code);

/* 0 and a message for stream_free(), or -EINVAL with the error filled. */
int stream_read(const char *bytes, size_t length, struct stream_message *out, struct stream_error *error);
void stream_free(struct stream_message *);

/*
 * One fact of docs/facts.md, by the tables of defs/facts.h. Texts are borrowed from the document, lists from the
 * arena. 0, or -EINVAL with the key that is wrong (or missing) in *key.
 */
int fact_read(const struct json *, struct arena *, struct fact *out, const char **key);

#endif
