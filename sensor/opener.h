/* SPDX-License-Identifier: BSD-2-Clause */
/* Who opened a conversation whose beginning was not seen. */
#ifndef SENSOR_OPENER_H
#define SENSOR_OPENER_H

#include <stdint.h>

#include "defs/record.h"

/* The end of the key that is likely to be the client; first: the end that sent the first packet seen. */
uint8_t opener_guess(const struct flow_key *key, uint8_t first);

#endif
