/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is told, as each kind of channel has it. Pure. What is told comes from the database as JSON (alert_body() of sql/0033_alert_look.sql); it
 * holds names that strangers gave to their devices.
 */
#ifndef COLLECTOR_ALERT_MESSAGE_H
#define COLLECTOR_ALERT_MESSAGE_H

#include <stdint.h>

#include "collector/buffer.h"
#include "collector/json.h"

/* Append one JSON object: the message itself, with the delivery's id, and the page of the dashboard that shows it. */
void alert_message_json(const struct json *body, const char *delivery_id, const char *dashboard_url,
			struct buffer *out);

struct alert_mail {
	const char *from;
	const struct json *to; /* texts */
	const char *delivery_id;
	const char *dashboard_url;
	int64_t at_s; /* seconds since the epoch, for its date */
};

/*
 * Append a mail (RFC 5322, in ASCII throughout: RFC 2047, and a body in base64) of one or several messages: bodies is an array of them.
 */
void alert_message_mail(const struct alert_mail *, const struct json *const *bodies, size_t count,
			struct buffer *out);

/* A line without control characters, cut between characters after so many bytes: names of strangers never end a line. */
void alert_message_line(struct buffer *out, const char *text, size_t length, size_t most);

#endif
