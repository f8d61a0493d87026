/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Users and limits of the process.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "collector/privilege.h"
#include "defs/log.h"

int privilege_find(const char *user, int *uid, int *gid)
{
	const struct passwd *entry = getpwnam(user);

	if (!entry) {
		log_error("there is no user %s: see --user", user);
		return -ENOENT;
	}
	*uid = (int)entry->pw_uid;
	*gid = (int)entry->pw_gid;
	return 0;
}

int privilege_drop(const char *user, int uid, int gid)
{
	if (initgroups(user, (gid_t)gid) < 0 || setresgid((gid_t)gid, (gid_t)gid, (gid_t)gid) < 0 ||
	    setresuid((uid_t)uid, (uid_t)uid, (uid_t)uid) < 0) {
		log_error("the user %s can't be become: %s. See --user.", user, strerror(errno));
		return -errno;
	}
	/* Changing the user made the process unreadable for itself in /proc, where libpq finds the socket. */
	prctl(PR_SET_DUMPABLE, 1);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return 0;
}

void privilege_raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max < 65536 ? limit.rlim_max : 65536;
	setrlimit(RLIMIT_NOFILE, &limit);
}
