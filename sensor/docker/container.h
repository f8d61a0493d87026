/* SPDX-License-Identifier: BSD-2-Clause */
/* One container, from an engine's words to the report's. */
#ifndef SENSOR_DOCKER_CONTAINER_H
#define SENSOR_DOCKER_CONTAINER_H

struct json_object;

/* inspect: the answer to /containers/ID/json. NULL when it has no id or name, or without memory. To be put. */
struct json_object *container_read(struct json_object *inspect);
/* Labels of a container or network that are worth keeping, under "labels" in to; compose's under keys of their own. */
void container_labels(struct json_object *labels, struct json_object *to);

#endif
