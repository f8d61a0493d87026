// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reading a file. Its frames carry their own time, and that alone passes here: two runs say the same.
 * A file that ends in the middle, or is damaged, gives what stands before that, a message and status 1.
 */
#include "sensor/replay.h"

#include <errno.h>
#include <string.h>

#include "defs/log.h"
#include "sensor/observe.h"
#include "sensor/pipeline.h"
#include "sensor/privilege.h"
#include "sensor/settings.h"

int replay_run(const struct settings *settings)
{
	struct sightings_counters counters;
	struct pipeline p;
	int error, read_error;

	if (pipeline_open(settings, &p))
		return 1;
	if (privilege_drop(NULL)) {
		pipeline_close(&p);
		return 1;
	}
	do {
		read_error = p.engine->poll(p.engine, p.observe);
	} while (read_error > 0);
	if (read_error)
		log_error("%s can't be read to its end: %s", settings->read, strerror(-read_error));
	p.engine->sweep(p.engine, p.observe);
	observe_tick(p.observe, 0);
	error = pipeline_finish(&p);
	sightings_counters(p.sightings, &counters);
	if (!error && counters.refused) {
		log_error("%llu facts could not be written to %s", (unsigned long long)counters.refused,
			  settings->output);
		error = -EIO;
	}
	pipeline_close(&p);
	return error || read_error;
}
