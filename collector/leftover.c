/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/leftover.h"

static bool is_server(long pid)
{
	char path[64], name[16] = "";
	FILE *file;
	bool is;

	snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
	file = fopen(path, "re");
	is = file && fgets(name, sizeof(name), file) && strcmp(name, "postgres\n") == 0;
	if (file)
		fclose(file);
	return is;
}

/* The directory itself counts, not its name: where others see other mounts (scripts/run, containers) the same name is another database. */
static bool works_in(long pid, const struct stat *directory)
{
	struct stat its;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/cwd", pid);
	return stat(path, &its) == 0 && its.st_dev == directory->st_dev && its.st_ino == directory->st_ino;
}

pid_t leftover_server(const char *cluster)
{
	struct stat directory;
	struct dirent *entry;
	pid_t found = 0;
	DIR *dir = stat(cluster, &directory) == 0 ? opendir("/proc") : NULL;

	while (dir && !found && (entry = readdir(dir))) {
		long pid = strtol(entry->d_name, NULL, 10);

		if (pid > 1 && is_server(pid) && works_in(pid, &directory))
			found = (pid_t)pid;
	}
	if (dir)
		closedir(dir);
	return found;
}
