/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether two hosts are one: what both say is added up. Enough of it makes them one, when the cards that say it are a
 * vendor's and not made up; less, or said by random MACs or by virtual machines, is a proposal that a person decides.
 */
#include <stdio.h>
#include <string.h>

#include "collector/identify_inside.h"

#define SILENT_US \
	(INT64_C(900) * 1000000) /* a host that was not seen for so long was gone before the other came */

enum {
	SCORE_MERGE = 60,
	SCORE_PROPOSE = 30,
	SCORE_FULL = 100,
	SCORE_ADDRESS = 30,   /* the newer one took over the address of the older */
	SCORE_SILENT = 20,    /* the older one was gone before the newer came */
	SCORE_OTHERWISE = 20, /* taken off: both have names, none of them in common, and both are there */
	SAID_BY_MAX = 4,      /* what more hosts than this say alike tells nothing */
	ROUNDS_MAX = 8,	      /* hosts that one host is merged with in one batch */
};

static const struct {
	int score;
	const char *words;
} weights[SIGNAL_KIND_COUNT] = {
	[SIGNAL_CLIENT_ID] = {60, "the DHCP client id"},
	[SIGNAL_DUID] = {60, "the DHCP unique id (DUID)"},
	[SIGNAL_SSH_KEY] = {50, "the SSH host key"},
	[SIGNAL_TLS_KEY] = {30, "the TLS key"},
	[SIGNAL_NAME] = {30, "the name"},
	[SIGNAL_FINGERPRINT] = {10, "the options its DHCP client asks for"},
};

struct weight {
	int score, safe; /* safe: of what cards of vendors say */
	const struct signal *best;
	const struct signal *own[SIGNAL_KIND_COUNT], *others[SIGNAL_KIND_COUNT];
	bool own_name, other_name, silent;
	const char *address;
};

/* The first three bytes of MACs that hypervisors and container engines make. Clones of a machine say alike. */
static const uint8_t machine_prefixes[][3] = {
	{0x00, 0x05, 0x69}, {0x00, 0x0c, 0x29}, {0x00, 0x1c, 0x14}, {0x00, 0x50, 0x56}, /* VMware */
	{0x08, 0x00, 0x27},								/* VirtualBox */
	{0x00, 0x15, 0x5d},								/* Hyper-V */
	{0x00, 0x16, 0x3e},								/* Xen */
	{0x00, 0x1c, 0x42},								/* Parallels */
	{0xbc, 0x24, 0x11},								/* Proxmox */
	{0x58, 0x9c, 0xfc},								/* bhyve */
	{0x00, 0x18, 0x51},								/* OpenVZ */
	{0x00, 0x21, 0xf6},								/* Oracle VM */
};

/* A card whose MAC its vendor gave it; those of QEMU (52:54:00) and Docker (02:42) are made up, as phones' are. */
static bool is_vendors(const struct signal *signal)
{
	if (!signal->has_mac || mac_is_random(&signal->mac))
		return false;
	for (size_t i = 0; i < sizeof(machine_prefixes) / sizeof(machine_prefixes[0]); i++)
		if (memcmp(machine_prefixes[i], signal->mac.bytes, sizeof(machine_prefixes[i])) == 0)
			return false;
	return true;
}

static bool alike(const struct signal *a, const struct signal *b)
{
	return a->kind == b->kind && strcmp(a->value, b->value) == 0;
}

static bool living(const struct signal *signal)
{
	return signal->host && !signal->host->row.gone;
}

/* How many hosts say this. */
static int said_by(const struct world *world, struct signal *signal)
{
	const struct host *seen[SAID_BY_MAX + 1];
	int count = 0;

	if (signal->said_by)
		return signal->said_by;
	for (const struct signal *one = world_signals_of(world, signal->kind, signal->value);
	     one && count <= SAID_BY_MAX; one = one->next_of_value) {
		bool known = false;

		if (!alike(one, signal) || !living(one))
			continue;
		for (int i = 0; i < count; i++)
			known |= seen[i] == one->host;
		if (!known)
			seen[count++] = one->host;
	}
	return signal->said_by = count;
}

/* The address that the newer host holds now, and that the older one had in the same VLAN. */
static const char *address_taken(const struct world *world, const struct host *older, const struct host *newer)
{
	for (const struct row *row = world->interfaces; row; row = row->next) {
		const struct interface *face = (const struct interface *)row;

		if (row->gone || face->host != newer || !face->has_mac || !face->has_ip ||
		    ip_is_link_local(&face->ip))
			continue;
		for (const struct interface *had = world_of_ip(world, &face->ip); had; had = had->next_of_ip)
			if (!had->row.gone && had->host == older && had->has_mac &&
			    ip_equal(&had->ip, &face->ip) &&
			    strcmp(row_text(&had->row, INTERFACE_vlan), row_text(row, INTERFACE_vlan)) == 0 &&
			    row_number(&had->row, INTERFACE_last_seen) <= row_number(row, INTERFACE_last_seen))
				return row_text(row, INTERFACE_ip);
	}
	return NULL;
}

static void weigh_alike(struct weight *w, const struct signal *own, const struct signal *other, bool safe[])
{
	enum signal_kind kind = own->kind;
	bool now_safe = is_vendors(own) && is_vendors(other);

	if (!w->own[kind] || (now_safe && !safe[kind])) {
		w->own[kind] = own;
		w->others[kind] = other;
		safe[kind] = now_safe;
	}
}

static void weigh(const struct world *world, const struct host *host, const struct host *other,
		  struct weight *w)
{
	bool other_newer = row_number(&other->row, HOST_first_seen) > row_number(&host->row, HOST_first_seen);
	const struct host *older = other_newer ? host : other, *newer = other_newer ? other : host;
	bool safe[SIGNAL_KIND_COUNT] = {false};

	*w = (struct weight){0};
	for (struct signal *a = host->signals; a; a = a->next_of_host) {
		w->own_name |= a->kind == SIGNAL_NAME;
		for (const struct signal *b = other->signals; b; b = b->next_of_host) {
			w->other_name |= b->kind == SIGNAL_NAME;
			if (alike(a, b) && (a->kind == SIGNAL_FINGERPRINT || said_by(world, a) <= SAID_BY_MAX))
				weigh_alike(w, a, b, safe);
		}
	}
	for (int kind = 0; kind < SIGNAL_KIND_COUNT; kind++) {
		if (!w->own[kind])
			continue;
		if (!w->best && kind != SIGNAL_FINGERPRINT)
			w->best = w->own[kind];
		w->score += weights[kind].score;
		w->safe += safe[kind] ? weights[kind].score : 0;
	}
	if (!w->best)
		return;
	w->silent =
		row_number(&older->row, HOST_last_seen) + SILENT_US < row_number(&newer->row, HOST_first_seen);
	w->address = address_taken(world, older, newer);
	if (w->address)
		w->score += SCORE_ADDRESS, w->safe += SCORE_ADDRESS;
	if (w->silent)
		w->score += SCORE_SILENT, w->safe += SCORE_SILENT;
	else if (w->own_name && w->other_name && !w->own[SIGNAL_NAME])
		w->score -= SCORE_OTHERWISE, w->safe -= SCORE_OTHERWISE;
	/* What no vendor's card says is never enough by itself. */
	if (!safe[w->best->kind])
		w->safe = 0;
	w->score = w->score > SCORE_FULL ? SCORE_FULL : w->score;
}

/* The reason in plain words. */
static const char *words(struct world *world, const struct weight *w, bool merges)
{
	struct buffer out = {0};
	const char *copy, *comma = "both say ";

	for (int kind = 0; kind < SIGNAL_KIND_COUNT; kind++) {
		if (!w->own[kind])
			continue;
		buffer_printf(&out, "%s%s", comma, weights[kind].words);
		if (kind != SIGNAL_FINGERPRINT)
			buffer_printf(&out, " %s", w->own[kind]->value);
		comma = ", ";
	}
	if (w->address)
		buffer_printf(&out, "; the newer one took over the address %s", w->address);
	if (w->silent)
		buffer_text(&out, "; the older one was gone before the newer one came");
	if (!merges && !is_vendors(w->best))
		buffer_text(&out, w->best->has_mac && mac_is_random(&w->best->mac)
					  ? "; but a MAC that a device made up says it"
					  : "; but machines that are cloned say alike");
	copy = world_copy(world, out.bytes ? out.bytes : "");
	world->failed |= out.failed;
	buffer_free(&out);
	return copy;
}

static void decide(struct world *world, enum decision_kind kind, const struct weight *w, struct host *stands,
		   struct host *other)
{
	bool merges = kind == DECISION_MERGE;
	struct decision *decision;

	world->identity.evidence = w->best->evidence;
	decision = identify_decide(world, kind, signal_names[w->best->kind], stands, other,
				   words(world, w, merges));
	world->identity.evidence = NULL;
	if (!decision)
		return;
	decision->score = w->score;
	decision->whole = merges && !other->row.is_new && !stands->row.is_new;
	decision->evidence[0] = w->best->evidence;
	decision->evidence[1] = w->others[w->best->kind]->evidence;
}

static bool is_better(const struct weight *w, const struct host *host, const struct weight *best,
		      const struct host *best_host)
{
	if (w->score != best->score)
		return w->score > best->score;
	return !best_host ||
	       row_number(&host->row, HOST_last_seen) > row_number(&best_host->row, HOST_last_seen);
}

/* The other host that has most in common with this one. */
static struct host *most_alike(const struct world *world, const struct host *host, struct weight *best)
{
	struct host *found = NULL;

	*best = (struct weight){0};
	for (struct signal *own = host->signals; own; own = own->next_of_host) {
		if (own->kind == SIGNAL_FINGERPRINT || said_by(world, own) > SAID_BY_MAX)
			continue;
		for (struct signal *one = world_signals_of(world, own->kind, own->value); one;
		     one = one->next_of_value) {
			struct weight w;

			if (!alike(one, own) || !living(one) || one->host == host || one->host == found ||
			    !identify_may_join(one->host, host))
				continue;
			weigh(world, host, one->host, &w);
			if (w.score < SCORE_PROPOSE || !is_better(&w, one->host, best, found))
				continue;
			*best = w;
			found = one->host;
		}
	}
	return found;
}

static void forget_counts(struct host *host)
{
	for (struct signal *signal = host->signals; signal; signal = signal->next_of_host)
		signal->said_by = 0;
}

static void seek(struct world *world, struct host *host)
{
	for (int round = 0; round < ROUNDS_MAX && !world->failed; round++) {
		struct weight w;
		struct host *other = most_alike(world, host, &w), *into;

		host->sought = true;
		if (!other)
			return;
		if (w.safe < SCORE_MERGE) {
			bool older = row_number(&other->row, HOST_first_seen) <=
				     row_number(&host->row, HOST_first_seen);

			decide(world, DECISION_PROPOSAL, &w, older ? other : host, older ? host : other);
			return;
		}
		into = identify_merge(world, host, other);
		decide(world, DECISION_MERGE, &w, into, into == host ? other : host);
		forget_counts(into);
		host = into;
	}
}

void identify_settle(struct world *world)
{
	for (struct row *row = world->hosts; row; row = row->next) {
		((struct host *)row)->signals = NULL;
		((struct host *)row)->sought = false;
	}
	for (struct signal *signal = world->identity.signals; signal; signal = signal->next) {
		const struct interface *face;

		if (signal->has_mac) {
			signal->host = identify_host_of_mac(world, &signal->mac);
		} else {
			face = world_holder(world, signal->vlan, &signal->ip);
			signal->host = face ? face->host : NULL;
		}
		if (!signal->host)
			continue;
		signal->next_of_host = signal->host->signals;
		signal->host->signals = signal;
		signal->host->asks |= signal->touched;
	}
	for (const struct signal *signal = world->identity.signals; signal && !world->failed;
	     signal = signal->next)
		if (living(signal) && signal->host->asks && !signal->host->sought)
			seek(world, signal->host);
}
