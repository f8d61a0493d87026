// SPDX-License-Identifier: BSD-2-Clause
/*
 * nmap's XML, so that what reads nmap's reads this: ndiff, nmap's style sheet, the parsers of others. Element by element as in nmap.dtd
 * (xmloutputversion 1.05). Texts are clean already; what XML itself would read is escaped here.
 */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "sensor/scan/found.h"
#include "sensor/scan/output.h"
#include "sensor/scan/scan.h"

static void write_text(FILE *file, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", file);
			break;
		case '<':
			fputs("&lt;", file);
			break;
		case '>':
			fputs("&gt;", file);
			break;
		case '"':
			fputs("&quot;", file);
			break;
		default:
			fputc(*text, file);
		}
	}
}

static void attribute(FILE *file, const char *name, const char *value)
{
	fprintf(file, " %s=\"", name);
	write_text(file, value);
	fputc('"', file);
}

static const char *time_text(int64_t seconds, char out[static 32])
{
	time_t time = (time_t)seconds;
	struct tm parts;

	/* As asctime() has it, which nmap uses. */
	strftime(out, 32, "%a %b %e %H:%M:%S %Y", localtime_r(&time, &parts));
	return out;
}

static void write_head(FILE *file, const struct output_run *run)
{
	char text[32];

	fprintf(file, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE nmaprun>\n");
	fprintf(file, "<nmaprun scanner=\"nmap\"");
	attribute(file, "args", run->arguments);
	fprintf(file, " start=\"%" PRId64 "\"", run->start_s);
	attribute(file, "startstr", time_text(run->start_s, text));
	fprintf(file, " version=\"netvisor-sensor " NETVISOR_VERSION "\" xmloutputversion=\"1.05\">\n");
	fprintf(file, "<scaninfo type=\"syn\" protocol=\"tcp\" numservices=\"%zu\"", run->port_count);
	attribute(file, "services", run->ports);
	fprintf(file, "/>\n<verbose level=\"0\"/>\n<debugging level=\"0\"/>\n");
}

/*
 * All that is known beyond state and service as one script's result: ndiff of nmap 7.93 can't read a port that has two (it sorts what has no
 * order).
 */
static void write_traits(FILE *file, const struct found_traits *traits)
{
	if (!traits->count)
		return;
	fprintf(file, "<script id=\"netvisor\" output=\"");
	for (size_t i = 0; i < traits->count; i++) {
		fputs(i ? "&#xa;" : "", file);
		write_text(file, traits->item[i].key);
		fputs(": ", file);
		write_text(file, traits->item[i].value);
	}
	fprintf(file, "\">");
	for (size_t i = 0; i < traits->count; i++) {
		fprintf(file, "<elem");
		attribute(file, "key", traits->item[i].key);
		fputc('>', file);
		write_text(file, traits->item[i].value);
		fprintf(file, "</elem>");
	}
	fprintf(file, "</script>");
}

static void write_service(FILE *file, const struct found_port *port)
{
	const char *product = found_trait(&port->traits, "http.server");
	bool tls = found_trait(&port->traits, "tls.subject") || (port->name && !strcmp(port->name, "https"));

	if (!port->name)
		return;
	if (!product)
		product = found_trait(&port->traits, "ssh.banner");
	fprintf(file, "<service");
	/* nmap calls a protocol inside TLS by its own name. */
	attribute(file, "name", strcmp(port->name, "https") ? port->name : "http");
	if (product)
		attribute(file, "product", product);
	fprintf(file, "%s method=\"probed\" conf=\"10\"/>", tls ? " tunnel=\"ssl\"" : "");
}

static void write_port(FILE *file, const struct found_port *port)
{
	fprintf(file, "<port protocol=\"%s\" portid=\"%u\">", port->udp ? "udp" : "tcp", port->port_h);
	fprintf(file, "<state state=\"%s\" reason=\"%s\" reason_ttl=\"0\"/>", port->closed ? "closed" : "open",
		port->closed ? "reset"
		: port->udp  ? "udp-response"
			     : "syn-ack");
	write_service(file, port);
	write_traits(file, &port->traits);
	fprintf(file, "</port>\n");
}

static void write_extra(FILE *file, const char *state, const char *reason, uint32_t count)
{
	if (count)
		fprintf(file,
			"<extraports state=\"%s\" count=\"%" PRIu32
			"\"><extrareasons reason=\"%s\" count=\"%" PRIu32 "\"/></extraports>\n",
			state, count, reason, count);
}

static void write_host(FILE *file, const struct found_host *host)
{
	bool link = !mac_is_zero(&host->mac);
	char text[ADDR_TEXT_MAX];

	fprintf(file, "<host starttime=\"%" PRId64 "\" endtime=\"%" PRId64 "\"%s>", host->first_us / 1000000,
		host->last_us / 1000000,
		host->middlebox ? " comment=\"answers for every port: its ports mean nothing\"" : "");
	fprintf(file, "<status state=\"up\" reason=\"%s\" reason_ttl=\"0\"/>\n",
		!link			? "echo-reply"
		: host->ip.version == 4 ? "arp-response"
					: "nd-response");
	fprintf(file, "<address addr=\"%s\" addrtype=\"ipv%u\"/>\n", ip_text(&host->ip, text),
		host->ip.version);
	if (link)
		fprintf(file, "<address addr=\"%s\" addrtype=\"mac\"/>\n", mac_text(&host->mac, text));
	fprintf(file, "<hostnames>\n");
	for (size_t i = 0; i < host->name_count; i++) {
		fprintf(file, "<hostname");
		attribute(file, "name", host->names[i]);
		fprintf(file, " type=\"PTR\"/>\n");
	}
	fprintf(file, "</hostnames>\n<ports>");
	write_extra(file, "closed", "reset", host->closed);
	write_extra(file, "filtered", "no-response", host->filtered);
	for (size_t i = 0; i < host->port_count; i++)
		write_port(file, &host->ports[i]);
	fprintf(file, "</ports>\n");
	if (host->traits.count) {
		fprintf(file, "<hostscript>");
		write_traits(file, &host->traits);
		fprintf(file, "</hostscript>\n");
	}
	fprintf(file, "</host>\n");
}

void output_xml(FILE *file, const struct found *found, const struct output_run *run)
{
	const struct scan_progress *end = run->end;
	uint64_t down = end->probe.hosts_asked > found->up_count ? end->probe.hosts_asked - found->up_count : 0;
	char text[32], summary[160];

	write_head(file, run);
	for (size_t i = 0; i < found->up_count; i++)
		write_host(file, &found->hosts[i]);
	snprintf(summary, sizeof(summary),
		 "netvisor-sensor %s; %" PRIu64 " IP addresses (%zu hosts up) scanned in %.2f seconds",
		 run->stopped ? "was stopped" : "done", down + found->up_count, found->up_count,
		 (double)end->elapsed_us / 1e6);
	fprintf(file, "<runstats><finished time=\"%" PRId64 "\"", run->end_s);
	attribute(file, "timestr", time_text(run->end_s, text));
	attribute(file, "summary", summary);
	fprintf(file, " elapsed=\"%.2f\" exit=\"%s\"/>", (double)end->elapsed_us / 1e6,
		run->stopped ? "error" : "success");
	fprintf(file,
		"<hosts up=\"%zu\" down=\"%" PRIu64 "\" total=\"%" PRIu64 "\"/>\n</runstats>\n</nmaprun>\n",
		found->up_count, down, down + found->up_count);
}
