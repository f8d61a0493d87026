// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a scan has found, written in its forms: given these facts, then this table and this XML, which nmap's own document type and ndiff accept.
 * A server that sends control characters and markup stays text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sensor/scan/found.h"
#include "sensor/scan/output.h"
#include "sensor/scan/scan.h"
#include "sensor/text.h"
#include "tests/tap.h"

static const struct ip web = {.version = 4, .bytes = {192, 0, 2, 7}},
		       printer = {.version = 4, .bytes = {192, 0, 2, 9}},
		       six = {.version = 6, .bytes = {0x20, 1, 0xd, 0xb8, [15] = 5}};

static struct fact fact_of(enum fact_kind kind, const struct ip *ip)
{
	struct fact fact = {.kind = kind,
			    .source = SOURCE_PROBE,
			    .first_us = INT64_C(1764355000000000),
			    .last_us = INT64_C(1764355001000000),
			    .count = 1};

	FACT_SET(&fact, ip, *ip);
	return fact;
}

static void see_address(struct found *f, const struct ip *ip, uint8_t last)
{
	struct fact fact = fact_of(FACT_ADDRESS, ip);

	FACT_SET(&fact, mac, (struct mac){{2, 0, 0, 0, 0, last}});
	found_fact(f, &fact);
}

static void see_port(struct found *f, const struct ip *ip, uint16_t port, struct text proto, struct text name)
{
	struct fact fact = fact_of(FACT_SERVICE, ip);

	FACT_SET(&fact, port, port);
	FACT_SET(&fact, proto, proto);
	FACT_SET(&fact, state, TEXT("open"));
	if (name.length)
		FACT_SET(&fact, name, name);
	found_fact(f, &fact);
}

static void see_trait(struct found *f, const struct ip *ip, uint16_t port, struct text key, struct text value)
{
	struct fact fact = fact_of(FACT_TRAIT, ip);

	if (port)
		FACT_SET(&fact, port, port);
	FACT_SET(&fact, key, key);
	FACT_SET(&fact, value, value);
	found_fact(f, &fact);
}

static void see_name(struct found *f, const struct ip *ip, struct text name)
{
	struct fact fact = fact_of(FACT_NAME, ip);

	FACT_SET(&fact, name, name);
	FACT_SET(&fact, name_kind, TEXT("fqdn"));
	found_fact(f, &fact);
}

/* In an order in which nothing is sorted. */
static void see_all(struct found *f)
{
	see_address(f, &printer, 9);
	see_port(f, &printer, 631, TEXT("tcp"), TEXT(""));
	see_address(f, &web, 7);
	see_port(f, &web, 8443, TEXT("tcp"), TEXT(""));
	see_port(f, &web, 8443, TEXT("tcp"), TEXT("https"));
	see_trait(f, &web, 8443, TEXT("tls.subject"), TEXT("CN=web.example"));
	see_trait(f, &web, 8443, TEXT("tls.san"), TEXT("web.example"));
	see_port(f, &web, 53, TEXT("udp"), TEXT("dns"));
	see_port(f, &web, 22, TEXT("tcp"), TEXT("ssh"));
	see_trait(f, &web, 22, TEXT("ssh.banner"), TEXT("SSH-2.0-\x1b[2J\xc2\x9b\"<evil>&\xff\xef\xbf\xbe"));
	see_name(f, &web, TEXT("web.example"));
	see_name(f, &web, TEXT("web.example"));
	see_trait(f, &web, 0, TEXT("tcp.syn"), TEXT("64240"));
	found_done(f, &(struct scan_host){.ip = web, .open = 2, .closed = 296, .filtered = 2});
	found_done(f, &(struct scan_host){.ip = six, .open = 300, .middlebox = true});
}

static char *written(void (*write)(FILE *, const struct found *, const struct output_run *),
		     const struct found *f)
{
	const struct scan_progress end = {
		.probe = {.hosts_asked = 254, .hosts_up = 3, .open = 3, .sent = 1254, .saved = 12},
		.elapsed_us = 2500000};
	const char *const notes[] = {"A note."};
	const struct output_run run = {.arguments = "netvisor-sensor scan \"<a&b>\"",
				       .start_s = 1764355000,
				       .end_s = 1764355003,
				       .ports = "22,631,8443",
				       .port_count = 3,
				       .udp = true,
				       .end = &end,
				       .notes = notes,
				       .note_count = 1};
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	write(file, f, &run);
	fclose(file);
	return text;
}

static bool has(const char *text, const char *what)
{
	return strstr(text, what);
}

static void test_table(const struct found *f)
{
	char *table = written(output_table, f);

	tap_ok(has(table, "192.0.2.7  02:00:00:00:00:07  web.example\n"),
	       "a host with its MAC and its name, once");
	tap_ok(strstr(table, "192.0.2.7") < strstr(table, "192.0.2.9"), "hosts by address");
	tap_ok(strstr(table, "22/tcp") < strstr(table, "8443/tcp") &&
		       strstr(table, "8443/tcp") < strstr(table, "53/udp"),
	       "ports by protocol and number");
	tap_ok(has(table, "8443/tcp  open    https           CN=web.example\n"),
	       "a port with its protocol and what it tells");
	tap_ok(has(table, "  631/tcp  open    ?"), "a port of which nothing more is known");
	tap_ok(has(table, "others: 296 closed, 2 filtered"), "the rest in numbers");
	tap_ok(has(table, "answers for every port"), "what answers for every port is one line");
	tap_ok(has(table, "12 probes were saved"), "what traffic had told");
	tap_ok(has(table, "A note.\n"), "notes");
	tap_ok(has(table, "\\x1b[2J\\xc2\\x9b") && !strpbrk(table, "\x1b\x9b\x7f"),
	       "nothing that a terminal obeys");
	free(table);
}

/* Whether a program accepts the file; 127: it is not there. */
static int runs(const char *command, const char *file)
{
	char line[512];
	int status;

	snprintf(line, sizeof(line), command, file, file);
	status = system(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_xml(const struct found *f)
{
	char *xml = written(output_xml, f), path[] = "/tmp/netvisor-output-XXXXXX";
	int fd = mkstemp(path), status;

	tap_ok(has(xml, "&quot;&lt;evil&gt;&amp;\\xff\\xef\\xbf\\xbe"), "a server's markup is text");
	tap_ok(has(xml, "args=\"netvisor-sensor scan &quot;&lt;a&amp;b&gt;&quot;\""), "what was typed, too");
	tap_ok(has(xml, "<service name=\"http\" tunnel=\"ssl\" method=\"probed\" conf=\"10\"/>"),
	       "HTTPS as nmap has it");
	tap_ok(has(xml, "<elem key=\"tls.san\">web.example</elem>"), "what else is known of a port");
	tap_ok(has(xml, "<extraports state=\"closed\" count=\"296\">"), "closed ports in number");
	tap_ok(fd >= 0 && write(fd, xml, strlen(xml)) == (ssize_t)strlen(xml) && !close(fd),
	       "the file is written");
	if (access("/usr/share/nmap/nmap.dtd", R_OK) || runs("command -v xmllint >/dev/null", path))
		tap_skip("it is valid by nmap's document type", "nmap.dtd or xmllint");
	else
		tap_ok(!runs("xmllint --noout --dtdvalid /usr/share/nmap/nmap.dtd %s 2>&1 | sed 's/^/# /' >&2; "
			     "xmllint --noout --dtdvalid /usr/share/nmap/nmap.dtd %s 2>/dev/null",
			     path),
		       "it is valid by nmap's document type");
	status = runs("command -v ndiff >/dev/null || exit 127; ndiff %s %s >/dev/null", path);
	if (status == 127)
		tap_skip("ndiff reads it", "ndiff");
	else
		tap_ok(!status, "ndiff reads it, and finds it equal to itself");
	unlink(path);
	free(xml);
}

static void test_bounds(void)
{
	struct found f = {0};

	for (int i = 0; i < FOUND_TRAITS_MAX + 10; i++) {
		char value[16];

		snprintf(value, sizeof(value), "%d", i);
		see_trait(&f, &web, 0, TEXT("banner"), (struct text){value, strlen(value)});
	}
	tap_ok(f.hosts[0].traits.count == FOUND_TRAITS_MAX && f.left_out == 10, "what does not fit is counted");
	for (int i = 0; i < FOUND_NAMES_MAX * 2; i++) {
		char name[16];

		snprintf(name, sizeof(name), "n%d", i);
		see_name(&f, &web, (struct text){name, strlen(name)});
	}
	tap_ok(f.hosts[0].name_count == FOUND_NAMES_MAX, "so many names are enough");
	for (uint32_t i = 0; i < 5000; i++) {
		struct ip ip = {.version = 4, .bytes = {10, 0, (uint8_t)(i >> 8), (uint8_t)i}};

		see_port(&f, &ip, 80, TEXT("tcp"), TEXT(""));
		see_port(&f, &ip, 80, TEXT("tcp"), TEXT("http"));
	}
	tap_ok(f.host_count == 5001 && f.port_total == 5000, "each host once, each port once");
	found_free(&f);
}

int main(void)
{
	struct found f = {0};

	see_all(&f);
	found_sort(&f);
	tap_ok(f.host_count == 3 && !f.left_out, "three hosts");
	test_table(&f);
	test_xml(&f);
	test_bounds();
	found_free(&f);
	return tap_end();
}
