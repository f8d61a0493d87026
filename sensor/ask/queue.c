// SPDX-License-Identifier: BSD-2-Clause
/* Turns of hosts. See queue.h. */
#include "sensor/ask/queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A datagram or two are a quarter of what a conversation by TCP costs its host. */
enum { BUCKETS = 1024, HOST_SHARE = 4, LOAD_TCP = 4, LOAD_UDP = 1 };

struct queue_host {
	struct ip ip;
	uint32_t running, known; /* known: targets since the host was empty */
	uint32_t load;		 /* of those that run */
	struct work *first, **last;
	struct queue_host *bucket_next;
	struct queue_host *turn_next; /* of those that have something waiting and may begin it */
	bool in_turn;
};

struct queue {
	uint32_t host_max;
	size_t waiting;
	struct queue_host *bucket[BUCKETS];
	struct queue_host *turn_first, **turn_last;
};

int queue_open(uint32_t host_max, struct queue **out)
{
	struct queue *queue = calloc(1, sizeof(*queue));

	if (!queue)
		return -ENOMEM;
	queue->host_max = host_max;
	queue->turn_last = &queue->turn_first;
	*out = queue;
	return 0;
}

/* Whoever scans chooses the addresses, not a stranger: any mixing will do. */
static struct queue_host **find(struct queue *queue, const struct ip *ip)
{
	struct queue_host **at;
	uint32_t hash = 0;

	for (size_t i = 0; i < sizeof(ip->bytes); i++)
		hash = hash * 31 + ip->bytes[i];
	at = &queue->bucket[(hash ^ hash >> 12) % BUCKETS];
	while (*at && !ip_equal(&(*at)->ip, ip))
		at = &(*at)->bucket_next;
	return at;
}

static uint32_t allowed(const struct queue *queue, const struct queue_host *host)
{
	uint32_t share = host->known / HOST_SHARE;

	if (queue->host_max)
		return queue->host_max;
	return share > ASK_HOST_DEFAULT ? share : ASK_HOST_DEFAULT;
}

static void give_turn(struct queue *queue, struct queue_host *host)
{
	if (host->in_turn || !host->first || host->load >= allowed(queue, host) * LOAD_TCP)
		return;
	host->in_turn = true;
	host->turn_next = NULL;
	*queue->turn_last = host;
	queue->turn_last = &host->turn_next;
}

static void forget(struct queue *queue, struct queue_host *host)
{
	struct queue_host **at = find(queue, &host->ip);

	if (host->running || host->first || host->in_turn)
		return;
	*at = host->bucket_next;
	free(host);
}

int queue_add(struct queue *queue, const struct ip *ip, const struct work *given, const char *name)
{
	struct queue_host **at = find(queue, ip);
	struct work *work;

	if (queue->waiting >= QUEUE_WORK_MAX)
		return -EAGAIN;
	work = malloc(sizeof(*work) + strlen(name) + 1);
	if (!work)
		return -ENOMEM;
	if (!*at) {
		*at = calloc(1, sizeof(**at));
		if (!*at) {
			free(work);
			return -ENOMEM;
		}
		(*at)->ip = *ip;
		(*at)->last = &(*at)->first;
	}
	memcpy(work, given, sizeof(*work));
	memcpy(work->name, name, strlen(name) + 1);
	work->next = NULL;
	work->host = *at;
	*work->host->last = work;
	work->host->last = &work->next;
	work->host->known++;
	queue->waiting++;
	give_turn(queue, work->host);
	return 0;
}

struct work *queue_take(struct queue *queue)
{
	struct queue_host *host = queue->turn_first;
	struct work *work;

	if (!host)
		return NULL;
	queue->turn_first = host->turn_next;
	if (!queue->turn_first)
		queue->turn_last = &queue->turn_first;
	host->in_turn = false;
	work = host->first;
	host->first = work->next;
	if (!host->first)
		host->last = &host->first;
	host->running++;
	host->load += work->udp ? LOAD_UDP : LOAD_TCP;
	queue->waiting--;
	give_turn(queue, host);
	return work;
}

const struct ip *work_ip(const struct work *work)
{
	return &work->host->ip;
}

void queue_done(struct queue *queue, struct work *work)
{
	struct queue_host *host = work->host;

	host->load -= work->udp ? LOAD_UDP : LOAD_TCP;
	free(work);
	host->running--;
	give_turn(queue, host);
	forget(queue, host);
}

size_t queue_waiting(const struct queue *queue)
{
	return queue->waiting;
}

void queue_close(struct queue *queue)
{
	for (size_t i = 0; queue && i < BUCKETS; i++) {
		struct queue_host *host, *next_host;

		for (host = queue->bucket[i]; host; host = next_host) {
			struct work *work, *next;

			next_host = host->bucket_next;
			for (work = host->first; work; work = next) {
				next = work->next;
				free(work);
			}
			free(host);
		}
	}
	free(queue);
}
