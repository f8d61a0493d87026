/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A connection to an MQTT broker (3.1.1), which lives in a thread of its own and comes back by itself. Publishing waits for the broker's word, so only a
 * worker's thread does it.
 */
#ifndef COLLECTOR_MQTT_H
#define COLLECTOR_MQTT_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/reach.h"

enum { MQTT_WHY_MAX = 256, MQTT_WAIT_MS = 10000 };

struct mqtt;

struct mqtt_options {
	const char *host;
	int port; /* 0: 1883, with TLS 8883 */
	bool tls;
	const char *ca_pem;	     /* trust these certificate authorities; NULL: the system's */
	const char *user, *password; /* NULL: none */
	const char *
		will_topic; /* where the broker says "offline" for us when we are gone, retained; NULL: nowhere */
	enum reach reach;
};

/* Begins to connect. 0; -errno with a sentence in why. What options point at is copied. */
int mqtt_open(const struct mqtt_options *, struct mqtt **out, char why[static MQTT_WHY_MAX]);
/*
 * Publish (QoS 1) and wait until the broker has it: 0, or -EIO with a sentence in why after MQTT_WAIT_MS at most. It may
 * have arrived all the same.
 */
int mqtt_publish(struct mqtt *, const char *topic, const char *text, bool retain,
		 char why[static MQTT_WHY_MAX]);
/* It is connected, or has never been. One that is not is better made anew than waited for. */
bool mqtt_alive(struct mqtt *);
/* How often it has connected so far: what is retained at a broker may be gone when this is another number than before. */
unsigned int mqtt_sessions(struct mqtt *);
/* Says good-bye, and "offline" at the will's topic. NULL does nothing. */
void mqtt_close(struct mqtt *);

/* Once, before any thread; and at the end. */
void mqtt_begin(void);
void mqtt_end(void);

#endif
