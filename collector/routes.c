/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of routes that are no resource's. What is not here, and not made from the table of resources, is not served; what
 * is here is in the OpenAPI document, and called as each role by a test.
 */
#include "collector/resource.h"

const struct schema_field schema_none[] = {{0}};
static const struct schema_field sign_in[] = {
	{"email", SCHEMA_TEXT, SCHEMA_REQUIRED, 3, 254, NULL, "The account's e-mail address"},
	{"password", SCHEMA_TEXT, SCHEMA_REQUIRED, 1, 256, NULL, "Its password"},
	{0},
};
static const struct schema_field sensor_new[] = {
	{"name", SCHEMA_TEXT, SCHEMA_REQUIRED, 1, 100, NULL, "What it is called"},
	{"network_id", SCHEMA_ID, 0, 0, 0, NULL, "The network it watches; without one, the first"},
	{0},
};

static const struct route fixed[] = {
	{HTTP_GET, "/api/health", ROUTE_OPEN | ROUTE_NO_DB, ROLE_ANY, api_health, "Whether the collector works",
	 NULL, NULL, NULL},
	{HTTP_GET, "/metrics", ROUTE_METRICS | ROUTE_NO_DB, ROLE_VIEWER, api_metrics, "Figures for Prometheus",
	 NULL, NULL, NULL},
	{HTTP_GET, "/api/version", ROUTE_OPEN | ROUTE_NO_DB, ROLE_ANY, api_version,
	 "The version of API and collector", NULL, NULL, NULL},
	{HTTP_GET, "/api/metadata", ROUTE_OPEN | ROUTE_NO_DB, ROLE_ANY, api_metadata,
	 "Types, styles and colours that things may have", NULL, NULL, NULL},
	{HTTP_GET, "/api/openapi.json", ROUTE_OPEN | ROUTE_NO_DB, ROLE_ANY, api_openapi, "This document", NULL,
	 NULL, NULL},
	{HTTP_GET, "/api/setup", ROUTE_OPEN, ROLE_ANY, api_setup_state,
	 "Whether the first account is still to be made", NULL, NULL, NULL},
	{HTTP_POST, "/api/setup", ROUTE_OPEN | ROUTE_LOOSE, ROLE_ANY, api_setup,
	 "Make the first account, with the token that the collector printed", NULL, NULL, NULL},
	{HTTP_POST, "/api/auth/login", ROUTE_OPEN, ROLE_ANY, api_login, "Sign in", NULL, sign_in, NULL},
	{HTTP_POST, "/api/auth/logout", ROUTE_SESSION, ROLE_ANY, api_logout, "Sign out", NULL, schema_none,
	 NULL},
	{HTTP_GET, "/api/auth/me", 0, ROLE_ANY, api_me, "Who one is", NULL, NULL, NULL},
	{HTTP_POST, "/api/auth/logout-everywhere", ROUTE_LOOSE | ROUTE_SESSION, ROLE_ANY, api_logout_everywhere,
	 "Sign out everywhere", NULL, NULL, NULL},
	{HTTP_POST, "/api/auth/register", ROUTE_OPEN | ROUTE_LOOSE, ROLE_ANY, api_register, "Make an account",
	 NULL, NULL, NULL},
	{HTTP_POST, "/api/auth/update", ROUTE_LOOSE | ROUTE_SESSION, ROLE_ANY, api_account_update,
	 "Change one's own account", NULL, NULL, NULL},
	{HTTP_GET, "/api/auth/sessions", ROUTE_SESSION, ROLE_ANY, api_sessions, "Where one is signed in", NULL,
	 NULL, NULL},
	{HTTP_POST, "/api/invites/check", ROUTE_OPEN | ROUTE_LOOSE, ROLE_ANY, api_invite_check,
	 "What an invitation is for", NULL, NULL, NULL},
	{HTTP_POST, "/api/sensors", 0, ROLE_ADMIN, api_sensor_create,
	 "Make a sensor and its key, which is shown once", NULL, sensor_new, NULL},
	{HTTP_POST, "/api/sensors/{id}/refresh", 0, ROLE_MEMBER, api_sensor_refresh,
	 "Have a sensor say again all that it holds", NULL, schema_none, NULL},
	{HTTP_POST, "/api/sensors/{id}/commands", ROUTE_LOOSE, ROLE_MEMBER, api_sensor_command,
	 "Send a sensor a command", NULL, NULL, NULL},
	{HTTP_POST, "/api/discovery/start-session", 0, ROLE_MEMBER, api_session_start, "Run a discovery now",
	 NULL, session_start_fields, NULL},
	{HTTP_GET, "/api/discovery/active-sessions", 0, ROLE_VIEWER, api_session_active,
	 "Sessions that wait or run", NULL, NULL, NULL},
	{HTTP_POST, "/api/discovery/{session_id}/cancel", 0, ROLE_MEMBER, api_session_cancel,
	 "Cancel a session", NULL, schema_none, NULL},
	{HTTP_GET, "/api/hosts/{id}/evidence", 0, ROLE_VIEWER, api_host_evidence, "Why a host is what it is",
	 NULL, NULL, NULL},
	{HTTP_GET, "/api/dashboard/summary", 0, ROLE_VIEWER, api_dashboard, "How many there are of each", NULL,
	 NULL, NULL},
	{HTTP_PUT, "/api/tags/assign", 0, ROLE_MEMBER, api_tags_assign, "Give a thing these tags and no others",
	 NULL, tags_assign_fields, NULL},
	{HTTP_POST, "/api/tags/assign/bulk-add", 0, ROLE_MEMBER, api_tags_add, "Give many things a tag", NULL,
	 tags_bulk_fields, NULL},
	{HTTP_POST, "/api/tags/assign/bulk-remove", 0, ROLE_MEMBER, api_tags_remove,
	 "Take a tag from many things", NULL, tags_bulk_fields, NULL},
	{HTTP_POST, "/api/topology/{id}/node-position", 0, ROLE_MEMBER, api_topology_step,
	 "Put a node in its place", NULL, topology_position_fields, NULL},
	{HTTP_POST, "/api/topology/{id}/node-resize", 0, ROLE_MEMBER, api_topology_step, "Give a node its size",
	 NULL, topology_size_fields, NULL},
	{HTTP_POST, "/api/topology/{id}/edge-handles", 0, ROLE_MEMBER, api_topology_step,
	 "Choose where an edge begins and ends", NULL, topology_handle_fields, NULL},
	{HTTP_POST, "/api/topology/{id}/metadata", 0, ROLE_MEMBER, api_topology_step,
	 "Change a topology's name and options", NULL, topology_metadata_fields, NULL},
	{HTTP_POST, "/api/topology/{id}/lock", 0, ROLE_MEMBER, api_topology_step, "Lock a topology", NULL,
	 schema_none, NULL},
	{HTTP_POST, "/api/topology/{id}/unlock", 0, ROLE_MEMBER, api_topology_step, "Unlock a topology", NULL,
	 schema_none, NULL},
	{HTTP_POST, "/api/topology/{id}/rebuild", 0, ROLE_MEMBER, api_topology_step,
	 "Forget what was placed by hand", NULL, schema_none, NULL},
	{HTTP_POST, "/api/topology/{id}/refresh", 0, ROLE_MEMBER, api_topology_step,
	 "Note that a topology was looked through", NULL, schema_none, NULL},
	{HTTP_POST, "/api/shares", 0, ROLE_MEMBER, api_share_store, "Make a share", NULL, share_fields, NULL},
	{HTTP_PUT, "/api/shares/{id}", 0, ROLE_MEMBER, api_share_store, "Change a share", NULL, share_fields,
	 NULL},
	{HTTP_GET, "/api/shares/public/{id}", ROUTE_OPEN, ROLE_ANY, api_share_public,
	 "What a link shows, for who has it", NULL, NULL, NULL},
	{HTTP_POST, "/api/shares/public/{id}/verify", ROUTE_OPEN, ROLE_ANY, api_share_verify,
	 "Whether a share's password is right", NULL, share_verify_fields, NULL},
};
enum { FIXED_COUNT = sizeof(fixed) / sizeof(fixed[0]) };

size_t route_count(void)
{
	return FIXED_COUNT + resource_route_count();
}

const struct route *route_at(size_t i)
{
	return i < FIXED_COUNT ? &fixed[i] : resource_route_at(i - FIXED_COUNT);
}
