// SPDX-License-Identifier: BSD-2-Clause
/*
 * A scan in the job's thread. The scope is the watched port's own subnets and what --scan-allow names; the collector's word alone widens
 * nothing. One process watches one port, so what it asks with stands here once.
 */
#include "sensor/discover_network.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "defs/log.h"
#include "sensor/clock.h"
#include "sensor/discover_job.h"
#include "sensor/probe/space.h"
#include "sensor/scan/known.h"
#include "sensor/scan/report.h"
#include "sensor/scan/request.h"
#include "sensor/scan/resume.h"
#include "sensor/scan/scan.h"
#include "sensor/settings.h"
#include "sensor/sightings.h"

enum { ALLOW_MAX = 256, ALLOW_TEXT_MAX = 100, RESOLVERS_MAX = 8 };

static struct {
	struct scan_gear *gear;
	char why_not[SCAN_WHY_MAX];
	struct prefix scope[ALLOW_MAX];
	size_t scope_count;
	bool any; /* --scan-allow any: what the collector names is the scope */
	atomic_bool halted;
} network;

/* What a job takes along. */
struct scan_job {
	struct scan_request request;
	struct known *known;
	struct ip announced[RESOLVERS_MAX];
	size_t announced_count;
	struct job *job;
	uint64_t fingerprint;
	struct scan_progress progress;
	char notes[SCAN_NOTES_MAX][SCAN_NOTE_MAX];
	size_t note_count;
};

/* "10.1.0.0/16, fd00::/64" into out; a count, or -EINVAL with *bad at the one that is none. */
static int read_allow(const char *allow, struct prefix out[static ALLOW_MAX], char bad[static ALLOW_TEXT_MAX])
{
	int count = 0;

	while (*(allow += strspn(allow, ", \t"))) {
		size_t length = strcspn(allow, ", \t");

		snprintf(bad, ALLOW_TEXT_MAX, "%.*s", (int)length, allow);
		if (count == ALLOW_MAX || prefix_parse(bad, &out[count]))
			return -EINVAL;
		count++;
		allow += length;
	}
	return count;
}

int discover_network_check(const char *allow, char *why, size_t why_size)
{
	struct prefix scope[ALLOW_MAX];
	char bad[ALLOW_TEXT_MAX] = "";

	if (!allow || !strcmp(allow, "none") || !strcmp(allow, "any") || read_allow(allow, scope, bad) >= 0)
		return 0;
	snprintf(why, why_size,
		 "--scan-allow: \"%.64s\" is not an address or a prefix like 10.1.0.0/16; give at most %d, or "
		 "none, or any",
		 bad, ALLOW_MAX);
	return -EINVAL;
}

bool discover_network_open(const struct settings *settings, struct engine *engine)
{
	const char *allow = settings->scan_allow ? settings->scan_allow : "";
	char bad[ALLOW_TEXT_MAX], why[SCAN_WHY_MAX] = "";
	int count;

	network.any = !strcmp(allow, "any");
	if (!strcmp(allow, "none")) {
		snprintf(network.why_not, sizeof(network.why_not),
			 "This sensor was started with --scan-allow none: it asks nobody. Start it without "
			 "that to have it scan.");
		return false;
	}
	if (settings->silent) {
		snprintf(network.why_not, sizeof(network.why_not),
			 "This sensor was started with --silent: it never sends. Have another sensor scan.");
		return false;
	}
	if (settings->span) {
		snprintf(network.why_not, sizeof(network.why_not),
			 "This sensor watches a mirror port (--span), through which nothing can be asked. Have "
			 "a sensor on a port of "
			 "the network itself scan.");
		return false;
	}
	count = network.any ? 0 : read_allow(allow, network.scope, bad);
	network.scope_count = count > 0 ? (size_t)count : 0;
	if (!scan_gear_open(settings->interface, engine, &network.gear, why, sizeof(why)))
		return true;
	log_info("this sensor can't scan: %s", why);
	snprintf(network.why_not, sizeof(network.why_not), "This sensor can't scan: %.*s.", SCAN_WHY_MAX - 40,
		 why);
	return false;
}

void discover_network_close(void)
{
	scan_gear_close(network.gear);
	network.gear = NULL;
}

void discover_network_halt(void)
{
	network.halted = true;
}

static void free_job(struct scan_job *s)
{
	if (!s)
		return;
	request_free(&s->request);
	known_free(s->known);
	free(s);
}

static bool is_known(void *context, const struct ip *ip, uint16_t port_h)
{
	return known_proven(context, ip, port_h);
}

static bool was_open(void *context, const struct ip *ip, uint16_t port_h)
{
	return known_was_open(context, ip, port_h);
}

/* What routers and DHCP servers tell of name servers. */
static void take_resolvers(void *context, const struct fact *route)
{
	struct scan_job *s = context;

	for (size_t i = 0; FACT_HAS(route, dns) && i < route->dns->count && s->announced_count < RESOLVERS_MAX;
	     i++) {
		bool there = false;

		for (size_t n = 0; n < s->announced_count; n++)
			there |= ip_equal(&s->announced[n], &route->dns->item[i]);
		if (!there)
			s->announced[s->announced_count++] = route->dns->item[i];
	}
}

static void set_scope(struct scan_job *s, const struct settings *settings)
{
	struct scan_options *o = &s->request.options;

	o->interface = settings->interface;
	/* Not NULL, also when it is empty: the port's own subnets and this are all. */
	o->scope = network.any ? NULL : network.scope;
	o->scope_count = network.scope_count;
	o->ports_by_flag = true;
	o->announced = s->announced;
	o->announced_count = s->announced_count;
	o->known = is_known;
	o->was_open = was_open;
	o->known_context = s->known;
	s->fingerprint = resume_fingerprint(o);
}

static int prepare(const struct settings *settings, const struct message *command, struct sightings *sightings,
		   void **taken, char *why, size_t why_size)
{
	struct scan_job *s;
	int error;

	if (!network.gear) {
		snprintf(why, why_size, "%s", network.why_not);
		return -EOPNOTSUPP;
	}
	s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	error = request_read(command->arguments ? command->arguments : "", &s->request, why, why_size);
	if (!error)
		error = known_copy(sightings, clock_wall_now_us(), &s->known);
	if (error) {
		free_job(s);
		return error;
	}
	sightings_each(sightings, FACT_ROUTE, take_resolvers, s);
	set_scope(s, settings);
	if (s->request.resume && resume_parse(s->request.resume, s->fingerprint, &s->request.options.resume))
		log_info("the scan's last position is of another scan: it begins anew");
	network.halted = false;
	*taken = s;
	return 0;
}

static void hear_fact(void *context, const struct fact *fact)
{
	struct scan_job *s = context;

	job_fact(s->job, fact);
}

static void hear_progress(void *context, const struct scan_progress *progress)
{
	struct scan_job *s = context;
	char position[RESUME_TEXT_MAX];
	size_t length = 0;
	char *text;

	s->progress = *progress;
	resume_text(&progress->position, s->fingerprint, position);
	text = report_progress(job_id(s->job), progress, position, &length);
	job_progress_text(s->job, text, length);
}

static void hear_note(void *context, const char *sentence)
{
	struct scan_job *s = context;

	if (s->note_count < SCAN_NOTES_MAX)
		snprintf(s->notes[s->note_count++], SCAN_NOTE_MAX, "%s", sentence);
}

/* The collector may stop it, and whoever is at this machine. */
static bool is_stopped(void *context)
{
	const struct scan_job *s = context;

	return *job_stop(s->job) || network.halted;
}

static void run(struct job *job, void *taken)
{
	struct scan_job *s = taken;
	const struct scan_sink sink = {.fact = hear_fact,
				       .progress = hear_progress,
				       .note = hear_note,
				       .stopped = is_stopped,
				       .context = s};
	const char *notes[SCAN_NOTES_MAX], *error_text = NULL;
	char why[SCAN_WHY_MAX] = "", *text;
	size_t length = 0;
	int error;

	s->job = job;
	log_info("scanning: the collector asks for it; %zu targets, %u packets a second, %zu ports are known "
		 "from traffic",
		 s->request.options.target_count, s->request.options.rate, known_count(s->known));
	error = scan_run(&s->request.options, network.gear, &sink, why, sizeof(why));
	if (error == -ECANCELED)
		error_text = network.halted ? "The sensor's kill switch (SIGUSR1) was used: the scan was "
					      "stopped on its machine."
					    : "cancelled";
	else if (error)
		error_text = why;
	for (size_t i = 0; i < s->note_count; i++)
		notes[i] = s->notes[i];
	text = report_result(job_id(job), error_text, &s->progress, notes, s->note_count, &length);
	job_done(job, text, length);
	log_info("the scan is over%s%s: %llu hosts, %llu ports open, %llu probes", error_text ? ": " : "",
		 error_text ? error_text : "", (unsigned long long)s->progress.probe.hosts_up,
		 (unsigned long long)s->progress.probe.open, (unsigned long long)s->progress.probe.sent);
	free_job(s);
}

const struct discover_type discover_network = {.name = "Network", .prepare = prepare, .run = run};
