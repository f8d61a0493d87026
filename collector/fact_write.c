/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fact as JSON, and as the bytes that tell it from others, both by the tables of defs/facts.h.
 */
#include <inttypes.h>
#include <string.h>

#include "collector/conclude.h"
#include "collector/secret.h"

static void write_field(const struct fact *fact, enum fact_field field, struct buffer *out)
{
	const void *at = (const char *)fact + fact_fields[field].offset;
	char address[ADDR_TEXT_MAX];
	const struct text *text;

	switch (fact_fields[field].type) {
	case TYPE_MAC:
		buffer_printf(out, "\"%s\"", mac_text(at, address));
		break;
	case TYPE_IP:
		buffer_printf(out, "\"%s\"", ip_text(at, address));
		break;
	case TYPE_TEXT:
		text = at;
		buffer_json(out, text->bytes, text->length);
		break;
	case TYPE_NUMBER:
		buffer_printf(out, "%" PRIu64, *(const uint64_t *)at);
		break;
	case TYPE_BOOL:
		buffer_text(out, *(const bool *)at ? "true" : "false");
		break;
	case TYPE_IPS: {
		const struct ip_list *list = *(struct ip_list *const *)at;

		for (size_t i = 0; i < list->count; i++)
			buffer_printf(out, "%s\"%s\"", i ? "," : "[", ip_text(&list->item[i], address));
		buffer_text(out, list->count ? "]" : "[]");
		break;
	}
	case TYPE_TEXTS: {
		const struct text_list *list = *(struct text_list *const *)at;

		buffer_text(out, "[");
		for (size_t i = 0; i < list->count; i++) {
			buffer_text(out, i ? "," : "");
			buffer_json(out, list->item[i].bytes, list->item[i].length);
		}
		buffer_text(out, "]");
		break;
	}
	case TYPE_CLAIMS: {
		const struct claim_list *list = *(struct claim_list *const *)at;

		for (size_t i = 0; i < list->count; i++)
			buffer_printf(out, "%s\"%s\"", i ? "," : "[", list->item[i]);
		buffer_text(out, list->count ? "]" : "[]");
		break;
	}
	}
}

static void write_vlan(const struct fact *fact, struct buffer *out)
{
	buffer_text(out, "[");
	for (size_t i = 0; i < fact->vlan.count; i++)
		buffer_printf(out, "%s%u", i ? "," : "", fact->vlan.id[i]);
	buffer_text(out, "]");
}

void conclude_fact_json(const struct fact *fact, struct buffer *out)
{
	buffer_printf(out, "{\"fact\":\"%s\",\"source\":\"%s\",\"confidence\":\"%s\",\"first\":",
		      fact_kind_names[fact->kind], fact_source_names[fact->source],
		      fact_confidence_names[fact->confidence]);
	buffer_seconds(out, fact->first_us);
	buffer_text(out, ",\"last\":");
	buffer_seconds(out, fact->last_us);
	buffer_printf(out, ",\"count\":%" PRIu64 ",\"vlan\":", fact->count);
	write_vlan(fact, out);
	for (int field = 0; field < FIELD_COUNT; field++) {
		if (!(fact->has >> field & 1))
			continue;
		buffer_key(out, fact_fields[field].json);
		write_field(fact, (enum fact_field)field, out);
	}
	buffer_text(out, "}");
}

void conclude_identity(const struct fact *fact, const char *sensor_id, struct buffer *out)
{
	buffer_printf(out, "%s|%d|%d|", sensor_id, fact->kind, fact->source);
	write_vlan(fact, out);
	for (int field = 0; field < FIELD_COUNT; field++) {
		if (!(fact->has >> field & 1) || fact_role(fact->kind, (enum fact_field)field) != ROLE_IDENTITY)
			continue;
		buffer_printf(out, "|%s=", fact_fields[field].json);
		write_field(fact, (enum fact_field)field, out);
	}
}

void conclude_id(const struct fact *fact, const char *sensor_id, char out[static ID_TEXT_MAX])
{
	struct buffer identity = {0};

	conclude_identity(fact, sensor_id, &identity);
	/* Without memory it is the id of nothing, which the short way does not know; the long way fails then. */
	id_of(identity.failed ? "" : identity.bytes, identity.failed ? 0 : identity.length, out);
	buffer_free(&identity);
}

int64_t conclude_values(const struct fact *fact)
{
	struct buffer values = {0};
	uint8_t hash[SECRET_HASH_BYTES];
	int64_t short_hash;
	bool any = false;

	buffer_printf(&values, "%d|", fact->confidence);
	for (int field = 0; field < FIELD_COUNT; field++) {
		if (!(fact->has >> field & 1) || fact_role(fact->kind, (enum fact_field)field) != ROLE_VALUE)
			continue;
		any = true;
		buffer_printf(&values, "|%s=", fact_fields[field].json);
		write_field(fact, (enum fact_field)field, &values);
	}
	/* Most facts have none, and need no hash to say so. */
	if (!any || values.failed) {
		buffer_free(&values);
		return values.failed ? 0 : 1 + fact->confidence;
	}
	secret_hash(values.bytes, values.length, hash);
	memcpy(&short_hash, hash, sizeof(short_hash));
	buffer_free(&values);
	return short_hash;
}
