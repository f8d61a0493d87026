// SPDX-License-Identifier: BSD-2-Clause
/*
 * NetBIOS datagrams (RFC 1002 4.4, port 138): the sender's name in each, and in those to \MAILSLOT\BROWSE what a machine says of itself to the
 * neighborhood (MS-BRWS 2.2.1, 2.2.6, 2.2.10): which system, what it is, its comment, its workgroup.
 */
#include <errno.h>
#include <stdio.h>

#include "sensor/decode/netbios_name.h"
#include "sensor/decode/tell.h"

enum { DATAGRAM_FIRST = 0x10, DATAGRAM_LAST = 0x12, HEADER_REST = 6 };
enum { SMB_HEADER_BYTES = 32, SMB_TRANSACTION = 0x25, MAILSLOT_WORDS = 17, DATA_COUNT = 22, DATA_OFFSET = 24 };
enum { HOST = 1, DOMAIN = 12, LOCAL_MASTER = 15, ANNOUNCEMENT_BYTES = 32, COMMENT_BYTES_MAX = 43 };
enum { WORKSTATION = 0x00, FILES = 0x20, MASTER = 0x1d, ELECTION = 0x1e };

static const struct {
	uint32_t bit;
	const char *word;
} server_types[] = {
	{0x1, "workstation"},
	{0x2, "server"},
	{0x4, "sql-server"},
	{0x8, "domain-controller"},
	{0x10, "backup-domain-controller"},
	{0x20, "time-source"},
	{0x40, "apple-file-server"},
	{0x100, "domain-member"},
	{0x200, "print-queue"},
	{0x400, "dial-in"},
	{0x800, "unix"},
	{0x1000, "nt"},
	{0x8000, "nt-server"},
	{0x10000, "potential-browser"},
	{0x20000, "backup-browser"},
	{0x40000, "master-browser"},
	{0x80000, "domain-master"},
};

static uint16_t little16(const uint8_t *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

/* The labels of a name up to the empty one; the first into *label. */
static void read_labels(struct wire *w, struct text *label)
{
	uint8_t length = wire_u8(w);

	*label = (struct text){(const char *)wire_bytes(w, length), length};
	while (length && !w->bad) {
		length = wire_u8(w);
		wire_skip(w, length);
	}
}

static void say_types(const struct decode_context *ctx, uint32_t types, struct fact_list *out)
{
	char line[256];
	size_t length = 0;

	for (size_t i = 0; i < sizeof(server_types) / sizeof(server_types[0]); i++)
		if (types & server_types[i].bit)
			length += (size_t)snprintf(line + length, sizeof(line) - length, length ? ",%s" : "%s",
						   server_types[i].word);
	tell_trait(out, ctx, SOURCE_NBNS, TEXT("netbios.type"), fact_text(out, line, length));
}

/* to: the name that it was sent to, the workgroup's; NULL when it is none. from: the sender's. */
static void read_announcement(const struct decode_context *ctx, struct wire w, const struct netbios_name *from,
			      const struct netbios_name *to, struct fact_list *out)
{
	const uint8_t *at = wire_bytes(&w, ANNOUNCEMENT_BYTES);
	struct netbios_name name;
	struct text comment;
	char line[16];
	size_t length;

	if (!at || (at[0] != HOST && at[0] != DOMAIN && at[0] != LOCAL_MASTER) || !netbios_plain(at + 6, &name))
		return;
	if (at[0] == DOMAIN) { /* a domain's master tells its name, and then its own as the comment */
		tell_own_name(out, ctx, SOURCE_NBNS, TEXT("workgroup"),
			      fact_text(out, name.bytes, name.length));
		return;
	}
	if (name.length != from->length || memcmp(name.bytes, from->bytes, name.length) != 0)
		return;
	if (to && (to->suffix == MASTER || to->suffix == ELECTION))
		tell_own_name(out, ctx, SOURCE_NBNS, TEXT("workgroup"), fact_text(out, to->bytes, to->length));
	length = (size_t)snprintf(line, sizeof(line), "%u.%u", at[22], at[23]);
	tell_trait(out, ctx, SOURCE_NBNS, TEXT("netbios.os"), fact_text(out, line, length));
	say_types(ctx, at[24] | (uint32_t)at[25] << 8 | (uint32_t)at[26] << 16 | (uint32_t)at[27] << 24, out);
	comment = wire_rest(&w);
	for (length = 0; length < comment.length && length < COMMENT_BYTES_MAX && comment.bytes[length];)
		length++;
	comment.length = length;
	tell_trait(out, ctx, SOURCE_NBNS, TEXT("netbios.comment"), comment);
}

/* What was written into the mailslot; empty for any other datagram, and for one that contradicts itself. */
static struct wire mailslot_data(struct wire smb)
{
	static const char mailslot[] = "\\MAILSLOT\\BROWSE";
	struct wire w = smb, none = {};
	const uint8_t *header = wire_bytes(&w, SMB_HEADER_BYTES), *words;
	uint8_t count = wire_u8(&w);
	size_t offset, length;

	if (!header || memcmp(header, "\xffSMB", 4) != 0 || header[4] != SMB_TRANSACTION ||
	    count != MAILSLOT_WORDS)
		return none;
	words = wire_bytes(&w, (size_t)2 * MAILSLOT_WORDS);
	wire_skip(&w, 2);
	if (w.bad || w.left < sizeof(mailslot) ||
	    strncasecmp((const char *)w.at, mailslot, sizeof(mailslot)) != 0)
		return none;
	offset = little16(words + DATA_OFFSET);
	length = little16(words + DATA_COUNT);
	wire_skip(&smb, offset);
	smb = wire_nested(&smb, length);
	return smb.bad ? none : smb;
}

/* Type, flags, id, the sender's address and port, length, offset, its name, whom it is for. */
int decode_netbios(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	uint8_t type = wire_u8(&w);
	struct netbios_name from, to;
	struct text source, destination;
	bool to_name;
	struct ip ip;

	wire_skip(&w, 3);
	ip = wire_ip4(&w);
	wire_skip(&w, HEADER_REST);
	if (w.bad)
		return -EBADMSG;
	if (type < DATAGRAM_FIRST || type > DATAGRAM_LAST)
		return 0;
	if (!w.left || w.at[0] != NETBIOS_ENCODED_BYTES)
		return -EBADMSG;
	read_labels(&w, &source);
	read_labels(&w, &destination);
	if (w.bad)
		return -EBADMSG;
	/* Whoever passes it on for others leaves their address in it. */
	if (!ip_equal(&ip, &ctx->ip_src) || !netbios_decode(source, &from))
		return 0;
	if (from.suffix == WORKSTATION || from.suffix == FILES)
		tell_name(out, ctx, SOURCE_NBNS, TEXT("netbios"), fact_text(out, from.bytes, from.length), &ip);
	if (ctx->cut)
		return 0;
	to_name = netbios_decode(destination, &to);
	read_announcement(ctx, mailslot_data(w), &from, to_name ? &to : NULL, out);
	return 0;
}
