// SPDX-License-Identifier: BSD-2-Clause
/*
 * A fact as one row of bytes. See fact_pack.h. Each key is its number and its content; texts carry their length, lists
 * their count, numbers seven bits a byte, lowest first, the last one's highest bit clear. The form never leaves this process.
 */
#include "sensor/fact_pack.h"

#include <errno.h>
#include <string.h>

#include "defs/limits.h"
#include "sensor/text.h"

struct packer {
	uint8_t *at;
	size_t left;
	bool bad;
	uint64_t cut;
};

static void put(struct packer *p, const void *bytes, size_t length)
{
	if (length > p->left) {
		p->bad = true;
		return;
	}
	if (length)
		memcpy(p->at, bytes, length);
	p->at += length;
	p->left -= length;
}

static void put_text(struct packer *p, struct text text)
{
	struct text kept = text_cut(text, STREAM_TEXT_BYTES_MAX);
	uint16_t length = (uint16_t)kept.length;

	p->cut += kept.length < text.length;
	put(p, &length, sizeof(length));
	put(p, kept.bytes, kept.length);
}

static void put_number(struct packer *p, uint64_t number)
{
	uint8_t bytes[10];
	size_t length = 0;

	for (; number > 0x7f; number >>= 7)
		bytes[length++] = (uint8_t)(number | 0x80);
	bytes[length++] = (uint8_t)number;
	put(p, bytes, length);
}

/* Of an address, with its version. */
static size_t ip_size(uint8_t version)
{
	return version == 4 ? 1 + 4 : sizeof(struct ip);
}

static void put_list(struct packer *p, enum fact_type type, const void *list)
{
	const struct ip_list *ips = list;
	const struct text_list *texts = list;
	const struct claim_list *claims = list;
	uint8_t count = (uint8_t)(type == TYPE_IPS     ? ips->count
				  : type == TYPE_TEXTS ? texts->count
						       : claims->count);

	put(p, &count, 1);
	for (size_t i = 0; i < count; i++) {
		if (type == TYPE_IPS)
			put(p, &ips->item[i], sizeof(ips->item[i]));
		else if (type == TYPE_TEXTS)
			put_text(p, texts->item[i]);
		else
			put(p, claims->item[i], sizeof(claims->item[i]));
	}
}

static void put_field(struct packer *p, const struct fact *fact, uint8_t number)
{
	const struct fact_field_info *field = &fact_fields[number];
	const void *at = (const char *)fact + field->offset;

	put(p, &number, 1);
	switch (field->type) {
	case TYPE_MAC:
		put(p, at, sizeof(struct mac));
		break;
	case TYPE_IP:
		put(p, at, ip_size(((const struct ip *)at)->version));
		break;
	case TYPE_TEXT:
		put_text(p, *(const struct text *)at);
		break;
	case TYPE_NUMBER:
		put_number(p, *(const uint64_t *)at);
		break;
	case TYPE_BOOL:
		put(p, at, sizeof(bool));
		break;
	case TYPE_IPS:
	case TYPE_TEXTS:
	case TYPE_CLAIMS:
		put_list(p, field->type, *(void *const *)at);
		break;
	}
}

static uint32_t put_part(struct packer *p, const struct fact *fact, enum fact_role role)
{
	uint8_t *start = p->at;
	uint64_t has = fact->has;

	while (has) {
		int field = __builtin_ctzll(has);

		has &= has - 1;
		if (fact_role(fact->kind, field) == role)
			put_field(p, fact, (uint8_t)field);
	}
	return (uint32_t)(p->at - start);
}

int fact_pack(const struct fact *fact, uint8_t *out, struct fact_pack *parts, uint64_t *cut)
{
	struct packer p = {.at = out, .left = FACT_PACK_BYTES_MAX};
	uint8_t head[3] = {(uint8_t)fact->kind, (uint8_t)fact->source, fact->vlan.count};
	uint8_t confidence = (uint8_t)fact->confidence;

	put(&p, head, sizeof(head));
	put(&p, fact->vlan.id, head[2] * sizeof(fact->vlan.id[0]));
	uint32_t identity = (uint32_t)(p.at - out) + put_part(&p, fact, ROLE_IDENTITY);
	put(&p, &confidence, 1);
	uint32_t value = 1 + put_part(&p, fact, ROLE_VALUE);
	uint32_t measure = put_part(&p, fact, ROLE_MEASURE);

	*cut += p.cut;
	if (p.bad)
		return -EMSGSIZE;
	*parts = (struct fact_pack){identity, value, measure};
	return 0;
}

static const uint8_t *take_text(const uint8_t *at, struct text *out)
{
	uint16_t length;

	memcpy(&length, at, sizeof(length));
	*out = (struct text){(const char *)at + sizeof(length), length};
	return at + sizeof(length) + length;
}

static const uint8_t *take_number(const uint8_t *at, uint64_t *out)
{
	*out = 0;
	for (unsigned int shift = 0;; shift += 7) {
		*out |= (uint64_t)(*at & 0x7f) << shift;
		if (!(*at++ & 0x80))
			return at;
	}
}

static const uint8_t *take_ips(const uint8_t *at, struct ip_list *out)
{
	out->count = *at++;
	memcpy(out->item, at, out->count * sizeof(out->item[0]));
	return at + out->count * sizeof(out->item[0]);
}

static const uint8_t *take_list(const uint8_t *at, enum fact_type type, void **out, struct fact_lists *lists,
				size_t *ips_used)
{
	if (type == TYPE_IPS) {
		*out = &lists->ips[*ips_used];
		return take_ips(at, &lists->ips[(*ips_used)++]);
	}
	if (type == TYPE_CLAIMS) {
		*out = &lists->claims;
		lists->claims.count = *at++;
		memcpy(lists->claims.item, at, lists->claims.count * sizeof(lists->claims.item[0]));
		return at + lists->claims.count * sizeof(lists->claims.item[0]);
	}
	*out = &lists->texts;
	lists->texts.count = *at++;
	for (size_t i = 0; i < lists->texts.count; i++)
		at = take_text(at, &lists->texts.item[i]);
	return at;
}

static size_t fixed_size(enum fact_type type, const uint8_t *at)
{
	return type == TYPE_MAC ? sizeof(struct mac) : type == TYPE_IP ? ip_size(*at) : sizeof(bool);
}

static void take_part(const uint8_t *at, size_t length, struct fact *out, struct fact_lists *lists,
		      size_t *ips_used)
{
	const uint8_t *end = at + length;

	while (at < end) {
		uint8_t number = *at++;
		const struct fact_field_info *field = &fact_fields[number];
		void *to = (char *)out + field->offset;

		out->has |= UINT64_C(1) << number;
		if (field->type == TYPE_TEXT) {
			at = take_text(at, to);
		} else if (field->type == TYPE_NUMBER) {
			at = take_number(at, to);
		} else if (field->type == TYPE_IPS || field->type == TYPE_TEXTS || field->type == TYPE_CLAIMS) {
			at = take_list(at, field->type, to, lists, ips_used);
		} else {
			memcpy(to, at, fixed_size(field->type, at));
			at += fixed_size(field->type, at);
		}
	}
}

void fact_unpack(const uint8_t *bytes, const struct fact_pack *parts, struct fact *out,
		 struct fact_lists *lists)
{
	const uint8_t *at = bytes, *value = bytes + parts->identity, *measure = value + parts->value;
	size_t ips_used = 0;

	memset(out, 0, sizeof(*out));
	out->kind = *at++;
	out->source = *at++;
	out->vlan.count = *at++;
	memcpy(out->vlan.id, at, out->vlan.count * sizeof(out->vlan.id[0]));
	at += out->vlan.count * sizeof(out->vlan.id[0]);
	take_part(at, (size_t)(value - at), out, lists, &ips_used);
	out->confidence = *value++;
	take_part(value, (size_t)(measure - value), out, lists, &ips_used);
	take_part(measure, parts->measure, out, lists, &ips_used);
}
