/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "collector/alert_message.h"

enum {
	TITLE_BYTES_MAX = 300,
	PART_BYTES_MAX = 1000,
	WORD_BYTES = 42, /* of an encoded word, so that its line stays below 76 characters */
	LINE_BYTES = 57, /* of a base64 line: 76 characters */
	MANY_MAX = 50,
};

static const char *text_of(const struct json *object, const char *key, size_t *length)
{
	const char *text = "";

	*length = 0;
	json_text(json_get(object, key), &text, length);
	return text;
}

/* A byte of a character that has begun before. */
static bool goes_on(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

void alert_message_line(struct buffer *out, const char *text, size_t length, size_t most)
{
	if (length > most)
		for (length = most; length && goes_on(text[length]); length--)
			;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		/* Also the C1 controls, whose second byte is below 0xa0. */
		if (c == 0xc2 && i + 1 < length && (unsigned char)text[i + 1] < 0xa0) {
			buffer_add(out, " ", 1);
			i++;
		} else {
			buffer_add(out, c < 0x20 || c == 0x7f ? " " : text + i, 1);
		}
	}
}

static int put_member(void *arg, const char *key, const struct json *value)
{
	struct buffer *out = arg;

	if (strcmp(key, "delivery") == 0 || strcmp(key, "url") == 0)
		return 0;
	buffer_key(out, key);
	json_write(value, out);
	return 0;
}

void alert_message_json(const struct json *body, const char *delivery_id, const char *dashboard_url,
			struct buffer *out)
{
	struct buffer url = {0};

	buffer_text(out, "{");
	json_each(body, put_member, out);
	buffer_key(out, "delivery");
	buffer_json(out, delivery_id, strlen(delivery_id));
	if (dashboard_url) {
		buffer_printf(&url, "%s/alerts", dashboard_url);
		buffer_key(out, "url");
		buffer_json(out, url.bytes ? url.bytes : "", url.length);
	}
	buffer_text(out, "}");
	out->failed |= url.failed;
	buffer_free(&url);
}

static void put_base64(struct buffer *out, const char *bytes, size_t length)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < length; i += 3) {
		size_t left = length - i;
		uint32_t word = (uint32_t)(uint8_t)bytes[i] << 16 |
				(left > 1 ? (uint32_t)(uint8_t)bytes[i + 1] << 8 : 0) |
				(left > 2 ? (uint8_t)bytes[i + 2] : 0);
		char four[4] = {digits[word >> 18], digits[word >> 12 & 63],
				left > 1 ? digits[word >> 6 & 63] : '=', left > 2 ? digits[word & 63] : '='};

		buffer_add(out, four, sizeof(four));
	}
}

/* As encoded words (RFC 2047, section 2), none of which cuts a character in two. */
static void put_words(struct buffer *out, const char *text, size_t length)
{
	for (size_t at = 0, end; at < length; at = end) {
		end = length - at > WORD_BYTES ? at + WORD_BYTES : length;
		while (end < length && end > at + 1 && goes_on(text[end]))
			end--;
		buffer_text(out, at ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
		put_base64(out, text + at, end - at);
		buffer_text(out, "?=");
	}
}

static void put_heads(const struct alert_mail *mail, const char *subject, size_t length, struct buffer *out)
{
	time_t at = (time_t)mail->at_s;
	struct tm utc;
	char date[64];
	const char *host = strchr(mail->from, '@');

	gmtime_r(&at, &utc);
	/* The process never sets a locale, so the names are the RFC's. */
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", &utc);
	buffer_printf(out, "Date: %s\r\nFrom: NetVisor <%s>\r\nTo: ", date, mail->from);
	for (size_t i = 0; i < json_count(mail->to); i++) {
		const char *to = "";
		size_t bytes;

		json_text(json_at(mail->to, i), &to, &bytes);
		buffer_printf(out, "%s<%s>", i ? ",\r\n " : "", to);
	}
	buffer_printf(out, "\r\nMessage-ID: <%s%s>\r\nSubject: ", mail->delivery_id, host ? host : "@netvisor");
	put_words(out, subject, length);
	buffer_text(out, "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
			 "charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
}

static void put_part(struct buffer *out, const struct json *body, const char *key, const char *before)
{
	size_t length;
	const char *text = text_of(body, key, &length);

	if (!length)
		return;
	buffer_text(out, before);
	alert_message_line(out, text, length, PART_BYTES_MAX);
	buffer_text(out, "\r\n");
}

static void put_message(struct buffer *out, const struct json *body)
{
	const struct json *many = json_get(body, "alerts");
	size_t length;
	const char *event = text_of(body, "event", &length);

	put_part(out, body, "title", strcmp(event, "resolved") == 0 ? "Over: " : "");
	for (size_t i = 0; i < json_count(many) && i < MANY_MAX; i++)
		put_part(out, json_at(many, i), "title", "  - ");
	if (strcmp(event, "resolved") != 0) {
		put_part(out, body, "why", "");
		put_part(out, body, "act", "What to do: ");
	}
	put_part(out, json_get(body, "network"), "name", "Network: ");
}

static void subject_of(const struct json *const *bodies, size_t count, struct buffer *out)
{
	size_t length;
	const char *text = text_of(bodies[0], "event", &length);

	buffer_text(out, strcmp(text, "resolved") == 0 ? "[NetVisor] Over: " : "[NetVisor] ");
	text = text_of(bodies[0], "title", &length);
	alert_message_line(out, text, length, TITLE_BYTES_MAX);
	if (count > 1)
		buffer_printf(out, " (and %zu more)", count - 1);
}

void alert_message_mail(const struct alert_mail *mail, const struct json *const *bodies, size_t count,
			struct buffer *out)
{
	struct buffer subject = {0}, text = {0};

	subject_of(bodies, count, &subject);
	for (size_t i = 0; i < count; i++) {
		buffer_text(&text, i ? "\r\n" : "");
		put_message(&text, bodies[i]);
	}
	if (mail->dashboard_url)
		buffer_printf(&text, "\r\n%s/alerts\r\n", mail->dashboard_url);
	if (subject.failed || text.failed) {
		out->failed = true;
	} else {
		put_heads(mail, subject.bytes, subject.length, out);
		for (size_t at = 0; at < text.length; at += LINE_BYTES) {
			put_base64(out, text.bytes + at,
				   text.length - at < LINE_BYTES ? text.length - at : LINE_BYTES);
			buffer_text(out, "\r\n");
		}
	}
	buffer_free(&subject);
	buffer_free(&text);
}
