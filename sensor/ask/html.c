// SPDX-License-Identifier: BSD-2-Clause
/* Title, icon, and a form that can be compared. See html.h. */
#include "sensor/ask/html.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sensor/ask/http.h"
#include "sensor/text.h"

enum {
	TOKEN_CHARACTERS_MIN = 24, /* letters and digits in one run: nobody's word */
	TOKEN_DIGITS_MIN = 4,
	TIME_DIGITS_MIN = 10, /* digits alone: seconds since 1970, or longer */
	LINKS_MAX = 64,	      /* looked through for an icon */
};

static const char ellipsis[] = "…";

static struct text from(struct text text, size_t at)
{
	return (struct text){text.bytes + at, text.length - at};
}

static bool blank(char c)
{
	return isspace((unsigned char)c) || c == 0;
}

/* One entity at the front; returns its length in the text with *out, or 0. */
static size_t entity(struct text text, char *out)
{
	static const struct {
		const char *name;
		char character;
	} named[] = {{"&amp;", '&'},  {"&lt;", '<'},	{"&gt;", '>'},
		     {"&quot;", '"'}, {"&apos;", '\''}, {"&nbsp;", ' '}};
	long code = 0;

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if (text_begins(text, named[i].name)) {
			*out = named[i].character;
			return strlen(named[i].name);
		}
	}
	if (!text_begins(text, "&#"))
		return 0;
	for (size_t i = 2; i < text.length && i < 6; i++) {
		if (text.bytes[i] == ';' && code >= ' ' && code < 0x7f) {
			*out = (char)code;
			return i + 1;
		}
		if (!isdigit((unsigned char)text.bytes[i]))
			return 0;
		code = code * 10 + (text.bytes[i] - '0');
	}
	return 0;
}

size_t html_title(struct text page, char out[static HTML_TITLE_BYTES_MAX])
{
	size_t used = 0, at = text_find(page, "<title"), end;
	struct text title = from(page, at);
	const char *open = title.length ? memchr(title.bytes, '>', title.length) : NULL;

	if (!open)
		return 0;
	title = from(title, (size_t)(open + 1 - title.bytes));
	end = text_find(title, "</title");
	title.length = end;
	for (size_t i = 0; i < title.length && used < HTML_TITLE_BYTES_MAX;) {
		char c = title.bytes[i];
		size_t length = c == '&' ? entity(from(title, i), &c) : 0;

		i += length ? length : 1;
		if (blank(c))
			c = ' ';
		if (c == ' ' && (!used || out[used - 1] == ' '))
			continue;
		out[used++] = c;
	}
	while (used && out[used - 1] == ' ')
		used--;
	return used;
}

/* The value of an attribute within a tag, without its quotes. */
static struct text attribute(struct text tag, const char *name)
{
	while (tag.length) {
		size_t at = text_find(tag, name), length = strlen(name);
		struct text rest;
		char quote;

		if (at == tag.length)
			break;
		rest = from(tag, at + length);
		if (at && !blank(tag.bytes[at - 1]) && tag.bytes[at - 1] != '"' && tag.bytes[at - 1] != '\'') {
			tag = rest;
			continue;
		}
		while (rest.length && blank(*rest.bytes))
			rest = from(rest, 1);
		if (!rest.length || *rest.bytes != '=') {
			tag = rest;
			continue;
		}
		rest = from(rest, 1);
		while (rest.length && blank(*rest.bytes))
			rest = from(rest, 1);
		if (!rest.length)
			break;
		quote = *rest.bytes == '"' || *rest.bytes == '\'' ? *rest.bytes : 0;
		if (quote)
			rest = from(rest, 1);
		for (size_t i = 0; i < rest.length; i++) {
			if (quote ? rest.bytes[i] == quote : blank(rest.bytes[i])) {
				rest.length = i;
				break;
			}
		}
		return rest;
	}
	return (struct text){};
}

struct text html_icon(struct text page)
{
	for (unsigned int i = 0; i < LINKS_MAX; i++) {
		size_t at = text_find(page, "<link");
		struct text tag = from(page, at), rel;
		const char *end = tag.length ? memchr(tag.bytes, '>', tag.length) : NULL;

		if (!end)
			break;
		tag.length = (size_t)(end - tag.bytes);
		rel = attribute(tag, "rel");
		if (text_find(rel, "icon") < rel.length && text_find(rel, "mask") == rel.length)
			return attribute(tag, "href");
		page = from(page, at + tag.length);
	}
	return (struct text){};
}

/* Without "scheme://HOST" when that is this server; false: it is elsewhere, or no path at all. */
static bool same_server(struct text host, struct text *to)
{
	size_t scheme = text_begins(*to, "http://")    ? 7
			: text_begins(*to, "https://") ? 8
			: text_begins(*to, "//")       ? 2
						       : 0;
	const char *colon;

	if (scheme) {
		struct text rest = from(*to, scheme);
		const char *slash = rest.length ? memchr(rest.bytes, '/', rest.length) : NULL;
		size_t length = slash ? (size_t)(slash - rest.bytes) : rest.length;

		if (length != host.length || strncasecmp(rest.bytes, host.bytes, length) != 0)
			return false;
		*to = slash ? from(rest, length) : TEXT("/");
		return true;
	}
	/* data:, javascript:, another scheme: a colon before any slash. */
	colon = to->length ? memchr(to->bytes, ':', to->length) : NULL;
	return !colon || memchr(to->bytes, '/', (size_t)(colon - to->bytes)) ||
	       memchr(to->bytes, '?', (size_t)(colon - to->bytes));
}

size_t html_resolve(struct text path, struct text host, struct text to, char out[static HTML_PATH_BYTES_MAX])
{
	const char *hash = to.length ? memchr(to.bytes, '#', to.length) : NULL;
	size_t folder = 0;

	if (hash)
		to.length = (size_t)(hash - to.bytes);
	if (!to.length || !same_server(host, &to))
		return 0;
	if (*to.bytes != '/') {
		if (to.length > 2 && !memcmp(to.bytes, "./", 2))
			to = from(to, 2);
		for (size_t i = 0; i < path.length && path.bytes[i] != '?'; i++)
			if (path.bytes[i] == '/')
				folder = i + 1;
	}
	if (folder + to.length > HTML_PATH_BYTES_MAX)
		return 0;
	for (size_t i = 0; i < to.length; i++)
		if ((unsigned char)to.bytes[i] <= ' ' || to.bytes[i] == 0x7f)
			return 0;
	if (*to.bytes != '/' && !folder)
		return 0;
	memcpy(out, path.bytes, folder);
	memcpy(out + folder, to.bytes, to.length);
	return folder + to.length;
}

static bool token_character(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '+' || c == '-';
}

/* How long the run at the front is if it is a token or a time; else 0. *run: how long it is anyway. */
static size_t token(struct text text, size_t *run)
{
	size_t length = 0, digits = 0;

	while (length < text.length && token_character(text.bytes[length]))
		digits += isdigit((unsigned char)text.bytes[length++]) != 0;
	*run = length;
	if (digits == length)
		return digits >= TIME_DIGITS_MIN ? length : 0;
	return length >= TOKEN_CHARACTERS_MIN && digits >= TOKEN_DIGITS_MIN ? length : 0;
}

size_t html_fold(struct text page, char *out, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < page.length;) {
		size_t run = 0, skip;

		if (blank(page.bytes[i])) {
			if (used && out[used - 1] != ' ' && used < size)
				out[used++] = ' ';
			i++;
			continue;
		}
		skip = token(from(page, i), &run);
		if (skip) {
			if (used + sizeof(ellipsis) - 1 > size)
				break;
			memcpy(out + used, ellipsis, sizeof(ellipsis) - 1);
			used += sizeof(ellipsis) - 1;
			i += skip;
			continue;
		}
		if (!run)
			run = 1;
		if (run > size - used)
			break;
		memcpy(out + used, page.bytes + i, run);
		used += run;
		i += run;
	}
	while (used && out[used - 1] == ' ')
		used--;
	return used;
}
