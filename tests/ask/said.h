/* SPDX-License-Identifier: BSD-2-Clause */
/* What a dialogue said, a short line for each fact. */
#ifndef TESTS_ASK_SAID_H
#define TESTS_ASK_SAID_H

#include <stdio.h>
#include <string.h>

#include "sensor/ask/dialogue.h"

struct said {
	size_t length;
	bool wrong; /* a fact without its source, time or VLAN */
	char text[16384];
};

#define SAID_TEXT(t) (int)(t).length, (t).bytes

static inline void said_fact(void *to, const struct fact *fact)
{
	struct said *said = to;
	char ip[ADDR_TEXT_MAX] = "", mac[ADDR_TEXT_MAX] = "", dns[ADDR_TEXT_MAX] = "", port[8] = "", line[8192];
	int length = 0;

	said->wrong |= fact->source != SOURCE_PROBE || fact->count != 1 || fact->first_us == 0;
	if (FACT_HAS(fact, ip))
		ip_text(&fact->ip, ip);
	if (FACT_HAS(fact, mac))
		mac_text(&fact->mac, mac);
	if (FACT_HAS(fact, dns) && fact->dns->count)
		ip_text(&fact->dns->item[0], dns);
	if (FACT_HAS(fact, port))
		snprintf(port, sizeof(port), " :%u", (unsigned int)fact->port);
	switch (fact->kind) {
	case FACT_TRAIT:
		length = snprintf(line, sizeof(line), "%.*s=%.*s%s\n", SAID_TEXT(fact->key),
				  SAID_TEXT(fact->value), port);
		break;
	case FACT_NAME:
		length = snprintf(line, sizeof(line), "name %.*s %.*s %s\n", SAID_TEXT(fact->name_kind),
				  SAID_TEXT(fact->name), ip);
		break;
	case FACT_SERVICE:
		length = snprintf(line, sizeof(line), "service %u/%.*s %.*s\n", (unsigned int)fact->port,
				  SAID_TEXT(fact->proto), SAID_TEXT(fact->name));
		break;
	case FACT_ADDRESS:
		length = snprintf(line, sizeof(line), "address %s %s\n", mac, ip);
		break;
	case FACT_ROUTE:
		length = snprintf(line, sizeof(line), "route %s %.*s dns=%s\n", ip, SAID_TEXT(fact->prefix),
				  dns);
		break;
	default:
		length = snprintf(line, sizeof(line), "%s\n", fact_kind_names[fact->kind]);
	}
	if (said->length + (size_t)length < sizeof(said->text)) {
		memcpy(said->text + said->length, line, (size_t)length);
		said->length += (size_t)length;
	}
	said->text[said->length] = 0;
}

#endif
