// SPDX-License-Identifier: BSD-2-Clause
/* Ask devices by SNMP and write what they tell as JSON lines: snmp_ask CREDENTIALS TIMEOUT_MS SECONDS ADDRESS[@PORT]… Counters come last, on standard error. */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/clock.h"
#include "sensor/fact_json.h"
#include "sensor/snmp/snmp.h"

static void say(void *context, const struct fact *fact)
{
	(void)context;
	fact_json_say(stdout, fact);
}

static void done(void *context, const struct ip *ip, int credential)
{
	char text[ADDR_TEXT_MAX];

	(void)context;
	fprintf(stderr, "done %s %d\n", ip_text(ip, text), credential);
}

static int run(struct snmp_asker *asker)
{
	int64_t next_us;
	int more;

	while ((more = snmp_asker_step(asker, clock_monotonic_us(), &next_us)) > 0) {
		struct pollfd poller = {.fd = snmp_asker_fd(asker), .events = POLLIN};
		int64_t wait_us = next_us - clock_monotonic_us();

		poll(&poller, 1, wait_us <= 0 ? 0 : wait_us > 10000000 ? 10000 : (int)(wait_us / 1000 + 1));
	}
	return more;
}

int main(int count, char **arguments)
{
	static struct snmp_credential credentials[SNMP_CREDENTIALS_MAX];
	struct snmp_options options = {.credentials = credentials, .say = say, .done = done, .rate = 20000};
	struct snmp_counters c;
	struct snmp_asker *asker, *other;
	int error;

	if (count < 5 ||
	    snmp_credentials_read(arguments[1], credentials, SNMP_CREDENTIALS_MAX, &options.credential_count))
		return 2;
	options.timeout_ms = (uint32_t)strtoul(arguments[2], NULL, 10);
	options.device_seconds = (uint32_t)strtoul(arguments[3], NULL, 10);
	if (snmp_asker_open(&options, &asker))
		return 1;
	/* A scan has several, with other credentials for other targets. */
	if (snmp_asker_open(&options, &other))
		return 1;
	snmp_asker_close(other);
	for (int i = 4; i < count; i++) {
		struct snmp_target target = {.port_h = SNMP_PORT_DEFAULT};
		char *port = strchr(arguments[i], '@');

		if (port) {
			*port++ = 0;
			target.port_h = (uint16_t)strtoul(port, NULL, 10);
		}
		error = ip_parse(arguments[i], &target.ip);
		if (!error)
			error = snmp_asker_add(asker, &target);
		if (error)
			fprintf(stderr, "refused %s %d\n", arguments[i], error);
	}
	error = run(asker);
	snmp_asker_count(asker, &c);
	fprintf(stderr,
		"{\"done\": %" PRIu64 ", \"answered\": %" PRIu64 ", \"requests\": %" PRIu64
		", \"timeouts\": %" PRIu64 ", \"refused\": %" PRIu64 ", \"not_increasing\": %" PRIu64
		", \"cut\": %" PRIu64 ", \"malformed\": %" PRIu64 "}\n",
		c.done, c.answered, c.requests, c.timeouts, c.refused, c.not_increasing, c.cut, c.malformed);
	snmp_asker_close(asker);
	return error < 0;
}
