// SPDX-License-Identifier: BSD-2-Clause
/* Controllers, tunnels, names, and what else two ends say to each other before anything is secret. */
#include <string.h>

#include "sensor/heard/heard.h"

enum { SOCKS4_BYTES_MAX = 512 };

static uint32_t big16(const uint8_t *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}

static enum heard_fit fits(bool it_does)
{
	return it_does ? HEARD_YES : HEARD_NO;
}

/* IEEE 1815, 9.2: both begin with 05 64 and a length; the control byte says which way. */
static enum heard_fit dnp3_asks(const struct heard *h)
{
	if (h->asks.length < 10)
		return HEARD_BEGINS(&h->asks, "\5\x64") == HEARD_NO ? HEARD_NO : HEARD_MAYBE;
	return fits(HEARD_BEGINS(&h->asks, "\5\x64") == HEARD_YES && h->asks.bytes[2] >= 5 &&
		    h->asks.bytes[3] & 0x80);
}

static enum heard_fit dnp3_says(const struct heard *h)
{
	if (h->says.length < 10)
		return HEARD_BEGINS(&h->says, "\5\x64") == HEARD_NO ? HEARD_NO : HEARD_MAYBE;
	return fits(HEARD_BEGINS(&h->says, "\5\x64") == HEARD_YES && h->says.bytes[2] >= 5 &&
		    !(h->says.bytes[3] & 0x80));
}

/* IEC 60870-5-104, 5.3: STARTDT act, STARTDT con. */
static enum heard_fit iec104_asks(const struct heard *h)
{
	return HEARD_BEGINS(&h->asks, "\x68\4\7\0\0\0");
}

static enum heard_fit iec104_says(const struct heard *h)
{
	return HEARD_BEGINS(&h->says, "\x68\4\x0b\0\0\0");
}

/* OPC 10000-6, 7.1.2 */
static enum heard_fit opcua_asks(const struct heard *h)
{
	return HEARD_BEGINS(&h->asks, "HELF");
}

static enum heard_fit opcua_says(const struct heard *h)
{
	return HEARD_BEGINS(&h->says, "ACKF") != HEARD_NO ? HEARD_BEGINS(&h->says, "ACKF")
							  : HEARD_BEGINS(&h->says, "ERRF");
}

/*
 * https://www.openssh.com/txt/socks4.protocol, socks4a.protocol: CONNECT or BIND, port, address, a user's name up to a zero byte, and a host's when the
 * address is 0.0.0.x. Answered by 0 and 90 … 93, port and address.
 */
static enum heard_fit socks4_asks(const struct heard_end *asks)
{
	const uint8_t *at = asks->bytes, *end;

	if (asks->length < 9)
		return asks->length < 2 || at[1] == 1 || at[1] == 2 ? HEARD_MAYBE : HEARD_NO;
	if ((at[1] != 1 && at[1] != 2) || !big16(at + 2) || asks->length > SOCKS4_BYTES_MAX)
		return HEARD_NO;
	end = memchr(at + 8, 0, asks->length - 8);
	if (end && !at[4] && !at[5] && !at[6] && at[7])
		end = memchr(end + 1, 0, (size_t)(at + asks->length - end) - 1);
	return end ? fits(end == at + asks->length - 1) : HEARD_MAYBE;
}

static enum heard_fit socks4_says(const struct heard_end *says)
{
	if (says->length < 8)
		return says->bytes[0] ? HEARD_NO : HEARD_MAYBE;
	return fits(!says->bytes[0] && says->bytes[1] >= 90 && says->bytes[1] <= 93);
}

/* RFC 1928, 3 and 4: which ways to sign in, which one; then whom to connect to. */
static enum heard_fit socks_asks(const struct heard *h)
{
	const uint8_t *at = h->asks.bytes;
	size_t ways;

	if (at[0] == 4)
		return socks4_asks(&h->asks);
	if (at[0] != 5)
		return HEARD_NO;
	if (h->asks.length < 3)
		return HEARD_MAYBE;
	ways = at[1];
	if (!ways || ways > 8)
		return HEARD_NO;
	if (h->asks.length < 2 + ways + 4)
		return HEARD_MAYBE;
	at += 2 + ways; /* the request, or name and password (RFC 1929) */
	return fits(at[0] == 5 ? at[1] >= 1 && at[1] <= 3 && !at[2] && (at[3] == 1 || at[3] == 3 || at[3] == 4)
			       : at[0] == 1);
}

static enum heard_fit socks_says(const struct heard *h)
{
	const uint8_t *at = h->says.bytes;

	if (h->asks.bytes[0] == 4)
		return socks4_says(&h->says);
	if (h->says.length < 2)
		return at[0] == 5 ? HEARD_MAYBE : HEARD_NO;
	return fits(at[0] == 5 && (at[1] == 0xff || memchr(h->asks.bytes + 2, at[1], h->asks.bytes[1])) &&
		    (h->says.length < 4 || at[2] == 5 || at[2] == 1));
}

static void socks_tell(const struct heard *h, struct fact_list *out)
{
	if (h->asks.bytes[0] == 4)
		return; /* it knows names only, and no way to prove them */
	heard_trait(h, SOURCE_TCP, CONFIDENCE_ANNOUNCED, "socks.open",
		    h->says.bytes[1] == 0 ? TEXT("true") : TEXT("false"), out);
}

/* RFC 2637, 2.1 */
static enum heard_fit pptp_asks(const struct heard *h)
{
	return HEARD_BEGINS(&h->asks, "\0\x9c\0\1\x1a\x2b\x3c\x4d\0\1");
}

/* RFC 1035, 4.2.2, at other ports than DNS's own: one question, and an answer to it. */
static bool dns(const struct heard_end *end, bool answer)
{
	const uint8_t *at = end->bytes;

	return big16(at) + 2 == end->length && (at[4] & 0xf8) == (answer ? 0x80 : 0) && !(at[5] & 0x40) &&
	       big16(at + 6) == 1 && big16(at + 8) < 256;
}

static enum heard_fit dns_asks(const struct heard *h)
{
	return h->asks.length < 19 ? HEARD_MAYBE : fits(dns(&h->asks, false) && !big16(h->asks.bytes + 8));
}

static enum heard_fit dns_says(const struct heard *h)
{
	if (h->says.length < 19 || h->says.length < big16(h->says.bytes) + 2)
		return HEARD_MAYBE;
	return fits(dns(&h->says, true) && !memcmp(h->says.bytes + 2, h->asks.bytes + 2, 2));
}

/* https://tomcat.apache.org/connectors-doc/ajp/ajpv13ext.html: to the container 12 34, from it "AB". */
static enum heard_fit ajp_asks(const struct heard *h)
{
	if (h->asks.length < 5)
		return HEARD_BEGINS(&h->asks, "\x12\x34") == HEARD_NO ? HEARD_NO : HEARD_MAYBE;
	return fits(HEARD_BEGINS(&h->asks, "\x12\x34") == HEARD_YES &&
		    (h->asks.bytes[4] == 2 || h->asks.bytes[4] == 10));
}

static enum heard_fit ajp_says(const struct heard *h)
{
	return HEARD_BEGINS(&h->says, "AB");
}

/* https://openvpn.net/community-docs/openvpn-protocol.html: a hard reset of each side, as long as it says. */
static enum heard_fit openvpn(const struct heard_end *end, uint8_t operation)
{
	if (end->length < 16)
		return end->bytes[0] ? HEARD_NO : HEARD_MAYBE;
	return fits(!end->bytes[0] && end->bytes[1] >= 14 && end->bytes[2] == operation);
}

static enum heard_fit openvpn_asks(const struct heard *h)
{
	enum heard_fit third = openvpn(&h->asks, 10 << 3);

	return third == HEARD_NO ? openvpn(&h->asks, 7 << 3) : third;
}

static enum heard_fit openvpn_says(const struct heard *h)
{
	return openvpn(&h->says, 8 << 3);
}

/* RFC 4271, 4.1 and 4.2: sixteen bytes of ones, then OPEN, version 4. */
static enum heard_fit bgp(const struct heard_end *end)
{
	static const uint8_t ones[16] = {255, 255, 255, 255, 255, 255, 255, 255,
					 255, 255, 255, 255, 255, 255, 255, 255};

	if (end->length < 20)
		return heard_begins(end, ones, sizeof(ones)) == HEARD_NO ? HEARD_NO : HEARD_MAYBE;
	return fits(!memcmp(end->bytes, ones, sizeof(ones)) && end->bytes[18] == 1 && end->bytes[19] == 4);
}

static enum heard_fit bgp_asks(const struct heard *h)
{
	return bgp(&h->asks);
}

/* Whoever does not want this neighbor sends a NOTIFICATION (3) at once. */
static enum heard_fit bgp_says(const struct heard *h)
{
	if (h->says.length >= 20 && h->says.bytes[18] == 3 && h->says.bytes[0] == 255)
		return HEARD_YES;
	return bgp(&h->says);
}

/* RFC 8907, 4.1: version, type, number, flags, session. */
static enum heard_fit tacacs_asks(const struct heard *h)
{
	const uint8_t *at = h->asks.bytes;

	if ((at[0] & 0xf0) != 0xc0)
		return HEARD_NO;
	if (h->asks.length < 12)
		return HEARD_MAYBE;
	return fits(at[1] >= 1 && at[1] <= 3 && at[2] == 1 && !at[8] && !at[9] &&
		    big16(at + 10) + 12 == h->asks.length);
}

static enum heard_fit tacacs_says(const struct heard *h)
{
	const uint8_t *at = h->says.bytes;

	if (h->says.length < 12)
		return HEARD_MAYBE;
	return fits((at[0] & 0xf0) == 0xc0 && at[1] == h->asks.bytes[1] && at[2] == 2 &&
		    !memcmp(at + 4, h->asks.bytes + 4, 4));
}

/* RFC 9113, 3.4: HTTP/2 without TLS; the server begins with its settings. */
static enum heard_fit http2_asks(const struct heard *h)
{
	return HEARD_BEGINS(&h->asks, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
}

static enum heard_fit http2_says(const struct heard *h)
{
	const uint8_t *at = h->says.bytes;

	if (h->says.length < 9)
		return at[0] ? HEARD_NO : HEARD_MAYBE;
	return fits(!at[0] && !at[1] && at[2] % 6 == 0 && at[3] == 4 && at[4] <= 1 &&
		    !memcmp(at + 5, "\0\0\0\0", 4));
}

static enum heard_fit bittorrent_asks(const struct heard *h)
{
	return HEARD_BEGINS(&h->asks, "\x13"
				      "BitTorrent protocol");
}

static enum heard_fit bittorrent_says(const struct heard *h)
{
	return HEARD_BEGINS(&h->says, "\x13"
				      "BitTorrent protocol");
}

/* https://android.googlesource.com/platform/packages/modules/adb/+/HEAD/protocol.txt */
static enum heard_fit adb_asks(const struct heard *h)
{
	return HEARD_BEGINS(&h->asks, "CNXN");
}

static enum heard_fit adb_says(const struct heard *h)
{
	static const char *const words[] = {"CNXN", "AUTH", "STLS"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (heard_begins(&h->says, words[i], 4) != HEARD_NO)
			return heard_begins(&h->says, words[i], 4);
	return HEARD_NO;
}

/* https://esphome.io/components/api: 0, a length, 1 (hello) or 2 (its answer), as long as it says. */
static enum heard_fit esphome(const struct heard_end *end, uint8_t type)
{
	if (end->length < 3)
		return end->bytes[0] ? HEARD_NO : HEARD_MAYBE;
	return fits(!end->bytes[0] && end->bytes[1] < 0x80 && end->bytes[2] == type &&
		    end->bytes[1] + 3u <= end->length && end->bytes[1] > 4 &&
		    end->bytes[3] == 0x0a - (type == 2 ? 2 : 0));
}

static enum heard_fit esphome_asks(const struct heard *h)
{
	return esphome(&h->asks, 1);
}

static enum heard_fit esphome_says(const struct heard *h)
{
	return esphome(&h->says, 2);
}

static const struct heard_row rows[] = {
	{.name = "dnp3", .asks = dnp3_asks, .says = dnp3_says},
	{.name = "iec104", .asks = iec104_asks, .says = iec104_says},
	{.name = "opcua", .asks = opcua_asks, .says = opcua_says},
	{.name = "socks", .asks = socks_asks, .says = socks_says, .tell = socks_tell},
	{.name = "pptp", .asks = pptp_asks},
	{.name = "dns", .asks = dns_asks, .says = dns_says},
	{.name = "ajp", .asks = ajp_asks, .says = ajp_says},
	{.name = "openvpn", .asks = openvpn_asks, .says = openvpn_says},
	{.name = "bgp", .asks = bgp_asks, .says = bgp_says},
	{.name = "tacacs", .asks = tacacs_asks, .says = tacacs_says},
	{.name = "http2", .asks = http2_asks, .says = http2_says},
	{.name = "bittorrent", .asks = bittorrent_asks, .says = bittorrent_says},
	{.name = "adb", .asks = adb_asks, .says = adb_says},
	{.name = "esphome", .asks = esphome_asks, .says = esphome_says},
};

const struct heard_row *heard_machine_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
