/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nmap's XML (nmap.dtd): hosts that are up, with addresses, names, open ports, and what its probes and scripts found. A service's name that
 * it took from its table of ports is a guess and is left out. Masscan and others write the same form.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/import/import.h"
#include "collector/import/xml.h"

enum { ADDRESSES_MAX = 8, PORTS_MAX = 4096, OS_ACCURACY_MIN = 90 };

struct found_port {
	unsigned int number;
	char proto[8], name[40], product[200], title[256], server[256];
	bool open;
};

struct found_host {
	bool up;
	struct mac mac;
	bool has_mac;
	struct ip ips[ADDRESSES_MAX];
	size_t ip_count;
	char name[IMPORT_NAME_BYTES_MAX + 1], os[200];
	int64_t at_us;
	struct found_port *ports;
	size_t port_count;
	size_t line;
	bool cut; /* it had more ports */
};

/* What sensors call the protocols that Nmap calls otherwise. */
static const char *const renamed[][2] = {
	{"domain", "dns"},	{"microsoft-ds", "smb"}, {"netbios-ssn", "smb"},   {"ms-wbt-server", "rdp"},
	{"ms-sql-s", "mssql"},	{"mongod", "mongodb"},	 {"oracle-tns", "oracle"}, {"http-alt", "http"},
	{"http-proxy", "http"}, {"https-alt", "https"},	 {"vnc-http", "http"},	   {"cassandra", "cassandra"},
	{"afp", "afp"},
};

static const char *protocol_name(const char *nmap)
{
	for (size_t i = 0; i < sizeof(renamed) / sizeof(renamed[0]); i++)
		if (strcmp(nmap, renamed[i][0]) == 0)
			return renamed[i][1];
	return nmap;
}

static int64_t seconds_of(const struct xml *xml, const char *name)
{
	char text[32], *end;
	long long value;

	if (!xml_attribute(xml, name, text, sizeof(text)))
		return 0;
	value = strtoll(text, &end, 10);
	return *end || value <= 0 || value > 253402300799LL ? 0 : (int64_t)value * 1000000;
}

static void read_address(const struct xml *xml, struct found_host *host)
{
	char text[64], type[16];
	struct ip ip;

	xml_attribute(xml, "addr", text, sizeof(text));
	xml_attribute(xml, "addrtype", type, sizeof(type));
	if (strcmp(type, "mac") == 0)
		host->has_mac |= import_mac(text, &host->mac);
	else if (host->ip_count < ADDRESSES_MAX && ip_parse(text, &ip) == 0)
		host->ips[host->ip_count++] = ip;
}

/* The name that the DNS has counts, and not the one that somebody typed to have it scanned, unless there is no other. */
static void read_hostname(const struct xml *xml, struct found_host *host)
{
	char type[16];

	xml_attribute(xml, "type", type, sizeof(type));
	if (!host->name[0] || strcmp(type, "PTR") == 0)
		xml_attribute(xml, "name", host->name, sizeof(host->name));
}

static struct found_port *add_port(const struct xml *xml, struct found_host *host)
{
	struct found_port *port;
	char text[16];

	/* One that is not open says nothing: its place is free. */
	host->port_count -= host->port_count && !host->ports[host->port_count - 1].open;
	if (host->port_count >= PORTS_MAX) {
		host->cut = true;
		return NULL;
	}
	port = &host->ports[host->port_count++];
	*port = (struct found_port){0};
	xml_attribute(xml, "portid", text, sizeof(text));
	port->number = (unsigned int)strtoul(text, NULL, 10);
	xml_attribute(xml, "protocol", port->proto, sizeof(port->proto));
	return port;
}

static void read_service(const struct xml *xml, struct found_port *port)
{
	char name[32], method[16], tunnel[8], product[96], version[64], more[64];

	xml_attribute(xml, "method", method, sizeof(method));
	if (strcmp(method, "probed") != 0)
		return;
	xml_attribute(xml, "name", name, sizeof(name));
	xml_attribute(xml, "tunnel", tunnel, sizeof(tunnel));
	if (strcmp(name, "tcpwrapped") == 0 || strcmp(name, "unknown") == 0)
		name[0] = 0;
	if (strcmp(tunnel, "ssl") == 0 && (!name[0] || strcmp(name, "ssl") == 0))
		snprintf(name, sizeof(name), "tls");
	else if (strcmp(tunnel, "ssl") == 0)
		tunnel[0] = 's';
	else
		tunnel[0] = 0;
	snprintf(port->name, sizeof(port->name), "%.31s%s", protocol_name(name),
		 tunnel[0] == 's' && strcmp(name, "tls") != 0 && strcmp(protocol_name(name), "https") != 0
			 ? "s"
			 : "");
	xml_attribute(xml, "product", product, sizeof(product));
	xml_attribute(xml, "version", version, sizeof(version));
	xml_attribute(xml, "extrainfo", more, sizeof(more));
	if (product[0])
		snprintf(port->product, sizeof(port->product), "%.95s%s%.40s%s%.40s%s", product,
			 version[0] ? " " : "", version, more[0] ? " (" : "", more, more[0] ? ")" : "");
}

static void read_script(const struct xml *xml, struct found_port *port)
{
	char id[48], *end;

	xml_attribute(xml, "id", id, sizeof(id));
	if (strcmp(id, "http-title") == 0) {
		xml_attribute(xml, "output", port->title, sizeof(port->title));
		end = strchr(port->title, '\n');
		if (end)
			*end = 0;
		/* These are the script's words, not the page's. */
		if (strncmp(port->title, "Site doesn't have a title", 25) == 0 ||
		    strncmp(port->title, "Did not follow", 14) == 0)
			port->title[0] = 0;
	} else if (strcmp(id, "http-server-header") == 0) {
		xml_attribute(xml, "output", port->server, sizeof(port->server));
		end = strchr(port->server, '\n');
		if (end)
			*end = 0;
	}
}

static void read_os(const struct xml *xml, struct found_host *host)
{
	char accuracy[8];

	xml_attribute(xml, "accuracy", accuracy, sizeof(accuracy));
	if (!host->os[0] && strtol(accuracy, NULL, 10) >= OS_ACCURACY_MIN)
		xml_attribute(xml, "name", host->os, sizeof(host->os));
}

static void tell_port(struct import *im, const struct import_who *who, const struct found_port *port)
{
	if (!port->open || !import_service(im, who, port->number, port->proto, port->name))
		return;
	import_trait(im, who, port->number, "nmap.product", port->product);
	import_trait(im, who, port->number, "http.title", port->title);
	import_trait(im, who, port->number, "http.server", port->server);
}

/* Ports are those of its first address. */
static void tell_host(struct import *im, const struct found_host *host)
{
	struct import_who who = {.mac = host->has_mac ? &host->mac : NULL,
				 .ip = host->ip_count ? &host->ips[0] : NULL,
				 .name = host->name,
				 .name_kind = strchr(host->name, '.') ? "fqdn" : "hostname",
				 .at_us = host->at_us,
				 .line = host->line};

	if (!host->up || !import_host(im, &who))
		return;
	for (size_t i = 0; i < host->port_count && who.ip; i++)
		tell_port(im, &who, &host->ports[i]);
	if (host->cut)
		import_skip(im, host->line, "open ports after the 4096th");
	import_trait(im, &who, 0, "nmap.os", host->os);
	who.name = "";
	for (size_t i = 1; i < host->ip_count; i++) {
		who.ip = &host->ips[i];
		import_host(im, &who);
	}
}

static void read_element(struct xml *xml, struct found_host *host, struct found_port **port)
{
	char state[16];

	if (xml_is(xml, "status")) {
		xml_attribute(xml, "state", state, sizeof(state));
		host->up = strcmp(state, "down") != 0;
	} else if (xml_is(xml, "address")) {
		read_address(xml, host);
	} else if (xml_is(xml, "hostname")) {
		read_hostname(xml, host);
	} else if (xml_is(xml, "port")) {
		*port = add_port(xml, host);
	} else if (xml_is(xml, "osmatch")) {
		read_os(xml, host);
	} else if (*port && xml_is(xml, "state")) {
		xml_attribute(xml, "state", state, sizeof(state));
		(*port)->open = strcmp(state, "open") == 0;
	} else if (*port && xml_is(xml, "service")) {
		read_service(xml, *port);
	} else if (*port && xml_is(xml, "script")) {
		read_script(xml, *port);
	}
}

static void begin_host(struct xml *xml, struct found_host *host, int64_t run_us)
{
	struct found_port *ports = host->ports;

	*host = (struct found_host){.up = true, .ports = ports, .line = xml_line(xml)};
	host->at_us = seconds_of(xml, "endtime");
	if (!host->at_us)
		host->at_us = seconds_of(xml, "starttime");
	if (!host->at_us)
		host->at_us = run_us;
}

/* The whole of a document; why[] is filled when it is none. */
static int read_document(struct import *im, struct xml *xml, struct found_host *host,
			 char why[static IMPORT_WHY_MAX])
{
	struct found_port *port = NULL;
	enum xml_event event;
	int64_t run_us = 0;
	bool inside = false, is_nmap = false;

	while ((event = xml_next(xml)) == XML_OPEN || event == XML_CLOSE) {
		if (event == XML_OPEN && xml_is(xml, "nmaprun")) {
			is_nmap = true;
			run_us = seconds_of(xml, "start");
		} else if (event == XML_OPEN && xml_is(xml, "host") && is_nmap && !inside) {
			inside = true;
			begin_host(xml, host, run_us);
		} else if (event == XML_OPEN && inside) {
			read_element(xml, host, &port);
		} else if (event == XML_CLOSE && xml_is(xml, "port")) {
			port = NULL;
		} else if (event == XML_CLOSE && inside && xml_is(xml, "host")) {
			inside = false;
			port = NULL;
			tell_host(im, host);
		}
	}
	if (event == XML_BAD)
		snprintf(why, IMPORT_WHY_MAX, "the file is no whole XML: %s", xml->why);
	else if (!is_nmap)
		snprintf(why, IMPORT_WHY_MAX, "the file is XML, but none of Nmap (nmap -oX)");
	return why[0] ? -EINVAL : 0;
}

int import_nmap(struct import *im, const char *bytes, size_t length, char why[static IMPORT_WHY_MAX])
{
	struct found_host host = {.ports = calloc(PORTS_MAX, sizeof(struct found_port))};
	struct xml xml;
	int error;

	if (!host.ports)
		return -ENOMEM;
	xml_begin(&xml, bytes, length);
	error = read_document(im, &xml, &host, why);
	free(host.ports);
	return error;
}
