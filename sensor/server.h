/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the collector is, from what a person wrote: a ws:// or wss:// URL, or a host. */
#ifndef SENSOR_SERVER_H
#define SENSOR_SERVER_H

#include <stdbool.h>
#include <stddef.h>

enum { SERVER_HOST_MAX = 256, SERVER_PATH_MAX = 256 };

struct server {
	char host[SERVER_HOST_MAX]; /* without brackets */
	char path[SERVER_PATH_MAX];
	int port;
	bool tls;
};

/*
 * target: wss://HOST[:PORT][/PATH], ws://…, or HOST[:PORT]. A host alone means ws to loopback and wss elsewhere; with
 * allow_plain it means ws. port is taken when the target has none. 0, or -EINVAL with why[] telling what
 * is wrong and which option mends it; plain ws to other machines is wrong without allow_plain.
 */
int server_parse(const char *target, long port, bool allow_plain, struct server *out, char *why,
		 size_t why_size);

/* localhost, 127.0.0.0/8 or ::1. */
bool server_is_loopback(const char *host);

#endif
