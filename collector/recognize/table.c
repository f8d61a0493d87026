/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields and their patterns: made while definitions are compiled, looked up while hosts are thought about. The first of every array is
 * nobody's, so that 0 says "none".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/recognize/inside.h"
#include "defs/addr.h"

enum { ROOM_FIRST = 64, EXPRESSIONS_BYTES_MAX = 512 << 10, ALL_EXPRESSIONS_BYTES_MAX = 16 << 20 };

uint64_t hash_text(uint64_t seed, const char *text, size_t length)
{
	uint64_t hash = seed ^ UINT64_C(14695981039346656037);

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
	return hash ^ hash >> 29;
}

void *keep(struct definitions *definitions, size_t size)
{
	definitions->arena_bytes += size;
	return arena_take(&definitions->arena, size);
}

const char *keep_text(struct definitions *definitions, const char *text, size_t length)
{
	char *kept = keep(definitions, length + 1);

	if (kept)
		memcpy(kept, text, length);
	return kept;
}

const char *keep_small(struct definitions *definitions, const char *text, size_t length)
{
	char *kept = keep(definitions, length + 1);

	for (size_t i = 0; kept && i < length; i++)
		kept[i] = small(text[i]);
	return kept;
}

bool grow(void **array, size_t count, size_t *room, size_t size)
{
	size_t more = *room ? *room * 2 : ROOM_FIRST;
	void *grown;

	if (count < *room)
		return true;
	grown = realloc(*array, more * size);
	if (!grown)
		return false;
	memset((char *)grown + *room * size, 0, (more - *room) * size);
	*array = grown;
	*room = more;
	return true;
}

uint32_t field_find(const struct definitions *definitions, const char *name, size_t length)
{
	uint32_t at = definitions->field_hash[hash_text(0, name, length) % HASH_BUCKETS];

	while (at &&
	       (strncmp(definitions->field[at].name, name, length) != 0 || definitions->field[at].name[length]))
		at = definitions->field[at].next_same_hash;
	return at;
}

uint32_t field_make(struct definitions *definitions, const char *name, size_t length)
{
	uint32_t at = field_find(definitions, name, length), *bucket;

	if (at || !grow((void **)&definitions->field, definitions->fields, &definitions->field_room,
			sizeof(*definitions->field)))
		return at;
	bucket = &definitions->field_hash[hash_text(0, name, length) % HASH_BUCKETS];
	at = (uint32_t)definitions->fields;
	definitions->field[at] =
		(struct field){.name = keep_text(definitions, name, length), .next_same_hash = *bucket};
	if (!definitions->field[at].name)
		return 0;
	definitions->fields++;
	*bucket = at;
	return at;
}

static uint32_t *pattern_bucket(const struct definitions *definitions, uint32_t field, enum how how,
				const char *text, size_t length)
{
	return &definitions->pattern_hash[hash_text(field * 8u + how, text, length) % PATTERN_BUCKETS];
}

uint32_t pattern_find(const struct definitions *definitions, uint32_t field, enum how how, const char *text,
		      size_t length)
{
	uint32_t at = *pattern_bucket(definitions, field, how, text, length);

	for (; at; at = definitions->pattern[at].next_same_hash) {
		const struct leaf_pattern *it = &definitions->pattern[at];

		if (it->field == field && it->how == how && it->length == length &&
		    memcmp(it->text, text, length) == 0)
			break;
	}
	return at;
}

static bool add_needle(struct definitions *definitions, struct field *field, const char *text, size_t length,
		       uint32_t pattern)
{
	const char *kept = keep_small(definitions, text, length);

	if (!kept ||
	    !grow((void **)&field->needle, field->needle_count, &field->needle_room, sizeof(*field->needle)))
		return false;
	field->needle[field->needle_count++] = (struct needle){kept, (uint32_t)length, pattern};
	return true;
}

/* How a pattern is found in its field. */
static bool enter(struct definitions *definitions, uint32_t at)
{
	struct leaf_pattern *pattern = &definitions->pattern[at];
	struct field *field = &definitions->field[pattern->field];
	struct pattern_literal literals[PATTERN_LITERALS_MAX];
	size_t count;
	bool well = true;

	switch (pattern->how) {
	case HOW_EXACT:
		field->exact = true;
		return true;
	case HOW_PREFIX:
		field->prefix = true;
		return true;
	case HOW_TEXT:
		return add_needle(definitions, field, pattern->text, pattern->length, at);
	case HOW_EXPRESSION:
		count = pattern_literals(pattern->text, pattern->length, literals);
		for (size_t i = 0; i < count; i++)
			well &= add_needle(definitions, field, literals[i].text, literals[i].length, at);
		if (count || !well)
			return well;
		break;
	case HOW_PRESENT:
		break;
	}
	pattern->next_of_field = field->loose;
	field->loose = at;
	return true;
}

/* What expressions take is many times their text: of one definition, and of all together, it is bounded. One that is too much is freed. */
static int weigh(struct definitions *definitions, struct pattern *expression, char *why, size_t why_size)
{
	size_t bytes = pattern_bytes(expression);

	if (definitions->own_expression_bytes + bytes <= EXPRESSIONS_BYTES_MAX &&
	    definitions->expression_bytes + bytes <= ALL_EXPRESSIONS_BYTES_MAX) {
		definitions->own_expression_bytes += bytes;
		definitions->expression_bytes += bytes;
		return 0;
	}
	snprintf(why, why_size, "the expressions of %s take more than %d bytes together",
		 definitions->own_expression_bytes + bytes > EXPRESSIONS_BYTES_MAX ? "this definition"
										   : "all definitions",
		 definitions->own_expression_bytes + bytes > EXPRESSIONS_BYTES_MAX ? EXPRESSIONS_BYTES_MAX
										   : ALL_EXPRESSIONS_BYTES_MAX);
	pattern_free(expression);
	return -EINVAL;
}

int pattern_for(struct definitions *definitions, uint32_t field, enum how how, const char *text, size_t length,
		uint32_t node, char *why, size_t why_size)
{
	uint32_t at, *bucket;
	const char *kept;

	if (!field ||
	    !grow((void **)&definitions->pattern, definitions->patterns, &definitions->pattern_room,
		  sizeof(*definitions->pattern)) ||
	    !grow((void **)&definitions->use, definitions->uses, &definitions->use_room,
		  sizeof(*definitions->use)))
		return -ENOMEM;
	kept = how == HOW_EXPRESSION ? keep_text(definitions, text, length)
				     : keep_small(definitions, text, length);
	if (!kept)
		return -ENOMEM;
	at = pattern_find(definitions, field, how, kept, length);
	if (!at) {
		struct leaf_pattern made = {
			.how = how, .field = field, .text = kept, .length = (uint32_t)length};
		int error = how == HOW_EXPRESSION
				    ? pattern_compile(text, length, &made.expression, why, why_size)
				    : 0;

		if (!error && how == HOW_EXPRESSION)
			error = weigh(definitions, made.expression, why, why_size);
		if (error)
			return error;
		at = (uint32_t)definitions->patterns++;
		bucket = pattern_bucket(definitions, field, how, kept, length);
		made.next_same_hash = *bucket;
		definitions->pattern[at] = made;
		*bucket = at;
		if (!enter(definitions, at))
			return -ENOMEM;
	}
	definitions->use[definitions->uses] = (struct use){node, definitions->pattern[at].first_use};
	definitions->pattern[at].first_use = (uint32_t)definitions->uses++;
	definitions->node[node].pattern = at;
	return 0;
}

int fields_build(struct definitions *definitions)
{
	for (size_t i = 1; i < definitions->fields; i++) {
		struct field *field = &definitions->field[i];
		int error = field->needle_count
				    ? needles_build(field->needle, field->needle_count, &field->needles)
				    : 0;

		free(field->needle);
		field->needle = NULL;
		if (error)
			return error;
	}
	return 0;
}

void fields_free(struct definitions *definitions)
{
	for (size_t i = 1; i < definitions->fields; i++) {
		needles_free(definitions->field[i].needles);
		free(definitions->field[i].needle);
	}
	for (size_t i = 1; i < definitions->patterns; i++)
		pattern_free(definitions->pattern[i].expression);
	free(definitions->field);
	free(definitions->pattern);
	free(definitions->pattern_hash);
}

size_t fields_bytes(const struct definitions *definitions)
{
	size_t bytes = definitions->field_room * sizeof(*definitions->field) +
		       definitions->pattern_room * sizeof(*definitions->pattern) +
		       PATTERN_BUCKETS * sizeof(*definitions->pattern_hash);

	for (size_t i = 1; i < definitions->fields; i++)
		bytes += definitions->field[i].needles ? needles_bytes(definitions->field[i].needles) : 0;
	for (size_t i = 1; i < definitions->patterns; i++)
		bytes += definitions->pattern[i].expression ? pattern_bytes(definitions->pattern[i].expression)
							    : 0;
	return bytes;
}

size_t network_form(const char *text, bool with_length, unsigned int length, char out[static NETWORK_FORM_MAX])
{
	const char *slash = with_length ? strchr(text, '/') : NULL;
	size_t bytes, used, size = slash ? (size_t)(slash - text) : strlen(text);
	char address[ADDR_TEXT_MAX];
	struct ip ip;

	if ((with_length && !slash) || size >= sizeof(address))
		return 0;
	memcpy(address, text, size);
	address[size] = 0;
	if (ip_parse(address, &ip) < 0)
		return 0;
	bytes = ip.version == 4 ? 4 : 16;
	if (slash)
		length = (unsigned int)strtoul(slash + 1, NULL, 10);
	if (length > bytes * 8)
		return 0;
	used = (size_t)snprintf(out, NETWORK_FORM_MAX, "%u-%u-", ip.version, length);
	for (size_t i = 0; i * 8 < length; i++) {
		unsigned int left = length - (unsigned int)i * 8,
			     mask = left >= 8 ? 0xff : 0xff00u >> left & 0xff;

		used += (size_t)snprintf(out + used, NETWORK_FORM_MAX - used, "%02x", ip.bytes[i] & mask);
	}
	return used;
}

const uint64_t *network_lengths(const struct definitions *definitions, const char *address, unsigned int *most)
{
	struct ip ip;

	if (ip_parse(address, &ip) < 0)
		return NULL;
	*most = ip.version == 4 ? 32 : 128;
	return ip.version == 4 ? definitions->lengths_v4 : definitions->lengths_v6;
}

size_t words_of(const char *text, size_t length, char *out, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < length && used < size; i++) {
		char c = small(text[i]);

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80)
			out[used++] = c;
		else if (used && out[used - 1] != ' ')
			out[used++] = ' ';
	}
	while (used && out[used - 1] == ' ')
		used--;
	return used;
}
