// SPDX-License-Identifier: BSD-2-Clause
/*
 * What concluding costs: the definitions that come with the program, and ten times as many (each copy with other texts and ports), against hosts
 * with little and with ten times as much evidence. Prints the memory of the definitions, and microseconds of processor time a host (the median of rounds).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/recognize/builtin.h"
#include "collector/recognize/recognize.h"

enum { TIMES = 10, ROUNDS = 21, HOSTS_OF_ROUND = 200, CLUES_MAX = 1000, PAGE_BYTES = 3800 };

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Another definition of the same form: letters within texts are moved on, but not those of keys, protocols and types. */
static struct definition_text copy_of(const struct definition_text *text, int number)
{
	static const char *const keys[] = {"\"title\":\"",  "\"body\":\"", "\"banner\":\"", "\"hostname\":\"",
					   "\"vendor\":\"", "\"ssdp\":\"", "\"subject\":\""};
	char *id = malloc(strlen(text->id) + 8), *json = malloc(text->length + 1);

	if (!id || !json)
		exit(1);
	sprintf(id, "%s-%d", text->id, number);
	memcpy(json, text->json, text->length + 1);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		for (char *at = strstr(json, keys[i]); at; at = strstr(at, keys[i])) {
			at += strlen(keys[i]);
			for (int n = 0; at[n] && at[n] != '"' && at[n] != '\\'; n++)
				if (at[n] >= 'b' && at[n] <= 'y' && at[0] != '/')
					at[n] = (char)('b' + (at[n] - 'b' + number * 5 + n) % 24);
		}
	}
	return (struct definition_text){id, json, text->length};
}

static struct definitions *compile(int times)
{
	struct definition_text *services = calloc(builtin_service_count * (size_t)times, sizeof(*services));
	const struct definition_fault *fault;
	struct definitions *made = NULL;
	size_t count = 0;
	double start;

	for (int n = 0; services && n < times; n++)
		for (size_t i = 0; i < builtin_service_count; i++)
			services[count++] = n ? copy_of(&builtin_services[i], n) : builtin_services[i];
	start = now_us();
	if (!services ||
	    definitions_compile(services, count, builtin_devices, builtin_device_count, &made) != 0)
		exit(1);
	printf("%5zu definitions and %zu files of claims: compiled in %4.0f ms, %5.2f MB, %zu faults\n", count,
	       builtin_device_count, (now_us() - start) / 1e3, (double)definitions_bytes(made) / 1e6,
	       definitions_faults(made, &fault));
	return made;
}

static void add(struct clue *clues, size_t *count, uint16_t port, const char *key, const char *value)
{
	clues[(*count)++] = (struct clue){.key = key,
					  .value = value,
					  .length = strlen(value),
					  .port_h = port,
					  .place = 1,
					  .source = "probe",
					  .evidence = "0190b5a2-0000-7000-8000-000000000001"};
}

/* Twenty clues: what traffic and a scan tell of a server with two ports; more of it with other ports. */
static size_t host(struct clue *clues, int times)
{
	static char page[PAGE_BYTES];
	size_t count = 0;

	if (!page[0]) {
		strcpy(page, "/ <!doctype html><html><head><title>Grafana</title>");
		while (strlen(page) < PAGE_BYTES - 200)
			strcat(page, "<div class=\"login-page\"><a href=\"/public/build/app.js\">Sign in to "
				     "your account</a> server status is well</div>");
	}
	add(clues, &count, 0, "vendor", "Super Micro Computer, Inc.");
	add(clues, &count, 0, "name", "metrics.example.org");
	add(clues, &count, 0, "address", "192.168.1.20");
	add(clues, &count, 0, "tcp.syn", "64:1460:mss*44:7:mss,sok,ts,nop,ws");
	for (int i = 0; i < times; i++) {
		uint16_t web = (uint16_t)(3000 + i), ssh = (uint16_t)(22 + i);

		add(clues, &count, ssh, "port", "");
		add(clues, &count, ssh, "speaks", "ssh");
		add(clues, &count, ssh, "ssh.banner", "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u2");
		add(clues, &count, web, "port", "");
		add(clues, &count, web, "speaks", "http");
		add(clues, &count, web, "http.status", "/ 200");
		add(clues, &count, web, "http.title", "Grafana");
		add(clues, &count, web, "http.server", "nginx/1.22.1");
		add(clues, &count, web, "http.header", "/ server: nginx/1.22.1");
		add(clues, &count, web, "http.header", "/ content-type: text/html; charset=UTF-8");
		add(clues, &count, web, "http.header", "/ x-frame-options: deny");
		add(clues, &count, web, "http.favicon", "2123863676");
		add(clues, &count, web, "http.status", "/metrics 404");
		add(clues, &count, web, "http.status", "/api/health 200");
		add(clues, &count, web, "http.body",
		    "/api/health {\"database\": \"ok\", \"version\": \"10.2.3\"}");
		add(clues, &count, web, "http.body", page);
	}
	return count;
}

static int by_value(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return one < other ? -1 : one > other;
}

static void measure(const struct definitions *definitions, const char *what, int times)
{
	static struct clue clues[CLUES_MAX];
	size_t count = host(clues, times), services = 0, bytes = 0;
	double round[ROUNDS];

	for (size_t i = 0; i < count; i++)
		bytes += clues[i].length;
	for (int r = 0; r < ROUNDS; r++) {
		double start = now_us();

		for (int i = 0; i < HOSTS_OF_ROUND / times; i++) {
			struct conclusions out = {0};
			struct arena arena = {0};

			if (recognize(definitions, clues, count, &arena, &out, NULL) != 0)
				exit(1);
			services = out.services;
			arena_free(&arena);
		}
		round[r] = (now_us() - start) / (HOSTS_OF_ROUND / times);
	}
	qsort(round, ROUNDS, sizeof(round[0]), by_value);
	printf("  %s: %3zu clues, %6zu bytes: %7.1f us a host (%zu conclusions)\n", what, count, bytes,
	       round[ROUNDS / 2], services);
}

int main(void)
{
	for (int times = 1; times <= TIMES; times += TIMES - 1) {
		struct definitions *definitions = compile(times);

		measure(definitions, "a host", 1);
		measure(definitions, "ten times its evidence", 10);
		definitions_free(definitions);
	}
	return 0;
}
