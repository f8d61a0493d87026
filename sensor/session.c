// SPDX-License-Identifier: BSD-2-Clause
/*
 * The protocol's state on the sensor's side. `lock` guards what the two threads hand each other; everything else
 * belongs to the uplink's thread.
 */
#include "sensor/session.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "defs/limits.h"
#include "defs/log.h"
#include "sensor/outbox.h"

enum {
	WELCOME_US_MAX = 20000000,
	ACK_US_MAX = 60000000, /* a batch without an ack for so long: begin anew */
	HEAD_BYTES_MAX = 64,   /* of a facts message, before the facts */
	TAIL_BYTES = 2,
};
_Static_assert(OUTBOX_FACT_BYTES_MAX + HEAD_BYTES_MAX + TAIL_BYTES <= SESSION_BUFFER_BYTES, "any fact fits");
_Static_assert((int)SESSION_BUFFER_BYTES <= (int)STREAM_MESSAGE_BYTES_MAX, "any message is allowed");

enum phase { PHASE_NONE, PHASE_HELLO, PHASE_WELCOME, PHASE_STREAMING };

struct text_slot {
	char *text;
	size_t length;
};

struct session {
	struct session_options options;
	enum phase phase;
	int64_t since_us; /* of the phase, or of the last progress */
	char outbox[OUTBOX_ID_BYTES];
	int64_t position; /* last row sent */
	int64_t inflight[STREAM_BATCHES_INFLIGHT_MAX];
	size_t inflight_count;
	int64_t forget;	  /* acknowledged row that the outbox could not remove yet, or 0 */
	size_t facts_max; /* of the next batch; less than the limit while looking for a refused fact */
	bool progress, replaced, dry;
	_Atomic uint64_t connected, facts_sent, facts_refused, ignored;

	pthread_mutex_t lock;
	struct text_slot status;
	struct text_slot results[SESSION_ANSWERS_MAX];
	size_t result_count;
	struct message commands[SESSION_COMMANDS_MAX];
	size_t command_count;
};

int session_open(const struct session_options *options, struct session **out)
{
	struct session *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->options = *options;
	s->facts_max = STREAM_BATCH_FACTS_MAX;
	pthread_mutex_init(&s->lock, NULL);
	*out = s;
	return 0;
}

void session_close(struct session *s)
{
	if (!s)
		return;
	free(s->status.text);
	for (size_t i = 0; i < s->result_count; i++)
		free(s->results[i].text);
	for (size_t i = 0; i < s->command_count; i++)
		message_clear(&s->commands[i]);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

int session_begin(struct session *s, int64_t now_us)
{
	int error = outbox_id(s->options.outbox, s->outbox);

	if (error)
		return error;
	s->phase = PHASE_HELLO;
	s->since_us = now_us;
	s->inflight_count = 0;
	s->replaced = false;
	s->dry = false;
	return 0;
}

void session_end(struct session *s)
{
	s->phase = PHASE_NONE;
	s->inflight_count = 0;
	s->connected = 0;
}

/* A text that is given up, into the buffer. 1, or 0 when it does not fit or is missing. */
static int put_text(char *text, size_t text_length, char *buffer, size_t *length)
{
	bool fits = text && text_length <= SESSION_BUFFER_BYTES;

	if (fits) {
		memcpy(buffer, text, text_length);
		*length = text_length;
	}
	free(text);
	return fits;
}

static int next_hello(struct session *s, int64_t now_us, char *buffer, size_t *length)
{
	struct message_interface interface = {0};
	char hostname[256] = "";
	struct message_hello hello = {
		.name = s->options.name,
		.software = s->options.software,
		.hostname = hostname,
		.outbox = s->outbox,
		.capabilities = s->options.capabilities,
		.capability_count = s->options.capability_count,
		.interface = &interface,
	};
	size_t text_length = 0;
	char *text;

	gethostname(hostname, sizeof(hostname) - 1);
	s->options.interface(s->options.context, &interface);
	text = message_hello(&hello, &text_length);
	if (!put_text(text, text_length, buffer, length))
		return -ENOMEM;
	s->phase = PHASE_WELCOME;
	s->since_us = now_us;
	return 1;
}

/* An answer to a command, or the status, whichever waits. */
static int next_text(struct session *s, char *buffer, size_t *length)
{
	struct text_slot slot = {0};

	pthread_mutex_lock(&s->lock);
	if (s->result_count) {
		slot = s->results[0];
		s->result_count--;
		memmove(&s->results[0], &s->results[1], s->result_count * sizeof(s->results[0]));
	} else if (s->status.text) {
		slot = s->status;
		s->status = (struct text_slot){0};
	}
	pthread_mutex_unlock(&s->lock);
	return put_text(slot.text, slot.length, buffer, length);
}

/* While a refused fact is looked for, one batch at a time tells which one it is in. */
static bool window_open(const struct session *s)
{
	return s->inflight_count < (s->facts_max < STREAM_BATCH_FACTS_MAX ? 1 : STREAM_BATCHES_INFLIGHT_MAX);
}

static int next_facts(struct session *s, int64_t now_us, char *buffer, size_t *length)
{
	struct outbox_batch batch = {0};
	char head[HEAD_BYTES_MAX];
	int head_length, error;

	if (!window_open(s))
		return 0;
	error = outbox_read(s->options.outbox, s->outbox, s->position, s->facts_max, buffer + HEAD_BYTES_MAX,
			    SESSION_BUFFER_BYTES - HEAD_BYTES_MAX - TAIL_BYTES, &batch);
	if (error == -ESTALE)
		return error;
	s->dry = !error && !batch.facts;
	if (error || !batch.facts)
		return 0;
	head_length = snprintf(head, sizeof(head), "{\"type\":\"facts\",\"batch\":%lld,\"facts\":[",
			       (long long)batch.last);
	memmove(buffer + head_length, buffer + HEAD_BYTES_MAX, batch.length);
	memcpy(buffer, head, (size_t)head_length);
	memcpy(buffer + head_length + batch.length, "]}", TAIL_BYTES);
	*length = (size_t)head_length + batch.length + TAIL_BYTES;
	if (!s->inflight_count)
		s->since_us = now_us;
	s->inflight[s->inflight_count++] = batch.last;
	s->position = batch.last;
	s->facts_sent += batch.facts;
	return 1;
}

int session_next(struct session *s, int64_t now_us, char *buffer, size_t *length)
{
	if (s->phase == PHASE_HELLO)
		return next_hello(s, now_us, buffer, length);
	if (s->phase != PHASE_STREAMING)
		return 0;
	if (next_text(s, buffer, length))
		return 1;
	return next_facts(s, now_us, buffer, length);
}

/* Remove what the collector has. When the disk does not let us, session_tick() tries again. */
static int forget(struct session *s, int64_t row)
{
	int error = outbox_ack(s->options.outbox, s->outbox, row);

	s->forget = error && error != -ERANGE && error != -ESTALE ? row : 0;
	return error == -ERANGE || error == -ESTALE ? error : 0;
}

static int receive_welcome(struct session *s, int64_t now_us, const struct message *m, const char **why)
{
	if (s->phase != PHASE_WELCOME) {
		*why = "it sent a welcome that was not due";
		return -EPROTO;
	}
	if (m->batch && forget(s, m->batch)) {
		*why = "it has more of this outbox than was ever in it (the file is an old copy?); the outbox "
		       "has a new id now";
		return -ESTALE;
	}
	s->position = m->batch;
	s->phase = PHASE_STREAMING;
	s->since_us = now_us;
	s->connected = 1;
	log_info("the collector has welcomed this sensor (network %s)", m->name);
	return 0;
}

static int receive_ack(struct session *s, int64_t now_us, const struct message *m, const char **why)
{
	size_t covered = 0;

	if (s->phase != PHASE_STREAMING || m->batch > s->position) {
		*why = "it acknowledged a batch that was not sent";
		return -EPROTO;
	}
	while (covered < s->inflight_count && s->inflight[covered] <= m->batch)
		covered++;
	if (!covered)
		return 0;
	s->inflight_count -= covered;
	memmove(&s->inflight[0], &s->inflight[covered], s->inflight_count * sizeof(s->inflight[0]));
	s->since_us = now_us;
	s->progress = true;
	if (s->facts_max < STREAM_BATCH_FACTS_MAX)
		s->facts_max =
			s->facts_max * 2 < STREAM_BATCH_FACTS_MAX ? s->facts_max * 2 : STREAM_BATCH_FACTS_MAX;
	return forget(s, m->batch);
}

/* Without memory or room it is lost: the collector hears nothing and asks again, or says that it heard nothing. */
static void put_answer(struct session *s, char *text, size_t length, size_t most)
{
	pthread_mutex_lock(&s->lock);
	if (text && s->result_count < most) {
		s->results[s->result_count++] = (struct text_slot){.text = text, .length = length};
		text = NULL;
	}
	pthread_mutex_unlock(&s->lock);
	free(text);
}

static void put_result(struct session *s, const char *id, const char *error)
{
	size_t length;
	char *text = message_result(id, error, &length);

	put_answer(s, text, length, SESSION_ANSWERS_MAX);
}

static bool is_one_of(const char *const *words, const char *word)
{
	while (*words && strcmp(*words, word) != 0)
		words++;
	return *words;
}

/* What m owns goes to the queue with it. */
static void receive_command(struct session *s, struct message *m)
{
	static const char *const commands[] = {"refresh", "discover", "cancel", NULL};
	bool taken = false;

	if (!is_one_of(commands, m->name)) {
		put_result(s, m->id, "unknown command");
		return;
	}
	pthread_mutex_lock(&s->lock);
	/* Each has room for its result, whatever progress waits. */
	if (s->command_count < SESSION_COMMANDS_MAX &&
	    s->command_count + s->result_count < SESSION_ANSWERS_MAX - SESSION_COMMANDS_MAX) {
		s->commands[s->command_count++] = *m;
		m->arguments = NULL;
		taken = true;
	}
	pthread_mutex_unlock(&s->lock);
	if (!taken)
		put_result(s, m->id, "too many commands at once");
}

/* The collector will not take what is in flight: narrow down which fact it is, and leave that one out. */
static void narrow(struct session *s)
{
	if (s->facts_max > 1) {
		s->facts_max = s->facts_max > 10 ? s->facts_max / 10 : 1;
		return;
	}
	s->facts_refused++;
	log_error("the collector will not take one fact (row %lld of the outbox): it is left out and counted; "
		  "are sensor "
		  "and collector of one version?",
		  (long long)s->inflight[0]);
	forget(s, s->inflight[0]);
}

static int receive_error(struct session *s, const struct message *m, const char **why)
{
	static const char *const refusals[] = {"bad_fact", "bad_message", "too_large", "not_json", NULL};

	s->replaced = !strcmp(m->name, "replaced");
	if (s->replaced)
		*why = "another sensor has connected with the same key; give each sensor a key of its own";
	else
		*why = "it reported an error";
	log_warn("the collector says: %s: %s", m->name, m->reason);
	if (s->inflight_count && is_one_of(refusals, m->name))
		narrow(s);
	return -ECONNABORTED;
}

int session_receive(struct session *s, int64_t now_us, const char *text, size_t length, const char **why)
{
	struct message message;

	if (message_read(text, length, &message, why))
		return -EINVAL;
	switch (message.type) {
	case MESSAGE_WELCOME:
		return receive_welcome(s, now_us, &message, why);
	case MESSAGE_ACK:
		*why = "the outbox was replaced";
		return receive_ack(s, now_us, &message, why);
	case MESSAGE_COMMAND:
		receive_command(s, &message);
		message_clear(&message);
		return 0;
	case MESSAGE_ERROR:
		return receive_error(s, &message, why);
	case MESSAGE_UNKNOWN:
		break;
	}
	s->ignored++;
	return 0;
}

int session_tick(struct session *s, int64_t now_us, const char **why)
{
	if (s->forget && s->phase == PHASE_STREAMING)
		forget(s, s->forget);
	if (s->phase == PHASE_WELCOME && now_us - s->since_us > WELCOME_US_MAX) {
		*why = "it did not answer hello; is this a NetVisor collector?";
		return -ETIMEDOUT;
	}
	if (s->inflight_count && now_us - s->since_us > ACK_US_MAX) {
		*why = "it did not acknowledge for a minute";
		return -ETIMEDOUT;
	}
	return 0;
}

bool session_progress(struct session *s)
{
	bool progress = s->progress;

	s->progress = false;
	return progress;
}

bool session_drained(const struct session *s)
{
	return s->phase == PHASE_STREAMING && s->dry && !s->inflight_count;
}

bool session_replaced(const struct session *s)
{
	return s->replaced;
}

void session_status(struct session *s, char *text, size_t length)
{
	char *old;

	pthread_mutex_lock(&s->lock);
	old = s->status.text;
	s->status = (struct text_slot){.text = text, .length = length};
	pthread_mutex_unlock(&s->lock);
	free(old);
}

int session_command(struct session *s, struct message *out)
{
	int found = 0;

	pthread_mutex_lock(&s->lock);
	if (s->command_count) {
		*out = s->commands[0];
		s->command_count--;
		memmove(&s->commands[0], &s->commands[1], s->command_count * sizeof(s->commands[0]));
		found = 1;
	}
	pthread_mutex_unlock(&s->lock);
	return found;
}

void session_result(struct session *s, const char *id, const char *error)
{
	put_result(s, id, error);
}

void session_say(struct session *s, char *text, size_t length)
{
	put_answer(s, text, length, SESSION_ANSWERS_MAX);
}

void session_progress_text(struct session *s, char *text, size_t length)
{
	put_answer(s, text, length, SESSION_ANSWERS_MAX - SESSION_COMMANDS_MAX);
}

void session_progress_say(struct session *s, const char *id, const char *phase, int percent)
{
	size_t length;
	char *text = message_progress(id, phase, percent, &length);

	session_progress_text(s, text, length);
}

void session_count(struct session *s, struct session_counters *out)
{
	*out = (struct session_counters){.connected = s->connected,
					 .facts_sent = s->facts_sent,
					 .facts_refused = s->facts_refused,
					 .ignored = s->ignored};
}
