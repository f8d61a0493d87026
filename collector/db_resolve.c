/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The database's host name, looked up in the worker: libpq would do that on the loop and wait for the name server.
 */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "collector/db_pool.h"
#include "collector/worker.h"
#include "defs/log.h"

enum { ADDRESSES_MAX = 4, RETRY_MS = 2000 };

struct look_up {
	struct db *db;
	char host[DB_HOST_BYTES_MAX];
	char hosts[DB_HOSTS_BYTES_MAX], addresses[DB_ADDRESSES_BYTES_MAX];
};

static void look(void *arg)
{
	struct look_up *job = arg;
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
	size_t hosts = 0, addresses = 0, count = 0;

	if (getaddrinfo(job->host, NULL, &hints, &list))
		return;
	for (const struct addrinfo *at = list; at && count < ADDRESSES_MAX; at = at->ai_next) {
		char text[64];

		if (getnameinfo(at->ai_addr, at->ai_addrlen, text, sizeof(text), NULL, 0, NI_NUMERICHOST))
			continue;
		/* libpq wants a name for each address: it is what a certificate is checked against. */
		hosts += (size_t)snprintf(job->hosts + hosts, sizeof(job->hosts) - hosts, "%s%s",
					  count ? "," : "", job->host);
		addresses += (size_t)snprintf(job->addresses + addresses, sizeof(job->addresses) - addresses,
					      "%s%s", count ? "," : "", text);
		count++;
	}
	freeaddrinfo(list);
}

static void on_looked(void *arg)
{
	struct look_up *job = arg;

	job->db->resolving = false;
	if (!job->addresses[0]) {
		log_warn("the database's host %s is not known to the name service; it is asked again. See "
			 "--database-url.",
			 job->host);
		job->db->resolve_ms = loop_now_ms() + RETRY_MS;
	}
	memcpy(job->db->hosts, job->hosts, sizeof(job->hosts));
	memcpy(job->db->addresses, job->addresses, sizeof(job->addresses));
	free(job);
}

void db_resolve(struct db *db)
{
	struct look_up *job;

	if (db->resolving || loop_now_ms() < db->resolve_ms)
		return;
	job = calloc(1, sizeof(*job));
	if (!job)
		return;
	job->db = db;
	snprintf(job->host, sizeof(job->host), "%s", db->host);
	db->resolving = worker_run(db->options.worker, look, on_looked, job) == 0;
	if (!db->resolving)
		free(job);
}
