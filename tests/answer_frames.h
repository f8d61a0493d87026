/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions and answers by UDP in protocols of which the answer alone says nothing. For device_frames.h. */
#ifndef TESTS_ANSWER_FRAMES_H
#define TESTS_ANSWER_FRAMES_H

#include "tests/frames.h"

#define COOKIE "\x21\x12\xa4\x42"

static inline void put_stun_question(struct test_frame *f)
{
	put(f, "\0\1\0\0" COOKIE "abcdefghijkl", 20);
}

/* Of a call: who is called stands in it. */
static inline void put_stun_call(struct test_frame *f)
{
	put(f, "\0\1\0\x08" COOKIE "abcdefghijkl\0\6\0\4a:b1", 28);
}

static inline void put_stun(struct test_frame *f)
{
	put(f, "\1\1\0\x1c" COOKIE "abcdefghijkl\0\x20\0\x08\0\1\1\2\3\4\5\6", 32);
	put(f, "\x80\x22\0\012Coturn-4.6\0\0", 16);
}

static inline void put_stun_short(struct test_frame *f)
{
	put_stun(f);
	f->bytes[f->length - 13]++;
	f->bytes[f->length - 13] += 4;
}

static inline void put_coap_question(struct test_frame *f)
{
	put(f, "\x41\1\0\7t\xbb.well-known\4core", 22);
}

static inline void put_coap(struct test_frame *f)
{
	put(f, "\x61\x45\0\7t\xc1\x28\xff</temp>;if=\"s\"", 22);
}

static inline void put_coap_empty(struct test_frame *f)
{
	put(f, "\x61\x45\0\7t\xc1\x28\xff", 8);
}

static inline void put_radius(struct test_frame *f, unsigned int code)
{
	put8(f, code);
	put8(f, 9);
	put16(f, 20);
	put_zeros(f, 16);
}

static inline void put_radius_question(struct test_frame *f)
{
	put_radius(f, 1);
}

static inline void put_radius_answer(struct test_frame *f)
{
	put_radius(f, 2);
}

static inline void put_wireguard_question(struct test_frame *f)
{
	put32(f, 0x01000000);
	put32(f, 0xa1b2c3d4);
	put_zeros(f, 140);
}

static inline void put_wireguard_answer(struct test_frame *f)
{
	put32(f, 0x02000000);
	put32(f, 0x01020304);
	put32(f, 0xa1b2c3d4);
	put_zeros(f, 80);
}

static inline void put_ike(struct test_frame *f, const char *responder, unsigned int flags)
{
	put_text(f, "initiatr");
	put(f, responder, 8);
	put32(f, 0x21202200 | flags);
	put32(f, 0);
	put32(f, 28);
}

static inline void put_ike_question(struct test_frame *f)
{
	put_ike(f, "\0\0\0\0\0\0\0\0", 0x08);
}

static inline void put_ike_answer(struct test_frame *f)
{
	put_ike(f, "respondr", 0x20);
}

static inline void put_rpc_question(struct test_frame *f)
{
	put_text(f, "xid1");
	put32(f, 0);
	put32(f, 2);
	put32(f, 100000);
	put_zeros(f, 24);
}

static inline void put_rpc_answer(struct test_frame *f)
{
	put_text(f, "xid1");
	put32(f, 1);
	put_zeros(f, 20);
}

static inline void put_kerberos_question(struct test_frame *f)
{
	put(f, "\x6a\x08\x30\6\xa1\4\2\2\5\5", 10);
}

static inline void put_kerberos_answer(struct test_frame *f)
{
	put(f, "\x7e\x08\x30\6\xa0\4\2\2\5\5", 10);
}

static inline void put_cldap_question(struct test_frame *f)
{
	put(f, "\x30\x05\2\1\7\x63\0", 7);
}

static inline void put_cldap_answer(struct test_frame *f)
{
	put(f, "\x30\x84\0\0\0\5\2\1\7\x65\0", 11);
}

static inline void put_natpmp_question(struct test_frame *f)
{
	put16(f, 0);
}

static inline void put_natpmp_answer(struct test_frame *f)
{
	put32(f, 0x00800000);
	put32(f, 7);
	put32(f, 0x01020304);
}

static inline void put_mssql_question(struct test_frame *f)
{
	put8(f, 2);
}

static inline void put_mssql_answer(struct test_frame *f)
{
	put(f, "\5\4\0A;B;", 7);
}

static inline void put_openvpn_question(struct test_frame *f)
{
	put(f, "\x38sessionA\0\0\0\0\0", 14);
}

static inline void put_openvpn_answer(struct test_frame *f)
{
	put(f, "\x40sessionB\1\0\0\0\0sessionA\0\0\0\0", 26);
}

static inline void add_answers(struct test_frames *all)
{
	static const uint8_t *const there[2] = {mac_laptop, mac_printer}, *const back[2] = {mac_printer,
											    mac_laptop};
	static const uint8_t *const asks[2] = {ip_laptop, ip_printer}, *const answers[2] = {ip_printer,
											    ip_laptop};
	static const struct {
		const char *question, *answer;
		unsigned int port;
		void (*put_question)(struct test_frame *);
		void (*put_answer)(struct test_frame *);
	} pairs[] = {
		{"stun question", "stun", 19302, put_stun_question, put_stun},
		{"stun call", "stun too short", 19302, put_stun_call, put_stun_short},
		{"coap question", "coap", 5683, put_coap_question, put_coap},
		{"coap question 2", "coap without what it promises", 5683, put_coap_question, put_coap_empty},
		{"radius question", "radius", 1812, put_radius_question, put_radius_answer},
		{"wireguard question", "wireguard", 41194, put_wireguard_question, put_wireguard_answer},
		{"ike question", "ike", 500, put_ike_question, put_ike_answer},
		{"rpc question", "rpc", 111, put_rpc_question, put_rpc_answer},
		{"kerberos question", "kerberos", 88, put_kerberos_question, put_kerberos_answer},
		{"ldap question", "ldap", 389, put_cldap_question, put_cldap_answer},
		{"nat-pmp question", "nat-pmp", 5351, put_natpmp_question, put_natpmp_answer},
		{"mssql question", "mssql", 1434, put_mssql_question, put_mssql_answer},
		{"openvpn question", "openvpn", 1194, put_openvpn_question, put_openvpn_answer},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		add_udp(all, pairs[i].question, there, asks, 50000, pairs[i].port, pairs[i].put_question);
		add_udp(all, pairs[i].answer, back, answers, pairs[i].port, 50000, pairs[i].put_answer);
	}
}

#endif
