// SPDX-License-Identifier: BSD-2-Clause
/* JSON in datagrams. See json.h. */
#include "sensor/decode/json.h"

#include <errno.h>

struct walk {
	const char *at, *end;
	void (*member)(void *to, const struct json_member *);
	void *to;
	/* What is open, outermost first: '{' or '[', and for an object the member at hand. */
	unsigned int depth;
	struct level {
		char kind;
		struct json_member member;
		const char *value;
	} level[JSON_DEPTH_MAX];
};

static void skip_blanks(struct walk *w)
{
	while (w->at < w->end && strchr(" \t\r\n", *w->at) && *w->at)
		w->at++;
}

static bool take(struct walk *w, char wanted)
{
	skip_blanks(w);
	if (w->at == w->end || *w->at != wanted)
		return false;
	w->at++;
	return true;
}

/* A string from its opening quote on. *plain: it has no escapes. */
static bool take_string(struct walk *w, struct text *out, bool *plain)
{
	if (!take(w, '"'))
		return false;
	*plain = true;
	out->bytes = w->at;
	while (w->at < w->end && *w->at != '"') {
		if ((unsigned char)*w->at < ' ')
			return false;
		if (*w->at == '\\') {
			*plain = false;
			w->at++;
			if (w->at == w->end)
				return false;
		}
		w->at++;
	}
	if (w->at == w->end)
		return false;
	out->length = (size_t)(w->at - out->bytes);
	w->at++;
	return true;
}

/* A number, true, false or null. */
static bool take_word(struct walk *w, struct text *out)
{
	static const char *const words[] = {"true", "false", "null"};

	out->bytes = w->at;
	while (w->at < w->end && *w->at && strchr("+-.0123456789abcdefghijklmnopqrstuvwxyzE", *w->at))
		w->at++;
	out->length = (size_t)(w->at - out->bytes);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (out->length == strlen(words[i]) && !memcmp(out->bytes, words[i], out->length))
			return true;
	if (!out->length || (out->bytes[0] != '-' && (out->bytes[0] < '0' || out->bytes[0] > '9')))
		return false;
	for (size_t i = 0; i < out->length; i++)
		if (!strchr("+-.0123456789eE", out->bytes[i]))
			return false;
	return true;
}

static bool take_key(struct walk *w)
{
	struct level *level = &w->level[w->depth - 1];
	bool plain;

	level->member = (struct json_member){.depth = w->depth};
	if (!take_string(w, &level->member.key, &plain) || !take(w, ':'))
		return false;
	skip_blanks(w);
	level->value = w->at;
	return true;
}

/* The value of the innermost level's member has ended. text: a string's, or NULL. */
static void tell(struct walk *w, const struct text *text, bool plain)
{
	struct level *level;

	if (!w->depth || w->level[w->depth - 1].kind != '{')
		return;
	level = &w->level[w->depth - 1];
	level->member.value = text ? *text : (struct text){level->value, (size_t)(w->at - level->value)};
	level->member.string = text && plain;
	w->member(w->to, &level->member);
}

/* A value begins: a string or a word is over at once, of an object or an array only its start is taken. -1: neither. */
static int take_value(struct walk *w)
{
	struct text text;
	bool plain;

	skip_blanks(w);
	if (w->at == w->end)
		return -1;
	if (*w->at == '{' || *w->at == '[') {
		if (w->depth == JSON_DEPTH_MAX)
			return -1;
		w->level[w->depth++].kind = *w->at++;
		return 1;
	}
	if (*w->at == '"') {
		if (!take_string(w, &text, &plain))
			return -1;
		tell(w, &text, plain);
		return 0;
	}
	if (!take_word(w, &text))
		return -1;
	tell(w, NULL, false);
	return 0;
}

/* After a value: what closes, and then what comes next. False: neither. */
static bool close_levels(struct walk *w, bool opened)
{
	while (w->depth) {
		bool object = w->level[w->depth - 1].kind == '{';

		if (take(w, object ? '}' : ']')) {
			w->depth--;
			tell(w, NULL, false);
			opened = false;
			continue;
		}
		if (!opened && !take(w, ','))
			return false;
		return !object || take_key(w);
	}
	return true;
}

int json_walk(struct text text, void (*member)(void *to, const struct json_member *), void *to)
{
	struct walk w = {.at = text.bytes, .end = text.bytes + text.length, .member = member, .to = to};
	int opened;

	do {
		opened = take_value(&w);
		if (opened < 0 || !close_levels(&w, opened == 1))
			return -EBADMSG;
	} while (w.depth);
	skip_blanks(&w);
	return w.at == w.end ? 0 : -EBADMSG;
}
