/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each clue is looked up in the patterns of its field. What that costs grows with the clue, not with how many definitions there are.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/recognize/inside.h"

enum { EXACT_BYTES_MAX = 300, FOUND_BYTES_MAX = 200, FOUND_BEFORE = 60, EXPRESSIONS_MAX = 64 };

/* One text of a clue in one field. */
struct look {
	struct scene *scene;
	const struct clue *clue;
	const struct page *page; /* that it is of; NULL: none, or the first */
	uint32_t spot;
	enum certainty certainty;
	bool body, web;
	const char *text;
	size_t length;
	uint32_t tried[EXPRESSIONS_MAX];
	size_t tried_count;
};

/* Is it the page that the leaf wants? */
static bool page_fits(const struct look *look, const struct node *node)
{
	const struct page *page = look->page;

	if (!look->web || node->whole_page || (!node->path && !node->low))
		return true;
	if (page && node->path &&
	    (strlen(node->path) != page->path_length || memcmp(node->path, page->path, page->path_length) != 0))
		return false;
	if (!page) {
		if (node->path && node->path[1])
			return false;
		page = page_find(look->scene, look->spot, "/", 1);
	}
	if (!node->low)
		return true;
	if (!page || !page->status)
		return !node->status_given;
	return page->status >= node->low && page->status <= node->high;
}

/* Of a long text what is around the match. */
static void pattern_hit(struct look *look, uint32_t pattern, size_t at)
{
	const struct definitions *definitions = look->scene->definitions;
	struct hit hit = {
		.clue = look->clue, .spot = look->spot, .certainty = look->certainty, .found = look->text};
	size_t from = 0;

	if (look->length > FOUND_BYTES_MAX && at > FOUND_BEFORE)
		from = at - FOUND_BEFORE;
	hit.found += from;
	hit.found_length =
		(uint32_t)(look->length - from > FOUND_BYTES_MAX ? FOUND_BYTES_MAX : look->length - from);
	for (uint32_t use = definitions->pattern[pattern].first_use; use; use = definitions->use[use].next)
		if (page_fits(look, &definitions->node[definitions->use[use].node]))
			scene_hit(look->scene, definitions->use[use].node, hit);
}

static void expression(struct look *look, uint32_t pattern)
{
	struct scene *scene = look->scene;
	struct pattern_span span[PATTERN_GROUPS_MAX];
	int matched;

	for (size_t i = 0; i < look->tried_count; i++)
		if (look->tried[i] == pattern)
			return;
	if (look->tried_count < EXPRESSIONS_MAX)
		look->tried[look->tried_count++] = pattern;
	if (!scene->room)
		scene->room = pattern_room_open();
	if (!scene->room) {
		scene->failed = true;
		return;
	}
	matched = pattern_match(scene->definitions->pattern[pattern].expression, scene->room, look->text,
				look->length, span);
	if (matched < 0)
		scene->left_out++;
	if (matched == 1 &&
	    !(look->body && page_echoes(look->page, (size_t)span[0].from, (size_t)(span[0].to - span[0].from))))
		pattern_hit(look, pattern, (size_t)span[0].from);
}

static void on_needle(void *arg, uint32_t id, size_t at, size_t length)
{
	struct look *look = arg;

	if (look->scene->definitions->pattern[id].how == HOW_EXPRESSION)
		expression(look, id);
	else if (!look->body || !page_echoes(look->page, at, length))
		pattern_hit(look, id, at);
}

static void look_exact(struct look *look, uint32_t field, enum how how, const char *text, size_t length)
{
	uint32_t pattern = pattern_find(look->scene->definitions, field, how, text, length);

	if (pattern)
		pattern_hit(look, pattern, 0);
}

/* Each beginning of the text that ends before this sign. */
static void look_prefixes(struct look *look, uint32_t field, const char *text, size_t length, char sign)
{
	for (size_t i = 1; i <= length && i < EXACT_BYTES_MAX; i++)
		if (i == length || text[i] == sign)
			look_exact(look, field, HOW_PREFIX, text, i);
}

/* The text in a field. */
static void look_in(struct look *look, const char *name, size_t name_length)
{
	const struct definitions *definitions = look->scene->definitions;
	uint32_t at = field_find(definitions, name, name_length);
	const struct field *field = &definitions->field[at];
	char *text;

	if (!at)
		return;
	text = scene_small(look->scene, look->text, look->length);
	if (!text)
		return;
	look->tried_count = 0;
	if (field->exact && look->length < EXACT_BYTES_MAX)
		look_exact(look, at, HOW_EXACT, text, look->length);
	if (field->prefix)
		look_prefixes(look, at, text, look->length, '.');
	if (field->needles)
		needles_search(field->needles, text, look->length, on_needle, look);
	for (uint32_t loose = field->loose; loose; loose = definitions->pattern[loose].next_of_field) {
		if (definitions->pattern[loose].how == HOW_PRESENT)
			pattern_hit(look, loose, 0);
		else
			expression(look, loose);
	}
}

/* --- Clues that are more than a text in the field of their key --- */

static void look_port(struct look *look)
{
	char text[16];
	uint32_t field = field_find(look->scene->definitions, "port", 4);
	int length = snprintf(text, sizeof(text), "%u/%s", look->clue->port_h, look->clue->udp ? "udp" : "tcp");

	if (field)
		look_exact(look, field, HOW_EXACT, text, (size_t)length);
}

static void look_vendor(struct look *look)
{
	char words[EXACT_BYTES_MAX];
	size_t length = words_of(look->text, look->length, words, sizeof(words));
	uint32_t field = field_find(look->scene->definitions, "vendor", 6);

	if (field && length)
		look_prefixes(look, field, words, length, ' ');
}

static void look_address(struct look *look)
{
	const struct definitions *definitions = look->scene->definitions;
	uint32_t field = field_find(definitions, "address", 7);
	unsigned int most;
	const uint64_t *lengths = field ? network_lengths(definitions, look->text, &most) : NULL;

	for (unsigned int bits = 0; lengths && bits <= most; bits++) {
		char form[NETWORK_FORM_MAX];

		if (lengths[bits / 64] >> (bits % 64) & 1)
			look_exact(look, field, HOW_EXACT, form, network_form(look->text, false, bits, form));
	}
}

static void look_header(struct look *look)
{
	const char *rest, *colon;
	char name[100] = "http.header:";
	size_t left, length = page_path(look->text, look->length, &rest, &left), used = strlen(name);

	colon = length ? memchr(rest, ':', left) : NULL;
	if (!colon || (size_t)(colon - rest) >= sizeof(name) - used)
		return;
	look->web = true;
	look->page = page_find(look->scene, look->spot, look->text, length);
	for (const char *at = rest; at < colon; at++)
		name[used++] = small(*at);
	left -= (size_t)(colon + 1 - rest);
	colon++;
	while (left && *colon == ' ')
		colon++, left--;
	look->text = colon;
	look->length = left;
	look_in(look, name, used);
}

static void look_status(struct look *look)
{
	const char *rest;
	size_t left, length = page_path(look->text, look->length, &rest, &left);

	if (!length)
		return;
	look->web = true;
	look->page = page_find(look->scene, look->spot, look->text, length);
	look->length = length; /* the path */
	look_in(look, "http.page", 9);
}

/* "_http._tcp path=/admin" */
static void look_txt(struct look *look)
{
	const char *blank = memchr(look->text, ' ', look->length);
	char name[100] = "mdns.txt:";
	size_t used = strlen(name);

	if (!blank || (size_t)(blank - look->text) >= sizeof(name) - used)
		return;
	for (const char *at = look->text; at < blank; at++)
		name[used++] = small(*at);
	look->length -= (size_t)(blank + 1 - look->text);
	look->text = blank + 1;
	look_in(look, name, used);
}

static void look_server(struct look *look)
{
	look->web = true;
	look_in(look, "http.header:server", 18);
}

static const struct {
	const char *key;
	void (*look)(struct look *);
} special[] = {{"port", look_port},	     {"vendor", look_vendor},	   {"address", look_address},
	       {"http.header", look_header}, {"http.status", look_status}, {"mdns.txt", look_txt},
	       {"http.server", look_server}};

static void look_at_page(struct scene *scene, const struct page *page)
{
	struct look look = {.scene = scene, .clue = page->clue, .page = page, .spot = page->spot, .web = true};
	const char *title;

	if (!page->clue)
		return;
	look.text = page->body;
	look.length = page->body_length;
	look.body = true;
	look_in(&look, "http.body", 9);
	look.body = false;
	look.length = page_title(page->body, page->body_length, &title);
	if (!look.length)
		return;
	look.text = title;
	look_in(&look, "http.title", 10);
}

void look_at_clues(struct scene *scene)
{
	for (size_t i = 0; i < scene->clues; i++) {
		const struct clue *clue = &scene->clue[i];
		struct look look = {.scene = scene,
				    .clue = clue,
				    .spot = scene_spot_of(scene, clue),
				    .text = clue->value,
				    .length = clue->length};

		if (strcmp(clue->key, "http.body") == 0)
			continue;
		for (size_t k = 0; k < sizeof(special) / sizeof(special[0]); k++) {
			struct look its = look;

			if (strcmp(clue->key, special[k].key) == 0)
				special[k].look(&its);
		}
		if (strcmp(clue->key, "port") == 0 || strcmp(clue->key, "vendor") == 0 ||
		    strcmp(clue->key, "address") == 0)
			continue;
		look.web = strncmp(clue->key, "http.", 5) == 0;
		look_in(&look, clue->key, strlen(clue->key));
	}
	for (size_t i = 1; i < scene->pages; i++)
		look_at_page(scene, &scene->page[i]);
}

void look_at_service(struct scene *scene, const char *id, enum certainty certainty, uint32_t spot,
		     const struct clue *because)
{
	struct look look = {.scene = scene,
			    .clue = because,
			    .spot = spot,
			    .certainty = certainty,
			    .text = id,
			    .length = strlen(id)};

	look_in(&look, "service", 7);
}
