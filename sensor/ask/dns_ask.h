/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking by DNS messages (RFC 1035), which DNS, mDNS, LLMNR and NBNS share: questions, and whether an answer is to ours. */
#ifndef SENSOR_ASK_DNS_ASK_H
#define SENSOR_ASK_DNS_ASK_H

#include "sensor/ask/put.h"
#include "sensor/decode/dns_message.h"

enum { DNS_NS = 2, DNS_CHAOS = 3 };
enum { DNS_RECURSE = 0x0100 };		      /* flag of a question: look for it elsewhere, too */
enum { DNS_RECURSES = 0x0080 };		      /* flag of an answer: would do so */
enum { REVERSE_NAME_BYTES = 64 + 10 };	      /* of any address, with the terminating zero */
enum { MDNS_UNICAST_ANSWER_PLEASE = 0x8000 }; /* of the class: RFC 6762 5.4 */

/* The header of a question: id, flags, how many questions follow. */
void put_dns_header(struct put *p, uint16_t id, uint16_t flags, uint16_t questions);
/* One question. name: labels of 1 to 63 bytes joined by dots; "" is the root. */
void put_dns_question(struct put *p, const char *name, uint16_t type, uint16_t class);

/* "4.3.2.10.in-addr.arpa" (RFC 1035 3.5), "….ip6.arpa" (RFC 3596 2.5); "" for no address. Returns out. */
const char *reverse_name(const struct ip *ip, char out[static REVERSE_NAME_BYTES]);

/*
 * Open what has to be an answer with this id to this name and type: it repeats the question, or is a header and no more, as some refuse. name
 * NULL: a kind of answer that repeats none. 0, -EBADMSG.
 */
int dns_open_answer(const uint8_t *bytes, size_t length, uint16_t id, const char *name, uint16_t type,
		    struct dns_message *out);
/* Flags of a message that is long enough for a header. */
uint16_t dns_flags(const struct dns_message *message);
/* The first string of a TXT record. */
struct text dns_first_string(const struct dns_record *record);

#endif
