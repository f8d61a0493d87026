// SPDX-License-Identifier: BSD-2-Clause
/*
 * The rows of the sensor's options. Names, environment and defaults are those that NetVisor's daemon has, where it has
 * them; --api-key is kept for it, --api-key-file is better: a command line can be read by every user of the machine.
 */
#include "sensor/settings.h"

#include <errno.h>
#include <net/if.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sensor/discover_network.h"
#include "sensor/docker/engine.h"
#include "sensor/server.h"

#define AT(member) offsetof(struct settings, member)
#define ROWS(table) .rows = (table), .row_count = sizeof(table) / sizeof((table)[0])

#define ROW_INTERFACE(text)                                                                        \
	{                                                                                          \
		"interface", 'i', "NETVISOR_INTERFACE", OPTION_TEXT, "IF", NULL, 0, 0, NULL, text, \
			AT(interface)                                                              \
	}
#define ROW_LOG_LEVEL                                                                                          \
	{                                                                                                      \
		"log-level", 0, "NETVISOR_LOG_LEVEL", OPTION_CHOICE, "LEVEL", "info", 0, 0,                    \
			"trace|debug|info|warn|error", "How much is written to standard error.", AT(log_level) \
	}

static const struct option_row watch_rows[] = {
	ROW_INTERFACE("Watch this network port. Nothing is sent on it, unless the collector asks for a scan."),
	{"span", 0, "NETVISOR_SPAN", OPTION_FLAG, NULL, NULL, 0, 0, NULL,
	 "The port receives a switch's mirrored traffic and the host does not use it: its frames end here, "
	 "after they were "
	 "looked at. Means --promiscuous. What the mirror shows twice is counted once; with --read too.",
	 AT(span)},
	{"promiscuous", 0, "NETVISOR_PROMISCUOUS", OPTION_FLAG, NULL, NULL, 0, 0, NULL,
	 "Take frames that are not for this host too.", AT(promiscuous)},
	{"silent", 0, "NETVISOR_SILENT", OPTION_FLAG, NULL, NULL, 0, 0, NULL,
	 "Never send on the port, and give up every means to: no scan, whoever asks; no raw socket; the kernel "
	 "refuses "
	 "the rest. What "
	 "this machine's kernel would send there by itself is held back too, when the port has no address of "
	 "its own.",
	 AT(silent)},
	{"engine", 0, "NETVISOR_ENGINE", OPTION_CHOICE, "ENGINE", NULL, 0, 0, "xdp|pcap",
	 "What looks at the frames: a program in the kernel, or libpcap for ports and kernels without XDP. "
	 "Default: xdp "
	 "for --interface, pcap for --read.",
	 AT(engine)},
	{"flows", 0, "NETVISOR_FLOWS", OPTION_NUMBER, "N", "262144", 1024, 16777216, NULL,
	 "Conversations held in the kernel at a time, rounded down to a power of two; each takes 96 bytes.",
	 AT(flows)},
	{"read", 'r', NULL, OPTION_PATH, "FILE", NULL, 0, 0, NULL,
	 "Read a capture file (pcap or pcapng) instead of watching a port; facts go to --output.", AT(read)},
	{"output", 'o', "NETVISOR_OUTPUT", OPTION_PATH, "FILE", NULL, 0, 0, NULL,
	 "Write facts to FILE, one JSON object a line; - is standard output.", AT(output)},
	{"server-target", 0, "NETVISOR_SERVER_TARGET", OPTION_TEXT, "URL", NULL, 0, 0, NULL,
	 "The collector to stream facts to: wss://HOST[:PORT], ws://HOST[:PORT], or a host. A host alone means "
	 "TLS, unless "
	 "it is this machine.",
	 AT(server_target)},
	{"server-port", 0, "NETVISOR_SERVER_PORT", OPTION_NUMBER, "PORT", "60072", 1, 65535, NULL,
	 "The collector's port, when the URL has none.", AT(server_port)},
	{"api-key-file", 0, "NETVISOR_API_KEY_FILE", OPTION_PATH, "FILE", NULL, 0, 0, NULL,
	 "File that holds the key with which the collector knows this sensor.", AT(api_key_file)},
	{"api-key", 0, "NETVISOR_DAEMON_API_KEY", OPTION_SECRET, "KEY", NULL, 0, 0, NULL,
	 "The key itself. Other users of this machine can read a command line: prefer --api-key-file.",
	 AT(api_key)},
	{"ca-file", 0, "NETVISOR_CA_FILE", OPTION_PATH, "FILE", NULL, 0, 0, NULL,
	 "Trust the certificate authorities in this PEM file, instead of the system's.", AT(ca_file)},
	{"allow-plain", 0, "NETVISOR_ALLOW_PLAIN", OPTION_FLAG, NULL, NULL, 0, 0, NULL,
	 "Allow ws:// to another machine: facts and key can be read on the way.", AT(allow_plain)},
	{"name", 0, "NETVISOR_NAME", OPTION_TEXT, "NAME", NULL, 0, 0, NULL,
	 "What the dashboard calls this sensor. Default: the host's name.", AT(name)},
	{"data-dir", 0, "NETVISOR_DATA_DIR", OPTION_PATH, "DIR", "/var/lib/netvisor-sensor", 0, 0, NULL,
	 "Where facts are kept until the collector has acknowledged them.", AT(data_dir)},
	{"outbox-limit-mb", 0, "NETVISOR_OUTBOX_LIMIT_MB", OPTION_NUMBER, "MB", "256", 4, 1048576, NULL,
	 "Disk that these facts may take. Past it the oldest are dropped, and how many is reported.",
	 AT(outbox_limit_mb)},
	{"refresh-seconds", 0, "NETVISOR_REFRESH_SECONDS", OPTION_NUMBER, "S", "300", 1, 86400, NULL,
	 "A fact that is seen again and again without a change is said again after this long.",
	 AT(refresh_seconds)},
	{"measure-seconds", 0, "NETVISOR_MEASURE_SECONDS", OPTION_NUMBER, "S", "10", 1, 86400, NULL,
	 "The same for facts that carry counters: flows and hosts.", AT(measure_seconds)},
	{"docker-proxy", 0, "NETVISOR_DOCKER_PROXY", OPTION_TEXT, "URL", NULL, 0, 0, NULL,
	 "Where to ask for containers when a Docker discovery is asked for: unix:///PATH, http://HOST:PORT or "
	 "https://HOST:PORT. Default: the sockets of Docker and Podman on this machine. It is only read.",
	 AT(docker_proxy)},
	{"docker-proxy-ssl-cert", 0, "NETVISOR_DOCKER_PROXY_SSL_CERT", OPTION_PATH, "FILE", NULL, 0, 0, NULL,
	 "The sensor's own certificate for an https:// --docker-proxy, as PEM.", AT(docker_proxy_ssl_cert)},
	{"docker-proxy-ssl-key", 0, "NETVISOR_DOCKER_PROXY_SSL_KEY", OPTION_PATH, "FILE", NULL, 0, 0, NULL,
	 "The key of that certificate.", AT(docker_proxy_ssl_key)},
	{"docker-proxy-ssl-chain", 0, "NETVISOR_DOCKER_PROXY_SSL_CHAIN", OPTION_PATH, "FILE", NULL, 0, 0, NULL,
	 "Trust the certificate authorities in this PEM file for --docker-proxy, instead of the system's.",
	 AT(docker_proxy_ssl_chain)},
	{"scan-allow", 0, "NETVISOR_SCAN_ALLOW", OPTION_TEXT, "LIST", NULL, 0, 0, NULL,
	 "What the collector may have this sensor ask beside the subnets that the port is in: addresses and "
	 "prefixes, with commas between "
	 "them; any: whatever the collector names; none: nothing at all, not those subnets either.",
	 AT(scan_allow)},
	ROW_LOG_LEVEL,
};

static const struct option_row check_rows[] = {
	ROW_INTERFACE("The port to look at. Default: only the kernel is looked at."),
	ROW_LOG_LEVEL,
};

static int say(char *why, size_t size, const char *text)
{
	snprintf(why, size, "%s", text);
	return -EINVAL;
}

static int check_interface(const char *interface, char *why, size_t size)
{
	if (strlen(interface) >= IF_NAMESIZE || strchr(interface, '/')) {
		snprintf(why, size, "--interface: \"%.64s\" can't be the name of a port; `ip link` lists them",
			 interface);
		return -EINVAL;
	}
	return 0;
}

static int check_collector(const struct settings *s, char *why, size_t size)
{
	char key[SETTINGS_KEY_MAX];
	struct server server;
	int error = server_parse(s->server_target, s->server_port, s->allow_plain, &server, why, size);

	if (!error && s->ca_file && access(s->ca_file, R_OK)) {
		snprintf(why, size, "--ca-file: %.200s can't be read: %s", s->ca_file, strerror(errno));
		error = -EINVAL;
	}
	if (!error)
		error = settings_key(s, key, why, size);
	explicit_bzero(key, sizeof(key));
	return error;
}

static int check_docker(const struct settings *s, char *why, size_t size)
{
	const char *const files[] = {s->docker_proxy_ssl_cert, s->docker_proxy_ssl_key,
				     s->docker_proxy_ssl_chain};
	const char *wrong = s->docker_proxy ? engine_url_wrong(s->docker_proxy) : NULL;

	if (wrong) {
		snprintf(why, size, "--docker-proxy: %s", wrong);
		return -EINVAL;
	}
	if (!s->docker_proxy && (files[0] || files[1] || files[2]))
		return say(why, size, "--docker-proxy-ssl-… are for --docker-proxy https://HOST:PORT");
	if (!files[0] != !files[1])
		return say(why, size, "--docker-proxy-ssl-cert and --docker-proxy-ssl-key go together");
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (files[i] && access(files[i], R_OK)) {
			snprintf(why, size, "--docker-proxy-ssl-…: %.200s can't be read: %s", files[i],
				 strerror(errno));
			return -EINVAL;
		}
	}
	return 0;
}

static int check_watch(const void *settings, char *why, size_t size)
{
	const struct settings *s = settings;
	int error = 0;

	if (!s->interface && !s->read)
		return say(why, size,
			   "nothing to watch: --interface IF names a port, --read FILE a capture file");
	if (s->interface && s->read)
		return say(why, size, "--interface and --read exclude each other");
	if (s->read && s->promiscuous)
		return say(why, size, "--promiscuous is for --interface, not for --read");
	if (s->read && s->silent)
		return say(why, size, "--silent is for --interface: reading a file sends nothing anyway");
	if (s->silent && s->engine && !strcmp(s->engine, "pcap"))
		return say(why, size,
			   "--silent needs --engine xdp: libpcap's socket could send what is written to it");
	if (s->silent && s->scan_allow && strcmp(s->scan_allow, "none") != 0)
		return say(why, size, "--silent asks nobody: it can't be combined with --scan-allow");
	if (s->read && s->server_target)
		return say(why, size, "--read writes to --output; it can't be combined with --server-target");
	if (s->read && !s->output)
		return say(why, size,
			   "--read needs --output FILE for the facts; --output - is standard output");
	if (!s->output && !s->server_target)
		return say(why, size,
			   "nowhere to put facts: --server-target URL names a collector, --output FILE a file");
	if (s->interface)
		error = check_interface(s->interface, why, size);
	if (!error)
		error = check_docker(s, why, size);
	if (!error && s->server_target)
		error = check_collector(s, why, size);
	if (!error)
		error = discover_network_check(s->scan_allow, why, size);
	return error;
}

static int check_check(const void *settings, char *why, size_t size)
{
	const struct settings *s = settings;

	return s->interface ? check_interface(s->interface, why, size) : 0;
}

const struct option_command settings_watch = {
	.program = "netvisor-sensor",
	.summary = "Watch a port (or read a capture) and say what hosts, services and flows are there.\n"
		   "netvisor-sensor check [--interface IF] tells what this kernel and port can do.\n"
		   "netvisor-sensor scan TARGET... asks a network who is there, and what they are.",
	ROWS(watch_rows),
	.check = check_watch,
};

const struct option_command settings_check = {
	.program = "netvisor-sensor",
	.name = "check",
	.summary = "Tell what this kernel, driver and port can do, and what to do about what they can't.",
	ROWS(check_rows),
	.check = check_check,
};

/* The first line of the file. */
static int read_key(const char *path, char key[static SETTINGS_KEY_MAX], char *why, size_t size)
{
	FILE *file = fopen(path, "re");
	bool fits;

	if (!file) {
		snprintf(why, size, "--api-key-file: %.200s can't be read: %s", path, strerror(errno));
		return -EINVAL;
	}
	/* The stream's own buffer would leave a copy of the key in memory. */
	setvbuf(file, NULL, _IONBF, 0);
	fits = fgets(key, SETTINGS_KEY_MAX, file) && (strchr(key, '\n') || feof(file));
	fclose(file);
	if (fits)
		return 0;
	snprintf(why, size, "--api-key-file: %.200s does not begin with a line that is a key", path);
	return -EINVAL;
}

int settings_key(const struct settings *s, char key[static SETTINGS_KEY_MAX], char *why, size_t why_size)
{
	size_t length, blanks;

	if (!s->api_key && !s->api_key_file)
		return say(why, why_size,
			   "--server-target needs a key: --api-key-file FILE (the dashboard makes keys)");
	if (s->api_key_file && read_key(s->api_key_file, key, why, why_size))
		return -EINVAL;
	if (!s->api_key_file && (size_t)snprintf(key, SETTINGS_KEY_MAX, "%s", s->api_key) >= SETTINGS_KEY_MAX)
		return say(why, why_size, "--api-key: the key is too long");
	blanks = strspn(key, " \t");
	memmove(key, key + blanks, strlen(key + blanks) + 1);
	for (length = strlen(key); length && strchr(" \t\r\n", key[length - 1]); length--)
		key[length - 1] = 0;
	for (const char *at = key; *at; at++) {
		if (*at <= ' ' || *at > '~')
			length = 0;
	}
	return length ? 0
		      : say(why, why_size,
			    "the key is empty or holds something else than letters, digits and signs; "
			    "see --api-key-file");
}
