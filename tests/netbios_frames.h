/* SPDX-License-Identifier: BSD-2-Clause */
/* What machines of Windows' neighborhood send: names and datagrams of NetBIOS. For announce_frames.h. */
#ifndef TESTS_NETBIOS_FRAMES_H
#define TESTS_NETBIOS_FRAMES_H

#include "tests/frames.h"

/* A NetBIOS name in its letters: "LAPTOP" with the suffix. */
static inline void put_netbios(struct test_frame *f, const char *name, unsigned int suffix)
{
	size_t length = strlen(name);

	put8(f, 32);
	for (size_t i = 0; i < 16; i++) {
		unsigned int byte = i == 15 ? suffix : i < length ? (uint8_t)name[i] : ' ';

		put8(f, 'A' + (byte >> 4));
		put8(f, 'A' + (byte & 15));
	}
}

/* A registration: of operation 5, the name in the question, the record in the additional section points to it. */
static inline void put_nbns(struct test_frame *f, const char *name, unsigned int flags)
{
	put_dns_head(f, 0x2910, 1, 0, 1);
	put_netbios(f, name, 0);
	put8(f, 0);
	put32(f, 0x00200001);
	put_record(f, 12, 0x20, 1, 300, 6);
	put16(f, flags);
	put(f, ip_laptop, 4);
}

static inline void put_nbns_name(struct test_frame *f)
{
	put_nbns(f, "LAPTOP", 0x2000);
}

static inline void put_nbns_group(struct test_frame *f)
{
	put_nbns(f, "OFFICE", 0xa000);
}

static inline void put_nbns_election(struct test_frame *f)
{
	put_nbns(f, "\x01\x02__MSBROWSE__\x02", 0xa000);
}

static inline void put_netbios_datagram(struct test_frame *f)
{
	put32(f, 0x110a1234);
	put(f, ip_laptop, 4);
	put16(f, 138);
	put16(f, 76);
	put16(f, 0);
	put_netbios(f, "LAPTOP", 0);
	put8(f, 0);
	put_netbios(f, "OFFICE", 0x1d);
	put8(f, 0);
	put_text(f, "\xffSMB");
}

static inline void put_nbns_status_names(struct test_frame *f, unsigned int count)
{
	static const uint8_t mac[6] = {2, 0, 0, 0, 0, 5};

	put_dns_head(f, 0x8400, 0, 1, 0);
	put_netbios(f, "*", 0);
	memset(f->bytes + f->length - 30, 'A', 30);
	put8(f, 0);
	put16(f, 0x21);
	put16(f, 1);
	put32(f, 0);
	put16(f, 1 + 3 * 18 + 46);
	put8(f, count);
	put(f, "LAPTOP         \0\x04\0", 18);
	put(f, "OFFICE         \0\x84\0", 18);
	put(f, "LAPTOP         \x20\x04\0", 18);
	put(f, mac, 6);
	put_zeros(f, 40);
}

static inline void put_nbns_status(struct test_frame *f)
{
	put_nbns_status_names(f, 3);
}

static inline void put_nbns_status_short(struct test_frame *f)
{
	put_nbns_status_names(f, 60);
}

/* A transaction that writes into the mailslot: command, name, system, types, comment. */
static inline void put_netbios_browse(struct test_frame *f, unsigned int to, unsigned int command,
				      const char *name, const char *comment)
{
	char padded[16] = {0};
	size_t length = 32 + strlen(comment) + 1;

	put32(f, 0x110a1234);
	put(f, ip_laptop, 4);
	put16(f, 138);
	put16(f, 76 + 86 + length);
	put16(f, 0);
	put_netbios(f, "LAPTOP", 0);
	put8(f, 0);
	put_netbios(f, "OFFICE", to);
	put8(f, 0);
	put(f, "\xffSMB\x25", 5);
	put_zeros(f, 27);
	put8(f, 17);
	put_zeros(f, 22);
	put8(f, (unsigned int)length);
	put8(f, 0);
	put8(f, 86);
	put8(f, 0);
	put_zeros(f, 8);
	put8(f, (unsigned int)length + 17);
	put8(f, 0);
	put(f, "\\MAILSLOT\\BROWSE", 17);
	put8(f, command);
	put_zeros(f, 5);
	memcpy(padded, name, strlen(name));
	put(f, padded, 16);
	put(f, "\x0a\0\x03\x10\0\0\x0f\x01\x55\xaa", 10);
	put(f, comment, strlen(comment) + 1);
}

static inline void put_netbios_announcement(struct test_frame *f)
{
	put_netbios_browse(f, 0x1d, 1, "LAPTOP", "On my knees");
}

static inline void put_netbios_domain(struct test_frame *f)
{
	put_netbios_browse(f, 0x1d, 12, "OFFICE", "LAPTOP");
}

#endif
