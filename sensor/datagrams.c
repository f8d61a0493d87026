// SPDX-License-Identifier: BSD-2-Clause
/*
 * UDP datagrams and TCP segments put together again. See datagrams.h.
 */
#include "sensor/datagrams.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/table.h"

enum {
	DATAGRAMS_MAX = 64,
	PIECES_MAX = 48,
	AGE_MAX_US = 30 * 1000000,
	LINK_HEADER_MAX = 64,
	IP_HEADER_MAX = 40,
	IPV4_HEADER = 20,
	IPV6_HEADER = 40,
	RECORD_BYTES_MAX = 65535, /* struct record_frame's captured */
};

struct datagram_key {
	uint64_t addr[4];
	vlan_packed vlan;
	uint32_t id;
	uint8_t version, proto, pad[2];
};

struct piece {
	uint32_t start, end;
};

struct datagram {
	struct table_entry entry;
	struct datagram_key key;
	int64_t first_us;
	uint8_t head[LINK_HEADER_MAX + IP_HEADER_MAX]; /* link and IP header of the first piece */
	uint32_t head_bytes, ip_bytes;		       /* ip_bytes: of head, the IP header's */
	uint8_t *bytes;
	uint32_t room, have, whole; /* whole: 0 until the last piece has come */
	uint32_t piece_count;
	struct piece pieces[PIECES_MAX];
};

struct datagrams {
	struct table *table;
	uint64_t given_up;
	struct record_frame *whole; /* handed out last */
};

/* What a fragment's headers say. */
struct fragment {
	uint32_t id, start, length;
	bool more;
	const uint8_t *bytes;
};

static void evict(void *context, void *entry)
{
	struct datagrams *f = context;
	struct datagram *d = entry;

	/* Of TCP only the first segments are copied: pieces without a beginning are of later ones, and nothing is missed. */
	f->given_up += d->key.proto == PROTO_UDP || d->head_bytes;
	free(d->bytes);
	d->bytes = NULL;
}

static void give_up(struct datagrams *f, struct datagram *d)
{
	evict(f, d);
	table_remove(f->table, d);
}

static bool read_v4(const uint8_t *ip, uint32_t seen, struct fragment *out)
{
	uint32_t header = (ip[0] & 15) * 4u, field = (uint32_t)ip[6] << 8 | ip[7];
	uint32_t total = (uint32_t)ip[2] << 8 | ip[3];

	if (total < header || total > seen || !(field & 0x3fff))
		return false;
	*out = (struct fragment){.id = (uint32_t)ip[4] << 8 | ip[5],
				 .start = (field & 0x1fff) * 8,
				 .length = total - header,
				 .more = field & 0x2000,
				 .bytes = ip + header};
	return true;
}

/* The parser has walked these headers already: they are all there. */
static bool read_v6(const uint8_t *ip, uint32_t seen, struct fragment *out)
{
	uint32_t total = IPV6_HEADER + ((uint32_t)ip[4] << 8 | ip[5]), at = IPV6_HEADER;
	uint8_t next = ip[6];

	while (next == PROTO_HOPOPTS || next == PROTO_DSTOPTS || next == PROTO_ROUTING) {
		if (at + 2 > seen)
			return false;
		next = ip[at];
		at += (ip[at + 1] + 1u) * 8;
	}
	if (next != PROTO_FRAGMENT || at + 8 > total || total > seen)
		return false;
	if (ip[at] != PROTO_UDP && ip[at] != PROTO_TCP)
		return false;

	uint32_t field = (uint32_t)ip[at + 2] << 8 | ip[at + 3];

	if (!(field & 0xfff9)) /* an atomic fragment: whole already (RFC 6946) */
		return false;
	*out = (struct fragment){
		.start = field & 0xfff8, .length = total - at - 8, .more = field & 1, .bytes = ip + at + 8};
	memcpy(&out->id, ip + at + 4, sizeof(out->id));
	return true;
}

static struct datagram *datagram_of(struct datagrams *f, const struct frame *frame, uint32_t id)
{
	const struct packet *p = &frame->packet;
	struct datagram_key key = {.vlan = p->vlan, .id = id, .version = p->version, .proto = p->proto};
	struct datagram *d;

	if (p->version == 4)
		memcpy(key.addr, p->addr_v4_n, sizeof(p->addr_v4_n));
	else
		memcpy(key.addr, p->addr_v6, sizeof(key.addr));
	d = table_find(f->table, &key);
	if (d && llabs(frame->ctx.time_us - d->first_us) > AGE_MAX_US) {
		give_up(f, d);
		d = NULL;
	}
	if (d)
		return d;
	d = table_add(f->table, &key);
	if (d)
		d->first_us = frame->ctx.time_us;
	return d;
}

/* 1 a new piece, 0 one that is there already, -1 one that overlaps, lies behind the last one or is one too many. */
static int place(struct datagram *d, const struct fragment *part)
{
	uint32_t end = part->start + part->length;

	for (uint32_t i = 0; i < d->piece_count; i++) {
		if (d->pieces[i].start == part->start && d->pieces[i].end == end)
			return 0;
		if (part->start < d->pieces[i].end && d->pieces[i].start < end)
			return -1;
		if (!part->more && d->pieces[i].end > end) /* behind the last one */
			return -1;
	}
	if (d->piece_count == PIECES_MAX || (d->whole && end > d->whole))
		return -1;
	d->pieces[d->piece_count++] = (struct piece){part->start, end};
	return 1;
}

static bool store(struct datagram *d, const struct fragment *part)
{
	uint32_t end = part->start + part->length;

	if (end + LINK_HEADER_MAX + IP_HEADER_MAX > RECORD_BYTES_MAX)
		return false;
	if (end > d->room) {
		uint8_t *grown = realloc(d->bytes, (size_t)end * 2);

		if (!grown)
			return false;
		d->bytes = grown;
		d->room = end * 2;
	}
	memcpy(d->bytes + part->start, part->bytes, part->length);
	d->have += part->length;
	if (!part->more)
		d->whole = end;
	return true;
}

/* Keep the first piece's link and IP header, as a packet has them that was never fragmented. */
static bool keep_head(struct datagram *d, const struct record_frame *record, const struct frame *frame)
{
	uint32_t link = (uint32_t)(frame->network - record->bytes);

	d->ip_bytes = frame->packet.version == 4 ? IPV4_HEADER : IPV6_HEADER;
	if (link > LINK_HEADER_MAX)
		return false;
	memcpy(d->head, record->bytes, link + d->ip_bytes);
	d->head_bytes = link + d->ip_bytes;
	return true;
}

static void write_head(const struct datagram *d, uint8_t *ip)
{
	uint32_t length = d->whole + (d->key.version == 4 ? IPV4_HEADER : 0);
	uint8_t *at = ip + (d->key.version == 4 ? 2 : 4);

	at[0] = (uint8_t)(length >> 8);
	at[1] = (uint8_t)length;
	if (d->key.version == 4) {
		ip[0] = 0x45;
		ip[6] = ip[7] = 0;
	} else {
		ip[6] = d->key.proto;
	}
}

static const struct record_frame *assemble(struct datagrams *f, const struct datagram *d,
					   const struct record_frame *last)
{
	uint32_t size = d->head_bytes + d->whole;
	struct record_frame *whole = realloc(f->whole, sizeof(*whole) + size);

	if (!whole)
		return NULL;
	f->whole = whole;
	*whole = *last;
	whole->captured = (__u16)size;
	whole->length = size;
	memcpy(whole->bytes, d->head, d->head_bytes);
	write_head(d, whole->bytes + d->head_bytes - d->ip_bytes);
	memcpy(whole->bytes + d->head_bytes, d->bytes, d->whole);
	return whole;
}

int datagrams_open(struct datagrams **out)
{
	struct datagrams *f = calloc(1, sizeof(*f));
	struct table_options options = {.key_size = sizeof(struct datagram_key),
					.entry_size = sizeof(struct datagram),
					.capacity = DATAGRAMS_MAX,
					.evict = evict,
					.context = f};

	if (!f)
		return -ENOMEM;
	if (table_open(&options, &f->table)) {
		free(f);
		return -ENOMEM;
	}
	*out = f;
	return 0;
}

const struct record_frame *datagrams_add(struct datagrams *f, const struct record_frame *record,
					 const struct frame *frame)
{
	const struct packet *p = &frame->packet;
	const struct record_frame *whole = NULL;
	struct fragment part;
	struct datagram *d;
	int placed;

	if ((p->proto != PROTO_UDP && p->proto != PROTO_TCP) || p->version == 0)
		return NULL;
	if (p->version == 4 ? !read_v4(frame->network, p->seen_bytes, &part)
			    : !read_v6(frame->network, p->seen_bytes, &part))
		return NULL;
	d = datagram_of(f, frame, part.id);
	if (!d)
		return NULL;
	placed = place(d, &part);
	if (placed == 0)
		return NULL;
	if (placed < 0 || !store(d, &part) || (part.start == 0 && !keep_head(d, record, frame))) {
		give_up(f, d);
		return NULL;
	}
	if (!d->whole || d->have < d->whole || !d->head_bytes)
		return NULL;
	if (d->have == d->whole)
		whole = assemble(f, d, record);
	f->given_up += whole == NULL;
	free(d->bytes);
	table_remove(f->table, d);
	return whole;
}

uint64_t datagrams_given_up(const struct datagrams *f)
{
	return f->given_up;
}

void datagrams_close(struct datagrams *f)
{
	if (!f)
		return;
	for (struct datagram *d = table_oldest(f->table); d; d = table_newer(f->table, d))
		free(d->bytes);
	table_close(f->table);
	free(f->whole);
	free(f);
}
