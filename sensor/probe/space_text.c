// SPDX-License-Identifier: BSD-2-Clause
#include "sensor/probe/space_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

space_address space_address_of(const struct ip *ip)
{
	space_address address = 0;

	for (int i = 0; i < (ip->version == 4 ? 4 : 16); i++)
		address = address << 8 | ip->bytes[i];
	return address;
}

struct ip space_ip_of(uint8_t version, space_address address)
{
	struct ip ip = {.version = version};

	for (int i = version == 4 ? 3 : 15; i >= 0; i--, address >>= 8)
		ip.bytes[i] = (uint8_t)address;
	return ip;
}

static unsigned int bits_of(uint8_t version)
{
	return version == 4 ? 32 : 128;
}

struct space_range space_range_of(const struct prefix *prefix)
{
	const unsigned int bits = bits_of(prefix->ip.version),
			   host_bits = prefix->length < bits ? bits - prefix->length : 0;
	const space_address host = host_bits == 128 ? ~(space_address)0 : ((space_address)1 << host_bits) - 1;
	const space_address address = space_address_of(&prefix->ip);

	return (struct space_range){
		.first = address & ~host, .last = address | host, .version = prefix->ip.version};
}

/* A decimal number without sign or leading spaces, at most `most`. -1: it is none. */
static int number_parse(const char *text, int most)
{
	int value = 0;

	if (!*text || strlen(text) > 3)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		value = value * 10 + (*text - '0');
	}
	return value <= most ? value : -1;
}

/* The address in the first `length` bytes of text. */
static int address_parse(const char *text, size_t length, struct ip *out)
{
	char copy[ADDR_TEXT_MAX];

	if (length >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, text, length);
	copy[length] = 0;
	return ip_parse(copy, out);
}

int prefix_parse(const char *text, struct prefix *out)
{
	const char *slash = strchr(text, '/');
	struct prefix prefix = {0};
	int length;

	if (address_parse(text, slash ? (size_t)(slash - text) : strlen(text), &prefix.ip))
		return -EINVAL;
	length = slash ? number_parse(slash + 1, (int)bits_of(prefix.ip.version))
		       : (int)bits_of(prefix.ip.version);
	if (length < 0)
		return -EINVAL;
	prefix.length = (uint8_t)length;
	prefix.ip = space_ip_of(prefix.ip.version, space_range_of(&prefix).first);
	*out = prefix;
	return 0;
}

bool prefix_holds(const struct prefix *prefix, const struct ip *ip)
{
	unsigned int whole = prefix->length / 8, rest = prefix->length % 8;

	if (prefix->ip.version != ip->version || memcmp(prefix->ip.bytes, ip->bytes, whole) != 0)
		return false;
	return !rest || !((prefix->ip.bytes[whole] ^ ip->bytes[whole]) >> (8 - rest));
}

int space_range_parse(const char *text, struct space_range *out, bool *is_prefix)
{
	const char *dash = strchr(text, '-');
	struct space_range range = {0};
	struct prefix prefix;
	struct ip first, last;
	int octet;

	if (!dash) {
		if (prefix_parse(text, &prefix))
			return -EINVAL;
		*out = space_range_of(&prefix);
		*is_prefix = strchr(text, '/') != NULL;
		return 0;
	}
	if (address_parse(text, (size_t)(dash - text), &first))
		return -EINVAL;
	octet = first.version == 4 ? number_parse(dash + 1, 255) : -1;
	last = first;
	if (octet >= 0)
		last.bytes[3] = (uint8_t)octet;
	else if (ip_parse(dash + 1, &last) || last.version != first.version)
		return -EINVAL;
	range.version = first.version;
	range.first = space_address_of(&first);
	range.last = space_address_of(&last);
	if (range.last < range.first)
		return -EINVAL;
	*out = range;
	*is_prefix = false;
	return 0;
}
