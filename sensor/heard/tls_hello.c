// SPDX-License-Identifier: BSD-2-Clause
/* Hello of client and server. See tls_hello.h. */
#include "sensor/heard/tls_hello.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sensor/ask/certificate.h"

enum {
	RANDOM_BYTES = 32,
	JA4_PART = 12,
	VERSION_SSL3 = 0x0300,
	VERSION_13 = 0x0304,
	TLS_CLIENT_HELLO = 1,
	TLS_NAME_BYTES_MAX = 255
};

/* RFC 8701: 0x0a0a, 0x1a1a … 0xfafa. */
static bool is_grease(uint16_t value)
{
	return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

static void list_add(struct tls_list *list, uint16_t value)
{
	if (!is_grease(value) && list->count < TLS_LIST_MAX)
		list->item[list->count++] = value;
}

static void list_read(struct wire bytes, struct tls_list *list)
{
	while (bytes.left >= 2)
		list_add(list, wire_u16(&bytes));
}

/* RFC 6066, 3: a list of names by type; type 0 is that of a host. */
static struct text read_name(struct wire body)
{
	struct wire names = wire_nested(&body, wire_u16(&body)), name;
	uint8_t type = wire_u8(&names);

	name = wire_nested(&names, wire_u16(&names));
	if (name.bad || type != 0)
		return (struct text){};
	return wire_rest(&name);
}

static void read_alpn(struct wire body, struct text *first, struct text *all)
{
	struct wire names = wire_nested(&body, wire_u16(&body)), name;

	*all = (struct text){(const char *)names.at, names.left};
	name = wire_nested(&names, wire_u8(&names));
	*first = (struct text){};
	if (!name.bad)
		*first = wire_rest(&name);
}

static void read_versions(struct wire body, uint16_t *version)
{
	struct wire versions = wire_nested(&body, wire_u8(&body));
	uint16_t highest = 0;

	while (versions.left >= 2) {
		uint16_t one = wire_u16(&versions);

		if (!is_grease(one) && one > highest && one <= VERSION_13)
			highest = one;
	}
	if (highest)
		*version = highest;
}

static void client_extension(uint16_t type, struct wire body, struct tls_client_hello *out)
{
	list_add(&out->extensions, type);
	switch (type) {
	case TLS_EXTENSION_NAME:
		out->name = read_name(body);
		break;
	case TLS_EXTENSION_ALPN:
		read_alpn(body, &out->alpn, &out->alpns);
		break;
	case TLS_EXTENSION_VERSIONS:
		read_versions(body, &out->version);
		break;
	case TLS_EXTENSION_SIGNATURES:
		list_read(wire_nested(&body, wire_u16(&body)), &out->signatures);
		break;
	}
}

/* Up to the extensions. 0, or -EBADMSG. */
static int read_head(struct wire *body, struct tls_client_hello *out)
{
	struct wire session;

	*out = (struct tls_client_hello){.version = wire_u16(body)};
	wire_skip(body, RANDOM_BYTES);
	session = wire_nested(body, wire_u8(body));
	list_read(wire_nested(body, wire_u16(body)), &out->ciphers);
	wire_skip(body, wire_u8(body)); /* compression */
	return body->bad || session.left > 32 || out->version < VERSION_SSL3 || out->version > VERSION_13 ||
			       !out->ciphers.count
		       ? -EBADMSG
		       : 0;
}

int tls_client_hello_read(struct wire body, struct tls_client_hello *out)
{
	struct wire extensions;

	if (read_head(&body, out))
		return -EBADMSG;
	if (!body.left)
		return 0;
	extensions = wire_nested(&body, wire_u16(&body));
	while (extensions.left) {
		uint16_t type = wire_u16(&extensions);
		struct wire one = wire_nested(&extensions, wire_u16(&extensions));

		if (!one.bad)
			client_extension(type, one, out);
	}
	return extensions.bad || body.bad ? -EBADMSG : 0;
}

int tls_client_hello_read_cut(struct wire message, struct tls_client_hello *out)
{
	uint8_t type = wire_u8(&message);
	size_t announced = (size_t)wire_u8(&message) << 16, seen;

	announced |= wire_u16(&message);
	seen = message.left;
	if (message.bad || type != TLS_CLIENT_HELLO || announced <= seen || read_head(&message, out))
		return -EBADMSG;
	out->cut = true;
	/* All that is left of the message is extensions. */
	if (message.left < 2 || wire_u16(&message) != announced - (seen - message.left))
		return message.left ? -EBADMSG : 0;
	while (message.left) {
		uint16_t one_type = wire_u16(&message);
		struct wire one = wire_nested(&message, wire_u16(&message));

		if (!one.bad)
			client_extension(one_type, one, out);
	}
	return 0;
}

bool tls_name_is_sound(struct text name)
{
	for (size_t i = 0; i < name.length; i++)
		if (name.bytes[i] <= ' ' || name.bytes[i] > '~')
			return false;
	return name.length && name.length <= TLS_NAME_BYTES_MAX;
}

int tls_server_hello_read(struct wire body, struct tls_server_hello *out)
{
	struct wire extensions;

	*out = (struct tls_server_hello){.version = wire_u16(&body)};
	wire_skip(&body, RANDOM_BYTES);
	wire_skip(&body, wire_u8(&body)); /* session */
	out->cipher = wire_u16(&body);
	wire_skip(&body, 1);
	if (body.bad || out->version < VERSION_SSL3 || out->version > VERSION_13)
		return -EBADMSG;
	if (!body.left)
		return 0;
	extensions = wire_nested(&body, wire_u16(&body));
	while (extensions.left) {
		uint16_t type = wire_u16(&extensions);
		struct wire one = wire_nested(&extensions, wire_u16(&extensions));
		struct text all;

		if (one.bad)
			break;
		if (type == TLS_EXTENSION_ALPN)
			read_alpn(one, &out->alpn, &all);
		else if (type == TLS_EXTENSION_VERSIONS && one.left == 2)
			out->version = wire_u16(&one);
	}
	return extensions.bad || body.bad ? -EBADMSG : 0;
}

bool tls_offers(const struct tls_client_hello *hello, const char *alpn)
{
	struct wire all = wire_over(hello->alpns.bytes, hello->alpns.length);

	while (all.left) {
		struct wire one = wire_nested(&all, wire_u8(&all));

		if (!one.bad && one.left == strlen(alpn) && !memcmp(one.at, alpn, one.left))
			return true;
	}
	return false;
}

bool tls_has(const struct tls_list *list, uint16_t value)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->item[i] == value)
			return true;
	return false;
}

static void sort(struct tls_list *list)
{
	for (size_t i = 1; i < list->count; i++) {
		uint16_t value = list->item[i];
		size_t k = i;

		for (; k && list->item[k - 1] > value; k--)
			list->item[k] = list->item[k - 1];
		list->item[k] = value;
	}
}

/* "1301,1302" after what is in out already. */
static size_t write_list(const struct tls_list *list, char *out)
{
	size_t used = 0;

	for (size_t i = 0; i < list->count; i++)
		used += (size_t)sprintf(out + used, i ? ",%04x" : "%04x", list->item[i]);
	return used;
}

/* The first twelve digits of the digest; of nothing, zeros. */
static void digest(const char *text, size_t length, char out[static JA4_PART + 1])
{
	char whole[65] = "000000000000";

	if (length)
		digest_sha256(text, length, whole);
	memcpy(out, whole, JA4_PART);
	out[JA4_PART] = 0;
}

static const char *version_of(uint16_t version)
{
	static const char *const names[] = {"s3", "10", "11", "12", "13"};

	return version >= VERSION_SSL3 && version <= VERSION_13 ? names[version - VERSION_SSL3] : "00";
}

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* First and last character of the first ALPN; of one that does not begin and end with a letter or digit, those of its hex. */
static void alpn_ends(struct text alpn, char out[static 2])
{
	static const char hex[] = "0123456789abcdef";
	char first, last;

	out[0] = out[1] = '0';
	if (!alpn.length)
		return;
	first = alpn.bytes[0];
	last = alpn.bytes[alpn.length - 1];
	out[0] = is_word(first) && is_word(last) ? first : hex[(uint8_t)first >> 4];
	out[1] = is_word(first) && is_word(last) ? last : hex[last & 15];
}

void tls_ja4(const struct tls_client_hello *hello, char transport, char out[static JA4_BYTES])
{
	struct tls_list ciphers = hello->ciphers, extensions = {};
	char text[2 * 5 * TLS_LIST_MAX + 2], cipher_part[JA4_PART + 1], extension_part[JA4_PART + 1], alpn[2];
	size_t length;

	sort(&ciphers);
	digest(text, write_list(&ciphers, text), cipher_part);
	for (size_t i = 0; i < hello->extensions.count; i++)
		if (hello->extensions.item[i] != TLS_EXTENSION_NAME &&
		    hello->extensions.item[i] != TLS_EXTENSION_ALPN)
			list_add(&extensions, hello->extensions.item[i]);
	sort(&extensions);
	length = write_list(&extensions, text);
	if (hello->signatures.count) {
		text[length++] = '_';
		length += write_list(&hello->signatures, text + length);
	}
	digest(text, extensions.count ? length : 0, extension_part);
	alpn_ends(hello->alpn, alpn);
	snprintf(out, JA4_BYTES, "%c%s%c%02zu%02zu%c%c_%s_%s", transport, version_of(hello->version),
		 tls_has(&hello->extensions, TLS_EXTENSION_NAME) ? 'd' : 'i',
		 hello->ciphers.count < 99 ? hello->ciphers.count : 99,
		 hello->extensions.count < 99 ? hello->extensions.count : 99, alpn[0], alpn[1], cipher_part,
		 extension_part);
}
