// SPDX-License-Identifier: BSD-2-Clause
/*
 * A fact as a JSON object (RFC 8259). Keys and types come from the table of facts; the order is that of docs/facts.md: kind,
 * the kind's own keys, then what every fact has. Written straight into its text: a busy sensor says thousands a second, and an object
 * of a library first would be the greater part of what a fact costs.
 *
 * Texts are as strangers sent them: bytes that are not UTF-8, and zero bytes, are written as \xNN. Times are
 * seconds with exactly six decimals, never through floating point.
 */
#include "sensor/fact_json.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/text.h"

enum { LINE_BYTES = 512, NUMBER_BYTES = 24, ESCAPE_BYTES = 6 };

struct line {
	char *bytes;
	size_t length, room;
	bool failed;
};

/* Where so many bytes can be written; NULL when there is no memory. */
static char *room_for(struct line *line, size_t count)
{
	size_t room = line->room;
	char *larger;

	if (line->failed)
		return NULL;
	if (line->length + count <= room)
		return line->bytes + line->length;
	while (room < line->length + count)
		room *= 2;
	larger = realloc(line->bytes, room);
	if (!larger) {
		line->failed = true;
		return NULL;
	}
	line->bytes = larger;
	line->room = room;
	return line->bytes + line->length;
}

static void put(struct line *line, const char *bytes, size_t count)
{
	char *at = room_for(line, count);

	if (!at)
		return;
	memcpy(at, bytes, count);
	line->length += count;
}

static void put_word(struct line *line, const char *word)
{
	put(line, word, strlen(word));
}

static void put_number(struct line *line, uint64_t number)
{
	char digits[NUMBER_BYTES], *at = digits + sizeof(digits);

	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	put(line, at, (size_t)(digits + sizeof(digits) - at));
}

/* Escaped as JSON wants it; what is no character has been replaced before. */
static void put_clean(struct line *line, const char *text, size_t length)
{
	static const char digit[] = "0123456789abcdef", from[] = "\b\t\n\f\r\"\\", to[] = "btnfr\"\\";
	char *start = room_for(line, length * ESCAPE_BYTES + 2), *at = start;

	if (!start)
		return;
	*at++ = '"';
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		const char *known;

		if (c >= ' ' && c != '"' && c != '\\') {
			*at++ = (char)c;
			continue;
		}
		known = c ? strchr(from, c) : NULL;
		*at++ = '\\';
		if (known) {
			*at++ = to[known - from];
			continue;
		}
		at[0] = 'u';
		at[1] = at[2] = '0';
		at[3] = digit[c >> 4];
		at[4] = digit[c & 15];
		at += ESCAPE_BYTES - 1;
	}
	*at++ = '"';
	line->length += (size_t)(at - start);
}

static void put_text(struct line *line, struct text text)
{
	char *clean = malloc(text.length * TEXT_ESCAPE_BYTES + 1);

	if (clean)
		put_clean(line, clean, text_clean(text, clean));
	else
		line->failed = true;
	free(clean);
}

static void put_quoted(struct line *line, const char *word)
{
	put(line, "\"", 1);
	put_word(line, word);
	put(line, "\"", 1);
}

static void put_ip(struct line *line, const struct ip *ip)
{
	char text[ADDR_TEXT_MAX];

	put_quoted(line, ip_text(ip, text));
}

static void put_mac(struct line *line, const struct mac *mac)
{
	char text[ADDR_TEXT_MAX];

	put_quoted(line, mac_text(mac, text));
}

static void put_time(struct line *line, int64_t time_us)
{
	uint64_t us = time_us < 0 ? -(uint64_t)time_us : (uint64_t)time_us;
	char decimals[7] = ".";

	if (time_us < 0)
		put(line, "-", 1);
	put_number(line, us / 1000000);
	us %= 1000000;
	for (int i = 6; i > 0; i--, us /= 10)
		decimals[i] = (char)('0' + us % 10);
	put(line, decimals, sizeof(decimals));
}

static void put_comma(struct line *line, size_t before)
{
	if (before)
		put(line, ",", 1);
}

static void put_list(struct line *line, enum fact_type type, const void *list)
{
	const struct ip_list *ips = list;
	const struct text_list *texts = list;
	const struct claim_list *claims = list;

	put(line, "[", 1);
	for (size_t i = 0; type == TYPE_IPS && i < ips->count; i++) {
		put_comma(line, i);
		put_ip(line, &ips->item[i]);
	}
	for (size_t i = 0; type == TYPE_TEXTS && i < texts->count; i++) {
		put_comma(line, i);
		put_text(line, texts->item[i]);
	}
	for (size_t i = 0; type == TYPE_CLAIMS && i < claims->count; i++) {
		put_comma(line, i);
		put_text(line, (struct text){claims->item[i], strlen(claims->item[i])});
	}
	put(line, "]", 1);
}

static void put_value(struct line *line, const struct fact *fact, const struct fact_field_info *field)
{
	const void *at = (const char *)fact + field->offset;

	switch (field->type) {
	case TYPE_MAC:
		put_mac(line, at);
		break;
	case TYPE_IP:
		put_ip(line, at);
		break;
	case TYPE_TEXT:
		put_text(line, *(const struct text *)at);
		break;
	case TYPE_NUMBER:
		put_number(line, *(const uint64_t *)at);
		break;
	case TYPE_BOOL:
		put_word(line, *(const bool *)at ? "true" : "false");
		break;
	case TYPE_IPS:
	case TYPE_TEXTS:
	case TYPE_CLAIMS:
		put_list(line, field->type, *(void *const *)at);
		break;
	}
}

static void put_key(struct line *line, const char *key)
{
	put(line, ",\"", 2);
	put_word(line, key);
	put(line, "\":", 2);
}

static void fill(struct line *line, const struct fact *fact)
{
	put_word(line, "{\"fact\":");
	put_quoted(line, fact_kind_names[fact->kind]);
	for (uint64_t has = fact->has; has; has &= has - 1) {
		int field = __builtin_ctzll(has);

		if (fact_role(fact->kind, field) == ROLE_NONE)
			continue;
		put_key(line, fact_fields[field].json);
		put_value(line, fact, &fact_fields[field]);
	}
	put_key(line, "first");
	put_time(line, fact->first_us);
	put_key(line, "last");
	put_time(line, fact->last_us);
	put_key(line, "count");
	put_number(line, fact->count);
	put_key(line, "vlan");
	put(line, "[", 1);
	for (size_t i = 0; i < fact->vlan.count; i++) {
		put_comma(line, i);
		put_number(line, fact->vlan.id[i]);
	}
	put(line, "]", 1);
	put_key(line, "source");
	put_quoted(line, fact_source_names[fact->source]);
	put_key(line, "confidence");
	put_quoted(line, fact_confidence_names[fact->confidence]);
	put(line, "}", 2); /* and the zero */
}

char *fact_json(const struct fact *fact, size_t *length)
{
	struct line line = {.bytes = malloc(LINE_BYTES), .room = LINE_BYTES};

	if (!line.bytes)
		return NULL;
	fill(&line, fact);
	if (line.failed) {
		free(line.bytes);
		return NULL;
	}
	*length = line.length - 1;
	return line.bytes;
}

int fact_json_say(void *file, const struct fact *fact)
{
	size_t length, written;
	char *line = fact_json(fact, &length);

	if (!line)
		return -ENOMEM;
	line[length] = '\n';
	written = fwrite(line, 1, length + 1, file);
	free(line);
	return written == length + 1 ? 0 : -EIO;
}
