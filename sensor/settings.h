/* SPDX-License-Identifier: BSD-2-Clause */
/* What a person can tell the sensor, as tables of options, and what these mean together. */
#ifndef SENSOR_SETTINGS_H
#define SENSOR_SETTINGS_H

#include <stdbool.h>

#include "defs/options.h"

enum { SETTINGS_KEY_MAX = 512 }; /* bytes of the key with the terminating zero */

struct settings {
	const char *interface, *read, *engine, *output;
	bool span, promiscuous, silent;
	const char *docker_proxy, *docker_proxy_ssl_cert, *docker_proxy_ssl_key, *docker_proxy_ssl_chain;
	const char *server_target, *api_key, *api_key_file, *ca_file, *name, *data_dir, *scan_allow, *log_level;
	long server_port, outbox_limit_mb, flows, refresh_seconds, measure_seconds;
	bool allow_plain;
};

extern const struct option_command settings_watch; /* no sub-command: watch a port, or read a file */
extern const struct option_command settings_check; /* `check` */

/*
 * The collector's key, from --api-key-file or --api-key, without blanks at its ends. 0, or -EINVAL with why[] telling
 * what is wrong. Never shown anywhere.
 */
int settings_key(const struct settings *settings, char key[static SETTINGS_KEY_MAX], char *why,
		 size_t why_size);

#endif
