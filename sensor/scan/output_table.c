// SPDX-License-Identifier: BSD-2-Clause
/* For people: a host, and below it what it serves. See output.h. */
#include <inttypes.h>
#include <string.h>

#include "sensor/scan/found.h"
#include "sensor/scan/output.h"
#include "sensor/scan/scan.h"

enum { DETAIL_SHOWN = 100 };

const char *output_detail(const struct found_port *port, char out[static OUTPUT_DETAIL_MAX])
{
	static const char *const keys[] = {"http.server",  "http.title",     "ssh.banner",     "tls.subject",
					   "dns.version",  "sip.server",     "sip.user_agent", "stun.software",
					   "bacnet.model", "mssql.instance", "plex.version"};
	size_t used = 0;
	const char *value;

	out[0] = 0;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		value = found_trait(&port->traits, keys[i]);
		if (value && used + 4 < OUTPUT_DETAIL_MAX)
			used += (size_t)snprintf(out + used, OUTPUT_DETAIL_MAX - used, "%s%.*s",
						 used ? ", " : "", DETAIL_SHOWN, value);
		if (used >= OUTPUT_DETAIL_MAX)
			used = OUTPUT_DETAIL_MAX - 1;
	}
	value = found_trait(&port->traits, "banner");
	if (!used && value)
		snprintf(out, OUTPUT_DETAIL_MAX, "%.*s", DETAIL_SHOWN, value);
	return out;
}

static void write_host(FILE *file, const struct found_host *host)
{
	char ip[ADDR_TEXT_MAX], mac[ADDR_TEXT_MAX], detail[OUTPUT_DETAIL_MAX];

	fprintf(file, "%s", ip_text(&host->ip, ip));
	if (!mac_is_zero(&host->mac))
		fprintf(file, "  %s", mac_text(&host->mac, mac));
	for (size_t i = 0; i < host->name_count; i++)
		fprintf(file, "%s%s", i ? ", " : "  ", host->names[i]);
	fputc('\n', file);
	if (host->middlebox)
		fprintf(file, "  answers for every port: something between here and there does, or the host "
			      "itself, so none of "
			      "them means anything\n");
	for (size_t i = 0; i < host->port_count; i++) {
		const struct found_port *port = &host->ports[i];

		fprintf(file, "  %5u/%s  %-6s  %-14s%s%s\n", port->port_h, port->udp ? "udp" : "tcp",
			port->closed ? "closed" : "open", port->name ? port->name : "?",
			*output_detail(port, detail) ? "  " : "", detail);
	}
	if (host->done && !host->middlebox && (host->closed || host->filtered))
		fprintf(file, "  others: %" PRIu32 " closed, %" PRIu32 " filtered (no answer)\n", host->closed,
			host->filtered);
}

void output_table(FILE *file, const struct found *found, const struct output_run *run)
{
	const struct scan_progress *end = run->end;

	for (size_t i = 0; i < found->up_count; i++) {
		write_host(file, &found->hosts[i]);
		fputc('\n', file);
	}
	fprintf(file,
		"%s: %" PRIu64 " of %" PRIu64 " addresses are there, %" PRIu64 " ports open; %" PRIu64
		" probes in %.1f s\n",
		run->stopped ? "stopped" : "done", end->probe.hosts_up, end->probe.hosts_asked, end->probe.open,
		end->probe.sent, (double)end->elapsed_us / 1e6);
	if (end->probe.saved)
		fprintf(file, "%" PRIu64 " probes were saved: traffic had told already\n", end->probe.saved);
	for (size_t i = 0; i < run->note_count; i++)
		fprintf(file, "%s\n", run->notes[i]);
	if (found->left_out)
		fprintf(file,
			"%" PRIu64 " findings are not in this list, which is full; --format json has all\n",
			found->left_out);
}
