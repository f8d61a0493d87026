// SPDX-License-Identifier: BSD-2-Clause
/* How dialogues say facts: each about the context's address and port, with its VLAN and time, source `probe`. */
#include "sensor/ask/dialogue.h"

#include <string.h>

#include "defs/limits.h"

static struct fact begin(const struct say *say, enum fact_kind kind, enum fact_confidence confidence)
{
	struct fact fact = {.kind = kind, .confidence = confidence};

	FACT_SET(&fact, ip, say->context->ip);
	return fact;
}

void say_fact(const struct say *say, const struct fact *given)
{
	struct fact fact = *given;

	fact.source = SOURCE_PROBE;
	fact.vlan = say->context->vlan;
	fact.first_us = fact.last_us = say->context->time_us;
	fact.count = 1;
	say->fact(say->to, &fact);
}

static void trait(const struct say *say, const char *key, struct text value, bool of_port)
{
	struct fact fact = begin(say, FACT_TRAIT, CONFIDENCE_ANNOUNCED);

	value = text_cut(value, STREAM_TEXT_BYTES_MAX);
	if (!value.length)
		return;
	FACT_SET(&fact, key, (struct text){key, strlen(key)});
	FACT_SET(&fact, value, value);
	if (of_port)
		FACT_SET(&fact, port, say->context->port_h);
	say_fact(say, &fact);
}

void say_trait(const struct say *say, const char *key, struct text value)
{
	trait(say, key, value, true);
}

void say_host_trait(const struct say *say, const char *key, struct text value)
{
	trait(say, key, value, false);
}

void say_name(const struct say *say, const char *kind, struct text name)
{
	struct fact fact = begin(say, FACT_NAME, CONFIDENCE_ANNOUNCED);

	name = text_cut(name, STREAM_TEXT_BYTES_MAX);
	if (!name.length)
		return;
	FACT_SET(&fact, name, name);
	FACT_SET(&fact, name_kind, (struct text){kind, strlen(kind)});
	say_fact(say, &fact);
}

void say_service(const struct say *say, const char *state, const char *name)
{
	struct fact fact = begin(say, FACT_SERVICE, CONFIDENCE_MEASURED);

	FACT_SET(&fact, port, say->context->port_h);
	FACT_SET(&fact, proto, say->context->udp ? TEXT("udp") : TEXT("tcp"));
	FACT_SET(&fact, state, (struct text){state, strlen(state)});
	if (*name)
		FACT_SET(&fact, name, (struct text){name, strlen(name)});
	say_fact(say, &fact);
}
