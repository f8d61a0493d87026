/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was heard inside a tunnel. It tells of another link than the one where the sensor is: who is next to whom there (addresses of
 * MACs, neighbours, routers, who claims what) is said with the tunnel as its source, so that nobody takes it for this link's. What a device says of
 * itself, and what it offers, is true wherever it was heard, and keeps its source.
 */
#ifndef SENSOR_INSIDE_H
#define SENSOR_INSIDE_H

#include "defs/facts.h"
#include "defs/packet.h"

/* The source that a fact has which was heard inside; enum tunnel. */
static inline enum fact_source inside_source(const struct fact *fact, uint8_t inside)
{
	static const enum fact_source sources[TUNNEL_COUNT] = {
		[TUNNEL_PPPOE] = SOURCE_PPPOE,	 [TUNNEL_MPLS] = SOURCE_MPLS,	[TUNNEL_GRE] = SOURCE_GRE,
		[TUNNEL_ERSPAN] = SOURCE_ERSPAN, [TUNNEL_VXLAN] = SOURCE_VXLAN, [TUNNEL_GENEVE] = SOURCE_GENEVE,
		[TUNNEL_IP] = SOURCE_IPIP,
	};

	if (inside == TUNNEL_NONE || inside >= TUNNEL_COUNT)
		return fact->source;
	if (fact->kind != FACT_ADDRESS && fact->kind != FACT_NEIGHBOR && fact->kind != FACT_ROUTE &&
	    fact->kind != FACT_CONFLICT)
		return fact->source;
	return sources[inside];
}

#endif
