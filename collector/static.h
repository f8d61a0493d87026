/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dashboard's files, read once at the start and served from memory, with the forms that the build compressed
 * (.br, .gz) where the browser takes them.
 */
#ifndef COLLECTOR_STATIC_H
#define COLLECTOR_STATIC_H

struct http_request;
struct static_files;

/* A directory that is missing is said, and then every page tells how to build it. 0 or -ENOMEM. */
int static_open(const char *directory, struct static_files **out);
/* Answer a GET or HEAD for a path outside /api. A path that is no file is the application's own: index.html. */
void static_answer(const struct static_files *, struct http_request *);
void static_close(struct static_files *);

#endif
