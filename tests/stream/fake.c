// SPDX-License-Identifier: BSD-2-Clause
/* The scripted collector of the uplink's tests. See fake.h. */
#include "tests/stream/fake.h"

#include <json-c/json.h>
#include <libwebsockets.h>
#include <pthread.h>
#include <stdarg.h>
#include <string.h>

#include "defs/limits.h"

enum { QUEUE_MAX = 64, PIECE = 5, LATE_US = 500000 };

struct answer {
	char *text;
	size_t length, sent;
	bool binary;
};

struct inside {
	struct lws_context *context;
	pthread_t thread;
	struct lws_protocols protocols[2];
	struct lws *wsi;
	struct answer queue[QUEUE_MAX];
	size_t queued;
	char *received;
	size_t received_length;
	bool welcomed, cut;
	lws_sorted_usec_list_t late;
	struct fake *fake;
};

__attribute__((format(printf, 2, 3))) static void wrong(struct fake *f, const char *format, ...)
{
	va_list arguments;

	if (f->wrong++)
		return;
	va_start(arguments, format);
	vsnprintf(f->wrong_text, sizeof(f->wrong_text), format, arguments);
	va_end(arguments);
}

static void answer(struct inside *in, const char *text, size_t length, bool binary)
{
	struct answer *a = &in->queue[in->queued];

	if (in->queued == QUEUE_MAX)
		return;
	*a = (struct answer){.text = malloc(LWS_PRE + length), .length = length, .binary = binary};
	memcpy(a->text + LWS_PRE, text, length);
	in->queued++;
	if (in->wsi)
		lws_callback_on_writable(in->wsi);
}

__attribute__((format(printf, 2, 3))) static void answer_text(struct inside *in, const char *format, ...)
{
	char text[512];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	answer(in, text, (size_t)length, false);
}

static void acknowledge(struct inside *in)
{
	struct fake *f = in->fake;

	f->acked = (long)f->last;
	f->unacked = 0;
	answer_text(in, "{\"type\":\"ack\",\"batch\":%ld}", f->acked);
}

static void late(lws_sorted_usec_list_t *timer)
{
	acknowledge(lws_container_of(timer, struct inside, late));
}

static void welcome(struct inside *in)
{
	struct fake *f = in->fake;
	static char large[STREAM_MESSAGE_BYTES_MAX + 100];

	in->welcomed = true;
	f->last = (long)f->acked;
	if (f->script == FAKE_UNKNOWN)
		answer_text(in, "{\"type\":\"news\",\"about\":[1,2]}");
	if (f->connections == 1 && f->script == FAKE_GARBAGE) {
		answer_text(in, "{\"type\":\"welcome\"");
		return;
	}
	if (f->connections == 1 && f->script == FAKE_BINARY) {
		answer(in, "{}", 2, true);
		return;
	}
	if (f->connections == 1 && f->script == FAKE_OVERSIZE) {
		memset(large, ' ', sizeof(large));
		memcpy(large, "{}", 2);
		answer(in, large, sizeof(large), false);
		return;
	}
	answer_text(in,
		    "{\"type\":\"welcome\",\"network_id\":\"n\",\"sensor_id\":\"s\",\"acked\":%ld,\"more\":1}",
		    f->connections == 1 && f->script == FAKE_AHEAD ? 999999 : (long)f->acked);
	if (f->connections == 1 && f->script == FAKE_FUTURE_ACK)
		answer_text(in, "{\"type\":\"ack\",\"batch\":99999}");
	if (f->script == FAKE_REPLACED)
		answer_text(in, "{\"type\":\"error\",\"code\":\"replaced\",\"message\":\"again\\nand again\"}");
	if (f->script == FAKE_COMMANDS) {
		answer_text(in,
			    "{\"type\":\"command\",\"id\":\"c1\",\"command\":\"refresh\",\"arguments\":{}}");
		answer_text(in, "{\"type\":\"command\",\"id\":\"c2\",\"command\":\"dance\",\"arguments\":{}}");
	}
}

static const char *text_of(json_object *root, const char *key)
{
	json_object *value;

	return json_object_object_get_ex(root, key, &value) && json_object_is_type(value, json_type_string)
		       ? json_object_get_string(value)
		       : "";
}

static void take_hello(struct inside *in, json_object *root)
{
	struct fake *f = in->fake;
	const char *outbox = text_of(root, "outbox");

	if (in->welcomed)
		wrong(f, "a second hello");
	if (strlen(outbox) != 32)
		wrong(f, "outbox id \"%s\"", outbox);
	snprintf(f->outbox, sizeof(f->outbox), "%s", outbox);
	if (!f->first_outbox[0])
		snprintf(f->first_outbox, sizeof(f->first_outbox), "%s", outbox);
	snprintf(f->hello, sizeof(f->hello), "%s",
		 json_object_to_json_string_ext(root, JSON_C_TO_STRING_PLAIN));
	f->hellos++;
	welcome(in);
}

/* Rows must go on where the last batch, or what was acknowledged, ended; fact FAKE_BAD may be missing. */
static bool take_facts(struct inside *in, json_object *root)
{
	struct fake *f = in->fake;
	json_object *facts, *batch, *n;
	size_t count;
	long row = f->last;

	if (!in->welcomed)
		wrong(f, "facts before welcome");
	json_object_object_get_ex(root, "facts", &facts);
	json_object_object_get_ex(root, "batch", &batch);
	count = json_object_array_length(facts);
	if (!count || count > STREAM_BATCH_FACTS_MAX)
		wrong(f, "%zu facts in a batch", count);
	for (size_t i = 0; i < count; i++) {
		json_object_object_get_ex(json_object_array_get_idx(facts, i), "n", &n);
		if (f->script == FAKE_BAD_FACT && json_object_get_int64(n) == FAKE_BAD) {
			answer_text(in,
				    "{\"type\":\"error\",\"code\":\"bad_fact\",\"message\":\"fact %zu: n\"}",
				    i);
			return false;
		}
		row++;
		if (f->script == FAKE_BAD_FACT && row == FAKE_BAD)
			row++;
		if (json_object_get_int64(n) != row)
			wrong(f, "row %ld where %ld was due", (long)json_object_get_int64(n), row);
	}
	if (json_object_get_int64(batch) != row)
		wrong(f, "batch %ld ends with row %ld", (long)json_object_get_int64(batch), row);
	f->last = row;
	f->unacked++;
	if (f->unacked > f->unacked_most)
		f->unacked_most = (int)f->unacked;
	if (f->script == FAKE_CLOSES && f->connections == 1 && f->unacked_most >= 2)
		return false;
	if (f->script == FAKE_LATE_ACK)
		lws_sul_schedule(in->context, 0, &in->late, late, LATE_US);
	else if (f->script != FAKE_NO_ACK && !(f->script == FAKE_CLOSES && f->connections == 1))
		acknowledge(in);
	return true;
}

static void take_result(struct fake *f, json_object *root)
{
	json_object *ok;

	f->results++;
	if (json_object_object_get_ex(root, "ok", &ok) && !json_object_get_boolean(ok)) {
		f->refused_commands++;
		if (strcmp(text_of(root, "id"), "c2") || strcmp(text_of(root, "error"), "unknown command"))
			wrong(f, "result of %s: %s", text_of(root, "id"), text_of(root, "error"));
	}
}

static bool take_message(struct inside *in)
{
	struct fake *f = in->fake;
	json_object *root = json_tokener_parse(in->received);
	const char *type = root ? text_of(root, "type") : "not JSON";
	bool go_on = true;

	if (!strcmp(type, "hello"))
		take_hello(in, root);
	else if (!strcmp(type, "facts"))
		go_on = take_facts(in, root);
	else if (!strcmp(type, "status"))
		f->statuses++;
	else if (!strcmp(type, "result"))
		take_result(f, root);
	else
		wrong(f, "a message of type \"%s\"", type);
	json_object_put(root);
	return go_on;
}

static int receive(struct inside *in, struct lws *wsi, const char *bytes, size_t length)
{
	if (lws_is_first_fragment(wsi))
		in->received_length = 0;
	if (in->received_length + length > STREAM_MESSAGE_BYTES_MAX) {
		wrong(in->fake, "a message over the limit");
		return -1;
	}
	memcpy(in->received + in->received_length, bytes, length);
	in->received_length += length;
	in->received[in->received_length] = 0;
	if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi))
		return 0;
	if (take_message(in))
		return 0;
	/* An error is still to be written; a cut is at once. */
	in->cut = in->queued > 0;
	return in->cut ? 0 : -1;
}

static void queue_shift(struct inside *in)
{
	free(in->queue[0].text);
	in->queued--;
	memmove(&in->queue[0], &in->queue[1], in->queued * sizeof(in->queue[0]));
}

static int send_next(struct inside *in, struct lws *wsi)
{
	struct answer *a = &in->queue[0];
	unsigned char piece[LWS_PRE + PIECE];
	size_t left;
	int kind;

	if (!in->queued)
		return in->cut ? -1 : 0;
	left = a->length - a->sent;
	if (in->fake->script == FAKE_FRAGMENTS) {
		size_t size = left < PIECE ? left : PIECE;

		memcpy(piece + LWS_PRE, a->text + LWS_PRE + a->sent, size);
		kind = lws_write_ws_flags(LWS_WRITE_TEXT, !a->sent, size == left);
		lws_write(wsi, piece + LWS_PRE, size, (enum lws_write_protocol)kind);
		a->sent += size;
		if (size == left)
			queue_shift(in);
	} else {
		lws_write(wsi, (unsigned char *)a->text + LWS_PRE, a->length,
			  a->binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT);
		queue_shift(in);
	}
	lws_callback_on_writable(wsi);
	return 0;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *bytes, size_t length)
{
	struct inside *in = lws_context_user(lws_get_context(wsi));
	struct fake *f = in->fake;

	(void)user;
	switch (reason) {
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		f->connections++;
		lws_hdr_copy(wsi, f->key, sizeof(f->key), WSI_TOKEN_HTTP_AUTHORIZATION);
		lws_hdr_copy(wsi, f->protocol, sizeof(f->protocol), WSI_TOKEN_PROTOCOL);
		if (f->script != FAKE_REFUSES_KEY)
			return 0;
		lws_return_http_status(wsi, HTTP_STATUS_UNAUTHORIZED, NULL);
		return -1;
	case LWS_CALLBACK_ESTABLISHED:
		while (in->queued)
			queue_shift(in);
		in->wsi = wsi;
		in->welcomed = in->cut = false;
		f->unacked = 0;
		return 0;
	case LWS_CALLBACK_RECEIVE:
		return receive(in, wsi, bytes, length);
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return send_next(in, wsi);
	case LWS_CALLBACK_CLOSED:
		if (in->wsi == wsi)
			in->wsi = NULL;
		return 0;
	default:
		return 0;
	}
}

static void *run(void *context)
{
	struct inside *in = context;

	while (!in->fake->stop && lws_service(in->context, 0) >= 0)
		continue;
	return NULL;
}

int fake_open(struct fake *f, enum fake_script script, const char *certificate, const char *private_key)
{
	struct inside *in = calloc(1, sizeof(*in));
	struct lws_context_creation_info info = {
		.port = 0,
		.iface = "lo",
		.protocols = in->protocols,
		.gid = -1,
		.uid = -1,
		.user = in,
		.ssl_cert_filepath = certificate,
		.ssl_private_key_filepath = private_key,
		.options = certificate ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0,
	};

	memset(f, 0, sizeof(*f));
	f->script = script;
	f->inside = in;
	in->fake = f;
	in->received = malloc(STREAM_MESSAGE_BYTES_MAX + 1);
	in->protocols[0] = (struct lws_protocols){
		.name = "netvisor.sensor.1", .callback = on_event, .rx_buffer_size = 65536};
	lws_set_log_level(0, NULL);
	in->context = lws_create_context(&info);
	if (!in->context)
		return -1;
	f->port = lws_get_vhost_listen_port(lws_get_vhost_by_name(in->context, "default"));
	return pthread_create(&in->thread, NULL, run, in) ? -1 : 0;
}

void fake_close(struct fake *f)
{
	struct inside *in = f->inside;

	f->stop = true;
	lws_cancel_service(in->context);
	pthread_join(in->thread, NULL);
	lws_context_destroy(in->context);
	while (in->queued)
		queue_shift(in);
	free(in->received);
	free(in);
}
