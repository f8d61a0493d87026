/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading DNS messages (RFC 1035), which DNS, mDNS and LLMNR share: the header, names with compression, and the
 * records one after the other. Nothing here knows what a record means for the network.
 */
#ifndef SENSOR_DECODE_DNS_MESSAGE_H
#define SENSOR_DECODE_DNS_MESSAGE_H

#include "sensor/decode/decode.h"

enum { DNS_A = 1, DNS_PTR = 12, DNS_TXT = 16, DNS_AAAA = 28, DNS_SRV = 33, DNS_IN = 1 };
enum { DNS_NAME_BYTES_MAX = 255, DNS_LABELS_MAX = 128 };
enum dns_section { DNS_ANSWER, DNS_AUTHORITY, DNS_ADDITIONAL };

/* A name as labels joined by dots, without the last dot; the root is empty. Bytes as sent. */
struct dns_name {
	size_t length;
	size_t label_count;
	uint8_t label_end[DNS_LABELS_MAX]; /* offset just past each label */
	char bytes[DNS_NAME_BYTES_MAX + 1];
};

struct dns_record {
	enum dns_section section;
	struct dns_name owner;
	uint16_t type, class;
	uint32_t ttl_s;
	struct wire data;
};

struct dns_message {
	struct wire whole, rest;
	bool response;
	uint8_t opcode, rcode;
	uint16_t left[3]; /* records not yet read, by section */
};

/* Whether asked begins as a question whose number is the answer's. */
bool dns_was_asked(struct wire asked, struct wire answer);

/* Read the header and step over the questions. 0, or -EBADMSG with *out undefined. */
int dns_open(struct wire payload, struct dns_message *out);
/* The next record: 1 with *out filled, 0 after the last one, -EBADMSG. */
int dns_next(struct dns_message *message, struct dns_record *out);
/*
 * A name that starts at w (which lies in the message) and may point back into it; w is moved past it. Pointers must
 * point to before themselves, so that they end. 0, or -EBADMSG.
 */
int dns_name(const struct dns_message *message, struct wire *w, struct dns_name *out);

/* The address of an A or AAAA record of class IN: 0, or -ENOENT when it is none. Takes the record's data. */
int dns_address(struct dns_record *record, struct ip *out);

/* Label number index, from the front. */
struct text dns_label(const struct dns_name *name, size_t index);
/* The labels from index on, with dots. */
struct text dns_labels_from(const struct dns_name *name, size_t index);
/* The same name, upper and lower case alike (RFC 4343). */
bool dns_name_is(const struct dns_name *name, const char *text);
bool dns_name_equal(const struct dns_name *a, const struct dns_name *b);

#endif
