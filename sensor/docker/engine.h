/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A container engine's API (Docker's, which Podman speaks too), asked by GET and by nothing else: nothing is ever made, changed or
 * executed there. libcurl's door. Every answer is bounded in bytes and time; redirects and the environment's proxies are not followed.
 */
#ifndef SENSOR_DOCKER_ENGINE_H
#define SENSOR_DOCKER_ENGINE_H

#include <stdatomic.h>
#include <stddef.h>

struct engine;

enum {
	ENGINE_URL_MAX = 256,  /* bytes with the terminating zero */
	ENGINE_PATH_MAX = 256, /* of what is asked for, likewise */
	ENGINE_CONNECT_MS = 5000,
	ENGINE_ANSWER_MS = 10000,  /* one answer, from the question to its last byte */
	ENGINE_ALL_MS = 60000,	   /* everything that is asked of one engine */
	ENGINE_HEAD_BYTES = 32768, /* an answer's headers */
};

struct engine_options {
	const char *url; /* unix:///PATH, http://HOST[:PORT] or https://HOST[:PORT] */
	const char *ca_file, *cert_file,
		*key_file;	 /* of https; NULL: the system's authorities, no certificate of its own */
	const atomic_bool *stop; /* once true, what is under way ends within a second */
};

/* What is wrong with the URL, in words; NULL when nothing is. A name and password in it are refused: they would be shown. */
const char *engine_url_wrong(const char *url);

/* Before any thread is made. 0 or -ENOMEM. */
int engine_start(void);

/* 0 with *out, -EINVAL for a URL that is wrong, or -ENOMEM. Nothing is asked yet. */
int engine_open(const struct engine_options *options, struct engine **out);
void engine_close(struct engine *);

/*
 * Ask for a path, which begins with a slash. 0 with *out, to be freed, a text of *length bytes and a zero; -ENOENT when there is
 * no such thing there; -ECANCELED when stopped; else -errno. engine_why() has the cause in plain words.
 */
int engine_get(struct engine *, const char *path, size_t limit_bytes, char **out, size_t *length);
const char *engine_why(const struct engine *);

#endif
