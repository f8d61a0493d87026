// SPDX-License-Identifier: BSD-2-Clause
/*
 * Facts said against facts present: the real sensor, with --span on one end of a veth pair, while the other end sends as
 * fast as one core can, flows visited round robin. What is present is known: so many flows of so many hosts, so many packets.
 * What was said is read from the sensor's --output after it has ended.
 *
 *     facts SENSOR
 */
#include <errno.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/generator.h"

enum {
	PACKETS = 20000000,
	FLOWS_OF_A_HOST = 16, /* generate.bpf.c */
	START_MS = 3000,
	SWEEP_MS = 6000, /* the sensor's counters are read every five seconds, and at its end */
};

struct said {
	uint64_t packets, connections, flows, hosts, losses;
};

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static pid_t start_sensor(const char *sensor, const char *output)
{
	pid_t child = fork();

	if (child)
		return child;
	execl(sensor, sensor, "--interface", "in", "--span", "--output", output, "--log-level", "error",
	      (char *)NULL);
	_exit(127);
}

static uint64_t number(json_object *fact, const char *key)
{
	return (uint64_t)json_object_get_int64(json_object_object_get(fact, key));
}

/* The generator's: 10.0.0.0/8. The kernel's own words on the pair do not count. */
static bool is_ours(json_object *fact, const char *key)
{
	const char *address = json_object_get_string(json_object_object_get(fact, key));

	return address && !strncmp(address, "10.", 3);
}

/* One line. A flow is said again as it grows: only its last word counts, which is that of the end. */
static void read_fact(const char *line, json_object *flows, json_object *hosts, struct said *said)
{
	json_object *fact = json_tokener_parse(line);
	const char *kind = json_object_get_string(json_object_object_get(fact, "fact"));
	char key[128];

	if (!kind)
		goto out;
	if (!strcmp(kind, "flow") && is_ours(fact, "client")) {
		snprintf(key, sizeof(key), "%s %s",
			 json_object_get_string(json_object_object_get(fact, "client")),
			 json_object_get_string(json_object_object_get(fact, "proto")));
		json_object_object_add(flows, key, json_object_get(fact));
	} else if (!strcmp(kind, "host") && is_ours(fact, "ip")) {
		json_object_object_add(hosts, json_object_get_string(json_object_object_get(fact, "ip")), NULL);
	} else if (!strcmp(kind, "loss")) {
		printf("    lost: %s\n", line);
		said->losses++;
	}
out:
	json_object_put(fact);
}

static int read_output(const char *path, struct said *said)
{
	json_object *flows = json_object_new_object(), *hosts = json_object_new_object();
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return -errno;
	while (getline(&line, &size, file) > 0)
		read_fact(line, flows, hosts, said);
	json_object_object_foreach (flows, key, fact) {
		(void)key;
		said->flows++;
		said->connections += number(fact, "connections");
		said->packets += number(fact, "packets") + number(fact, "packets_back");
	}
	said->hosts = (uint64_t)json_object_object_length(hosts);
	free(line);
	fclose(file);
	json_object_put(flows);
	json_object_put(hosts);
	return 0;
}

static int measure(struct generator *g, const char *sensor, bool syn, uint32_t flows)
{
	char output[] = "/tmp/netvisor-facts-XXXXXX";
	uint64_t hosts = flows / FLOWS_OF_A_HOST, before, sent;
	struct said said = {0};
	double spent;
	int fd = mkstemp(output), status = 0, error;
	pid_t child;

	if (fd < 0)
		return -errno;
	close(fd);
	generator_frame(g, syn ? GENERATE_SYN : GENERATE_UDP);
	generator_flows(g, flows, 1);
	child = start_sensor(sensor, output);
	pause_ms(START_MS);
	before = generator_received(g);
	spent = generator_send(g, PACKETS);
	sent = generator_received(g) - before;
	pause_ms(SWEEP_MS);
	kill(child, SIGTERM);
	waitpid(child, &status, 0);
	error = read_output(output, &said);
	unlink(output);
	if (error || status)
		return error ? error : -ECHILD;
	printf("%s %7u flows, %.1f M packets at %.2f M/s: said packets %.4f, connections %.4f, flow facts "
	       "%.4f, hosts %.4f of "
	       "what was there; losses %llu\n",
	       syn ? "syn" : "udp", flows, (double)sent / 1e6, (double)sent / spent / 1e6,
	       (double)said.packets / (double)sent, (double)said.connections / flows,
	       (double)said.flows / (double)hosts, (double)said.hosts / (double)hosts,
	       (unsigned long long)said.losses);
	fflush(stdout);
	return 0;
}

int main(int argc, char **argv)
{
	static const uint32_t flows[] = {1 << 10, 1 << 15};
	static struct generator g;
	int error = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: facts SENSOR\n");
		return 2;
	}
	generator_open(&g);
	for (size_t i = 0; i < 4 && !error; i++)
		error = measure(&g, argv[1], i >= 2, flows[i & 1]);
	generator_close(&g);
	if (error)
		fprintf(stderr, "facts: %s\n", strerror(-error));
	return error != 0;
}
