/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A sorted list of files. Paths are compared with what was found at the start, so no request reaches the disk.
 * Files below assets/ have their hash in their name and never change; the others are asked for again each time.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/http.h"
#include "collector/secret.h"
#include "collector/static.h"
#include "defs/log.h"

enum {
	PATH_BYTES_MAX = 1024,
	FILES_MAX = 4000,
	DEPTH_MAX = 8,
	TOTAL_BYTES_MAX = 128 << 20,
};

struct file {
	char *path; /* from the root, "/index.html" */
	char *bytes;
	size_t length;
	char etag[48];
	const struct file *brotli, *gzip;
};

struct static_files {
	struct file *files;
	size_t count, bytes;
	char directory[PATH_BYTES_MAX];
	bool whole;
};

static const struct {
	const char *ending, *type;
} types[] = {
	{".html", "text/html; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".mjs", "text/javascript; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".json", "application/json"},
	{".webmanifest", "application/manifest+json"},
	{".svg", "image/svg+xml"},
	{".png", "image/png"},
	{".ico", "image/x-icon"},
	{".woff2", "font/woff2"},
	{".txt", "text/plain; charset=utf-8"},
	{".wasm", "application/wasm"},
};

static bool ends_with(const char *text, const char *ending)
{
	size_t length = strlen(text), end = strlen(ending);

	return length >= end && strcmp(text + length - end, ending) == 0;
}

static const char *type_of(const char *path)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (ends_with(path, types[i].ending))
			return types[i].type;
	return "application/octet-stream";
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

static const struct file *find(const struct static_files *s, const char *path)
{
	struct file key = {.path = (char *)(uintptr_t)path};

	return s->count ? bsearch(&key, s->files, s->count, sizeof(key), compare) : NULL;
}

static int take_file(struct static_files *s, const char *full, const char *path, size_t length)
{
	struct file *file = &s->files[s->count];
	uint8_t hash[SECRET_HASH_BYTES];
	char text[SECRET_HASH_TEXT_MAX];
	int fd = open(full, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	*file = (struct file){.path = strdup(path), .bytes = malloc(length + 1), .length = length};
	s->count++;
	if (!file->path || !file->bytes) {
		close(fd);
		return -ENOMEM;
	}
	for (size_t have = 0; have < length;) {
		ssize_t got = read(fd, file->bytes + have, length - have);

		if (got <= 0) {
			file->length = have;
			break;
		}
		have += (size_t)got;
	}
	close(fd);
	s->bytes += length;
	secret_hash(file->bytes, file->length, hash);
	secret_hash_text(hash, text);
	snprintf(file->etag, sizeof(file->etag), "\"%.32s\"", text + 2);
	return 0;
}

static int walk(struct static_files *s, const char *relative, int depth)
{
	char full[2 * PATH_BYTES_MAX + 300], path[PATH_BYTES_MAX];
	struct dirent *entry;
	DIR *dir;
	int error = 0;

	snprintf(full, sizeof(full), "%s%s", s->directory, relative);
	dir = opendir(full);
	if (!dir)
		return depth ? 0 : -ENOENT;
	while (!error && (entry = readdir(dir))) {
		struct stat stat_of;

		if (entry->d_name[0] == '.' ||
		    snprintf(path, sizeof(path), "%s/%s", relative, entry->d_name) >= (int)sizeof(path))
			continue;
		snprintf(full, sizeof(full), "%s%s", s->directory, path);
		if (stat(full, &stat_of) < 0)
			continue;
		if (S_ISDIR(stat_of.st_mode) && depth < DEPTH_MAX) {
			error = walk(s, path, depth + 1);
		} else if (S_ISREG(stat_of.st_mode)) {
			if (s->count == FILES_MAX || s->bytes + (size_t)stat_of.st_size > TOTAL_BYTES_MAX)
				s->whole = false;
			else
				error = take_file(s, full, path, (size_t)stat_of.st_size);
		}
	}
	closedir(dir);
	return error;
}

static void pair_up(struct static_files *s)
{
	for (size_t i = 0; i < s->count; i++) {
		char path[PATH_BYTES_MAX + 8];

		snprintf(path, sizeof(path), "%s.br", s->files[i].path);
		s->files[i].brotli = find(s, path);
		snprintf(path, sizeof(path), "%s.gz", s->files[i].path);
		s->files[i].gzip = find(s, path);
	}
}

int static_open(const char *directory, struct static_files **out)
{
	struct static_files *s = calloc(1, sizeof(*s));
	int error;

	if (!s)
		return -ENOMEM;
	s->whole = true;
	snprintf(s->directory, sizeof(s->directory), "%s", directory);
	s->files = calloc(FILES_MAX, sizeof(*s->files));
	error = s->files ? walk(s, "", 0) : -ENOMEM;
	if (error == -ENOMEM) {
		static_close(s);
		return error;
	}
	qsort(s->files, s->count, sizeof(*s->files), compare);
	pair_up(s);
	if (!find(s, "/index.html"))
		log_warn("the dashboard's files are not in %s: build them with `make web`, or name them with "
			 "--web-dir",
			 directory);
	if (!s->whole)
		log_warn("%s holds more than %d files or %d MiB: not all are served. See --web-dir.", directory,
			 FILES_MAX, TOTAL_BYTES_MAX >> 20);
	*out = s;
	return 0;
}

/* True when the list of codings names this one, and not with q=0. */
static bool accepts(const char *list, const char *coding)
{
	size_t length = strlen(coding);

	for (const char *at = strstr(list, coding); at; at = strstr(at + 1, coding)) {
		const char *after = at + length;
		bool begins = at == list || at[-1] == ' ' || at[-1] == ',';

		if (begins && (!*after || *after == ',' || *after == ' ' || *after == ';'))
			return strncmp(after, ";q=0", 4) != 0 ||
			       (after[4] == '.' && strspn(after + 5, "0,") < strcspn(after + 5, " ,"));
	}
	return false;
}

void static_answer(const struct static_files *s, struct http_request *request)
{
	static const char missing[] =
		"The dashboard has not been built: run `make web`, or name its files with --web-dir.\n";
	const struct http_head *head = &request->head;
	const char *path = strcmp(head->path, "/") == 0 ? "/index.html" : head->path;
	const struct file *file = find(s, path), *form;
	bool immutable = strncmp(path, "/assets/", 8) == 0;
	const char *last = strrchr(path, '/');

	/* A view's address, not a file that is missing. */
	if (!file && !immutable && !strchr(last ? last : path, '.'))
		file = find(s, path = "/index.html");
	if (!file) {
		if (s->count)
			http_answer_static(request, 404, "text/plain", "not found\n", 10);
		else
			http_answer_static(request, 404, "text/plain", missing, sizeof(missing) - 1);
		return;
	}
	form = file;
	if (file->brotli && accepts(head->accept_encoding, "br")) {
		form = file->brotli;
		http_header(request, "content-encoding", "br");
	} else if (file->gzip && accepts(head->accept_encoding, "gzip")) {
		form = file->gzip;
		http_header(request, "content-encoding", "gzip");
	}
	http_header(request, "vary", "accept-encoding");
	http_header(request, "etag", form->etag);
	http_header(request, "cache-control", immutable ? "public, max-age=31536000, immutable" : "no-cache");
	if (strstr(head->if_none_match, form->etag))
		http_answer_static(request, 304, NULL, NULL, 0);
	else
		http_answer_static(request, 200, type_of(path), form->bytes, form->length);
}

void static_close(struct static_files *s)
{
	if (!s)
		return;
	for (size_t i = 0; s->files && i < s->count; i++) {
		free(s->files[i].path);
		free(s->files[i].bytes);
	}
	free(s->files);
	free(s);
}
