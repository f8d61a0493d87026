// SPDX-License-Identifier: BSD-2-Clause
/*
 * The containers of this machine: each engine that can be reached is asked (docker/ask.h). One that can't be asked is told of in the
 * report; when none can, that is the result.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "defs/log.h"
#include "sensor/discover_job.h"
#include "sensor/discover_self.h"
#include "sensor/docker/ask.h"
#include "sensor/docker/places.h"
#include "sensor/docker/report.h"
#include "sensor/machine.h"
#include "sensor/settings.h"

static void say_progress(void *context, int percent)
{
	job_progress(context, "Scanning", percent);
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
	int error = docker_ask(&options, place->name, report, say_progress, job, why, size);

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
