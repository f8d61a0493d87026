/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Asking: what the sensor and its BPF programs agree on. What is to be sent (struct probe_frame), how an answer is told from a
 * forgery (probe_cookie), and what the XDP program hands up of an answer (struct probe_answer).
 *
 * Ports and addresses are in network order, as packets have them; IPv4 addresses are the first four bytes, the rest zero.
 */
#ifndef DEFS_PROBE_H
#define DEFS_PROBE_H

#include <linux/types.h>

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

/* Who asks. Written by the sensor, read by both BPF programs; the same for the whole of a run. */
struct probe_source {
	__u64 key[2];	     /* random, secret, of this run: for probe_cookie() */
	__u8 addr4[4];	     /* zero: no IPv4 */
	__u8 addr6[16];	     /* not link-local; zero: none */
	__u8 addr6_link[16]; /* fe80::…; zero: none. Used towards link-local addresses and ff02:: */
	__u8 mac[6];	     /* of the interface */
	__u16 port_n;	     /* TCP source port, held by a socket of ours so that nobody else has it */
	__u32 active;	     /* 0: the XDP program looks at no answer and touches nothing */
	__u32 interface_index;
};

enum probe_answer_kind {
	ANSWER_OPEN = 1, /* SYN-ACK with our cookie; its RST is on the way */
	ANSWER_CLOSED,	 /* RST with our cookie */
	ANSWER_UNREACHABLE, /* ICMP or ICMPv6 error that quotes our SYN or echo; addr, port: of the quoted packet, from: who says so */
	ANSWER_ECHO,
	ANSWER_ARP, /* from there to us, or gratuitous; who asked is the sensor's to know */
	ANSWER_ND,  /* neighbour advertisement */
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

#endif
