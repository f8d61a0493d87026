// SPDX-License-Identifier: BSD-2-Clause
/*
 * Frames that a BPF program makes and the kernel sends, without an skb: the list of a batch is written into a map, and the program is
 * run once for each with live frames (BPF_PROG_TEST_RUN, kernel 5.18). About ten times as fast as a packet socket.
 *
 * A sender by XDP gets no back-pressure: what a port has no room for is noted by a tracepoint and sent again, and the next rounds are
 * made smaller. Each run of a program that is attached nowhere has the kernel wait for all its readers twice (some 30 ms), because it patches
 * its dispatcher; so the program is attached, to the loopback of a network namespace that nothing else is in.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "defs/generate.h"
#include "defs/log.h"
#include "defs/probe_frame.h"
#include "sensor/clock.h"
#include "sensor/netdev.h"
#include "sensor/probe/transmit.h"

#include "bpf/generate.skel.h"

_Static_assert((int)GENERATE_FRAMES_MAX == (int)TRANSMIT_BATCH_MAX, "a batch fits into the map");

enum {
	BULK = 64, /* frames that the kernel makes before it lets their answers in; a veth's ring holds 256 */
	ROUND_MIN = 64,
	TRIES_MAX = 20,	      /* of a frame that the port has no room for */
	BATCH_US_MAX = 30000, /* whoever wants to stop is heard in between */
	PAUSE_NS = 200000,    /* after a round of which the port refused some */
};

struct xdp {
	struct transmit transmit;
	struct generate_bpf *object;
	struct bpf_link *watch; /* the tracepoint */
	struct generate *shared;
	struct probe_frame *frames; /* the map's */
	int fd, namespace_fd;
	bool checked;	/* that the port sends what is redirected to it */
	bool doubtful;	/* the kernel does not tell whether it does, and none has left yet */
	uint32_t round; /* frames of one run, smaller while the port refuses some */
	unsigned long long lost;
};

/* ---- the program's place ---- */

/* In a thread of its own: it goes into the namespace, and ends there. */
static void *attach_aside(void *context)
{
	struct xdp *x = context;
	int loopback = 1;

	if (unshare(CLONE_NEWNET))
		return NULL;
	x->namespace_fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (x->namespace_fd >= 0 && bpf_xdp_attach(loopback, x->fd, XDP_FLAGS_SKB_MODE, NULL)) {
		close(x->namespace_fd);
		x->namespace_fd = -1;
	}
	return NULL;
}

static void find_place(struct xdp *x)
{
	pthread_t thread;

	if (!pthread_create(&thread, NULL, attach_aside, x))
		pthread_join(thread, NULL);
}

/* ---- sending ---- */

static int refuse(const char *name, const char *driver)
{
	log_error("%s sends no frames of XDP (driver %s%s): use --engine uring", name, driver,
		  strcmp(driver, "veth") ? "" : "; its other end has neither an XDP program nor GRO");
	return -EOPNOTSUPP;
}

/* Asked before a scan, as it may change: a veth sends only while its other end listens. Older kernels do not tell: then it is tried. */
static int check_port(struct xdp *x)
{
	struct netdev port;
	char name[IF_NAMESIZE];

	if (!if_indextoname(x->shared->source.interface_index, name) || netdev_read(name, &port))
		return -ENODEV;
	if ((port.xdp_known && !port.xdp_redirect) || x->doubtful)
		return refuse(name, port.driver);
	if (x->namespace_fd < 0)
		log_warn("the engine xdp is slow here: it had no CAP_SYS_ADMIN to make a network namespace of "
			 "its own");
	x->checked = true;
	x->doubtful = !port.xdp_known;
	return 0;
}

/* Run the program once for frames [from, to) of the map, which are of one length. 0 or -errno. */
static int run_once(struct xdp *x, uint32_t from, uint32_t to, uint32_t bytes)
{
	static const uint8_t nothing[PROBE_BYTES_MAX];
	struct generate *g = x->shared;
	struct xdp_md context = {.data_end = bytes, .ingress_ifindex = g->source.interface_index};
	DECLARE_LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = nothing, .data_size_in = bytes,
			    .ctx_in = &context, .ctx_size_in = sizeof(context),
			    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = BULK);
	int error = 0;

	g->next = g->done = from;
	g->end = to;
	g->sent = g->refused_count = 0;
	g->running = 1;
	/* A signal ends it early. Once it has not moved at all, something else is wrong. */
	for (uint32_t before = to; !error && g->next < to && g->next != before;) {
		before = g->next;
		run.repeat = (int)(to - before);
		if (bpf_prog_test_run_opts(x->fd, &run) && errno != EINTR)
			error = -errno;
	}
	g->running = 0;
	return error;
}

/* The same, and again for those that the port had no room for. */
static int run(struct xdp *x, uint32_t from, uint32_t to, uint32_t bytes)
{
	struct generate *g = x->shared;
	int error;

	for (int try = 0; try < TRIES_MAX && from < to; try++) {
		uint32_t again = 0;

		error = run_once(x, from, to, bytes);
		if (error)
			return error;
		if (x->doubtful && !g->sent)
			return check_port(x);
		x->doubtful = false;
		if (g->sent >= to - from) {
			x->round = x->round * 2 < TRANSMIT_BATCH_MAX ? x->round * 2 : TRANSMIT_BATCH_MAX;
			return 0;
		}
		for (; again < g->refused_count && again < to - from; again++) {
			uint32_t which = g->refused[again];

			if (which < from + again || which >= to)
				break;
			x->frames[from + again] = x->frames[which];
		}
		/* What the port neither took nor refused has failed on the way there. */
		if (g->sent + again < to - from)
			x->lost += to - from - g->sent - again;
		to = from + again;
		x->round = x->round / 2 > ROUND_MIN ? x->round / 2 : ROUND_MIN;
		nanosleep(&(struct timespec){.tv_nsec = (long)PAUSE_NS * (try + 1)}, NULL);
	}
	x->lost += to - from;
	return 0;
}

static int xdp_send(struct transmit *transmit, const struct probe_frame *frames, size_t count)
{
	struct xdp *x = (struct xdp *)transmit;
	uint32_t sent = 0, end, most = (uint32_t)(count < TRANSMIT_BATCH_MAX ? count : TRANSMIT_BATCH_MAX);
	int64_t until_us = clock_monotonic_us() + BATCH_US_MAX;
	int error = x->checked ? 0 : check_port(x);

	if (error)
		return error;
	memcpy(x->frames, frames, most * sizeof(*frames));
	while (sent < most && (!sent || clock_monotonic_us() < until_us)) {
		uint32_t bytes = probe_bytes(&x->frames[sent]);

		end = sent + 1;
		while (end < most && end - sent < x->round && probe_bytes(&x->frames[end]) == bytes)
			end++;
		error = run(x, sent, end, bytes);
		if (error)
			return sent ? (int)sent : error;
		sent = end;
	}
	return (int)sent;
}

static void xdp_source(struct transmit *transmit, const struct probe_source *source)
{
	struct xdp *x = (struct xdp *)transmit;

	x->shared->source = *source;
	x->round = TRANSMIT_BATCH_MAX;
	x->checked = x->doubtful = false;
}

static unsigned long long xdp_lost(const struct transmit *transmit)
{
	return ((const struct xdp *)transmit)->lost;
}

static void xdp_close(struct transmit *transmit)
{
	struct xdp *x = (struct xdp *)transmit;

	if (!x)
		return;
	if (x->frames)
		munmap(x->frames, GENERATE_FRAMES_MAX * sizeof(*x->frames));
	if (x->namespace_fd >= 0)
		close(x->namespace_fd);
	bpf_link__destroy(x->watch);
	if (x->object)
		explicit_bzero(&x->shared->source.key, sizeof(x->shared->source.key));
	generate_bpf__destroy(x->object);
	free(x);
}

static int load(struct xdp *x, const struct probe_source *source)
{
	void *memory;

	x->object = generate_bpf__open_and_load();
	if (!x->object)
		return -errno;
	x->fd = bpf_program__fd(x->object->progs.netvisor_generate);
	x->shared = &x->object->bss->generate;
	x->shared->source = *source;
	memory = mmap(NULL, GENERATE_FRAMES_MAX * sizeof(*x->frames), PROT_READ | PROT_WRITE, MAP_SHARED,
		      bpf_map__fd(x->object->maps.frames), 0);
	if (memory == MAP_FAILED)
		return -errno;
	x->frames = memory;
	x->watch = bpf_program__attach(x->object->progs.netvisor_sent);
	return x->watch ? 0 : -errno;
}

int transmit_xdp_open(const struct probe_source *source, struct transmit **out)
{
	struct xdp *x = calloc(1, sizeof(*x));
	int error;

	if (!x)
		return -ENOMEM;
	x->transmit = (struct transmit){
		.name = "xdp", .send = xdp_send, .source = xdp_source, .lost = xdp_lost, .close = xdp_close};
	x->fd = x->namespace_fd = -1;
	x->round = TRANSMIT_BATCH_MAX;
	error = load(x, source);
	if (error) {
		/* Not an error of a sensor that only watches, or scans by the other engine. */
		log_info("the engine xdp can't be used: %s; run as root, with kernel 5.18 or newer, or use "
			 "--engine uring",
			 strerror(-error));
		xdp_close(&x->transmit);
		return error;
	}
	find_place(x);
	*out = &x->transmit;
	return 0;
}
