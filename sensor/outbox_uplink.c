// SPDX-License-Identifier: BSD-2-Clause
/* The outbox as the uplink's thread has it: batches to send, and what may be forgotten. */
#include <errno.h>
#include <string.h>

#include "sensor/outbox_inside.h"

/* Take the reader, when the outbox is still the one with that id. Released by leave(). */
static int enter(struct outbox *o, const char *id)
{
	int error = 0;

	pthread_mutex_lock(&o->lock);
	if (!o->reader)
		error = -EAGAIN;
	else if (id && strcmp(id, outbox_file_id(o->reader)) != 0)
		error = -ESTALE;
	if (error)
		pthread_mutex_unlock(&o->lock);
	return error;
}

static int leave(struct outbox *o, int error)
{
	if (error == -EUCLEAN)
		atomic_store(&o->damaged, true);
	pthread_mutex_unlock(&o->lock);
	return error;
}

int outbox_id(struct outbox *o, char id[static OUTBOX_ID_BYTES])
{
	int error = enter(o, NULL);

	if (error)
		return error;
	memcpy(id, outbox_file_id(o->reader), OUTBOX_ID_BYTES);
	return leave(o, 0);
}

struct batch_writer {
	struct outbox_batch batch;
	char *text;
	size_t size;
};

static int take_fact(void *context, int64_t row, const char *text, size_t length)
{
	struct batch_writer *w = context;
	size_t comma = w->batch.facts > 0;

	if (w->batch.length + comma + length > w->size)
		return 0;
	if (comma)
		w->text[w->batch.length] = ',';
	memcpy(w->text + w->batch.length + comma, text, length);
	w->batch.length += comma + length;
	w->batch.last = row;
	w->batch.facts++;
	return 1;
}

int outbox_read(struct outbox *o, const char *id, int64_t after, size_t facts_max, char *text, size_t size,
		struct outbox_batch *out)
{
	struct batch_writer writer = {.text = text, .size = size};
	int error = enter(o, id);

	if (error)
		return error;
	error = outbox_file_read(o->reader, after, facts_max, take_fact, &writer);
	if (!error)
		*out = writer.batch;
	return leave(o, error);
}

int outbox_ack(struct outbox *o, const char *id, int64_t last)
{
	int64_t first, newest, given;
	int error = enter(o, id);

	if (error)
		return error;
	error = outbox_file_range(o->reader, &first, &newest, &given);
	if (!error && last > given) {
		error = outbox_file_renew(o->reader);
		return leave(o, error ? error : -ERANGE);
	}
	if (!error && newest && first <= last)
		error = outbox_file_remove(o->reader, last);
	return leave(o, error);
}

void outbox_tidy(struct outbox *o)
{
	if (!enter(o, NULL))
		leave(o, outbox_file_checkpoint(o->reader));
}
