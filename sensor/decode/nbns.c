// SPDX-License-Identifier: BSD-2-Clause
/*
 * NetBIOS over TCP/IP (RFC 1001, 1002): names that machines register and answer to (port 137), and the sender's name in
 * every datagram (port 138).
 */
#include <errno.h>
#include <string.h>

#include "sensor/decode/dns_message.h"
#include "sensor/decode/tell.h"

enum { NB = 0x20, NAME_BYTES = 15, ENCODED_BYTES = 32, GROUP = 0x8000 };
/* Operations of a request that claim a name: registration, its refresh by both numbers in use, and that of multi-homed machines. */
enum { REGISTER = 5, REFRESH = 8, REFRESH_ALSO = 9, REGISTER_MANY = 15 };
enum { DATAGRAM_FIRST = 0x10, DATAGRAM_LAST = 0x12 };

/*
 * A name's first label: two letters a byte (RFC 1001 14.1). The name without its padding in `name`, its sixteenth byte in *suffix. False:
 * not such a name, or one that is not for people ("*", those of browsers' elections).
 */
static bool decode_name(struct text label, char name[static NAME_BYTES], size_t *length, uint8_t *suffix)
{
	uint8_t bytes[NAME_BYTES + 1];

	if (label.length != ENCODED_BYTES)
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		unsigned int high = (uint8_t)label.bytes[2 * i] - 'A',
			     low = (uint8_t)label.bytes[2 * i + 1] - 'A';

		if (high > 15 || low > 15)
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	*suffix = bytes[NAME_BYTES];
	*length = NAME_BYTES;
	while (*length && (bytes[*length - 1] == ' ' || bytes[*length - 1] == 0))
		--*length;
	for (size_t i = 0; i < *length; i++)
		if (bytes[i] < ' ')
			return false;
	memcpy(name, bytes, *length);
	return *length > 0 && !(*length == 1 && name[0] == '*');
}

static void read_record(const struct decode_context *ctx, struct dns_record *record, struct fact_list *out)
{
	char name[NAME_BYTES];
	size_t length;
	uint8_t suffix;

	if (record->type != NB || record->owner.label_count == 0 ||
	    !decode_name(dns_label(&record->owner, 0), name, &length, &suffix))
		return;
	while (record->data.left >= 6) {
		uint16_t flags = wire_u16(&record->data);
		struct ip ip = wire_ip4(&record->data);

		tell_name(out, ctx, SOURCE_NBNS, flags & GROUP ? TEXT("workgroup") : TEXT("netbios"),
			  fact_text(out, name, length), &ip);
	}
}

int decode_nbns(const struct decode_context *ctx, struct wire payload, struct fact_list *out)
{
	struct dns_message message;
	struct dns_record record;
	bool claims;
	int more;

	if (dns_open(payload, &message))
		return -EBADMSG;
	claims = message.response ? message.opcode == 0 && message.rcode == 0
				  : message.opcode == REGISTER || message.opcode == REFRESH ||
					    message.opcode == REFRESH_ALSO || message.opcode == REGISTER_MANY;
	if (!claims)
		return 0;
	while ((more = dns_next(&message, &record)) == 1)
		read_record(ctx, &record, out);
	return more < 0 && !ctx->cut ? -EBADMSG : 0;
}

/* RFC 1002 4.4.1: type, flags, id, the sender's address and port, length, offset, its name. */
int decode_netbios(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	char name[NAME_BYTES];
	size_t length;
	uint8_t type = wire_u8(&w), suffix;
	struct ip ip;
	struct text label;

	wire_skip(&w, 3);
	ip = wire_ip4(&w);
	wire_skip(&w, 6);
	if (w.bad)
		return -EBADMSG;
	if (type < DATAGRAM_FIRST || type > DATAGRAM_LAST)
		return 0;
	if (wire_u8(&w) != ENCODED_BYTES)
		return -EBADMSG;
	label = (struct text){(const char *)wire_bytes(&w, ENCODED_BYTES), ENCODED_BYTES};
	if (w.bad)
		return -EBADMSG;
	/* Whoever passes it on for others leaves their address in it. */
	if (ip_equal(&ip, &ctx->ip_src) && decode_name(label, name, &length, &suffix) &&
	    (suffix == 0x00 || suffix == 0x20))
		tell_name(out, ctx, SOURCE_NBNS, TEXT("netbios"), fact_text(out, name, length), &ip);
	return 0;
}
