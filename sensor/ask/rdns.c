// SPDX-License-Identifier: BSD-2-Clause
/* The queue of addresses and the choice of resolvers. See rdns.h; what is asked and answered is in udp_ptr.c. */
#include "sensor/ask/rdns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/ask/udp.h"

enum { DNS_PORT = 53 };
enum {
	UNKNOWN_AT_ONCE = 4, /* questions to one that has not answered yet */
	KNOWN_AT_ONCE = 64,
	UNKNOWN_SILENCES = 3, /* then it is not asked any more */
	KNOWN_SILENCES = 32,
};
enum rank { GIVEN, ANNOUNCED, FOUND };

struct resolver {
	struct ip ip;
	enum rank rank;
	uint32_t running, answers, silences; /* silences: since the last answer */
};

_Static_assert(RDNS_RESOLVERS_MAX <= 8, "struct waiting has a bit for each");

struct waiting {
	struct ip ip;
	uint8_t asked; /* a bit for each resolver that was */
};

struct rdns {
	struct ask *ask;
	size_t resolver_count, first, count;
	uint64_t asked, answered, refused;
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
		rdns->resolver[rdns->resolver_count++] = (struct resolver){.ip = *ip, .rank = rank};
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

static bool is_dead(const struct resolver *resolver)
{
	return resolver->silences >= (resolver->answers ? KNOWN_SILENCES : UNKNOWN_SILENCES);
}

/* The best that this address was not asked of. One that was only found is asked where there is no better one. */
static struct resolver *choose(struct rdns *rdns, const struct waiting *waiting)
{
	struct resolver *best = NULL;
	bool better = false;

	for (size_t i = 0; i < rdns->resolver_count; i++) {
		struct resolver *each = &rdns->resolver[i];

		if (is_dead(each))
			continue;
		better |= each->rank < FOUND;
		if (!(waiting->asked >> i & 1) &&
		    (!best || badness(each, &waiting->ip) < badness(best, &waiting->ip)))
			best = each;
	}
	return best && better && best->rank == FOUND ? NULL : best;
}

static struct resolver *find(struct rdns *rdns, const struct ip *ip)
{
	for (size_t i = 0; i < rdns->resolver_count; i++)
		if (ip_equal(&rdns->resolver[i].ip, ip))
			return &rdns->resolver[i];
	return NULL;
}

static void over(void *to, const struct ip *ip, bool answered)
{
	struct rdns *rdns = to;
	struct resolver *resolver = find(rdns, ip);

	if (!resolver)
		return;
	resolver->running--;
	resolver->answers += answered;
	resolver->silences = answered ? 0 : resolver->silences + 1;
	rdns->answered += answered;
}

/* 0, or -EAGAIN: there is no room for it now. */
static int ask_one(struct rdns *rdns, struct resolver *resolver, struct waiting *waiting)
{
	int error;

	if (resolver->running >= (resolver->answers ? KNOWN_AT_ONCE : UNKNOWN_AT_ONCE))
		return -EAGAIN;
	error = ask_add_dialogue(rdns->ask, &udp_ptr, &resolver->ip, DNS_PORT, &waiting->ip, over, rdns);
	if (error == -EAGAIN)
		return error;
	waiting->asked |= (uint8_t)(1U << (resolver - rdns->resolver));
	rdns->asked += !error;
	resolver->running += !error;
	return 0;
}

size_t rdns_step(struct rdns *rdns)
{
	while (rdns->count) {
		struct waiting *head = &rdns->queue[rdns->first];
		struct resolver *resolver = choose(rdns, head);

		if (!resolver && !head->asked)
			return 0;
		if (resolver && __builtin_popcount(head->asked) < RDNS_RESOLVERS_EACH) {
			if (ask_one(rdns, resolver, head))
				return rdns->count;
			continue;
		}
		rdns->first = (rdns->first + 1) % RDNS_QUEUE_MAX;
		rdns->count--;
	}
	return 0;
}

void rdns_count(const struct rdns *rdns, struct rdns_counters *out)
{
	*out = (struct rdns_counters){.asked = rdns->asked,
				      .answered = rdns->answered,
				      .waiting = rdns->count,
				      .refused = rdns->refused};
}

void rdns_close(struct rdns *rdns)
{
	free(rdns);
}
