// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reading DNS messages (RFC 1035 section 4): header, names, records. See dns_message.h.
 *
 * A name is at most 255 bytes on the wire (3.1) and its compression pointers go strictly backwards, so that reading
 * one always ends.
 */
#include "sensor/decode/dns_message.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum { HEADER_BYTES = 12, RESPONSE = 0x80 /* of the third byte */ };
enum { LABEL_POINTER = 0xc0, LABEL_BYTES_MAX = 63 };
enum { JUMPS_MAX = 64 }; /* pointers followed for one name; honest names need a handful */

bool dns_was_asked(struct wire asked, struct wire answer)
{
	return asked.left >= HEADER_BYTES && answer.left >= HEADER_BYTES && !(asked.at[2] & RESPONSE) &&
	       (answer.at[2] & RESPONSE) && !memcmp(asked.at, answer.at, 2);
}

int dns_open(struct wire payload, struct dns_message *out)
{
	struct wire w = payload;
	struct dns_name skipped;

	wire_skip(&w, 2); /* id */
	uint16_t flags = wire_u16(&w);
	uint16_t questions = wire_u16(&w);

	for (int i = 0; i < 3; i++)
		out->left[i] = wire_u16(&w);
	if (w.bad)
		return -EBADMSG;
	out->whole = payload;
	out->response = flags >> 15;
	out->opcode = flags >> 11 & 15;
	out->rcode = flags & 15;
	while (questions--) {
		if (dns_name(out, &w, &skipped))
			return -EBADMSG;
		wire_skip(&w, 4); /* type, class */
		if (w.bad)
			return -EBADMSG;
	}
	out->rest = w;
	return 0;
}

int dns_next(struct dns_message *message, struct dns_record *out)
{
	enum dns_section section = DNS_ANSWER;

	while (section <= DNS_ADDITIONAL && message->left[section] == 0)
		section++;
	if (section > DNS_ADDITIONAL)
		return 0;
	message->left[section]--;
	out->section = section;
	if (dns_name(message, &message->rest, &out->owner))
		return -EBADMSG;
	out->type = wire_u16(&message->rest);
	out->class = wire_u16(&message->rest);
	out->ttl_s = wire_u32(&message->rest);
	out->data = wire_nested(&message->rest, wire_u16(&message->rest));
	return message->rest.bad ? -EBADMSG : 1;
}

static int add_label(struct wire *at, size_t length, struct dns_name *out)
{
	const uint8_t *label = wire_bytes(at, length);
	size_t dot = out->length ? 1 : 0;

	if (!label || out->label_count == DNS_LABELS_MAX || out->length + dot + length > DNS_NAME_BYTES_MAX - 2)
		return -EBADMSG;
	if (dot)
		out->bytes[out->length++] = '.';
	memcpy(out->bytes + out->length, label, length);
	out->length += length;
	out->label_end[out->label_count++] = (uint8_t)out->length;
	return 0;
}

int dns_name(const struct dns_message *message, struct wire *w, struct dns_name *out)
{
	struct wire at = *w;
	int jumps = 0;

	out->length = 0;
	out->label_count = 0;
	for (;;) {
		const uint8_t *start = at.at;
		uint8_t length = wire_u8(&at);

		if (at.bad)
			return -EBADMSG;
		if (length >= LABEL_POINTER) {
			size_t target = (size_t)(length & ~LABEL_POINTER) << 8 | wire_u8(&at);

			if (at.bad || target >= (size_t)(start - message->whole.at) || jumps == JUMPS_MAX)
				return -EBADMSG;
			if (jumps++ == 0)
				*w = at;
			at = message->whole;
			wire_skip(&at, target);
			continue;
		}
		if (length > LABEL_BYTES_MAX)
			return -EBADMSG;
		if (length == 0)
			break;
		if (add_label(&at, length, out))
			return -EBADMSG;
	}
	if (jumps == 0)
		*w = at;
	return 0;
}

int dns_address(struct dns_record *record, struct ip *out)
{
	if (record->class == DNS_IN && record->type == DNS_A && record->data.left == 4)
		*out = wire_ip4(&record->data);
	else if (record->class == DNS_IN && record->type == DNS_AAAA && record->data.left == 16)
		*out = wire_ip6(&record->data);
	else
		return -ENOENT;
	return 0;
}

struct text dns_label(const struct dns_name *name, size_t index)
{
	size_t start = index ? name->label_end[index - 1] + 1u : 0;

	return (struct text){name->bytes + start, name->label_end[index] - start};
}

struct text dns_labels_from(const struct dns_name *name, size_t index)
{
	size_t start = index ? name->label_end[index - 1] + 1u : 0;

	if (index >= name->label_count)
		return (struct text){"", 0};
	return (struct text){name->bytes + start, name->length - start};
}

bool dns_name_is(const struct dns_name *name, const char *text)
{
	return name->length == strlen(text) && strncasecmp(name->bytes, text, name->length) == 0;
}

bool dns_name_equal(const struct dns_name *a, const struct dns_name *b)
{
	return a->length == b->length && strncasecmp(a->bytes, b->bytes, a->length) == 0;
}
