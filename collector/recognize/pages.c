/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pages of a host's web servers, put together again from traits that each say a little of one: "PATH 200", "PATH name: value", "PATH text".
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collector/recognize/inside.h"

enum { BODY_BYTES_MAX = 64 << 10, PATH_BYTES_MAX = 256 };

size_t page_path(const char *value, size_t length, const char **rest, size_t *rest_length)
{
	/* "*": a page in traffic, of which it is only known that it is none that was asked for. */
	const char *blank = length && (value[0] == '/' || value[0] == '*') ? memchr(value, ' ', length) : NULL;

	if (!blank || blank - value > PATH_BYTES_MAX)
		return 0;
	*rest = blank + 1;
	*rest_length = length - (size_t)(blank + 1 - value);
	return (size_t)(blank - value);
}

const struct page *page_find(const struct scene *scene, uint32_t spot, const char *path, size_t length)
{
	/* The first page is nobody's: 0 ends the chain. */
	for (uint32_t at = scene->spot[spot].first_page; at; at = scene->page[at].next)
		if (scene->page[at].path_length == length && memcmp(scene->page[at].path, path, length) == 0)
			return &scene->page[at];
	return NULL;
}

static struct page *page_make(struct scene *scene, uint32_t spot, const char *path, size_t length)
{
	struct page *page = (struct page *)page_find(scene, spot, path, length);

	if (page || !spot)
		return page;
	if (!scene->pages)
		scene->pages = 1;
	if (!grow((void **)&scene->page, scene->pages, &scene->page_room, sizeof(*scene->page))) {
		scene->failed = true;
		return NULL;
	}
	page = &scene->page[scene->pages];
	*page = (struct page){.path = path,
			      .path_length = (uint32_t)length,
			      .spot = spot,
			      .next = scene->spot[spot].first_page};
	scene->spot[spot].first_page = (uint32_t)scene->pages++;
	return page;
}

static void add_body(struct scene *scene, struct page *page, const struct clue *clue, const char *text,
		     size_t length)
{
	if (page->body_length + length > BODY_BYTES_MAX) {
		scene->left_out++;
		return;
	}
	if (page->body_length + length + 1 > page->body_room) {
		size_t room = (page->body_length + length) * 2 + 64;
		char *grown = realloc(page->body, room);

		if (!grown) {
			scene->failed = true;
			return;
		}
		page->body = grown;
		page->body_room = (uint32_t)room;
	}
	memcpy(page->body + page->body_length, text, length);
	page->body_length += (uint32_t)length;
	page->body[page->body_length] = 0;
	if (!page->clue)
		page->clue = clue;
}

void pages_gather(struct scene *scene)
{
	for (size_t i = 0; i < scene->clues; i++) {
		const struct clue *clue = &scene->clue[i];
		bool status = strcmp(clue->key, "http.status") == 0, body = strcmp(clue->key, "http.body") == 0;
		const char *rest;
		size_t left, length;
		struct page *page;

		if (!clue->port_h || (!status && !body && strcmp(clue->key, "http.header") != 0))
			continue;
		length = page_path(clue->value, clue->length, &rest, &left);
		page = length ? page_make(scene, scene_spot_of(scene, clue), clue->value, length) : NULL;
		if (page && status)
			page->status = (uint16_t)strtoul(rest, NULL, 10);
		else if (page && body)
			add_body(scene, page, clue, rest, left);
	}
}

static size_t find_small(const char *text, size_t length, const char *word)
{
	size_t width = strlen(word);

	for (size_t i = 0; i + width <= length; i++)
		if (text[i] == word[0] && strncasecmp(text + i, word, width) == 0)
			return i;
	return length;
}

size_t page_title(const char *body, size_t length, const char **out)
{
	size_t at = find_small(body, length, "<title"), end;
	const char *open = at < length ? memchr(body + at, '>', length - at) : NULL;

	if (!open)
		return 0;
	at = (size_t)(open + 1 - body);
	end = find_small(body + at, length - at, "</title");
	if (at + end >= length)
		return 0;
	*out = body + at;
	return end;
}

/* Pages that say what was asked for ("/zabbix was not found") say nothing of what they are. */
bool page_echoes(const struct page *page, size_t at, size_t length)
{
	size_t width = page->path_length;

	if (width < 2 || length > width)
		return false;
	for (size_t from = at + length > width ? at + length - width : 0;
	     from <= at && from + width <= page->body_length; from++)
		if (strncasecmp(page->body + from, page->path, width) == 0)
			return true;
	return false;
}
