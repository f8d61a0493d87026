// SPDX-License-Identifier: BSD-2-Clause
/* The ports and pages that definitions ask for, as the sensor has them (defs/asked.h). */
#include "defs/asked.h"

#include <string.h>

#include "sensor/ask/visit.h"
#include "tests/tap.h"

static bool has(const uint16_t *ports, size_t count, uint16_t port)
{
	bool found = false;

	for (size_t i = 0; i < count; i++)
		found |= ports[i] == port;
	return found;
}

static bool ascending(const uint16_t *ports, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (ports[i] <= ports[i - 1])
			return false;
	return count > 0 && ports[0] > 0;
}

int main(void)
{
	const char *const *paths = NULL;
	size_t count, anywhere, in_all = 0, most = 0;

	tap_ok(ascending(asked_tcp_ports, asked_tcp_port_count) &&
		       ascending(asked_udp_ports, asked_udp_port_count),
	       "%zu TCP and %zu UDP ports, each once, in order", asked_tcp_port_count, asked_udp_port_count);
	tap_ok(has(asked_tcp_ports, asked_tcp_port_count, 22) &&
		       has(asked_udp_ports, asked_udp_port_count, 161) &&
		       !has(asked_tcp_ports, asked_tcp_port_count, 161),
	       "a port of a rule, by its protocol");
	tap_ok(has(asked_tcp_ports, asked_tcp_port_count, 88), "a port inside of a rule");
	tap_ok(has(asked_tcp_ports, asked_tcp_port_count, 1411), "a port of a page");
	count = asked_paths(32400, &paths);
	tap_ok(count == 1 && strcmp(paths[0], "/web/index.html") == 0, "the page of a port");
	count = asked_paths(80, &paths);
	tap_ok(count > 10 && strcmp(paths[0], paths[count - 1]) < 0, "%zu pages of port 80", count);
	tap_ok(asked_paths(443, &paths) >= count, "and of 443 also");
	tap_ok(asked_paths(22, &paths) == 0 && asked_paths(65535, &paths) == 0,
	       "no page where none is asked for");
	anywhere = asked_paths(0, &paths);
	for (unsigned int port = 0; port <= 65535; port++) {
		size_t here = asked_paths((uint16_t)port, &paths);

		in_all += here;
		if (most < here + (port ? anywhere : 0))
			most = here + (port ? anywhere : 0);
		for (size_t i = 0; i < here; i++)
			if (paths[i][0] != '/' || !paths[i][1] || strpbrk(paths[i], " #\\\""))
				in_all = 0;
	}
	tap_ok(in_all == asked_path_count && in_all > 90,
	       "all %zu pages are found by their port, and can be sent", in_all);
	/* "/", where it leads, the icon and where that leads come before them: what is past the limit would never be asked. */
	tap_ok(most + 2 + (size_t)2 * VISIT_REDIRECTS_MAX <= VISIT_PATHS_MAX,
	       "all %zu pages of a port are asked for", most);
	return tap_end();
}
