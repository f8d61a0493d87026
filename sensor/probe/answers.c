// SPDX-License-Identifier: BSD-2-Clause
/*
 * The XDP program's side of asking, seen from the sensor: probe_source by mmap, the ring `answers`, the counters.
 *
 * What a port can't send from XDP (a veth whose other end has no NAPI: a container's, as a rule) is sent from here, by a packet
 * socket: the RSTs that end what SYN-ACKs opened.
 */
#include "sensor/probe/answers.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "defs/log.h"
#include "defs/probe_frame.h"
#include "sensor/capture.h"
#include "sensor/netdev.h"

enum { RESETS_MAX = 256 }; /* of one system call */

struct answers {
	struct probe_source *shared; /* the program's */
	size_t shared_bytes;
	struct ring_buffer *ring;
	int ring_fd, counters_fd, cpus;
	uint64_t *counts; /* of each CPU, for reading */
	struct capture_port port;
	int reset_fd; /* for RSTs by hand; -1: the program always sends them */
	uint64_t reset_sent;
	size_t resets;
	uint8_t reset[RESETS_MAX][PROBE_BYTES_MAX];
	/* Of one answers_take(). */
	size_t left;
	void (*take)(void *context, const struct probe_answer *);
	void *context;
};

static void send_resets(struct answers *a)
{
	struct mmsghdr messages[RESETS_MAX] = {};
	struct iovec parts[RESETS_MAX];
	int sent;

	for (size_t i = 0; i < a->resets; i++) {
		bool v4 = a->reset[i][12] == 8 && a->reset[i][13] == 0;

		parts[i] = (struct iovec){a->reset[i], v4 ? PROBE_BYTES_RESET4 : PROBE_BYTES_RESET6};
		messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
	}
	/* One that is lost is sent again: the other end repeats its SYN-ACK. */
	sent = a->resets ? sendmmsg(a->reset_fd, messages, (unsigned int)a->resets, MSG_DONTWAIT) : 0;
	if (sent > 0)
		a->reset_sent += (uint64_t)sent;
	a->resets = 0;
}

static void reset_by_hand(struct answers *a, const struct probe_answer *answer)
{
	const struct probe_source *s = a->shared;
	struct probe_frame asked = {.port_n = answer->port_n, .kind = PROBE_SYN, .version = answer->version};
	uint8_t *frame = a->reset[a->resets++], *ip = frame + sizeof(struct wire_ether);
	uint32_t seq_n;

	memset(frame, 0, PROBE_BYTES_MAX);
	memcpy(asked.addr, answer->addr, sizeof(asked.addr));
	seq_n = htonl(probe_cookie(s->key, &asked) + 1);
	if (answer->version == 4) {
		uint32_t us, them;

		memcpy(&us, s->addr4, 4);
		memcpy(&them, answer->addr, 4);
		probe_put_ether(frame, answer->mac, s->mac, ETHER_IPV4);
		probe_put_ipv4(ip, us, them, PROTO_TCP, 40);
		probe_put_reset(ip + 20, ip, 4, s->port_n, answer->port_n, seq_n);
	} else {
		__u64 us[2], them[2];

		probe_source6(s, answer->addr, us);
		memcpy(them, answer->addr, 16);
		probe_put_ether(frame, answer->mac, s->mac, ETHER_IPV6);
		probe_put_ipv6(ip, us, them, PROTO_TCP, PROBE_TTL, 20);
		probe_put_reset(ip + 40, ip, 6, s->port_n, answer->port_n, seq_n);
	}
	if (a->resets == RESETS_MAX)
		send_resets(a);
}

static int take_answer(void *context, void *data, size_t size)
{
	struct answers *a = context;
	const struct probe_answer *answer = data;

	if (size < sizeof(*answer))
		return 0;
	if (answer->kind == ANSWER_OPEN && a->shared->reset == PROBE_RESET_BY_HAND)
		reset_by_hand(a, answer);
	if (a->take)
		a->take(a->context, answer);
	return --a->left > 0 ? 0 : -EAGAIN;
}

static size_t page_round(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (size + page - 1) / page * page;
}

static int open_maps(struct answers *a, struct bpf_object *object)
{
	const struct bpf_map *source = bpf_object__find_map_by_name(object, ".data.probe");
	void *memory;

	a->ring_fd = bpf_object__find_map_fd_by_name(object, "answers");
	a->counters_fd = bpf_object__find_map_fd_by_name(object, "probe_counters");
	a->cpus = libbpf_num_possible_cpus();
	if (!source || a->ring_fd < 0 || a->counters_fd < 0 || a->cpus <= 0)
		return -EINVAL;
	a->counts = calloc((size_t)a->cpus, sizeof(*a->counts));
	a->ring = ring_buffer__new(a->ring_fd, take_answer, a, NULL);
	a->shared_bytes = page_round(sizeof(*a->shared));
	memory = mmap(NULL, a->shared_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(source), 0);
	if (memory != MAP_FAILED)
		a->shared = memory;
	return a->counts && a->ring && a->shared ? 0 : -ENOMEM;
}

/* In generic mode the kernel sends for it. */
static bool is_veth(const struct answers *a)
{
	return a->port.native && !strcmp(a->port.driver, "veth");
}

static int open_socket(struct answers *a)
{
	struct sockaddr_ll port = {.sll_family = AF_PACKET, .sll_ifindex = a->port.index};

	a->reset_fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (a->reset_fd < 0 || bind(a->reset_fd, (struct sockaddr *)&port, sizeof(port)))
		return -errno;
	return 0;
}

/* As things are now: the other end of a veth may have changed. */
static enum probe_reset reset_now(const struct answers *a)
{
	struct netdev now;

	if (!is_veth(a))
		return PROBE_RESET_SEND;
	return !netdev_read(a->port.name, &now) && now.xdp_redirect ? PROBE_RESET_REDIRECT
								    : PROBE_RESET_BY_HAND;
}

int answers_open(struct engine *engine, struct answers **out)
{
	struct capture_port port;
	struct bpf_object *object = capture_object(engine, &port);
	struct answers *a;
	int error;

	if (!object) {
		log_error("asking needs the XDP engine on a port with Ethernet frames (--engine xdp)");
		return -EOPNOTSUPP;
	}
	a = calloc(1, sizeof(*a));
	if (!a)
		return -ENOMEM;
	a->port = port;
	a->reset_fd = -1;
	error = open_maps(a, object);
	if (!error && is_veth(a))
		error = open_socket(a);
	if (error) {
		log_error("%s: answers to probes can't be received: %s", port.name, strerror(-error));
		answers_close(a);
		return error;
	}
	*out = a;
	return 0;
}

int answers_fd(const struct answers *a)
{
	return a->ring_fd;
}

void answers_arm(struct answers *a, const struct probe_source *source)
{
	struct probe_source idle = *source;

	answers_disarm(a);
	a->take = NULL;
	a->left = SIZE_MAX;
	ring_buffer__consume(a->ring);
	idle.active = 0;
	idle.reset = reset_now(a);
	*a->shared = idle;
	a->resets = 0;
	__atomic_store_n(&a->shared->active, 1, __ATOMIC_SEQ_CST);
}

void answers_disarm(struct answers *a)
{
	__atomic_store_n(&a->shared->active, 0, __ATOMIC_SEQ_CST);
}

size_t answers_take(struct answers *a, size_t limit, void (*take)(void *context, const struct probe_answer *),
		    void *context)
{
	a->take = take;
	a->context = context;
	a->left = limit;
	if (limit)
		ring_buffer__consume(a->ring);
	send_resets(a);
	return limit - a->left;
}

static uint64_t counter(const struct answers *a, uint32_t which)
{
	uint64_t sum = 0;

	if (bpf_map_lookup_elem(a->counters_fd, &which, a->counts))
		return 0;
	for (int cpu = 0; cpu < a->cpus; cpu++)
		sum += a->counts[cpu];
	return sum;
}

void answers_count(const struct answers *a, struct answers_counters *out)
{
	*out = (struct answers_counters){
		.open = counter(a, PROBE_COUNT_OPEN),
		.closed = counter(a, PROBE_COUNT_CLOSED),
		.unreachable = counter(a, PROBE_COUNT_UNREACHABLE),
		.echo = counter(a, PROBE_COUNT_ECHO),
		.arp = counter(a, PROBE_COUNT_ARP),
		.nd = counter(a, PROBE_COUNT_ND),
		.reset = counter(a, PROBE_COUNT_RESET) + a->reset_sent,
		.forged = counter(a, PROBE_COUNT_FORGED),
		.ring_full = counter(a, PROBE_COUNT_RING_FULL),
	};
}

void answers_close(struct answers *a)
{
	if (!a)
		return;
	if (a->shared) {
		answers_disarm(a);
		munmap(a->shared, a->shared_bytes);
	}
	ring_buffer__free(a->ring);
	if (a->reset_fd >= 0)
		close(a->reset_fd);
	free(a->counts);
	free(a);
}
