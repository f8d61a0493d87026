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

enum route_flags {
	ROUTE_OPEN = 1,	   /* without a session */
	ROUTE_NO_DB = 2,   /* also while the database is away */
	ROUTE_METRICS = 4, /* with a session or --metrics-token */
};

struct api_call {
	struct app *app;
	struct http_request *request;
	bool signed_in;
	struct auth_session who; /* a copy, when signed_in */
	char id[ID_TEXT_MAX];	 /* the {id} of the path */
	struct json *body;	 /* an object, for POST with a body; else NULL */
	/* The database's part: what to add to the transaction, and what to do with its reply. */
	void (*add)(struct api_call *, struct db_session *);
	void (*done)(struct api_call *, const struct db_reply *);
	void *context;		       /* of whoever answers; freed with the call */
	void (*forget)(void *context); /* before that; may be NULL */
};

struct route {
	enum http_method method;
	const char *path; /* one {id} may stand in it */
	unsigned int flags;
	void (*answer)(struct api_call *);
};

extern const struct route routes[];
extern const size_t route_count;

/* For http.c: every request that is not an upgrade. */
void route_request(void *app, struct http_request *);
/* An Origin that is the collector's own: the host that was asked, or --public-url. */
bool route_origin_own(const struct app *, const struct http_head *);

/* Answer {"success":true,"data":…}; takes and frees the buffer. The call is over. */
void api_answer(struct api_call *, struct buffer *data);
/* Answer with JSON that is one value of a reply, or null. */
void api_answer_text(struct api_call *, const char *json);
/* Answer with the buffer as it is. */
void api_answer_raw(struct api_call *, const char *type, struct buffer *body);
/* Send the browser elsewhere: a path of ours, or a whole URL. */
void api_redirect(struct api_call *, const char *to);
/* Answer {"success":false,"error":…}. */
void api_refuse(struct api_call *, int status, const char *message);
/* The words for a reply that failed; 503 when the database is away. */
void api_refuse_reply(struct api_call *, const struct db_reply *);
/*
 * One transaction for who asks (or for the system): add is called with the session after it was begun, and done with
 * the reply, in which add's first statement has index API_FIRST. done answers. On an error the call is answered here.
 */
enum { API_FIRST = 2 };
void api_query(struct api_call *, bool system, void (*add)(struct api_call *, struct db_session *),
	       void (*done)(struct api_call *, const struct db_reply *));
/* A text of the body: false, with the call answered, unless it is there and min to max bytes long, without a zero byte. */
bool api_body_text(struct api_call *, const char *key, size_t min, size_t max, const char **out);
/* The cookie that signs in; an empty token signs out. */
void api_set_cookie(struct api_call *, const char *token);

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
/* api/data.c */
void api_networks(struct api_call *);
void api_sensors(struct api_call *);
void api_hosts(struct api_call *);
void api_interfaces(struct api_call *);
void api_services(struct api_call *);
void api_flows(struct api_call *);
void api_host_evidence(struct api_call *);
/* api/sensors.c */
void api_sensor_create(struct api_call *);
void api_sensor_refresh(struct api_call *);
void api_sensor_command(struct api_call *);
/* api/health.c */
void api_health(struct api_call *);
void api_metrics(struct api_call *);

#endif
