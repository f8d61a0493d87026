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
#include "sensor/scan/aim.h"
#include "sensor/scan/found.h"
#include "sensor/scan/options.h"
#include "sensor/scan/output.h"
#include "sensor/scan/progress.h"
#include "sensor/scan/resume.h"
#include "sensor/scan/scan.h"
#include "sensor/scan/typed.h"
#include "sensor/sightings.h"

enum { FLOW_SLOTS = 1024, JSON_FACTS_HELD = 1 << 16, ARGUMENTS_MAX = 4096, SAVE_US = 1000000 };

enum format { FORMAT_TABLE, FORMAT_JSON, FORMAT_XML };

struct command {
	struct scan_settings settings;
	struct typed typed;
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
		c->typed.options.dry_run = c->output;
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
	const struct engine_options options = {.interface = c->typed.interface, .flow_slots = FLOW_SLOTS};
	char why[SCAN_WHY_MAX] = "";
	int error = capture_open(&options, &c->engine);

	if (error)
		return error;
	error = scan_gear_open(c->typed.interface, c->engine, &c->gear, why, sizeof(why));
	if (error)
		log_error("%s", why);
	return error;
}

static int open_all(struct command *c)
{
	char why[SCAN_WHY_MAX] = "";
	int error = open_output(c);

	if (!error && c->settings.resume) {
		error = resume_open(c->settings.resume, resume_fingerprint(&c->typed.options), &c->resume,
				    &c->typed.options.resume, why, sizeof(why));
		if (error)
			log_error("%s", why);
	}
	if (!error && !c->settings.dry_run)
		error = open_port(c);
	if (error)
		return error;
	return c->typed.options.udp || c->typed.options.full ? privilege_drop_but_ports()
							     : privilege_drop(NULL);
}

static void write_found(struct command *c, bool stopped)
{
	const char *notes[SCAN_NOTES_MAX];
	struct output_run run = {.arguments = c->arguments,
				 .start_s = c->start_s,
				 .end_s = (int64_t)time(NULL),
				 .udp = c->typed.options.udp || c->typed.options.full,
				 .stopped = stopped,
				 .end = &c->end,
				 .notes = notes,
				 .note_count = c->note_count};
	char *ports = aim_ports_text(&c->typed.options, &run.port_count);

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
	typed_free(&c->typed);
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
	c->format = !strcmp(c->settings.format, "json")	  ? FORMAT_JSON
		    : strcmp(c->settings.format, "table") ? FORMAT_XML
							  : FORMAT_TABLE;
	result = typed_read(&c->settings, argv + first, (size_t)(argc - first), &c->typed);
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
	result = scan_run(&c->typed.options, c->gear, &sink, why, sizeof(why));
	say_end(c, result, why);
	result = finish(c, result);
	close_all(c);
	return result;
}
