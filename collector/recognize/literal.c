/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a regular expression can't match without: so that it is only tried on texts that hold one of these. Of a sequence the best part counts, of
 * a choice one part of each branch. A wrong answer would lose matches, so whatever is not understood here ends it with "none".
 */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "collector/recognize/pattern.h"

enum { DEPTH_MAX = 12 };

struct set {
	struct pattern_literal item[PATTERN_LITERALS_MAX];
	size_t count;
	int score; /* of the worst */
};

struct reading {
	const char *text;
	size_t length, at;
	bool beyond; /* something is not understood */
};

static bool next_is(const struct reading *r, const char *what)
{
	size_t length = strlen(what);

	return r->length - r->at >= length && memcmp(r->text + r->at, what, length) == 0;
}

static char peek(const struct reading *r)
{
	return r->at < r->length ? r->text[r->at] : 0;
}

static void skip_class(struct reading *r)
{
	r->at++;
	if (peek(r) == '^')
		r->at++;
	if (peek(r) == ']')
		r->at++;
	while (r->at < r->length && r->text[r->at] != ']') {
		if (next_is(r, "[:") || next_is(r, "[.") || next_is(r, "[="))
			r->beyond = true;
		r->at += r->text[r->at] == '\\' ? 2 : 1;
	}
	r->at++;
}

enum repeat { ONCE, MORE, PERHAPS };

static enum repeat repeat(struct reading *r)
{
	enum repeat is = ONCE;

	if (peek(r) == '{') {
		/* What is no quantifier is a brace: then this is only careful. */
		is = isdigit((unsigned char)r->text[r->at + (r->at + 1 < r->length)]) && !next_is(r, "{0")
			     ? MORE
			     : PERHAPS;
		while (r->at < r->length && r->text[r->at] != '}')
			r->at++;
		r->at++;
	} else if (peek(r) && strchr("*?+", peek(r))) {
		is = peek(r) == '+' ? MORE : PERHAPS;
		r->at++;
	}
	while (is != ONCE && peek(r) && strchr("+?", peek(r)))
		r->at++; /* lazy, possessive */
	return is;
}

/* Longer is rarer, but for what stands on every page. */
static int score_of(const struct pattern_literal *literal)
{
	static const char *const common[] = {"<title",	"</title", "content", "http", "server",
					     "mozilla", "class",   "name=",   "linux"};
	int score = (int)literal->length * 2;

	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (memmem(literal->text, literal->length, common[i], strlen(common[i])))
			score -= (int)strlen(common[i]) * 2;
	return score;
}

static void keep_better(struct set *best, const struct set *other)
{
	if (other->count && (!best->count || other->score > best->score))
		*best = *other;
}

static void end_run(struct set *best, struct set *run)
{
	if (run->item[0].length >= PATTERN_LITERAL_MIN) {
		run->count = 1;
		run->score = score_of(&run->item[0]);
		keep_better(best, run);
	}
	run->item[0].length = 0;
	run->count = 0;
}

static struct set choice(struct reading *r, int depth);

/* A group, from its parenthesis to behind its quantifier. Nothing of it counts when it may be absent, or only looks. */
static struct set group(struct reading *r, int depth)
{
	bool looks = next_is(r, "(?=") || next_is(r, "(?!") || next_is(r, "(?<=") || next_is(r, "(?<!");
	struct set set;

	if (next_is(r, "(*") || (next_is(r, "(?") && !looks && !next_is(r, "(?:")))
		r->beyond = true;
	r->at += looks ? (next_is(r, "(?<") ? 4 : 3) : next_is(r, "(?:") ? 3 : 1;
	set = choice(r, depth + 1);
	if (peek(r) != ')')
		r->beyond = true;
	r->at++;
	if (repeat(r) == PERHAPS || looks)
		set.count = 0;
	return set;
}

/* A letter that stands for itself; 0 otherwise. */
static char letter(struct reading *r)
{
	char c = r->text[r->at++];

	if (c != '\\')
		return strchr(".^$*+?{}", c) ? 0 : c;
	c = peek(r);
	r->at++;
	/* \Q…\E, \K, \x41, \p{L}, \1 and the like are more than one sign. */
	if (!c || strchr("QEKxpPNgkocuCRX0123456789", c))
		r->beyond = true;
	return isalnum((unsigned char)c) ? 0 : c;
}

static struct set sequence(struct reading *r, int depth)
{
	struct set best = {.count = 0}, run = {.count = 0}, inner;

	while (r->at < r->length && r->text[r->at] != '|' && r->text[r->at] != ')' && !r->beyond) {
		char c = 0;

		if (peek(r) == '(') {
			inner = group(r, depth);
			end_run(&best, &run);
			keep_better(&best, &inner);
			continue;
		}
		if (peek(r) == '[')
			skip_class(r);
		else
			c = letter(r);
		if (repeat(r) == ONCE && c && run.item[0].length < PATTERN_LITERAL_MAX)
			run.item[0].text[run.item[0].length++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
		else
			end_run(&best, &run);
	}
	end_run(&best, &run);
	return best;
}

static struct set choice(struct reading *r, int depth)
{
	struct set all = {.count = 0};
	bool none = depth > DEPTH_MAX;

	r->beyond |= none;
	for (bool first = true; !r->beyond && (first || peek(r) == '|'); first = false) {
		struct set one;

		r->at += !first;
		one = sequence(r, depth);
		none |= !one.count || all.count + one.count > PATTERN_LITERALS_MAX;
		if (none)
			continue;
		if (first || one.score < all.score)
			all.score = one.score;
		memcpy(all.item + all.count, one.item, one.count * sizeof(one.item[0]));
		all.count += one.count;
	}
	if (none)
		all.count = 0;
	return all;
}

size_t pattern_literals(const char *text, size_t length,
			struct pattern_literal out[static PATTERN_LITERALS_MAX])
{
	struct reading reading = {.text = text, .length = length};
	struct set set = choice(&reading, 0);

	if (reading.beyond || reading.at != length)
		return 0;
	memcpy(out, set.item, set.count * sizeof(set.item[0]));
	return set.count;
}
