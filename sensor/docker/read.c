// SPDX-License-Identifier: BSD-2-Clause
/* See read.h. Without memory json-c gives NULL, which all of this takes: the report is then smaller, never wrong. */
#include "sensor/docker/read.h"

#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "defs/addr.h"

enum { DEPTH_MAX = 32, TEXT_MAX = 512, TIME_BYTES_MAX = 40 };

json_object *read_json(const char *bytes, size_t length)
{
	json_tokener *tokener = length <= INT_MAX ? json_tokener_new_ex(DEPTH_MAX) : NULL;
	json_object *root;
	size_t end;

	if (!tokener)
		return NULL;
	json_tokener_set_flags(tokener, JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tokener, bytes, (int)length);
	end = json_tokener_get_parse_end(tokener);
	/* Docker ends its answers with a line feed. */
	while (end < length && strchr(" \t\r\n", bytes[end]) && bytes[end])
		end++;
	if (json_tokener_get_error(tokener) != json_tokener_success || end != length) {
		json_object_put(root);
		root = NULL;
	}
	json_tokener_free(tokener);
	return root;
}

static json_object *member(json_object *from, const char *key, enum json_type type)
{
	json_object *value;

	if (!from || !json_object_is_type(from, json_type_object) ||
	    !json_object_object_get_ex(from, key, &value))
		return NULL;
	return json_object_is_type(value, type) ? value : NULL;
}

json_object *read_object(json_object *from, const char *key)
{
	return member(from, key, json_type_object);
}

json_object *read_array(json_object *from, const char *key)
{
	return member(from, key, json_type_array);
}

const char *read_text(json_object *from, const char *key)
{
	json_object *value = member(from, key, json_type_string);

	return value ? json_object_get_string(value) : "";
}

int64_t read_number(json_object *from, const char *key)
{
	json_object *value = member(from, key, json_type_int);

	return value ? json_object_get_int64(value) : 0;
}

bool read_bool(json_object *from, const char *key)
{
	json_object *value = member(from, key, json_type_boolean);

	return value && json_object_get_boolean(value);
}

bool read_id(const char *text, char out[static READ_ID_MAX])
{
	size_t length = strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-:");

	/* A dot first could be "..". */
	if (!length || length >= READ_ID_MAX || text[length] || text[0] == '.')
		return false;
	memcpy(out, text, length + 1);
	return true;
}

void put_object(json_object *to, const char *key, json_object *value)
{
	if (!to || !value || json_object_object_add(to, key, value))
		json_object_put(value);
}

void put_text(json_object *to, const char *key, const char *text, size_t most)
{
	char clean[TEXT_MAX + 1];
	size_t length;

	if (most > TEXT_MAX)
		most = TEXT_MAX;
	length = strnlen(text, most);
	/* Not in the middle of a UTF-8 sequence. */
	while (text[length] && length && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	for (size_t i = 0; i < length; i++)
		clean[i] = (unsigned char)text[i] < 0x20 || text[i] == 0x7f ? ' ' : text[i];
	if (length)
		put_object(to, key, json_object_new_string_len(clean, (int)length));
}

void put_ip(json_object *to, const char *key, const char *text)
{
	char out[ADDR_TEXT_MAX];
	struct ip ip;

	if (!ip_parse(text, &ip))
		put_text(to, key, ip_text(&ip, out), sizeof(out));
}

void put_prefix(json_object *to, const char *key, const char *text)
{
	const char *slash = strchr(text, '/');
	char address[ADDR_TEXT_MAX], out[ADDR_TEXT_MAX + 8];
	struct ip ip;
	char *end;
	long bits;

	if (!slash || (size_t)(slash - text) >= sizeof(address) || slash[1] < '0' || slash[1] > '9')
		return;
	memcpy(address, text, (size_t)(slash - text));
	address[slash - text] = 0;
	bits = strtol(slash + 1, &end, 10);
	if (*end || ip_parse(address, &ip) || bits < 1 || bits > (ip.version == 4 ? 32 : 128))
		return;
	snprintf(out, sizeof(out), "%s/%ld", ip_text(&ip, address), bits);
	put_text(to, key, out, sizeof(out));
}

void put_mac(json_object *to, const char *key, const char *text)
{
	char out[ADDR_TEXT_MAX];
	struct mac mac;

	if (!mac_parse(text, &mac) && !mac_is_zero(&mac) && !mac_is_group(&mac))
		put_text(to, key, mac_text(&mac, out), sizeof(out));
}

/* RFC 3339. The year 1 is Go's way of saying never. */
void put_time(json_object *to, const char *key, const char *text)
{
	size_t length = strlen(text);

	if (length < 20 || length > TIME_BYTES_MAX || strspn(text, "0123456789-:.TZ+") != length ||
	    !strncmp(text, "0001-", 5))
		return;
	put_text(to, key, text, TIME_BYTES_MAX);
}

void put_number(json_object *to, const char *key, int64_t number)
{
	put_object(to, key, json_object_new_int64(number));
}

void put_bool(json_object *to, const char *key, bool value)
{
	put_object(to, key, json_object_new_boolean(value));
}
