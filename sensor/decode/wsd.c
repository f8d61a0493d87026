// SPDX-License-Identifier: BSD-2-Clause
/*
 * WS-Discovery (OASIS, 1.1; ONVIF's cameras, Windows, printers): what a device says when it comes (Hello) and when it is found
 * (ProbeMatches, ResolveMatches).
 */
#include <errno.h>

#include "sensor/decode/tell.h"
#include "sensor/decode/xml.h"

enum { WSD_PORT = 3702 };

static bool says(struct text xml, const char *what)
{
	return memmem(xml.bytes, xml.length, what, strlen(what)) != NULL;
}

int decode_wsd(const struct decode_context *ctx, struct wire payload, struct fact_list *out)
{
	struct text xml = wire_rest(&payload);

	if (!xml.length || !says(xml, "Envelope"))
		return -EBADMSG;
	if (!says(xml, "/discovery/Hello") && !says(xml, "ProbeMatch") && !says(xml, "ResolveMatch"))
		return 0;
	if (ctx->port_src == WSD_PORT && !ip_is_multicast(&ctx->ip_dst) && !says(xml, "/discovery/Hello"))
		tell_service(out, ctx, SOURCE_WSD, WSD_PORT, TEXT("ws-discovery"));
	tell_trait(out, ctx, SOURCE_WSD, TEXT("wsd.types"), xml_element(xml, "Types"));
	tell_trait(out, ctx, SOURCE_WSD, TEXT("wsd.addresses"), xml_element(xml, "XAddrs"));
	tell_trait(out, ctx, SOURCE_WSD, TEXT("wsd.scopes"), xml_element(xml, "Scopes"));
	return 0;
}
