// SPDX-License-Identifier: BSD-2-Clause
/*
 * NTP (RFC 5905, 7.3): who gives the time, how far from a clock it is, and which kind of clock. Only a server's answers, which repeat when the client
 * says that it asked.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sensor/decode/tell.h"

enum {
	NTP_PORT = 123,
	MODE_CLIENT = 3,
	MODE_SERVER = 4,
	MODE_CONTROL = 6,
	STRATUM_MAX = 16,
	HEADER_BYTES = 48
};
enum { REFERENCE = 12, ORIGIN = 24, TRANSMIT = 40, TIME_BYTES = 8 };

static bool was_asked(struct wire asked, const uint8_t *answer)
{
	return asked.left >= HEADER_BYTES && (asked.at[0] & 7) == MODE_CLIENT &&
	       !memcmp(asked.at + TRANSMIT, answer + ORIGIN, TIME_BYTES);
}

/* The kind of clock, in letters. Of servers that follow others it is an address, or a hash that looks like one. */
static void say_reference(const struct decode_context *ctx, const uint8_t *at, struct fact_list *out)
{
	struct text letters = text_trim((struct text){(const char *)at, 4});

	for (size_t i = 0; i < letters.length; i++)
		if (letters.bytes[i] < ' ' || letters.bytes[i] > '~')
			return;
	tell_port_trait(out, ctx, SOURCE_NTP, NTP_PORT, TEXT("ntp.reference"), letters);
}

int decode_ntp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	const uint8_t *at = w.at;
	uint8_t first, stratum;
	char line[8];

	if (w.left && (at[0] & 7) >= MODE_CONTROL) /* of another form (RFC 9327) */
		return 0;
	if (w.left < HEADER_BYTES)
		return ctx->cut ? 0 : -EBADMSG;
	first = wire_u8(&w);
	stratum = wire_u8(&w);
	if ((first & 7) != MODE_SERVER || ctx->port_src != NTP_PORT || stratum > STRATUM_MAX)
		return 0;
	if (!was_asked(ctx->asked, at))
		return 0;
	tell_service(out, ctx, SOURCE_NTP, NTP_PORT, TEXT("ntp"));
	if (!stratum || stratum == STRATUM_MAX) /* "not now" */
		return 0;
	tell_port_trait(out, ctx, SOURCE_NTP, NTP_PORT, TEXT("ntp.stratum"),
			fact_text(out, line, (size_t)snprintf(line, sizeof(line), "%u", stratum)));
	if (stratum == 1)
		say_reference(ctx, at + REFERENCE, out);
	return 0;
}
