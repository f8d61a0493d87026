// SPDX-License-Identifier: BSD-2-Clause
/* Who claims an address beside another, and who only seems to: stories of ARP. */
#include "tests/decode/conflicts.h"

static struct story s;

/* A asks for the router; it answers. */
static void usual(double after)
{
	asks(&s, after, A, ip_a, ip_r);
	answers(&s, 0.001, R, ip_r, ip_a);
}

static void two_of_one_address(void)
{
	for (int i = 0; i < 3; i++) {
		asks(&s, 10, A, ip_a, ip_r);
		asks(&s, 10, B, ip_a, ip_r);
	}
	story_says(&s, "address 10.0.0.5: A B", "two devices with one address, both asking for the router");

	asks(&s, 1, R, ip_r, ip_a);
	answers(&s, 0.001, A, ip_a, ip_r);
	answers(&s, 0.001, B, ip_a, ip_r);
	story_says(&s, "address 10.0.0.5: A B", "both answer one question");

	for (int i = 0; i < 2; i++) {
		announces(&s, 2, A, ip_a);
		announces(&s, 2, B, ip_a);
	}
	story_says(&s, "address 10.0.0.5: A B", "both tell everybody, again and again");

	asks(&s, 1, A, ip_a, ip_r);
	announces(&s, 60, B, ip_a);
	announces(&s, 0.1, A, ip_a);
	story_says(&s, "address 10.0.0.5: A B", "one takes it, and who has it defends it");

	asks(&s, 1, A, ip_a, ip_r);
	probes(&s, 100, B, ip_a);
	announces(&s, 4, B, ip_a);
	asks(&s, 20, B, ip_a, ip_r);
	asks(&s, 20, A, ip_a, ip_r);
	story_says(&s, "address 10.0.0.5: A B", "one takes it by the rules, and who had it goes on");

	for (int i = 0; i < 3; i++) {
		asks(&s, 10, D, ip_a, ip_r);
		asks(&s, 10, E, ip_a, ip_r);
	}
	story_says(&s, "address 10.0.0.5: D E", "two that were made one after the other, both speaking as it");

	asks(&s, 10, A, ip_a, ip_r);
	asks(&s, 10, B, ip_a, ip_r);
	asks(&s, 10, M, ip_a, ip_r);
	for (int i = 0; i < 2; i++) {
		asks(&s, 10, A, ip_a, ip_r);
		asks(&s, 10, B, ip_a, ip_r);
		asks(&s, 10, M, ip_a, ip_r);
	}
	story_says(&s, "address 10.0.0.5: A B; address 10.0.0.5: A B M", "three of them");

	s.vlan = 7;
	asks(&s, 1, R, ip_r, ip_a);
	answers(&s, 0.001, A, ip_a, ip_r);
	answers(&s, 0.001, B, ip_a, ip_r);
	story_says(&s, "address 10.0.0.5: A B in 7", "in a VLAN");
}

static void answers_nobody_asked_for(void)
{
	usual(0);
	for (int i = 0; i < 3; i++)
		answers(&s, 10, M, ip_r, ip_a);
	story_says(&s, "answer 10.0.0.1 by M: R M", "somebody answers for the router, unasked");

	usual(0);
	for (int i = 0; i < 10; i++)
		answers(&s, 0.5, M, ip_r, ip_a);
	story_says(&s, "address 10.0.0.1: R M; answer 10.0.0.1 by M: R M",
		   "twice a second, right after the router was asked for");

	asks(&s, 0, M, ip_m, ip_r);
	answers(&s, 0.001, R, ip_r, ip_m);
	usual(3);
	for (int i = 0; i < 6; i++) {
		answers(&s, 2, M, ip_r, ip_a);
		answers(&s, 0.001, M, ip_a, ip_r);
		if (i % 2)
			usual(1);
	}
	story_says(&s, "answer 10.0.0.1 by M: R M; answer 10.0.0.5 by M: A M",
		   "somebody with an address of its own stands between two that go on");
}

static void handed_on(void)
{
	asks(&s, 1, A, ip_a, ip_r);
	asks(&s, 600, B, ip_a, ip_r);
	asks(&s, 60, B, ip_a, ip_r);
	story_says(&s, "", "the address goes to another device, and stays there");

	asks(&s, 1, A, ip_a, ip_r);
	announces(&s, 20, B, ip_a);
	asks(&s, 20, B, ip_a, ip_r);
	announces(&s, 120, A, ip_a);
	asks(&s, 20, A, ip_a, ip_r);
	story_says(&s, "", "a backup stands in, and the first one comes back: each tells everybody");

	asks(&s, 1, A, ip_a, ip_r);
	asks(&s, 400, B, ip_a, ip_r);
	asks(&s, 400, A, ip_a, ip_r);
	story_says(&s, "",
		   "a laptop with the same address on its cable and its radio, which changes now and then");

	asks(&s, 1, A, ip_a, ip_r);
	asks(&s, 4, B, ip_a, ip_r);
	asks(&s, 4, A, ip_a, ip_r);
	story_says(&s, "", "a single frame, which may be damaged");

	for (int i = 0; i < 3; i++) {
		asks(&s, 1, A, ip_a, ip_r);
		arp_by(&s, 4, mac_all, A, B, 1, ip_a, ip_r);
	}
	story_says(&s, "", "frames of one station that name another MAC in their middle");

	probes(&s, 1, B, ip_a);
	answers(&s, 0.001, A, ip_a, ip_none);
	asks(&s, 30, A, ip_a, ip_r);
	probes(&s, 1, B, ip_a);
	story_says(&s, "", "who asks first whether it is free, and is told that it is not, claims nothing");
}

static void one_host(void)
{
	asks(&s, 1, D, ip_a, ip_r);
	asks(&s, 1, E, ip_b, ip_r);
	for (int i = 0; i < 3; i++) {
		asks(&s, 20, R, ip_r, ip_a);
		answers(&s, 0.001, D, ip_a, ip_r);
		answers(&s, 0.0001, E, ip_a, ip_r);
		asks(&s, 20, R, ip_r, ip_b);
		answers(&s, 0.001, E, ip_b, ip_r);
		answers(&s, 0.0001, D, ip_b, ip_r);
	}
	story_says(&s, "", "a host with two cards in one net, which answers for both addresses on each");

	asks(&s, 1, A, ip_a, ip_r);
	asks(&s, 1, B, ip_b, ip_r);
	for (int i = 0; i < 3; i++) {
		asks(&s, 20, R, ip_r, ip_a);
		answers(&s, 0.001, A, ip_a, ip_r);
		answers(&s, 0.0001, B, ip_a, ip_r);
		asks(&s, 20, A, ip_b, ip_r);
	}
	story_says(&s, "", "also when they are of unlike makers");

	for (int i = 0; i < 6; i++) {
		asks(&s, 20, D, ip_a, ip_r);
		answers(&s, 1, E, ip_a, ip_b);
		answers(&s, 6, D, ip_a, ip_r);
	}
	story_says(&s, "", "a bond that balances by ARP answers from each of its ports");

	for (int i = 0; i < 6; i++) {
		arp(&s, 5, mac_all, A, 1, ip_a, ip_r);
		arp(&s, 0.0001, mac_all, A, 1, ip_a, ip_r);
	}
	story_says(&s, "", "a mirror that shows each frame twice");
}

static void routers(void)
{
	asks(&s, 1, A, ip_a, ip_r);
	answers(&s, 0.001, V, ip_r, ip_a);
	answers(&s, 0.001, R, ip_r, ip_a);
	asks(&s, 1, R, ip_r, ip_a);
	asks(&s, 1, B, ip_r, ip_a);
	asks(&s, 1, R, ip_r, ip_a);
	story_says(&s, "", "an address that virtual routers share (VRRP, CARP)");

	for (int i = 1; i <= 2; i++) { /* two forwarders of GLBP */
		const uint8_t glbp[6] = {0x00, 0x07, 0xb4, 0x00, 0x01, (uint8_t)i};

		asks(&s, 1, A, ip_a, ip_r);
		answers(&s, 0.001, glbp, ip_r, ip_a);
		asks(&s, 1, B, ip_b, ip_r);
		answers(&s, 0.001, glbp, ip_r, ip_b);
	}
	asks(&s, 1, R, ip_r, ip_a);
	asks(&s, 1, B, ip_r, ip_a);
	asks(&s, 1, R, ip_r, ip_a);
	story_says(&s, "", "that GLBP shares out");

	asks(&s, 1, R, ip_r, ip_a);
	for (int i = 0; i < 3; i++) {
		asks(&s, 10, B, ip_b, ip_a);
		answers(&s, 0.001, A, ip_a, ip_b);
		answers(&s, 0.001, R, ip_a, ip_b);
	}
	story_says(&s, "", "a router that answers for others, also for one that is there");

	asks(&s, 1, B, ip_b, ip_a);
	answers(&s, 0.001, R, ip_a, ip_b);
	asks(&s, 1, B, ip_b, ip_m);
	answers(&s, 0.001, R, ip_m, ip_b);
	for (int i = 0; i < 3; i++) {
		asks(&s, 5, A, ip_a, ip_b);
		asks(&s, 5, B, ip_b, ip_a);
		answers(&s, 0.001, R, ip_a, ip_b);
	}
	story_says(&s, "", "whose own address is not seen");

	asks(&s, 1, R, ip_r, ip_a); /* it has an address of its own */
	for (int i = 0; i < 4; i++) {
		asks(&s, 60, A, ip_a, ip_r);
		asks(&s, 60, R, ip_a, ip_r);
		asks(&s, 10, R, ip_r, ip_b);
	}
	story_says(&s, "", "a repeater under whose MAC a laptop speaks while it is behind it");
}

static void other_links(void)
{
	for (int i = 0; i < 3; i++) {
		s.vlan = 10;
		asks(&s, 5, A, ip_a, ip_r);
		s.vlan = 20;
		asks(&s, 5, B, ip_a, ip_r);
	}
	story_says(&s, "", "one address in two VLANs is two");

	for (int i = 0; i < 3; i++) {
		s.segment = 100;
		asks(&s, 5, A, ip_a, ip_r);
		s.segment = 200;
		asks(&s, 5, B, ip_a, ip_r);
		s.segment = 0;
		asks(&s, 5, M, ip_a, ip_r);
	}
	story_says(&s, "", "and so it is in two networks of VXLAN, and here");

	s.segment = 100;
	asks(&s, 1, R, ip_r, ip_a);
	answers(&s, 0.001, A, ip_a, ip_r);
	answers(&s, 0.001, B, ip_a, ip_r);
	story_says(&s, "address 10.0.0.5: A B of vxlan 100", "two of one address in one of them");

	for (unsigned int i = 0; i < 20000; i++) { /* more than are kept */
		const uint8_t ip[4] = {10, 1, (uint8_t)(i >> 8), (uint8_t)i},
			      mac[6] = {0, 1, 2, 3, (uint8_t)(i >> 8), (uint8_t)i};

		asks(&s, 0.001, mac, ip, ip_r);
	}
	asks(&s, 1, A, ip_a, ip_r);
	asks(&s, 1, B, ip_a, ip_r);
	asks(&s, 1, A, ip_a, ip_r);
	asks(&s, 1, B, ip_a, ip_r);
	story_says(&s, "address 10.0.0.5: A B", "very many addresses make room");

	for (unsigned int i = 0; i < 500; i++) {
		const uint8_t ip[4] = {10, 1, (uint8_t)(i >> 8), (uint8_t)i};

		asks(&s, 0.001, A, ip_a, ip_r);
		asks(&s, 0.001, B, ip_a, ip_r);
		announces(&s, 0, i % 2 ? A : M, ip);
	}
	story_says(&s, "address 10.0.0.5: A B", "a flood of claims is one conflict");
}

int main(void)
{
	story_open(&s);
	two_of_one_address();
	answers_nobody_asked_for();
	handed_on();
	one_host();
	routers();
	other_links();
	return tap_end();
}
