// SPDX-License-Identifier: BSD-2-Clause
/* Files, directories, desktops and remote procedures: how a client of each begins, and what only its server answers to that. */
#include <string.h>

#include "sensor/heard/heard.h"
#include "sensor/wire.h"

static uint32_t big32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static enum heard_fit fits(bool it_does)
{
	return it_does ? HEARD_YES : HEARD_NO;
}

/* [MS-SMB2] 2.1: a length, then the header; a negotiation comes first. */
static enum heard_fit smb_asks(const struct heard *h)
{
	const uint8_t *at = h->asks.bytes;

	if (at[0])
		return HEARD_NO;
	if (h->asks.length < 18)
		return HEARD_MAYBE;
	return fits((!memcmp(at + 4, "\xffSMB", 4) && at[8] == 0x72) ||
		    (!memcmp(at + 4, "\xfeSMB", 4) && !at[16] && !at[17]));
}

/* [MS-RDPBCGR] 2.2.1.1: TPKT, X.224 connection request; a cookie or what is offered behind it. */
static enum heard_fit rdp_asks(const struct heard *h)
{
	const uint8_t *at = h->asks.bytes;

	if (at[0] != 3)
		return HEARD_NO;
	if (h->asks.length < 13)
		return HEARD_MAYBE;
	return fits(
		!at[1] && at[5] == 0xe0 &&
		(!memcmp(at + 11, "Co", 2) || (h->asks.length >= 19 && at[11] == 1 && at[13] == 8 && !at[14])));
}

/* One BER element's tag and content (X.690, 8.1). */
static struct wire ber(struct wire *wire, uint8_t *tag)
{
	size_t length;

	*tag = wire_u8(wire);
	length = wire_u8(wire);
	if (length > 0x84 || length == 0x80)
		wire->bad = true;
	if (length > 0x80) {
		size_t bytes = length & 0x7f;

		for (length = 0; bytes && !wire->bad; bytes--)
			length = length << 8 | wire_u8(wire);
	}
	return wire_nested(wire, length);
}

/* RFC 4511, 4.1.1: SEQUENCE of number and operation. MAYBE: it is not whole. */
static enum heard_fit ldap_message(const struct heard_end *end, struct text *number, uint8_t *operation)
{
	struct wire wire = wire_over(end->bytes, end->length), message, id;
	uint8_t tag;

	if (end->bytes[0] != 0x30)
		return HEARD_NO;
	message = ber(&wire, &tag);
	if (message.bad)
		return end->length < 8192 ? HEARD_MAYBE : HEARD_NO;
	id = ber(&message, &tag);
	*operation = wire_u8(&message);
	if (message.bad || tag != 2 || !id.left || id.left > 4)
		return HEARD_NO;
	*number = wire_rest(&id);
	return HEARD_YES;
}

/* Bind, search, or an extended request (StartTLS). */
static enum heard_fit ldap_asks(const struct heard *h)
{
	struct text number;
	uint8_t operation;
	enum heard_fit fit = ldap_message(&h->asks, &number, &operation);

	return fit == HEARD_YES ? fits(operation == 0x60 || operation == 0x63 || operation == 0x77) : fit;
}

static enum heard_fit ldap_says(const struct heard *h)
{
	struct text asked, said;
	uint8_t operation;
	enum heard_fit fit;

	if (ldap_message(&h->asks, &asked, &operation) != HEARD_YES)
		return HEARD_NO;
	fit = ldap_message(&h->says, &said, &operation);
	if (fit != HEARD_YES)
		return fit;
	return fits(said.length == asked.length && !memcmp(said.bytes, asked.bytes, said.length) &&
		    (operation == 0x61 || operation == 0x64 || operation == 0x65 || operation == 0x73 ||
		     operation == 0x78));
}

/* DCE 1.1 RPC, 12.6.4.3: bind. */
static enum heard_fit msrpc_asks(const struct heard *h)
{
	return HEARD_BEGINS(&h->asks, "\5\0\x0b");
}

/* RFC 4120, 7.2.2: a length, then AS-REQ or TGS-REQ; AS-REP, TGS-REP or KRB-ERROR. */
static enum heard_fit kerberos(const struct heard_end *end, const char *tags)
{
	if (end->bytes[0])
		return HEARD_NO;
	if (end->length < 6)
		return HEARD_MAYBE;
	return fits(big32(end->bytes) >= 20 && big32(end->bytes) < 1 << 17 &&
		    big32(end->bytes) + 4 >= end->length && end->bytes[4] && strchr(tags, end->bytes[4]));
}

static enum heard_fit kerberos_asks(const struct heard *h)
{
	return kerberos(&h->asks, "\x6a\x6c");
}

static enum heard_fit kerberos_says(const struct heard *h)
{
	return kerberos(&h->says, "\x6b\x6d\x7e");
}

/* RFC 5531, 9 and 11: a record with a call of this program. */
static enum heard_fit rpc_asks(const struct heard *h, uint32_t program)
{
	const uint8_t *at = h->asks.bytes;

	if (!(at[0] & 0x80))
		return HEARD_NO;
	if (h->asks.length < 24)
		return HEARD_MAYBE;
	return fits(!big32(at + 8) && big32(at + 12) == 2 && big32(at + 16) == program);
}

static enum heard_fit portmapper_asks(const struct heard *h)
{
	return rpc_asks(h, 100000);
}

static enum heard_fit nfs_asks(const struct heard *h)
{
	return rpc_asks(h, 100003);
}

static enum heard_fit mountd_asks(const struct heard *h)
{
	return rpc_asks(h, 100005);
}

static enum heard_fit rpc_says(const struct heard *h)
{
	const uint8_t *at = h->says.bytes;

	if (h->says.length < 12)
		return HEARD_MAYBE;
	return fits(at[0] & 0x80 && !memcmp(at + 4, h->asks.bytes + 4, 4) && big32(at + 8) == 1);
}

/* X Window System Protocol, 8: byte order, version 11. */
static enum heard_fit x11_asks(const struct heard *h)
{
	const uint8_t *at = h->asks.bytes;

	if (at[0] != 'l' && at[0] != 'B')
		return HEARD_NO;
	if (h->asks.length < 12)
		return HEARD_MAYBE;
	return fits(!at[1] && (at[0] == 'l' ? at[2] == 11 && !at[3] : !at[2] && at[3] == 11));
}

static enum heard_fit x11_says(const struct heard *h)
{
	const uint8_t *at = h->says.bytes;

	if (h->says.length < 8)
		return at[0] <= 2 ? HEARD_MAYBE : HEARD_NO;
	return fits(at[0] <= 2 && (h->asks.bytes[0] == 'l' ? at[2] == 11 && !at[3] : !at[2] && at[3] == 11));
}

/* DSI: flags, command (GetStatus 3, OpenSession 4), number. https://en.wikipedia.org/wiki/Data_Stream_Interface */
static enum heard_fit afp_asks(const struct heard *h)
{
	const uint8_t *at = h->asks.bytes;

	if (h->asks.length < 16)
		return at[0] ? HEARD_NO : HEARD_MAYBE;
	return fits(!at[0] && (at[1] == 3 || at[1] == 4) && !big32(at + 4) && big32(at + 8) < 64 &&
		    !big32(at + 12));
}

static enum heard_fit afp_says(const struct heard *h)
{
	const uint8_t *at = h->says.bytes;

	if (h->says.length < 16)
		return at[0] == 1 ? HEARD_MAYBE : HEARD_NO;
	return fits(at[0] == 1 && at[1] == h->asks.bytes[1] && !memcmp(at + 2, h->asks.bytes + 2, 2) &&
		    !big32(at + 4));
}

/* RFC 7143, 11.12: login request with its keys, login response. */
static enum heard_fit iscsi_asks(const struct heard *h)
{
	if ((h->asks.bytes[0] & 0x3f) != 3)
		return HEARD_NO;
	return memmem(h->asks.bytes, h->asks.length, "InitiatorName=iqn.", 18) ||
			       memmem(h->asks.bytes, h->asks.length, "InitiatorName=eui.", 18)
		       ? HEARD_YES
		       : HEARD_MAYBE;
}

static enum heard_fit iscsi_says(const struct heard *h)
{
	return fits(h->says.bytes[0] == 0x23);
}

static const struct heard_row rows[] = {
	{.name = "smb", .asks = smb_asks},
	{.name = "rdp", .asks = rdp_asks},
	{.name = "ldap", .asks = ldap_asks, .says = ldap_says},
	{.name = "msrpc", .asks = msrpc_asks},
	{.name = "kerberos", .asks = kerberos_asks, .says = kerberos_says},
	{.name = "portmapper", .asks = portmapper_asks, .says = rpc_says},
	{.name = "nfs", .asks = nfs_asks, .says = rpc_says},
	{.name = "mountd", .asks = mountd_asks, .says = rpc_says},
	{.name = "x11", .asks = x11_asks, .says = x11_says},
	{.name = "afp", .asks = afp_asks, .says = afp_says},
	{.name = "iscsi", .asks = iscsi_asks, .says = iscsi_says},
};

const struct heard_row *heard_windows_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
