/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts that many decoders say of the packet's sender, by its address. Texts that are empty say nothing. */
#ifndef SENSOR_DECODE_TELL_H
#define SENSOR_DECODE_TELL_H

#include "sensor/decode/decode.h"

static inline void tell_trait(struct fact_list *out, const struct decode_context *ctx, enum fact_source source,
			      struct text key, struct text value)
{
	struct fact *fact;

	value = text_trim(value);
	if (!value.length || ip_is_unspecified(&ctx->ip_src))
		return;
	fact = fact_add(out, ctx, FACT_TRAIT, source, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, key, key);
	FACT_SET(fact, value, value);
	FACT_SET(fact, ip, ctx->ip_src);
}

/* kind as docs/facts.md has them. */
static inline void tell_name(struct fact_list *out, const struct decode_context *ctx, enum fact_source source,
			     struct text kind, struct text name, const struct ip *ip)
{
	struct fact *fact;

	name = text_trim(name);
	if (!name.length || ip_is_unspecified(ip) || ip_is_multicast(ip))
		return;
	fact = fact_add(out, ctx, FACT_NAME, source, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, name, name);
	FACT_SET(fact, name_kind, kind);
	FACT_SET(fact, ip, *ip);
}

#endif
