// SPDX-License-Identifier: BSD-2-Clause
/*
 * Raw frames through io_uring: a packet socket, one registered file, a ring of sends of which only the failures say something.
 * A send to a packet socket is done when it is submitted (the frame is copied), so that a batch is over when the system call is.
 *
 * A frame costs the kernel about a microsecond, so a large batch goes by two lanes, each with a socket and a ring: the caller's thread, and
 * one that is started with the first such batch. Gentle scans never start it.
 *
 * What the port's queue has no room for is tried again for a moment, then counted as lost.
 */
#include <errno.h>
#include <liburing.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "defs/log.h"
#include "defs/probe_frame.h"
#include "sensor/clock.h"
#include "sensor/probe/transmit.h"

enum {
	LANES = 2,
	SHARED_MIN = 2048,  /* frames of a batch that are worth waking a thread for */
	RING_ENTRIES = 512, /* frames of one system call */
	TRIES_MAX = 20,	    /* of a frame that the queue had no room for */
	POLL_MS = 1,
	PAUSE_NS = 50000, /* between them */
	SEND_BUFFER_BYTES = 4 << 20,
	BATCH_US_MAX = 30000, /* whoever wants to stop is heard in between */
};

struct lane {
	const struct probe_source *source;
	struct io_uring ring;
	bool ring_open;
	int fd;
	unsigned long long lost;
	uint8_t frame[RING_ENTRIES][PROBE_BYTES_MAX];
	uint32_t bytes[RING_ENTRIES];
	uint32_t again[RING_ENTRIES]; /* which were refused */
};

struct uring {
	struct transmit transmit;
	struct probe_source source;
	struct lane lane[LANES];
	/* The batch. */
	const struct probe_frame *frames;
	size_t count;
	atomic_size_t next; /* not taken by a lane yet */
	atomic_int error;
	/* The second lane's thread; `working` and `over` are under the lock. */
	pthread_t thread;
	bool thread_runs;
	pthread_mutex_t lock;
	pthread_cond_t wake, finished;
	bool working, over;
};

/* ---- one lane ---- */

static bool is_full(int error)
{
	return error == -EAGAIN || error == -ENOBUFS || error == -ENOMEM;
}

static void prepare(struct lane *l, uint32_t which)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&l->ring);

	io_uring_prep_send(sqe, 0, l->frame[which], l->bytes[which], MSG_DONTWAIT);
	sqe->flags = IOSQE_FIXED_FILE | IOSQE_CQE_SKIP_SUCCESS;
	io_uring_sqe_set_data64(sqe, which);
}

/* Submit what is prepared. Returns how many are to be tried again, in l->again, or -errno that stands for all. */
static int submit(struct lane *l, uint32_t count)
{
	struct io_uring_cqe *cqe;
	int error, again = 0;
	uint32_t done = 0;

	while (done < count) {
		error = io_uring_submit(&l->ring);
		if (error < 0 && error != -EINTR && error != -EAGAIN && error != -EBUSY)
			return error;
		done += error > 0 ? (uint32_t)error : 0;
	}
	error = 0;
	while (!io_uring_peek_cqe(&l->ring, &cqe)) {
		if (is_full(cqe->res))
			l->again[again++] = (uint32_t)io_uring_cqe_get_data64(cqe);
		else if (cqe->res < 0) {
			l->lost++;
			error = cqe->res;
		}
		io_uring_cqe_seen(&l->ring, cqe);
	}
	/* The port is gone or down: that is for all of them. A single frame that was refused is not. */
	return error == -ENXIO || error == -ENODEV || error == -ENETDOWN || error == -EPERM ? error : again;
}

static int send_chunk(struct lane *l, const struct probe_frame *frames, uint32_t count)
{
	struct pollfd room = {.fd = l->fd, .events = POLLOUT};
	int again;

	for (uint32_t i = 0; i < count; i++) {
		l->bytes[i] = probe_bytes(&frames[i]);
		probe_make(l->frame[i], &frames[i], l->source);
		prepare(l, i);
	}
	again = submit(l, count);
	for (int try = 0; again > 0 && try < TRIES_MAX; try++) {
		uint32_t left = (uint32_t)again;

		/* The socket's own buffer, then the port's queue, of which nobody tells when it has room. */
		poll(&room, 1, POLL_MS);
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
		for (uint32_t i = 0; i < left; i++)
			prepare(l, l->again[i]);
		again = submit(l, left);
	}
	if (again > 0)
		l->lost += (unsigned int)again;
	return again < 0 ? again : 0;
}

static void lane_close(struct lane *l)
{
	if (l->ring_open)
		io_uring_queue_exit(&l->ring);
	if (l->fd >= 0)
		close(l->fd);
}

/* Its socket receives nothing: its protocol is 0. Past the queueing discipline: what there is no room for comes back, where that drops. */
static int lane_socket(struct lane *l)
{
	struct sockaddr_ll port = {.sll_family = AF_PACKET, .sll_ifindex = (int)l->source->interface_index};
	int yes = 1, bytes = SEND_BUFFER_BYTES;

	l->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (l->fd < 0)
		return -errno;
	setsockopt(l->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof(yes));
	if (setsockopt(l->fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(l->fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	return bind(l->fd, (struct sockaddr *)&port, sizeof(port)) ? -errno : 0;
}

static int lane_open(struct lane *l)
{
	int error = lane_socket(l);

	if (error) {
		log_error("no raw frames can be sent: %s; run as root, or with CAP_NET_RAW", strerror(-error));
		return error;
	}
	error = io_uring_queue_init(RING_ENTRIES, &l->ring, IORING_SETUP_SUBMIT_ALL);
	l->ring_open = !error;
	error = error ? error : io_uring_register_files(&l->ring, &l->fd, 1);
	if (error)
		log_error("io_uring can't be used: %s; kernel 5.18 or newer is needed, and sysctl "
			  "kernel.io_uring_disabled=0",
			  strerror(-error));
	return error;
}

/* ---- two of them ---- */

/*
 * Take chunks of the batch until there are none, something is wrong with all of them, or it is time to let the caller look up. What was
 * taken is done: the frames before u->next, then, are those that were handed over.
 */
static void work(struct uring *u, struct lane *l)
{
	int64_t until_us = clock_monotonic_us() + BATCH_US_MAX;
	size_t at, left;
	int error;

	do {
		at = atomic_fetch_add(&u->next, RING_ENTRIES);
		if (at >= u->count)
			break;
		left = u->count - at;
		error = send_chunk(l, u->frames + at, (uint32_t)(left < RING_ENTRIES ? left : RING_ENTRIES));
		if (error)
			atomic_store(&u->error, error);
	} while (!atomic_load(&u->error) && clock_monotonic_us() < until_us);
}

static void *second_lane(void *context)
{
	struct uring *u = context;

	pthread_mutex_lock(&u->lock);
	while (!u->over) {
		if (!u->working) {
			pthread_cond_wait(&u->wake, &u->lock);
			continue;
		}
		pthread_mutex_unlock(&u->lock);
		work(u, &u->lane[1]);
		pthread_mutex_lock(&u->lock);
		u->working = false;
		pthread_cond_signal(&u->finished);
	}
	pthread_mutex_unlock(&u->lock);
	return NULL;
}

/* Signals are the caller's. */
static bool thread_started(struct uring *u)
{
	sigset_t all, before;

	if (u->thread_runs)
		return true;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	u->thread_runs = !pthread_create(&u->thread, NULL, second_lane, u);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return u->thread_runs;
}

static void set_working(struct uring *u)
{
	pthread_mutex_lock(&u->lock);
	u->working = true;
	pthread_cond_signal(&u->wake);
	pthread_mutex_unlock(&u->lock);
}

static void wait_finished(struct uring *u)
{
	pthread_mutex_lock(&u->lock);
	while (u->working)
		pthread_cond_wait(&u->finished, &u->lock);
	pthread_mutex_unlock(&u->lock);
}

static int uring_send(struct transmit *transmit, const struct probe_frame *frames, size_t count)
{
	struct uring *u = (struct uring *)transmit;
	bool shared;

	u->frames = frames;
	u->count = count < TRANSMIT_BATCH_MAX ? count : TRANSMIT_BATCH_MAX;
	atomic_store(&u->next, 0);
	atomic_store(&u->error, 0);
	shared = u->count >= SHARED_MIN && thread_started(u);
	if (shared)
		set_working(u);
	work(u, &u->lane[0]);
	if (shared)
		wait_finished(u);
	if (atomic_load(&u->error))
		return atomic_load(&u->error);
	return (int)(atomic_load(&u->next) < u->count ? atomic_load(&u->next) : u->count);
}

static void uring_source(struct transmit *transmit, const struct probe_source *source)
{
	((struct uring *)transmit)->source = *source;
}

static unsigned long long uring_lost(const struct transmit *transmit)
{
	const struct uring *u = (const struct uring *)transmit;

	return u->lane[0].lost + u->lane[1].lost;
}

static void uring_close(struct transmit *transmit)
{
	struct uring *u = (struct uring *)transmit;

	if (!u)
		return;
	if (u->thread_runs) {
		pthread_mutex_lock(&u->lock);
		u->over = true;
		pthread_cond_signal(&u->wake);
		pthread_mutex_unlock(&u->lock);
		pthread_join(u->thread, NULL);
	}
	for (int i = 0; i < LANES; i++)
		lane_close(&u->lane[i]);
	pthread_cond_destroy(&u->wake);
	pthread_cond_destroy(&u->finished);
	pthread_mutex_destroy(&u->lock);
	explicit_bzero(&u->source.key, sizeof(u->source.key));
	free(u);
}

int transmit_uring_open(const struct probe_source *source, struct transmit **out)
{
	struct uring *u = calloc(1, sizeof(*u));
	int error = 0;

	if (!u)
		return -ENOMEM;
	u->transmit = (struct transmit){.name = "uring",
					.send = uring_send,
					.source = uring_source,
					.lost = uring_lost,
					.close = uring_close};
	u->source = *source;
	pthread_mutex_init(&u->lock, NULL);
	pthread_cond_init(&u->wake, NULL);
	pthread_cond_init(&u->finished, NULL);
	for (int i = 0; i < LANES; i++) {
		u->lane[i].source = &u->source;
		u->lane[i].fd = -1;
	}
	for (int i = 0; i < LANES && !error; i++)
		error = lane_open(&u->lane[i]);
	if (error) {
		uring_close(&u->transmit);
		return error;
	}
	*out = &u->transmit;
	return 0;
}
