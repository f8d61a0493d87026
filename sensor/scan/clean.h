/* SPDX-License-Identifier: BSD-2-Clause */
/* Strangers' bytes as text that neither a terminal nor an XML reader takes for something else. */
#ifndef SENSOR_SCAN_CLEAN_H
#define SENSOR_SCAN_CLEAN_H

#include <stddef.h>

#include "sensor/text.h"

/*
 * A copy to be freed: UTF-8 without control characters (C0, C1, DEL) and noncharacters, which become \xNN as bytes that are no
 * UTF-8 do. At most length_max bytes of the source. NULL without memory.
 */
char *clean_copy(struct text text, size_t length_max);

#endif
