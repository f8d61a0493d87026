// SPDX-License-Identifier: BSD-2-Clause
/*
 * The root of each spanning tree that is heard (IEEE 802.1D-2004, 9 and 17): the bridge with the lowest id. It is another one when
 *   - a lower id comes to a root that is established, or
 *   - the root falls silent for longer than anybody believes its word (40 s at most), and another one is established instead.
 * A bridge that has just begun takes itself for the root until it hears better: a higher id beside a root that goes on tells nothing. A root
 * that comes back is none other; and where two trees are heard at one port each has its own.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/conflict/inside.h"

enum { TREES_MAX = 4096, KNOWN_MAX = 8, ESTABLISHED_HELLOS = 3 };

static const int64_t established_us = SECONDS_US(3), settled_us = SECONDS_US(30), silent_us = SECONDS_US(40);

/* Cisco's trees of VLANs go to a group of their own, and may tell the VLAN. */
struct tree_key {
	vlan_packed vlan;
	uint16_t told_vlan;
	bool cisco;
	uint8_t pad[5];
};

struct heard {
	uint64_t id;
	int64_t first_us, last_us;
	uint64_t hellos;
};

struct tree {
	struct table_entry entry;
	struct tree_key key;
	struct heard root, other; /* other: would be the next one */
	size_t known_count;
	uint64_t known[KNOWN_MAX]; /* roots that it had */
};

struct roots {
	struct mouth *mouth;
	struct table *trees;
};

/* "PRIORITY.MAC" as the number by which bridges compare; 0 when it is none. */
static uint64_t id_of(const struct text *text)
{
	char line[32], *end;
	unsigned long priority;
	struct mac mac;
	uint64_t id;

	if (text->length >= sizeof(line))
		return 0;
	memcpy(line, text->bytes, text->length);
	line[text->length] = 0;
	priority = strtoul(line, &end, 10);
	if (end == line || *end != '.' || priority > UINT16_MAX || mac_parse(end + 1, &mac))
		return 0;
	id = priority;
	for (size_t i = 0; i < 6; i++)
		id = id << 8 | mac.bytes[i];
	return id;
}

static struct mac mac_of(uint64_t id)
{
	struct mac mac;

	for (size_t i = 0; i < 6; i++)
		mac.bytes[i] = (uint8_t)(id >> (40 - 8 * i));
	return mac;
}

static bool is_known(const struct tree *tree, uint64_t id)
{
	for (size_t i = 0; i < tree->known_count; i++)
		if (tree->known[i] == id)
			return true;
	return false;
}

static void say(struct roots *r, const struct tree *tree, const struct heard *now)
{
	struct conflict conflict = {.what = "root",
				    .source = SOURCE_STP,
				    .vlan = tree->key.vlan,
				    .mac = mac_of(now->id),
				    .first_us = now->first_us,
				    .last_us = now->last_us,
				    .count = now->hellos};
	struct mac was = mac_of(tree->root.id);

	conflict_claims_mac(&conflict, &was);
	conflict_claims_mac(&conflict, &conflict.mac);
	conflict_say(r->mouth, &conflict);
}

static void crown(struct roots *r, struct tree *tree, const struct heard *now)
{
	/* With another priority it is the same bridge. */
	if (tree->root.id && !is_known(tree, now->id) && (now->id ^ tree->root.id) << 16)
		say(r, tree, now);
	if (!is_known(tree, now->id)) {
		if (tree->known_count == KNOWN_MAX)
			memmove(tree->known, tree->known + 1, --tree->known_count * sizeof(tree->known[0]));
		tree->known[tree->known_count++] = now->id;
	}
	tree->root = *now;
	tree->other = (struct heard){};
}

static void hello(struct heard *heard, uint64_t id, int64_t time_us)
{
	if (heard->id != id || time_us - heard->last_us > silent_us)
		*heard = (struct heard){.id = id, .first_us = time_us};
	heard->last_us = time_us;
	heard->hellos++;
}

static void hear(struct roots *r, struct tree *tree, uint64_t id, int64_t time_us)
{
	struct heard *root = &tree->root, *other = &tree->other;
	bool established;

	if (root->id == id) {
		if (time_us - root->last_us > silent_us)
			root->first_us = time_us;
		root->last_us = time_us;
		root->hellos++;
		return;
	}
	hello(other, id, time_us);
	established = root->hellos >= ESTABLISHED_HELLOS && root->last_us - root->first_us >= established_us;
	if (!root->id) {
		crown(r, tree, &(struct heard){id, time_us, time_us, 1});
	} else if (!established && id < root->id) {
		/* Those that began together are still finding out. */
		tree->known_count = 0;
		root->id = 0;
		crown(r, tree, &(struct heard){id, time_us, time_us, 1});
	} else if (id < root->id ||
		   (time_us - root->last_us > silent_us && time_us - other->first_us >= settled_us)) {
		crown(r, tree, &(struct heard){id, other->first_us, time_us, other->hellos});
	}
}

void roots_hear(struct roots *r, vlan_packed vlan, const struct decode_context *ctx, const struct fact *bpdu)
{
	struct tree_key key = {.vlan = vlan,
			       .told_vlan = FACT_HAS(bpdu, native_vlan) ? (uint16_t)bpdu->native_vlan : 0,
			       .cisco = ctx->mac_dst.bytes[0] == 0x01 && ctx->mac_dst.bytes[1] == 0x00};
	uint64_t id = id_of(&bpdu->root);
	struct tree *tree = id ? table_find(r->trees, &key) : NULL;

	if (!tree && id)
		tree = table_add(r->trees, &key);
	if (tree)
		hear(r, tree, id, ctx->time_us);
}

int roots_open(struct mouth *m, struct roots **out)
{
	struct roots *r = calloc(1, sizeof(*r));
	struct table_options trees = {
		.key_size = sizeof(struct tree_key), .entry_size = sizeof(struct tree), .capacity = TREES_MAX};

	if (!r)
		return -ENOMEM;
	r->mouth = m;
	if (table_open(&trees, &r->trees)) {
		free(r);
		return -ENOMEM;
	}
	*out = r;
	return 0;
}

uint64_t roots_evicted(const struct roots *r)
{
	return table_evicted(r->trees);
}

void roots_close(struct roots *r)
{
	if (!r)
		return;
	table_close(r->trees);
	free(r);
}
