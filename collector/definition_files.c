/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Directories are read by name, in order, so that the same files are always the same definitions. What is not called NAME.json is passed
 * over: editors leave such files.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/definition_files.h"
#include "defs/log.h"

enum { ID_MAX = 60, PATH_SPACE = 4096 };

/* An id and `.json`. */
static int is_definition(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name),
	       id = strspn(entry->d_name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return id > 0 && id <= ID_MAX && length == id + 5 && strcmp(entry->d_name + id, ".json") == 0;
}

/* The whole of a file into the arena. 0, or -errno. */
static int read_file(int directory, const char *name, struct arena *arena, struct definition_text *out)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat about;
	ssize_t length = -1;
	char *space;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &about) < 0 || !S_ISREG(about.st_mode) || about.st_size > DEFINITION_FILE_BYTES_MAX) {
		close(fd);
		return -EFBIG;
	}
	space = arena_take(arena, DEFINITION_FILE_BYTES_MAX + 1);
	if (space)
		length = read(fd, space, DEFINITION_FILE_BYTES_MAX);
	close(fd);
	out->id = arena_text(arena, name, strlen(name) - 5);
	if (!space || length < 0 || !out->id)
		return -EIO;
	out->json = space;
	out->length = (size_t)length;
	return 0;
}

static int read_directory(const char *path, struct definition_files *files, struct definition_text **out,
			  size_t *count)
{
	struct dirent **entries;
	int found = scandir(path, &entries, is_definition, alphasort), directory, error = 0;

	if (found < 0)
		return -errno;
	directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*out = arena_take(&files->arena, (size_t)(found + 1) * sizeof(**out));
	*count = 0;
	if (directory < 0 || !*out)
		error = -EIO;
	for (int i = 0; i < found; i++) {
		int wrong = error ? 0
			    : *count >= DEFINITION_FILES_MAX
				    ? -ENOSPC
				    : read_file(directory, entries[i]->d_name, &files->arena, *out + *count);

		if (wrong) {
			files->left_out++;
			log_warn("the definition %s/%s is left out: %s", path, entries[i]->d_name,
				 wrong == -ENOSPC  ? "there are too many"
				 : wrong == -EFBIG ? "it is no file, or larger than 128 KB"
						   : strerror(-wrong));
		} else if (!error) {
			++*count;
		}
		free(entries[i]);
	}
	free(entries);
	if (directory >= 0)
		close(directory);
	return error;
}

int definition_files_read(const char *directory, struct definition_files *out)
{
	char devices[PATH_SPACE];
	int error;

	memset(out, 0, sizeof(*out));
	error = read_directory(directory, out, &out->services, &out->service_count);
	if (error) {
		log_error("definitions can't be read from %s: %s. See --definitions.", directory,
			  strerror(-error));
		return error;
	}
	snprintf(devices, sizeof(devices), "%s/devices", directory);
	if (read_directory(devices, out, &out->devices, &out->device_count))
		out->device_count = 0; /* there need be none */
	return 0;
}

void definition_files_free(struct definition_files *files)
{
	arena_free(&files->arena);
	memset(files, 0, sizeof(*files));
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(1099511628211);
	return hash;
}

static uint64_t stamp_directory(const char *path, uint64_t hash)
{
	struct dirent **entries;
	int found = scandir(path, &entries, is_definition, alphasort);
	char file[PATH_SPACE + 256];
	struct stat about;

	for (int i = 0; i < found; i++) {
		snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);
		if (stat(file, &about) == 0) {
			hash = mix(hash, entries[i]->d_name, strlen(entries[i]->d_name) + 1);
			hash = mix(hash, &about.st_size, sizeof(about.st_size));
			hash = mix(hash, &about.st_mtim, sizeof(about.st_mtim));
			hash = mix(hash, &about.st_ino, sizeof(about.st_ino));
		}
		free(entries[i]);
	}
	if (found >= 0)
		free(entries);
	return hash;
}

uint64_t definition_files_stamp(const char *directory)
{
	char devices[PATH_SPACE];
	uint64_t hash = stamp_directory(directory, UINT64_C(14695981039346656037));

	snprintf(devices, sizeof(devices), "%s/devices", directory);
	hash = stamp_directory(devices, hash);
	return hash ? hash : 1;
}
