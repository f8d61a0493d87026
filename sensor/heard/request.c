// SPDX-License-Identifier: BSD-2-Clause
/* See request.h. */
#include "sensor/heard/request.h"

#include <string.h>

enum { HEAD_BYTES_MAX = 16384, METHOD_BYTES_MAX = 16, METHOD_BYTES_MIN = 3 };

/* Letters, then a blank: longer than this is no method. RPC over HTTP has a line in its own (MS-RPCH, 2.1.2.1). */
static size_t method_length(const uint8_t *bytes, size_t length)
{
	size_t i = 0;

	while (i < length && i < METHOD_BYTES_MAX &&
	       ((bytes[i] >= 'A' && bytes[i] <= 'Z') || bytes[i] == '-' || bytes[i] == '_'))
		i++;
	return i;
}

size_t http_head_length(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i + 1 < length; i++) {
		if (bytes[i] != '\n')
			continue;
		if (bytes[i + 1] == '\n')
			return i + 2;
		if (i + 2 < length && bytes[i + 1] == '\r' && bytes[i + 2] == '\n')
			return i + 3;
	}
	return 0;
}

void http_head_lines(const uint8_t *bytes, size_t length, struct http_head *out)
{
	const uint8_t *last = length ? memrchr(bytes, '\n', length) : NULL;
	struct http_reader reader = {.in = {.bytes = (uint8_t *)bytes, .length = length}};

	reader.head_length = last ? (size_t)(last - bytes) + 1 : 0;
	http_head(&reader, out);
}

enum heard_verdict http_request_read(const struct heard_end *asks, struct request *out)
{
	size_t method = method_length(asks->bytes, asks->length), target;
	const char *bytes = (const char *)asks->bytes, *line_end, *version;

	if (method == asks->length && !asks->ended && method < METHOD_BYTES_MAX)
		return HEARD_MORE;
	if (method < METHOD_BYTES_MIN || method >= asks->length || bytes[method] != ' ')
		return HEARD_FOREIGN;
	line_end = memchr(bytes, '\n', asks->length);
	if (!line_end)
		return asks->ended || asks->length > HEAD_BYTES_MAX / 2 ? HEARD_FOREIGN : HEARD_MORE;
	version = memrchr(bytes, ' ', (size_t)(line_end - bytes));
	if (!version || line_end - version < 9 || memcmp(version, " HTTP/1.", 8) != 0 ||
	    version <= bytes + method)
		return HEARD_FOREIGN;
	target = (size_t)(version - bytes) - method - 1;
	out->method = (struct text){bytes, method};
	out->target = (struct text){bytes + method + 1, target};
	out->length = http_head_length(asks->bytes, asks->length);
	out->whole = out->length > 0;
	if (!out->whole)
		out->length = asks->length;
	http_head_lines(asks->bytes, out->length, &out->head);
	return target ? HEARD_DONE : HEARD_FOREIGN;
}

bool http_request_begins(const uint8_t *bytes, size_t length)
{
	size_t method = method_length(bytes, length);
	static _Thread_local struct request request;
	struct heard_end end = {.bytes = bytes, .length = length};

	if (method < METHOD_BYTES_MIN || method + 1 >= length || bytes[method] != ' ')
		return false;
	return bytes[method + 1] == '/' || bytes[method + 1] == '*' ||
	       http_request_read(&end, &request) == HEARD_DONE;
}

bool http_request_is_proxied(const struct request *request)
{
	return request->target.bytes[0] != '/' && !text_is(request->target, "*");
}

/* What came through a proxy was not written by the one that sends it. */
static bool is_forwarded(const struct request *request)
{
	static const char *const marks[] = {"via", "forwarded", "x-forwarded-for", "x-real-ip"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (http_find(&request->head, marks[i]).length)
			return true;
	return false;
}

void http_request_say_agent(const struct heard *h, const struct request *request, struct fact_list *out)
{
	heard_client_trait(h, SOURCE_HTTP, is_forwarded(request) ? CONFIDENCE_MEASURED : CONFIDENCE_ANNOUNCED,
			   "http.user_agent", http_find(&request->head, "user-agent"), out);
}
