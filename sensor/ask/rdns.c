// SPDX-License-Identifier: BSD-2-Clause
/* The queue of addresses and the choice of resolvers. See rdns.h; what is asked and answered is in udp_ptr.c. */
#include "sensor/ask/rdns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/ask/udp.h"

enum { DNS_PORT = 53 };
enum rank { GIVEN, ANNOUNCED, FOUND };

struct resolver {
	struct ip ip;
	enum rank rank;
};

struct waiting {
	struct ip ip;
	uint8_t asked; /* resolvers so far */
};

struct rdns {
	struct ask *ask;
	size_t resolver_count, first, count;
	uint64_t asked, refused;
	struct resolver resolver[RDNS_RESOLVERS_MAX];
	struct waiting queue[RDNS_QUEUE_MAX];
};

static void add_resolver(struct rdns *rdns, const struct ip *ip, enum rank rank)
{
	for (size_t i = 0; i < rdns->resolver_count; i++)
		if (ip_equal(&rdns->resolver[i].ip, ip)) {
			if (rank < rdns->resolver[i].rank)
				rdns->resolver[i].rank = rank;
			return;
		}
	if (rdns->resolver_count < RDNS_RESOLVERS_MAX && !ip_is_unspecified(ip) && !ip_is_multicast(ip))
		rdns->resolver[rdns->resolver_count++] = (struct resolver){*ip, rank};
}

int rdns_open(struct ask *ask, const struct ip *given, size_t count, struct rdns **out)
{
	struct rdns *rdns = calloc(1, sizeof(*rdns));

	if (!rdns)
		return -ENOMEM;
	rdns->ask = ask;
	for (size_t i = 0; i < count; i++)
		add_resolver(rdns, &given[i], GIVEN);
	*out = rdns;
	return 0;
}

/* RFC 1918, RFC 6598, RFC 4193, and link-local: what no router of the Internet carries. Not loopback. */
static bool is_private(const struct ip *ip)
{
	const uint8_t *b = ip->bytes;

	if (ip->version == 6)
		return (b[0] & 0xfe) == 0xfc || ip_is_link_local(ip);
	return b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168) ||
	       (b[0] == 100 && (b[1] & 0xc0) == 64) || ip_is_link_local(ip);
}

static bool text_is(struct text text, const char *word)
{
	return text.length == strlen(word) && memcmp(text.bytes, word, text.length) == 0;
}

void rdns_learn(struct rdns *rdns, const struct fact *fact)
{
	if (fact->kind == FACT_ROUTE && FACT_HAS(fact, dns)) {
		for (size_t i = 0; i < fact->dns->count; i++) {
			if (is_private(&fact->dns->item[i]))
				add_resolver(rdns, &fact->dns->item[i], ANNOUNCED);
			else
				rdns->refused++;
		}
	} else if (fact->kind == FACT_SERVICE && fact->source == SOURCE_PROBE && FACT_HAS(fact, ip) &&
		   FACT_HAS(fact, name) && FACT_HAS(fact, proto) && FACT_HAS(fact, state) &&
		   fact->port == DNS_PORT && text_is(fact->name, "dns") && text_is(fact->proto, "udp") &&
		   text_is(fact->state, "open")) {
		add_resolver(rdns, &fact->ip, FOUND);
	}
}

int rdns_add(struct rdns *rdns, const struct ip *address)
{
	if (rdns->count == RDNS_QUEUE_MAX)
		return -EAGAIN;
	rdns->queue[(rdns->first + rdns->count++) % RDNS_QUEUE_MAX] = (struct waiting){*address, 0};
	return 0;
}

static bool same_subnet(const struct ip *a, const struct ip *b)
{
	return a->version == b->version && memcmp(a->bytes, b->bytes, a->version == 4 ? 3 : 8) == 0;
}

static unsigned int badness(const struct resolver *resolver, const struct ip *address)
{
	return (unsigned int)resolver->rank * 2 + !same_subnet(&resolver->ip, address);
}

/* The resolver that is number `nth` for this address, or NULL. One that was only found is asked where there is no better one. */
static const struct resolver *choose(const struct rdns *rdns, const struct ip *address, unsigned int nth)
{
	const struct resolver *best = NULL;
	unsigned int taken = 0; /* bits of those that were before */
	bool better = false;

	for (unsigned int round = 0; round <= nth; round++) {
		size_t at = 0;

		best = NULL;
		for (size_t i = 0; i < rdns->resolver_count; i++)
			if (!(taken >> i & 1) &&
			    (!best || badness(&rdns->resolver[i], address) < badness(best, address))) {
				best = &rdns->resolver[i];
				at = i;
			}
		if (!best || (better && best->rank == FOUND))
			return NULL;
		better = best->rank < FOUND;
		taken |= 1U << at;
	}
	return best;
}

size_t rdns_step(struct rdns *rdns)
{
	while (rdns->count) {
		struct waiting *head = &rdns->queue[rdns->first];
		const struct resolver *resolver = choose(rdns, &head->ip, head->asked);

		if (!resolver && head->asked == 0)
			return 0;
		if (resolver && head->asked < RDNS_RESOLVERS_EACH) {
			int error = ask_add_dialogue(rdns->ask, &udp_ptr, &resolver->ip, DNS_PORT, &head->ip);

			if (error == -EAGAIN)
				return rdns->count;
			rdns->asked += !error;
			head->asked++;
			continue;
		}
		rdns->first = (rdns->first + 1) % RDNS_QUEUE_MAX;
		rdns->count--;
	}
	return 0;
}

void rdns_count(const struct rdns *rdns, struct rdns_counters *out)
{
	*out = (struct rdns_counters){.asked = rdns->asked, .waiting = rdns->count, .refused = rdns->refused};
}

void rdns_close(struct rdns *rdns)
{
	free(rdns);
}
