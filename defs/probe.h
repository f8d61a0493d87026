/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Asking: what the sensor and its BPF programs agree on. What is to be sent (struct probe_frame), how an answer is told from a
 * forgery (probe_cookie), and what the XDP program hands up of an answer (struct probe_answer).
 *
 * Ports and addresses are in network order, as packets have them; IPv4 addresses are the first four bytes, the rest zero.
 * The frames themselves are made by probe_frame.h.
 */
#ifndef DEFS_PROBE_H
#define DEFS_PROBE_H

#include <linux/types.h>
#include <stdbool.h>

#include "defs/packet.h"

enum probe_kind {
	PROBE_SYN = 1, /* TCP SYN; the sequence number is the cookie */
	PROBE_ARP,     /* who has addr? (IPv4, on the link) */
	PROBE_ND,      /* neighbour solicitation for addr (IPv6, on the link) */
	PROBE_ECHO,    /* ICMP or ICMPv6 echo request; identifier and sequence number are the cookie's halves */
};

/* One thing to send. */
struct probe_frame {
	__u8 addr[16]; /* whom it is for */
	__u8 mac[6];   /* the next hop; ARP and ND: left to the engine (broadcast, solicited-node multicast) */
	__u16 port_n;  /* SYN only */
	__u8 kind;     /* enum probe_kind */
	__u8 version;  /* 4 or 6 */
	__u8 pad[6];
};
_Static_assert(sizeof(struct probe_frame) == 32, "probe_frame has no hidden padding");

/* How the RST that a SYN-ACK becomes leaves. */
enum probe_reset {
	PROBE_RESET_SEND, /* XDP_TX: native drivers of cards, and generic mode anywhere */
	PROBE_RESET_REDIRECT, /* to the same port: a veth, which leaves a frame of XDP_TX lying until another one comes */
	PROBE_RESET_BY_HAND, /* a veth whose other end does not listen for it: the sensor sends it */
};

/* Who asks. Written by the sensor, read by both BPF programs; the same for the whole of a run. */
struct probe_source {
	__u64 key[2];	     /* random, secret, of this run: for probe_cookie() */
	__u8 addr6[16];	     /* not link-local; zero: none */
	__u8 addr6_link[16]; /* fe80::…; zero: none. Used towards link-local addresses and ff02:: */
	__u8 addr4[4];	     /* zero: no IPv4 */
	__u32 active;	     /* 0: the XDP program looks at no answer and touches nothing */
	__u32 interface_index;
	__u32 reset;  /* enum probe_reset; set by answers.h */
	__u8 mac[6];  /* of the interface */
	__u16 port_n; /* TCP source port, held by a socket of ours so that nobody else has it */
};

enum probe_answer_kind {
	ANSWER_OPEN = 1, /* SYN-ACK with our cookie; its RST is on the way */
	ANSWER_CLOSED,	 /* RST with our cookie */
	ANSWER_UNREACHABLE, /* ICMP or ICMPv6 error that quotes our SYN or echo; addr, port: of the quoted packet, from: who says so */
	ANSWER_ECHO, /* addr: the sender, also when ff02::1 was asked */
	ANSWER_ARP, /* from there to us, or gratuitous; who asked is the sensor's to know. The kernel sees it too */
	ANSWER_ND, /* neighbour advertisement; the kernel sees it too */
};

/* One answer, through the ring buffer map `answers`. */
struct probe_answer {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u8 addr[16]; /* who was asked */
	__u8 from[16]; /* UNREACHABLE: the router or host that answered; otherwise as addr */
	__u8 mac[6];   /* of the frame's sender; ARP, ND: what it claims */
	__u16 port_n;  /* OPEN, CLOSED, UNREACHABLE of a SYN: the port that was asked; else 0 */
	__u16 window;  /* OPEN: as sent, host order */
	__u8 kind;     /* enum probe_answer_kind */
	__u8 version;
	__u8 ttl;  /* TTL or hop limit of the answer */
	__u8 type; /* UNREACHABLE: ICMP type and code */
	__u8 code;
	__u8 pad[1];
};
_Static_assert(sizeof(struct probe_answer) == 56, "probe_answer has no hidden padding");

/* What the XDP program counts, on the CPU where it happens. */
enum probe_counter {
	PROBE_COUNT_OPEN,
	PROBE_COUNT_CLOSED,
	PROBE_COUNT_UNREACHABLE,
	PROBE_COUNT_ECHO,
	PROBE_COUNT_ARP,
	PROBE_COUNT_ND,
	PROBE_COUNT_RESET,     /* RSTs sent from XDP */
	PROBE_COUNT_FORGED,    /* to our port, but not an answer to a probe of ours: dropped */
	PROBE_COUNT_RING_FULL, /* an answer that found no room */
	PROBE_COUNT_COUNT
};

static __always_inline __u64 probe_rotate(__u64 word, unsigned int bits)
{
	return word << bits | word >> (64 - bits);
}

struct probe_sip {
	__u64 v0, v1, v2, v3;
};

static __always_inline void probe_sip_round(struct probe_sip *s)
{
	s->v0 += s->v1;
	s->v1 = probe_rotate(s->v1, 13) ^ s->v0;
	s->v0 = probe_rotate(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = probe_rotate(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = probe_rotate(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = probe_rotate(s->v1, 17) ^ s->v2;
	s->v2 = probe_rotate(s->v2, 32);
}

static __always_inline void probe_sip_word(struct probe_sip *s, __u64 word)
{
	s->v3 ^= word;
	probe_sip_round(s);
	probe_sip_round(s);
	s->v0 ^= word;
}

static __always_inline void probe_sip_begin(struct probe_sip *s, const __u64 key[2])
{
	s->v0 = key[0] ^ 0x736f6d6570736575ULL;
	s->v1 = key[1] ^ 0x646f72616e646f6dULL;
	s->v2 = key[0] ^ 0x6c7967656e657261ULL;
	s->v3 = key[1] ^ 0x7465646279746573ULL;
}

static __always_inline __u64 probe_sip_end(struct probe_sip *s, __u64 bytes)
{
	probe_sip_word(s, bytes << 56);
	s->v2 ^= 0xff;
	probe_sip_round(s);
	probe_sip_round(s);
	probe_sip_round(s);
	probe_sip_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/*
 * SipHash-2-4 (Aumasson, Bernstein 2012) of whom is asked what: (address, port, kind, version), 8 bytes for IPv4, 24 for IPv6. Who asks
 * need not be in it, as the key is of one run, and a run has one source. In a SYN it is the sequence number, in an echo request its upper
 * half is the identifier, the lower one the sequence number; port_n is 0 there.
 */
static __always_inline __u32 probe_cookie4(const __u64 key[2], __u8 kind, __u32 addr_n, __u16 port_n)
{
	struct probe_sip s;

	probe_sip_begin(&s, key);
	probe_sip_word(&s, addr_n | (__u64)port_n << 32 | (__u64)kind << 48 | 4ULL << 56);
	return probe_sip_end(&s, 8);
}

static __always_inline __u32 probe_cookie6(const __u64 key[2], __u8 kind, __u64 addr_first, __u64 addr_last,
					   __u16 port_n)
{
	struct probe_sip s;

	probe_sip_begin(&s, key);
	probe_sip_word(&s, addr_first);
	probe_sip_word(&s, addr_last);
	probe_sip_word(&s, (__u64)port_n << 32 | (__u64)kind << 48 | 6ULL << 56);
	return probe_sip_end(&s, 24);
}

static __always_inline __u32 probe_cookie(const __u64 key[2], const struct probe_frame *frame)
{
	__u32 addr4;
	__u64 addr6[2];

	if (frame->version == 4) {
		__builtin_memcpy(&addr4, frame->addr, 4);
		return probe_cookie4(key, frame->kind, addr4, frame->port_n);
	}
	__builtin_memcpy(addr6, frame->addr, 16);
	return probe_cookie6(key, frame->kind, addr6[0], addr6[1], frame->port_n);
}

#endif
