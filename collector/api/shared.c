/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a link shows to a stranger: the picture as one document, or page by page when it is large. Who has given the
 * password shows it by a token, which is made of what only the database knows of the share, and so ends with it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/api.h"
#include "collector/static.h"

enum {
	PAGE_ROWS = 20000,
	READERS_MAX = 2, /* pictures that are read at once; people who are signed in need connections too */
	HELD_BYTES_MAX = 64 << 20, /* of pictures that slow readers have not taken yet; past it nobody begins */
	TAG_MAX = 48,
};

#define TOKEN_PREFIX "nvt_"
#define KINDS "subnet|host|interface|service|binding|group|neighbor|link|flow"
#define FROM_THE_FIRST "00000000-0000-0000-0000-000000000000"

const struct schema_field share_picture_fields[] = {
	{"entity", SCHEMA_CHOICE, 0, 0, 0, KINDS, "Only more rows of this kind"},
	{"after", SCHEMA_ID, 0, 0, 0, NULL, "Those after this one: `next` of the page before"},
	{0},
};

static const char *const kinds[] = {"subnet", "host",	  "interface", "service", "binding",
				    "group",  "neighbor", "link",      "flow"};
enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

static size_t readers, held;

struct picture {
	char *hash; /* the password's, or NULL */
	char entity[16], after[ID_TEXT_MAX];
	bool reading;
};

static void forget(void *context)
{
	struct picture *picture = context;

	readers -= picture->reading;
	free(picture->hash);
}

void share_token(const char *id, const char *password_hash, const char *secret, long long expires_s,
		 char out[static SHARE_TOKEN_MAX])
{
	char key[PASSWORD_HASH_MAX + ID_TEXT_MAX], text[ID_TEXT_MAX + 32], sign[SECRET_TEXT_MAX];

	snprintf(key, sizeof(key), "%s%s", secret, password_hash);
	snprintf(text, sizeof(text), "%s|%lld", id, expires_s);
	snprintf(out, SHARE_TOKEN_MAX, TOKEN_PREFIX "%lld.%s", expires_s, secret_sign(key, text, sign));
	secret_wipe(key, sizeof(key));
}

/* Whether the request shows that the password was given. */
static bool token_right(const struct api_call *call, const char *password_hash, const char *secret)
{
	const char *given = call->request->head.authorization;
	uint8_t theirs[SECRET_HASH_BYTES], ours[SECRET_HASH_BYTES];
	char wanted[SHARE_TOKEN_MAX];
	long long expires;

	if (strncmp(given, "Bearer " TOKEN_PREFIX, strlen("Bearer " TOKEN_PREFIX)) != 0)
		return false;
	given += strlen("Bearer ");
	expires = strtoll(given + strlen(TOKEN_PREFIX), NULL, 10);
	share_token(call->id, password_hash, secret, expires, wanted);
	secret_hash(given, strlen(given), theirs);
	secret_hash(wanted, strlen(wanted), ours);
	return secret_equal(theirs, ours) && expires > (long long)time(NULL);
}

static void add_rows(struct api_call *call, struct db_session *s)
{
	const struct picture *picture = call->context;
	char most[16];

	snprintf(most, sizeof(most), "%d", PAGE_ROWS);
	if (!picture->entity[0])
		DB_ADD(s, SQL_SHARE_HEAD, call->id, picture->hash);
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (!picture->entity[0] || strcmp(picture->entity, kinds[i]) == 0)
			DB_ADD(s, SQL_SHARE_ROWS, call->id, picture->hash, kinds[i], picture->after, most);
}

static void on_rows(struct api_call *call, const struct db_reply *reply)
{
	const struct picture *picture = call->context;
	const char *head = picture->entity[0] ? "{}" : db_value(reply, API_FIRST, 0, 0);
	size_t query = API_FIRST + !picture->entity[0];
	struct buffer out = {0}, next = {0};

	if (!head) {
		api_refuse(call, 404, "there is no such share, or it has ended");
		return;
	}
	/* The object is left open. */
	buffer_add(&out, head, strlen(head) - 1);
	buffer_key(&out, "entities");
	buffer_text(&out, "{");
	buffer_text(&next, "{");
	for (size_t i = 0; i < KIND_COUNT; i++) {
		if (picture->entity[0] && strcmp(picture->entity, kinds[i]) != 0)
			continue;
		buffer_key(&out, kinds[i]);
		buffer_text(&out, db_value(reply, query, 0, 0));
		if (db_integer(reply, query, 0, 1) == PAGE_ROWS) {
			buffer_key(&next, kinds[i]);
			buffer_printf(&next, "\"%s\"", db_value(reply, query, 0, 2));
		}
		query++;
	}
	buffer_text(&next, "}");
	buffer_text(&out, "}");
	buffer_key(&out, "next");
	if (!next.failed)
		buffer_add(&out, next.bytes, next.length);
	out.failed |= next.failed;
	buffer_free(&next);
	buffer_text(&out, "}");
	api_answer(call, &out);
}

static void on_key(struct api_call *call, const struct db_reply *reply)
{
	struct picture *picture = call->context;
	const char *hash = db_value(reply, API_FIRST, 0, 0);
	char tag[TAG_MAX];

	if (!db_rows(reply, API_FIRST)) {
		api_refuse(call, 404, "there is no such share, or it has ended");
		return;
	}
	if (hash && !token_right(call, hash, db_value(reply, API_FIRST, 0, 1))) {
		api_refuse(call, 401, "this share asks for a password");
		return;
	}
	snprintf(tag, sizeof(tag), "\"%.40s\"", db_value(reply, API_FIRST, 0, 2));
	if (strstr(call->request->head.if_none_match, tag)) {
		http_header(call->request, "etag", tag);
		api_unchanged(call);
		return;
	}
	if (readers >= READERS_MAX || held >= HELD_BYTES_MAX) {
		http_header(call->request, "retry-after", "2");
		api_refuse(call, 503, "many are looking at pictures just now; try again in a moment");
		return;
	}
	picture->reading = true;
	readers++;
	http_count(call->request, &held);
	picture->hash = hash ? strdup(hash) : NULL;
	http_header(call->request, "etag", tag);
	api_query(call, false, add_rows, on_rows);
}

static void add_key(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_SHARE_KEY, call->id);
}

void api_share_picture(struct api_call *call)
{
	struct picture *picture = calloc(1, sizeof(*picture));

	if (!picture) {
		api_refuse(call, 503, "there is no memory");
		return;
	}
	call->context = picture;
	call->forget = forget;
	http_query(&call->request->head, "entity", picture->entity, sizeof(picture->entity));
	if (!http_query(&call->request->head, "after", picture->after, sizeof(picture->after)) ||
	    !picture->after[0])
		snprintf(picture->after, sizeof(picture->after), FROM_THE_FIRST);
	api_query(call, false, add_key, on_key);
}

/* A page for a frame. */
struct embed {
	struct app *app;
	struct http_request *request;
	char id[ID_TEXT_MAX];
};

/* A host's name, with `*.` before it or a port behind it; not a scheme, nor all sites. */
static bool is_site(const char *domain, size_t length)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
	size_t start = length > 2 && strncmp(domain, "*.", 2) == 0 ? 2 : 0;
	size_t name = strspn(domain + start, letters), digits = 0;

	if (domain[start + name] == ':')
		digits = strspn(domain + start + name + 1, "0123456789");
	return name && start + name + (digits ? 1 + digits : 0) == length;
}

/* What was stored before domains were checked as they are now is left out, not trusted. */
static void allow(struct http_request *request, const char *domains)
{
	char sites[sizeof(request->framed_by)] = "";
	size_t used = 0;

	while (*domains) {
		size_t length = strcspn(domains, " ");

		if (is_site(domains, length) && used + length + 2 < sizeof(sites))
			used += (size_t)sprintf(sites + used, "%s%.*s", used ? " " : "", (int)length, domains);
		domains += length + (domains[length] == ' ');
	}
	http_framed_by(request, sites);
}

static void embed_answer(struct embed *embed)
{
	http_header(embed->request, "x-robots-tag", "noindex");
	static_answer(embed->app->files, embed->request);
	free(embed);
}

static void on_embed(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct embed *embed = arg;

	if (!db_error(reply) && db_rows(reply, API_FIRST))
		allow(embed->request, db_value(reply, API_FIRST, 0, 3));
	db_end(s);
	embed_answer(embed);
}

static void embed_start(void *arg, struct db_session *s)
{
	struct embed *embed = arg;

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "");
	DB_ADD(s, SQL_SHARE_PUBLIC, embed->id);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_embed, embed);
}

bool share_embed(struct app *app, struct http_request *request)
{
	const char *path = request->head.path, *id = path + strlen("/embed/");
	struct embed *embed;

	if (strncmp(path, "/share/", strlen("/share/")) == 0)
		http_header(request, "x-robots-tag", "noindex");
	if (strncmp(path, "/embed/", strlen("/embed/")) != 0 || !id_valid(id, strlen(id)))
		return false;
	embed = calloc(1, sizeof(*embed));
	if (!embed)
		return false;
	*embed = (struct embed){.app = app, .request = request};
	snprintf(embed->id, sizeof(embed->id), "%s", id);
	/* Who may frame it may have changed, which an answer of 304 would not say to every browser. */
	request->head.if_none_match[0] = 0;
	if (!db_up(app->db) || db_begin(app->db, embed_start, embed))
		embed_answer(embed);
	return true;
}
