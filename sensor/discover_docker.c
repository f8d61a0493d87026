// SPDX-License-Identifier: BSD-2-Clause
/*
 * The containers of this machine: each engine that can be reached is asked for its version, networks, images and containers, and
 * then for each container. All by GET; nothing is executed in a container, and no container is spoken to. An engine that can't be asked
 * is told of in the report; when none can, that is the result.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "defs/log.h"
#include "sensor/discover_job.h"
#include "sensor/discover_self.h"
#include "sensor/docker/engine.h"
#include "sensor/docker/places.h"
#include "sensor/docker/report.h"
#include "sensor/machine.h"
#include "sensor/settings.h"

enum {
	VERSION_BYTES_MAX = 256 << 10,
	LIST_BYTES_MAX = 8 << 20,
	CONTAINER_BYTES_MAX = 1 << 20,
	LOST_MAX = 16, /* containers that can't be read, one after the other: then the engine is given up */
};

/* What is not understood is no container engine's, or of one that is newer than this program. */
static int not_understood(const char *url, const char *what, char *why, size_t size)
{
	snprintf(why, size,
		 "What %.200s answers about %s is not understood. Is it the API of Docker or Podman?", url,
		 what);
	return -EPROTO;
}

/* Ask, and have it read. */
static int take(struct engine *engine, const char *url, const char *path, const char *what, size_t limit,
		struct report *report, int (*read)(struct report *, const char *, size_t), char *why,
		size_t size)
{
	char *bytes = NULL;
	size_t length = 0;
	int error = engine_get(engine, path, limit, &bytes, &length);

	if (error)
		snprintf(why, size, "%s", engine_why(engine));
	else if (read(report, bytes, length))
		error = not_understood(url, what, why, size);
	free(bytes);
	return error;
}

/* Each container. One that is gone by now is no loss; of one that can't be read the others are told nevertheless. */
static int take_containers(struct job *job, struct engine *engine, const char *url, struct report *report,
			   char *why, size_t size)
{
	const char(*ids)[READ_ID_MAX];
	size_t count = report_ids(report, &ids), lost = 0;
	char path[ENGINE_PATH_MAX], image[READ_ID_MAX];
	int error = 0;

	for (size_t i = 0; i < count && !error; i++) {
		snprintf(path, sizeof(path), "/containers/%s/json", ids[i]);
		error = take(engine, url, path, "a container", CONTAINER_BYTES_MAX, report, report_container,
			     why, size);
		if (!error && report_image_wanted(report, image)) {
			snprintf(path, sizeof(path), "/images/%s/json", image);
			error = take(engine, url, path, "an image", CONTAINER_BYTES_MAX, report, report_image,
				     why, size);
		}
		if (error == -ENOENT) {
			error = 0;
		} else if (error && error != -ECANCELED && error != -ETIMEDOUT && ++lost < LOST_MAX) {
			log_debug("%s", why);
			report_lost(report);
			error = 0;
		}
		if (i % 16 == 0)
			job_progress(job, "Scanning", 10 + (int)(80 * i / count));
	}
	return error;
}

static int take_engine(struct job *job, struct engine *engine, const struct place *place, struct report *report,
		       char *why, size_t size)
{
	char *version = NULL;
	size_t length = 0;
	int error = engine_get(engine, "/version", VERSION_BYTES_MAX, &version, &length);

	if (error)
		snprintf(why, size, "%s", engine_why(engine));
	else if (report_engine(report, place->url, place->name, version, length))
		error = not_understood(place->url, "its version", why, size);
	free(version);
	if (error)
		return error;
	error = take(engine, place->url, "/networks", "networks", LIST_BYTES_MAX, report, report_networks, why,
		     size);
	if (!error)
		error = take(engine, place->url, "/images/json", "images", LIST_BYTES_MAX, report,
			     report_images, why, size);
	if (!error)
		error = take(engine, place->url, "/containers/json?all=1", "containers", LIST_BYTES_MAX, report,
			     report_list, why, size);
	if (!error)
		error = take_containers(job, engine, place->url, report, why, size);
	if (error)
		report_engine_drop(report);
	return error;
}

/* -ECANCELED when stopped; whatever else goes wrong is in the report. */
static int ask(struct job *job, const struct place *place, struct report *report, char *why, size_t size)
{
	const struct settings *settings = job_settings(job);
	const struct engine_options options = {.url = place->url,
					       .ca_file = settings->docker_proxy_ssl_chain,
					       .cert_file = settings->docker_proxy_ssl_cert,
					       .key_file = settings->docker_proxy_ssl_key,
					       .stop = job_stop(job)};
	struct engine *engine = NULL;
	int error = engine_open(&options, &engine);

	if (error)
		snprintf(why, size, "The container engine at %.200s can't be asked: %s.", place->url,
			 strerror(-error));
	else
		error = take_engine(job, engine, place, report, why, size);
	engine_close(engine);
	if (error && error != -ECANCELED) {
		log_info("%s", why);
		report_problem(report, place->url, why);
	}
	return error;
}

static size_t find(const struct settings *settings, struct place places[static PLACES_MAX])
{
	if (!settings->docker_proxy)
		return places_find(places);
	places[0] = (struct place){0};
	snprintf(places[0].url, sizeof(places[0].url), "%s", settings->docker_proxy);
	return 1;
}

/* Whose containers they are. A kernel that does not tell is no reason to stop: the collector may know by earlier reports. */
static void say_machine(struct job *job, struct report *report)
{
	struct machine *machine = malloc(sizeof(*machine));
	struct mac macs[SELF_MACS_MAX];

	if (machine && !machine_read(machine)) {
		self_say_machine(job, machine);
		report_machine(report, machine->hostname, macs, self_macs(machine, macs));
	}
	free(machine);
}

static void docker_report(struct job *job, void *taken)
{
	struct report *report = report_new();
	struct place places[PLACES_MAX];
	char why[MESSAGE_REASON_MAX] =
		"No container engine was found on the sensor's machine. Its socket (/var/run/docker.sock, "
		"/run/podman/podman.sock) must be there and its service run (`systemctl start podman.socket`), "
		"or "
		"--docker-proxy name where it answers.";
	size_t count = find(job_settings(job), places), length = 0;
	int error = report ? 0 : -ENOMEM;
	char *text;

	free(taken);
	if (report)
		say_machine(job, report);
	for (size_t i = 0; i < count && error != -ECANCELED && report; i++)
		error = ask(job, &places[i], report, why, sizeof(why));
	if (!report) {
		job_fail(job, "The sensor has not enough memory for a report of containers.");
	} else if (error == -ECANCELED) {
		job_fail(job, "cancelled");
	} else if (!report_engines(report)) {
		job_fail(job, why);
	} else {
		text = report_text(report, job_id(job), &length);
		log_info("told the collector of %zu containers", report_containers(report));
		job_done(job, text, length);
	}
	report_free(report);
}

const struct discover_type discover_docker = {.name = "Docker", .run = docker_report};
