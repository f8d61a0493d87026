/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HTTP: requests come in whole and bounded, and are answered at once or later. The connection may be gone by then,
 * which the one who answers need not know.
 */
#ifndef COLLECTOR_HTTP_H
#define COLLECTOR_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http;
struct loop;
struct lws;
struct lws_protocols;

enum {
	HTTP_BODY_BYTES_MAX = 256 << 10, /* of a request; a larger one is answered 413 */
	HTTP_BODY_MS_MAX = 20000,	 /* a body that takes longer is closed */
	HTTP_FILE_MS_MAX = 120000,	 /* the same of one that may be larger (body_max) */
	HTTP_FILES_MAX = 8,		 /* of these, that come or are kept at once; one more is answered 503 */
	HTTP_CONNECTIONS_MAX = 10000,	 /* one more waits in the kernel's queue */
};

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_DELETE, HTTP_OTHER };

/* What is read of a request's head. Texts are cut to nothing when they are too long. */
struct http_head {
	enum http_method method;
	char path[512], query[4096];
	char host[256], origin[256], cookie[2048], authorization[256];
	char accept_encoding[128], if_none_match[128], if_match[64], content_type[96];
	char user_agent[256], sec_fetch_site[16];
	char peer[64]; /* the client's address */
	bool tls;
};

struct http_request {
	struct http_head head;
	char *body; /* terminated */
	size_t body_length;
	void *context; /* for whoever answers */
	/* The rest is http.c's. */
	struct lws *wsi;
	size_t body_expected, sent;
	int64_t started_ms;
	int status;
	const char *type;
	char headers[4096];
	char framed_by[2048]; /* sites that may show this in a frame, as a policy names them; else none */
	char *answer;
	const char *answer_static;
	size_t answer_length;
	size_t *held;  /* answers that are kept, or NULL */
	size_t *files; /* counts this body, which is a large one; or NULL */
	bool handled, answered, head_sent;
	bool unread; /* its body was not taken: what follows is no request */
};

struct http_options {
	long port;
	const char *bind_address; /* NULL: all */
	const char *tls_certificate, *tls_key;
	bool forwarded; /* the client's address is the last one of X-Forwarded-For */
	/* A whole request. It is answered exactly once, then or later. */
	void (*request)(void *arg, struct http_request *);
	/* How large the body of a request may be, by its head; NULL: HTTP_BODY_BYTES_MAX. */
	size_t (*body_max)(void *arg, const struct http_head *);
	/* An upgrade to a WebSocket: 0 when it may be, else the status with which it is refused. */
	int (*upgrade)(void *arg, const struct http_head *, const char *protocol);
	const struct lws_protocols *websockets; /* ws_protocols(), two of them */
	void *arg;
};

/* Listens, but accepts nothing before http_turn(). 0, or -errno after saying what is wrong. */
int http_open(struct loop *, const struct http_options *, struct http **out);
/* The port that is listened on. */
int http_port(const struct http *);
/* Wait for something to happen, and let it: for loop_run(). */
int http_turn(void *http);
/* Connections that are open. */
size_t http_connections(const struct http *);
void http_close(struct http *);

/* Another header, before the answer. One that does not fit is left out whole. */
void http_header(struct http_request *, const char *name, const char *value);
/* Let these sites show the answer in a frame: a list for `frame-ancestors`, checked by the caller. Before the answer. */
void http_framed_by(struct http_request *, const char *sites);
/* Count the answer's bytes in *held for as long as they are kept: until they are sent. Before the answer. */
void http_count(struct http_request *, size_t *held);
/* type is a literal; the body is taken over and freed. */
void http_answer(struct http_request *, int status, const char *type, char *body, size_t length);
/* The body outlives all requests. */
void http_answer_static(struct http_request *, int status, const char *type, const char *body, size_t length);

/* A header's fields, for ws.c too. */
void http_head_read(struct lws *, struct http_head *out);
/* One field of the head, by libwebsockets' token. */
void http_header_copy(struct lws *, int token, char *out, size_t size);
/* Whether a proxy says whom a connection is for. */
bool http_forwarded(const struct http *);
/* The value of a cookie, cut at size; false when there is none. */
bool http_cookie(const struct http_head *, const char *name, char *out, size_t size);
/* The value of key in a query, percent-decoded; false when there is none or it is too long. */
bool http_query(const struct http_head *, const char *key, char *out, size_t size);

#endif
