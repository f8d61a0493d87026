// SPDX-License-Identifier: BSD-2-Clause
/* See say.h. */
#include "sensor/scan/say.h"

#include <time.h>

#include "defs/facts.h"
#include "sensor/scan/scan.h"
#include "sensor/text.h"

static struct fact fact_about(enum fact_kind kind, const struct ip *ip)
{
	struct fact fact = {
		.kind = kind, .source = SOURCE_PROBE, .confidence = CONFIDENCE_MEASURED, .count = 1};
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	fact.first_us = fact.last_us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
	FACT_SET(&fact, ip, *ip);
	return fact;
}

void say_found_host(const struct scan_sink *sink, const struct ip *ip, const struct mac *mac)
{
	struct fact fact = fact_about(mac_is_zero(mac) ? FACT_HOST : FACT_ADDRESS, ip);

	if (!mac_is_zero(mac))
		FACT_SET(&fact, mac, *mac);
	sink->fact(sink->context, &fact);
}

void say_found_port(const struct scan_sink *sink, const struct ip *ip, uint16_t port_h, bool open)
{
	struct fact fact = fact_about(FACT_SERVICE, ip);

	FACT_SET(&fact, port, port_h);
	FACT_SET(&fact, proto, TEXT("tcp"));
	FACT_SET(&fact, state, open ? TEXT("open") : TEXT("closed"));
	sink->fact(sink->context, &fact);
}

void say_found_middlebox(const struct scan_sink *sink, const struct ip *ip)
{
	struct fact fact = fact_about(FACT_TRAIT, ip);

	FACT_SET(&fact, key, TEXT("tcp.middlebox"));
	FACT_SET(&fact, value, TEXT("answers for every port"));
	sink->fact(sink->context, &fact);
}
