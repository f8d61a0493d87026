/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of routes, and what is asked of every request before its function is called: a session, an own origin
 * when it changes something, a body that is JSON.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/api.h"
#include "collector/static.h"

const struct route routes[] = {
	{HTTP_GET, "/api/health", ROUTE_OPEN | ROUTE_NO_DB, api_health},
	{HTTP_GET, "/metrics", ROUTE_METRICS | ROUTE_NO_DB, api_metrics},
	{HTTP_GET, "/api/setup", ROUTE_OPEN, api_setup_state},
	{HTTP_POST, "/api/setup", ROUTE_OPEN, api_setup},
	{HTTP_POST, "/api/auth/login", ROUTE_OPEN, api_login},
	{HTTP_POST, "/api/auth/logout", 0, api_logout},
	{HTTP_POST, "/api/auth/logout-everywhere", 0, api_logout_everywhere},
	{HTTP_POST, "/api/auth/register", ROUTE_OPEN, api_register},
	{HTTP_POST, "/api/auth/update", 0, api_account_update},
	{HTTP_GET, "/api/auth/sessions", 0, api_sessions},
	{HTTP_GET, "/api/auth/me", 0, api_me},
	{HTTP_POST, "/api/invites/check", ROUTE_OPEN, api_invite_check},
	{HTTP_GET, "/api/networks", 0, api_networks},
	{HTTP_GET, "/api/sensors", 0, api_sensors},
	{HTTP_POST, "/api/sensors", 0, api_sensor_create},
	{HTTP_POST, "/api/sensors/{id}/refresh", 0, api_sensor_refresh},
	{HTTP_POST, "/api/sensors/{id}/commands", 0, api_sensor_command},
	{HTTP_GET, "/api/hosts", 0, api_hosts},
	{HTTP_GET, "/api/hosts/{id}/evidence", 0, api_host_evidence},
	{HTTP_GET, "/api/interfaces", 0, api_interfaces},
	{HTTP_GET, "/api/services", 0, api_services},
	{HTTP_GET, "/api/flows", 0, api_flows},
};
const size_t route_count = sizeof(routes) / sizeof(routes[0]);

/* Whether path is this pattern; the id that stands for {id} goes to the call. */
static bool matches(const char *pattern, const char *path, char id[static ID_TEXT_MAX])
{
	const char *hole = strstr(pattern, "{id}");
	size_t before = hole ? (size_t)(hole - pattern) : 0;

	if (!hole)
		return strcmp(pattern, path) == 0;
	if (strncmp(pattern, path, before) != 0 || strlen(path) < before + ID_TEXT_MAX - 1 ||
	    !id_valid(path + before, ID_TEXT_MAX - 1) || strcmp(hole + 4, path + before + ID_TEXT_MAX - 1) != 0)
		return false;
	memcpy(id, path + before, ID_TEXT_MAX - 1);
	id[ID_TEXT_MAX - 1] = 0;
	return true;
}

static bool origin_is(const char *origin, const char *host, size_t length)
{
	const char *at = strstr(origin, "://");

	return at && length && strncmp(at + 3, host, length) == 0 && !at[3 + length];
}

bool route_origin_own(const struct app *app, const struct http_head *head)
{
	const char *public_url = app->settings->public_url;

	if (strncmp(head->origin, "http://", 7) != 0 && strncmp(head->origin, "https://", 8) != 0)
		return false;
	if (origin_is(head->origin, head->host, strlen(head->host)))
		return true;
	if (!public_url || !strstr(public_url, "://"))
		return false;
	public_url = strstr(public_url, "://") + 3;
	return origin_is(head->origin, public_url, strcspn(public_url, "/"));
}

static bool token_is(const char *authorization, const char *token)
{
	uint8_t given[SECRET_HASH_BYTES], wanted[SECRET_HASH_BYTES];

	if (!token || !*token || strncmp(authorization, "Bearer ", 7) != 0)
		return false;
	secret_hash(authorization + 7, strlen(authorization + 7), given);
	secret_hash(token, strlen(token), wanted);
	return secret_equal(given, wanted);
}

/* NULL, or why the caller may not; *status then says how. */
static const char *admit(struct api_call *call, const struct route *route, int *status)
{
	const struct http_head *head = &call->request->head;
	const struct app *app = call->app;
	const struct auth_session *who;

	if (route->method == HTTP_POST && head->origin[0] && !route_origin_own(app, head)) {
		*status = 403;
		return "this request comes from another site; if a proxy stands before the collector, see "
		       "--public-url";
	}
	who = auth_session_of(app->auth, head);
	if (who) {
		call->who = *who;
		call->signed_in = true;
	}
	if (!(route->flags & ROUTE_NO_DB) && !db_up(app->db)) {
		*status = 503;
		return "the database is away for the moment; try again";
	}
	if (call->signed_in || (route->flags & ROUTE_OPEN))
		return NULL;
	if ((route->flags & ROUTE_METRICS) && token_is(head->authorization, app->settings->metrics_token))
		return NULL;
	*status = auth_known(app->auth) ? 401 : 503;
	return auth_known(app->auth) ? "sign in first" : "the database is away for the moment; try again";
}

static const char *read_body(struct api_call *call)
{
	struct http_request *request = call->request;
	const char *why;

	if (!request->body_length)
		return NULL;
	/* A form of another site can't send this type without asking first. */
	if (strncmp(request->head.content_type, "application/json", 16) != 0)
		return "the body must be application/json";
	if (json_read(request->body, request->body_length, &call->body, &why) < 0)
		return "the body is not JSON";
	return json_kind(call->body) == JSON_OBJECT ? NULL : "the body must be a JSON object";
}

static void run(struct api_call *call, const struct route *route)
{
	int status = 400;
	const char *why = admit(call, route, &status);

	if (!why)
		why = read_body(call);
	if (why)
		api_refuse(call, status, why);
	else
		route->answer(call);
}

void route_request(void *arg, struct http_request *request)
{
	struct app *app = arg;
	const char *path = request->head.path;
	enum http_method method = request->head.method == HTTP_HEAD ? HTTP_GET : request->head.method;
	bool api = strncmp(path, "/api/", 5) == 0 || strcmp(path, "/metrics") == 0, known = false;
	struct api_call *call;

	if (!api && method == HTTP_GET) {
		static_answer(app->files, request);
		return;
	}
	call = calloc(1, sizeof(*call));
	if (!call) {
		http_answer_static(request, 503, "text/plain", "there is no memory\n", 19);
		return;
	}
	call->app = app;
	call->request = request;
	for (size_t i = 0; i < route_count; i++) {
		if (!matches(routes[i].path, path, call->id))
			continue;
		known = true;
		if (routes[i].method == method) {
			run(call, &routes[i]);
			return;
		}
	}
	api_refuse(call, known || !api ? 405 : 404,
		   known || !api ? "this method is not for this path" : "there is nothing at this path");
}
