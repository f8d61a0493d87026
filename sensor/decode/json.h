/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON in datagrams (RFC 8259): checked as a whole, and each member of its objects told once. Nothing is kept, nothing is copied. */
#ifndef SENSOR_DECODE_JSON_H
#define SENSOR_DECODE_JSON_H

#include <stdbool.h>
#include <string.h>

#include "defs/facts.h"

enum { JSON_DEPTH_MAX = 16 };

struct json_member {
	unsigned int depth; /* of the object that it is in: 1 the outermost */
	struct text key;
	struct text value; /* as it stands there, a string without its quotes */
	bool string;	   /* one without escapes; those with some are told as no string */
};

/*
 * Call member() for each member of each object, the inner ones before that which holds them. 0; -EBADMSG when the text is anything
 * else than one JSON value with blanks around it, or deeper than JSON_DEPTH_MAX; what was told by then is not to be used.
 */
int json_walk(struct text text, void (*member)(void *to, const struct json_member *), void *to);

static inline bool json_is(const struct json_member *member, const char *key)
{
	return member->key.length == strlen(key) && !memcmp(member->key.bytes, key, member->key.length);
}

#endif
