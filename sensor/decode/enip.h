/* SPDX-License-Identifier: BSD-2-Clause */
/* EtherNet/IP: who a device says it is when it is asked for its identity, by UDP and TCP alike. */
#ifndef SENSOR_DECODE_ENIP_H
#define SENSOR_DECODE_ENIP_H

#include "sensor/wire.h"

enum { ENIP_PORT = 44818, ENIP_HEADER_BYTES = 24, ENIP_LIST_IDENTITY = 0x63 };

struct enip_identity {
	struct ip ip; /* where it listens; version 0: it does not say */
	uint16_t vendor, type, product;
	uint8_t major, minor;
	uint32_t serial;
	struct text name;
};

/* Text forms of its numbers, and the keys by which they are said. */
enum { ENIP_TRAITS = 6, ENIP_TEXT_BYTES = 16 };
extern const char *const enip_keys[ENIP_TRAITS];
/* number counts enip_keys; room is for those that have no text of their own. */
struct text enip_text(const struct enip_identity *, size_t number, char room[static ENIP_TEXT_BYTES]);

/* Read an answer, header included. 0, or -EBADMSG when it is anything else, with *out undefined. */
int enip_read(struct wire w, struct enip_identity *out);

#endif
