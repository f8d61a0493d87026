// SPDX-License-Identifier: BSD-2-Clause
/* Opening and closing the parts in their order. See pipeline.h. */
#include "sensor/pipeline.h"

#include <errno.h>
#include <string.h>

#include "defs/log.h"
#include "sensor/clock.h"
#include "sensor/fact_json.h"
#include "sensor/observe.h"
#include "sensor/outbox.h"
#include "sensor/settings.h"

enum {
	FACTS_HELD_LIVE =
		1 << 16, /* the least recently seen leave first; they are new again when they come back */
	FACTS_HELD_FILE = 1 << 20, /* a file is read to its end: memory is the machine's */
};

static int open_output(const struct settings *settings, struct pipeline *p)
{
	if (!strcmp(settings->output, "-"))
		p->output = stdout;
	else
		p->output = fopen(settings->output, settings->read ? "we" : "ae");
	if (p->output)
		return 0;
	log_error("--output: %s can't be written: %s", settings->output, strerror(errno));
	return -errno;
}

/* The outbox stands before the file: a fact that is in the file is in the outbox. */
static int open_sinks(const struct settings *settings, struct pipeline *p)
{
	int error = 0;

	if (settings->server_target) {
		error = outbox_open(settings->data_dir, (uint64_t)settings->outbox_limit_mb << 20, &p->outbox);
		p->sinks[p->sink_count++] = (struct fact_sink){.say = outbox_say, .context = p->outbox};
	}
	if (!error && settings->output) {
		error = open_output(settings, p);
		p->sinks[p->sink_count++] = (struct fact_sink){.say = fact_json_say, .context = p->output};
	}
	return error;
}

static uint32_t power_of_two(long number)
{
	uint32_t power = 1;

	while ((long)power < number)
		power <<= 1;
	return power;
}

static int open_engine(const struct settings *settings, struct pipeline *p)
{
	const struct engine_options options = {
		.interface = settings->interface,
		.file = settings->read,
		.file_in_kernel = settings->engine && !strcmp(settings->engine, "xdp"),
		.span = settings->span,
		.promiscuous = settings->promiscuous || settings->span,
		.silent = settings->silent,
		.flow_slots = power_of_two(settings->flows),
	};
	bool pcap = settings->read || (settings->engine && !strcmp(settings->engine, "pcap"));
	int error = pcap ? pcap_engine_open(&options, &p->engine) : capture_open(&options, &p->engine);

	if (!error)
		p->engine->info(p->engine, &p->info);
	return error;
}

int pipeline_open(const struct settings *settings, struct pipeline *out)
{
	const struct sightings_options live = {.capacity = FACTS_HELD_LIVE,
					       .refresh_us = settings->refresh_seconds * INT64_C(1000000),
					       .measure_us = settings->measure_seconds * INT64_C(1000000)};
	const struct sightings_options file = {.capacity = FACTS_HELD_FILE, .at_end = true};
	int error;

	*out = (struct pipeline){0};
	clock_adjust();
	/* The engine first: it may fork a keeper, which must not inherit the outbox and its lock. */
	error = open_engine(settings, out);
	if (!error)
		error = open_sinks(settings, out);
	if (!error) {
		error = sightings_open(settings->read ? &file : &live, out->sinks, out->sink_count,
				       &out->sightings);
		if (!error)
			error = observe_open(out->sightings, &out->observe);
		if (error)
			log_error("out of memory");
	}
	if (error)
		pipeline_close(out);
	return error;
}

int pipeline_commit(struct pipeline *p)
{
	int error = p->outbox ? outbox_commit(p->outbox) : 0;

	if (p->output && (fflush(p->output) || ferror(p->output))) {
		error = errno ? -errno : -EIO;
		clearerr(p->output);
		log_error("--output can't be written: %s", strerror(-error));
	}
	return error;
}

int pipeline_finish(struct pipeline *p)
{
	sightings_flush(p->sightings);
	return pipeline_commit(p);
}

void pipeline_release(struct pipeline *p)
{
	if (p->engine)
		p->engine->close(p->engine);
	p->engine = NULL;
}

void pipeline_close(struct pipeline *p)
{
	pipeline_release(p);
	observe_close(p->observe);
	sightings_close(p->sightings);
	outbox_close(p->outbox);
	if (p->output && p->output != stdout)
		fclose(p->output);
	*p = (struct pipeline){0};
}
