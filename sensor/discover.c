// SPDX-License-Identifier: BSD-2-Clause
/*
 * Which type a command asks for, and that one session runs at a time. A session that is asked for again, after a lost connection,
 * goes on.
 */
#include "sensor/discover.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "defs/log.h"
#include "sensor/discover_job.h"
#include "sensor/docker/engine.h"
#include "sensor/session.h"

enum { JOIN_MS = 1000 }; /* for a thread that has said its last */

static const struct discover_type *const types[] = {&discover_self, &discover_docker, &discover_network};

struct discoveries {
	struct discover_options options;
	struct job *job; /* NULL: nothing runs */
	char cancelled
		[MESSAGE_TEXT_MAX]; /* id of the command that is to be answered when it has stopped, or "" */
};

int discover_open(const struct discover_options *options, struct discoveries **out)
{
	struct discoveries *d = calloc(1, sizeof(*d));

	if (!d || engine_start()) {
		free(d);
		return -ENOMEM;
	}
	d->options = *options;
	*out = d;
	return 0;
}

static const struct discover_type *type_of(const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(types[i]->name, name))
			return types[i];
	return NULL;
}

static void refuse_type(const struct discoveries *d, const struct message *command)
{
	char why[300];

	log_info("the collector asks for a discovery that this sensor can't do: %s", command->kind);
	snprintf(why, sizeof(why),
		 "This sensor (netvisor-sensor " NETVISOR_VERSION
		 ") can't do a discovery of type %.40s yet; it can do: " DISCOVER_TYPES
		 ". Update the sensor's software, or choose another type.",
		 command->kind);
	session_result(d->options.session, command->id, why);
}

static void begin(struct discoveries *d, const struct discover_type *type, const struct message *command)
{
	const struct discover_options *options = &d->options;
	char why[MESSAGE_REASON_MAX] = "The sensor has not enough memory for it.";
	void *taken = NULL;
	int error = 0;

	if (type->prepare)
		error = type->prepare(options->settings, command, options->sightings, &taken, why, sizeof(why));
	if (!error) {
		error = job_start(type, taken, options->settings, command->id, options->event_fd, &d->job);
		if (error) {
			free(taken);
			snprintf(why, sizeof(why), "The sensor can't start a thread for it: %s.",
				 strerror(-error));
		}
	}
	if (!error) {
		session_progress_say(options->session, command->id, "Started", 0);
		return;
	}
	log_warn("a discovery of type %s does not begin: %s", type->name, why);
	session_result(options->session, command->id, why);
}

void discover(struct discoveries *d, const struct message *command)
{
	const struct discover_type *type = type_of(command->kind);

	if (!command->target[0] || !command->kind[0])
		session_result(d->options.session, command->id, "The command needs session_id and type.");
	else if (!type)
		refuse_type(d, command);
	else if (!d->job)
		begin(d, type, command);
	else if (strcmp(job_id(d->job), command->id) != 0)
		session_result(
			d->options.session, command->id,
			"The sensor is still busy with another discovery. Wait for its end, or cancel it.");
}

void discover_cancel(struct discoveries *d, const struct message *command)
{
	if (!d->job || strcmp(job_id(d->job), command->target) != 0) {
		session_result(d->options.session, command->id, NULL); /* over by now */
		return;
	}
	log_info("the collector stops a discovery");
	job_cancel(d->job);
	if (d->cancelled[0])
		session_result(d->options.session, d->cancelled, NULL);
	snprintf(d->cancelled, sizeof(d->cancelled), "%s", command->id);
}

void discover_turn(struct discoveries *d)
{
	if (!d->job || !job_turn(d->job, d->options.session, d->options.sightings))
		return;
	job_free(d->job, JOIN_MS);
	d->job = NULL;
	if (d->cancelled[0])
		session_result(d->options.session, d->cancelled, NULL);
	d->cancelled[0] = 0;
}

bool discover_close(struct discoveries *d, int patience_ms)
{
	bool over = true;

	if (!d)
		return true;
	if (d->job) {
		job_cancel(d->job);
		over = job_free(d->job, patience_ms);
	}
	free(d);
	return over;
}
