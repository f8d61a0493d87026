// SPDX-License-Identifier: BSD-2-Clause
/* NTP (RFC 5905): who gives the time, and how far from a clock it is. Only a server's answers. */
#include <errno.h>
#include <stdio.h>

#include "sensor/decode/tell.h"

enum { NTP_PORT = 123, MODE_SERVER = 4, STRATUM_MAX = 16, HEADER_BYTES = 48 };

int decode_ntp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	uint8_t first, stratum;
	char line[8];

	if (w.left < HEADER_BYTES)
		return ctx->cut ? 0 : -EBADMSG;
	first = wire_u8(&w);
	stratum = wire_u8(&w);
	if ((first & 7) != MODE_SERVER || ctx->port_src != NTP_PORT || stratum > STRATUM_MAX)
		return 0;
	tell_service(out, ctx, SOURCE_NTP, NTP_PORT, TEXT("ntp"));
	if (stratum) /* 0: "not now" */
		tell_port_trait(out, ctx, SOURCE_NTP, NTP_PORT, TEXT("ntp.stratum"),
				fact_text(out, line, (size_t)snprintf(line, sizeof(line), "%u", stratum)));
	return 0;
}
