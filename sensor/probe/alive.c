// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who is there. On the link an address is there when it answers ARP (RFC 826) or a neighbour solicitation (RFC 4861), whatever its firewall says, and
 * no other way is tried. Behind a gateway one of an echo, and SYNs to the two most used ports, must bring an answer; who is unreachable by a
 * router's word is not asked further.
 *
 * A position is way × addresses of the block + number. Before the first block with routed addresses, the gateways' MACs are asked for.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "defs/log.h"
#include "sensor/probe/prober_inside.h"
#include "sensor/probe/route.h"

enum { WAY_FIRST, WAY_HTTPS, WAY_HTTP, WAYS };

enum {
	ICMP_UNREACHABLE = 3,  /* RFC 792 */
	ICMP6_UNREACHABLE = 1, /* RFC 4443 */
	PORT_HTTPS = 443,
	PORT_HTTP = 80,
};

struct ip answer_ip(const struct probe_answer *answer)
{
	struct ip ip = {.version = answer->version};

	memcpy(ip.bytes, answer->addr, answer->version == 4 ? 4 : 16);
	return ip;
}

static void ask_link(struct probe_frame *frame, const struct ip *ip)
{
	memcpy(frame->addr, ip->bytes, sizeof(frame->addr));
	frame->version = ip->version;
	frame->kind = ip->version == 4 ? PROBE_ARP : PROBE_ND;
}

/* A MAC that a device can have. */
static bool usable(const struct mac *mac)
{
	return !mac_is_zero(mac) && !mac_is_group(mac);
}

int hops_begin(struct prober *prober)
{
	const struct route_neighbor *neighbors;
	const struct ip *gateways;
	size_t count, neighbor_count;

	gateways = route_gateways(prober->options.route, &count);
	neighbors = route_neighbors(prober->options.route, &neighbor_count);
	if (count > HOPS_MAX) {
		log_warn("there are %zu gateways; what is behind the last %zu of them is not asked", count,
			 count - HOPS_MAX);
		count = HOPS_MAX;
	}
	for (size_t i = 0; i < count; i++) {
		struct hop *hop = &prober->hops[i];

		hop->ip = gateways[i];
		for (size_t k = 0; k < neighbor_count && !hop->known; k++)
			if (ip_equal(&neighbors[k].ip, &hop->ip)) {
				hop->mac = neighbors[k].mac;
				hop->known = usable(&hop->mac);
			}
	}
	prober->hop_count = (uint32_t)count;
	return asked_open(0, count, prober->dry ? 0 : prober->options.retries, NULL, NULL, &prober->asked);
}

enum prober_offer hops_offer(struct prober *prober, uint64_t position, struct probe_frame *frame)
{
	if (prober->hops[position].known)
		return OFFER_SETTLED;
	ask_link(frame, &prober->hops[position].ip);
	return OFFER_SEND;
}

void hops_answer(struct prober *prober, const struct probe_answer *answer)
{
	const struct ip ip = answer_ip(answer);
	struct mac mac;

	memcpy(mac.bytes, answer->mac, sizeof(mac.bytes));
	if ((answer->kind != ANSWER_ARP && answer->kind != ANSWER_ND) || !usable(&mac))
		return;
	for (uint32_t i = 0; i < prober->hop_count; i++)
		if (ip_equal(&prober->hops[i].ip, &ip)) {
			prober->hops[i].mac = mac;
			prober->hops[i].known = true;
			asked_settle(prober->asked, i);
		}
}

int alive_begin(struct prober *prober)
{
	return asked_open(0, (uint64_t)prober->count * WAYS, prober->dry ? 0 : prober->options.retries, NULL,
			  NULL, &prober->asked);
}

static void settle_all_ways(struct prober *prober, uint32_t number)
{
	for (uint32_t way = 0; way < WAYS; way++)
		asked_settle(prober->asked, (uint64_t)way * prober->count + number);
}

/* It is there. mac: where its frames go; told: its own, or NULL. */
static void found(struct prober *prober, uint32_t number, const struct ip *ip, const struct mac *mac,
		  const struct mac *told, const struct probe_answer *answer)
{
	static const struct mac none;
	int64_t took_us = 0;

	if (prober->live_of[number] || !block_add(prober, number, ip, mac))
		return;
	prober->progress.hosts_up++;
	if (answer && prober->sent_us[number]) {
		took_us = (int32_t)((uint32_t)(answer->time_ns / 1000) - prober->sent_us[number]);
		took_us = took_us > 0 ? took_us : 1;
		patience_saw(&prober->patience, took_us);
	}
	if (prober->options.host && !prober->dry)
		prober->options.host(prober->options.context, ip, told ? told : &none,
				     answer ? (enum probe_answer_kind)answer->kind : 0, (uint32_t)took_us);
}

enum prober_offer alive_offer(struct prober *prober, uint64_t position, bool again, struct probe_frame *frame)
{
	const uint32_t number = (uint32_t)(position % prober->count),
		       way = (uint32_t)(position / prober->count);
	struct ip ip;
	struct mac mac;
	bool on_link;

	if (prober->live_of[number])
		return OFFER_SETTLED;
	ip = block_address(prober, number);
	if (!block_hop(prober, &ip, &on_link, &mac) || (on_link && way != WAY_FIRST))
		return OFFER_SETTLED;
	if (!on_link && prober->options.skip_alive) {
		prober->progress.hosts_asked++;
		found(prober, number, &ip, &mac, NULL, NULL);
		return OFFER_SETTLED;
	}
	if (prober->options.subnet_rate &&
	    !pace_slot_take(block_subnet(prober, &ip), prober->options.subnet_rate,
			    pace_slot_time(prober->now_us)))
		return OFFER_LATER;
	if (way == WAY_FIRST && !again)
		prober->progress.hosts_asked++;
	if (on_link) {
		ask_link(frame, &ip);
	} else {
		memcpy(frame->addr, ip.bytes, sizeof(frame->addr));
		memcpy(frame->mac, mac.bytes, sizeof(frame->mac));
		frame->version = ip.version;
		frame->kind = way == WAY_FIRST ? PROBE_ECHO : PROBE_SYN;
		frame->port_n = way == WAY_FIRST ? 0 : htons(way == WAY_HTTPS ? PORT_HTTPS : PORT_HTTP);
	}
	prober->sent_us[number] = again || way != WAY_FIRST ? 0 : (uint32_t)prober->now_us;
	/* Nobody answers a dry run: all are taken for alive. */
	if (prober->dry && (on_link || way == WAYS - 1))
		found(prober, number, &ip, &mac, NULL, NULL);
	return OFFER_SEND;
}

void alive_answer(struct prober *prober, const struct probe_answer *answer)
{
	const struct ip ip = answer_ip(answer);
	const uint32_t number = block_number(prober, &ip);
	struct mac hop, mac;
	bool on_link, neighbor = answer->kind == ANSWER_ARP || answer->kind == ANSWER_ND;

	if (number >= prober->count || !block_hop(prober, &ip, &on_link, &hop) || on_link != neighbor)
		return;
	memcpy(mac.bytes, answer->mac, sizeof(mac.bytes));
	if (answer->kind == ANSWER_UNREACHABLE &&
	    memcmp(answer->from, answer->addr, answer->version == 4 ? 4 : 16) != 0) {
		/* A router's word. That of a full table or a forbidden port is not about the host. */
		if (answer->type == (answer->version == 4 ? ICMP_UNREACHABLE : ICMP6_UNREACHABLE) &&
		    !answer->port_n)
			settle_all_ways(prober, number);
		return;
	}
	if (on_link && !usable(&mac))
		return;
	if (!prober->live_of[number])
		ease_answer(&prober->ease, asked_again(prober->asked, number));
	found(prober, number, &ip, on_link ? &mac : &hop, on_link ? &mac : NULL, answer);
	settle_all_ways(prober, number);
}

void alive_ask_nodes(struct prober *prober)
{
	static const uint8_t all_nodes[16] = {0xff, 2, [15] = 1};
	static const uint8_t all_nodes_mac[6] = {0x33, 0x33, 0, 0, 0, 1}; /* RFC 2464 section 7 */
	static const uint8_t none[16];
	struct probe_frame frame = {.version = 6, .kind = PROBE_ECHO};

	if (prober->nodes_asked || !prober->options.all_nodes ||
	    !memcmp(prober->options.source->addr6_link, none, sizeof(none)))
		return;
	prober->nodes_asked = true;
	prober->nodes_until_us = prober->now_us + (int64_t)prober->options.timeout_ms * 1000;
	memcpy(frame.addr, all_nodes, sizeof(all_nodes));
	memcpy(frame.mac, all_nodes_mac, sizeof(all_nodes_mac));
	if (prober->options.transmit->send(prober->options.transmit, &frame, 1) == 1) {
		prober->progress.sent++;
		pace_spend(&prober->pace, 1);
	}
}

void alive_node(struct prober *prober, const struct probe_answer *answer)
{
	const struct ip ip = answer_ip(answer);
	struct mac mac;

	memcpy(mac.bytes, answer->mac, sizeof(mac.bytes));
	if (!prober->nodes_asked || !usable(&mac) || prober->node_count == NODES_MAX)
		return;
	for (uint32_t i = 0; i < prober->node_count; i++)
		if (ip_equal(&prober->nodes[i], &ip))
			return;
	prober->nodes[prober->node_count++] = ip;
	prober->progress.hosts_asked++;
	prober->progress.hosts_up++;
	if (prober->options.host)
		prober->options.host(prober->options.context, &ip, &mac, ANSWER_ECHO, 0);
}
