/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a regular expression can't match without: so that it is only tried on texts that hold that. Whatever is not understood here ends a run
 * of letters; a choice at the top ends everything. A wrong answer would lose matches, so the doubt is always on the side of "none".
 */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "collector/recognize/pattern.h"

/* Past a group or a class that begins at i; length when it does not end. */
static size_t skip_class(const char *text, size_t length, size_t i)
{
	i++;
	if (i < length && text[i] == '^')
		i++;
	if (i < length && text[i] == ']')
		i++;
	while (i < length && text[i] != ']') {
		if (text[i] == '\\')
			i++;
		else if (text[i] == '[' && i + 1 < length && strchr(":.=", text[i + 1]))
			return length; /* [[:alpha:]] */
		i++;
	}
	return i < length ? i + 1 : length;
}

static size_t skip_group(const char *text, size_t length, size_t i)
{
	int depth = 0;

	while (i < length) {
		if (text[i] == '\\') {
			i += 2;
		} else if (text[i] == '[') {
			i = skip_class(text, length, i);
		} else {
			depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
			i++;
			if (!depth)
				return i;
		}
	}
	return length;
}

/* Is what ends at i repeated, perhaps no times? Returns how long the quantifier is. */
static size_t quantifier(const char *text, size_t length, size_t i)
{
	size_t at = i;

	if (at < length && text[at] == '{') {
		while (at < length && text[at] != '}')
			at++;
		at++;
	} else if (at < length && strchr("*+?", text[at])) {
		at++;
	}
	while (at > i && at < length && strchr("+?", text[at]))
		at++; /* lazy, possessive */
	return (at > length ? length : at) - i;
}

struct run {
	char text[256];
	size_t length;
};

static void keep_longer(struct run *best, struct run *run)
{
	if (run->length > best->length)
		*best = *run;
	run->length = 0;
}

/* A choice at the top, \Q, comments or inline options: nothing is sure. */
static bool beyond_us(const char *text, size_t length)
{
	for (size_t i = 0; i < length;) {
		if (text[i] == '\\' && i + 1 < length &&
		    (text[i + 1] == 'Q' || text[i + 1] == 'E' || text[i + 1] == 'K'))
			return true;
		if (text[i] == '\\')
			i += 2;
		else if (text[i] == '[')
			i = skip_class(text, length, i);
		else if (text[i] == '(' && i + 1 < length && text[i + 1] == '*')
			return true; /* a verb */
		else if (text[i] == '(' && i + 2 < length && text[i + 1] == '?' && text[i + 2] != ':' &&
			 text[i + 2] != '=' && text[i + 2] != '!' && text[i + 2] != '<')
			return true;
		else if (text[i] == '(')
			i = skip_group(text, length, i);
		else if (text[i] == '|')
			return true;
		else
			i++;
	}
	return false;
}

size_t pattern_literal(const char *text, size_t length, char *out, size_t size)
{
	struct run best = {.length = 0}, run = {.length = 0};

	if (length >= sizeof(run.text) || beyond_us(text, length))
		return 0;
	for (size_t i = 0; i < length;) {
		unsigned char c = (unsigned char)text[i];
		bool letter = true;
		size_t more;

		if (c == '\\') {
			c = i + 1 < length ? (unsigned char)text[i + 1] : 0;
			letter = c && !isalnum(c) && c < 0x80;
			i += 2;
			/* \x41, \p{L}, \1 and the like may be longer than two. */
			if (!letter && c && strchr("xpPNgkocu0123456789", c))
				return 0;
		} else if (c == '[' || c == '(') {
			i = c == '[' ? skip_class(text, length, i) : skip_group(text, length, i);
			letter = false;
		} else {
			letter = !strchr(".^$)*+?{}", c);
			i++;
		}
		more = i < length ? quantifier(text, length, i) : 0;
		if (letter && !more && run.length < sizeof(run.text))
			run.text[run.length++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
		else
			keep_longer(&best, &run);
		i += more;
	}
	keep_longer(&best, &run);
	if (best.length > size)
		best.length = size;
	memcpy(out, best.text, best.length);
	return best.length;
}
