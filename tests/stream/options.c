// SPDX-License-Identifier: BSD-2-Clause
/* Options: the four origins and their order, types and ranges, and what is said when one is wrong. */
#include "defs/options.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/tap.h"

struct settings {
	bool span;
	const char *interface, *engine, *output, *key;
	long port;
};

static const struct option_row rows[] = {
	{"interface", 'i', "NETVISOR_INTERFACE", OPTION_TEXT, "IF", NULL, 0, 0, NULL, "Port to watch.",
	 offsetof(struct settings, interface)},
	{"span", 's', NULL, OPTION_FLAG, NULL, NULL, 0, 0, NULL, "A mirror port.",
	 offsetof(struct settings, span)},
	{"server-port", 0, "NETVISOR_SERVER_PORT", OPTION_NUMBER, "PORT", "60072", 1, 65535, NULL, "Port.",
	 offsetof(struct settings, port)},
	{"engine", 0, NULL, OPTION_CHOICE, "ENGINE", NULL, 0, 0, "xdp|pcap", "Engine.",
	 offsetof(struct settings, engine)},
	{"output", 'o', NULL, OPTION_PATH, "FILE", NULL, 0, 0, NULL, "Where to.",
	 offsetof(struct settings, output)},
	{"api-key", 0, "NETVISOR_DAEMON_API_KEY", OPTION_SECRET, "KEY", NULL, 0, 0, NULL, "Key.",
	 offsetof(struct settings, key)},
};

static int check(const void *settings, char *why, size_t size)
{
	const struct settings *s = settings;

	if (!s->span || s->interface)
		return 0;
	snprintf(why, size, "--span needs --interface");
	return -EINVAL;
}

static const struct option_command command = {
	.program = "test",
	.summary = "Tests.",
	.rows = rows,
	.row_count = sizeof(rows) / sizeof(rows[0]),
	.check = check,
};

static char said[8192]; /* what the last run wrote to standard output and error */

/* Run options_read on a NULL-ended list, with its output in said[]. */
static int run(const struct option_command *with, char **argv, struct settings *out, int *first)
{
	int argc = 0, saved[2] = {dup(1), dup(2)}, result;
	FILE *file = tmpfile();
	size_t length;

	while (argv[argc])
		argc++;
	fflush(stdout);
	dup2(fileno(file), 1);
	dup2(fileno(file), 2);
	*out = (struct settings){0};
	result = options_read(with, argc, argv, out, first);
	fflush(stdout);
	dup2(saved[0], 1);
	dup2(saved[1], 2);
	close(saved[0]);
	close(saved[1]);
	rewind(file);
	length = fread(said, 1, sizeof(said) - 1, file);
	said[length] = 0;
	fclose(file);
	return result;
}

#define RUN(settings, ...) run(&command, (char *[]){"test", __VA_ARGS__, NULL}, settings, NULL)

static void wrong_is_said(const char *expected, struct settings *s, char **argv)
{
	int result = run(&command, argv, s, NULL);

	tap_ok(result == OPTIONS_USAGE && strstr(said, expected), "refused: %s", expected);
	if (!strstr(said, expected))
		printf("# said: %s\n", said);
}

#define WRONG(expected, ...) wrong_is_said(expected, &s, (char *[]){"test", __VA_ARGS__, NULL})

static char *file_with(const char *text)
{
	static char path[64];
	int fd;

	snprintf(path, sizeof(path), "/tmp/options-test-XXXXXX");
	fd = mkstemp(path);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		printf("# %s can't be written\n", path);
	close(fd);
	return path;
}

static void test_command_line(void)
{
	struct settings s;

	tap_ok(RUN(&s, "--interface", "eth1", "--span", "--server-port=80") == OPTIONS_RUN && s.span &&
		       s.port == 80 && !strcmp(s.interface, "eth1"),
	       "long options, with = and without");
	tap_ok(RUN(&s, "-si", "eth1", "-oFILE") == OPTIONS_RUN && s.span && !strcmp(s.interface, "eth1") &&
		       !strcmp(s.output, "FILE"),
	       "letters together, values joined and apart");
	tap_ok(RUN(&s, "-o", "-") == OPTIONS_RUN && !strcmp(s.output, "-"), "- is a value");
	tap_ok(RUN(&s, "--server-port", "1", "--server-port", "2") == OPTIONS_RUN && s.port == 2,
	       "the last one wins");
	tap_ok(RUN(&s, "-s", "--span=no") == OPTIONS_RUN && !s.span, "a flag can be taken back");
	tap_ok(RUN(&s, "--engine", "pcap") == OPTIONS_RUN && !strcmp(s.engine, "pcap"), "a choice");
	tap_ok(RUN(&s, "--server-port", "65535") == OPTIONS_RUN && s.port == 65535,
	       "the largest number is allowed");
}

static void test_operands(void)
{
	struct option_command with = command;
	char *argv[] = {"test", "a", "-s", "b", "-i", "eth1", "--", "-c", NULL};
	struct settings s;
	int first = 0;

	with.operands = "TARGET...";
	tap_ok(run(&with, argv, &s, &first) == OPTIONS_RUN && s.span && first == 5,
	       "operands are found among options");
	tap_ok(!strcmp(argv[5], "a") && !strcmp(argv[6], "b") && !strcmp(argv[7], "-c"),
	       "and keep their order");
}

static void test_order(void)
{
	struct settings s;
	char *path =
		file_with("# a comment\n\nserver_port = 2\n  interface=\"from file\"\r\nDAEMON_API_KEY = k\n");

	tap_ok(RUN(&s, "--config", path) == OPTIONS_RUN && s.port == 2 && !strcmp(s.interface, "from file"),
	       "file over default, keys with _ and quoted values");
	tap_ok(s.key && !strcmp(s.key, "k"), "a file key may be the environment name");
	setenv("NETVISOR_SERVER_PORT", "3", 1);
	tap_ok(RUN(&s, "--config", path) == OPTIONS_RUN && s.port == 3, "environment over file");
	tap_ok(RUN(&s, "--config", path, "--server-port", "4") == OPTIONS_RUN && s.port == 4,
	       "command line over environment");
	setenv("NETVISOR_SERVER_PORT", "", 1);
	tap_ok(RUN(&s, "--config", path) == OPTIONS_RUN && s.port == 2, "an empty variable is not set");
	setenv("NETVISOR_SERVER_PORT", "x", 1);
	WRONG("environment variable NETVISOR_SERVER_PORT", "--config", path);
	unsetenv("NETVISOR_SERVER_PORT");
	tap_ok(RUN(&s, "-s", "-i", "e", NULL) == OPTIONS_RUN && s.port == 60072, "defaults");
	unlink(path);
}

static void test_secrets(void)
{
	static char wide[OPTION_SECRET_BYTES_MAX + 8];
	char *path = file_with("  hush hush\r\n\n"), *wrong;
	struct settings s;

	setenv("NETVISOR_DAEMON_API_KEY_FILE", path, 1);
	tap_ok(RUN(&s, "-s", "-i", "e") == OPTIONS_RUN && s.key && !strcmp(s.key, "hush hush"),
	       "a secret from a file");
	tap_ok(RUN(&s, "--api-key", "k") == OPTIONS_RUN && !strcmp(s.key, "k"),
	       "the command line goes before it");
	setenv("NETVISOR_DAEMON_API_KEY", "x", 1);
	WRONG("NETVISOR_DAEMON_API_KEY and NETVISOR_DAEMON_API_KEY_FILE exclude each other", "-s", "-i", "e");
	unsetenv("NETVISOR_DAEMON_API_KEY");
	setenv("NETVISOR_DAEMON_API_KEY_FILE", "/nonexistent/file", 1);
	WRONG("NETVISOR_DAEMON_API_KEY_FILE: /nonexistent/file can't be read", "-s", "-i", "e");
	memset(wide, 'k', sizeof(wide) - 1);
	for (size_t i = 0; i < 3; i++) {
		wrong = file_with((const char *const[]){"", "two\nlines\n", wide}[i]);
		setenv("NETVISOR_DAEMON_API_KEY_FILE", wrong, 1);
		WRONG("must hold one text", "-s", "-i", "e");
		unlink(wrong);
	}
	unsetenv("NETVISOR_DAEMON_API_KEY_FILE");
	unlink(path);
}

static void test_wrong(void)
{
	static char wide[OPTION_FILE_BYTES_MAX + 8];
	struct settings s;
	char *path;

	WRONG("no option --nothing", "--nothing");
	WRONG("no option --nothing;", "--nothing=3");
	WRONG("no option -x", "-x");
	WRONG("--interface needs a value: IF", "--interface");
	WRONG("-i needs a value: IF", "-i");
	WRONG("--interface: the value is empty", "--interface", "");
	WRONG("not a whole number from 1 to 65535", "--server-port", "0");
	WRONG("not a whole number from 1 to 65535", "--server-port", "65536");
	WRONG("not a whole number from 1 to 65535", "--server-port", "99999999999999999999");
	WRONG("\"12x\" is not a whole number", "--server-port", "12x");
	WRONG("is not one of xdp|pcap", "--engine", "xd");
	WRONG("is not one of xdp|pcap", "--engine", "");
	WRONG("neither yes nor no", "--span=perhaps");
	WRONG("\"eth1\" is not an option", "eth1");
	WRONG("--span needs --interface", "--span");
	WRONG("/nonexistent/file can't be read", "--config", "/nonexistent/file");
	path = file_with("interface = e\nnonsense\n");
	WRONG(":2: \"key = value\" is expected", "--config", path);
	unlink(path);
	path = file_with("colour = red\n");
	WRONG(":1: there is no option \"colour\"", "--config", path);
	unlink(path);
	path = file_with("server-port = many\n");
	WRONG(":1: server-port: \"many\" is not", "--config", path);
	unlink(path);
	memset(wide, '#', sizeof(wide) - 1);
	path = file_with(wide);
	WRONG("is longer than", "--config", path);
	unlink(path);
}

static void test_answers(void)
{
	struct settings s;

	tap_ok(RUN(&s, "--help") == OPTIONS_DONE && strstr(said, "--server-port PORT") &&
		       strstr(said, "1 to 65535") && strstr(said, "Default: 60072") &&
		       strstr(said, "NETVISOR_DAEMON_API_KEY") && strstr(said, "--check-config"),
	       "--help shows every row with range, default and environment");
	tap_ok(RUN(&s, "--version") == OPTIONS_DONE && !strcmp(said, "test " NETVISOR_VERSION "\n"),
	       "--version");
	tap_ok(RUN(&s, "--check-config", "--api-key", "hush") == OPTIONS_DONE && !strstr(said, "hush"),
	       "--check-config answers and shows no secret");
	tap_ok(RUN(&s, "--check-config", "--server-port", "0") == OPTIONS_USAGE,
	       "--check-config finds what is wrong");
	tap_ok(RUN(&s, "--check-config", "--span") == OPTIONS_USAGE,
	       "--check-config finds what does not go together");
}

int main(void)
{
	test_command_line();
	test_operands();
	test_order();
	test_secrets();
	test_wrong();
	test_answers();
	return tap_end();
}
