/* SPDX-License-Identifier: BSD-2-Clause */
/* The pages of a port, in the tables that defs/asked.awk made. */
#include "defs/asked.h"

size_t asked_paths(uint16_t port_h, const char *const **out)
{
	size_t from = 0, to = asked_path_count, count = 0;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (asked_path_ports[middle] < port_h)
			from = middle + 1;
		else
			to = middle;
	}
	while (from + count < asked_path_count && asked_path_ports[from + count] == port_h)
		count++;
	if (count > 0)
		*out = &asked_path_texts[from];
	return count;
}
