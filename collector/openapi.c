/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The OpenAPI 3.1 document, written from the table of routes: what is not in the table is not served, and what is
 * served is in the document.
 */
#include <stdio.h>
#include <string.h>

#include "collector/resource.h"

static const char *const methods[] = {[HTTP_GET] = "get",
				      [HTTP_HEAD] = "head",
				      [HTTP_POST] = "post",
				      [HTTP_PUT] = "put",
				      [HTTP_DELETE] = "delete"};

static void text(struct buffer *out, const char *key, const char *value)
{
	buffer_key(out, key);
	buffer_json(out, value, strlen(value));
}

/* get /api/hosts/{id}/evidence → get_hosts_id_evidence. */
static void operation_id(struct buffer *out, const struct route *route)
{
	char id[160];
	size_t used = (size_t)snprintf(id, sizeof(id), "%s", methods[route->method]);
	const char *at = strncmp(route->path, "/api", 4) == 0 ? route->path + 4 : route->path;

	for (; *at && used + 2 < sizeof(id); at++) {
		if (*at == '{' || *at == '}')
			continue;
		id[used++] = strchr("/-.", *at) ? '_' : *at;
	}
	id[used] = 0;
	text(out, "operationId", id);
}

/* The first word below /api/ is the subject. */
static void subject(struct buffer *out, const struct route *route)
{
	const char *at = strncmp(route->path, "/api/", 5) == 0 ? route->path + 5 : route->path + 1;

	buffer_text(out, ",\"tags\":[");
	buffer_json(out, at, strcspn(at, "/"));
	buffer_text(out, "]");
}

static void parameters(struct buffer *out, const struct route *route)
{
	bool first = true;

	buffer_text(out, ",\"parameters\":[");
	for (const char *at = strchr(route->path, '{'); at; at = strchr(at + 1, '{')) {
		size_t length = strcspn(at + 1, "}");
		bool id = length >= 2 && memcmp(at + length - 1, "id", 2) == 0;

		buffer_text(out, first ? "{\"name\":" : ",{\"name\":");
		buffer_json(out, at + 1, length);
		buffer_printf(out, ",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"%s}}",
			      id ? ",\"format\":\"uuid\"" : "");
		first = false;
	}
	for (const struct schema_field *field = route->query; field && field->name; field++) {
		buffer_text(out, first ? "{" : ",{");
		text(out, "name", field->name);
		text(out, "in", "query");
		buffer_printf(out, ",\"required\":%s", field->flags & SCHEMA_REQUIRED ? "true" : "false");
		if (field->type == SCHEMA_IDS)
			buffer_text(out, ",\"style\":\"form\",\"explode\":false");
		if (field->about)
			text(out, "description", field->about);
		buffer_key(out, "schema");
		schema_describe(field, out);
		buffer_text(out, "}");
		first = false;
	}
	if (route->resource && (route->method == HTTP_PUT || route->method == HTTP_DELETE))
		buffer_printf(out,
			      "%s{\"name\":\"If-Match\",\"in\":\"header\",\"required\":false,\"schema\":{"
			      "\"type\":\"string\"},"
			      "\"description\":\"The ETag that was read: refused with 412 when somebody else "
			      "has changed it since\"}",
			      first ? "" : ",");
	buffer_text(out, "]");
}

static void body(struct buffer *out, const struct route *route)
{
	enum schema_use use = route->method == HTTP_PUT ? SCHEMA_FOR_UPDATE : SCHEMA_FOR_CREATE;

	if (route->flags & ROUTE_FILE) {
		buffer_text(out, ",\"requestBody\":{\"required\":true,\"content\":{\"application/"
				 "octet-stream\":{\"schema\":{"
				 "\"type\":\"string\",\"format\":\"binary\"}}}}");
		return;
	}
	if (!route->body && !(route->flags & ROUTE_LOOSE && route->method != HTTP_GET))
		return;
	buffer_text(out, ",\"requestBody\":{\"content\":{\"application/json\":{\"schema\":");
	if (route->body)
		schema_describe_all(route->body, true, use, out);
	else
		buffer_text(out, "{\"type\":\"object\"}");
	buffer_text(out, "}}}");
}

/* What the answer's data is: the thing, a list of it, or whatever the route's words say. */
static void answers(struct buffer *out, const struct route *route)
{
	const struct resource *r = route->resource;
	size_t length = strlen(route->path);
	bool whole = r && route->body == r->fields,
	     list = r && route->method == HTTP_GET && !strchr(route->path, '{'),
	     csv = length > 4 && strcmp(route->path + length - 4, "/csv") == 0;

	buffer_text(out, ",\"responses\":{\"200\":{\"description\":\"It is so\",\"content\":{");
	if (csv) {
		buffer_text(out, "\"text/csv\":{\"schema\":{\"type\":\"string\"}}");
	} else {
		buffer_text(out, "\"application/json\":{\"schema\":{\"allOf\":[{\"$ref\":\"#/components/"
				 "schemas/Envelope\"},"
				 "{\"properties\":{\"data\":");
		if (list)
			buffer_printf(out,
				      "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/%s\"}}",
				      r->one);
		else if (whole || (r && route->method == HTTP_GET))
			buffer_printf(out, "{\"$ref\":\"#/components/schemas/%s\"}", r->one);
		else
			buffer_text(out, "{}");
		buffer_text(out, "}}]}}");
	}
	buffer_text(out, "}},\"default\":{\"description\":\"Refused: error says why, in words\",\"content\":"
			 "{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/Envelope\"}}}}}");
}

static void operation(struct buffer *out, const struct route *route)
{
	static const char *const roles[] = {"whoever is signed in", "a viewer", "a member", "an administrator",
					    "an owner"};
	char about[160];

	buffer_key(out, methods[route->method]);
	buffer_text(out, "{");
	text(out, "summary", route->summary ? route->summary : route->path);
	snprintf(about, sizeof(about), "For %s%s.", route->flags & ROUTE_OPEN ? "anyone" : roles[route->role],
		 route->flags & ROUTE_SESSION ? ", signed in, not by a key" : "");
	text(out, "description", about);
	operation_id(out, route);
	subject(out, route);
	buffer_printf(out, ",\"x-role\":\"%s\",\"x-open\":%s", role_name(route->role),
		      route->flags & ROUTE_OPEN ? "true" : "false");
	if (route->flags & ROUTE_OPEN)
		buffer_text(out, ",\"security\":[]");
	parameters(out, route);
	body(out, route);
	answers(out, route);
	buffer_text(out, "}");
}

/* Paths are listed where they come first; all their methods together. */
static bool listed_before(size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(route_at(j)->path, route_at(i)->path) == 0)
			return true;
	return false;
}

static void paths(struct buffer *out)
{
	buffer_key(out, "paths");
	buffer_text(out, "{");
	for (size_t i = 0; i < route_count(); i++) {
		if (listed_before(i))
			continue;
		buffer_key(out, route_at(i)->path);
		buffer_text(out, "{");
		for (size_t j = i; j < route_count(); j++)
			if (strcmp(route_at(j)->path, route_at(i)->path) == 0)
				operation(out, route_at(j));
		buffer_text(out, "}");
	}
	buffer_text(out, "}");
}

static void components(struct buffer *out)
{
	buffer_text(out,
		    ",\"components\":{\"securitySchemes\":{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\","
		    "\"name\":\"" AUTH_COOKIE "\"},\"key\":{\"type\":\"http\",\"scheme\":\"bearer\"}},"
		    "\"schemas\":{\"Envelope\":{\"type\":\"object\",\"properties\":{"
		    "\"success\":{\"type\":\"boolean\"},\"data\":{},\"error\":{\"type\":[\"string\",\"null\"]},"
		    "\"meta\":{\"type\":"
		    "\"object\",\"properties\":{\"api_version\":{\"type\":\"integer\"},\"server_version\":{"
		    "\"type\":\"string\"},"
		    "\"pagination\":{\"type\":\"object\",\"properties\":{\"total\":{\"type\":\"integer\"},"
		    "\"limit\":{\"type\":\"integer\"},"
		    "\"offset\":{\"type\":\"integer\"}}}}}},\"required\":[\"success\",\"data\",\"error\","
		    "\"meta\"]}");
	for (size_t i = 0; i < resource_count; i++) {
		buffer_key(out, resources[i].one);
		schema_describe_all(resources[i].fields, false, SCHEMA_FOR_CREATE, out);
	}
	buffer_text(out, "}}");
}

void api_openapi(struct api_call *call)
{
	struct buffer out = {0};

	buffer_text(&out,
		    "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"NetVisor\",\"version\":\"" NETVISOR_VERSION
		    "\",\"license\":{\"name\":\"BSD-2-Clause\",\"identifier\":\"BSD-2-Clause\"}},"
		    "\"security\":[{\"session\":[]},{\"key\":[]}]");
	paths(&out);
	components(&out);
	buffer_text(&out, "}");
	api_answer_raw(call, "application/json", &out);
}
