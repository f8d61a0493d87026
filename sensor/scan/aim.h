/* SPDX-License-Identifier: BSD-2-Clause */
/* What a scan will ask, from what a person said: addresses, ports, and from where. Nothing is sent by it. */
#ifndef SENSOR_SCAN_AIM_H
#define SENSOR_SCAN_AIM_H

#include <stddef.h>
#include <stdint.h>

struct ports;
struct route;
struct scan_options;
struct scan_sink;
struct source;
struct space;

struct aim {
	struct route *route;
	struct space *space;
	struct ports *ports;
	struct source *source;
	uint32_t ports_left_out; /* that would have been asked, but are never asked by accident */
};

/* 0; or -errno with a sentence in why, and nothing left open. Says notes to the sink. */
int aim_open(const struct scan_options *options, const struct scan_sink *sink, struct aim *out, char *why,
	     size_t why_size);
/*
 * The ports as numbers and ranges ("22,80,8000-8080"), to be freed; NULL without memory. They follow from options alone, so that they can be
 * told before and after the scan. *count: how many;
 * 0 when the options' ports can't be read.
 */
char *aim_ports_text(const struct scan_options *options, size_t *count);
void aim_close(struct aim *);

#endif
