// SPDX-License-Identifier: BSD-2-Clause
/* Each stage of a conversation: what it begins with, and what it makes of what comes. See conversation_inside.h. */
#include <errno.h>
#include <string.h>

#include "sensor/ask/conversation_inside.h"
#include "sensor/ask/tcp.h"

enum {
	HELLO_MS_MIN = 200, /* who speaks first does so by then; if later, it is told apart all the same */
	HELLO_MS_MAX = 2000,
	HELLO_RTTS = 4,
	HELLO_REST_MS = 1000, /* from the first byte of a greeting to its last */
	LISTEN_MS = 1500,
	HTTP_PERCENT = 40,
	ROW_PERCENT = 25,
	HANDSHAKE_PERCENT = 40,
	TRY_PERCENT = 25, /* a handshake where nobody promised TLS */
	BANNER_BYTES_MAX = 256,
	PLAIN_BYTES = 16384, /* one TLS record */
};

void speak_end_tls(struct conversation *c)
{
	if (c->tls && c->options.turns)
		c->options.turns->tls--;
	tls_close(c->tls);
	c->tls = NULL;
	c->tls_up = false;
}

static void forget(struct conversation *c, bool connect)
{
	buffer_free(&c->in, c->options.room);
	http_reader_reset(&c->http, c->options.room);
	if (connect)
		speak_end_tls(c);
}

static void until_ms(struct conversation *c, int64_t ms)
{
	c->until_us = c->now_us + ms * 1000;
	if (c->until_us > c->deadline_us)
		c->until_us = c->deadline_us;
}

void speak_listen(struct conversation *c, enum stage stage, bool connect)
{
	int64_t ms = HELLO_MS_MIN + HELLO_RTTS * c->rtt_us / 1000;

	forget(c, connect);
	c->stage = stage;
	c->tried_hello = true;
	until_ms(c, stage == STAGE_LISTEN ? LISTEN_MS : ms < HELLO_MS_MAX ? ms : HELLO_MS_MAX);
	conversation_send(c, connect, NULL, 0);
}

void speak_http(struct conversation *c, bool connect)
{
	char request[DIALOGUE_REQUEST_BYTES_MAX];
	size_t length;

	forget(c, connect);
	if (!c->tried_http || !visit_path(&c->visit).length)
		visit_begin(&c->visit);
	c->stage = STAGE_HTTP;
	c->tried_http = true;
	do {
		struct text path = visit_path(&c->visit);

		if (!path.length) {
			conversation_finish(c);
			return;
		}
		length = http_request(&c->context.ip, c->context.port_h, c->tls_up, c->context.name, path,
				      request, sizeof(request));
		if (!length)
			visit_skip(&c->visit, &c->context);
	} while (!length);
	c->until_us = conversation_share(c, HTTP_PERCENT);
	conversation_send(c, connect, request, length);
}

static void send_request(struct conversation *c, bool connect)
{
	uint8_t request[DIALOGUE_REQUEST_BYTES_MAX];
	size_t length = c->row->request(&c->context, c->step, request, sizeof(request));

	if (!length) {
		conversation_finish(c);
		return;
	}
	c->until_us = conversation_share(c, ROW_PERCENT);
	conversation_send(c, connect, request, length);
}

void speak_row(struct conversation *c, const struct dialogue *row, bool connect)
{
	forget(c, connect);
	c->stage = STAGE_ROW;
	c->row = row;
	c->step = 0;
	send_request(c, connect);
}

void speak_tls(struct conversation *c, enum stage after)
{
	struct conversation_turns *turns = c->options.turns;

	forget(c, true);
	c->stage = STAGE_HANDSHAKE;
	c->after_handshake = after;
	c->tried_tls = true;
	if (turns && turns->tls >= turns->tls_max) {
		c->parked_us = c->now_us;
		c->next = (struct conversation_step){.park = true};
		return;
	}
	c->until_us = conversation_share(c, tcp_usual_tls(c->context.port_h) ? HANDSHAKE_PERCENT : TRY_PERCENT);
	if (tls_open(c->options.tls, c->context.name, !tcp_usual(c->context.port_h, true), &c->tls)) {
		conversation_finish(c);
		return;
	}
	if (turns)
		turns->tls++;
	if (tls_step(c->tls)) {
		conversation_finish(c);
		return;
	}
	c->next.length = tls_out(c->tls, c->out, sizeof(c->out));
	conversation_send(c, true, c->out, c->next.length);
}

/* A record of TLS instead of what was expected: an alert, mostly, as answer to plain bytes. */
static bool looks_like_tls(const uint8_t *bytes, size_t length)
{
	return length >= 3 && (bytes[0] == 0x15 || bytes[0] == 0x16) && bytes[1] == 3 && bytes[2] <= 4;
}

static bool looks_like_http(const uint8_t *bytes, size_t length)
{
	return length >= 7 && !memcmp(bytes, "HTTP/1.", 7);
}

/*
 * Bytes that are not what the stage expected: whose are they? True when that decided what happens next. A row that would
 * read on decides that too, unless it has ended.
 */
static bool tell_apart(struct conversation *c, const uint8_t *bytes, size_t length, bool loose, bool ended)
{
	const struct dialogue *row = NULL;
	enum dialogue_verdict verdict;

	if (!length)
		return false;
	verdict = tcp_recognise(&c->context, loose, bytes, length, ended, &c->say, &row);
	if (verdict == DIALOGUE_DONE) {
		c->found = row->name;
		/* It gave itself away; asked in its own words it says more. */
		if (row->request && row != c->row && !c->tls && !c->listen_only)
			speak_row(c, row, true);
		else
			conversation_finish(c);
		return true;
	}
	if (verdict == DIALOGUE_MORE && !ended) {
		conversation_wait(c);
		return true;
	}
	if (c->listen_only)
		return false;
	if (looks_like_tls(bytes, length) && !c->tried_tls) {
		speak_tls(c, STAGE_HTTP);
		return true;
	}
	if (looks_like_http(bytes, length) && !c->tried_http) {
		speak_http(c, true);
		return true;
	}
	return false;
}

static void say_unknown(struct conversation *c, const uint8_t *bytes, size_t length)
{
	if (c->unknown++) /* once is enough, and the first is nearest to what it says by itself */
		return;
	say_trait(&c->say, "banner",
		  (struct text){(const char *)bytes, length < BANNER_BYTES_MAX ? length : BANNER_BYTES_MAX});
}

static void hello_event(struct conversation *c, enum conversation_event event, const uint8_t *bytes,
			size_t length)
{
	bool first = !c->in.length, full = false;

	if (event == CONVERSATION_BYTES) {
		full = buffer_add(&c->in, c->options.room, bytes, length, LISTEN_BYTES_MAX) < length;
		*c->options.cut += full;
		if (first)
			until_ms(c, HELLO_REST_MS);
	}
	if (tell_apart(c, c->in.bytes, c->in.length, false, event != CONVERSATION_BYTES || full))
		return;
	if (event == CONVERSATION_BYTES && !full) {
		conversation_wait(c);
		return;
	}
	if (c->in.length) {
		say_unknown(c, c->in.bytes, c->in.length);
		if (c->tls_up)
			c->found = "tls";
		conversation_finish(c);
		return;
	}
	if (event == CONVERSATION_SILENT && !c->listen_only)
		speak_http(c, false);
	else
		conversation_next(c, event == CONVERSATION_SILENT);
}

/* A web server that says so itself: this port wants TLS. */
static bool wants_tls(const struct conversation *c)
{
	struct http_head head;
	struct text body = http_body(&c->http);

	if (c->tls || c->tried_tls)
		return false;
	http_head(&c->http, &head);
	return head.status == 400 &&
	       (text_find(body, "https") < body.length || text_find(body, "ssl") < body.length);
}

/* The next page, on this connection when the server keeps it. */
static void http_go_on(struct conversation *c, bool keep_alive)
{
	c->again = false;
	if (!visit_path(&c->visit).length)
		conversation_finish(c);
	else if (keep_alive)
		speak_http(c, false);
	else if (c->tls)
		speak_tls(c, STAGE_HTTP);
	else
		speak_http(c, true);
}

static void http_event(struct conversation *c, enum conversation_event event, const uint8_t *bytes,
		       size_t length)
{
	bool ended = event != CONVERSATION_BYTES, first = c->visit.gets == 0;
	enum http_state state = http_read(&c->http, c->options.room, bytes, ended ? 0 : length, ended);

	if (state == HTTP_MORE) {
		conversation_wait(c);
		return;
	}
	if (state == HTTP_WHOLE) {
		bool keep_alive = c->http.keep_alive;

		*c->options.cut += c->http.cut;
		if (first && wants_tls(c)) {
			speak_tls(c, STAGE_HTTP);
			return;
		}
		c->found = "http";
		visit_answer(&c->visit, &c->context, &c->http, &c->say);
		if (event ==
		    CONVERSATION_SILENT) /* who can't finish a page in its time is not asked for another */
			conversation_finish(c);
		else
			http_go_on(c, keep_alive);
		return;
	}
	if (c->found && event == CONVERSATION_SILENT) {
		conversation_finish(c);
		return;
	}
	if (c->found) { /* a page is missing: the connection was no longer good, or this one is not to be had */
		bool again = !c->again && !c->http.in.length;

		if (!again)
			visit_skip(&c->visit, &c->context);
		http_go_on(c, false);
		c->again = again;
		return;
	}
	if (tell_apart(c, c->http.in.bytes, c->http.in.length, true, ended))
		return;
	if (c->http.in.length)
		say_unknown(c, c->http.in.bytes, c->http.in.length);
	conversation_next(c, event == CONVERSATION_SILENT && !c->http.in.length);
}

static void row_event(struct conversation *c, enum conversation_event event, const uint8_t *bytes,
		      size_t length)
{
	enum dialogue_verdict verdict = DIALOGUE_FOREIGN;
	bool ended = event != CONVERSATION_BYTES;

	if (!ended && buffer_add(&c->in, c->options.room, bytes, length, IN_BYTES_MAX) < length) {
		++*c->options.cut;
		ended = true;
	}
	if (c->in.length)
		verdict = c->row->answer(&c->context, c->step, c->in.bytes, c->in.length, ended, &c->say);
	if (verdict == DIALOGUE_MORE && !ended) {
		conversation_wait(c);
	} else if (verdict == DIALOGUE_AGAIN) {
		c->found = c->row->name;
		c->step++;
		buffer_free(&c->in, c->options.room);
		send_request(c, false);
	} else if (verdict == DIALOGUE_DONE || c->found) {
		c->found = c->row->name;
		conversation_finish(c);
	} else if (!tell_apart(c, c->in.bytes, c->in.length, true, ended)) {
		if (c->in.length)
			say_unknown(c, c->in.bytes, c->in.length);
		conversation_next(c, event == CONVERSATION_SILENT && !c->in.length);
	}
}

void speak_event(struct conversation *c, enum conversation_event event, const uint8_t *bytes, size_t length)
{
	switch (c->stage) {
	case STAGE_LISTEN:
	case STAGE_HELLO:
		hello_event(c, event, bytes, length);
		break;
	case STAGE_HTTP:
		http_event(c, event, bytes, length);
		break;
	case STAGE_ROW:
		row_event(c, event, bytes, length);
		break;
	case STAGE_HANDSHAKE:
		break;
	}
}

static void tls_is_up(struct conversation *c)
{
	const struct dialogue *row = tcp_usual(c->context.port_h, true);
	char alpn[32];

	c->tls_up = true;
	c->context.tls = true;
	if (!c->said_tls)
		tls_say(c->tls, &c->say);
	c->said_tls = true;
	tls_alpn(c->tls, alpn);
	if (c->after_handshake == STAGE_HTTP || *alpn || (!row && tcp_usual_http(c->context.port_h)))
		speak_http(c, false);
	else if (row)
		speak_row(c, row, false);
	else
		speak_listen(c, STAGE_HELLO, false);
}

static void handshake_failed(struct conversation *c, enum conversation_event event)
{
	if (c->said_tls || tls_spoken(c->tls)) {
		if (!c->found)
			c->found = "tls";
		c->said_tls = true;
		conversation_finish(c);
	} else if (!tell_apart(c, c->in.bytes, c->in.length, true, true)) {
		if (c->in.length)
			say_unknown(c, c->in.bytes, c->in.length);
		conversation_next(c, event == CONVERSATION_SILENT && !c->in.length);
	}
}

static void handshake_event(struct conversation *c, enum conversation_event event, const uint8_t *bytes,
			    size_t length)
{
	int state;

	/* What was said instead, should it be no TLS. */
	if (event == CONVERSATION_BYTES)
		buffer_add(&c->in, c->options.room, bytes, length, BANNER_BYTES_MAX);
	if (event != CONVERSATION_BYTES || tls_take(c->tls, bytes, length)) {
		handshake_failed(c, event);
		return;
	}
	state = tls_step(c->tls);
	if (state < 0) {
		handshake_failed(c, event);
	} else if (state == 1) {
		tls_is_up(c);
	} else {
		conversation_wait(c);
		c->next.length = tls_out(c->tls, c->out, sizeof(c->out));
		c->next.bytes = c->out;
	}
}

void speak_tls_event(struct conversation *c, enum conversation_event event, const uint8_t *bytes, size_t length)
{
	static _Thread_local uint8_t plain[PLAIN_BYTES];
	unsigned int connection = c->connections;
	bool said = false;
	ssize_t got = 0;

	if (c->stage == STAGE_HANDSHAKE) {
		handshake_event(c, event, bytes, length);
		return;
	}
	if (event == CONVERSATION_BYTES && tls_take(c->tls, bytes, length)) {
		speak_event(c, CONVERSATION_RESET, NULL, 0);
		return;
	}
	/* Also when nothing came: what came together with the handshake's end has not been looked at yet. */
	while (!c->over && c->connections == connection && (got = tls_read(c->tls, plain, sizeof(plain))) > 0) {
		said = true;
		speak_event(c, CONVERSATION_BYTES, plain, (size_t)got);
		if (c->next.length)
			return; /* the next request: what else there is belongs to no answer */
	}
	if (c->over || c->connections != connection)
		return;
	if (got < 0) {
		speak_event(c, got == -EPIPE ? CONVERSATION_ENDED : CONVERSATION_RESET, NULL, 0);
		return;
	}
	if (event != CONVERSATION_BYTES && !said) {
		speak_event(c, event, NULL, 0);
		return;
	}
	conversation_wait(c);
	c->next.length = tls_out(c->tls, c->out, sizeof(c->out));
	c->next.bytes = c->out;
}
