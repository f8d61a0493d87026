/* SPDX-License-Identifier: BSD-2-Clause */
/* What a person can tell `netvisor-sensor scan`, as a table of options, and what these mean together. */
#ifndef SENSOR_SCAN_OPTIONS_H
#define SENSOR_SCAN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "defs/options.h"

/* As the rows read it. */
struct scan_settings {
	const char *interface, *ports, *rate, *host_rate, *subnet_rate, *depth, *engine, *exclude, *shard,
		*resume;
	const char *format, *output, *snmp_file, *dns, *progress, *log_level;
	bool skip_alive, no_identify, udp, print_ports, industrial, dry_run;
};

extern const struct option_command scan_command_options;

/* A rate in packets a second: a number, or `unlimited`, which is 0. 0, or -EINVAL. */
int scan_rate_parse(const char *text, uint32_t *out);
/* `2/5`: the second of five, as 1 and 5 (the first is 0). 0, or -EINVAL. */
int scan_shard_parse(const char *text, uint32_t *shard, uint32_t *shards);

#endif
