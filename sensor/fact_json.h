/* SPDX-License-Identifier: BSD-2-Clause */
/* A fact as one JSON object (docs/facts.md), and the sink that writes them as lines. */
#ifndef SENSOR_FACT_JSON_H
#define SENSOR_FACT_JSON_H

#include <stddef.h>
#include <stdio.h>

#include "defs/facts.h"

/*
 * Text of the fact, without line feed, terminated, to be freed by the caller. *length without the zero.
 * Bytes that are not UTF-8 are written as \xNN in the text. NULL when there is no memory.
 */
char *fact_json(const struct fact *fact, size_t *length);

/* struct fact_sink's say(); context is a FILE *. -EIO when it can't be written. */
int fact_json_say(void *file, const struct fact *fact);

#endif
