// SPDX-License-Identifier: BSD-2-Clause
/* The collector's messages: what is read of them, and what is refused; the sensor's: that they are what the page says. */
#include "sensor/message.h"

#include <stdlib.h>
#include <string.h>

#include "sensor/fragments.h"
#include "sensor/machine.h"
#include "tests/tap.h"

#define AB "abababababababababababababababababababababababababababababababababababababababababababababababab"

static const struct {
	const char *text;
	enum message_type type; /* when `why` is NULL */
	int64_t batch;
	const char *id, *name, *why;
} cases[] = {
	{"{\"type\":\"welcome\",\"network_id\":\"n\",\"sensor_id\":\"s\",\"acked\":0,\"new\":[]}",
	 MESSAGE_WELCOME, 0, "s", "n", NULL},
	{" {\"acked\":7,\"sensor_id\":\"s\",\"network_id\":\"n\",\"type\":\"welcome\"}", MESSAGE_WELCOME, 7,
	 "s", "n", NULL},
	{"{\"type\":\"ack\",\"batch\":12}", MESSAGE_ACK, 12, "", "ack", NULL},
	{"{\"type\":\"command\",\"id\":\"1\",\"command\":\"refresh\",\"arguments\":{}}", MESSAGE_COMMAND, 0,
	 "1", "refresh", NULL},
	{"{\"type\":\"error\",\"code\":\"bad_fact\"}", MESSAGE_ERROR, 0, "", "bad_fact", NULL},
	{"{\"type\":\"news\"}", MESSAGE_UNKNOWN, 0, "", "news", NULL},
	{"", MESSAGE_UNKNOWN, 0, "", "", "JSON"},
	{"{\"type\":\"ack\",\"batch\":12", MESSAGE_UNKNOWN, 0, "", "", "JSON"},
	{"{\"type\":\"ack\",\"batch\":12}}", MESSAGE_UNKNOWN, 0, "", "", "JSON"},
	{"{\"type\":\"ack\",\"batch\":12,}", MESSAGE_UNKNOWN, 0, "", "", "JSON"},
	{"{\"type\":\"news\",\"a\":\"\xff\"}", MESSAGE_UNKNOWN, 0, "", "", "JSON"},
	{"{\"type\":\"news\",\"a\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}", MESSAGE_UNKNOWN, 0, "", "",
	 "JSON"},
	{"[]", MESSAGE_UNKNOWN, 0, "", "", "object"},
	{"\"x\"", MESSAGE_UNKNOWN, 0, "", "", "object"},
	{"{}", MESSAGE_UNKNOWN, 0, "", "", "type"},
	{"{\"type\":1}", MESSAGE_UNKNOWN, 0, "", "", "type"},
	{"{\"type\":\"\"}", MESSAGE_UNKNOWN, 0, "", "", "type"},
	{"{\"type\":\"" AB AB "\"}", MESSAGE_UNKNOWN, 0, "", "", "type"},
	{"{\"type\":\"welcome\",\"network_id\":\"n\",\"sensor_id\":\"s\"}", MESSAGE_UNKNOWN, 0, "", "",
	 "acked"},
	{"{\"type\":\"welcome\",\"network_id\":null,\"sensor_id\":\"s\",\"acked\":1}", MESSAGE_UNKNOWN, 0, "",
	 "", "network_id"},
	{"{\"type\":\"ack\",\"batch\":-1}", MESSAGE_UNKNOWN, 0, "", "", "batch"},
	{"{\"type\":\"ack\",\"batch\":1.5}", MESSAGE_UNKNOWN, 0, "", "", "batch"},
	{"{\"type\":\"ack\",\"batch\":\"1\"}", MESSAGE_UNKNOWN, 0, "", "", "batch"},
	{"{\"type\":\"ack\",\"batch\":99999999999999999999}", MESSAGE_UNKNOWN, 0, "", "", "batch"},
	{"{\"type\":\"command\",\"id\":\"a\\nb\",\"command\":\"refresh\"}", MESSAGE_UNKNOWN, 0, "", "",
	 "command"},
	{"{\"type\":\"command\",\"id\":\"a\\u0000b\",\"command\":\"refresh\"}", MESSAGE_UNKNOWN, 0, "", "",
	 "command"},
	{"{\"type\":\"error\",\"message\":\"m\"}", MESSAGE_UNKNOWN, 0, "", "", "code"},
};

static void test_read(void)
{
	char longer[1400], *at = longer;
	struct message m;
	const char *why;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = cases[i].text;
		int error;

		memset(&m, 0x55, sizeof(m));
		error = message_read(text, strlen(text), &m, &why);
		if (cases[i].why)
			tap_ok(error && strstr(why, cases[i].why) && (int)m.type == 0x55555555,
			       "refused: %.70s", text);
		else
			tap_ok(!error && m.type == cases[i].type && m.batch == cases[i].batch &&
				       !strcmp(m.id, cases[i].id) && !strcmp(m.name, cases[i].name),
			       "read: %.70s", text);
	}
	at += sprintf(at, "{\"type\":\"error\",\"code\":\"c\",\"message\":\"x");
	for (int i = 0; i < 400; i++)
		at += sprintf(at, "\xc3\xa9");
	sprintf(at, "\"}");
	tap_ok(!message_read(longer, strlen(longer), &m, &why) && strlen(m.reason) < MESSAGE_REASON_MAX &&
		       strlen(m.reason) % 2 == 1,
	       "a long reason is cut, not within a character");
}

static void is_text(char *text, size_t length, const char *expected)
{
	tap_ok(text && length == strlen(expected) && !strcmp(text, expected), "%s", expected);
	free(text);
}

static void test_write(void)
{
	const struct message_counter counters[] = {{"packets", 12345678901234.0}, {"cpu_seconds", 0.5}};
	struct message_hello hello = {.name = "a\"b", .software = "s", .hostname = "h", .outbox = "o"};
	size_t length = 0;
	char *text;

	text = message_status(1.5, counters, 2, &length);
	is_text(text, length,
		"{\"type\":\"status\",\"at\":1.5,\"counters\":{\"packets\":12345678901234,\"cpu_seconds\":0.5}"
		"}");
	text = message_result("7", NULL, &length);
	is_text(text, length, "{\"type\":\"result\",\"id\":\"7\",\"ok\":true}");
	text = message_result("7", "unknown command", &length);
	is_text(text, length, "{\"type\":\"result\",\"id\":\"7\",\"ok\":false,\"error\":\"unknown command\"}");
	text = message_hello(&hello, &length);
	is_text(text, length,
		"{\"type\":\"hello\",\"version\":1,\"name\":\"a\\\"b\",\"software\":\"s\",\"hostname\":\"h\","
		"\"outbox\":\"o\","
		"\"capabilities\":{},\"interfaces\":[]}");
}

static void test_arguments(void)
{
	static const struct {
		const char *text, *target, *kind;
	} commands[] = {
		{"{\"session_id\":\"s\",\"type\":\"SelfReport\",\"rate\":[1]}", "s", "SelfReport"},
		{"{\"session_id\":7,\"type\":\"a\\nb\"}", "", ""},
		{"[]", "", ""},
		{"null", "", ""},
	};
	char text[256];
	struct message m;
	const char *why;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		snprintf(text, sizeof(text),
			 "{\"type\":\"command\",\"id\":\"1\",\"command\":\"discover\",\"arguments\":%s}",
			 commands[i].text);
		tap_ok(!message_read(text, strlen(text), &m, &why) && !strcmp(m.target, commands[i].target) &&
			       !strcmp(m.kind, commands[i].kind),
		       "arguments: %s", commands[i].text);
	}
}

static void test_report(void)
{
	static struct machine machine = {
		.hostname = "h",
		.system = {.release = "6.1", .machine = "x86_64"},
		.abilities = {.raw_sockets = true, .io_uring = true},
		.engine_count = 1,
		.engines = {{.url = "unix:///a", .reachable = false}},
		.gateway_count = 2,
		.gateways = {{.index = 7,
			      .ip = {.version = 4, .bytes = {10, 0, 0, 2}},
			      .mac = {{2, 0, 0, 0, 0, 2}}},
			     {.index = 9, .ip = {.version = 6, .bytes = {0xfe, 0x80, [15] = 1}}}},
		.resolver_count = 1,
		.resolvers = {{.version = 4, .bytes = {10, 0, 0, 3}}},
		.interface_count = 2,
		.interfaces = {{.index = 7,
				.name = "eth0.20",
				.kind = "vlan",
				.subnet_type = "Lan",
				.mac = {{2, 0, 0, 0, 0, 1}},
				.vlan = 20,
				.mtu = 1500,
				.up = true},
			       {.index = 1, .name = "lo", .subnet_type = "Loopback", .loopback = true}},
		.address_count = 1,
		.addresses = {{.index = 7, .ip = {.version = 4, .bytes = {10, 0, 0, 1}}, .prefix = 24}},
	};
	size_t length = 0;
	char *text = message_progress("7", "Scanning", 50, &length);

	is_text(text, length, "{\"type\":\"progress\",\"id\":\"7\",\"phase\":\"Scanning\",\"progress\":50}");
	text = message_report("7", &machine, NULL, false, &length);
	is_text(text, length,
		"{\"type\":\"result\",\"id\":\"7\",\"ok\":true,\"data\":{\"hostname\":\"h\",\"kernel\":\"6.1\","
		"\"machine\":\"x86_64\",\"has_docker_socket\":false,\"engines\":[{\"url\":\"unix:///a\","
		"\"reachable\":false}],\"has_raw_sockets\":true,\"has_xdp\":false,\"has_io_uring\":true,"
		"\"gateways\":[{\"ip\":"
		"\"10.0.0.2\",\"mac\":\"02:00:00:00:00:02\",\"interface\":\"eth0.20\"},{\"ip\":\"fe80::1\"}],"
		"\"dns_servers\":[\"10.0.0.3\"],\"left_out\":0,\"interfaces\":[{\"name\":\"eth0.20\",\"mac\":"
		"\"02:00:00:00:00:01\",\"kind\":"
		"\"vlan\","
		"\"vlan\":20,\"subnet_type\":\"Lan\",\"mtu\":1500,\"up\":true,\"addresses\":[{\"ip\":\"10.0.0."
		"1\","
		"\"prefix\":24}]},{\"name\":\"lo\",\"subnet_type\":\"Loopback\",\"mtu\":0,\"up\":false,"
		"\"addresses\":[]}]}}");
	/* The most that a machine is reported to have is within what the collector takes. */
	machine.interface_count = MACHINE_INTERFACES_MAX;
	machine.address_count = MACHINE_ADDRESSES_MAX;
	for (size_t i = 0; i < MACHINE_INTERFACES_MAX; i++)
		machine.interfaces[i] = (struct machine_interface){.index = (unsigned int)i,
								   .name = "interface-name1",
								   .kind = "wireguard-kind1",
								   .subnet_type = "DockerBridge",
								   .mac = {{2, 0xff, 0xff, 0xff, 0xff, 0xff}},
								   .vlan = 4094,
								   .mtu = UINT32_MAX,
								   .up = false};
	for (size_t i = 0; i < MACHINE_ADDRESSES_MAX; i++) {
		machine.addresses[i] =
			(struct machine_address){.index = (unsigned int)(i % MACHINE_INTERFACES_MAX),
						 .ip = {.version = 6},
						 .prefix = 128};
		memset(machine.addresses[i].ip.bytes, 0xfd, sizeof(machine.addresses[i].ip.bytes));
	}
	text = message_report("7", &machine, "https://proxy:2376", true, &length);
	tap_ok(text && strstr(text, "\"has_docker_socket\":true,\"engines\":[{\"url\":\"https://"
				    "proxy:2376\",\"reachable\":true}],"),
	       "a proxy stands for the sockets");
	tap_ok(text && length < 64 << 10, "the largest report has %zu bytes", length);
	free(text);
}

static void test_subnet_types(void)
{
	static const struct {
		const char *name, *kind, *type;
	} rows[] = {
		{"eth0", "", "Lan"},
		{"enp3s0f1", "", "Lan"},
		{"wlp3s0", "", "WiFi"},
		{"wlan0", "", "WiFi"},
		{"docker0", "bridge", "DockerBridge"},
		{"br-0123456789ab", "bridge", "DockerBridge"},
		{"br-lan", "bridge", "Lan"},
		{"br0", "bridge", "Lan"},
		{"vmbr0", "bridge", "Lan"},
		{"bond0", "bond", "Lan"},
		{"wg0", "wireguard", "VpnTunnel"},
		{"office", "wireguard", "VpnTunnel"},
		{"tun0", "tun", "VpnTunnel"},
		{"tailscale0", "tun", "VpnTunnel"},
		{"guest", "vlan", "Guest"},
		{"iot2", "vlan", "IoT"},
		{"mgmt0", "", "Management"},
		{"iscsi1", "", "Storage"},
		{"eth0.20", "vlan", "Lan"},
		{"mv0", "macvlan", "MacVlan"},
		{"iv0", "ipvlan", "IpVlan"},
		{"strange0", "odd", "Unknown"},
		{"tunnel-to-x", "odd", "Unknown"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tap_ok(!strcmp(machine_subnet_type(rows[i].name, rows[i].kind), rows[i].type),
		       "%s (%s) is in %s", rows[i].name, rows[i].kind, rows[i].type);
}

static void test_fragments(void)
{
	static char large[(1 << 20) + 1];
	struct fragments f = {0};

	tap_ok(!fragments_add(&f, "ab", 2, 3) && !fragments_add(&f, "", 0, 3) &&
		       !fragments_add(&f, "cde", 3, 0) && f.length == 5 && !memcmp(f.bytes, "abcde", 5),
	       "pieces are put together");
	fragments_begin(&f);
	tap_ok(!f.length && !fragments_add(&f, large, 1 << 20, 0), "a message may be as long as the limit");
	tap_ok(fragments_add(&f, large, 1, 0) < 0 && f.length == 1 << 20, "and not longer");
	fragments_begin(&f);
	tap_ok(f.size <= FRAGMENTS_KEPT_BYTES, "a large message's memory is given back");
	tap_ok(fragments_add(&f, large, 10, (1 << 20) - 9) < 0 && fragments_add(&f, large, 10, (size_t)-5) < 0,
	       "what announces to become longer is refused before it comes");
	fragments_free(&f);
}

int main(void)
{
	test_read();
	test_arguments();
	test_write();
	test_report();
	test_subnet_types();
	test_fragments();
	return tap_end();
}
