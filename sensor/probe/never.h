/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ports that are never asked by accident: neither a SYN nor a byte goes there unless somebody named them. Each has its reason.
 */
#ifndef SENSOR_PROBE_NEVER_H
#define SENSOR_PROBE_NEVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* May be combined, for what is allowed. */
enum never_class {
	NEVER_NONE = 0,
	NEVER_PRINT = 1,      /* prints what it is sent */
	NEVER_INDUSTRIAL = 2, /* moves things */
};

/* One row of the table, for docs and --help. */
struct never_row {
	uint16_t first_h, last_h;
	bool tcp, udp;
	enum never_class class;
	const char *name;   /* "Modbus" */
	const char *reason; /* a sentence */
};

/* The row that keeps this port, or NULL. */
const struct never_row *never_find(uint16_t port_h, bool udp);
/* True when nothing may be sent there, given the classes that were asked for by name. */
bool never_ask(uint16_t port_h, bool udp, enum never_class allow);
const struct never_row *never_table(size_t *count);

#endif
