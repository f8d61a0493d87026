// SPDX-License-Identifier: BSD-2-Clause
/* The keeper process, and dropping rights with libcap-ng. */
#include "sensor/privilege.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "defs/log.h"
#include "sensor/silence.h"

struct keeper {
	pid_t process; /* 0 once it is known to be gone */
	int fd;	       /* it waits for this to be closed: the kernel does that for a process that dies */
};

static void keep(int fd, int (*job)(void *), void *context, bool silent)
{
	sigset_t all;
	char nothing;

	/* Ctrl-C goes to both processes; the keeper's turn is after the other's. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	prctl(PR_SET_NAME, "netvisor-keeper");
	if (silent)
		silence_seal_keeper();
	while (read(fd, &nothing, 1) < 0 && errno == EINTR)
		;
	_exit(job(context) != 0);
}

int keeper_start(int (*job)(void *), void *context, bool silent, struct keeper **out)
{
	struct keeper *keeper = calloc(1, sizeof(*keeper));
	int ends[2], error;

	if (!keeper)
		return -ENOMEM;
	if (pipe2(ends, O_CLOEXEC)) {
		error = -errno;
		free(keeper);
		return error;
	}
	fflush(NULL);
	keeper->process = fork();
	if (!keeper->process) {
		close(ends[1]);
		keep(ends[0], job, context, silent);
	}
	error = keeper->process < 0 ? -errno : 0;
	close(ends[0]);
	if (error) {
		close(ends[1]);
		free(keeper);
		return error;
	}
	keeper->fd = ends[1];
	*out = keeper;
	return 0;
}

bool keeper_alive(struct keeper *keeper)
{
	if (keeper->process && waitpid(keeper->process, NULL, WNOHANG) == keeper->process)
		keeper->process = 0;
	return keeper->process;
}

int keeper_end(struct keeper *keeper)
{
	int status = 0, result;

	close(keeper->fd);
	while (keeper->process && waitpid(keeper->process, &status, 0) < 0 && errno == EINTR)
		;
	result = !keeper->process || !WIFEXITED(status) ? -ECHILD : WEXITSTATUS(status);
	free(keeper);
	return result;
}

static int become(const char *name)
{
	const struct passwd *user = getpwnam(name);

	if (!user) {
		log_error("there is no user %s to run as", name);
		return -ENOENT;
	}
	if (geteuid() == user->pw_uid)
		return 0;
	if (initgroups(name, user->pw_gid) || setresgid(user->pw_gid, user->pw_gid, user->pw_gid) ||
	    setresuid(user->pw_uid, user->pw_uid, user->pw_uid)) {
		log_error("can't become the user %s: %s", name, strerror(errno));
		return -EPERM;
	}
	return 0;
}

static int drop(bool keep_ports)
{
	keep_ports = keep_ports && capng_have_capability(CAPNG_PERMITTED, CAP_NET_BIND_SERVICE);
	capng_clear(CAPNG_SELECT_BOTH);
	if (keep_ports)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_BIND_SERVICE);
	/* The bounding set can only be emptied by a process that may; what is not there can't be lost. */
	if (capng_apply(CAPNG_SELECT_BOUNDS) && geteuid() == 0)
		log_debug("the capability bounding set stays as it is");
	if (capng_apply(CAPNG_SELECT_CAPS) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		log_error("can't give up rights: %s", strerror(errno));
		return -EPERM;
	}
	return 0;
}

int privilege_drop(const char *user)
{
	int error = user && geteuid() == 0 ? become(user) : 0;

	return error ? error : drop(false);
}

int privilege_drop_but_ports(void)
{
	return drop(true);
}
