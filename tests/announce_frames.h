/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames by which devices tell of themselves, beside those of frames.h, whose hosts they are. tests/decode/announce.c says what each shows. */
#ifndef TESTS_ANNOUNCE_FRAMES_H
#define TESTS_ANNOUNCE_FRAMES_H

#include "tests/netbios_frames.h"

static const uint8_t mac_bridges[6] = {1, 0x80, 0xc2, 0, 0, 0}, mac_cisco[6] = {1, 0, 0x0c, 0xcc, 0xcc, 0xcc};

/* An 802.3 frame: its length is filled in by llc_end(), and padding follows as on the wire. */
static inline struct test_frame *llc_begin(struct test_frames *all, const char *name, const uint8_t *dst,
					   const char *header, size_t length)
{
	struct test_frame *f = next_frame(all, name);

	put_ether(f, dst, mac_switch, 0);
	put(f, header, length);
	return f;
}

static inline void llc_end(struct test_frame *f)
{
	set16(f, 12, f->length - 14);
	put_zeros(f, f->length < 60 ? 60 - f->length : 4);
}

static inline void put_bpdu(struct test_frame *f, unsigned int version, unsigned int type)
{
	put16(f, 0);
	put8(f, version);
	put8(f, type);
	put8(f, 0x3c);
	put16(f, 0x1001); /* the root: priority 4096, system id 1 */
	put(f, mac_router, 6);
	put32(f, 20000);
	put16(f, 0x8001);
	put(f, mac_switch, 6);
	put16(f, 0x8002);
	put32(f, 0x01001400);
	put32(f, 0x02000f00);
}

static inline void add_bpdus(struct test_frames *all)
{
	struct test_frame *f = llc_begin(all, "stp configuration", mac_bridges, "\x42\x42\x03", 3);

	put_bpdu(f, 0, 0);
	llc_end(f);
	f = llc_begin(all, "stp per vlan", mac_cisco, "\xaa\xaa\x03\0\0\x0c\x01\x0b", 8);
	put_bpdu(f, 2, 2);
	put8(f, 0);
	put(f, "\0\0\0\x02\0\x01", 6); /* which VLAN */
	llc_end(f);
	f = llc_begin(all, "stp multiple", mac_bridges, "\x42\x42\x03", 3);
	put_bpdu(f, 3, 2);
	put8(f, 0);
	put16(f, 64);
	put_zeros(f, 51);
	put32(f, 0);
	put16(f, 0x8000);
	put(f, mac_printer, 6);
	put8(f, 20);
	put8(f, 0);
	llc_end(f);
	f = llc_begin(all, "stp topology change", mac_bridges, "\x42\x42\x03", 3);
	put32(f, 0x00000080);
	llc_end(f);
	f = llc_begin(all, "stp of another protocol", mac_bridges, "\x42\x42\x03", 3);
	put_bpdu(f, 0, 0);
	f->bytes[17] = 1;
	llc_end(f);
}

static inline void put_cdp_tlv(struct test_frame *f, unsigned int type, unsigned int length, const void *bytes)
{
	put16(f, type);
	put16(f, length + 4);
	put(f, bytes, length);
}

static inline struct test_frame *cdp_begin(struct test_frames *all, const char *name)
{
	struct test_frame *f = llc_begin(all, name, mac_cisco, "\xaa\xaa\x03\0\0\x0c\x20\0", 8);

	put32(f, 0x02b40000);
	return f;
}

static inline void add_cdp(struct test_frames *all)
{
	struct test_frame *f = cdp_begin(all, "cdp");

	put_cdp_tlv(f, 1, 14, "core(FOX123AB)");
	put_cdp_tlv(f, 2, 13, "\0\0\0\x01\x01\x01\xcc\0\x04\x0a\0\0\x02");
	put_cdp_tlv(f, 3, 5, "Gi0/1");
	put_cdp_tlv(f, 4, 4, "\0\0\0\x29");
	put_cdp_tlv(f, 5, 9, "IOS 15.2\n");
	put_cdp_tlv(f, 6, 17, "cisco WS-C2960-24");
	put_cdp_tlv(f, 9, 3, "lab");
	put_cdp_tlv(f, 10, 2, "\0\x14");
	put_cdp_tlv(f, 0x16, 13, "\0\0\0\x01\x01\x01\xcc\0\x04\x0a\0\0\x02");
	llc_end(f);
	f = cdp_begin(all, "cdp without a device");
	put_cdp_tlv(f, 3, 5, "Gi0/1");
	llc_end(f);
	f = cdp_begin(all, "cdp of no length");
	put_cdp_tlv(f, 1, 4, "core");
	put32(f, 0x00030002);
	llc_end(f);
}

static inline void put_ssdp_notify(struct test_frame *f)
{
	put_text(f, "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNTS: ssdp:alive\r\nLocation: "
		    "http://10.0.0.9:8060/dial.xml\r\n"
		    "USN: uuid:1::upnp:rootdevice\r\nSERVER: Roku/9.4 UPnP/1.0 Roku/9.4\r\n\r\n");
}

static inline void put_ssdp_goodbye(struct test_frame *f)
{
	put_text(f, "NOTIFY * HTTP/1.1\r\nNTS: ssdp:byebye\r\nUSN: uuid:1::upnp:rootdevice\r\nSERVER: "
		    "Roku/9.4\r\n\r\n");
}

/* The address is another's: what it says of the port is not for it to say. */
static inline void put_ssdp_answer(struct test_frame *f)
{
	put_text(f, "HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nLOCATION: http://10.0.0.7:80/d.xml\r\nUSN: "
		    "uuid:2\r\n\r\n");
}

static inline void put_ssdp_search(struct test_frame *f)
{
	put_text(f, "M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\nUSER-AGENT: Google Chrome/120 "
		    "Windows\r\n\r\n");
}

static inline void put_wsd_hello(struct test_frame *f)
{
	put_text(f, "<?xml "
		    "version=\"1.0\"?><s:Envelope><s:Header><a:Action>http://schemas.xmlsoap.org/ws/2005/04/"
		    "discovery/Hello"
		    "</a:Action></s:Header><s:Body><d:Hello><d:Types>wsdp:Device pub:Computer</d:Types>"
		    "<d:XAddrs>http://10.0.0.9:5357/a</d:XAddrs></d:Hello></s:Body></s:Envelope>");
}

static inline void put_hsrp(struct test_frame *f)
{
	put32(f, 0x00001003);
	put32(f, 0x0a780700);
	put_text(f, "cisco");
	put_zeros(f, 3);
	put(f, ip_router, 4);
}

static inline void put_hsrp_2(struct test_frame *f)
{
	put8(f, 1);
	put8(f, 40);
	put32(f, 0x02000604);
	put16(f, 0x0102);
	put_zeros(f, 6);
	put32(f, 110);
	put_zeros(f, 8);
	put(f, ip_router, 4);
	put_zeros(f, 12);
}

static inline void add_vrrp(struct test_frames *all)
{
	static const uint8_t ip_vrrp[4] = {224, 0, 0, 18}, mac_vrrp[6] = {0, 0, 0x5e, 0, 1, 7};
	struct test_frame *f = next_frame(all, "vrrp");

	for (int carp = 0; carp < 2; carp++) {
		put_ether(f, mac_mdns, mac_vrrp, 0x0800);
		size_t at = put_ipv4(f, ip_router, ip_vrrp, 112);

		f->bytes[at + 8] = 255;
		if (carp) {
			put32(f, 0x21076407);
			put32(f, 0x00010000);
			put_zeros(f, 28);
			put_sum(f, at + 26, at + 20);
		} else {
			put32(f, 0x31076401);
			put32(f, 0x00640000);
			put(f, ip_web, 4);
		}
		frame_end(f, at, 0);
		if (!carp)
			f = next_frame(all, "carp");
	}
}

static inline void add_dhcpv6(struct test_frames *all)
{
	static const uint8_t duid[10] = {0, 3, 0, 1, 2, 0, 0, 0, 0, 5};
	struct test_frame *f = next_frame(all, "dhcpv6 solicit");

	put_ether(f, mac_nodes, mac_laptop, 0x86dd);
	size_t at = put_ipv6(f, ip6_laptop, ip6_nodes, 17, 64), udp = put_udp(f, 546, 547);
	put32(f, 0x01aabbcc);
	put32(f, 0x0001000a);
	put(f, duid, sizeof(duid));
	put32(f, 0x00060004);
	put32(f, 0x00170018);
	put32(f, 0x00270008);
	put(f, "\0\x06laptop", 8);
	put32(f, 0x0010000e);
	put(f, "\0\0\x01\x37\0\x08MSFT 5.0", 14);
	frame_end(f, at, udp);

	f = next_frame(all, "dhcpv6 reply");
	put_ether(f, mac_laptop, mac_router, 0x86dd);
	at = put_ipv6(f, ip6_router, ip6_laptop, 17, 64), udp = put_udp(f, 547, 546);
	put32(f, 0x07aabbcc);
	put32(f, 0x00030028);
	put_zeros(f, 12);
	put32(f, 0x00050018);
	put(f, ip6_laptop_global, 16);
	put32(f, 3600);
	put32(f, 7200);
	frame_end(f, at, udp);
}

static inline void put_dns_version(struct test_frame *f)
{
	put_dns_head(f, 0x8580, 1, 1, 0);
	put_name(f, "version.bind");
	put32(f, 0x00100003);
	put_record(f, 12, 16, 3, 0, 15);
	put8(f, 14);
	put_text(f, "unbound 1.17.1");
}

/* A SYN with options: their length is a multiple of four. */
static inline void add_syn(struct test_frames *all, const char *name, unsigned int window, const char *options,
			   size_t length)
{
	struct test_frame *f = next_frame(all, name);
	size_t at, tcp;

	put_ether(f, mac_router, mac_laptop, 0x0800);
	at = put_ipv4(f, ip_laptop, ip_web, 6);
	tcp = f->length;
	put_tcp(f, 50000, 443, 1, 0, TEST_SYN);
	f->bytes[tcp + 12] = (uint8_t)((20 + length) / 4 << 4);
	set16(f, tcp + 14, window);
	put(f, options, length);
	frame_end(f, at, 0);
}

static inline void add_syns(struct test_frames *all)
{
	add_syn(all, "syn linux", 64240, "\x02\x04\x05\xb4\x04\x02\x08\x0a\0\0\0\x01\0\0\0\0\x01\x03\x03\x07",
		20);
	add_syn(all, "syn apple", 65535,
		"\x02\x04\x05\xb4\x01\x03\x03\x06\x01\x01\x08\x0a\0\0\0\x01\0\0\0\0\x04\x02\0\0", 24);
	add_syn(all, "syn bare", 1024, "", 0);
	add_syn(all, "syn of options without end", 1024, "\x02\x04\x05\xb4\x1e\x09\0\0", 8);
}

static inline void put_dns_version_question(struct test_frame *f)
{
	put_dns_head(f, 0x0100, 1, 0, 0);
	put_name(f, "version.bind");
	put32(f, 0x00100003);
}

/* The question's time is what the answer repeats as its origin. */
static inline void put_ntp(struct test_frame *f, unsigned int mode, unsigned int stratum)
{
	put8(f, 0x20 | mode);
	put8(f, stratum);
	put_zeros(f, 10);
	put_text(f, mode == 4 ? "\xc0\x02\x01\x01" : "\x41\x42\x43\x44");
	put_zeros(f, 8);
	put_text(f, mode == 4 ? "12345678" : "        ");
	put_zeros(f, 8);
	put_text(f, mode == 4 ? "        " : "12345678");
}

static inline void put_ntp_answer(struct test_frame *f)
{
	put_ntp(f, 4, 2);
}

static inline void put_ntp_question(struct test_frame *f)
{
	put_ntp(f, 3, 0);
}

static inline void put_snmp_question(struct test_frame *f)
{
	put(f, "\x30\x26\x02\x01\x01\x04\x06secret\xa0\x19\x02\x01\x07\x02\x01\0\x02\x01\0\x30\x0e", 26);
	put(f, "\x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x05\0\x05\0", 14);
}

/* Of the address in it, with its name. */
static inline void put_snmp_trap_of(struct test_frame *f, const uint8_t *ip)
{
	put(f, "\x30\x3b\x02\x01\0\x04\x06public\xa4\x2e\x06\x08\x2b\x06\x01\x04\x01\x09\x01\x01\x40\x04", 27);
	put(f, ip, 4);
	put(f, "\x02\x01\x03\x02\x01\0\x43\x02\x01\x02\x30\x12", 12);
	put(f, "\x30\x10\x06\x08\x2b\x06\x01\x02\x01\x01\x05\0\x04\x04sw-1", 18);
}

static inline void put_snmp_trap(struct test_frame *f)
{
	put_snmp_trap_of(f, ip_printer);
}

static inline void put_snmp_trap_of_another(struct test_frame *f)
{
	put_snmp_trap_of(f, ip_laptop);
}

/* Version 3's report of who it is. */
static inline void put_snmp_3(struct test_frame *f)
{
	put(f, "\x30\x3e\x02\x01\x03\x30\x0f\x02\x02\x30\x39\x02\x03\0\xff\xe3\x04\x01\0\x02\x01\x03", 22);
	put(f, "\x04\x15\x30\x13\x04\x05\x80\0\x1f\x88\x01\x02\x01\x01\x02\x01\x01\x04\0\x04\0\x04\0", 23);
	put(f, "\x30\x11\x04\0\x04\0\xa8\x0b\x02\x01\0\x02\x01\0\x02\x01\0\x30\0", 19);
}

static inline void put_snmp(struct test_frame *f)
{
	put(f, "\x30\x40\x02\x01\x01\x04\x06secret\xa2\x33\x02\x01\x07\x02\x01\0\x02\x01\0\x30\x28", 26);
	put(f, "\x30\x10\x06\x08\x2b\x06\x01\x02\x01\x01\x05\0\x04\x04sw-1", 18);
	put(f, "\x30\x14\x06\x08\x2b\x06\x01\x02\x01\x01\x02\0\x06\x08\x2b\x06\x01\x04\x01\x09\x01\x01", 22);
}

static inline void put_sip(struct test_frame *f)
{
	put_text(f, "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.5\r\nCSeq: 7 REGISTER\r\nServer: Exchange "
		    "18\r\nContent-Length: "
		    "0\r\n\r\n");
}

/* Through a proxy: its first sender's words, not the packet's. */
static inline void put_sip_passed_on(struct test_frame *f)
{
	put_text(f, "INVITE sip:10.0.0.9 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.5\r\nVia: SIP/2.0/UDP 10.0.0.77\r\n"
		    "User-Agent: Phone\r\n\r\n");
}

static inline void put_sip_invited(struct test_frame *f)
{
	put_text(f, "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.5\r\nCSeq: 1 INVITE\r\nContact: "
		    "<sip:9@10.0.0.77>\r\nServer: Phone\r\n\r\n");
}

static inline void put_sip_register(struct test_frame *f)
{
	put_text(f, "REGISTER sip:10.0.0.9 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.5\r\nUser-Agent: Yealink "
		    "SIP-T46S 66.84\r\nContent-Length: "
		    "0\r\n\r\n");
}

static inline void announce_frames_make(struct test_frames *all)
{
	static const uint8_t *const from_laptop[2] = {mac_laptop, mac_all},
				    *const from_printer[2] = {mac_printer, mac_mdns},
				    *const from_router[2] = {mac_router, mac_mdns};
	static const uint8_t *const laptop_to_all[2] = {ip_laptop, ip_all},
				    *const printer_to_group[2] = {ip_printer, ip_mdns},
				    *const router_to_group[2] = {ip_router, ip_mdns},
				    *const printer_to_laptop[2] = {ip_printer, ip_laptop},
				    *const laptop_to_printer[2] = {ip_laptop, ip_printer};

	all->count = 0;
	add_bpdus(all);
	add_cdp(all);
	add_udp(all, "nbns registration", from_laptop, laptop_to_all, 137, 137, put_nbns_name);
	add_udp(all, "nbns group", from_laptop, laptop_to_all, 137, 137, put_nbns_group);
	add_udp(all, "nbns election", from_laptop, laptop_to_all, 137, 137, put_nbns_election);
	add_udp(all, "netbios datagram", from_laptop, laptop_to_all, 138, 138, put_netbios_datagram);
	add_udp(all, "ssdp notify", from_printer, printer_to_group, 1900, 1900, put_ssdp_notify);
	add_udp(all, "ssdp goodbye", from_printer, printer_to_group, 1900, 1900, put_ssdp_goodbye);
	add_udp(all, "ssdp answer", from_printer, printer_to_group, 1900, 50000, put_ssdp_answer);
	add_udp(all, "ssdp search", from_laptop, laptop_to_all, 50000, 1900, put_ssdp_search);
	add_udp(all, "ssdp of nonsense", from_laptop, laptop_to_all, 50000, 1900, put_hello);
	add_udp(all, "wsd hello", from_printer, printer_to_group, 3702, 3702, put_wsd_hello);
	add_udp(all, "hsrp", from_router, router_to_group, 1985, 1985, put_hsrp);
	add_udp(all, "hsrp 2", from_router, router_to_group, 1985, 1985, put_hsrp_2);
	add_udp(all, "hsrp from afar", from_laptop, laptop_to_printer, 1985, 1985, put_hsrp);
	add_vrrp(all);
	add_dhcpv6(all);
	add_syns(all);
	add_udp(all, "dns version", from_printer, printer_to_laptop, 53, 50000, put_dns_version);
	add_udp(all, "ntp answer", from_printer, printer_to_laptop, 123, 50000, put_ntp_answer);
	add_udp(all, "ntp question", from_laptop, laptop_to_printer, 123, 123, put_ntp_question);
	add_udp(all, "snmp answer", from_printer, printer_to_laptop, 161, 50000, put_snmp);
	add_udp(all, "sip answer", from_printer, printer_to_laptop, 5060, 5060, put_sip);
	add_udp(all, "sip register", from_laptop, laptop_to_printer, 5062, 5060, put_sip_register);
	add_udp(all, "dns version question", from_laptop, laptop_to_printer, 50000, 53,
		put_dns_version_question);
	add_udp(all, "snmp question", from_laptop, laptop_to_printer, 50000, 161, put_snmp_question);
	add_udp(all, "snmp trap", from_printer, printer_to_laptop, 50000, 162, put_snmp_trap);
	add_udp(all, "snmp trap of another", from_printer, printer_to_laptop, 50000, 162,
		put_snmp_trap_of_another);
	add_udp(all, "snmp 3", from_printer, printer_to_laptop, 161, 50000, put_snmp_3);
	add_udp(all, "sip passed on", from_laptop, laptop_to_printer, 5062, 5060, put_sip_passed_on);
	add_udp(all, "sip invited", from_printer, printer_to_laptop, 5060, 5060, put_sip_invited);
	add_udp(all, "sip elsewhere", from_printer, printer_to_laptop, 15060, 5062, put_sip);
	add_udp(all, "nbns status", from_laptop, laptop_to_printer, 137, 137, put_nbns_status);
	add_udp(all, "nbns status of no length", from_laptop, laptop_to_printer, 137, 137,
		put_nbns_status_short);
	add_udp(all, "netbios announcement", from_laptop, laptop_to_all, 138, 138, put_netbios_announcement);
	add_udp(all, "netbios domain", from_laptop, laptop_to_all, 138, 138, put_netbios_domain);
	add_udp(all, "mdns reflected", from_router, router_to_group, 5353, 5353, put_mdns_hello);
	add_udp(all, "sip of nonsense", from_laptop, laptop_to_printer, 5062, 5060, put_hello);
}

#endif
