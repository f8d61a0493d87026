// SPDX-License-Identifier: BSD-2-Clause
/*
 * The door to libwebsockets in the sensor.
 *
 * One context, one connection at a time. Failure of any kind ends in connection_lost(), which says why in plain words and
 * sets the timer for the next attempt: 0.2 s, doubling to 30 s, with jitter; an acknowledgement sets it back. All
 * timers run on the monotonic clock. Redirects are not followed: the key goes where the person said, nowhere else.
 */
#include "sensor/uplink.h"

#include <errno.h>
#include <libwebsockets.h>
#include <openssl/x509_vfy.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "defs/log.h"
#include "sensor/clock.h"
#include "sensor/fragments.h"
#include "sensor/outbox.h"
#include "sensor/session.h"

enum {
	RETRY_US_MIN = 200000,
	RETRY_US_MAX = 30000000,
	PING_S = 20,
	SILENCE_S = 60,
	HANDSHAKE_S = 20,
	FDS_MAX = 16,	      /* descriptors that lws makes room for */
	CLOSE_TEXT_MAX = 120, /* of a close frame, RFC 6455 5.5 */
	JOIN_MS = 500,	      /* for the thread to end after its patience */
};

enum stop { STOP_NO, STOP_ASKED, STOP_DONE };

struct uplink {
	struct uplink_options options;
	struct lws_context *context;
	struct lws_protocols protocols[2];
	lws_retry_bo_t policy;
	pthread_t thread;
	bool started;
	_Atomic int64_t stop_us; /* monotonic moment by which the thread is to end; 0: go on */

	/* The thread's own. */
	struct lws *wsi;
	lws_sorted_usec_list_t dial_timer, second_timer, stop_timer;
	enum stop stop;
	int64_t retry_us;
	bool established;
	long verify_error;	       /* X509_V_ERR_* of the collector's certificate */
	enum lws_close_status closing; /* 0: no */
	char reason[256];	       /* why the connection is being closed, when it is known */
	struct fragments received;
	char *buffer; /* LWS_PRE bytes, then a message */
};

static void log_emit(int level, const char *line)
{
	/* What matters is said by connection_lost(); this is for whoever looks into a failing TLS set-up. */
	(void)level;
	log_debug("lws: %.*s", (int)strcspn(line, "\n"), line);
}

/* Half to all of the delay, so that a hundred sensors do not come back in one moment. */
static lws_usec_t with_jitter(struct uplink *u, int64_t delay_us)
{
	uint32_t random = 0;

	lws_get_random(u->context, &random, sizeof(random));
	return delay_us / 2 + (lws_usec_t)((double)delay_us / 2 * ((double)random / (double)UINT32_MAX));
}

static void dial(lws_sorted_usec_list_t *timer);

static void connection_lost(struct uplink *u, const char *why)
{
	bool was_up = u->established;

	session_end(u->options.session);
	u->wsi = NULL;
	u->established = false;
	u->closing = 0;
	fragments_begin(&u->received);
	if (u->stop != STOP_NO) {
		u->stop = STOP_DONE;
		return;
	}
	if (session_progress(u->options.session))
		u->retry_us = RETRY_US_MIN;
	if (session_replaced(u->options.session))
		u->retry_us = RETRY_US_MAX;
	log_warn("%s the collector at %s:%d: %s; facts wait in the outbox, trying again in %.1f s",
		 was_up ? "lost the connection to" : "can't reach", u->options.server.host,
		 u->options.server.port, why, (double)u->retry_us / 1e6);
	lws_sul_schedule(u->context, 0, &u->dial_timer, dial, with_jitter(u, u->retry_us));
	u->retry_us = u->retry_us * 2 < RETRY_US_MAX ? u->retry_us * 2 : RETRY_US_MAX;
}

static void dial(lws_sorted_usec_list_t *timer)
{
	struct uplink *u = lws_container_of(timer, struct uplink, dial_timer);
	struct lws_client_connect_info info = {
		.context = u->context,
		.address = u->options.server.host,
		.host = u->options.server.host,
		.origin = u->options.server.host,
		.port = u->options.server.port,
		.path = u->options.server.path,
		.protocol = u->protocols[0].name,
		.ietf_version_or_minus_one = -1,
		.ssl_connection = (u->options.server.tls ? LCCSCF_USE_SSL : 0) | LCCSCF_HTTP_NO_FOLLOW_REDIRECT,
		.retry_and_idle_policy = &u->policy,
		.pwsi = &u->wsi,
	};

	u->reason[0] = 0;
	u->verify_error = 0;
	/* A failure inside this call also comes as LWS_CALLBACK_CLIENT_CONNECTION_ERROR, which sets the timer. */
	if (!lws_client_connect_via_info(&info) && !u->dial_timer.list.owner && u->stop == STOP_NO)
		connection_lost(u, "out of memory or descriptors");
}

/*
 * Have the connection closed, saying why; it ends in connection_lost(). Never by returning -1 from the receiving
 * callback: lws 4.1 then keeps its write position in a receive buffer that it goes on to fill while it waits
 * for the other side's close frame, and so writes beyond it. What still comes is thrown away.
 */
static void give_up(struct uplink *u, enum lws_close_status status, const char *why)
{
	if (u->closing)
		return;
	u->closing = status;
	snprintf(u->reason, sizeof(u->reason), "%s", why);
	lws_callback_on_writable(u->wsi);
}

static void every_second(lws_sorted_usec_list_t *timer)
{
	struct uplink *u = lws_container_of(timer, struct uplink, second_timer);
	const char *why = NULL;

	outbox_tidy(u->options.outbox);
	if (u->established && session_tick(u->options.session, clock_monotonic_us(), &why)) {
		/* Without a farewell: a collector that does not answer may not read either. */
		snprintf(u->reason, sizeof(u->reason), "%s", why);
		lws_set_timeout(u->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
	} else if (u->established) {
		lws_callback_on_writable(u->wsi);
	}
	lws_sul_schedule(u->context, 0, &u->second_timer, every_second, LWS_US_PER_SEC);
}

/* Time is up, or there is nothing to wait for. */
static void stop_now(lws_sorted_usec_list_t *timer)
{
	struct uplink *u = lws_container_of(timer, struct uplink, stop_timer);

	u->stop = STOP_DONE;
}

/* uplink_wake() or uplink_close() from the other thread. */
static void woken(struct uplink *u)
{
	int64_t stop_us = u->stop_us, left_us;

	if (stop_us && u->stop == STOP_NO) {
		left_us = stop_us - clock_monotonic_us();
		u->stop = u->established ? STOP_ASKED : STOP_DONE;
		lws_sul_schedule(u->context, 0, &u->stop_timer, stop_now, left_us > 0 ? left_us : 1);
	}
	if (u->established)
		lws_callback_on_writable(u->wsi);
}

static int write_next(struct uplink *u)
{
	char *text = u->buffer + LWS_PRE;
	size_t length;
	int result;

	if (u->closing) {
		lws_close_reason(u->wsi, u->closing, (unsigned char *)u->reason,
				 strnlen(u->reason, CLOSE_TEXT_MAX));
		return -1;
	}
	result = session_next(u->options.session, clock_monotonic_us(), text, &length);
	if (result < 0)
		give_up(u, LWS_CLOSE_STATUS_GOINGAWAY, "the outbox was begun anew");
	else if (!result && u->stop == STOP_ASKED && session_drained(u->options.session))
		give_up(u, LWS_CLOSE_STATUS_NORMAL, "this sensor stops");
	if (result <= 0)
		return 0;
	if (lws_write(u->wsi, (unsigned char *)text, length, LWS_WRITE_TEXT) < (int)length)
		return -1;
	lws_callback_on_writable(u->wsi);
	return 0;
}

/* Put fragments together. Whether the message is whole. */
static bool collect(struct uplink *u, const char *bytes, size_t length)
{
	size_t left = lws_remaining_packet_payload(u->wsi);
	int error;

	if (lws_frame_is_binary(u->wsi)) {
		give_up(u, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE, "it sent a binary message");
		return false;
	}
	if (lws_is_first_fragment(u->wsi))
		fragments_begin(&u->received);
	error = fragments_add(&u->received, bytes, length, left);
	if (error == -EMSGSIZE)
		give_up(u, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, "it sent a message over the limit");
	else if (error)
		give_up(u, LWS_CLOSE_STATUS_UNEXPECTED_CONDITION, "out of memory");
	return !error && !left && lws_is_final_fragment(u->wsi);
}

static void receive(struct uplink *u, const char *bytes, size_t length)
{
	const uint64_t one = 1;
	const char *why = NULL;
	int result;

	lws_validity_confirmed(u->wsi); /* heard: no ping is needed for a while */
	if (u->closing || !collect(u, bytes, length))
		return;
	result = session_receive(u->options.session, clock_monotonic_us(), u->received.bytes,
				 u->received.length, &why);
	fragments_begin(&u->received);
	if (result) {
		give_up(u,
			result == -ECONNABORTED ? LWS_CLOSE_STATUS_NORMAL : LWS_CLOSE_STATUS_POLICY_VIOLATION,
			why);
		return;
	}
	if (session_progress(u->options.session))
		u->retry_us = RETRY_US_MIN;
	if (write(u->options.event_fd, &one, sizeof(one)) < 0)
		log_debug("the event counter is full");
	lws_callback_on_writable(u->wsi);
}

/* lws's words for a failed connection, in ours, with the option that mends it. */
static void refused(struct uplink *u, struct lws *wsi, const char *text)
{
	unsigned int status = lws_http_client_http_response(wsi);
	char why[256];

	text = text ? text : "no answer";
	if (status == 401 || status == 403 || strstr(text, "unauthorized"))
		snprintf(why, sizeof(why), "it refused this sensor's key; see --api-key-file");
	else if (status >= 500)
		snprintf(why, sizeof(why), "it answered %u: it, or what stands before it, is not ready",
			 status);
	else if (status && status != 101)
		snprintf(why, sizeof(why), "it answered %u; is --server-target a NetVisor collector?", status);
	else if (u->verify_error)
		snprintf(
			why, sizeof(why),
			"its certificate is not good for %.80s (%.80s); --ca-file names the authority to trust",
			u->options.server.host, X509_verify_cert_error_string(u->verify_error));
	else if (u->options.server.tls && strstr(text, "SSL"))
		snprintf(why, sizeof(why), "TLS failed (%.120s); is it wss:// that is served there?", text);
	else
		snprintf(why, sizeof(why), "%.200s", text);
	connection_lost(u, why);
}

static int add_key(struct uplink *u, struct lws *wsi, unsigned char **at, unsigned char *end)
{
	char value[640];
	int length = snprintf(value, sizeof(value), "Bearer %s", u->options.key);

	if (length >= (int)sizeof(value))
		return -1;
	length = lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, (unsigned char *)value, length,
					      at, end);
	explicit_bzero(value, sizeof(value));
	return length;
}

static void established(struct uplink *u, struct lws *wsi)
{
	u->wsi = wsi;
	u->established = true;
	log_debug("connected to %s:%d", u->options.server.host, u->options.server.port);
	if (session_begin(u->options.session, clock_monotonic_us()))
		give_up(u, LWS_CLOSE_STATUS_GOINGAWAY, "the outbox can't be opened");
	lws_callback_on_writable(wsi);
}

/* The collector's close frame: two bytes of code, then text. */
static void note_close(struct uplink *u, const unsigned char *frame, size_t length)
{
	if (u->reason[0] || length < 2)
		return;
	snprintf(u->reason, sizeof(u->reason), "it closed with %u %.*s",
		 (unsigned int)(frame[0] << 8 | frame[1]), (int)(length - 2), frame + 2);
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	struct uplink *u = lws_context_user(lws_get_context(wsi));

	switch (reason) {
	case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
		woken(u);
		return 0;
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		return add_key(u, wsi, in, *(unsigned char **)in + length);
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		established(u, wsi);
		return 0;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		refused(u, wsi, in);
		return 0;
	case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
		/* lws has done it; length says how it went. Taken note of, never overruled. */
		if (!length)
			u->verify_error = X509_STORE_CTX_get_error(user);
		return 0;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		receive(u, in, length);
		return 0;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return write_next(u);
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		note_close(u, in, length);
		return 0;
	case LWS_CALLBACK_CLIENT_CLOSED:
		connection_lost(u, u->reason[0] ? u->reason : "the connection ended");
		return 0;
	default:
		return 0;
	}
}

static void *run(void *context)
{
	struct uplink *u = context;

	lws_sul_schedule(u->context, 0, &u->dial_timer, dial, 1);
	lws_sul_schedule(u->context, 0, &u->second_timer, every_second, LWS_US_PER_SEC);
	while (u->stop != STOP_DONE) {
		if (lws_service(u->context, 0) < 0) {
			log_error("the connection to the collector is not served; trying on");
			sleep(1);
		}
	}
	return NULL;
}

static int make_context(struct uplink *u)
{
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.protocols = u->protocols,
		.gid = -1,
		.uid = -1,
		.user = u,
		.fd_limit_per_thread = FDS_MAX,
		.timeout_secs = HANDSHAKE_S,
	};

	u->protocols[0] = (struct lws_protocols){
		.name = "netvisor.sensor.1", .callback = on_event, .rx_buffer_size = FRAGMENTS_KEPT_BYTES};
	u->policy = (lws_retry_bo_t){.secs_since_valid_ping = PING_S, .secs_since_valid_hangup = SILENCE_S};
	if (u->options.server.tls) {
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
		info.client_ssl_ca_filepath = u->options.ca_file;
		if (u->options.ca_file)
			info.options |= LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
	}
	lws_set_log_level(LLL_ERR | LLL_WARN, log_emit);
	u->context = lws_create_context(&info);
	return u->context ? 0 : -ENOMEM;
}

static void free_uplink(struct uplink *u)
{
	fragments_free(&u->received);
	free(u->buffer);
	free(u);
}

int uplink_open(const struct uplink_options *options, struct uplink **out)
{
	struct uplink *u = calloc(1, sizeof(*u));
	int error = -ENOMEM;

	if (!u)
		return -ENOMEM;
	u->options = *options;
	u->retry_us = RETRY_US_MIN;
	u->buffer = malloc(LWS_PRE + SESSION_BUFFER_BYTES);
	if (u->buffer)
		error = make_context(u);
	if (error) {
		log_error("the connection to the collector can't be set up%s",
			  options->ca_file ? "; is --ca-file a PEM file with certificates?"
					   : ": out of memory");
		free_uplink(u);
		return error;
	}
	*out = u;
	return 0;
}

int uplink_start(struct uplink *u)
{
	int error = -pthread_create(&u->thread, NULL, run, u);

	if (error)
		log_error("the uplink's thread can't be started: %s", strerror(-error));
	u->started = !error;
	return error;
}

void uplink_wake(struct uplink *u)
{
	if (u)
		lws_cancel_service(u->context);
}

bool uplink_close(struct uplink *u, int patience_ms)
{
	int64_t now_us = clock_monotonic_us(), end_us = now_us + (int64_t)(patience_ms + JOIN_MS) * 1000;
	struct timespec until = {.tv_sec = end_us / 1000000, .tv_nsec = end_us % 1000000 * 1000};

	if (!u)
		return true;
	u->stop_us = now_us + (int64_t)patience_ms * 1000 + 1;
	lws_cancel_service(u->context);
	if (u->started && pthread_clockjoin_np(u->thread, NULL, CLOCK_MONOTONIC, &until)) {
		log_warn("the connection to the collector did not end in time; it is cut");
		return false;
	}
	lws_context_destroy(u->context);
	free_uplink(u);
	return true;
}
