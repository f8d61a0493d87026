// SPDX-License-Identifier: BSD-2-Clause
/* The rounds of a dialogue by UDP. See datagram.h. */
#include "sensor/ask/datagram.h"

enum {
	ROUNDS = 2,
	FIRST_ROUND_PERCENT = 40,
	FURTHER_US = 1000000, /* after the first answer, for others to come */
};

/* The port is said to be open before all else that its answer tells: whoever hears that knows then where it belongs. */
static void announce(struct datagram *d)
{
	if (!d->announced && !d->quiet)
		say_service(&d->sink, "open", d->row->name);
	d->announced = true;
}

static void say_after(void *to, const struct fact *fact)
{
	struct datagram *d = to;

	announce(d);
	d->sink.fact(d->sink.to, fact);
}

static void wait_on(struct datagram *d)
{
	int64_t left_us = d->until_us - d->now_us;

	d->next = (struct conversation_step){.wait_ms = left_us > 1000 ? (uint32_t)(left_us / 1000) : 1};
}

/* The datagram of this step; the last one is followed by waiting. False: there is none. */
static bool send_step(struct datagram *d)
{
	uint8_t other[DIALOGUE_REQUEST_BYTES_MAX];
	size_t length = d->row->request(&d->context, d->step, d->out, sizeof(d->out));

	if (!length)
		return false;
	wait_on(d);
	if (d->row->request(&d->context, d->step + 1, other, sizeof(other)))
		d->next.wait_ms = 0;
	d->next.bytes = d->out;
	d->next.length = length;
	d->next.connect = !d->connected;
	d->connected = true;
	return true;
}

static void end(struct datagram *d)
{
	d->over = true;
	d->next = (struct conversation_step){.over = true};
}

static void begin_round(struct datagram *d, int64_t until_us)
{
	d->until_us = until_us;
	d->step = 0;
	if (!send_step(d))
		end(d);
}

void datagram_open(struct datagram *d, const struct dialogue *row, const struct dialogue_context *context,
		   const struct say *say, int64_t now_us, int64_t timeout_us)
{
	if (timeout_us > DATAGRAM_TIMEOUT_US_MAX)
		timeout_us = DATAGRAM_TIMEOUT_US_MAX;
	d->row = row;
	d->context = *context;
	d->sink = (struct say){&d->context, say->fact, say->to};
	d->say = (struct say){&d->context, say_after, d};
	d->quiet = d->announced = false;
	d->now_us = now_us;
	d->round_us = timeout_us * FIRST_ROUND_PERCENT / 100;
	d->step = d->round = d->events = 0;
	d->answered = d->closed = d->over = d->connected = false;
	if (!row->request)
		end(d);
	else
		begin_round(d, now_us + d->round_us);
	d->round_us = timeout_us - d->round_us;
}

static void take(struct datagram *d, const uint8_t *bytes, size_t length)
{
	enum dialogue_verdict verdict = d->row->answer(&d->context, 0, bytes, length, false, &d->say);

	if (verdict == DIALOGUE_AGAIN || verdict == DIALOGUE_DONE) {
		if (!d->answered && d->until_us > d->now_us + FURTHER_US)
			d->until_us = d->now_us + FURTHER_US;
		d->answered = true;
		announce(d);
	}
	if (verdict == DIALOGUE_DONE || ++d->events > DATAGRAM_EVENTS_MAX || d->now_us >= d->until_us)
		end(d);
	else
		wait_on(d);
}

void datagram_event(struct datagram *d, enum conversation_event event, const uint8_t *bytes, size_t length,
		    int64_t now_us, int64_t wall_us)
{
	d->now_us = now_us;
	d->context.time_us = wall_us;
	if (event == CONVERSATION_BYTES) {
		take(d, bytes, length);
	} else if (event == CONVERSATION_RESET || event == CONVERSATION_UNREACHED) {
		d->closed = !d->answered;
		end(d);
	} else if (!d->next.wait_ms) {
		d->step++;
		if (!send_step(d))
			end(d);
	} else if (!d->answered && ++d->round < ROUNDS) {
		begin_round(d, now_us + d->round_us);
	} else {
		end(d);
	}
}
