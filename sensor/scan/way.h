/* SPDX-License-Identifier: BSD-2-Clause */
/* Through which port a target is reached. Asks the kernel; sends nothing. */
#ifndef SENSOR_SCAN_WAY_H
#define SENSOR_SCAN_WAY_H

#include <stddef.h>

/*
 * The interface of the route to a target's first address: an address, a prefix, or a range. 0; -EINVAL not a target; -ENETUNREACH no
 * route; -errno.
 */
int way_interface(const char *target, char *out, size_t size);

#endif
