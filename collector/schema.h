/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields of requests as data: what a body or a query may hold. From one table come the check of what a stranger
 * sends, the JSON that goes to PostgreSQL, and the OpenAPI document.
 */
#ifndef COLLECTOR_SCHEMA_H
#define COLLECTOR_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/buffer.h"

struct http_head;
struct json;

enum schema_type {
	SCHEMA_TEXT,	/* min to max bytes */
	SCHEMA_CHOICE,	/* one of choices, a|b|c */
	SCHEMA_INTEGER, /* min to max */
	SCHEMA_NUMBER,
	SCHEMA_BOOL,
	SCHEMA_ID,    /* a UUID */
	SCHEMA_IDS,   /* array of at most max UUIDs; in a query joined by commas */
	SCHEMA_TEXTS, /* array of at most max texts of 1 to 253 bytes */
	SCHEMA_CIDR,  /* a prefix or an address, IPv4 or IPv6 */
	SCHEMA_IP,
	SCHEMA_MAC,
	SCHEMA_TIME,   /* seconds since the epoch */
	SCHEMA_OBJECT, /* any JSON object of at most max bytes */
	SCHEMA_ARRAY,  /* any JSON array of at most max bytes */
};

enum {
	SCHEMA_REQUIRED = 1, /* when a thing is made */
	SCHEMA_NULL = 2,     /* null is allowed */
	SCHEMA_CREATE = 4,   /* only when it is made, and fixed from then on */
	SCHEMA_READ =
		8, /* shown, never taken: a body that holds it is not refused, so that what was read can be sent back */
	SCHEMA_WRITE = 16, /* taken, never shown */
};

/* Tables end with a row without a name. */
struct schema_field {
	const char *name;
	enum schema_type type;
	unsigned int flags;
	long min, max;
	const char *
		choices; /* of a CHOICE; of a text, object or array more members of its JSON Schema, for forms, or NULL */
	const char *about; /* one line for people */
};

/* For a body or query that holds nothing. */
extern const struct schema_field schema_none[];

/* For choices of texts that are checked further on (password_weakness(), attempt_weakness()). */
#define SCHEMA_NEW_PASSWORD                                                                                  \
	"\"format\":\"password\",\"minLength\":12,\"pattern\":\"^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[^A-" \
	"Za-z0-9])\""
#define SCHEMA_PASSWORD "\"format\":\"password\""
#define SCHEMA_EMAIL "\"format\":\"email\""

enum schema_use { SCHEMA_FOR_CREATE, SCHEMA_FOR_UPDATE };

enum { SCHEMA_WHY_MAX = 200, SCHEMA_ITEM_BYTES_MAX = 253 };

/*
 * Check a body, an object or NULL for none. What may be taken is written to out as a JSON object, times as
 * PostgreSQL reads them. False with why[] naming the field; also without memory.
 */
bool schema_check(const struct schema_field *, enum schema_use, const struct json *body, struct buffer *out,
		  char why[static SCHEMA_WHY_MAX]);
/* The same for the query of a request: a JSON object of texts, with arrays for IDS. Keys that no field names are refused. */
bool schema_query(const struct schema_field *, const struct http_head *, struct buffer *out,
		  char why[static SCHEMA_WHY_MAX]);
/* Append the field's JSON Schema, for the OpenAPI document. */
void schema_describe(const struct schema_field *, struct buffer *out);
/* Append {"type":"object","properties":…} of those that are shown (out) or taken (in). */
void schema_describe_all(const struct schema_field *, bool taken, enum schema_use, struct buffer *out);

#endif
