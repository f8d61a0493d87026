/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A token's three parts, and which keys of a set may have signed it. Pure, so that it can be fuzzed.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/jose.h"

static int digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

long base64url_read(const char *text, size_t length, uint8_t *out, size_t size)
{
	size_t used = 0;
	uint32_t bits = 0;
	unsigned int count = 0;

	if (length % 4 == 1 || length / 4 * 3 + length % 4 * 3 / 4 > size)
		return -EINVAL;
	for (size_t i = 0; i < length; i++) {
		int six = digit(text[i]);

		if (six < 0)
			return -EINVAL;
		bits = (bits << 6 | (uint32_t)six) & 0xffff;
		count += 6;
		if (count >= 8) {
			count -= 8;
			out[used++] = (uint8_t)(bits >> count);
		}
	}
	/* Bits that are left over are zero, or two texts would mean the same. */
	return bits & ((1U << count) - 1) ? -EINVAL : (long)used;
}

static int read_part(const char *text, size_t length, struct json **out)
{
	uint8_t *bytes = malloc(length + 1);
	const char *why;
	long size = bytes ? base64url_read(text, length, bytes, length + 1) : -ENOMEM;
	int error = size < 0 ? -EINVAL : json_read((const char *)bytes, (size_t)size, out, &why);

	free(bytes);
	if (!error && json_kind(*out) != JSON_OBJECT) {
		json_free(*out);
		*out = NULL;
		error = -EINVAL;
	}
	return error;
}

static bool text_of(const struct json *object, const char *key, const char **out)
{
	size_t length;

	return json_text(json_get(object, key), out, &length) && !memchr(*out, 0, length);
}

static const char *read_header(struct jose *jose)
{
	static const char *const names[] = {
		[JOSE_RS256] = "RS256", [JOSE_ES256] = "ES256", [JOSE_EDDSA] = "EdDSA"};
	const char *alg;

	/* Extensions that must be understood: none are (RFC 7515 section 4.1.11). */
	if (json_get(jose->header, "crit"))
		return "its header has extensions";
	if (!text_of(jose->header, "alg", &alg))
		return "its header names no algorithm";
	if (!text_of(jose->header, "kid", &jose->kid))
		jose->kid = "";
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(alg, names[i]) != 0)
			continue;
		jose->alg = (enum jose_alg)i;
		return NULL;
	}
	return "its algorithm is not RS256, ES256 or EdDSA";
}

int jose_read(const char *token, size_t length, struct jose *out, const char **why)
{
	const char *first = length <= JOSE_TOKEN_BYTES_MAX ? memchr(token, '.', length) : NULL, *second, *end;
	struct jose jose = {0};
	long size;

	*why = "it is not made of three parts";
	end = token + length;
	second = first ? memchr(first + 1, '.', (size_t)(end - first - 1)) : NULL;
	if (!second)
		return -EINVAL;
	jose.signed_bytes = token;
	jose.signed_length = (size_t)(second - token);
	size = base64url_read(second + 1, (size_t)(end - second - 1), jose.signature, sizeof(jose.signature));
	*why = "its signature is not base64url";
	if (size < 0)
		return -EINVAL;
	jose.signature_length = (size_t)size;
	*why = "its parts are not JSON objects";
	if (read_part(token, (size_t)(first - token), &jose.header) == 0 &&
	    read_part(first + 1, (size_t)(second - first - 1), &jose.claims) == 0)
		*why = read_header(&jose);
	if (*why) {
		jose_free(&jose);
		return -EINVAL;
	}
	*out = jose;
	return 0;
}

void jose_free(struct jose *jose)
{
	json_free(jose->header);
	json_free(jose->claims);
	*jose = (struct jose){0};
}

int jose_verify(const struct jose *jose, const struct json *keys)
{
	const struct json *list = json_get(keys, "keys");
	int result = -ENOKEY;

	for (size_t i = 0; i < json_count(list) && i < JOSE_KEYS_MAX; i++) {
		const struct json *key = json_at(list, i);
		const char *text;
		int error;

		if (json_kind(key) != JSON_OBJECT)
			continue;
		if (jose->kid[0] && text_of(key, "kid", &text) && strcmp(text, jose->kid) != 0)
			continue;
		if (text_of(key, "use", &text) && strcmp(text, "sig") != 0)
			continue;
		error = jose_key_verify(key, jose);
		if (!error)
			return 0;
		if (error == -EBADMSG)
			result = error;
	}
	return result;
}
