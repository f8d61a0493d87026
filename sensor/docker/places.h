/* SPDX-License-Identifier: BSD-2-Clause */
/* Where container engines can be asked on this machine: Docker's and Podman's sockets, also those of users. */
#ifndef SENSOR_DOCKER_PLACES_H
#define SENSOR_DOCKER_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "sensor/docker/engine.h"

enum { PLACES_MAX = 8, PLACE_NAME_MAX = 64 }; /* more are left out */

struct place {
	char url[ENGINE_URL_MAX];
	char name[PLACE_NAME_MAX]; /* what people call the engine; "" for what it calls itself */
	bool reachable;		   /* somebody listens there, and lets this process in */
};

/* Sockets that are there; each once, whatever links lead to it. It connects and closes at once; nothing is sent. */
size_t places_find(struct place out[static PLACES_MAX]);

#endif
