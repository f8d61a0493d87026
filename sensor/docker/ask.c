// SPDX-License-Identifier: BSD-2-Clause
/* See ask.h. What one container lacks is no reason to be silent about the others; an engine that hangs is. */
#include "sensor/docker/ask.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "defs/log.h"
#include "sensor/docker/report.h"

enum {
	VERSION_BYTES_MAX = 256 << 10,
	LIST_BYTES_MAX = 8 << 20,
	CONTAINER_BYTES_MAX = 1 << 20,
	LOST_MAX = 16, /* containers that can't be read, one after the other: then the engine is given up */
};

/* What is not understood is no container engine's, or of one that is newer than this program. */
static int not_understood(const char *url, const char *what, char *why, size_t size)
{
	snprintf(why, size,
		 "What %.200s answers about %s is not understood. Is it the API of Docker or Podman?", url,
		 what);
	return -EPROTO;
}

/* Ask, and have it read. */
static int take(struct engine *engine, const char *url, const char *path, const char *what, size_t limit,
		struct report *report, int (*read)(struct report *, const char *, size_t), char *why,
		size_t size)
{
	char *bytes = NULL;
	size_t length = 0;
	int error = engine_get(engine, path, limit, &bytes, &length);

	if (error)
		snprintf(why, size, "%s", engine_why(engine));
	else if (read(report, bytes, length))
		error = not_understood(url, what, why, size);
	free(bytes);
	return error;
}

/* Each container. One that is gone by now is no loss; of one that can't be read the others are told nevertheless. */
static int take_containers(struct engine *engine, const char *url, struct report *report,
			   void (*progress)(void *, int), void *context, char *why, size_t size)
{
	const char(*ids)[READ_ID_MAX];
	size_t count = report_ids(report, &ids), lost = 0;
	char path[ENGINE_PATH_MAX], image[READ_ID_MAX];
	int error = 0;

	for (size_t i = 0; i < count && !error; i++) {
		snprintf(path, sizeof(path), "/containers/%s/json", ids[i]);
		error = take(engine, url, path, "a container", CONTAINER_BYTES_MAX, report, report_container,
			     why, size);
		if (!error && report_image_wanted(report, image)) {
			snprintf(path, sizeof(path), "/images/%s/json", image);
			error = take(engine, url, path, "an image", CONTAINER_BYTES_MAX, report, report_image,
				     why, size);
		}
		if (error == -ENOENT) {
			error = 0;
		} else if (error && error != -ECANCELED && error != -ETIMEDOUT && ++lost < LOST_MAX) {
			log_debug("%s", why);
			report_lost(report);
			error = 0;
		}
		if (progress && i % 16 == 0)
			progress(context, 10 + (int)(80 * i / count));
	}
	return error;
}

static int take_engine(struct engine *engine, const char *url, const char *name, struct report *report,
		       void (*progress)(void *, int), void *context, char *why, size_t size)
{
	char *version = NULL;
	size_t length = 0;
	int error = engine_get(engine, "/version", VERSION_BYTES_MAX, &version, &length);

	if (error)
		snprintf(why, size, "%s", engine_why(engine));
	else if (report_engine(report, url, name, version, length))
		error = not_understood(url, "its version", why, size);
	free(version);
	if (error)
		return error;
	error = take(engine, url, "/networks", "networks", LIST_BYTES_MAX, report, report_networks, why, size);
	if (!error)
		error = take(engine, url, "/images/json", "images", LIST_BYTES_MAX, report, report_images, why,
			     size);
	if (!error)
		error = take(engine, url, "/containers/json?all=1", "containers", LIST_BYTES_MAX, report,
			     report_list, why, size);
	if (!error)
		error = take_containers(engine, url, report, progress, context, why, size);
	if (error)
		report_engine_drop(report);
	return error;
}

int docker_ask(const struct engine_options *options, const char *name, struct report *report,
	       void (*progress)(void *context, int percent), void *context, char *why, size_t why_size)
{
	struct engine *engine = NULL;
	int error = engine_open(options, &engine);

	if (error) {
		snprintf(why, why_size, "The container engine at %.200s can't be asked: %s.", options->url,
			 strerror(-error));
		return error;
	}
	error = take_engine(engine, options->url, name, report, progress, context, why, why_size);
	engine_close(engine);
	return error;
}
