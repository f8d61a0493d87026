/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Facts that many decoders say of the packet's sender, by its address; by its MAC while it has none. Texts that are empty say nothing.
 */
#ifndef SENSOR_DECODE_TELL_H
#define SENSOR_DECODE_TELL_H

#include <string.h>

#include "sensor/decode/decode.h"

static inline bool tell_has_sender(const struct decode_context *ctx)
{
	return !ip_is_unspecified(&ctx->ip_src) || !mac_is_zero(&ctx->mac_src);
}

static inline void tell_sender(struct fact *fact, const struct decode_context *ctx)
{
	if (!ip_is_unspecified(&ctx->ip_src))
		FACT_SET(fact, ip, ctx->ip_src);
	else
		FACT_SET(fact, mac, ctx->mac_src);
}

static inline void tell_trait(struct fact_list *out, const struct decode_context *ctx, enum fact_source source,
			      struct text key, struct text value)
{
	struct fact *fact;

	value = text_trim(value);
	if (!value.length || !tell_has_sender(ctx))
		return;
	fact = fact_add(out, ctx, FACT_TRAIT, source, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, key, key);
	FACT_SET(fact, value, value);
	tell_sender(fact, ctx);
}

/* What the sender calls itself. */
static inline void tell_own_name(struct fact_list *out, const struct decode_context *ctx,
				 enum fact_source source, struct text kind, struct text name)
{
	struct fact *fact;

	name = text_trim(name);
	if (!name.length || !tell_has_sender(ctx))
		return;
	fact = fact_add(out, ctx, FACT_NAME, source, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, name, name);
	FACT_SET(fact, name_kind, kind);
	tell_sender(fact, ctx);
}

/* A MAC of its own that has this address. */
static inline void tell_address(struct fact_list *out, const struct decode_context *ctx,
				enum fact_source source, const struct mac *mac, const struct ip *ip)
{
	struct fact *fact;

	if (mac_is_zero(mac) || mac_is_group(mac) || ip_is_unspecified(ip) || ip_is_multicast(ip))
		return;
	fact = fact_add(out, ctx, FACT_ADDRESS, source, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, mac, *mac);
	FACT_SET(fact, ip, *ip);
}

/*
 * What a datagram's body says of its sender's own MAC: only when the frame came from that MAC and the address is the sender's. Anybody may write
 * anybody's into it, from afar too, and of a routed one the MAC in front is the router's.
 */
static inline void tell_own_address(struct fact_list *out, const struct decode_context *ctx,
				    enum fact_source source, const struct mac *mac, const struct ip *ip)
{
	if (!memcmp(mac->bytes, ctx->mac_src.bytes, sizeof(mac->bytes)) && ip_equal(ip, &ctx->ip_src))
		tell_address(out, ctx, source, mac, ip);
}

/* The sender is a router: it says so to its like. lifetime_s: for how long it means that, 0 when it does not say. */
static inline void tell_router(struct fact_list *out, const struct decode_context *ctx, enum fact_source source,
			       uint32_t lifetime_s)
{
	struct fact *fact;

	if (ip_is_unspecified(&ctx->ip_src) || ip_is_multicast(&ctx->ip_src))
		return;
	fact = fact_add(out, ctx, FACT_ROUTE, source, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, ip, ctx->ip_src);
	if (!mac_is_zero(&ctx->mac_src) && !mac_is_group(&ctx->mac_src))
		FACT_SET(fact, mac, ctx->mac_src);
	if (lifetime_s)
		FACT_SET(fact, lifetime_s, lifetime_s);
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

/*
 * A server that has answered by UDP: its port, and the protocol as probes call it. Of an answer that nobody was seen to ask for nothing: its sender
 * may be made up. Whether it is the answer to that question is the decoder's to know.
 */
static inline void tell_service(struct fact_list *out, const struct decode_context *ctx,
				enum fact_source source, uint16_t port, struct text name)
{
	struct fact *fact;

	if (!ctx->asked.left || ip_is_unspecified(&ctx->ip_src) || ip_is_multicast(&ctx->ip_src))
		return;
	fact = fact_add(out, ctx, FACT_SERVICE, source, CONFIDENCE_MEASURED);
	FACT_SET(fact, ip, ctx->ip_src);
	FACT_SET(fact, port, port);
	FACT_SET(fact, proto, TEXT("udp"));
	FACT_SET(fact, state, TEXT("open"));
	FACT_SET(fact, name, name);
}

/* A trait of one of its ports. */
static inline void tell_port_trait(struct fact_list *out, const struct decode_context *ctx,
				   enum fact_source source, uint16_t port, struct text key, struct text value)
{
	struct fact *fact;

	value = text_trim(value);
	if (!value.length || ip_is_unspecified(&ctx->ip_src) || ip_is_multicast(&ctx->ip_src))
		return;
	fact = fact_add(out, ctx, FACT_TRAIT, source, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, key, key);
	FACT_SET(fact, value, value);
	FACT_SET(fact, ip, ctx->ip_src);
	FACT_SET(fact, port, port);
}

#endif
