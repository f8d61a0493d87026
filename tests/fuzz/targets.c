// SPDX-License-Identifier: BSD-2-Clause
/* What a collector names as targets, exclusions and ports, one a line: each address that comes of it may be asked. */
#include <stdlib.h>
#include <string.h>

#include "sensor/probe/ports.h"
#include "sensor/probe/space.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct space *space)
{
	const uint64_t count = space_count(space);

	for (uint64_t i = 0; i < count && i < 64; i++) {
		const uint64_t number = i % 2 ? count - 1 - i : i;
		const struct ip ip = space_at(space, number);

		if (space_number(space, &ip) != number || space_forbidden(&ip))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[1024], why[SPACE_WHY_BYTES], *rest = text, *line;
	struct space *space;
	struct ports *ports;

	if (size >= sizeof(text) || space_open(&space))
		return 0;
	if (ports_open(&ports)) {
		space_close(space);
		return 0;
	}
	memcpy(text, data, size);
	text[size] = 0;
	while ((line = strsep(&rest, "\n"))) {
		if (*line == '-')
			space_exclude(space, line + 1, why);
		else if (*line == 'p')
			ports_parse(ports, line + 1);
		else
			space_target(space, line, why);
	}
	if (!space_ready(space))
		check(space);
	for (size_t i = 0; i < ports_count(ports); i++)
		if (ports_number(ports, ports_at(ports, i)) != (int)i)
			abort();
	space_close(space);
	ports_close(ports);
	return 0;
}
