// SPDX-License-Identifier: BSD-2-Clause
/* The order in which a port is spoken to, its times and its end. See conversation.h. */
#include "sensor/ask/conversation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/ask/conversation_inside.h"
#include "sensor/ask/tcp.h"

enum { CONNECT_PERCENT = 40 };

int64_t conversation_share(const struct conversation *c, unsigned int percent)
{
	int64_t until = c->now_us + c->timeout_us * percent / 100;

	return until < c->deadline_us ? until : c->deadline_us;
}

void conversation_wait(struct conversation *c)
{
	int64_t left_us = c->until_us - c->now_us;

	c->next = (struct conversation_step){.wait_ms = left_us > 1000 ? (uint32_t)(left_us / 1000) : 1};
}

void conversation_send(struct conversation *c, bool connect, const void *bytes, size_t length)
{
	int64_t connect_us;

	if (connect) {
		if (++c->connections > CONVERSATION_CONNECTIONS_MAX) {
			conversation_finish(c);
			return;
		}
		c->connect_us = c->now_us;
	}
	conversation_wait(c);
	if (c->tls_up) { /* what the handshake has left to be sent goes out, too */
		if (length && tls_write(c->tls, bytes, length)) {
			conversation_next(c, false);
			return;
		}
		c->next.length = tls_out(c->tls, c->out, sizeof(c->out));
	} else if (length) {
		c->next.length = length < sizeof(c->out) ? length : sizeof(c->out);
		memmove(c->out, bytes, c->next.length);
	}
	c->next.bytes = c->out;
	c->next.connect = connect;
	connect_us = conversation_share(c, CONNECT_PERCENT) - c->now_us;
	c->next.connect_ms = connect_us > 1000 ? (uint32_t)(connect_us / 1000) : 1;
}

void conversation_finish(struct conversation *c)
{
	if (c->over)
		return;
	c->over = true;
	c->name = c->found ? tcp_name(c->found, c->tls_up) : "";
	/* A session that is gone was TLS all the same. */
	if (c->found && c->said_tls && !c->tls_up)
		c->name = tcp_name(c->found, true);
	if (c->reached)
		say_service(&c->say, "open", c->name);
	c->next = (struct conversation_step){.over = true};
}

/* The next of those protocols that are worth trying anywhere; where nothing has stirred yet, of those that explain it. */
static const struct dialogue *untried(struct conversation *c, bool still)
{
	const struct dialogue *row;

	for (size_t i = 0; i < ROWS_MAX && (row = tcp_row(i)); i++) {
		if (!row->anywhere || (still && !row->patient) || (c->tried >> i) & 1)
			continue;
		c->tried |= UINT64_C(1) << i;
		return row;
	}
	return NULL;
}

static void mark_tried(struct conversation *c, const struct dialogue *row)
{
	for (size_t i = 0; i < ROWS_MAX && tcp_row(i); i++)
		if (tcp_row(i) == row)
			c->tried |= UINT64_C(1) << i;
}

void conversation_next(struct conversation *c, bool silent)
{
	const struct dialogue *row;

	if (c->over)
		return;
	if (c->found || c->tls_up || c->said_tls || c->listen_only) {
		if (!c->found && (c->tls_up || c->said_tls))
			c->found = "tls";
		conversation_finish(c);
	} else if (!c->tried_http) {
		speak_http(c, true);
	} else if (!c->tried_tls) {
		speak_tls(c, STAGE_HELLO);
	} else if (c->unknown >= UNKNOWN_MAX || !(row = untried(c, silent && !c->reacts))) {
		/* Who lets us wait for everything will do so for nearly all the rest. */
		conversation_finish(c);
	} else {
		speak_row(c, row, true);
	}
}

static void begin(struct conversation *c)
{
	const struct dialogue *row = tcp_usual(c->context.port_h, false);

	if (c->listen_only) {
		speak_listen(c, STAGE_LISTEN, true);
	} else if (tcp_usual_tls(c->context.port_h)) {
		speak_tls(c, STAGE_HELLO);
	} else if (row) {
		mark_tried(c, row);
		speak_row(c, row, true);
	} else if (tcp_usual_http(c->context.port_h)) {
		speak_http(c, true);
	} else {
		speak_listen(c, STAGE_HELLO, true);
	}
}

int conversation_open(const struct conversation_options *options, const struct conversation_target *target,
		      int64_t now_us, int64_t wall_us, struct conversation **out,
		      struct conversation_step *step)
{
	struct conversation *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->options = *options;
	c->context = (struct dialogue_context){.ip = target->ip,
					       .port_h = target->port_h,
					       .vlan = target->vlan,
					       .time_us = wall_us,
					       .nonce = target->nonce,
					       .name = target->name};
	c->say = (struct say){&c->context, options->fact, options->to};
	c->listen_only = target->listen_only;
	c->timeout_us = target->timeout_us;
	c->now_us = now_us;
	c->deadline_us = now_us + target->timeout_us;
	c->name = "";
	begin(c);
	*step = c->next;
	*out = c;
	return 0;
}

void conversation_event(struct conversation *c, enum conversation_event event, const uint8_t *bytes,
			size_t length, int64_t now_us, int64_t wall_us, struct conversation_step *step)
{
	c->now_us = now_us;
	c->context.time_us = wall_us;
	if (event == CONVERSATION_TURN) {
		c->deadline_us += now_us - c->parked_us;
		c->parked_us = 0;
		speak_tls(c, c->after_handshake);
		*step = c->next;
		return;
	}
	c->reacts |= event != CONVERSATION_SILENT;
	if (event != CONVERSATION_UNREACHED) {
		c->reached = true;
		if (c->connect_us && event != CONVERSATION_SILENT) {
			/* Longer than the way there and back by as much as the server thinks; that only makes us patient. */
			c->rtt_us = now_us - c->connect_us;
			c->connect_us = 0;
			/* The stage's time runs from when the connection stood. */
			c->until_us += c->rtt_us;
			if (c->until_us > c->deadline_us)
				c->until_us = c->deadline_us;
		}
	}
	if (event == CONVERSATION_UNREACHED) {
		conversation_finish(c);
	} else if (++c->events > CONVERSATION_EVENTS_MAX) {
		++*c->options.cut;
		conversation_finish(c);
	} else if (c->tls) {
		speak_tls_event(c, event, bytes, length);
	} else {
		speak_event(c, event, bytes, length);
	}
	if (!c->over && now_us >= c->deadline_us) {
		c->timed_out = true;
		conversation_finish(c);
	}
	*step = c->next;
}

const char *conversation_name(const struct conversation *c)
{
	return c->name;
}

bool conversation_reached(const struct conversation *c)
{
	return c->reached;
}

bool conversation_timed_out(const struct conversation *c)
{
	return c->timed_out;
}

void conversation_close(struct conversation *c)
{
	if (!c)
		return;
	speak_end_tls(c);
	buffer_free(&c->in, c->options.room);
	http_reader_reset(&c->http, c->options.room);
	free(c);
}
