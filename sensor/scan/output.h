/* SPDX-License-Identifier: BSD-2-Clause */
/* What was found, in the forms that are written when the scan is over: one model (found.h), two renderings. JSON lines go as they come. */
#ifndef SENSOR_SCAN_OUTPUT_H
#define SENSOR_SCAN_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct found;
struct found_port;
struct scan_progress;

/* About the run. */
struct output_run {
	const char *arguments; /* as typed, for the reader */
	int64_t start_s, end_s;
	const char *ports; /* asked, as numbers and ranges */
	size_t port_count;
	bool udp;     /* UDP was asked too */
	bool stopped; /* before its end */
	const struct scan_progress *end;
	const char *const *notes;
	size_t note_count;
};

enum { OUTPUT_DETAIL_MAX = 400 };

/* What a port's traits tell, in a few words; "" when nothing. Returns out. */
const char *output_detail(const struct found_port *port, char out[static OUTPUT_DETAIL_MAX]);

/* found is sorted. Whether it could be written is seen in file. */
void output_table(FILE *file, const struct found *found, const struct output_run *run);
/* nmap's XML: xmloutputversion 1.05, as its nmap.dtd has it. */
void output_xml(FILE *file, const struct found *found, const struct output_run *run);

#endif
