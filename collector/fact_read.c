/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fact as JSON → struct fact, by the tables of defs/facts.h. Keys that no fact knows are ignored, as newer sensors may
 * say more; a key that this kind does not have, or of the wrong type, is refused.
 */
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "collector/stream.h"
#include "defs/limits.h"

#define NUMBER_MAX UINT64_C(9007199254740991) /* 2^53 - 1: what every reader of JSON holds exactly */
#define SECONDS_MAX 253402300799.0	      /* the end of the year 9999 */

enum { VLAN_MAX = 4094, PORT_MAX = 65535, WORD_BYTES_MAX = 32 };

static bool read_seconds(const struct json *value, int64_t *out)
{
	double seconds;

	if (!json_number(value, &seconds) || seconds < 0 || seconds > SECONDS_MAX)
		return false;
	*out = llround(seconds * 1e6);
	return true;
}

static bool read_vlan(const struct json *value, struct vlan_tags *out)
{
	size_t count = json_count(value);

	if (json_kind(value) != JSON_ARRAY || count > VLAN_TAGS_MAX)
		return false;
	out->count = (uint8_t)count;
	for (size_t i = 0; i < count; i++) {
		uint64_t id;

		if (!json_integer(json_at(value, i), VLAN_MAX, &id) || !id)
			return false;
		out->id[i] = (uint16_t)id;
	}
	return true;
}

static bool read_name(const struct json *value, int (*find)(const char *name, size_t length), int *out)
{
	const char *name;
	size_t length;

	if (!json_text(value, &name, &length))
		return false;
	*out = find(name, length);
	return *out >= 0;
}

static bool read_text(const struct json *value, struct text *out)
{
	return json_text(value, &out->bytes, &out->length) && out->length <= STREAM_TEXT_BYTES_MAX;
}

static bool read_address(const struct json *value, struct mac *mac, struct ip *ip)
{
	const char *text;
	size_t length;

	if (!json_text(value, &text, &length) || length >= ADDR_TEXT_MAX || strlen(text) != length)
		return false;
	return (mac && mac_parse(text, mac) == 0) || (ip && ip_parse(text, ip) == 0);
}

static bool read_list(const struct json *value, enum fact_type type, struct arena *arena, void *out)
{
	size_t count = json_count(value);
	struct text_list *texts = NULL;
	struct claim_list *claims = NULL;
	struct ip_list *ips = NULL;

	if (json_kind(value) != JSON_ARRAY || count > FACT_LIST_MAX)
		return false;
	if (type == TYPE_IPS)
		ips = *(struct ip_list **)out = arena_take(arena, sizeof(*ips));
	else if (type == TYPE_TEXTS)
		texts = *(struct text_list **)out = arena_take(arena, sizeof(*texts));
	else
		claims = *(struct claim_list **)out = arena_take(arena, sizeof(*claims));
	if (!ips && !texts && !claims)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct json *item = json_at(value, i);
		struct mac mac;
		struct ip ip;

		if (ips && !read_address(item, NULL, &ips->item[ips->count++]))
			return false;
		if (texts && !read_text(item, &texts->item[texts->count++]))
			return false;
		if (!claims)
			continue;
		if (read_address(item, &mac, NULL))
			mac_text(&mac, claims->item[claims->count++]);
		else if (read_address(item, NULL, &ip))
			ip_text(&ip, claims->item[claims->count++]);
		else
			return false;
	}
	return true;
}

static bool read_field(const struct json *value, enum fact_field field, struct arena *arena, struct fact *fact)
{
	void *out = (char *)fact + fact_fields[field].offset;
	bool port = field == FIELD_port || field == FIELD_client_port;

	switch (fact_fields[field].type) {
	case TYPE_MAC:
		return read_address(value, out, NULL);
	case TYPE_IP:
		return read_address(value, NULL, out);
	case TYPE_TEXT:
		return read_text(value, out);
	case TYPE_NUMBER:
		return json_integer(value, port ? PORT_MAX : NUMBER_MAX, out);
	case TYPE_BOOL:
		return json_flag(value, out);
	default:
		return read_list(value, fact_fields[field].type, arena, out);
	}
}

static bool text_is(const struct text *text, const char *word)
{
	return text->length == strlen(word) && memcmp(text->bytes, word, text->length) == 0;
}

/* NULL, or the key without which a fact of this kind says nothing. */
static const char *missing(const struct fact *f)
{
	bool who = FACT_HAS(f, mac) || FACT_HAS(f, ip);

	switch (f->kind) {
	case FACT_ADDRESS:
		return !FACT_HAS(f, mac) ? "mac" : !FACT_HAS(f, ip) ? "ip" : NULL;
	case FACT_HOST:
		return who ? NULL : "mac";
	case FACT_NAME:
		return !FACT_HAS(f, name) || !f->name.length ? "name"
		       : !FACT_HAS(f, name_kind)	     ? "kind"
		       : who				     ? NULL
							     : "mac";
	case FACT_SERVICE:
		return !FACT_HAS(f, ip)						 ? "ip"
		       : !FACT_HAS(f, port)					 ? "port"
		       : !FACT_HAS(f, proto) || f->proto.length > WORD_BYTES_MAX ? "proto"
		       : FACT_HAS(f, state) && !text_is(&f->state, "open") && !text_is(&f->state, "closed")
			       ? "state"
			       : NULL;
	case FACT_FLOW:
		return !FACT_HAS(f, client)					 ? "client"
		       : !FACT_HAS(f, server)					 ? "server"
		       : !FACT_HAS(f, proto) || f->proto.length > WORD_BYTES_MAX ? "proto"
										 : NULL;
	case FACT_TRAIT:
		return !FACT_HAS(f, key) ? "key" : !FACT_HAS(f, value) ? "value" : NULL;
	case FACT_CONFLICT:
		return FACT_HAS(f, claims) ? NULL : "claims";
	case FACT_LOSS:
		return !FACT_HAS(f, counter) || f->counter.length > 128 ? "counter"
		       : !FACT_HAS(f, counter_value)			? "value"
									: NULL;
	default:
		return NULL;
	}
}

static const char *read_common(const struct json *json, struct fact *fact)
{
	int kind, source, confidence;

	if (json_kind(json) != JSON_OBJECT || !read_name(json_get(json, "fact"), fact_kind_find, &kind))
		return "fact";
	if (!read_name(json_get(json, "source"), fact_source_find, &source))
		return "source";
	if (!read_name(json_get(json, "confidence"), fact_confidence_find, &confidence))
		return "confidence";
	fact->kind = (enum fact_kind)kind;
	fact->source = (enum fact_source)source;
	fact->confidence = (enum fact_confidence)confidence;
	if (!read_seconds(json_get(json, "first"), &fact->first_us))
		return "first";
	if (!read_seconds(json_get(json, "last"), &fact->last_us) || fact->last_us < fact->first_us)
		return "last";
	if (!json_integer(json_get(json, "count"), NUMBER_MAX, &fact->count))
		return "count";
	return read_vlan(json_get(json, "vlan"), &fact->vlan) ? NULL : "vlan";
}

/* Whether another field of the same JSON name belongs to this kind (a service's port, a neighbor's port). */
static bool named_otherwise(enum fact_kind kind, enum fact_field field)
{
	for (int other = 0; other < FIELD_COUNT; other++)
		if (other != (int)field && strcmp(fact_fields[other].json, fact_fields[field].json) == 0 &&
		    fact_role(kind, (enum fact_field)other) != ROLE_NONE)
			return true;
	return false;
}

int fact_read(const struct json *json, struct arena *arena, struct fact *out, const char **key)
{
	struct fact fact = {0};

	*key = read_common(json, &fact);
	for (int i = 0; i < FIELD_COUNT && !*key; i++) {
		enum fact_field field = (enum fact_field)i;
		const struct json *value = json_get(json, fact_fields[field].json);

		if (!value)
			continue;
		if (fact_role(fact.kind, field) == ROLE_NONE) {
			if (!named_otherwise(fact.kind, field))
				*key = fact_fields[field].json;
			continue;
		}
		if (read_field(value, field, arena, &fact))
			fact.has |= UINT64_C(1) << field;
		else
			*key = fact_fields[field].json;
	}
	if (!*key)
		*key = missing(&fact);
	if (*key)
		return -EINVAL;
	*out = fact;
	return 0;
}
