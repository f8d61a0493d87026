// SPDX-License-Identifier: BSD-2-Clause
/*
 * The table of decoders, and the list that they add facts to. The list is bounded; what finds no room is
 * counted, and the caller says so.
 */
#include "sensor/decode/decode.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct decoder decoders[] = {
	{"arp", DECODE_ETHERTYPE, 0x0806, 0x0806, decode_arp},
	{"lldp", DECODE_ETHERTYPE, 0x88cc, 0x88cc, decode_lldp},
	{"lacp", DECODE_ETHERTYPE, 0x8809, 0x8809, decode_lacp},
	{"eapol", DECODE_ETHERTYPE, 0x888e, 0x888e, decode_eapol},
	{"profinet", DECODE_ETHERTYPE, 0x8892, 0x8892, decode_profinet},
	{"stp", DECODE_SAP, 0x42, 0x42, decode_stp},
	{"pvst", DECODE_CISCO, 0x010b, 0x010b, decode_pvst},
	{"udld", DECODE_CISCO, 0x0111, 0x0111, decode_udld},
	{"cdp", DECODE_CISCO, 0x2000, 0x2000, decode_cdp},
	{"vtp", DECODE_CISCO, 0x2003, 0x2003, decode_vtp},
	{"dtp", DECODE_CISCO, 0x2004, 0x2004, decode_dtp},
	{"fdp", DECODE_FOUNDRY, 0x2000, 0x2000, decode_fdp},
	{"edp", DECODE_EXTREME, 0x00bb, 0x00bb, decode_edp},
	{"igmp", DECODE_IP, 2, 2, decode_igmp},
	{"eigrp", DECODE_IP, 88, 88, decode_eigrp},
	{"ospf", DECODE_IP, 89, 89, decode_ospf},
	{"pim", DECODE_IP, 103, 103, decode_pim},
	{"vrrp", DECODE_IP, 112, 112, decode_vrrp},
	{"icmp", DECODE_ICMP, 5, 5, decode_icmp},
	{"icmp", DECODE_ICMP, 9, 9, decode_icmp},
	{"mld", DECODE_ICMPV6, 130, 132, decode_mld},
	{"mld", DECODE_ICMPV6, 143, 143, decode_mld},
	{"nd", DECODE_ICMPV6, 133, 137, decode_nd},
	{"dhcp", DECODE_UDP, 67, 68, decode_dhcp},
	{"ntp", DECODE_UDP, 123, 123, decode_ntp},
	{"snmp", DECODE_UDP, 161, 162, decode_snmp},
	{"sip", DECODE_UDP, 5060, 5060, decode_sip},
	{"dhcpv6", DECODE_UDP, 546, 547, decode_dhcpv6},
	{"nbns", DECODE_UDP, 137, 137, decode_nbns},
	{"netbios", DECODE_UDP, 138, 138, decode_netbios},
	{"ssdp", DECODE_UDP, 1900, 1900, decode_ssdp},
	{"hsrp", DECODE_UDP, 1985, 1985, decode_hsrp},
	{"hsrp", DECODE_UDP, 2029, 2029, decode_hsrp},
	{"rip", DECODE_UDP, 520, 520, decode_rip},
	{"ripng", DECODE_UDP, 521, 521, decode_ripng},
	{"glbp", DECODE_UDP, 3222, 3222, decode_glbp},
	{"wsd", DECODE_UDP, 3702, 3702, decode_wsd},
	{"dns", DECODE_UDP, 53, 53, decode_dns},
	{"coap", DECODE_UDP, 5683, 5683, decode_coap},
	{"mndp", DECODE_UDP, 5678, 5678, decode_mndp},
	{"tuya", DECODE_UDP, 6666, 6667, decode_tuya},
	{"kasa", DECODE_UDP, 9999, 9999, decode_kasa},
	{"ubiquiti", DECODE_UDP, 10001, 10001, decode_ubiquiti},
	{"dropbox", DECODE_UDP, 17500, 17500, decode_dropbox},
	{"tapo", DECODE_UDP, 20002, 20002, decode_tapo},
	{"mdns", DECODE_UDP, 5353, 5353, decode_mdns},
	{"llmnr", DECODE_UDP, 5355, 5355, decode_llmnr},
	{"steam", DECODE_UDP, 27036, 27036, decode_steam},
	{"enip", DECODE_UDP, 44818, 44818, decode_enip},
	{"bacnet", DECODE_UDP, 47808, 47823, decode_bacnet}, /* BAC0 … BACF */
	{"syn", DECODE_TCP_SYN, 0, 0, decode_syn},
	{"dns", DECODE_TCP_MESSAGE, 53, 53, decode_dns_tcp},
};

/* Datagrams at nobody's port, by what they look like. looks() may be given a few bytes, or none. */
static const struct {
	struct decoder decoder;
	bool (*looks)(struct wire payload);
} guesses[] = {
	{{"sip", DECODE_UDP, 0, 0, decode_sip}, looks_like_sip},
	{{"ssdp", DECODE_UDP, 0, 0, decode_ssdp}, looks_like_ssdp},
	{{"stun", DECODE_UDP, 0, 0, decode_stun}, looks_like_stun},
	{{"dns", DECODE_UDP, 0, 0, decode_dns}, looks_like_dns},
};

const struct decoder *decode_find_answer(void)
{
	static const struct decoder answer = {"answer", DECODE_UDP, 0, 0, decode_answer};

	return &answer;
}

const struct decoder *decode_guess(struct wire payload)
{
	for (size_t i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++)
		if (guesses[i].looks(payload))
			return &guesses[i].decoder;
	return NULL;
}

size_t decode_count(void)
{
	return sizeof(decoders) / sizeof(decoders[0]);
}

const struct decoder *decode_row(size_t index)
{
	return &decoders[index];
}

static const struct decoder *find(enum decode_layer layer, uint16_t number)
{
	for (size_t i = 0; i < decode_count(); i++)
		if (decoders[i].layer == layer && number >= decoders[i].low && number <= decoders[i].high)
			return &decoders[i];
	return NULL;
}

const struct decoder *decode_find(enum decode_layer layer, uint16_t number, uint16_t other)
{
	bool ports = layer == DECODE_UDP || layer == DECODE_TCP_MESSAGE;
	bool other_first =
		ports && other && other < number; /* the higher one may be a client's of the moment */
	const struct decoder *found = find(layer, other_first ? other : number);

	if (!found && ports)
		found = find(layer, other_first ? number : other);
	return found;
}

void fact_list_reset(struct fact_list *list)
{
	list->count = 0;
	list->arena_used = 0;
	list->dropped = 0;
	list->full = false;
}

struct fact *fact_add(struct fact_list *list, const struct decode_context *ctx, enum fact_kind kind,
		      enum fact_source source, enum fact_confidence confidence)
{
	struct fact *fact = &list->spare;

	if (list->count < DECODE_FACTS_MAX && !list->full)
		fact = &list->item[list->count++];
	else
		list->dropped++;
	memset(fact, 0, sizeof(*fact));
	fact->kind = kind;
	fact->source = source;
	fact->confidence = confidence;
	fact->vlan = ctx->vlan;
	fact->first_us = fact->last_us = ctx->time_us;
	fact->count = 1;
	return fact;
}

void *fact_room(struct fact_list *list, size_t length)
{
	size_t whole = (length + 15) & ~(size_t)15;
	void *room = list->arena + list->arena_used;

	if (whole < length || whole > DECODE_ARENA_BYTES - list->arena_used) {
		list->full = true;
		return NULL;
	}
	list->arena_used += whole;
	return room;
}

struct text fact_text(struct fact_list *list, const void *bytes, size_t length)
{
	char *room = fact_room(list, length);

	if (!room)
		return (struct text){"", 0};
	memcpy(room, bytes, length);
	return (struct text){room, length};
}

struct text fact_format(struct fact_list *list, const char *format, ...)
{
	char line[257];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (length < 0)
		length = 0;
	return fact_text(list, line, (size_t)length < sizeof(line) ? (size_t)length : sizeof(line) - 1);
}

struct text fact_hex(struct fact_list *list, const uint8_t *bytes, size_t length)
{
	static const char digit[] = "0123456789abcdef";
	char *room = length ? fact_room(list, length * 3) : NULL;

	if (!room)
		return (struct text){"", 0};
	for (size_t i = 0; i < length; i++) {
		room[3 * i] = digit[bytes[i] >> 4];
		room[3 * i + 1] = digit[bytes[i] & 15];
		room[3 * i + 2] = ':';
	}
	return (struct text){room, length * 3 - 1};
}

struct text fact_readable(struct fact_list *list, struct text bytes)
{
	for (size_t i = 0; i < bytes.length; i++)
		if (bytes.bytes[i] < ' ' || bytes.bytes[i] > '~')
			return fact_hex(list, (const uint8_t *)bytes.bytes, bytes.length);
	return bytes;
}

struct text text_trim(struct text text)
{
	while (text.length && (text.bytes[text.length - 1] == 0 || text.bytes[text.length - 1] == ' '))
		text.length--;
	while (text.length && text.bytes[0] == ' ') {
		text.bytes++;
		text.length--;
	}
	return text;
}
