/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads messages. Facts are fact_read.c's. All or nothing: one fact that the table does not allow refuses the batch.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "collector/stream.h"
#include "defs/limits.h"

static const struct {
	const char *name;
	unsigned int close;
} codes[] = {
	[STREAM_TOO_LARGE] = {"too_large", 1009},     [STREAM_NOT_JSON] = {"not_json", 1007},
	[STREAM_BAD_MESSAGE] = {"bad_message", 1008}, [STREAM_BAD_FACT] = {"bad_fact", 1008},
	[STREAM_REPLACED] = {"replaced", 1008},	      [STREAM_INTERNAL] = {"internal", 1011},
};

const char *stream_code_name(enum stream_code code)
{
	return codes[code].name;
}

unsigned int stream_code_close(enum stream_code code)
{
	return codes[code].close;
}

__attribute__((format(printf, 3, 4))) static int fail(struct stream_error *error, enum stream_code code,
						      const char *format, ...)
{
	va_list arguments;

	error->code = code;
	va_start(arguments, format);
	vsnprintf(error->message, sizeof(error->message), format, arguments);
	va_end(arguments);
	return -EINVAL;
}

/* A text of the message; "" when it is missing and need not be there. Zero bytes are written out. */
static const char *text(struct stream_message *m, const char *key, size_t max, bool required)
{
	const struct json *value = json_get(m->document, key);
	struct buffer escaped = {0};
	const char *bytes, *out;
	size_t length;

	if (!value && !required)
		return "";
	if (!json_text(value, &bytes, &length) || length > max || (required && !length))
		return NULL;
	for (size_t i = 0; i < length; i++) {
		if (bytes[i])
			buffer_add(&escaped, bytes + i, 1);
		else
			buffer_text(&escaped, "\\x00");
	}
	out = arena_text(&m->arena, escaped.bytes ? escaped.bytes : "", escaped.length);
	buffer_free(&escaped);
	return out;
}

/* An object or array of the message, written again as JSON. */
static const char *detail(struct stream_message *m, const char *key, enum json_kind kind, const char *fallback)
{
	const struct json *value = json_get(m->document, key);
	struct buffer json = {0};
	const char *out = NULL;

	if (!value)
		return fallback;
	if (json_kind(value) != kind)
		return NULL;
	json_write(value, &json);
	if (!json.failed && json.length <= STREAM_DETAIL_BYTES_MAX)
		out = arena_text(&m->arena, json.bytes, json.length);
	buffer_free(&json);
	return out;
}

static int counter_is_number(void *arg, const char *key, const struct json *value)
{
	double number;

	(void)arg, (void)key;
	return json_number(value, &number) ? 0 : -EINVAL;
}

static int read_hello(struct stream_message *m, struct stream_error *error)
{
	uint64_t version;

	if (!json_integer(json_get(m->document, "version"), 1000, &version))
		return fail(error, STREAM_BAD_MESSAGE, "hello: \"version\" is missing or no number");
	if (version != 1)
		return fail(error, STREAM_BAD_MESSAGE, "hello: version %u is not known here, 1 is",
			    (unsigned int)version);
	m->hello.name = text(m, "name", STREAM_NAME_BYTES_MAX, true);
	m->hello.software = text(m, "software", STREAM_NAME_BYTES_MAX, false);
	m->hello.hostname = text(m, "hostname", 255, false);
	m->hello.outbox = text(m, "outbox", STREAM_OUTBOX_DIGITS, true);
	m->hello.capabilities = detail(m, "capabilities", JSON_OBJECT, "{}");
	m->hello.interfaces = detail(m, "interfaces", JSON_ARRAY, "[]");
	if (!m->hello.name || !m->hello.software || !m->hello.hostname)
		return fail(error, STREAM_BAD_MESSAGE,
			    "hello: name, software or hostname is missing, no text, or too long");
	if (!m->hello.outbox || strspn(m->hello.outbox, "0123456789abcdefABCDEF") != STREAM_OUTBOX_DIGITS)
		return fail(error, STREAM_BAD_MESSAGE, "hello: \"outbox\" must be 32 hex digits");
	if (!m->hello.capabilities || !m->hello.interfaces)
		return fail(error, STREAM_BAD_MESSAGE,
			    "hello: capabilities or interfaces are of the wrong type or too large");
	return 0;
}

static int read_facts(struct stream_message *m, struct stream_error *error)
{
	const struct json *list = json_get(m->document, "facts");
	const char *key = "";

	if (!json_integer(json_get(m->document, "batch"), INT64_MAX, &m->facts.batch) || !m->facts.batch)
		return fail(error, STREAM_BAD_MESSAGE, "facts: \"batch\" must be a positive integer");
	m->facts.count = json_count(list);
	if (!m->facts.count || m->facts.count > STREAM_BATCH_FACTS_MAX)
		return fail(error, STREAM_BAD_MESSAGE, "facts: \"facts\" must be an array of 1 to %d",
			    STREAM_BATCH_FACTS_MAX);
	m->facts.facts = arena_take(&m->arena, m->facts.count * sizeof(struct fact));
	if (!m->facts.facts)
		return fail(error, STREAM_INTERNAL, "there is no memory");
	for (size_t i = 0; i < m->facts.count; i++)
		if (fact_read(json_at(list, i), &m->arena, &m->facts.facts[i], &key))
			return fail(error, STREAM_BAD_FACT,
				    "fact %zu of batch %llu: \"%s\" is missing or not allowed", i,
				    (unsigned long long)m->facts.batch, key);
	return 0;
}

static int read_status(struct stream_message *m, struct stream_error *error)
{
	double at;

	if (!json_number(json_get(m->document, "at"), &at) || at < 0 || at > 253402300799.0)
		return fail(error, STREAM_BAD_MESSAGE, "status: \"at\" must be a time in seconds");
	m->status.at_us = (int64_t)(at * 1e6);
	if (json_kind(json_get(m->document, "counters")) != JSON_OBJECT ||
	    json_each(json_get(m->document, "counters"), counter_is_number, NULL))
		return fail(error, STREAM_BAD_MESSAGE, "status: \"counters\" must be an object of numbers");
	m->status.counters = detail(m, "counters", JSON_OBJECT, "{}");
	if (!m->status.counters)
		return fail(error, STREAM_BAD_MESSAGE, "status: \"counters\" is too large");
	return 0;
}

/* What a sensor counts on the way: a number from 0 on, or a short text. */
static int count_good(void *arg, const char *key, const struct json *value)
{
	size_t *keys = arg, length;
	const char *words;
	double number;

	if (++*keys > STREAM_PROGRESS_KEYS_MAX || strlen(key) > STREAM_PROGRESS_KEY_BYTES_MAX)
		return -EINVAL;
	if (json_number(value, &number))
		return number >= 0 && number <= 9007199254740992.0 ? 0 : -EINVAL;
	return json_text(value, &words, &length) && length <= STREAM_PROGRESS_TEXT_BYTES_MAX ? 0 : -EINVAL;
}

static int read_progress_detail(struct stream_message *m, struct stream_error *error)
{
	const struct json *counts = json_get(m->document, "detail");
	size_t keys = 0;

	m->progress.place = text(m, "position", STREAM_PLACE_BYTES_MAX, false);
	if (!m->progress.place)
		return fail(error, STREAM_BAD_MESSAGE,
			    "progress: \"position\" must be a text of at most %d bytes",
			    STREAM_PLACE_BYTES_MAX);
	if (!counts)
		return 0;
	if (json_kind(counts) != JSON_OBJECT || json_each(counts, count_good, &keys))
		return fail(error, STREAM_BAD_MESSAGE,
			    "progress: \"detail\" must be an object of at most %d numbers and short texts",
			    STREAM_PROGRESS_KEYS_MAX);
	m->progress.detail = detail(m, "detail", JSON_OBJECT, NULL);
	return m->progress.detail ? 0 : fail(error, STREAM_INTERNAL, "there is no memory");
}

static int read_progress(struct stream_message *m, struct stream_error *error)
{
	static const char *const phases[] = {"Started", "Scanning"};
	const char *phase = text(m, "phase", 16, true);
	uint64_t percent;

	m->progress.id = text(m, "id", STREAM_COMMAND_ID_MAX, true);
	for (size_t i = 0; phase && i < sizeof(phases) / sizeof(phases[0]); i++)
		if (strcmp(phase, phases[i]) == 0)
			m->progress.phase = phases[i];
	if (!m->progress.id || !m->progress.phase ||
	    !json_integer(json_get(m->document, "progress"), 100, &percent))
		return fail(
			error, STREAM_BAD_MESSAGE,
			"progress: it needs an id, a phase (Started, Scanning) and a progress from 0 to 100");
	m->progress.percent = (int)percent;
	return read_progress_detail(m, error);
}

static int read_result(struct stream_message *m, struct stream_error *error)
{
	m->result.id = text(m, "id", STREAM_COMMAND_ID_MAX, true);
	m->result.error = text(m, "error", 1024, false);
	if (!m->result.id || !m->result.error || !json_flag(json_get(m->document, "ok"), &m->result.ok))
		return fail(error, STREAM_BAD_MESSAGE,
			    "result: id, ok or error is missing or of the wrong type");
	if (json_get(m->document, "data"))
		m->result.data = detail(m, "data", JSON_OBJECT, NULL);
	return 0;
}

static int read_type(struct stream_message *m, struct stream_error *error)
{
	static const struct {
		const char *name;
		enum stream_type type;
		int (*read)(struct stream_message *, struct stream_error *);
	} types[] = {
		{"hello", STREAM_HELLO, read_hello},	{"facts", STREAM_FACTS, read_facts},
		{"status", STREAM_STATUS, read_status}, {"progress", STREAM_PROGRESS, read_progress},
		{"result", STREAM_RESULT, read_result},
	};
	const char *name;
	size_t length;

	if (json_kind(m->document) != JSON_OBJECT)
		return fail(error, STREAM_NOT_JSON, "a message must be a JSON object");
	if (!json_text(json_get(m->document, "type"), &name, &length))
		return fail(error, STREAM_BAD_MESSAGE, "\"type\" is missing or no text");
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strlen(types[i].name) != length || memcmp(types[i].name, name, length) != 0)
			continue;
		m->type = types[i].type;
		return types[i].read(m, error);
	}
	m->type = STREAM_UNKNOWN;
	return 0;
}

int stream_read(const char *bytes, size_t length, struct stream_message *out, struct stream_error *error)
{
	struct stream_message m = {0};
	const char *why;
	int result;

	if (length > STREAM_MESSAGE_BYTES_MAX)
		return fail(error, STREAM_TOO_LARGE, "a message has at most %d bytes",
			    STREAM_MESSAGE_BYTES_MAX);
	if (json_read(bytes, length, &m.document, &why) < 0)
		return fail(error, STREAM_NOT_JSON, "not JSON: %s", why);
	result = read_type(&m, error);
	if (result)
		stream_free(&m);
	else
		*out = m;
	return result;
}

void stream_free(struct stream_message *m)
{
	json_free(m->document);
	arena_free(&m->arena);
	*m = (struct stream_message){0};
}
