// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who listens to which groups, and who asks: IGMP (RFC 1112, 2236, 3376) and MLD (RFC 2710, 3810). Both stay on the link (TTL 1). Groups that every
 * IPv6 host is in because it has addresses (solicited-node, RFC 4291 2.7.1) say nothing.
 */
#include <errno.h>
#include <string.h>

#include "sensor/decode/tell.h"

enum { IGMP_QUERY = 0x11, IGMP_REPORT_1 = 0x12, IGMP_REPORT_2 = 0x16, IGMP_LEAVE = 0x17, IGMP_REPORT_3 = 0x22 };
enum { MLD_QUERY = 130, MLD_REPORT = 131, MLD_DONE = 132, MLD_REPORT_2 = 143 };
enum { IGMP_BYTES = 8, IGMP_QUERY_3_BYTES = 12, MLD_BYTES = 24, MLD_QUERY_2_BYTES = 28, HOPS = 1 };
enum { MODE_INCLUDE = 1, MODE_EXCLUDE = 2, TO_INCLUDE = 3, TO_EXCLUDE = 4, ALLOW = 5, BLOCK = 6 };

struct protocol {
	enum fact_source source;
	struct text group, querier;
	size_t address_bytes;
};

static const struct protocol igmp = {SOURCE_IGMP, TEXT("igmp.group"), TEXT("igmp.querier"), 4};
static const struct protocol mld = {SOURCE_MLD, TEXT("mld.group"), TEXT("mld.querier"), 16};

static bool is_solicited_node(const struct ip *ip)
{
	static const uint8_t prefix[13] = {0xff, 0x02, [11] = 1, [12] = 0xff};

	return ip->version == 6 && memcmp(ip->bytes, prefix, sizeof(prefix)) == 0;
}

/* All nodes, which nobody joins: 224.0.0.1, ff01::1, ff02::1. */
static bool is_everyone(const struct ip *ip)
{
	static const uint8_t nodes[4] = {224, 0, 0, 1}, rest[14] = {[13] = 1};

	if (ip->version == 4)
		return memcmp(ip->bytes, nodes, sizeof(nodes)) == 0;
	return ip->bytes[0] == 0xff && (ip->bytes[1] == 1 || ip->bytes[1] == 2) &&
	       memcmp(ip->bytes + 2, rest, sizeof(rest)) == 0;
}

static struct ip read_address(const struct protocol *protocol, struct wire *w)
{
	return protocol->address_bytes == 4 ? wire_ip4(w) : wire_ip6(w);
}

static bool is_group(const struct ip *ip)
{
	return ip_is_multicast(ip) && (ip->version == 6 || ip->bytes[0] != 255);
}

static void say_group(const struct decode_context *ctx, const struct protocol *protocol, const struct ip *group,
		      struct fact_list *out)
{
	char line[ADDR_TEXT_MAX];

	if (!is_solicited_node(group) && !is_everyone(group))
		tell_trait(out, ctx, protocol->source, protocol->group,
			   fact_format(out, "%s", ip_text(group, line)));
}

/* A report of the newest version: which groups are listened to, each with senders that are wanted, or are not. */
static int read_records(const struct decode_context *ctx, const struct protocol *protocol, struct wire w,
			struct fact_list *out)
{
	unsigned int count;

	wire_skip(&w, 2); /* reserved */
	count = wire_u16(&w);
	while (count--) {
		uint8_t type = wire_u8(&w), more = wire_u8(&w);
		size_t senders = wire_u16(&w);
		struct ip group = read_address(protocol, &w);

		wire_skip(&w, senders * protocol->address_bytes + more * (size_t)4);
		if (w.bad)
			return -EBADMSG;
		if (!is_group(&group) || type < MODE_INCLUDE || type > BLOCK)
			return -EBADMSG;
		if (type == MODE_EXCLUDE || type == TO_EXCLUDE || (type != BLOCK && senders))
			say_group(ctx, protocol, &group, out);
	}
	return w.bad ? -EBADMSG : 0;
}

static void say_querier(const struct decode_context *ctx, const struct protocol *protocol, unsigned int version,
			struct fact_list *out)
{
	if (!ip_is_unspecified(&ctx->ip_src))
		tell_trait(out, ctx, protocol->source, protocol->querier, fact_format(out, "%u", version));
}

int decode_igmp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct wire whole = w;
	uint8_t type = wire_u8(&w), code = wire_u8(&w);
	struct ip group;

	wire_skip(&w, 2); /* checksum */
	if (w.bad || whole.left < IGMP_BYTES || !wire_sum_right(whole))
		return -EBADMSG;
	if (ctx->hop_limit != HOPS)
		return 0;
	if (type == IGMP_REPORT_3)
		return read_records(ctx, &igmp, w, out);
	group = wire_ip4(&w);
	switch (type) {
	case IGMP_QUERY:
		say_querier(ctx, &igmp, whole.left >= IGMP_QUERY_3_BYTES ? 3 : code ? 2 : 1, out);
		return 0;
	case IGMP_REPORT_1:
	case IGMP_REPORT_2:
		if (!is_group(&group))
			return -EBADMSG;
		if (ip_equal(&group, &ctx->ip_dst)) /* it is sent to the group itself */
			say_group(ctx, &igmp, &group, out);
		return 0;
	}
	return 0;
}

int decode_mld(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	size_t whole = w.left;
	uint8_t type = wire_u8(&w), code = wire_u8(&w);
	struct ip group;

	wire_skip(&w, 2); /* checksum: the copy may have been taken before the port computed it */
	if (w.bad)
		return -EBADMSG;
	if (ctx->hop_limit != HOPS || code != 0)
		return 0;
	if (type == MLD_REPORT_2)
		return read_records(ctx, &mld, w, out);
	wire_skip(&w, 4); /* how long it may take, reserved */
	group = wire_ip6(&w);
	if (w.bad || whole < MLD_BYTES || (type == MLD_QUERY && ctx->cut))
		return -EBADMSG;
	if (type == MLD_QUERY) {
		say_querier(ctx, &mld, whole >= MLD_QUERY_2_BYTES ? 2 : 1, out);
	} else if (type == MLD_REPORT) {
		if (!is_group(&group))
			return -EBADMSG;
		say_group(ctx, &mld, &group, out);
	}
	return 0;
}
