/* SPDX-License-Identifier: BSD-2-Clause */
/* One container, from an engine's words to the report's. */
#ifndef SENSOR_DOCKER_CONTAINER_H
#define SENSOR_DOCKER_CONTAINER_H

struct json_object;

/* inspect: the answer to /containers/ID/json. NULL when it has no id or name, or without memory. To be put. */
struct json_object *container_read(struct json_object *inspect);
/*
 * Of one that has the machine's own network, and no ports of its own: the id of its image, which has those that it listens on
 * (Podman does not repeat them); else "".
 */
const char *container_image_wanted(struct json_object *container);
/* image: the answer to /images/ID/json. */
void container_image_ports(struct json_object *container, struct json_object *image);
/* Labels of a container or network that are worth keeping, under "labels" in to; compose's under keys of their own. */
void container_labels(struct json_object *labels, struct json_object *to);

#endif
