/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What bridges and the machines at their ports say to each other, beside the frames of announce_frames.h: LLDP's additions, FDP, EDP, VTP, DTP, UDLD,
 * LACP, EAPOL and PROFINET DCP. tests/decode/bridges.c says what each shows.
 */
#ifndef TESTS_BRIDGE_FRAMES_H
#define TESTS_BRIDGE_FRAMES_H

#include "tests/announce_frames.h"

static const uint8_t mac_slow[6] = {1, 0x80, 0xc2, 0, 0, 2}, mac_port_access[6] = {1, 0x80, 0xc2, 0, 0, 3},
		     mac_extreme[6] = {0, 0xe0, 0x2b, 0, 0, 0}, mac_profinet[6] = {1, 0x0e, 0xcf, 0, 0, 0};

/* LLDP's head: chassis, port, time to live. */
static inline struct test_frame *lldp_begin(struct test_frames *all, const char *name)
{
	struct test_frame *f = next_frame(all, name);

	put_ether(f, mac_lldp, mac_switch, 0x88cc);
	put16(f, 1 << 9 | 7);
	put8(f, 4);
	put(f, mac_switch, 6);
	put_tlv(f, 2, 5, "\x05gi12");
	put_tlv(f, 3, 2, "\0x");
	return f;
}

static inline void add_lldp_phone(struct test_frames *all)
{
	struct test_frame *f = lldp_begin(all, "lldp phone");

	put_tlv(f, 127, 7, "\0\x12\xbb\x01\0\x33\x03");
	put_tlv(f, 127, 8, "\0\x12\xbb\x02\x01\x40\xc9\x6e"); /* voice, tagged: 100, 5, 46 */
	put_tlv(f, 127, 8, "\0\x12\xbb\x02\x05\0\0\x22");
	put_tlv(f, 127, 8, "\0\x12\xbb\x02\x01\x80\0\0"); /* asks */
	put_tlv(f, 127, 22,
		"\0\x12\xbb\x03\x02\x10\x02"
		"DE\x03\x06"
		"Berlin\x13\x03"
		"4 a");
	put_tlv(f, 127, 7, "\0\x12\xbb\x04\x53\0\x41"); /* takes 6.5 W */
	put_tlv(f, 127, 7, "\0\x12\xbb\x05rev");
	put_tlv(f, 127, 8,
		"\0\x12\xbb\x06"
		"fw-1");
	put_tlv(f, 127, 8, "\0\x12\xbb\x07sw-2");
	put_tlv(f, 127, 8,
		"\0\x12\xbb\x08"
		"SN-3");
	put_tlv(f, 127, 9,
		"\0\x12\xbb\x09"
		"Maker");
	put_tlv(f, 127, 9, "\0\x12\xbb\x0aPhone");
	put_tlv(f, 127, 9, "\0\x12\xbb\x0b\x01\0\0\x08\xff"); /* nobody's writing */
	put16(f, 0);
}

static inline void add_lldp_organisations(struct test_frames *all)
{
	static const struct {
		const char *name, *tlv;
		unsigned int length;
	} bad[] = {{"lldp place of no length", "\0\x12\xbb\x03\x02\x02\x41\0\0\0", 10},
		   {"lldp place past the end",
		    "\0\x12\xbb\x03\x02\x08\x02"
		    "DE\x03\x09"
		    "abc",
		    14},
		   {"lldp policy too short", "\0\x12\xbb\x02\x01\x40", 6},
		   {"lldp vlan name past the end",
		    "\0\x80\xc2\x03\0\x0a\x09"
		    "abc",
		    10},
		   {"lldp frame size too long", "\0\x12\x0f\x04\x05\xee\0", 7},
		   {"lldp organisation too short", "\0\x12\xbb", 3}};
	struct test_frame *f = lldp_begin(all, "lldp switch");

	put_tlv(f, 127, 6, "\0\x80\xc2\x01\0\x14");
	put_tlv(f, 127, 14, "\0\x80\xc2\x03\0\x0a\x07servers");
	put_tlv(f, 127, 9, "\0\x12\x0f\x01\x03\x6c\x11\0\x1e");
	put_tlv(f, 127, 7, "\0\x12\x0f\x02\x07\x01\x04");
	put_tlv(f, 127, 9, "\0\x12\x0f\x03\x01\0\0\0\0");
	put_tlv(f, 127, 6, "\0\x12\x0f\x04\x05\xee");
	put_tlv(f, 127, 8, "\0\0\x5e\x99????"); /* somebody else's */
	put16(f, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		f = lldp_begin(all, bad[i].name);
		put_tlv(f, 5, 4, "name");
		put_tlv(f, 127, bad[i].length, bad[i].tlv);
		put16(f, 0);
	}
}

static inline void add_trees(struct test_frames *all)
{
	struct test_frame *f = llc_begin(all, "pvst native", mac_cisco, "\xaa\xaa\x03\0\0\x0c\x01\x0b", 8);

	put_bpdu(f, 0, 0);
	f->bytes[26] = 1;		 /* topology change */
	put(f, "\0\0\0\0\x02\0\x05", 7); /* padding, then which VLAN */
	llc_end(f);
	f = llc_begin(all, "mstp region", mac_bridges, "\x42\x42\x03", 3);
	put_bpdu(f, 3, 2);
	put8(f, 0);
	put16(f, 64);
	put8(f, 0);
	put_text(f, "building-1");
	put_zeros(f, 22 + 2 + 16);
	put32(f, 0);
	put16(f, 0x8000);
	put(f, mac_printer, 6);
	put8(f, 20);
	put8(f, 0);
	llc_end(f);
}

static inline void add_fdp(struct test_frames *all)
{
	struct test_frame *f = llc_begin(all, "fdp", mac_cisco, "\xaa\xaa\x03\0\xe0\x52\x20\0", 8);

	put32(f, 0x01050000);
	put_cdp_tlv(f, 1, 4, "edge");
	put_cdp_tlv(f, 2, 13, "\0\0\0\x01\x01\x01\xcc\0\x04\x0a\0\0\x02");
	put_cdp_tlv(f, 3, 11, "ethernet1/1");
	put_cdp_tlv(f, 4, 6, "Switch");
	put_cdp_tlv(f, 5, 7, "Foundry");
	put_cdp_tlv(f, 6, 8, "FastIron");
	put_cdp_tlv(f, 0x102, 2, "\0\x01");
	llc_end(f);
	f = cdp_begin(all, "cdp phone");
	put_cdp_tlv(f, 1, 15, "SEP020000000005");
	put_cdp_tlv(f, 3, 6, "Port 1");
	put_cdp_tlv(f, 0x0b, 1, "\x01");
	put_cdp_tlv(f, 0x0e, 3, "\x01\0\x64");
	put_cdp_tlv(f, 0x17, 7, "\0room 5");
	llc_end(f);
}

static inline void put_edp_tlv(struct test_frame *f, unsigned int type, unsigned int length, const void *bytes)
{
	put8(f, 0x99);
	put8(f, type);
	put16(f, length + 4);
	put(f, bytes, length);
}

static inline void add_edp(struct test_frames *all)
{
	for (int wrong = 0; wrong < 2; wrong++) {
		struct test_frame *f = llc_begin(all, wrong ? "edp of a wrong sum" : "edp", mac_extreme,
						 "\xaa\xaa\x03\0\xe0\x2b\0\xbb", 8);
		size_t from = f->length;

		put32(f, 0x01000000);
		put32(f, 0x00000007);
		put16(f, 0);
		put(f, mac_switch, 6);
		put_edp_tlv(f, 1, 8, "summit1\0");
		put_edp_tlv(f, 2, 32,
			    "\0\0\0\x04\0\0\0\0\0\0\0\0\x07\x08\x03\x05\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
		put_edp_tlv(f, 5, 16, "\x80\0\0\x0a\0\0\0\0\x0a\0\0\x02lab");
		put_edp_tlv(f, 0, 0, "");
		set16(f, from + 2, f->length - from);
		put_sum(f, from + 4, from);
		if (wrong)
			f->bytes[from + 25]++;
		llc_end(f);
	}
}

static inline void add_vtp(struct test_frames *all)
{
	struct test_frame *f = llc_begin(all, "vtp summary", mac_cisco, "\xaa\xaa\x03\0\0\x0c\x20\x03", 8);

	put32(f, 0x01010003);
	put_text(f, "lab");
	put_zeros(f, 29);
	put32(f, 7);
	put(f, ip_router, 4);
	put_text(f, "930301020304");
	put_zeros(f, 16);
	llc_end(f);
	f = llc_begin(all, "vtp subset", mac_cisco, "\xaa\xaa\x03\0\0\x0c\x20\x03", 8);
	put32(f, 0x01020103);
	put_text(f, "lab");
	put_zeros(f, 29);
	put32(f, 7);
	put(f,
	    "\x14\0\x01\x07\0\x01\x05\xdc\0\x01\x86\xa1"
	    "default\0",
	    20);
	put(f,
	    "\x14\0\x01\x07\0\x0a\x05\xdc\0\x01\x86\xaa"
	    "servers\0",
	    20);
	put(f,
	    "\x14\0\x02\x07\x03\xea\x05\xdc\0\x01\x8a\x8a"
	    "fddi-df\0",
	    20); /* no Ethernet */
	llc_end(f);
	f = llc_begin(all, "vtp vlan of no length", mac_cisco, "\xaa\xaa\x03\0\0\x0c\x20\x03", 8);
	put32(f, 0x01020103);
	put_zeros(f, 36);
	put(f,
	    "\0\0\x01\x07\0\x01\x05\xdc\0\x01\x86\xa1"
	    "default\0",
	    20);
	llc_end(f);
	f = llc_begin(all, "dtp", mac_cisco, "\xaa\xaa\x03\0\0\x0c\x20\x04", 8);
	put8(f, 1);
	put_cdp_tlv(f, 1, 4, "lab\0");
	put_cdp_tlv(f, 2, 1, "\x83");
	put_cdp_tlv(f, 3, 1, "\xa5");
	put_cdp_tlv(f, 4, 6, mac_switch);
	llc_end(f);
	f = llc_begin(all, "dtp of no length", mac_cisco, "\xaa\xaa\x03\0\0\x0c\x20\x04", 8);
	put8(f, 1);
	put_cdp_tlv(f, 1, 4, "lab\0");
	put32(f, 0x00020003);
	llc_end(f);
}

static inline void add_udld(struct test_frames *all)
{
	for (int wrong = 0; wrong < 2; wrong++) {
		struct test_frame *f = llc_begin(all, wrong ? "udld of a wrong sum" : "udld", mac_cisco,
						 "\xaa\xaa\x03\0\0\x0c\x01\x11", 8);
		size_t from = f->length;

		put32(f, 0x21000000);
		put_cdp_tlv(f, 1, 5, "FOC01");
		put_cdp_tlv(f, 2, 5, "Gi0/1");
		put_cdp_tlv(f, 3, 18,
			    "\0\0\0\x01\0\x05"
			    "FOC02\0\x05"
			    "Fa0/2");
		put_cdp_tlv(f, 4, 1, "\x07");
		put_cdp_tlv(f, 5, 1, "\x05");
		put_cdp_tlv(f, 6, 3, "sw1");
		put_cdp_tlv(f, 7, 4, "\0\0\0\x03");
		put_sum(f, from + 2, from);
		if (wrong)
			f->bytes[f->length - 1]++;
		llc_end(f);
	}
}

static inline void put_lacp_end(struct test_frame *f, unsigned int type, const uint8_t *mac, unsigned int port)
{
	put8(f, type);
	put8(f, 20);
	put16(f, 32768);
	put(f, mac, 6);
	put16(f, 13);
	put16(f, 32768);
	put16(f, port);
	put32(f, 0x3d000000);
}

static inline void add_lacp(struct test_frames *all)
{
	static const uint8_t nobody[6];
	static const char *const names[] = {"lacp", "lacp alone", "lacp of a wrong length"};

	for (int i = 0; i < 3; i++) {
		struct test_frame *f = next_frame(all, names[i]);

		put_ether(f, mac_slow, mac_switch, 0x8809);
		put16(f, 0x0101);
		put_lacp_end(f, 1, mac_switch, 25);
		put_lacp_end(f, 2, i == 1 ? nobody : mac_router, i == 1 ? 0 : 3);
		put16(f, 0x0310);
		put_zeros(f, 14 + 2 + 50);
		if (i == 2)
			f->bytes[17] = 21;
	}
}

static inline struct test_frame *eapol_begin(struct test_frames *all, const char *name, const uint8_t *mac,
					     unsigned int type, unsigned int length)
{
	struct test_frame *f = next_frame(all, name);

	put_ether(f, mac_port_access, mac, 0x888e);
	put8(f, 2);
	put8(f, type);
	put16(f, length);
	return f;
}

static inline void add_eapol(struct test_frames *all)
{
	struct test_frame *f = eapol_begin(all, "eapol start", mac_laptop, 1, 0);

	put_zeros(f, 42);
	f = eapol_begin(all, "eapol asks", mac_switch, 0, 5);
	put(f, "\x01\x01\0\x05\x01", 5);
	put_zeros(f, 37);
	f = eapol_begin(all, "eapol identity", mac_laptop, 0, 20);
	put(f,
	    "\x02\x01\0\x14\x01"
	    "anna@lab.test\0\x01",
	    20);
	f = eapol_begin(all, "eapol user alone", mac_laptop, 0, 13);
	put(f, "\x02\x01\0\x0d\x01", 5);
	put_text(f, "LAB\\anna");
	f = eapol_begin(all, "eapol computer", mac_laptop, 0, 22);
	put(f, "\x02\x01\0\x16\x01", 5);
	put_text(f, "host/pc7.lab.test");
	f = eapol_begin(all, "eapol challenge", mac_laptop, 0, 22); /* the answer to it is a secret */
	put(f, "\x02\x02\0\x16\x04\x10", 6);
	put_text(f, "0123456789abcdef");
	f = eapol_begin(all, "eapol past the end", mac_laptop, 0, 9);
	put(f,
	    "\x02\x01\0\x0a\x01"
	    "anna",
	    9);
}

/* A block of an answer: two bytes of information, then what it is; padded. */
static inline void put_block(struct test_frame *f, unsigned int which, unsigned int info, unsigned int length,
			     const void *bytes)
{
	put16(f, which);
	put16(f, length + 2);
	put16(f, info);
	put(f, bytes, length);
	if (length & 1)
		put8(f, 0);
}

static inline void add_profinet(struct test_frames *all)
{
	struct test_frame *f = next_frame(all, "profinet identified");
	size_t from;

	put_ether(f, mac_laptop, mac_printer, 0x8892);
	put32(f, 0xfeff0501);
	put32(f, 1);
	put32(f, 0);
	from = f->length;
	put_block(f, 0x0201, 0, 7, "S7-1200");
	put_block(f, 0x0202, 0, 5, "plc-1");
	put_block(f, 0x0203, 0, 4, "\0\x2a\x01\x0d");
	put_block(f, 0x0204, 0, 2, "\x02\0");
	put_block(f, 0x0102, 1, 12, "\x0a\0\0\x09\xff\xff\xff\0\x0a\0\0\x01");
	set16(f, from - 2, f->length - from);
	f = next_frame(all, "profinet is asked");
	put_ether(f, mac_profinet, mac_laptop, 0x8892);
	put32(f, 0xfefe0500);
	put32(f, 1);
	put32(f, 0x00010004);
	put32(f, 0xffff0000);
	put_zeros(f, 30);
	f = next_frame(all, "profinet is told"); /* its name: who is told may refuse */
	put_ether(f, mac_printer, mac_laptop, 0x8892);
	put32(f, 0xfefd0400);
	put32(f, 1);
	put32(f, 0x0000000c);
	put_block(f, 0x0202, 0, 5, "plc-9");
	put_zeros(f, 22);
	f = next_frame(all, "profinet of a conflict");
	put_ether(f, mac_laptop, mac_printer, 0x8892);
	put32(f, 0xfeff0501);
	put32(f, 1);
	put32(f, 0x00000012);
	put_block(f, 0x0102, 0x81, 12, "\x0a\0\0\x09\xff\xff\xff\0\x0a\0\0\x01");
	put_zeros(f, 16);
	f = next_frame(all, "profinet past the end");
	put_ether(f, mac_laptop, mac_printer, 0x8892);
	put32(f, 0xfeff0501);
	put32(f, 1);
	put32(f, 0x00000008);
	put16(f, 0x0202);
	put16(f, 7);
	put_text(f, "abcdefgh");
}

static inline void bridge_frames_make(struct test_frames *all)
{
	all->count = 0;
	add_lldp_phone(all);
	add_lldp_organisations(all);
	add_trees(all);
	add_fdp(all);
	add_edp(all);
	add_vtp(all);
	add_udld(all);
	add_lacp(all);
	add_eapol(all);
	add_profinet(all);
}

#endif
