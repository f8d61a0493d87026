/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests below /api, and /metrics. A call is one request on its way: who asks, what, and how it is answered. One table of
 * routes (route.c) says which function answers what; a function answers exactly once, then or later.
 */
#ifndef COLLECTOR_API_H
#define COLLECTOR_API_H

#include <stdbool.h>

#include "collector/app.h"
#include "collector/auth.h"
#include "collector/buffer.h"
#include "collector/db.h"
#include "collector/http.h"
#include "collector/json.h"
#include "collector/role.h"
#include "collector/schema.h"

struct resource;

enum route_flags {
	ROUTE_OPEN = 1,	   /* without a session */
	ROUTE_NO_DB = 2,   /* also while the database is away */
	ROUTE_METRICS = 4, /* with a session or --metrics-token */
	ROUTE_SESSION = 8, /* not with a key */
	ROUTE_FREE = 64,   /* as often as one likes: a probe's */
	ROUTE_WHOLE = 32,  /* not with a key that is for some networks only */
	ROUTE_LOOSE = 16,  /* its query and body are looked at by the function alone */
	ROUTE_FILE =
		128, /* its body is a file, of any form but a form's, and may be as large as IMPORT_BYTES_MAX */
};

enum { API_WORD_MAX = 129 };

struct api_call {
	struct app *app;
	struct http_request *request;
	bool signed_in;
	struct auth_session who; /* a copy, when signed_in */
	enum role role;		 /* of who */
	const struct route *route;
	char id[ID_TEXT_MAX];	 /* the first {id} of the path, of whatever name ends in id */
	char other[ID_TEXT_MAX]; /* the second */
	char word[API_WORD_MAX]; /* the {word} of the path: any other name */
	struct json *body;	 /* an object, for POST and PUT with a body; else NULL */
	struct buffer query,
		fields; /* what query and body hold by the route's tables, as JSON objects for PostgreSQL */
	/* The database's part: what to add to the transaction, and what to do with its reply. */
	void (*add)(struct api_call *, struct db_session *);
	void (*done)(struct api_call *, const struct db_reply *);
	bool tries;		       /* done gets failures too */
	void *context;		       /* of whoever answers; freed with the call */
	void (*forget)(void *context); /* before that; may be NULL */
};

/* A query of LIST_QUERY's fields before its own; a body is checked before the function is called. */
struct route {
	enum http_method method;
	const char *path; /* {id}, {other_id}: UUIDs; one {word} may stand in it */
	unsigned int flags;
	enum role role; /* the least that may; ROLE_ANY for who is signed in at all */
	void (*answer)(struct api_call *);
	const char *summary;			 /* for people, in the OpenAPI document */
	const struct schema_field *query, *body; /* NULL: none */
	const struct resource *resource;	 /* for resource.c's own functions; else NULL */
};

/* All routes: the table of route.c, and those that each resource has. */
const struct route *route_at(size_t i);
size_t route_count(void);

/* For http.c: every request that is not an upgrade. */
void route_request(void *app, struct http_request *);
/* For http.c: how large the body of a request may be, by who asks and what for. */
size_t route_body_max(void *app, const struct http_head *);
/* An Origin that is the collector's own: the host that was asked, or --public-url. */
bool route_origin_own(const struct app *, const struct http_head *);

/* Answer {"success":true,"data":…}; takes and frees the buffer. The call is over. */
void api_answer(struct api_call *, struct buffer *data);
/* Answer with JSON that is one value of a reply, or null. */
void api_answer_text(struct api_call *, const char *json);
/* A page of a list: an array as JSON, and how many there are in all. */
void api_answer_list(struct api_call *, const char *json, int64_t total, const char *limit, const char *offset);
/* Answer with the buffer as it is. */
void api_answer_raw(struct api_call *, const char *type, struct buffer *body);
/* Answer 304: what the caller has is what there is. */
void api_unchanged(struct api_call *);
/* Send the browser elsewhere: a path of ours, or a whole URL. */
void api_redirect(struct api_call *, const char *to);
/* Answer {"success":false,"error":…}. */
void api_refuse(struct api_call *, int status, const char *message);
/*
 * The words for a reply that failed; 503 when the database is away. What PostgreSQL refuses for a reason of the caller's is said in its
 * words: 403 for what is not theirs to change, 409 for what is there already, 400 for a value, and whatever status
 * a function raised (SQLSTATE NV400 to NV499, its message as it is).
 */
void api_refuse_reply(struct api_call *, const struct db_reply *);
/*
 * One transaction for who asks (or for the system): add is called with the session after it was begun, and done with
 * the reply, in which add's first statement has index API_FIRST. done answers. On an error the call is answered here.
 */
enum { API_FIRST = 2 };
void api_query(struct api_call *, bool system, void (*add)(struct api_call *, struct db_session *),
	       void (*done)(struct api_call *, const struct db_reply *));
/* Say for whom this transaction is, once more, in one network only ("" for all). */
void api_act(struct api_call *, struct db_session *, const char *network_id);
/*
 * Before things are changed: lock the networks of those that have these ids (an array of PostgreSQL, or NULL), and the one that a
 * body names (NULL: none). kind: as a resource calls one of them.
 */
void api_lock(struct db_session *, const char *kind, const char *ids, const char *fields);
/* False, with the call answered, when the role is less. */
bool api_role(struct api_call *, enum role least);
/* What the caller said of the revision that is to be changed, as an integer or NULL; false, with the call answered, when it is none. */
bool api_if_match(struct api_call *, const char **revision);
/* The answer's ETag. */
void api_etag(struct api_call *, const char *revision);
/* A text of the body: false, with the call answered, unless it is there and min to max bytes long, without a zero byte. */
bool api_body_text(struct api_call *, const char *key, size_t min, size_t max, const char **out);
/* The same, but done gets the reply of a failure too. */
void api_try(struct api_call *, bool system, void (*add)(struct api_call *, struct db_session *),
	     void (*done)(struct api_call *, const struct db_reply *));
/* A cookie that scripts can't read, for so many seconds. */
void api_set_cookie_at(struct api_call *, const char *name, const char *value, const char *path, int seconds);
/* The cookie that signs in; an empty token signs out. */
void api_set_cookie(struct api_call *, const char *token);

/* api/keys.c */
void api_user_key_create(struct api_call *);
void api_user_key_rotate(struct api_call *);
void api_sensor_key_create(struct api_call *);
void api_sensor_key_rotate(struct api_call *);
void api_sensor_create(struct api_call *);
void api_invite_create(struct api_call *);
/* api/people.c */
extern const struct schema_field user_fields[], user_filters[], user_admin_fields[], account_fields[],
	register_fields[], invite_token_fields[], invite_fields[], user_key_fields[], sensor_key_fields[],
	sensor_key_filters[], sensor_key_rotate_fields[], organization_fields[], audit_fields[],
	audit_filters[], oidc_start_fields[];
void api_user_admin(struct api_call *);
void api_invite_revoke(struct api_call *);
/* api/config.c */
void api_config(struct api_call *);
/* api/oidc_start.c */
void api_oidc_authorize(struct api_call *);
void api_oidc_start(struct api_call *);
void api_oidc_link(struct api_call *);
/* api/oidc.c */
void api_oidc_callback(struct api_call *);
void api_oidc_unlink(struct api_call *);
/* api/login.c */
void api_login(struct api_call *);
void api_logout(struct api_call *);
void api_logout_everywhere(struct api_call *);
void api_sessions(struct api_call *);
void api_session_end(struct api_call *);
/* True, with the call answered, when a row of login_attempt says that account or address is locked. */
bool api_locked(struct api_call *, const struct db_reply *, size_t query);
/* api/register.c */
void api_setup_state(struct api_call *);
void api_setup(struct api_call *);
void api_register(struct api_call *);
void api_invite_check(struct api_call *);
/* api/account.c */
void api_me(struct api_call *);
void api_account_update(struct api_call *);
void api_user_update(struct api_call *);
/* api/identity.c */
extern const struct schema_field consolidation_fields[], consolidation_filters[], decision_query[];
void api_consolidate_preview(struct api_call *);
void api_consolidate(struct api_call *);
void api_consolidation_undo(struct api_call *);
void api_consolidation_accept(struct api_call *);
void api_consolidation_reject(struct api_call *);
void api_host_decisions(struct api_call *);
/* api/data.c */
void api_host_evidence(struct api_call *);
void api_dashboard(struct api_call *);
extern const struct schema_field attention_fields[];
void api_attention(struct api_call *);
extern const struct schema_field layer2_fields[];
void api_layer2(struct api_call *);
void api_version(struct api_call *);
void api_metadata(struct api_call *);
/* api/definitions.c */
extern const struct schema_field definition_query[], definition_fields[], definition_progress_query[];
void api_definitions(struct api_call *);
void api_definition_create(struct api_call *);
void api_definition_update(struct api_call *);
void api_definition_remove(struct api_call *);
void api_definition_progress(struct api_call *);
void api_host_conclusions(struct api_call *);
/* api/definition_test.c */
extern const struct schema_field definition_test_fields[];
void api_definition_test(struct api_call *);
/* api/history.c */
extern const struct schema_field history_timeline_fields[], history_changes_fields[], history_as_of_fields[];
extern const struct schema_field history_difference_fields[], history_presence_fields[];
extern const struct schema_field history_host_presence_fields[];
void api_timeline(struct api_call *);
void api_changes(struct api_call *);
void api_as_of(struct api_call *);
void api_difference(struct api_call *);
void api_presence(struct api_call *);
void api_host_presence(struct api_call *);
/* api/traffic.c */
extern const struct schema_field traffic_fields[], traffic_host_fields[];
void api_traffic(struct api_call *);
/* api/exports.c */
extern const struct schema_field export_fields[];
void api_export(struct api_call *);
/* api/imports.c */
extern const struct schema_field import_query_fields[], import_fields[], import_filters[];
void api_import(struct api_call *);
void api_import_undo(struct api_call *);
/* api/dependencies.c */
extern const struct schema_field flow_fields[], flow_filters[], dependency_fields[], dependency_filters[],
	group_proposal_fields[], group_proposal_filters[], group_proposal_find_fields[];
void api_host_dependencies(struct api_call *);
void api_group_proposal_accept(struct api_call *);
void api_group_proposal_dismiss(struct api_call *);
void api_group_proposals_find(struct api_call *);
/* openapi.c */
void api_openapi(struct api_call *);
/* api/archive.c */
extern const struct schema_field archive_query_fields[], reset_fields[];
void api_hosts_zip(struct api_call *);
void api_organization_reset(struct api_call *);
/* api/tags.c */
extern const struct schema_field tags_assign_fields[], tags_bulk_fields[];
void api_tags_assign(struct api_call *);
void api_tags_add(struct api_call *);
void api_tags_remove(struct api_call *);
/* api/topology.c */
extern const struct schema_field topology_position_fields[], topology_size_fields[], topology_handle_fields[],
	topology_metadata_fields[], topology_nodes_fields[], topology_edges_fields[];
void api_topology_step(struct api_call *);
/* api/alerts.c */
extern const struct schema_field alert_fields[], alert_filters[], alert_step_fields[], alert_snooze_fields[],
	alert_rule_fields[], alert_rule_filters[], alert_channel_fields[], alert_channel_filters[];
const char *alert_rule_check(struct api_call *);
const char *alert_channel_check(struct api_call *);
void api_alerts_step(struct api_call *);
void api_alert_channel_test(struct api_call *);
void api_alert_channel_told(struct api_call *);
/* api/credentials.c */
extern const struct schema_field snmp_credential_fields[], snmp_credential_filters[];
const char *snmp_credential_check(struct api_call *);
/* api/shares.c */
/* api/discovery.c */
extern const struct schema_field discovery_fields[], discovery_filters[], session_fields[], session_filters[],
	session_start_fields[];
const char *discovery_check(struct api_call *);
void api_session_start(struct api_call *);
void api_session_active(struct api_call *);
void api_session_cancel(struct api_call *);
extern const struct schema_field share_fields[], share_filters[], share_verify_fields[];
void api_share_store(struct api_call *);
void api_share_public(struct api_call *);
void api_share_verify(struct api_call *);
/* api/shared.c */
extern const struct schema_field share_picture_fields[];
void api_share_picture(struct api_call *);
/* A page that another site may show in a frame: the dashboard's, with whom its share allows to. False: it is no such path. */
bool share_embed(struct app *, struct http_request *);
/* A stranger's token for a share, made and checked with what the database has of it. */
enum { SHARE_TOKEN_MAX = 128, SHARE_TOKEN_S = 12 * 3600 };
void share_token(const char *id, const char *password_hash, const char *secret, long long expires_s,
		 char out[static SHARE_TOKEN_MAX]);
/* api/sensors.c */
void api_sensor_refresh(struct api_call *);
void api_sensor_command(struct api_call *);
/* api/health.c */
void api_health(struct api_call *);
void api_metrics(struct api_call *);

#endif
