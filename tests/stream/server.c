// SPDX-License-Identifier: BSD-2-Clause
/* --server-target: what is understood, and that plain text never leaves the machine unasked. */
#include "sensor/server.h"

#include <string.h>

#include "tests/tap.h"

static const struct {
	const char *target;
	bool allow_plain;
	const char *host; /* NULL: refused */
	int port;
	bool tls;
	const char *path;
} cases[] = {
	{"collector.example", false, "collector.example", 60072, true, "/sensor"},
	{"collector.example:443", false, "collector.example", 443, true, "/sensor"},
	{"wss://collector.example", false, "collector.example", 60072, true, "/sensor"},
	{"WSS://collector.example:1/", false, "collector.example", 1, true, "/sensor"},
	{"https://collector.example/netvisor/sensor", false, "collector.example", 60072, true,
	 "/netvisor/sensor"},
	{"ws://127.0.0.1:8080", false, "127.0.0.1", 8080, false, "/sensor"},
	{"ws://localhost", false, "localhost", 60072, false, "/sensor"},
	{"localhost", false, "localhost", 60072, false, "/sensor"},
	{"127.9.8.7", false, "127.9.8.7", 60072, false, "/sensor"},
	{"::1", false, "::1", 60072, false, "/sensor"},
	{"[::1]:99", false, "::1", 99, false, "/sensor"},
	{"[2001:db8::5]:99", false, "2001:db8::5", 99, true, "/sensor"},
	{"2001:db8::5", false, "2001:db8::5", 60072, true, "/sensor"},
	{"wss://localhost", false, "localhost", 60072, true, "/sensor"},
	{"ws://collector.example", true, "collector.example", 60072, false, "/sensor"},
	{"collector.example", true, "collector.example", 60072, false, "/sensor"},
	{"wss://collector.example", true, "collector.example", 60072, true, "/sensor"},
	{"ws://collector.example", false, NULL, 0, false, NULL},
	{"http://10.0.0.1", false, NULL, 0, false, NULL},
	{"ws://127.0.0.1.example", false, NULL, 0, false, NULL},
	{"ws://localhost.example", false, NULL, 0, false, NULL},
	{"ws://user@127.0.0.1", false, NULL, 0, false, NULL},
	{"ftp://collector.example", false, NULL, 0, false, NULL},
	{"collector.example:0", false, NULL, 0, false, NULL},
	{"collector.example:65536", false, NULL, 0, false, NULL},
	{"collector.example:+80", false, NULL, 0, false, NULL},
	{"collector.example:", false, NULL, 0, false, NULL},
	{"[::1", false, NULL, 0, false, NULL},
	{"[::1]x", false, NULL, 0, false, NULL},
	{"", false, NULL, 0, false, NULL},
	{"wss://", false, NULL, 0, false, NULL},
	{"wss:///sensor", false, NULL, 0, false, NULL},
	{"a b", false, NULL, 0, false, NULL},
	{"wss://h/a\r\nX-Other: 1", false, NULL, 0, false, NULL},
};

int main(void)
{
	char longer[2000], why[512];
	struct server server;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int error =
			server_parse(cases[i].target, 60072, cases[i].allow_plain, &server, why, sizeof(why));

		if (!cases[i].host)
			tap_ok(error && strstr(why, "--server-target"), "refused: %zu", i);
		else
			tap_ok(!error && !strcmp(server.host, cases[i].host) && server.port == cases[i].port &&
				       server.tls == cases[i].tls && !strcmp(server.path, cases[i].path),
			       "%s%s", cases[i].target, cases[i].allow_plain ? " with --allow-plain" : "");
	}
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = 0;
	tap_ok(server_parse(longer, 1, false, &server, why, sizeof(why)) < 0,
	       "a host that is too long is refused");
	return tap_end();
}
