// SPDX-License-Identifier: BSD-2-Clause
/* Texts become options here, and what is wrong with them is said. See typed.h. */
#include "sensor/scan/typed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "defs/log.h"
#include "sensor/scan/aim.h"
#include "sensor/scan/options.h"
#include "sensor/scan/way.h"

static int cut_excludes(const struct scan_settings *s, struct typed *t)
{
	char *rest, *one;

	if (!s->exclude)
		return 0;
	rest = t->exclude_text = strdup(s->exclude);
	if (!rest)
		return -ENOMEM;
	while ((one = strsep(&rest, ", \t\n"))) {
		if (!*one)
			continue;
		if (t->options.exclude_count == TYPED_EXCLUDES_MAX) {
			log_error("--exclude: more than %d; give prefixes or ranges instead",
				  TYPED_EXCLUDES_MAX);
			return -E2BIG;
		}
		t->excludes[t->options.exclude_count++] = one;
	}
	t->options.excludes = t->excludes;
	return 0;
}

static int find_interface(const struct scan_settings *s, struct typed *t)
{
	int error;

	if (s->interface) {
		snprintf(t->interface, sizeof(t->interface), "%s", s->interface);
		return 0;
	}
	error = way_interface(t->options.targets[0], t->interface, sizeof(t->interface));
	if (error == -EINVAL)
		log_error("%.64s is not an address, a prefix (10.0.0.0/24) or a range (10.0.0.7-10.0.0.9)",
			  t->options.targets[0]);
	else if (error)
		log_error("there is no route to %.64s (%s); --interface names the port to ask through",
			  t->options.targets[0], strerror(-error));
	return error;
}

static void set_rates(const struct scan_settings *s, struct typed *t)
{
	struct scan_options *o = &t->options;

	scan_rate_parse(s->rate, &o->rate);
	o->host_rate = o->rate ? SCAN_HOST_RATE_DEFAULT : 0;
	o->subnet_rate = o->rate;
	if (s->host_rate)
		scan_rate_parse(s->host_rate, &o->host_rate);
	if (s->subnet_rate)
		scan_rate_parse(s->subnet_rate, &o->subnet_rate);
	if (s->shard)
		scan_shard_parse(s->shard, &o->shard, &o->shards);
}

static int set_resolver(const struct scan_settings *s, struct typed *t)
{
	const char *dns = s->dns;

	if (dns && !strcmp(dns, "none")) {
		t->options.no_names = true;
	} else if (dns) {
		if (ip_parse(dns, &t->resolver)) {
			log_error("--dns: \"%.64s\" is not an address, and not none", dns);
			return -EINVAL;
		}
		t->options.resolvers = &t->resolver;
		t->options.resolver_count = 1;
	}
	return 0;
}

static int read_credentials(const struct scan_settings *s, struct typed *t)
{
	struct snmp_credential read[SNMP_CREDENTIALS_MAX];
	int error =
		snmp_credentials_read(s->snmp_file, read, SNMP_CREDENTIALS_MAX, &t->options.credential_count);

	for (size_t i = 0; !error && i < t->options.credential_count; i++)
		t->credentials[i].snmp = read[i];
	explicit_bzero(read, sizeof(read));
	return error;
}

/* Whether targets, exclusions and ports can be read, and may be asked: that is said before anything is opened. */
static int check_texts(const struct typed *t)
{
	const struct scan_options *o = &t->options;
	char why[SPACE_WHY_BYTES] = "";
	struct space *space;
	size_t count = 1;
	int error = space_open(&space);

	if (error)
		return error;
	for (size_t i = 0; !error && i < o->target_count; i++)
		error = space_target(space, o->targets[i], why);
	for (size_t i = 0; !error && i < o->exclude_count; i++)
		error = space_exclude(space, o->excludes[i], why);
	space_close(space);
	if (error) {
		log_error("%s", why[0] ? why : strerror(-error));
		return error;
	}
	free(aim_ports_text(o, &count));
	if (!count)
		log_error("--ports: \"%.100s\" are not numbers and ranges from 1 to 65535, like "
			  "22,80,8000-8080, and not all",
			  o->ports);
	return count ? 0 : -EINVAL;
}

int typed_read(const struct scan_settings *s, char **targets, size_t count, struct typed *t)
{
	struct scan_options *o = &t->options;
	int error;

	if (!count) {
		log_error("whom? name an address, a prefix (10.0.0.0/24) or a range (10.0.0.7-10.0.0.9); "
			  "--help shows the usage");
		return -EINVAL;
	}
	*o = (struct scan_options){.interface = t->interface,
				   .targets = (const char *const *)targets,
				   .target_count = count,
				   .ports = s->ports,
				   .full = !strcmp(s->depth, "full"),
				   .udp = s->udp,
				   .identify = !s->no_identify,
				   .skip_alive = s->skip_alive,
				   .raw_print = s->print_ports,
				   .industrial = s->industrial,
				   .engine = strcmp(s->engine, "xdp") ? SCAN_URING : SCAN_XDP,
				   .shards = 1,
				   .credentials = t->credentials};
	set_rates(s, t);
	error = cut_excludes(s, t);
	if (!error)
		error = check_texts(t);
	if (!error)
		error = set_resolver(s, t);
	if (!error)
		error = find_interface(s, t);
	if (!error && s->snmp_file)
		error = read_credentials(s, t);
	return error;
}

void typed_free(struct typed *t)
{
	free(t->exclude_text);
	explicit_bzero(t->credentials, sizeof(t->credentials));
}
