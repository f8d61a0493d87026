/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The growing text. Knows JSON's and PostgreSQL's quoting and nothing else.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/buffer.h"

enum { CAPACITY_FIRST = 256 };

static bool reserve(struct buffer *buffer, size_t more)
{
	size_t capacity = buffer->capacity ? buffer->capacity : CAPACITY_FIRST;
	char *bytes;

	if (buffer->failed)
		return false;
	while (capacity - buffer->length <= more)
		capacity *= 2;
	if (capacity == buffer->capacity)
		return true;
	bytes = realloc(buffer->bytes, capacity);
	if (!bytes) {
		buffer->failed = true;
		return false;
	}
	buffer->bytes = bytes;
	buffer->capacity = capacity;
	return true;
}

void buffer_add(struct buffer *buffer, const char *bytes, size_t length)
{
	if (!reserve(buffer, length))
		return;
	if (length)
		memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	buffer->bytes[buffer->length] = 0;
}

void buffer_text(struct buffer *buffer, const char *text)
{
	buffer_add(buffer, text, strlen(text));
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	char text[512];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (length >= 0 && (size_t)length < sizeof(text))
		buffer_add(buffer, text, (size_t)length);
	else
		buffer->failed = true;
}

void buffer_json(struct buffer *buffer, const char *bytes, size_t length)
{
	size_t start = 0;

	buffer_add(buffer, "\"", 1);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
			continue;
		buffer_add(buffer, bytes + start, i - start);
		start = i + 1;
		if (c == '"' || c == '\\')
			buffer_printf(buffer, "\\%c", c);
		else if (c == 0)
			buffer_text(buffer, "\\\\x00");
		else
			buffer_printf(buffer, "\\u%04x", c);
	}
	buffer_add(buffer, bytes + start, length - start);
	buffer_add(buffer, "\"", 1);
}

void buffer_url(struct buffer *out, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (isalnum(c) || (c && strchr("-._~", c)))
			buffer_add(out, bytes + i, 1);
		else
			buffer_printf(out, "%%%02X", c);
	}
}

void buffer_key(struct buffer *buffer, const char *name)
{
	char last = buffer->length ? buffer->bytes[buffer->length - 1] : '{';

	if (last != '{')
		buffer_add(buffer, ",", 1);
	buffer_json(buffer, name, strlen(name));
	buffer_add(buffer, ":", 1);
}

void buffer_seconds(struct buffer *buffer, int64_t time_us)
{
	char text[40];
	int length =
		snprintf(text, sizeof(text), "%" PRId64 ".%06d", time_us / 1000000, (int)(time_us % 1000000));

	while (text[length - 1] == '0')
		length--;
	if (text[length - 1] == '.')
		length--;
	buffer_add(buffer, text, (size_t)length);
}

void buffer_clear(struct buffer *buffer)
{
	buffer->length = 0;
	buffer->failed = false;
	if (buffer->bytes)
		buffer->bytes[0] = 0;
}

void buffer_free(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct buffer){0};
}

void array_add(struct buffer *buffer, const char *bytes, size_t length)
{
	size_t start = 0;

	buffer_add(buffer, buffer->length ? "," : "{", 1);
	buffer_add(buffer, "\"", 1);
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] != '"' && bytes[i] != '\\' && bytes[i])
			continue;
		buffer_add(buffer, bytes + start, i - start);
		buffer_text(buffer, bytes[i] == '"' ? "\\\"" : bytes[i] ? "\\\\" : "\\\\x00");
		start = i + 1;
	}
	buffer_add(buffer, bytes + start, length - start);
	buffer_add(buffer, "\"", 1);
}

void array_add_text(struct buffer *buffer, const char *text_or_null)
{
	if (text_or_null) {
		array_add(buffer, text_or_null, strlen(text_or_null));
		return;
	}
	buffer_text(buffer, buffer->length ? ",NULL" : "{NULL");
}

void array_add_plain(struct buffer *buffer, const char *text)
{
	buffer_add(buffer, buffer->length ? "," : "{", 1);
	buffer_add(buffer, text, strlen(text));
}

void array_add_integer(struct buffer *buffer, int64_t value)
{
	char text[24], *at = text + sizeof(text);
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do {
		*--at = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (value < 0)
		*--at = '-';
	*--at = buffer->length ? ',' : '{';
	buffer_add(buffer, at, (size_t)(text + sizeof(text) - at));
}

const char *array_text(struct buffer *buffer)
{
	buffer_text(buffer, buffer->length ? "}" : "{}");
	return buffer->failed ? "" : buffer->bytes;
}
