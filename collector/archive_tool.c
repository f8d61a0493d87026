/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PostgreSQL's programs as children. What they say goes to a file without a name, from which the one line that tells
 * a person what is wrong is taken.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/archive.h"
#include "defs/log.h"

enum {
	ARGUMENTS_MAX = 32,
	SAID_BYTES_MAX = 1 << 16, /* of its last words, in which the error is looked for */
};

static void become_tool(pid_t parent, int in_fd, int out_fd, int said_fd)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	signal(SIGPIPE, SIG_DFL);
	setenv("LC_ALL", "C", 1);
	dup2(in_fd < 0 ? null : in_fd, STDIN_FILENO);
	dup2(out_fd < 0 ? null : out_fd, STDOUT_FILENO);
	dup2(said_fd, STDERR_FILENO);
}

int tool_start(const struct archive *archive, struct tool *tool, const char *const *arguments, int in_fd,
	       int out_fd)
{
	char *argv[ARGUMENTS_MAX] = {0}, path[4200];
	pid_t parent = getpid();
	size_t count = 0;

	snprintf(path, sizeof(path), "%s/%s", archive->programs, arguments[0]);
	for (; count < ARGUMENTS_MAX - 1 && arguments[count]; count++)
		argv[count] = (char *)(uintptr_t)arguments[count];
	*tool = (struct tool){.name = arguments[0], .pid_fd = -1};
	tool->said_fd = memfd_create("said", MFD_CLOEXEC);
	tool->pid = tool->said_fd < 0 ? -1 : fork();
	if (tool->pid == 0) {
		become_tool(parent, in_fd, out_fd, tool->said_fd);
		execv(path, argv);
		dprintf(STDERR_FILENO, "error: %s can't be run: %s\n", path, strerror(errno));
		_exit(127);
	}
	if (tool->pid < 0) {
		log_error("%s can't be started: %s", path, strerror(errno));
		tool_close(tool);
		return -ENOMEM;
	}
	tool->pid_fd = (int)syscall(SYS_pidfd_open, tool->pid, 0);
	return 0;
}

int tool_wait(struct tool *tool, int ms)
{
	struct pollfd ended = {.fd = tool->pid_fd, .events = POLLIN};
	int status = 0;

	poll(&ended, 1, ms);
	if (waitpid(tool->pid, &status, ms < 0 ? 0 : WNOHANG) != tool->pid)
		return 1;
	tool->pid = 0;
	return status == 0 ? 0 : -EIO;
}

void tool_stop(struct tool *tool)
{
	if (tool->pid <= 0)
		return;
	kill(tool->pid, SIGTERM);
	waitpid(tool->pid, NULL, 0);
	tool->pid = 0;
}

void tool_said(const struct tool *tool, char *out, size_t size)
{
	char *said = calloc(1, SAID_BYTES_MAX + 1), *rest = said;
	off_t length = lseek(tool->said_fd, 0, SEEK_END);
	const char *best = "it ended without saying why";

	if (said && length > 0 &&
	    pread(tool->said_fd, said, SAID_BYTES_MAX, length > SAID_BYTES_MAX ? length - SAID_BYTES_MAX : 0) >
		    0) {
		for (char *line; (line = strsep(&rest, "\n"));) {
			char *error = strcasestr(line, "error: ");

			if (*line)
				best = line;
			if (!error && (error = strcasestr(line, "fatal: ")) == NULL)
				continue;
			best = error + strlen("error: ");
			break;
		}
	}
	snprintf(out, size, "%s", best + strspn(best, " "));
	free(said);
}

void tool_close(struct tool *tool)
{
	tool_stop(tool);
	if (tool->said_fd >= 0)
		close(tool->said_fd);
	if (tool->pid_fd >= 0)
		close(tool->pid_fd);
	tool->said_fd = tool->pid_fd = -1;
}
