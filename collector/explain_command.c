/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command: its options, the definitions, the lines.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/definition_files.h"
#include "collector/explain.h"
#include "collector/recognize/builtin.h"
#include "collector/settings.h"
#include "defs/log.h"

struct explain {
	const char *definitions;
	const char *format;
	bool reasons;
	const char *log_level;
};

#define AT(member) .offset = offsetof(struct explain, member)

static const struct option_row rows[] = {
	{.name = "definitions",
	 .env = "NETVISOR_DEFINITIONS",
	 .type = OPTION_PATH,
	 .argument = "DIR",
	 AT(definitions),
	 .help = "A directory of your own definitions of services, one a file, beside those that the collector "
		 "has."},
	{.name = "format",
	 .type = OPTION_CHOICE,
	 .argument = "FORMAT",
	 .fallback = "text",
	 .choices = "text|json",
	 AT(format),
	 .help = "For people, or a JSON object a line and host."},
	{.name = "reasons", .type = OPTION_FLAG, AT(reasons), .help = "Say why, too. JSON always does."},
	{.name = "log-level",
	 .env = "NETVISOR_LOG_LEVEL",
	 .type = OPTION_CHOICE,
	 .argument = "LEVEL",
	 .fallback = "info",
	 .choices = "trace|debug|info|warn|error",
	 AT(log_level),
	 .help = "What is written to standard error."},
};

static const struct option_command settings_explain = {
	.program = "netvisor-collector",
	.name = "explain",
	.summary = "Say what follows from facts (JSON lines as netvisor-sensor --output writes them; standard "
		   "input without a file), and why.",
	.operands = "[FACTS]",
	.rows = rows,
	.row_count = sizeof(rows) / sizeof(rows[0]),
	.file_of = &settings_command,
};

static int compile(const struct explain *settings, struct definitions **out)
{
	struct definition_files own = {0};
	struct definition_text *services, *devices;
	const struct definition_fault *fault;
	int error = settings->definitions ? definition_files_read(settings->definitions, &own) : 0;

	services = calloc(builtin_service_count + own.service_count + 1, sizeof(*services));
	devices = calloc(builtin_device_count + own.device_count + 1, sizeof(*devices));
	if (!error && (!services || !devices))
		error = -ENOMEM;
	if (!error) {
		memcpy(services, builtin_services, builtin_service_count * sizeof(*services));
		memcpy(devices, builtin_devices, builtin_device_count * sizeof(*devices));
		if (own.service_count)
			memcpy(services + builtin_service_count, own.services,
			       own.service_count * sizeof(*services));
		if (own.device_count)
			memcpy(devices + builtin_device_count, own.devices,
			       own.device_count * sizeof(*devices));
		error = definitions_compile(services, builtin_service_count + own.service_count, devices,
					    builtin_device_count + own.device_count, out);
	}
	for (size_t i = 0; !error && i < definitions_faults(*out, &fault); i++)
		log_warn("the definition %s is not used: %s", fault[i].id, fault[i].why);
	free(services);
	free(devices);
	definition_files_free(&own);
	return error;
}

static int read_lines(FILE *in, struct facts *facts)
{
	size_t size = 0, number = 0, wrong = 0;
	char *line = NULL;
	ssize_t length;
	int error = 0;

	while (!error && (length = getline(&line, &size, in)) >= 0) {
		number++;
		while (length && (line[length - 1] == '\n' || line[length - 1] == '\r'))
			length--;
		error = length ? facts_add(facts, line, (size_t)length) : 0;
		if (error == -EINVAL) {
			if (!wrong++)
				log_warn("line %zu is no fact, and is left out", number);
			error = 0;
		}
	}
	if (wrong > 1)
		log_warn("%zu lines of %zu are no facts", wrong, number);
	if (!error && number && wrong == number)
		error = -EINVAL;
	free(line);
	return error;
}

static int say(const struct explain *settings, const struct definitions *definitions, const struct facts *facts)
{
	const struct explain_host *host;
	size_t count = facts_hosts(facts, &host), left_out = 0, sum = 0;

	for (size_t i = 0; i < count; i++) {
		struct conclusions conclusions = {0};
		struct arena arena = {0};

		if (recognize(definitions, host[i].clue, host[i].clues, &arena, &conclusions, &left_out) < 0) {
			arena_free(&arena);
			return -ENOMEM;
		}
		sum += left_out;
		if (strcmp(settings->format, "json") == 0)
			explain_json(stdout, facts, &host[i], &conclusions);
		else
			explain_text(stdout, facts, &host[i], &conclusions, settings->reasons);
		arena_free(&arena);
	}
	if (sum)
		log_warn("%zu clues were more than is looked at of one host", sum);
	return fflush(stdout) ? -errno : 0;
}

static int run(const struct explain *settings, const char *path)
{
	FILE *in = path && strcmp(path, "-") != 0 ? fopen(path, "r") : stdin;
	struct definitions *definitions = NULL;
	struct facts *facts = NULL;
	int error;

	if (!in) {
		log_error("%s can't be read: %s", path, strerror(errno));
		return 1;
	}
	error = compile(settings, &definitions);
	if (!error)
		error = facts_open(&facts);
	if (!error)
		error = read_lines(in, facts);
	if (!error)
		error = facts_join(facts);
	if (!error)
		error = say(settings, definitions, facts);
	if (error)
		log_error("%s", error == -EINVAL
					? "this is no file of facts: netvisor-sensor --output writes one"
					: strerror(-error));
	facts_close(facts);
	definitions_free(definitions);
	if (in != stdin)
		fclose(in);
	return error ? 1 : 0;
}

int explain_command(int argc, char **argv)
{
	struct explain settings = {0};
	enum log_level level = LOG_INFO;
	int operand, status;

	if (argc < 2 || strcmp(argv[1], "explain") != 0)
		return -1;
	argc--;
	argv++;
	status = options_read(&settings_explain, argc, argv, &settings, &operand);
	if (status != OPTIONS_RUN)
		return status == OPTIONS_DONE ? 0 : 2;
	log_level_parse(settings.log_level, &level);
	log_setup(level, "netvisor-collector");
	if (operand < argc - 1) {
		log_error("one file of facts is expected at most: netvisor-collector explain FACTS");
		return 2;
	}
	return run(&settings, operand < argc ? argv[operand] : NULL);
}
