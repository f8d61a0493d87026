// SPDX-License-Identifier: BSD-2-Clause
/*
 * libcurl's door. One easy handle for each engine, so that its connection is used again; all of it in the discovery's own thread.
 */
#include "sensor/docker/engine.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sensor/clock.h"

enum {
	WHY_MAX = 512,
	SOCKET_PATH_MAX = 107, /* sockaddr_un */
	SLOW_BYTES_S = 16,     /* an answer that comes slower than this for SLOW_S seconds ends */
	SLOW_S = 5,
};

struct engine {
	CURL *curl;
	const atomic_bool *stop;
	char url[ENGINE_URL_MAX]; /* without a slash at its end; for a socket http://localhost */
	char place[ENGINE_URL_MAX];
	int64_t until_us;
	char problem[CURL_ERROR_SIZE], why[WHY_MAX];
};

struct taking {
	const struct engine *engine;
	char *bytes;
	size_t length, limit, head;
	bool too_large, no_memory;
};

static bool begins(const char *text, const char *with)
{
	return !strncasecmp(text, with, strlen(with));
}

const char *engine_url_wrong(const char *url)
{
	const char *host = strstr(url, "://");

	if (strlen(url) >= ENGINE_URL_MAX)
		return "it is too long";
	for (const char *at = url; *at; at++)
		if (*at <= ' ' || *at > '~')
			return "it holds blanks or signs that a URL has not";
	if (begins(url, "unix://")) {
		if (url[7] != '/')
			return "a socket's path must begin with a slash: unix:///run/podman/podman.sock";
		return strlen(url + 7) > SOCKET_PATH_MAX ? "the socket's path is longer than 107 bytes" : NULL;
	}
	if (!begins(url, "http://") && !begins(url, "https://"))
		return "it must begin with unix://, http:// or https://";
	if (strpbrk(url, "?#"))
		return "it can't have a question mark or a number sign";
	if (strchr(host, '@'))
		return "it can't hold a name and a password, which would be shown and logged";
	return host[3] && host[3] != '/' && host[3] != ':' ? NULL : "it names no host";
}

int engine_start(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) ? -ENOMEM : 0;
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *arg)
{
	struct taking *taking = arg;
	size_t length = size * count;
	char *more;

	if (length > taking->limit - taking->length) {
		taking->too_large = true;
		return 0;
	}
	more = realloc(taking->bytes, taking->length + length + 1);
	if (!more) {
		taking->no_memory = true;
		return 0;
	}
	memcpy(more + taking->length, bytes, length);
	taking->bytes = more;
	taking->length += length;
	more[taking->length] = 0;
	return length;
}

/* Headers mean nothing here, but libcurl keeps them. */
static size_t on_header(char *bytes, size_t size, size_t count, void *arg)
{
	struct taking *taking = arg;
	size_t length = size * count;

	(void)bytes;
	taking->head += length;
	taking->too_large |= taking->head > ENGINE_HEAD_BYTES;
	return taking->too_large ? 0 : length;
}

static int on_progress(void *arg, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
	const struct taking *taking = arg;

	(void)down_all;
	(void)down;
	(void)up_all;
	(void)up;
	return (taking->engine->stop && *taking->engine->stop) ||
	       clock_monotonic_us() > taking->engine->until_us;
}

static void set_up(struct engine *engine, const struct engine_options *options)
{
	CURL *curl = engine->curl;

	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, engine->problem);
	curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)ENGINE_CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)ENGINE_ANSWER_MS);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES_S);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SLOW_S);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "netvisor-sensor/" NETVISOR_VERSION);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	if (begins(options->url, "unix://"))
		curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, options->url + 7);
	if (options->ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, options->ca_file);
	if (options->cert_file)
		curl_easy_setopt(curl, CURLOPT_SSLCERT, options->cert_file);
	if (options->key_file)
		curl_easy_setopt(curl, CURLOPT_SSLKEY, options->key_file);
}

int engine_open(const struct engine_options *options, struct engine **out)
{
	struct engine *engine;
	size_t length;

	if (engine_url_wrong(options->url))
		return -EINVAL;
	engine = calloc(1, sizeof(*engine));
	if (!engine)
		return -ENOMEM;
	engine->curl = curl_easy_init();
	if (!engine->curl) {
		free(engine);
		return -ENOMEM;
	}
	engine->stop = options->stop;
	engine->until_us = clock_monotonic_us() + ENGINE_ALL_MS * INT64_C(1000);
	snprintf(engine->place, sizeof(engine->place), "%s", options->url);
	snprintf(engine->url, sizeof(engine->url), "%s",
		 begins(options->url, "unix://") ? "http://localhost" : options->url);
	for (length = strlen(engine->url); length && engine->url[length - 1] == '/'; length--)
		engine->url[length - 1] = 0;
	set_up(engine, options);
	*out = engine;
	return 0;
}

void engine_close(struct engine *engine)
{
	if (!engine)
		return;
	curl_easy_cleanup(engine->curl);
	free(engine);
}

const char *engine_why(const struct engine *engine)
{
	return engine->why;
}

/* What happened, why, and what to do. */
static int explain(struct engine *engine, CURLcode code, const struct taking *taking)
{
	const char *place = engine->place,
		   *said = engine->problem[0] ? engine->problem : curl_easy_strerror(code);
	long number = 0;

	if (engine->stop && *engine->stop)
		return -ECANCELED;
	if (taking->no_memory || code == CURLE_OUT_OF_MEMORY) {
		snprintf(engine->why, WHY_MAX,
			 "The sensor has not enough memory for what the engine at %s says.", place);
		return -ENOMEM;
	}
	if (taking->too_large) {
		snprintf(engine->why, WHY_MAX,
			 "What the engine at %s says is larger than the %zu bytes that are read of one answer. "
			 "Is it a container engine?",
			 place, taking->limit);
		return -EMSGSIZE;
	}
	if (code == CURLE_OPERATION_TIMEDOUT || code == CURLE_ABORTED_BY_CALLBACK) {
		snprintf(engine->why, WHY_MAX,
			 "The engine at %s does not answer in time. See whether it is busy or hangs (`docker "
			 "ps`, `podman ps`).",
			 place);
		return -ETIMEDOUT;
	}
	curl_easy_getinfo(engine->curl, CURLINFO_OS_ERRNO, &number);
	if (code == CURLE_COULDNT_CONNECT && (number == EACCES || number == EPERM)) {
		snprintf(engine->why, WHY_MAX,
			 "The sensor may not use the engine at %s. Run the sensor as a user who may, or let "
			 "one that is meant for "
			 "it answer by --docker-proxy.",
			 place);
		return -EACCES;
	}
	if (code == CURLE_COULDNT_CONNECT) {
		snprintf(engine->why, WHY_MAX,
			 "The engine at %s can't be asked: nobody listens there. Start its service (`systemctl "
			 "start docker` or "
			 "`podman.socket`), or name where it answers with --docker-proxy.",
			 place);
		return -ECONNREFUSED;
	}
	snprintf(engine->why, WHY_MAX, "The engine at %s can't be asked: %.200s.", place, said);
	return -EIO;
}

static int look_at_status(struct engine *engine, const char *path)
{
	long status = 0;

	curl_easy_getinfo(engine->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status == 200)
		return 0;
	if (status == 404) {
		snprintf(engine->why, WHY_MAX, "The engine at %s has no %.100s.", engine->place, path);
		return -ENOENT;
	}
	snprintf(engine->why, WHY_MAX, "The engine at %s answers %ld to GET %.100s.%s", engine->place, status,
		 path,
		 status == 403 || status == 401
			 ? " Its proxy must allow to read containers, networks, images and version."
			 : "");
	return status == 403 || status == 401 ? -EACCES : -EPROTO;
}

int engine_get(struct engine *engine, const char *path, size_t limit_bytes, char **out, size_t *length)
{
	struct taking taking = {.engine = engine, .limit = limit_bytes};
	char url[ENGINE_URL_MAX + ENGINE_PATH_MAX];
	CURLcode code;
	int error;

	snprintf(url, sizeof(url), "%s%s", engine->url, path);
	engine->problem[0] = engine->why[0] = 0;
	curl_easy_setopt(engine->curl, CURLOPT_URL, url);
	curl_easy_setopt(engine->curl, CURLOPT_WRITEDATA, &taking);
	curl_easy_setopt(engine->curl, CURLOPT_HEADERDATA, &taking);
	curl_easy_setopt(engine->curl, CURLOPT_XFERINFODATA, &taking);
	code = curl_easy_perform(engine->curl);
	error = code ? explain(engine, code, &taking) : look_at_status(engine, path);
	if (!error && !taking.bytes) {
		taking.bytes = calloc(1, 1);
		error = taking.bytes ? 0 : -ENOMEM;
	}
	if (error) {
		free(taking.bytes);
		return error;
	}
	*out = taking.bytes;
	*length = taking.length;
	return 0;
}
