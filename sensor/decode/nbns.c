// SPDX-License-Identifier: BSD-2-Clause
/*
 * NetBIOS's name service (RFC 1001, 1002; port 137): names that machines register and answer to, and the list of all its names with which one
 * answers to whoever asks for its status (4.2.18).
 */
#include <errno.h>
#include <stdio.h>

#include "sensor/decode/dns_message.h"
#include "sensor/decode/netbios_name.h"
#include "sensor/decode/tell.h"

enum { NBNS_PORT = 137, NB = 0x20, NB_STATUS = 0x21, GROUP = 0x8000, NAMES_MAX = 64 };
enum { STATION = 0x00, MESSAGES = 0x03, DOMAIN_MASTER = 0x1b, MASTER = 0x1d }; /* what a name is for */
/* Operations of a request that claim a name: registration, its refresh by both numbers in use, and that of multi-homed machines. */
enum { REGISTER = 5, REFRESH = 8, REFRESH_ALSO = 9, REGISTER_MANY = 15 };

/* Masters have their group's name, alone; whom messages are for is a person as often as a machine. */
static struct text kind_of(const struct netbios_name *name, uint16_t flags)
{
	if (flags & GROUP || name->suffix == MASTER || name->suffix == DOMAIN_MASTER)
		return TEXT("workgroup");
	return name->suffix == MESSAGES ? TEXT("instance") : TEXT("netbios");
}

static void read_name(const struct decode_context *ctx, struct dns_record *record, struct fact_list *out)
{
	struct netbios_name name;

	if (record->owner.label_count == 0 || !netbios_decode(dns_label(&record->owner, 0), &name))
		return;
	while (record->data.left >= 6) {
		uint16_t flags = wire_u16(&record->data);
		struct ip ip = wire_ip4(&record->data);

		tell_name(out, ctx, SOURCE_NBNS, kind_of(&name, flags), fact_text(out, name.bytes, name.length),
			  &ip);
	}
}

static void say_status_name(const struct decode_context *ctx, const struct netbios_name *name, uint16_t flags,
			    struct fact_list *out)
{
	char line[NETBIOS_NAME_BYTES + 16];
	int length = snprintf(line, sizeof(line), "%.*s<%02x>%s", (int)name->length, name->bytes, name->suffix,
			      flags & GROUP ? " group" : "");

	if (name->suffix == STATION)
		tell_own_name(out, ctx, SOURCE_NBNS, flags & GROUP ? TEXT("workgroup") : TEXT("netbios"),
			      fact_text(out, name->bytes, name->length));
	tell_trait(out, ctx, SOURCE_NBNS, TEXT("nbns.name"), fact_text(out, line, (size_t)length));
}

/* How many names, each with its flags, then the machine's MAC; Samba tells none. */
static int read_status(const struct decode_context *ctx, struct wire data, struct fact_list *out)
{
	uint8_t count = wire_u8(&data);
	struct wire table = wire_nested(&data, (size_t)count * (NETBIOS_NAME_BYTES + 3));
	struct mac mac = wire_mac(&data);

	if (data.bad || count > NAMES_MAX)
		return -EBADMSG;
	while (table.left) {
		const uint8_t *at = wire_bytes(&table, NETBIOS_NAME_BYTES + 1);
		uint16_t flags = wire_u16(&table);
		struct netbios_name name;

		if (at && netbios_plain(at, &name))
			say_status_name(ctx, &name, flags, out);
	}
	tell_own_address(out, ctx, SOURCE_NBNS, &mac, &ctx->ip_src);
	return 0;
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
	while ((more = dns_next(&message, &record)) == 1) {
		if (record.type == NB)
			read_name(ctx, &record, out);
		else if (record.type == NB_STATUS && message.response && !ctx->cut &&
			 read_status(ctx, record.data, out))
			return -EBADMSG;
	}
	if (more < 0)
		return ctx->cut ? 0 : -EBADMSG;
	if (ctx->port_src == NBNS_PORT && dns_was_asked(ctx->asked, payload))
		tell_service(out, ctx, SOURCE_NBNS, NBNS_PORT, TEXT("netbios-ns"));
	return 0;
}
