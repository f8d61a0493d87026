/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions behind every resource's routes, and the routes themselves, made once from the table.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/resource.h"

enum {
	LIMIT_DEFAULT = 50,
	LIMIT_MAX = 1000,
	LIMIT_ALL = 100000,
	ROUTES_EACH = 7,
	RESOURCES_MAX = 40,
	BULK_MAX = 5000,
	LOCKED = API_FIRST + 1, /* the first reply of what changes something, after api_lock() */
};

static const struct schema_field list_fields[] = {
	{"limit", SCHEMA_INTEGER, 0, 0, LIMIT_MAX, NULL, "How many at most (50); 0 for all"},
	{"offset", SCHEMA_INTEGER, 0, 0, 1000000000, NULL, "How many to leave out before them"},
	{"order_by", SCHEMA_TEXT, 0, 1, 40, NULL, "The field by which they are ordered"},
	{"order_direction", SCHEMA_CHOICE, 0, 0, 0, "asc|desc", "Which way"},
	{"search", SCHEMA_TEXT, 0, 1, 200, NULL, "Only those in which this text occurs"},
	{"network_id", SCHEMA_ID, 0, 0, 0, NULL, "Only those of this network"},
	{"ids", SCHEMA_IDS, 0, 0, 200, NULL, "Only these"},
};
enum { LIST_FIELDS = sizeof(list_fields) / sizeof(list_fields[0]), FILTERS_MAX = 16 };

static const struct schema_field bulk_fields[] = {
	{"ids", SCHEMA_IDS, SCHEMA_REQUIRED, 0, BULK_MAX, NULL, "Those that are to go"},
	{0},
};

struct listing {
	enum statement statement;
	char network_id[ID_TEXT_MAX], limit[24], offset[24];
};

static struct route made[RESOURCES_MAX * ROUTES_EACH];
static struct schema_field queries[RESOURCES_MAX][LIST_FIELDS + FILTERS_MAX + 1];
static char paths[RESOURCES_MAX][4][64], summaries[RESOURCES_MAX][ROUTES_EACH][96];
static size_t made_count;

/* The statement of a list in the order that is asked for; false when it has none of that name. */
static bool list_statement(const struct resource *resource, const char *order, bool down, enum statement *out)
{
	int place = 0;

	for (size_t i = 0; i < statement_order_count; i++) {
		if (statement_orders[i].base != resource->list)
			continue;
		if (!*order || strcmp(statement_orders[i].name, order) == 0) {
			*out = (enum statement)((int)resource->list + 2 * place + down);
			return true;
		}
		place++;
	}
	return false;
}

/* What a query says of a list; false with the call answered. */
static struct listing *listing_read(struct api_call *call)
{
	const struct resource *resource = call->route->resource;
	const struct http_head *head = &call->request->head;
	struct listing *listing = calloc(1, sizeof(*listing));
	char order[48] = "", direction[8] = "", number[24];
	long limit = LIMIT_DEFAULT;

	if (!listing) {
		api_refuse(call, 503, "there is no memory");
		return NULL;
	}
	call->context = listing;
	http_query(head, "order_by", order, sizeof(order));
	http_query(head, "order_direction", direction, sizeof(direction));
	if (!list_statement(resource, order, strcmp(direction, "desc") == 0, &listing->statement)) {
		api_refuse(call, 400, "these can't be ordered by that field; see /api/openapi.json");
		return NULL;
	}
	if (http_query(head, "limit", number, sizeof(number)) && *number)
		limit = strtol(number, NULL, 10);
	snprintf(listing->limit, sizeof(listing->limit), "%ld", limit ? limit : LIMIT_ALL);
	if (!http_query(head, "offset", listing->offset, sizeof(listing->offset)) || !*listing->offset)
		snprintf(listing->offset, sizeof(listing->offset), "0");
	http_query(head, "network_id", listing->network_id, sizeof(listing->network_id));
	return listing;
}

static void add_list(struct api_call *call, struct db_session *s)
{
	const struct listing *listing = call->context;

	api_act(call, s, listing->network_id);
	DB_ADD(s, listing->statement, call->query.bytes, listing->limit, listing->offset);
}

static void on_list(struct api_call *call, const struct db_reply *reply)
{
	const struct listing *listing = call->context;

	api_answer_list(call, db_value(reply, API_FIRST + 1, 0, 0), db_integer(reply, API_FIRST + 1, 0, 1),
			listing->limit, listing->offset);
}

static void resource_list(struct api_call *call)
{
	if (listing_read(call))
		api_query(call, false, add_list, on_list);
}

/* CSV: the list, then its lines by PostgreSQL, so that the loop does not wait. */

struct csv {
	struct listing listing; /* first: add_list() reads it */
	char *rows;
	struct buffer columns;
};

static void csv_forget(void *context)
{
	struct csv *csv = context;

	free(csv->rows);
	buffer_free(&csv->columns);
}

static void on_lines(struct api_call *call, const struct db_reply *reply)
{
	const struct resource *resource = call->route->resource;
	struct buffer out = {0};
	char disposition[96];

	snprintf(disposition, sizeof(disposition), "attachment; filename=\"%s.csv\"", resource->many);
	http_header(call->request, "content-disposition", disposition);
	buffer_text(&out, db_value(reply, API_FIRST, 0, 0));
	api_answer_raw(call, "text/csv; charset=utf-8", &out);
}

static void add_lines(struct api_call *call, struct db_session *s)
{
	struct csv *csv = call->context;

	DB_ADD(s, SQL_CSV_LINES, csv->rows, array_text(&csv->columns));
	DB_ADD(s, SQL_AUDIT_EXPORT, call->route->resource->one);
	free(csv->rows);
	csv->rows = NULL;
}

static void on_rows(struct api_call *call, const struct db_reply *reply)
{
	struct csv *csv = call->context;
	const char *rows = db_value(reply, API_FIRST + 1, 0, 0);

	csv->rows = strdup(rows ? rows : "[]");
	if (csv->rows)
		api_query(call, false, add_lines, on_lines);
	else
		api_refuse(call, 503, "there is no memory");
}

static void resource_csv(struct api_call *call)
{
	const struct resource *resource = call->route->resource;
	struct listing *listing = listing_read(call);
	struct csv *csv;

	if (!listing)
		return;
	csv = calloc(1, sizeof(*csv));
	if (!csv) {
		api_refuse(call, 503, "there is no memory");
		return;
	}
	csv->listing = *listing;
	snprintf(csv->listing.limit, sizeof(csv->listing.limit), "%d", LIMIT_ALL);
	free(listing);
	call->context = csv;
	call->forget = csv_forget;
	for (const struct schema_field *field = resource->fields; field->name; field++)
		if (!(field->flags & SCHEMA_WRITE))
			array_add_text(&csv->columns, field->name);
	api_query(call, false, add_list, on_rows);
}

static bool missing(struct api_call *call, const struct db_reply *reply, size_t query)
{
	char message[96];

	if (db_rows(reply, query))
		return false;
	snprintf(message, sizeof(message), "there is no such %s", call->route->resource->one);
	api_refuse(call, 404, message);
	return true;
}

static void answer_thing(struct api_call *call, const struct db_reply *reply, size_t query)
{
	api_etag(call, db_value(reply, query, 0, 1));
	api_answer_text(call, db_value(reply, query, 0, 0));
}

static void add_get(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, call->route->resource->get, call->id);
}

static void on_get(struct api_call *call, const struct db_reply *reply)
{
	if (!missing(call, reply, API_FIRST))
		answer_thing(call, reply, API_FIRST);
}

static void resource_get(struct api_call *call)
{
	api_query(call, false, add_get, on_get);
}

static bool body_right(struct api_call *call)
{
	const struct resource *resource = call->route->resource;
	const char *why = resource->check ? resource->check(call) : NULL;

	if (why && *why)
		api_refuse(call, 400, why);
	return !why;
}

static void add_create(struct api_call *call, struct db_session *s)
{
	/* A check of the body may have given it its id. */
	if (!call->id[0])
		id_random(call->id);
	api_lock(s, call->route->resource->one, NULL, call->fields.bytes);
	DB_ADD(s, call->route->resource->create, call->id, call->fields.bytes);
}

static void on_create(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, LOCKED))
		answer_thing(call, reply, LOCKED);
	else
		api_refuse(call, 404, "what it is to belong to is not there, or is not yours");
}

static void resource_create(struct api_call *call)
{
	if (body_right(call))
		api_query(call, false, add_create, on_create);
}

static void refuse_change(struct api_call *call, const struct db_reply *reply)
{
	const char *asked = call->context, *is = db_value(reply, LOCKED, 0, 1);

	if (asked && is && strcmp(asked, is) != 0)
		api_refuse(call, 412, "somebody else has changed it since you read it: read it again");
	else
		api_refuse(call, 403, "this is not yours to change");
}

/* The revision that the caller expects, kept for the answer; false with the call answered. */
static bool revision_read(struct api_call *call)
{
	const char *revision;

	if (!api_if_match(call, &revision))
		return false;
	call->context = revision ? strdup(revision) : NULL;
	if (revision && !call->context)
		api_refuse(call, 503, "there is no memory");
	return !revision || call->context;
}

/* What is to be changed, after its network is locked; its id as an array. */
static const char *add_one(struct api_call *call, struct db_session *s, struct buffer *space)
{
	const char *ids;

	array_add_text(space, call->id);
	ids = array_text(space);
	api_lock(s, call->route->resource->one, ids, NULL);
	DB_ADD(s, call->route->resource->get, call->id);
	return ids;
}

static void add_update(struct api_call *call, struct db_session *s)
{
	struct buffer space = {0};

	add_one(call, s, &space);
	buffer_free(&space);
	DB_ADD(s, call->route->resource->update, call->id, call->fields.bytes, call->context);
}

static void on_update(struct api_call *call, const struct db_reply *reply)
{
	if (missing(call, reply, LOCKED))
		return;
	if (db_rows(reply, LOCKED + 1))
		answer_thing(call, reply, LOCKED + 1);
	else
		refuse_change(call, reply);
}

static void resource_update(struct api_call *call)
{
	if (body_right(call) && revision_read(call))
		api_query(call, false, add_update, on_update);
}

static void add_delete(struct api_call *call, struct db_session *s)
{
	struct buffer space = {0};

	DB_ADD(s, call->route->resource->remove, add_one(call, s, &space), call->context);
	buffer_free(&space);
}

static void on_delete(struct api_call *call, const struct db_reply *reply)
{
	if (missing(call, reply, LOCKED))
		return;
	if (db_rows(reply, LOCKED + 1))
		api_answer_text(call, NULL);
	else
		refuse_change(call, reply);
}

static void resource_delete(struct api_call *call)
{
	if (revision_read(call))
		api_query(call, false, add_delete, on_delete);
}

static void add_bulk(struct api_call *call, struct db_session *s)
{
	const struct json *ids = json_get(call->body, "ids");
	struct buffer array = {0};
	const char *text, *which;
	size_t length;

	for (size_t i = 0; i < json_count(ids); i++)
		if (json_text(json_at(ids, i), &text, &length))
			array_add_text(&array, text);
	which = array_text(&array);
	api_lock(s, call->route->resource->one, which, NULL);
	DB_ADD(s, call->route->resource->remove, which, NULL);
	buffer_free(&array);
}

static void on_bulk(struct api_call *call, const struct db_reply *reply)
{
	struct buffer out = {0};

	buffer_printf(&out, "{\"deleted\":%zu}", db_rows(reply, LOCKED));
	api_answer(call, &out);
}

static void resource_bulk(struct api_call *call)
{
	api_query(call, false, add_bulk, on_bulk);
}

/* The routes. */

static void add_route(size_t resource, enum http_method method, const char *path, enum role role,
		      void (*answer)(struct api_call *), const char *verb, const char *what,
		      const struct schema_field *query, const struct schema_field *body)
{
	struct route *route = &made[made_count++];
	size_t i = 0;

	while (summaries[resource][i][0])
		i++;
	snprintf(summaries[resource][i], sizeof(summaries[resource][i]), "%s %s", verb, what);
	for (char *at = summaries[resource][i]; (at = strchr(at, '_'));)
		*at = ' ';
	*route = (struct route){
		.method = method,
		.path = path,
		.role = role,
		.flags = (resources[resource].can & RESOURCE_SESSION ? ROUTE_SESSION : 0U) |
			 (resources[resource].can & RESOURCE_WHOLE && method != HTTP_GET ? ROUTE_WHOLE : 0U),
		.answer = answer,
		.summary = summaries[resource][i],
		.query = query,
		.body = body,
		.resource = &resources[resource]};
}

static void add_routes(size_t i)
{
	const struct resource *r = &resources[i];
	const char *all = paths[i][0], *one = paths[i][1], *bulk = paths[i][2], *csv = paths[i][3];
	size_t count = LIST_FIELDS;

	memcpy(queries[i], list_fields, sizeof(list_fields));
	for (const struct schema_field *filter = r->filters;
	     filter && filter->name && count < LIST_FIELDS + FILTERS_MAX; filter++)
		queries[i][count++] = *filter;
	snprintf(paths[i][0], sizeof(paths[i][0]), "/api/%s", r->path);
	snprintf(paths[i][1], sizeof(paths[i][1]), "/api/%s/{id}", r->path);
	snprintf(paths[i][2], sizeof(paths[i][2]), "/api/%s/bulk-delete", r->path);
	snprintf(paths[i][3], sizeof(paths[i][3]), "/api/%s/export/csv", r->path);
	add_route(i, HTTP_GET, all, r->read, resource_list, "List", r->many, queries[i], NULL);
	add_route(i, HTTP_GET, csv, r->read, resource_csv, "As CSV:", r->many, queries[i], NULL);
	if (r->can & RESOURCE_CREATE)
		add_route(i, HTTP_POST, all, r->write, resource_create, "Add to the", r->many, NULL, r->fields);
	if (r->can & RESOURCE_DELETE)
		add_route(i, HTTP_POST, bulk, r->write, resource_bulk, "Remove many", r->many, NULL,
			  bulk_fields);
	if (r->can & RESOURCE_GET)
		add_route(i, HTTP_GET, one, r->read, resource_get, "Show one of the", r->many, NULL, NULL);
	if (r->can & RESOURCE_UPDATE)
		add_route(i, HTTP_PUT, one, r->write, resource_update, "Change one of the", r->many, NULL,
			  r->fields);
	if (r->can & RESOURCE_DELETE)
		add_route(i, HTTP_DELETE, one, r->write, resource_delete, "Remove one of the", r->many, NULL,
			  NULL);
}

static void routes_make(void)
{
	if (made_count)
		return;
	for (size_t i = 0; i < resource_count && i < RESOURCES_MAX; i++)
		add_routes(i);
}

size_t resource_route_count(void)
{
	routes_make();
	return made_count;
}

const struct route *resource_route_at(size_t i)
{
	routes_make();
	return &made[i];
}
