/* SPDX-License-Identifier: BSD-2-Clause */
/* The head of a request of HTTP/1 (RFC 9112, 3), and what it tells of who sends it. Pure. */
#ifndef SENSOR_HEARD_REQUEST_H
#define SENSOR_HEARD_REQUEST_H

#include "sensor/ask/http.h"
#include "sensor/heard/heard.h"

/* Texts are borrowed from the bytes. */
struct request {
	struct text method, target;
	struct http_head head; /* its headers, those whose line is whole; no status */
	size_t length;	       /* of the head, or of all that is there */
	bool whole;	       /* the head has come to its end */
};

/* FOREIGN, MORE, or DONE: the first line is a request's, and out holds it with its headers as far as they are there. */
enum heard_verdict http_request_read(const struct heard_end *asks, struct request *out);
/* The bytes are a request's first line, or could become one. */
bool http_request_begins(const uint8_t *bytes, size_t length);
/* A proxy is asked for pages of others: what it answers is not its own. */
bool http_request_is_proxied(const struct request *);
/* The client's trait http.user_agent: measured, when the request came to it from others. */
void http_request_say_agent(const struct heard *, const struct request *, struct fact_list *out);
/* Headers as far as their lines are whole; length: of the head, or of all that is there. */
void http_head_lines(const uint8_t *bytes, size_t length, struct http_head *out);
/* Length of the head that bytes begin with, its empty line included; 0: it has not come to its end. */
size_t http_head_length(const uint8_t *bytes, size_t length);

#endif
