/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decoders: one protocol a file, pure: bytes in, facts out, all or nothing.
 *
 * A decoder returns 0 with the facts it added (possibly none), or -EBADMSG for bytes that its protocol does
 * not allow; then the caller drops what it had added. Texts of facts are borrowed from the payload or live in
 * the list, so facts are used before either changes.
 */
#ifndef SENSOR_DECODE_DECODE_H
#define SENSOR_DECODE_DECODE_H

#include "defs/facts.h"
#include "sensor/text.h"
#include "sensor/wire.h"

enum {
	DECODE_FACTS_MAX = 512,	     /* facts from one frame; more are counted in `dropped` */
	DECODE_ARENA_BYTES = 131072, /* texts and lists that a decoder had to make; more are dropped likewise */
};

/* What is known of the packet around the payload. Ports in host order; 0 and zero addresses where there are none. */
struct decode_context {
	int64_t time_us;
	struct vlan_tags vlan;
	struct mac mac_src, mac_dst;
	struct ip ip_src, ip_dst;
	uint16_t port_src, port_dst;
	uint8_t hop_limit;
	bool cut; /* the capture holds only the start of the packet */
	/*
	 * UDP: how the datagram began that went the other way before, from the same port to the same port; of one that went to all, whoever answers. Its
	 * first 256 bytes at most. Nothing when none did: then this one is no answer.
	 */
	struct wire asked;
	/* enum tunnel (defs/packet.h), and a VXLAN or Geneve network's number: where they differ, it is another link. */
	uint8_t inside;
	uint32_t segment;
};

struct fact_list {
	size_t count, arena_used;
	size_t dropped; /* facts that found no room, and list items past FACT_LIST_MAX */
	bool full;	/* a text found no room: what is added from here on is dropped */
	struct fact spare;
	struct fact item[DECODE_FACTS_MAX];
	_Alignas(16) char arena[DECODE_ARENA_BYTES];
};

void fact_list_reset(struct fact_list *list);

/*
 * A new fact with the packet's VLAN and time, count 1. Never NULL: when the list is full a spare is given that goes
 * nowhere, and counted.
 */
struct fact *fact_add(struct fact_list *list, const struct decode_context *ctx, enum fact_kind kind,
		      enum fact_source source, enum fact_confidence confidence);

/*
 * Room in the list for what a fact points to, aligned for any type. To be asked for before the fact is added: when
 * there is none they return NULL or empty text, and the facts added afterwards are dropped and counted.
 */
void *fact_room(struct fact_list *list, size_t length);
/* A copy of the bytes as text. */
struct text fact_text(struct fact_list *list, const void *bytes, size_t length);

/* Text that is put together; what is longer than 256 bytes is cut. */
__attribute__((format(printf, 2, 3))) struct text fact_format(struct fact_list *list, const char *format, ...);

/* The bytes as lower-case hex with colons. */
struct text fact_hex(struct fact_list *list, const uint8_t *bytes, size_t length);

/* As they are when they are printable ASCII, otherwise as hex. */
struct text fact_readable(struct fact_list *list, struct text bytes);

/* The text without zero bytes at its end, and without blanks around it. */
struct text text_trim(struct text text);

typedef int decode_function(const struct decode_context *ctx, struct wire payload, struct fact_list *out);

decode_function decode_arp, decode_nd, decode_dhcp, decode_dhcpv6, decode_dns, decode_mdns, decode_llmnr,
	decode_lldp, decode_cdp, decode_stp, decode_nbns, decode_netbios, decode_ssdp, decode_wsd, decode_vrrp,
	decode_hsrp, decode_syn, decode_dns_tcp, decode_ntp, decode_snmp, decode_sip, decode_mndp,
	decode_ubiquiti, decode_kasa, decode_tapo, decode_tuya, decode_dropbox, decode_bacnet, decode_enip,
	decode_steam, decode_coap, decode_stun, decode_answer;
/* Between bridges and routers. */
decode_function decode_pvst, decode_fdp, decode_edp, decode_vtp, decode_dtp, decode_udld, decode_lacp,
	decode_eapol, decode_profinet, decode_glbp, decode_igmp, decode_mld, decode_pim, decode_ospf,
	decode_eigrp, decode_rip, decode_ripng, decode_icmp;

/* What a decoder is chosen by: the number of the layer below that carries its payload. */
enum decode_layer {
	DECODE_ETHERTYPE,
	DECODE_SAP,	/* IEEE 802.2 */
	DECODE_CISCO,	/* SNAP with Cisco's OUI */
	DECODE_FOUNDRY, /* with Foundry's */
	DECODE_EXTREME, /* with Extreme's */
	DECODE_IP,	/* protocol over IP */
	DECODE_ICMP,
	DECODE_ICMPV6,
	DECODE_UDP,
	DECODE_TCP_SYN, /* the header of a packet that opens a connection; the number is 0 */
	DECODE_TCP_MESSAGE,
};

struct decoder {
	const char *name;
	enum decode_layer layer;
	uint16_t low, high; /* ethertype, SAP, ICMPv6 type, or port of either end …: from … to */
	decode_function *decode;
};

/* The decoder for that number, or NULL. For ports: the lower one is tried first, 0 last. */
const struct decoder *decode_find(enum decode_layer layer, uint16_t number, uint16_t other);

/* The decoder of a datagram at nobody's port, by what it looks like, or NULL. */
const struct decoder *decode_guess(struct wire payload);
bool looks_like_sip(struct wire payload), looks_like_ssdp(struct wire payload),
	looks_like_stun(struct wire payload), looks_like_dns(struct wire payload);
/* The one for an answer (ctx->asked) that no other is for. */
const struct decoder *decode_find_answer(void);

/* Rows of the table, for tests and counters. */
size_t decode_count(void);
const struct decoder *decode_row(size_t index);

#endif
