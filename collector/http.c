/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libwebsockets' first door: its context, the listening sockets, and HTTP's transactions. ws.c has the WebSockets.
 * libwebsockets waits for connections and for our loop's descriptor. A request lives until it is answered and
 * sent, or until it is answered when its connection is gone.
 */
#include <errno.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/http.h"
#include "collector/listen.h"
#include "collector/loop.h"
#include "defs/log.h"

enum {
	HEADER_SECONDS_MAX = 15, /* a request whose head takes longer is closed */
	HEADER_BYTES_MAX = 16384,
	KEEPALIVE_SECONDS = 60, /* an idle connection is closed */
	CHUNK_BYTES = 64 << 10, /* written at a time */
};

/* Of WebSockets: a ping after so long a silence, the end after so much. */
static const lws_retry_bo_t liveness = {.secs_since_valid_ping = 20, .secs_since_valid_hangup = 60};

struct http {
	struct loop *loop;
	struct http_options options;
	struct lws_context *context;
	struct lws_vhost *vhost;
	struct lws_protocols protocols[5];
	struct listen *listen;
	size_t connections, files;
};

struct exchange { /* libwebsockets keeps one for each connection */
	struct http_request *request;
	bool counted;
};

static void request_free(struct http_request *request)
{
	if (!request)
		return;
	if (request->held && request->answer)
		*request->held -= request->answer_length;
	if (request->files)
		--*request->files;
	free(request->body);
	free(request->answer);
	free(request);
}

void http_header(struct http_request *request, const char *name, const char *value)
{
	size_t used = strlen(request->headers), left = sizeof(request->headers) - used;

	if ((size_t)snprintf(request->headers + used, left, "%s: %s\r\n", name, value) >= left)
		request->headers[used] = 0;
}

void http_framed_by(struct http_request *request, const char *sites)
{
	if (strlen(sites) < sizeof(request->framed_by))
		snprintf(request->framed_by, sizeof(request->framed_by), "%s", sites);
}

void http_count(struct http_request *request, size_t *held)
{
	request->held = held;
}

static void answer(struct http_request *request, int status, const char *type, size_t length)
{
	request->status = status;
	request->type = type;
	request->answer_length = length;
	request->answered = true;
	if (request->wsi)
		lws_callback_on_writable(request->wsi);
	else
		request_free(request);
}

void http_answer(struct http_request *request, int status, const char *type, char *body, size_t length)
{
	request->answer = body;
	request->answer_static = body;
	if (request->held)
		*request->held += length;
	answer(request, status, type, length);
}

void http_answer_static(struct http_request *request, int status, const char *type, const char *body,
			size_t length)
{
	request->answer_static = body;
	answer(request, status, type, length);
}

static int head_send(struct lws *wsi, struct http_request *request)
{
	static const char policy[] =
		"content-security-policy: default-src 'self'; script-src 'self'; style-src 'self'; "
		"img-src 'self'; font-src 'self'; connect-src 'self'; worker-src 'self'; "
		"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors ";
	static const char security[] = "x-content-type-options: nosniff\r\n"
				       "referrer-policy: no-referrer\r\n"
				       "cross-origin-opener-policy: same-origin\r\n";
	static const char alone[] = "x-frame-options: DENY\r\n"
				    "cross-origin-resource-policy: same-origin\r\n";
	static const char transport[] = "strict-transport-security: max-age=31536000\r\n";
	uint8_t space[LWS_PRE + 10240], *start = space + LWS_PRE, *at = start, *end = space + sizeof(space) - 1;
	bool bodyless = request->status == 304 || request->status == 204;

	if (lws_add_http_header_status(wsi, (unsigned int)request->status, &at, end))
		return -1;
	if (request->type &&
	    lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, (const uint8_t *)request->type,
					 (int)strlen(request->type), &at, end))
		return -1;
	if (!bodyless && lws_add_http_header_content_length(wsi, request->answer_length, &at, end))
		return -1;
	if ((size_t)(end - at) < sizeof(policy) + sizeof(security) + sizeof(alone) + sizeof(transport) +
					 sizeof(request->headers) + sizeof(request->framed_by))
		return -1;
	at += sprintf((char *)at, "%s%s\r\n%s%s%s%s", policy,
		      request->framed_by[0] ? request->framed_by : "'none'", security,
		      request->framed_by[0] ? "" : alone, request->head.tls ? transport : "", request->headers);
	request->head_sent = true;
	return lws_finalize_write_http_header(wsi, start, &at, end);
}

static int write_more(struct lws *wsi, struct exchange *exchange)
{
	struct http_request *request = exchange->request;
	size_t left, chunk;
	bool bodyless;

	if (!request || !request->answered)
		return 0;
	bodyless = request->status == 304 || request->status == 204 || request->head.method == HTTP_HEAD ||
		   !request->answer_length;
	if (!request->head_sent) {
		if (head_send(wsi, request))
			return -1;
		if (!bodyless) {
			lws_callback_on_writable(wsi);
			return 0;
		}
	}
	left = bodyless ? 0 : request->answer_length - request->sent;
	chunk = left < CHUNK_BYTES ? left : CHUNK_BYTES;
	if (chunk) {
		/* HTTP/1 writes from where it lies; nothing before it is touched. */
		uint8_t *from = (uint8_t *)(uintptr_t)(request->answer_static + request->sent);

		if (lws_write(wsi, from, chunk, chunk == left ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) !=
		    (int)chunk)
			return -1;
		request->sent += chunk;
		if (chunk < left) {
			lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, HEADER_SECONDS_MAX);
			lws_callback_on_writable(wsi);
			return 0;
		}
	}
	exchange->request = NULL;
	bodyless = request->status == 413 || request->status == 411 ||
		   request->unread; /* what follows is not a request */
	request_free(request);
	if (bodyless || lws_http_transaction_completed(wsi))
		return -1;
	return 0;
}

static void handle(struct http *http, struct http_request *request)
{
	if (request->handled)
		return;
	request->handled = true;
	http->options.request(http->options.arg, request);
}

/* A body above the usual size: whether it may be, else it is answered. */
static bool may_be_large(struct http *http, struct http_request *request, size_t length)
{
	size_t most = http->options.body_max ? http->options.body_max(http->options.arg, &request->head) : 0;

	if (length <= most && http->files < HTTP_FILES_MAX) {
		request->files = &http->files;
		http->files++;
		return true;
	}
	request->handled = request->unread = true;
	if (length <= most)
		http_answer_static(request, 503, "text/plain", "too many files are being read; try again\n",
				   41);
	else
		http_answer_static(request, 413, "text/plain", "the request is too large\n", 25);
	return false;
}

static int request_begin(struct http *http, struct lws *wsi, struct exchange *exchange)
{
	struct http_request *request = calloc(1, sizeof(*request));
	char length[32];
	long long expected = 0;

	if (!request || exchange->request) {
		free(request);
		return -1;
	}
	request->wsi = wsi;
	request->started_ms = loop_now_ms();
	http_head_read(wsi, &request->head);
	exchange->request = request;
	lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, KEEPALIVE_SECONDS);
	if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH) > 0) {
		http_header_copy(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, length, sizeof(length));
		expected = length[0] >= '0' && length[0] <= '9' ? strtoll(length, NULL, 10) : -1;
	}
	if (!request->head.path[0] || expected < 0 ||
	    lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0) {
		request->handled = true;
		http_answer_static(request, expected < 0 || !request->head.path[0] ? 400 : 411, "text/plain",
				   "bad request\n", 12);
		return 0;
	}
	if (expected > HTTP_BODY_BYTES_MAX && !may_be_large(http, request, (size_t)expected))
		return 0;
	request->body_expected = (size_t)expected;
	request->body = calloc(1, request->body_expected + 1);
	if (!request->body)
		return -1;
	if (!expected)
		handle(http, request);
	return 0;
}

static int request_body(struct exchange *exchange, const char *bytes, size_t length)
{
	struct http_request *request = exchange->request;

	if (!request || request->handled)
		return 0;
	if (length > request->body_expected - request->body_length ||
	    loop_now_ms() - request->started_ms > (request->files ? HTTP_FILE_MS_MAX : HTTP_BODY_MS_MAX))
		return -1;
	memcpy(request->body + request->body_length, bytes, length);
	request->body_length += length;
	return 0;
}

/* The connection is gone. Who still has to answer will find that out then. */
static void exchange_end(struct exchange *exchange)
{
	struct http_request *request = exchange->request;

	exchange->request = NULL;
	if (!request)
		return;
	request->wsi = NULL;
	if (request->answered || !request->handled)
		request_free(request);
}

static int on_upgrade(struct http *http, struct lws *wsi)
{
	struct http_head *head = calloc(1, sizeof(*head));
	char protocol[64];
	int status;

	if (!head)
		return -1;
	http_head_read(wsi, head);
	http_header_copy(wsi, WSI_TOKEN_PROTOCOL, protocol, sizeof(protocol));
	status = http->options.upgrade(http->options.arg, head, protocol);
	free(head);
	if (!status)
		return 0;
	if (lws_return_http_status(wsi, (unsigned int)status, NULL))
		return -1;
	return 1;
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	struct http *http = lws_context_user(lws_get_context(wsi));
	struct exchange *exchange = user;

	switch (reason) {
	case LWS_CALLBACK_RAW_RX_FILE:
		loop_dispatch(http->loop);
		return 0;
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		return strcmp(in, "websocket") == 0 ? on_upgrade(http, wsi) : -1;
	case LWS_CALLBACK_HTTP:
		return request_begin(http, wsi, exchange);
	case LWS_CALLBACK_HTTP_BODY:
		return request_body(exchange, in, length);
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		if (exchange->request && exchange->request->body_length == exchange->request->body_expected)
			handle(http, exchange->request);
		return 0;
	case LWS_CALLBACK_HTTP_WRITEABLE:
		return write_more(wsi, exchange);
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
	case LWS_CALLBACK_CLOSED_HTTP:
		if (exchange)
			exchange_end(exchange);
		return 0;
	case LWS_CALLBACK_WSI_CREATE:
		http->connections++;
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		http->connections -= http->connections > 0;
		return 0;
	default:
		return 0;
	}
}

static void on_lws_log(int level, const char *line)
{
	int length = (int)strcspn(line, "\n");

	log_write(level & LLL_ERR ? LOG_DEBUG : LOG_TRACE, "libwebsockets: %.*s", length, line);
}

static int on_accepted(void *arg, int fd)
{
	struct http *http = arg;

	/* It closes the socket itself when it can't. */
	lws_adopt_socket_vhost(http->vhost, fd);
	if (http->connections < HTTP_CONNECTIONS_MAX)
		return 0;
	log_warn("%zu connections are open, more must wait", http->connections);
	return -EMFILE;
}

static int vhost_open(struct http *http)
{
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN_SERVER,
		.protocols = http->protocols,
		.vhost_name = "collector",
		.keepalive_timeout = KEEPALIVE_SECONDS,
		.timeout_secs = HEADER_SECONDS_MAX,
		.alpn = "http/1.1",
		.server_string = "netvisor",
		.retry_and_idle_policy = &liveness,
	};
	lws_sock_file_fd_type fd = {.filefd = loop_fd(http->loop)};

	if (http->options.tls_certificate) {
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
		info.ssl_options_set = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1;
		info.ssl_cert_filepath = http->options.tls_certificate;
		info.ssl_private_key_filepath = http->options.tls_key;
	}
	http->vhost = lws_create_vhost(http->context, &info);
	if (!http->vhost && http->options.tls_certificate) {
		log_error(
			"the certificate %s and its key %s can't be used: see --tls-certificate and --tls-key",
			http->options.tls_certificate, http->options.tls_key);
		return -EINVAL;
	}
	if (!http->vhost || !lws_adopt_descriptor_vhost(http->vhost, LWS_ADOPT_RAW_FILE_DESC, fd, "http", NULL))
		return -ENOMEM;
	return 0;
}

int http_open(struct loop *loop, const struct http_options *options, struct http **out)
{
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
		.timeout_secs = HEADER_SECONDS_MAX,
		.max_http_header_data2 = HEADER_BYTES_MAX,
		.uid = (uid_t)-1,
		.gid = (gid_t)-1,
	};
	struct listen_options listening = {
		.address = options->bind_address, .port = options->port, .accepted = on_accepted};
	struct http *http = calloc(1, sizeof(*http));
	int error;

	if (!http)
		return -ENOMEM;
	http->loop = loop;
	http->options = *options;
	http->protocols[0] = (struct lws_protocols){
		.name = "http", .callback = on_http, .per_session_data_size = sizeof(struct exchange)};
	memcpy(&http->protocols[1], options->websockets, 2 * sizeof(http->protocols[0]));
	lws_set_log_level(LLL_ERR | LLL_WARN, on_lws_log);
	info.user = http;
	http->context = lws_create_context(&info);
	error = http->context ? vhost_open(http) : -ENOMEM;
	if (!error) {
		listening.arg = http;
		error = listen_open(loop, &listening, &http->listen);
	}
	if (error) {
		http_close(http);
		return error;
	}
	*out = http;
	return 0;
}

bool http_forwarded(const struct http *http)
{
	return http->options.forwarded;
}

int http_port(const struct http *http)
{
	return listen_port(http->listen);
}

size_t http_connections(const struct http *http)
{
	return http->connections;
}

int http_turn(void *arg)
{
	struct http *http = arg;

	return lws_service(http->context, 0);
}

void http_close(struct http *http)
{
	if (!http)
		return;
	listen_close(http->listen);
	if (http->context)
		lws_context_destroy(http->context);
	free(http);
}
