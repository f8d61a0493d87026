// SPDX-License-Identifier: BSD-2-Clause
/*
 * mDNS and DNS-SD (RFC 6762, 6763): names and addresses, services with their ports, and what devices tell of
 * themselves in TXT records. Only responses, their answers and additional records.
 *
 * A record with TTL 0 takes back what was announced (RFC 6762 10.1): it says nothing. A service's address is that of the
 * SRV record's target in the same message; the sender's when it is among them or when there is none.
 *
 * Some repeat what others announce (reflectors between VLANs, proxies for those that sleep). Then the message has addresses, and none of them
 * is its sender's: what an instance tells of itself is said of the address that it has, and the rest of nobody.
 */
#include <errno.h>
#include <string.h>

#include "sensor/decode/dns_message.h"
#include "sensor/decode/tell.h"

enum { CACHE_FLUSH = 0x8000 }; /* of the class: RFC 6762 10.2 */
enum { MDNS_PORT = 5353, RESPONSE = 0x80 };
enum { TARGETS_MAX = 32 }; /* addresses of a message that services may refer to; more are not looked at */

struct target {
	struct dns_name name;
	struct ip ip;
};

struct addresses {
	size_t count;
	struct target item[TARGETS_MAX];
	struct ip speaker; /* of whom records without an address of their own speak; version 0: nobody knows */
};

/* What an instance of a service has for its place. */
struct instances {
	size_t count;
	struct target item[TARGETS_MAX];
};

static bool counts(const struct dns_record *record)
{
	return record->section != DNS_AUTHORITY && record->ttl_s > 0 && record->class == DNS_IN &&
	       record->owner.length > 0;
}

static int next_record(struct dns_message *message, struct dns_record *out)
{
	int more = dns_next(message, out);

	if (more == 1)
		out->class &= (uint16_t)~CACHE_FLUSH;
	return more;
}

static int read_addresses(struct dns_message message, struct addresses *out)
{
	struct dns_record record;
	int more;

	out->count = 0;
	while ((more = next_record(&message, &record)) == 1) {
		struct ip ip;

		if (out->count < TARGETS_MAX && counts(&record) && dns_address(&record, &ip) == 0)
			out->item[out->count++] = (struct target){record.owner, ip};
	}
	return more;
}

/* The sender, unless there are addresses of its kind and it has none of them; then whoever has all of these. */
static void find_speaker(const struct decode_context *ctx, struct addresses *addresses)
{
	const struct target *first = NULL;
	bool one = true;

	addresses->speaker = ctx->ip_src;
	for (size_t i = 0; i < addresses->count; i++) {
		const struct target *t = &addresses->item[i];

		if (t->ip.version != ctx->ip_src.version)
			continue;
		if (ip_equal(&t->ip, &ctx->ip_src))
			return;
		if (!first)
			first = t;
		one &= dns_name_equal(&t->name, &first->name);
	}
	if (first)
		addresses->speaker = one ? first->ip : (struct ip){};
}

static struct ip service_address(const struct decode_context *ctx, const struct addresses *addresses,
				 const struct dns_name *target)
{
	const struct ip *first = NULL;

	for (size_t i = 0; i < addresses->count; i++) {
		const struct target *t = &addresses->item[i];

		if (!dns_name_equal(&t->name, target))
			continue;
		if (ip_equal(&t->ip, &ctx->ip_src))
			return ctx->ip_src;
		if (!first)
			first = &t->ip;
	}
	return first ? *first : addresses->speaker;
}

/* Index of the label `_service` of `instance._service._proto.domain`, or -1 (RFC 6763 4.1, 7). */
static int service_label(const struct dns_name *name)
{
	for (size_t i = 0; i + 1 < name->label_count; i++) {
		struct text proto = dns_label(name, i + 1);

		if (dns_label(name, i).bytes[0] == '_' && proto.length == 4 &&
		    (strncasecmp(proto.bytes, "_tcp", 4) == 0 || strncasecmp(proto.bytes, "_udp", 4) == 0))
			return (int)i;
	}
	return -1;
}

/* "_ipp._tcp" of any name that holds it; empty otherwise. */
static struct text service_type(const struct dns_name *name)
{
	int index = service_label(name);

	if (index < 0)
		return (struct text){"", 0};

	struct text type = dns_label(name, (size_t)index);

	type.length = name->label_end[index + 1] - (size_t)(type.bytes - name->bytes);
	return type;
}

static void say_name(const struct decode_context *ctx, struct text name, struct text kind, const struct ip *ip,
		     struct fact_list *out)
{
	struct text copy = fact_text(out, name.bytes, name.length);
	struct fact *fact = fact_add(out, ctx, FACT_NAME, SOURCE_MDNS, CONFIDENCE_ANNOUNCED);

	FACT_SET(fact, name, copy);
	FACT_SET(fact, name_kind, kind);
	FACT_SET(fact, ip, *ip);
}

static void say_trait(const struct decode_context *ctx, struct text key, struct text value, const struct ip *ip,
		      struct fact_list *out)
{
	struct fact *fact;

	if (ip_is_unspecified(ip))
		return;
	fact = fact_add(out, ctx, FACT_TRAIT, SOURCE_MDNS, CONFIDENCE_ANNOUNCED);

	FACT_SET(fact, key, key);
	FACT_SET(fact, value, value);
	FACT_SET(fact, ip, *ip);
}

/* Where the instance of that name is; the speaker, when its record is not there. */
static const struct ip *instance_address(const struct addresses *addresses, const struct instances *instances,
					 const struct dns_name *name)
{
	for (size_t i = 0; i < instances->count; i++)
		if (dns_name_equal(&instances->item[i].name, name))
			return &instances->item[i].ip;
	return &addresses->speaker;
}

static int read_srv(const struct decode_context *ctx, const struct dns_message *message,
		    const struct addresses *addresses, struct dns_record *record, struct fact_list *out)
{
	struct dns_name target;

	wire_skip(&record->data, 4); /* priority, weight */
	uint16_t port = wire_u16(&record->data);
	if (record->data.bad || dns_name(message, &record->data, &target))
		return -EBADMSG;

	int index = service_label(&record->owner);
	struct ip ip = service_address(ctx, addresses, &target);

	if (index < 0 || ip_is_unspecified(&ip))
		return 0;

	bool udp = strncasecmp(dns_label(&record->owner, (size_t)index + 1).bytes, "_udp", 4) == 0;
	struct text name = fact_text(out, record->owner.bytes, record->owner.length);
	struct text host = fact_text(out, target.bytes, target.length);
	struct fact *fact = fact_add(out, ctx, FACT_SERVICE, SOURCE_MDNS, CONFIDENCE_ANNOUNCED);

	FACT_SET(fact, ip, ip);
	FACT_SET(fact, port, port);
	FACT_SET(fact, proto, udp ? TEXT("udp") : TEXT("tcp"));
	FACT_SET(fact, state, TEXT("open"));
	FACT_SET(fact, name, name);
	FACT_SET(fact, target, host);
	FACT_SET(fact, clients, 0);
	if (index > 0) {
		size_t length = record->owner.label_end[index - 1];

		say_name(ctx, (struct text){record->owner.bytes, length}, TEXT("instance"), &ip, out);
	}
	return 0;
}

/* Each string is `key=value`, or `key` alone (RFC 6763 6.3). */
static int read_txt(const struct decode_context *ctx, struct dns_record *record, const struct ip *ip,
		    struct fact_list *out)
{
	struct text type = service_type(&record->owner);

	while (record->data.left) {
		struct wire string = wire_nested(&record->data, wire_u8(&record->data));

		if (string.bad)
			return -EBADMSG;
		if (string.left == 0 || string.at[0] == '=' || type.length == 0)
			continue;

		char *room = fact_room(out, type.length + 1 + string.left);
		struct text value = {room, room ? type.length + 1 + string.left : 0};

		if (room) {
			memcpy(room, type.bytes, type.length);
			room[type.length] = ' ';
			memcpy(room + type.length + 1, string.at, string.left);
		}
		say_trait(ctx, TEXT("mdns.txt"), value, ip, out);
	}
	return 0;
}

/* `_services._dns-sd._udp.local` lists the types that a device has (RFC 6763 9); others list instances of the owner. */
static int read_ptr(const struct decode_context *ctx, const struct dns_message *message,
		    const struct addresses *addresses, const struct instances *instances,
		    struct dns_record *record, struct fact_list *out)
{
	struct dns_name target;

	if (dns_name(message, &record->data, &target))
		return -EBADMSG;

	bool listing = record->owner.length > 23 &&
		       strncasecmp(record->owner.bytes, "_services._dns-sd._udp.", 23) == 0;
	struct text type = service_type(listing ? &target : &record->owner);

	if (type.length)
		say_trait(ctx, TEXT("mdns.type"), fact_text(out, type.bytes, type.length),
			  instance_address(addresses, instances, &target), out);
	return 0;
}

static int read_record(const struct decode_context *ctx, const struct dns_message *message,
		       const struct addresses *addresses, const struct instances *instances,
		       struct dns_record *record, struct fact_list *out)
{
	struct ip ip;

	if (!counts(record))
		return 0;
	switch (record->type) {
	case DNS_A:
	case DNS_AAAA:
		if (dns_address(record, &ip) == 0)
			say_name(ctx, dns_labels_from(&record->owner, 0), TEXT("hostname"), &ip, out);
		return 0;
	case DNS_SRV:
		return read_srv(ctx, message, addresses, record, out);
	case DNS_TXT:
		return read_txt(ctx, record, instance_address(addresses, instances, &record->owner), out);
	case DNS_PTR:
		return read_ptr(ctx, message, addresses, instances, record, out);
	}
	return 0;
}

/* Where each instance is, by its SRV record. */
static void read_instances(const struct decode_context *ctx, struct dns_message message,
			   const struct addresses *addresses, struct instances *out)
{
	struct dns_message start = message;
	struct dns_record record;

	out->count = 0;
	while (out->count < TARGETS_MAX && next_record(&message, &record) == 1) {
		struct dns_name target;

		if (record.type != DNS_SRV || !counts(&record))
			continue;
		wire_skip(&record.data, 6); /* priority, weight, port */
		if (record.data.bad || dns_name(&start, &record.data, &target))
			continue;
		out->item[out->count++] =
			(struct target){record.owner, service_address(ctx, addresses, &target)};
	}
}

int decode_mdns(const struct decode_context *ctx, struct wire payload, struct fact_list *out)
{
	struct dns_message message;
	struct dns_record record;
	struct addresses addresses;
	struct instances instances;
	int more;

	if (dns_open(payload, &message))
		return -EBADMSG;
	if (!message.response || message.opcode != 0)
		return 0;
	if (read_addresses(message, &addresses) < 0 && !ctx->cut)
		return -EBADMSG;
	find_speaker(ctx, &addresses);
	read_instances(ctx, message, &addresses, &instances);
	/* To one that asked: others may have asked all, and the answer to all is for everybody (RFC 6762 6). */
	if (ctx->port_src == MDNS_PORT && ctx->asked.left > 2 && !(ctx->asked.at[2] & RESPONSE))
		tell_service(out, ctx, SOURCE_MDNS, MDNS_PORT, TEXT("mdns"));
	while ((more = next_record(&message, &record)) == 1)
		if (read_record(ctx, &message, &addresses, &instances, &record, out) && !ctx->cut)
			return -EBADMSG;
	return more < 0 && !ctx->cut ? -EBADMSG : 0;
}
