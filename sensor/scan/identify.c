// SPDX-License-Identifier: BSD-2-Clause
/*
 * One queue in front of ask/ and snmp/, both of which take only so much at a time. Its rate is in packets: a conversation has
 * exchanges, each of which counts as PACKETS_OF_EXCHANGE: what is sent, and what acknowledges the answer.
 */
#include "sensor/scan/identify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "defs/log.h"
#include "sensor/ask/ask.h"
#include "sensor/ask/rdns.h"
#include "sensor/ask/udp.h"
#include "sensor/scan/scan.h"
#include "sensor/snmp/snmp.h"

enum {
	WAITING_ROOM = IDENTIFY_WAITING_MAX *
		       4, /* full counts as IDENTIFY_WAITING_MAX; what comes meanwhile has room too */
	PACKETS_OF_EXCHANGE = 4,
	SNMP_RATE_MAX = 200,
	UDP_PORTS_MAX = 256,
	DNS_PORT = 53,
};

/* Waits for room in ask or snmp. */
struct waiting {
	struct ip ip;
	uint16_t port_h;
	uint8_t group; /* of credentials, from 1; 0: a port */
	bool udp;
	struct mac mac;
};

/* Credentials for the same hosts, and who asks with them. */
struct group {
	struct snmp_asker *asker;
	const struct scan_credential *first; /* its targets and port are those of all */
};

struct identify {
	const struct scan_options *options;
	const struct scan_sink *sink;
	struct ask *ask;
	struct rdns *rdns; /* NULL: nobody is asked for names */
	struct group groups[SNMP_CREDENTIALS_MAX];
	size_t group_count;
	uint16_t udp_ports[UDP_PORTS_MAX];
	size_t udp_count;
	struct waiting *ring;
	size_t first, count;
	bool stopped;
	struct identify_counters counters;
};

static bool text_is(struct text text, const char *word)
{
	return text.length == strlen(word) && !memcmp(text.bytes, word, text.length);
}

static void put(struct identify *i, const struct waiting *what)
{
	if (i->stopped)
		return;
	if (i->count == WAITING_ROOM) {
		i->counters.left_out++;
		return;
	}
	i->counters.told++;
	i->ring[(i->first + i->count++) % WAITING_ROOM] = *what;
}

/* A host that serves DNS by TCP most likely does by UDP, which is how names are asked for. */
static bool is_name_server(const struct fact *fact)
{
	return fact->kind == FACT_SERVICE && FACT_HAS(fact, name) && FACT_HAS(fact, port) &&
	       fact->port == DNS_PORT && text_is(fact->name, "dns") && text_is(fact->proto, "tcp");
}

static void hear_fact(void *context, const struct fact *fact)
{
	struct identify *i = context;

	if (fact->kind == FACT_NAME)
		i->counters.names++;
	if (i->rdns)
		rdns_learn(i->rdns, fact);
	if (i->rdns && !i->udp_count && is_name_server(fact)) {
		struct waiting what = {.ip = fact->ip, .port_h = DNS_PORT, .udp = true};

		put(i, &what);
	}
	i->sink->fact(i->sink->context, fact);
}

static void ask_done(void *context, const struct ip *ip, uint16_t port_h, const char *proto, const char *name)
{
	struct identify *i = context;

	(void)ip;
	(void)port_h;
	i->counters.done++;
	i->counters.udp_open += *name && text_is((struct text){proto, strlen(proto)}, "udp");
}

static void snmp_done(void *context, const struct ip *ip, int credential)
{
	struct identify *i = context;

	(void)ip;
	i->counters.done++;
	i->counters.snmp_devices += credential >= 0;
}

static int open_ask(struct identify *i)
{
	struct ask_options options = {
		.interface = i->options->interface, .say = hear_fact, .done = ask_done, .context = i};

	return ask_open(&options, &i->ask);
}

/* Those that a person named, and those that the network has announced: rdns.c judges the latter. */
static int open_rdns(struct identify *i)
{
	const struct scan_options *o = i->options;
	struct ip_list dns = {0};
	struct fact route = {.kind = FACT_ROUTE, .source = SOURCE_DHCP};
	int error;

	if (o->no_names)
		return 0;
	error = rdns_open(i->ask, o->resolvers, o->resolver_count, &i->rdns);
	if (error)
		return error;
	for (size_t n = 0; n < o->announced_count && n < FACT_LIST_MAX; n++)
		dns.item[dns.count++] = o->announced[n];
	FACT_SET(&route, dns, &dns);
	if (dns.count)
		rdns_learn(i->rdns, &route);
	return 0;
}

static bool same_hosts(const struct scan_credential *a, const struct scan_credential *b)
{
	return a->port_h == b->port_h && a->target_count == b->target_count &&
	       (!a->target_count || !memcmp(a->targets, b->targets, a->target_count * sizeof(*a->targets)));
}

/* The credentials that go to the same hosts as this one: one asker tries them in their order. */
static int open_group(struct identify *i, const struct scan_credential *first)
{
	struct snmp_credential *same = calloc(i->options->credential_count, sizeof(*same));
	struct snmp_options options = {.credentials = same,
				       .interface = i->options->interface,
				       .say = hear_fact,
				       .done = snmp_done,
				       .context = i};
	struct group *group = &i->groups[i->group_count];
	int error;

	if (!same)
		return -ENOMEM;
	for (size_t n = 0; n < i->options->credential_count; n++)
		if (same_hosts(&i->options->credentials[n], first))
			same[options.credential_count++] = i->options->credentials[n].snmp;
	if (i->options->rate && i->options->rate / 4 < SNMP_RATE_MAX)
		options.rate = i->options->rate / 4 ? i->options->rate / 4 : 1;
	error = snmp_asker_open(&options, &group->asker);
	explicit_bzero(same, i->options->credential_count * sizeof(*same));
	free(same);
	if (error)
		return error;
	group->first = first;
	i->group_count++;
	return 0;
}

static int open_snmp(struct identify *i)
{
	int error = 0;

	for (size_t n = 0; !error && n < i->options->credential_count && n < SNMP_CREDENTIALS_MAX; n++) {
		const struct scan_credential *credential = &i->options->credentials[n];
		bool there = false;

		for (size_t g = 0; g < i->group_count; g++)
			there |= same_hosts(i->groups[g].first, credential);
		if (!there)
			error = open_group(i, credential);
	}
	return error;
}

static void choose_udp(struct identify *i)
{
	if (i->options->udp || i->options->full)
		i->udp_count = udp_ports(i->udp_ports, UDP_PORTS_MAX);
	if (i->udp_count > UDP_PORTS_MAX)
		i->udp_count = UDP_PORTS_MAX;
	for (size_t n = 0; n < i->udp_count; n++) { /* said once, not of every host */
		const struct dialogue *row = dialogue_udp(i->udp_ports[n]);
		char note[SCAN_NOTE_MAX];

		if (!row->silence)
			continue;
		snprintf(note, sizeof(note), "%u/udp: %s", i->udp_ports[n], row->silence);
		i->sink->note(i->sink->context, note);
	}
}

int identify_open(const struct scan_options *options, const struct scan_sink *sink, struct identify **out)
{
	struct identify *i = calloc(1, sizeof(*i));
	int error = -ENOMEM;

	if (!i)
		return error;
	i->options = options;
	i->sink = sink;
	i->ring = calloc(WAITING_ROOM, sizeof(*i->ring));
	if (i->ring)
		error = open_ask(i);
	else
		log_error("out of memory");
	if (!error)
		error = open_rdns(i);
	if (!error)
		error = open_snmp(i);
	if (error) {
		identify_close(i);
		return error;
	}
	choose_udp(i);
	*out = i;
	return 0;
}

void identify_host(struct identify *i, const struct ip *ip, const struct mac *mac)
{
	struct waiting what = {.ip = *ip, .udp = true, .mac = *mac};

	if (i->rdns && rdns_add(i->rdns, ip))
		i->counters.left_out++;
	for (size_t n = 0; n < i->udp_count; n++) {
		what.port_h = i->udp_ports[n];
		put(i, &what);
	}
	for (size_t g = 0; g < i->group_count; g++) {
		const struct scan_credential *first = i->groups[g].first;
		bool meant = !first->target_count;

		for (size_t n = 0; n < first->target_count; n++)
			meant |= prefix_holds(&first->targets[n], ip);
		what.group = (uint8_t)(g + 1);
		what.port_h = first->port_h;
		if (meant)
			put(i, &what);
	}
}

void identify_port(struct identify *i, const struct ip *ip, uint16_t port_h)
{
	struct waiting what = {.ip = *ip, .port_h = port_h};

	put(i, &what);
}

bool identify_full(const struct identify *i)
{
	return i->count >= IDENTIFY_WAITING_MAX;
}

void identify_rate(struct identify *i, uint32_t rate)
{
	uint32_t exchanges = rate / PACKETS_OF_EXCHANGE;

	ask_rate(i->ask, rate && !exchanges ? 1 : exchanges);
}

/* 0 when it is taken or never will be, -EAGAIN when there is no room now. */
static int hand_over(struct identify *i, const struct waiting *what)
{
	int error;

	if (!what->group) {
		struct ask_target target = {.ip = what->ip,
					    .port_h = what->port_h,
					    .udp = what->udp,
					    .raw_print_allowed = i->options->raw_print,
					    .industrial_allowed = i->options->industrial};

		error = ask_add(i->ask, &target);
	} else {
		struct snmp_target target = {.ip = what->ip,
					     .port_h = what->port_h,
					     .has_mac = !mac_is_zero(&what->mac),
					     .mac = what->mac};

		error = snmp_asker_add(i->groups[what->group - 1].asker, &target);
	}
	if (error && error != -EAGAIN) /* never spoken to */
		i->counters.done++;
	return error == -EAGAIN ? error : 0;
}

size_t identify_fds(const struct identify *i, int fds[static IDENTIFY_FDS])
{
	size_t count = 0;

	fds[count++] = ask_fd(i->ask);
	for (size_t g = 0; g < i->group_count; g++)
		fds[count++] = snmp_asker_fd(i->groups[g].asker);
	return count;
}

int identify_step(struct identify *i, int64_t now_us, int64_t *next_us)
{
	int64_t next;
	int result, busy = 0;

	while (i->count && !hand_over(i, &i->ring[i->first])) {
		i->first = (i->first + 1) % WAITING_ROOM;
		i->count--;
	}
	*next_us = INT64_MAX;
	if (i->rdns && rdns_step(i->rdns))
		busy = 1;
	for (size_t n = 0; n <= i->group_count; n++) {
		next = INT64_MAX;
		result = n ? snmp_asker_step(i->groups[n - 1].asker, now_us, &next)
			   : ask_step(i->ask, now_us, &next);
		if (result < 0)
			return result;
		if (result && next < *next_us)
			*next_us = next;
		busy |= result;
	}
	return busy || i->count;
}

void identify_stop(struct identify *i)
{
	i->stopped = true;
	i->count = 0;
	ask_stop(i->ask);
	for (size_t g = 0; g < i->group_count; g++)
		snmp_asker_stop(i->groups[g].asker);
}

void identify_count(const struct identify *i, struct identify_counters *out)
{
	*out = i->counters;
}

void identify_close(struct identify *i)
{
	if (!i)
		return;
	if (i->ask)
		ask_close(i->ask);
	rdns_close(i->rdns);
	for (size_t g = 0; g < i->group_count; g++)
		snmp_asker_close(i->groups[g].asker);
	free(i->ring);
	free(i);
}
