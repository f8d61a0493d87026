// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who answers by UDP in a protocol of which no more is to be told than that: both datagrams must fit, and the answer must repeat what makes the
 * question one of its own (a number, an index, an identifier). One row a protocol.
 */
#include <string.h>

#include "sensor/decode/tell.h"

static uint32_t big32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint32_t big16(const uint8_t *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}

/* RFC 2865, 3; RFC 2866, 3: the same identifier, both as long as they say. */
static bool radius(struct wire q, struct wire a)
{
	if (q.left < 20 || a.left < 20 || q.at[1] != a.at[1] || big16(a.at + 2) != a.left)
		return false;
	return (q.at[0] == 1 && (a.at[0] == 2 || a.at[0] == 3 || a.at[0] == 11)) ||
	       (q.at[0] == 4 && a.at[0] == 5);
}

/* https://www.wireguard.com/protocol: the response names the initiation's index. */
static bool wireguard(struct wire q, struct wire a)
{
	return q.left == 148 && a.left == 92 && big32(q.at) == 0x01000000 && big32(a.at) == 0x02000000 &&
	       !memcmp(q.at + 4, a.at + 8, 4);
}

/* https://openvpn.net/community-docs/openvpn-protocol.html: resets of both sides; the server's repeats the client's session, behind a signature if there is one. */
static bool openvpn(struct wire q, struct wire a)
{
	if (q.left < 14 || a.left < 26 || (q.at[0] != 7 << 3 && q.at[0] != 10 << 3) || a.at[0] != 8 << 3)
		return false;
	return memmem(a.at + 9, a.left - 9, q.at + 1, 8) != NULL;
}

/* RFC 7296, 3.1; RFC 2408, 3.1; behind four zeros at 4500 (RFC 3948, 2.2). */
static bool ike(struct wire q, struct wire a)
{
	static const uint8_t nobody[8];

	if (q.left > 4 && a.left > 4 && !big32(q.at) && !big32(a.at)) {
		wire_skip(&q, 4);
		wire_skip(&a, 4);
	}
	if (q.left < 28 || a.left < 28 || memcmp(q.at, a.at, 8) != 0 || (!big32(q.at) && !big32(q.at + 4)))
		return false;
	/* Of version 1 only the first answer tells who asked. */
	if (q.at[17] != a.at[17] || (a.at[17] != 0x10 && a.at[17] != 0x20) || big32(a.at + 24) != a.left)
		return false;
	if (a.at[17] == 0x10)
		return !memcmp(q.at + 8, nobody, 8) && memcmp(a.at + 8, nobody, 8) != 0;
	return (q.at[19] & 0x28) == 0x08 && (a.at[19] & 0x28) == 0x20 && !memcmp(q.at + 20, a.at + 20, 4);
}

/* RFC 5531, 9: a call of that program in version 2 of the protocol, and an accepted reply with its number. */
static bool rpc(struct wire q, struct wire a, uint32_t program)
{
	return q.left >= 24 && a.left >= 24 && !memcmp(q.at, a.at, 4) && !big32(q.at + 4) &&
	       big32(q.at + 8) == 2 && big32(q.at + 12) == program && big32(a.at + 4) == 1 && !big32(a.at + 8);
}

static bool portmapper(struct wire q, struct wire a)
{
	return rpc(q, a, 100000);
}

static bool nfs(struct wire q, struct wire a)
{
	return rpc(q, a, 100003);
}

static bool mountd(struct wire q, struct wire a)
{
	return rpc(q, a, 100005);
}

/* The element's length is what there is (X.690, 8.1.3). */
static bool is_whole(struct wire w)
{
	size_t length;

	wire_skip(&w, 1);
	length = wire_u8(&w);
	if (length == 0x81)
		length = wire_u8(&w);
	else if (length == 0x82)
		length = wire_u16(&w);
	else if (length > 0x7f)
		return false;
	return !w.bad && length == w.left;
}

/* RFC 4120, 5.4, 5.9.1: AS or TGS, what was asked for or an error. */
static bool kerberos(struct wire q, struct wire a)
{
	if (q.left < 8 || a.left < 8 || (q.at[0] != 0x6a && q.at[0] != 0x6c) || !is_whole(a))
		return false;
	return a.at[0] == q.at[0] + 1 || a.at[0] == 0x7e;
}

/* RFC 1798; MS-ADTS 6.3.3: a search, and an entry or the end with its number. */
static bool cldap(struct wire q, struct wire a)
{
	struct wire *both[] = {&q, &a};
	const uint8_t *number[2];
	uint8_t tag[2], length[2];

	for (size_t i = 0; i < 2; i++) {
		struct wire *w = both[i];

		if (wire_u8(w) != 0x30)
			return false;
		length[i] = wire_u8(w);
		wire_skip(w, length[i] & 0x80 ? length[i] & 0x7f : 0);
		if (wire_u8(w) != 2)
			return false;
		length[i] = wire_u8(w);
		number[i] = wire_bytes(w, length[i]);
		tag[i] = wire_u8(w);
		if (w->bad || !length[i] || length[i] > 4)
			return false;
	}
	return length[0] == length[1] && !memcmp(number[0], number[1], length[0]) && tag[0] == 0x63 &&
	       (tag[1] == 0x64 || tag[1] == 0x65);
}

/* RFC 6886, 3.2, 3.3; RFC 6887, 7: the operation, with its highest bit. */
static bool natpmp(struct wire q, struct wire a)
{
	if (q.left < 2 || a.left < 8 || q.at[0] != a.at[0] || q.at[1] & 0x80 || a.at[1] != (q.at[1] | 0x80))
		return false;
	if (q.at[0] == 2)
		return q.left >= 24 && a.left >= 24;
	return !q.at[0] && q.left == (q.at[1] ? 12 : 2) && (a.left == 8 || a.left == (q.at[1] ? 16 : 12));
}

/* MC-SQLR 2.2.5: instances as text. */
static bool mssql_browser(struct wire q, struct wire a)
{
	return q.left && q.at[0] >= 2 && q.at[0] <= 4 && (q.at[0] == 4 ? q.left <= 34 : q.left == 1) &&
	       a.left > 3 && a.at[0] == 5 && (size_t)(a.at[1] | a.at[2] << 8) + 3 == a.left;
}

static const struct {
	const char *name;
	uint16_t port_h; /* 0: the bytes are proof enough at any */
	bool (*fits)(struct wire question, struct wire answer);
} rows[] = {
	{"radius", 1812, radius}, {"radius", 1813, radius},    {"radius", 1645, radius},
	{"radius", 1646, radius}, {"wireguard", 0, wireguard}, {"openvpn", 0, openvpn},
	{"ike", 500, ike},	  {"ike", 4500, ike},	       {"portmapper", 0, portmapper},
	{"nfs", 0, nfs},	  {"mountd", 0, mountd},       {"kerberos", 88, kerberos},
	{"ldap", 389, cldap},	  {"nat-pmp", 5351, natpmp},   {"mssql-browser", 1434, mssql_browser},
};

int decode_answer(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	if (ctx->cut || !ctx->asked.left || !w.left)
		return 0;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if ((rows[i].port_h && rows[i].port_h != ctx->port_src) || !rows[i].fits(ctx->asked, w))
			continue;
		tell_service(out, ctx, SOURCE_UDP, ctx->port_src,
			     (struct text){rows[i].name, strlen(rows[i].name)});
		return 0;
	}
	return 0;
}
