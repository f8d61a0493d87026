// SPDX-License-Identifier: BSD-2-Clause
/* How many clients of services are remembered, of each and of all together, and what is said of those beyond. */
#include <string.h>

#include "sensor/services.h"
#include "sensor/sightings.h"
#include "tests/tap.h"

enum { SERVICES = 600, CLIENTS = 1100, CLIENTS_MAX = 1024 };

static struct services *services;
static uint64_t last_clients, most_clients;

static int take(void *context, const struct fact *fact)
{
	(void)context;
	last_clients = fact->clients;
	if (fact->clients > most_clients)
		most_clients = fact->clients;
	return 0;
}

static void handshake(uint32_t server, uint32_t client)
{
	struct record_handshake record = {.opener = 0};

	record.key.version = 4;
	record.key.proto = 6;
	memcpy(record.key.addr[0], (uint8_t[4]){10, 9, (uint8_t)(client >> 8), (uint8_t)client}, 4);
	memcpy(record.key.addr[1], (uint8_t[4]){10, 1, (uint8_t)(server >> 8), (uint8_t)server}, 4);
	record.key.port_n[1] = 0x5000;
	services_handshake(services, &record, 1000000);
}

int main(void)
{
	struct sightings_options options = {.capacity = SERVICES};
	struct fact_sink sink = {take, NULL};
	struct sightings *sightings;

	if (sightings_open(&options, &sink, 1, &sightings) || services_open(sightings, &services))
		return 1;
	for (uint32_t client = 0; client < 500; client++)
		handshake(0, client);
	tap_ok(services_uncounted(services) == 0, "five hundred clients of one service all count");
	sightings_flush(sightings);
	tap_ok(last_clients == 500, "and are said");
	for (uint32_t client = 0; client < CLIENTS; client++)
		handshake(0, client);
	sightings_flush(sightings);
	tap_ok(last_clients == CLIENTS_MAX, "a service with more than a thousand is said to have a thousand");
	tap_ok(services_uncounted(services) == 0, "which is no loss: its head says so");

	for (uint32_t server = 1; server < SERVICES; server++)
		for (uint32_t client = 0; client < CLIENTS_MAX; client++)
			handshake(server, client);
	tap_ok(services_uncounted(services) > 0,
	       "when all together have too many, those beyond are counted as lost");
	sightings_flush(sightings);
	most_clients = 0;
	for (uint32_t client = 0; client < CLIENTS_MAX; client++)
		handshake(SERVICES, client);
	sightings_flush(sightings);
	tap_ok(most_clients == 1, "a service that comes then is said all the same, by one client");
	services_close(services);
	sightings_close(sightings);
	return tap_end();
}
