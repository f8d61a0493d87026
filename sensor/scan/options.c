// SPDX-License-Identifier: BSD-2-Clause
/*
 * The rows of `netvisor-sensor scan`. What is gentle is the default; each row that widens it says what it does to the
 * network that is asked.
 */
#include "sensor/scan/options.h"

#include <ctype.h>
#include <errno.h>
#include <net/if.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { RATE_MAX = 100000000, SHARDS_MAX = 65536 };

#define AT(member) .offset = offsetof(struct scan_settings, member)

static const struct option_row rows[] = {
	{.name = "interface",
	 .letter = 'i',
	 .env = "NETVISOR_INTERFACE",
	 .type = OPTION_TEXT,
	 .argument = "IF",
	 AT(interface),
	 .help = "The port to ask through. Default: that of the route to the first target."},
	{.name = "ports",
	 .letter = 'p',
	 .type = OPTION_TEXT,
	 .argument = "PORTS",
	 AT(ports),
	 .help = "TCP ports to ask, like 22,80,8000-8080, or all. Default: those that service definitions "
		 "name; "
		 "all with --depth full."},
	{.name = "depth",
	 .type = OPTION_CHOICE,
	 .argument = "DEPTH",
	 .fallback = "light",
	 .choices = "light|full",
	 AT(depth),
	 .help = "full: all ports, UDP and SNMP too. At the default rate a host takes eleven minutes then."},
	{.name = "rate",
	 .type = OPTION_TEXT,
	 .argument = "PPS",
	 .fallback = "1000",
	 AT(rate),
	 .help = "Probes a second in all, or unlimited."},
	{.name = "host-rate",
	 .type = OPTION_TEXT,
	 .argument = "PPS",
	 AT(host_rate),
	 .help = "Probes a second to one address, or unlimited. Default: 100, and unlimited when --rate is."},
	{.name = "subnet-rate",
	 .type = OPTION_TEXT,
	 .argument = "PPS",
	 AT(subnet_rate),
	 .help = "Probes a second to one /24 (IPv6: /64), or unlimited. Default: as --rate."},
	{.name = "engine",
	 .type = OPTION_CHOICE,
	 .argument = "ENGINE",
	 .fallback = "uring",
	 .choices = "uring|xdp",
	 AT(engine),
	 .help = "What sends: io_uring, on any port; or a program in the kernel, many times as fast, for ports "
		 "whose driver can redirect frames."},
	{.name = "skip-alive",
	 .type = OPTION_FLAG,
	 AT(skip_alive),
	 .help = "Take every address for a host that is there, instead of asking first who is."},
	{.name = "exclude",
	 .type = OPTION_TEXT,
	 .argument = "LIST",
	 AT(exclude),
	 .help = "Addresses, prefixes and ranges that are never asked, with commas between them."},
	{.name = "no-identify",
	 .type = OPTION_FLAG,
	 AT(no_identify),
	 .help = "Only say which ports are open; do not speak to them."},
	{.name = "udp",
	 .type = OPTION_FLAG,
	 AT(udp),
	 .help = "Ask each host by UDP protocols too: DNS, NTP, SNMP, mDNS, SSDP, NetBIOS, SIP, IKE and "
		 "others. "
		 "Part of --depth full."},
	{.name = "print-ports",
	 .type = OPTION_FLAG,
	 AT(print_ports),
	 .help = "Ask raw print ports too (515, 9100 to 9107): some printers print what they are sent."},
	{.name = "industrial",
	 .type = OPTION_FLAG,
	 AT(industrial),
	 .help = "Ask the ports of industrial protocols too (Modbus, S7, EtherNet/IP, BACnet, DNP3 and "
		 "others): some "
		 "controllers stop when they are asked something unexpected."},
	{.name = "snmp-file",
	 .type = OPTION_PATH,
	 .argument = "FILE",
	 AT(snmp_file),
	 .help = "Ask hosts by SNMP with the credentials in FILE, one a line: `v1 COMMUNITY`, `v2c COMMUNITY`, "
		 "or `v3 USER [AUTH PASSPHRASE [PRIV PASSPHRASE]]`. Only its owner may be able to read it."},
	{.name = "dns",
	 .type = OPTION_TEXT,
	 .argument = "SERVER",
	 AT(dns),
	 .help = "Ask this server for the names of hosts; none: nobody is asked. Default: hosts found that "
		 "serve DNS."},
	{.name = "shard",
	 .type = OPTION_TEXT,
	 .argument = "PART",
	 AT(shard),
	 .help = "Ask only this part of the work: 2/5 is the second of five, so that five machines can share "
		 "it."},
	{.name = "resume",
	 .type = OPTION_PATH,
	 .argument = "FILE",
	 AT(resume),
	 .help = "Keep in FILE how far the scan is, and go on from there when it holds that of the same scan. "
		 "It is removed "
		 "at the end."},
	{.name = "dry-run",
	 .type = OPTION_FLAG,
	 AT(dry_run),
	 .help = "Send nothing: write a line for each probe that would be sent. Needs no rights."},
	{.name = "format",
	 .type = OPTION_CHOICE,
	 .argument = "FORMAT",
	 .fallback = "table",
	 .choices = "table|json|nmap-xml",
	 AT(format),
	 .help = "table is for people; json: one fact a line, as soon as it is known; nmap-xml: what nmap's "
		 "tools read."},
	{.name = "output",
	 .letter = 'o',
	 .type = OPTION_PATH,
	 .argument = "FILE",
	 .fallback = "-",
	 AT(output),
	 .help = "Write what is found to FILE; - is standard output."},
	{.name = "progress",
	 .type = OPTION_CHOICE,
	 .argument = "WHEN",
	 .fallback = "auto",
	 .choices = "auto|always|never",
	 AT(progress),
	 .help = "Show rate, what was found and the time that remains on standard error. auto: in place on a "
		 "terminal, "
		 "otherwise a line every ten seconds; always: a line each second."},
	{.name = "log-level",
	 .env = "NETVISOR_LOG_LEVEL",
	 .type = OPTION_CHOICE,
	 .argument = "LEVEL",
	 .fallback = "warn",
	 .choices = "trace|debug|info|warn|error",
	 AT(log_level),
	 .help = "How much is written to standard error."},
};

int scan_rate_parse(const char *text, uint32_t *out)
{
	unsigned long number;
	char *end;

	if (!strcmp(text, "unlimited")) {
		*out = 0;
		return 0;
	}
	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || *end || !number || number > RATE_MAX)
		return -EINVAL;
	*out = (uint32_t)number;
	return 0;
}

int scan_shard_parse(const char *text, uint32_t *shard, uint32_t *shards)
{
	unsigned long part, parts;
	char *end;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	part = strtoul(text, &end, 10);
	if (*end != '/' || !isdigit((unsigned char)end[1]))
		return -EINVAL;
	parts = strtoul(end + 1, &end, 10);
	if (*end || !part || part > parts || parts > SHARDS_MAX)
		return -EINVAL;
	*shard = (uint32_t)part - 1;
	*shards = (uint32_t)parts;
	return 0;
}

static int check_rate(const char *option, const char *text, char *why, size_t size)
{
	uint32_t rate;

	if (!text || !scan_rate_parse(text, &rate))
		return 0;
	snprintf(why, size,
		 "--%s: \"%.32s\" is not a number of packets a second from 1 to %d, and not unlimited", option,
		 text, RATE_MAX);
	return -EINVAL;
}

static int check(const void *settings, char *why, size_t size)
{
	const struct scan_settings *s = settings;
	uint32_t shard, shards;

	if (s->interface && (strlen(s->interface) >= IF_NAMESIZE || strchr(s->interface, '/'))) {
		snprintf(why, size, "--interface: \"%.64s\" can't be the name of a port; `ip link` lists them",
			 s->interface);
		return -EINVAL;
	}
	if (check_rate("rate", s->rate, why, size) || check_rate("host-rate", s->host_rate, why, size) ||
	    check_rate("subnet-rate", s->subnet_rate, why, size))
		return -EINVAL;
	if (s->shard && scan_shard_parse(s->shard, &shard, &shards)) {
		snprintf(why, size,
			 "--shard: \"%.32s\" is not of the form I/N, like 2/5: the second of five parts",
			 s->shard);
		return -EINVAL;
	}
	if (s->dry_run && s->resume) {
		snprintf(why, size,
			 "--dry-run and --resume exclude each other: nothing is sent, so nothing is done");
		return -EINVAL;
	}
	return 0;
}

const struct option_command scan_command_options = {
	.program = "netvisor-sensor",
	.name = "scan",
	.summary = "Ask a network who is there, which ports are open and what they are. Gently, and nobody but "
		   "TARGET.\n"
		   "TARGET is an address, a prefix (10.0.0.0/24), or a range (10.0.0.7-10.0.0.9).",
	.operands = "TARGET...",
	.rows = rows,
	.row_count = sizeof(rows) / sizeof(rows[0]),
	.check = check,
};
