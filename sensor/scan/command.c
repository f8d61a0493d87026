// SPDX-License-Identifier: BSD-2-Clause
/*
 * The command's life: options → engine, gear and files, with rights → rights dropped → scan_run() → what was found, in the form that was
 * asked for. A signal sets a flag that the scan looks at; a second one ends the process at once, and the engine's keeper puts the port back.
 */
#include "sensor/scan/command.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "defs/log.h"
#include "sensor/engine.h"
#include "sensor/fact_json.h"
#include "sensor/privilege.h"
#include "sensor/probe/space.h"
#include "sensor/scan/aim.h"
#include "sensor/scan/found.h"
#include "sensor/scan/options.h"
#include "sensor/scan/output.h"
#include "sensor/scan/progress.h"
#include "sensor/scan/resume.h"
#include "sensor/scan/scan.h"
#include "sensor/scan/way.h"
#include "sensor/sightings.h"
#include "sensor/snmp/snmp.h"

enum {
	EXCLUDES_MAX = 1024,
	FLOW_SLOTS = 1024,
	JSON_FACTS_HELD = 1 << 16,
	ARGUMENTS_MAX = 4096,
	SAVE_US = 1000000
};

enum format { FORMAT_TABLE, FORMAT_JSON, FORMAT_XML };

struct command {
	struct scan_settings settings;
	struct scan_options options;
	char interface[64];
	char *exclude_text; /* cut into excludes */
	const char *excludes[EXCLUDES_MAX];
	struct scan_credential credentials[SNMP_CREDENTIALS_MAX];
	struct ip resolver;
	enum format format;
	FILE *output;
	struct engine *engine;
	struct scan_gear *gear;
	struct resume *resume;
	int64_t save_us;
	struct sightings *sightings; /* JSON: says each fact once */
	struct fact_sink sink;	     /* of that */
	struct found found;	     /* the other forms */
	struct progress progress;
	struct scan_progress end; /* the latest */
	char notes[SCAN_NOTES_MAX][SCAN_NOTE_MAX];
	size_t note_count;
	char arguments[ARGUMENTS_MAX];
	int64_t start_s;
};

static atomic_bool stop;

static void on_signal(int number)
{
	(void)number;
	stop = true;
}

static void catch_signals(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaction(numbers[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void hear_fact(void *context, const struct fact *fact)
{
	struct command *c = context;

	if (c->format == FORMAT_JSON)
		sightings_see(c->sightings, fact);
	else
		found_fact(&c->found, fact);
}

static void hear_host(void *context, const struct scan_host *host)
{
	struct command *c = context;

	if (c->format != FORMAT_JSON)
		found_done(&c->found, host);
}

static void hear_progress(void *context, const struct scan_progress *progress)
{
	struct command *c = context;

	c->end = *progress;
	progress_show(&c->progress, progress);
	if (c->format == FORMAT_JSON && (fflush(c->output) || ferror(c->output)))
		stop = true; /* nobody reads it any more */
	if (c->resume && progress->elapsed_us >= c->save_us) {
		c->save_us = progress->elapsed_us + SAVE_US;
		resume_save(c->resume, &progress->position);
	}
}

static void hear_note(void *context, const char *sentence)
{
	struct command *c = context;

	if (c->note_count < SCAN_NOTES_MAX)
		snprintf(c->notes[c->note_count++], SCAN_NOTE_MAX, "%s", sentence);
}

static bool is_stopped(void *context)
{
	(void)context;
	return stop;
}

static int cut_excludes(struct command *c)
{
	char *rest, *one;

	if (!c->settings.exclude)
		return 0;
	rest = c->exclude_text = strdup(c->settings.exclude);
	if (!rest)
		return -ENOMEM;
	while ((one = strsep(&rest, ", \t\n"))) {
		if (!*one)
			continue;
		if (c->options.exclude_count == EXCLUDES_MAX) {
			log_error("--exclude: more than %d; give prefixes or ranges instead", EXCLUDES_MAX);
			return -E2BIG;
		}
		c->excludes[c->options.exclude_count++] = one;
	}
	c->options.excludes = c->excludes;
	return 0;
}

static int find_interface(struct command *c)
{
	int error;

	if (c->settings.interface) {
		snprintf(c->interface, sizeof(c->interface), "%s", c->settings.interface);
		return 0;
	}
	error = way_interface(c->options.targets[0], c->interface, sizeof(c->interface));
	if (error == -EINVAL)
		log_error("%.64s is not an address, a prefix (10.0.0.0/24) or a range (10.0.0.7-10.0.0.9)",
			  c->options.targets[0]);
	else if (error)
		log_error("there is no route to %.64s (%s); --interface names the port to ask through",
			  c->options.targets[0], strerror(-error));
	return error;
}

static void set_rates(struct command *c)
{
	const struct scan_settings *s = &c->settings;
	struct scan_options *o = &c->options;

	scan_rate_parse(s->rate, &o->rate);
	o->host_rate = o->rate ? SCAN_HOST_RATE_DEFAULT : 0;
	o->subnet_rate = o->rate;
	if (s->host_rate)
		scan_rate_parse(s->host_rate, &o->host_rate);
	if (s->subnet_rate)
		scan_rate_parse(s->subnet_rate, &o->subnet_rate);
	if (s->shard)
		scan_shard_parse(s->shard, &o->shard, &o->shards);
}

static int set_resolver(struct command *c)
{
	const char *dns = c->settings.dns;

	if (dns && !strcmp(dns, "none")) {
		c->options.no_names = true;
	} else if (dns) {
		if (ip_parse(dns, &c->resolver)) {
			log_error("--dns: \"%.64s\" is not an address, and not none", dns);
			return -EINVAL;
		}
		c->options.resolvers = &c->resolver;
		c->options.resolver_count = 1;
	}
	return 0;
}

static int read_credentials(struct command *c)
{
	struct snmp_credential read[SNMP_CREDENTIALS_MAX];
	int error = snmp_credentials_read(c->settings.snmp_file, read, SNMP_CREDENTIALS_MAX,
					  &c->options.credential_count);

	for (size_t i = 0; !error && i < c->options.credential_count; i++)
		c->credentials[i].snmp = read[i];
	explicit_bzero(read, sizeof(read));
	return error;
}

/* Whether targets, exclusions and ports can be read, and may be asked: that is said before anything is opened. */
static int check_texts(const struct command *c)
{
	const struct scan_options *o = &c->options;
	char why[SPACE_WHY_BYTES] = "";
	struct space *space;
	size_t count = 1;
	int error = space_open(&space);

	if (error)
		return error;
	for (size_t i = 0; !error && i < o->target_count; i++)
		error = space_target(space, o->targets[i], why);
	for (size_t i = 0; !error && i < o->exclude_count; i++)
		error = space_exclude(space, o->excludes[i], why);
	space_close(space);
	if (error) {
		log_error("%s", why[0] ? why : strerror(-error));
		return error;
	}
	free(aim_ports_text(o, &count));
	if (!count)
		log_error("--ports: \"%.100s\" are not numbers and ranges from 1 to 65535, like "
			  "22,80,8000-8080, and not all",
			  o->ports);
	return count ? 0 : -EINVAL;
}

/* What was typed, as the scan has it. 0, or -errno after a log line: -EINVAL for a slip of the pen. */
static int set_options(struct command *c, char **targets, size_t count)
{
	const struct scan_settings *s = &c->settings;
	struct scan_options *o = &c->options;
	int error;

	if (!count) {
		log_error("whom? name an address, a prefix (10.0.0.0/24) or a range (10.0.0.7-10.0.0.9); "
			  "--help shows the usage");
		return -EINVAL;
	}
	*o = (struct scan_options){.interface = c->interface,
				   .targets = (const char *const *)targets,
				   .target_count = count,
				   .ports = s->ports,
				   .full = !strcmp(s->depth, "full"),
				   .udp = s->udp,
				   .identify = !s->no_identify,
				   .skip_alive = s->skip_alive,
				   .raw_print = s->print_ports,
				   .industrial = s->industrial,
				   .engine = strcmp(s->engine, "xdp") ? SCAN_URING : SCAN_XDP,
				   .shards = 1,
				   .credentials = c->credentials};
	set_rates(c);
	c->format = !strcmp(s->format, "json")	 ? FORMAT_JSON
		    : strcmp(s->format, "table") ? FORMAT_XML
						 : FORMAT_TABLE;
	error = cut_excludes(c);
	if (!error)
		error = check_texts(c);
	if (!error)
		error = set_resolver(c);
	if (!error)
		error = find_interface(c);
	if (!error && s->snmp_file)
		error = read_credentials(c);
	return error;
}

static int open_output(struct command *c)
{
	const struct sightings_options options = {.capacity = JSON_FACTS_HELD};
	const char *path = c->settings.output;

	c->output = strcmp(path, "-") ? fopen(path, "we") : stdout;
	if (!c->output) {
		log_error("--output: %s can't be written: %s", path, strerror(errno));
		return -errno;
	}
	if (c->settings.dry_run) {
		c->options.dry_run = c->output;
		return 0;
	}
	if (c->format != FORMAT_JSON)
		return 0;
	c->sink = (struct fact_sink){.say = fact_json_say, .context = c->output};
	return sightings_open(&options, &c->sink, 1, &c->sightings);
}

/* What needs rights. 0, or -errno after a log line. */
static int open_port(struct command *c)
{
	const struct engine_options options = {.interface = c->interface, .flow_slots = FLOW_SLOTS};
	char why[SCAN_WHY_MAX] = "";
	int error = capture_open(&options, &c->engine);

	if (error)
		return error;
	error = scan_gear_open(c->interface, c->engine, &c->gear, why, sizeof(why));
	if (error)
		log_error("%s", why);
	return error;
}

static int open_all(struct command *c)
{
	char why[SCAN_WHY_MAX] = "";
	int error = open_output(c);

	if (!error && c->settings.resume) {
		error = resume_open(c->settings.resume, resume_fingerprint(&c->options), &c->resume,
				    &c->options.resume, why, sizeof(why));
		if (error)
			log_error("%s", why);
	}
	if (!error && !c->settings.dry_run)
		error = open_port(c);
	if (error)
		return error;
	return c->options.udp || c->options.full ? privilege_drop_but_ports() : privilege_drop(NULL);
}

static void write_found(struct command *c, bool stopped)
{
	const char *notes[SCAN_NOTES_MAX];
	struct output_run run = {.arguments = c->arguments,
				 .start_s = c->start_s,
				 .end_s = (int64_t)time(NULL),
				 .udp = c->options.udp || c->options.full,
				 .stopped = stopped,
				 .end = &c->end,
				 .notes = notes,
				 .note_count = c->note_count};
	char *ports = aim_ports_text(&c->options, &run.port_count);

	run.ports = ports ? ports : "";
	for (size_t i = 0; i < c->note_count; i++)
		notes[i] = c->notes[i];
	found_sort(&c->found);
	if (c->format == FORMAT_XML)
		output_xml(c->output, &c->found, &run);
	else
		output_table(c->output, &c->found, &run);
	free(ports);
}

/* The end of it, for a person; what was found is elsewhere. */
static void say_end(struct command *c, int result, const char *why)
{
	char text[PROGRESS_TEXT_MAX];

	progress_clear(&c->progress);
	if (result && result != -ECANCELED) {
		log_error("%s", why);
		return;
	}
	if (c->format != FORMAT_TABLE && !c->settings.dry_run)
		for (size_t i = 0; i < c->note_count; i++)
			log_warn("%s", c->notes[i]);
	if (c->progress.every_us)
		fprintf(stderr, "%s\n", progress_text(&c->end, text));
	if (result && c->resume)
		fprintf(stderr, "stopped; the same command goes on from here\n");
}

static int finish(struct command *c, int result)
{
	bool stopped = result == -ECANCELED;
	int error = 0;

	if (c->sightings)
		sightings_flush(c->sightings);
	else if ((!result || stopped) && !c->settings.dry_run)
		write_found(c, stopped);
	if (fflush(c->output) || ferror(c->output)) {
		log_error("--output: %s can't be written: %s", c->settings.output, strerror(errno));
		error = -EIO;
	}
	if (c->resume && result)
		resume_save(c->resume, &c->end.position);
	resume_close(c->resume, !result && !error);
	c->resume = NULL;
	return error ? 1 : stopped ? SCAN_EXIT_STOPPED : result != 0;
}

static void close_all(struct command *c)
{
	resume_close(c->resume, false);
	scan_gear_close(c->gear);
	if (c->engine)
		c->engine->close(c->engine);
	if (c->sightings)
		sightings_close(c->sightings);
	found_free(&c->found);
	if (c->output && c->output != stdout)
		fclose(c->output);
	free(c->exclude_text);
	explicit_bzero(c->credentials, sizeof(c->credentials));
	free(c);
}

static void keep_arguments(struct command *c, int argc, char **argv)
{
	size_t used = (size_t)snprintf(c->arguments, sizeof(c->arguments), "netvisor-sensor");

	for (int i = 0; i < argc && used < sizeof(c->arguments); i++)
		used += (size_t)snprintf(c->arguments + used, sizeof(c->arguments) - used, " %s", argv[i]);
}

int scan_command(int argc, char **argv)
{
	struct command *c = calloc(1, sizeof(*c));
	struct scan_sink sink = {.fact = hear_fact,
				 .host = hear_host,
				 .progress = hear_progress,
				 .note = hear_note,
				 .stopped = is_stopped,
				 .context = c};
	enum log_level level = LOG_WARN;
	char why[SCAN_WHY_MAX] = "";
	int first = argc, result;

	if (!c)
		return 1;
	keep_arguments(c, argc, argv);
	result = options_read(&scan_command_options, argc, argv, &c->settings, &first);
	if (result != OPTIONS_RUN) {
		free(c);
		return result == OPTIONS_DONE ? 0 : 2;
	}
	log_level_parse(c->settings.log_level, &level);
	log_setup(level, NULL);
	c->start_s = (int64_t)time(NULL);
	result = set_options(c, argv + first, (size_t)(argc - first));
	if (result) {
		close_all(c);
		return result == -EINVAL ? 2 : 1;
	}
	catch_signals();
	progress_begin(&c->progress, stderr, c->settings.progress);
	result = open_all(c);
	if (result) {
		close_all(c);
		return 1;
	}
	result = scan_run(&c->options, c->gear, &sink, why, sizeof(why));
	say_end(c, result, why);
	result = finish(c, result);
	close_all(c);
	return result;
}
