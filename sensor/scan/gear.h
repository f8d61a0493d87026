/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of struct scan_gear (scan.h), for scan.c. */
#ifndef SENSOR_SCAN_GEAR_H
#define SENSOR_SCAN_GEAR_H

#include "sensor/scan/scan.h"

struct answers;
struct transmit;

struct answers *gear_answers(struct scan_gear *);
/*
 * The engine that was asked for, or the other one when this port has only that; *used tells which. NULL: none. why_not: why the one that was
 * asked for is not there, "" when it is; lives as long as gear.
 */
struct transmit *gear_transmit(struct scan_gear *, enum scan_engine wanted, enum scan_engine *used,
			       const char **why_not);

#endif
