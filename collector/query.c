/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Small parts of a request's head, taken apart: a cookie, a value of the query.
 */
#include <ctype.h>
#include <string.h>

#include "collector/http.h"

bool http_cookie(const struct http_head *head, const char *name, char *out, size_t size)
{
	size_t length = strlen(name);

	for (const char *at = head->cookie; *at;) {
		size_t value;

		at += strspn(at, "; ");
		value = strcspn(at, ";");
		if (strncmp(at, name, length) == 0 && at[length] == '=') {
			value -= length + 1;
			if (value >= size)
				return false;
			memcpy(out, at + length + 1, value);
			out[value] = 0;
			return true;
		}
		at += value;
	}
	return false;
}

static int digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

bool http_query(const struct http_head *head, const char *key, char *out, size_t size)
{
	size_t length = strlen(key), used = 0;
	const char *at = head->query, *end;

	while (*at && !(strncmp(at, key, length) == 0 && at[length] == '=')) {
		at += strcspn(at, "&");
		at += *at == '&';
	}
	if (!*at)
		return false;
	at += length + 1;
	end = at + strcspn(at, "&");
	while (at < end) {
		char c = *at++;

		if (c == '%' && end - at >= 2 && isxdigit((unsigned char)at[0]) &&
		    isxdigit((unsigned char)at[1])) {
			c = (char)(digit(at[0]) << 4 | digit(at[1]));
			at += 2;
		}
		if (!c || used + 1 >= size)
			return false;
		out[used++] = c;
	}
	out[used] = 0;
	return true;
}
