// SPDX-License-Identifier: BSD-2-Clause
/*
 * Raw frames through io_uring: a packet socket, one registered file, a ring of sends of which only the failures say something.
 * A send to a packet socket is done when it is submitted (the frame is copied), so that a batch is over when the system call is.
 *
 * What the port's queue has no room for is tried again for a moment, then counted as lost.
 */
#include <errno.h>
#include <liburing.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "defs/log.h"
#include "defs/probe_frame.h"
#include "sensor/probe/transmit.h"

enum {
	RING_ENTRIES = 512, /* frames of one system call */
	TRIES_MAX = 20,	    /* of a frame that the queue had no room for, POLL_MS apart */
	POLL_MS = 1,
	SEND_BUFFER_BYTES = 4 << 20,
};

struct uring {
	struct transmit transmit;
	struct probe_source source;
	struct io_uring ring;
	bool ring_open;
	int fd;
	unsigned long long lost;
	uint8_t frame[RING_ENTRIES][PROBE_BYTES_MAX];
	uint32_t bytes[RING_ENTRIES];
	uint32_t again[RING_ENTRIES]; /* which were refused */
};

static bool is_full(int error)
{
	return error == -EAGAIN || error == -ENOBUFS || error == -ENOMEM;
}

static void prepare(struct uring *u, uint32_t which)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&u->ring);

	io_uring_prep_send(sqe, 0, u->frame[which], u->bytes[which], MSG_DONTWAIT);
	sqe->flags = IOSQE_FIXED_FILE | IOSQE_CQE_SKIP_SUCCESS;
	io_uring_sqe_set_data64(sqe, which);
}

/* Submit what is prepared. Returns how many are to be tried again, in u->again, or -errno that stands for all. */
static int submit(struct uring *u, uint32_t count)
{
	struct io_uring_cqe *cqe;
	int error, again = 0;
	uint32_t done = 0;

	while (done < count) {
		error = io_uring_submit(&u->ring);
		if (error < 0 && error != -EINTR && error != -EAGAIN && error != -EBUSY)
			return error;
		done += error > 0 ? (uint32_t)error : 0;
	}
	error = 0;
	while (!io_uring_peek_cqe(&u->ring, &cqe)) {
		if (is_full(cqe->res))
			u->again[again++] = (uint32_t)io_uring_cqe_get_data64(cqe);
		else if (cqe->res < 0) {
			u->lost++;
			error = cqe->res;
		}
		io_uring_cqe_seen(&u->ring, cqe);
	}
	/* The port is gone or down: that is for all of them. A single frame that was refused is not. */
	return error == -ENXIO || error == -ENODEV || error == -ENETDOWN || error == -EPERM ? error : again;
}

static int send_chunk(struct uring *u, const struct probe_frame *frames, uint32_t count)
{
	struct pollfd room = {.fd = u->fd, .events = POLLOUT};
	int again;

	for (uint32_t i = 0; i < count; i++) {
		u->bytes[i] = probe_bytes(&frames[i]);
		probe_make(u->frame[i], &frames[i], &u->source);
		prepare(u, i);
	}
	again = submit(u, count);
	for (int try = 0; again > 0 && try < TRIES_MAX; try++) {
		uint32_t left = (uint32_t)again;

		poll(&room, 1, POLL_MS);
		if (!(room.revents & POLLOUT))
			continue;
		for (uint32_t i = 0; i < left; i++)
			prepare(u, u->again[i]);
		again = submit(u, left);
	}
	if (again > 0)
		u->lost += (unsigned int)again;
	return again < 0 ? again : 0;
}

static int uring_send(struct transmit *transmit, const struct probe_frame *frames, size_t count)
{
	struct uring *u = (struct uring *)transmit;
	size_t sent = 0;

	if (count > TRANSMIT_BATCH_MAX)
		count = TRANSMIT_BATCH_MAX;
	while (sent < count) {
		uint32_t chunk = (uint32_t)(count - sent < RING_ENTRIES ? count - sent : RING_ENTRIES);
		int error = send_chunk(u, frames + sent, chunk);

		if (error)
			return sent ? (int)sent : error;
		sent += chunk;
	}
	return (int)sent;
}

static void uring_source(struct transmit *transmit, const struct probe_source *source)
{
	((struct uring *)transmit)->source = *source;
}

static unsigned long long uring_lost(const struct transmit *transmit)
{
	return ((const struct uring *)transmit)->lost;
}

static void uring_close(struct transmit *transmit)
{
	struct uring *u = (struct uring *)transmit;

	if (!u)
		return;
	if (u->ring_open)
		io_uring_queue_exit(&u->ring);
	if (u->fd >= 0)
		close(u->fd);
	explicit_bzero(&u->source.key, sizeof(u->source.key));
	free(u);
}

/* It receives nothing: its protocol is 0. Past the queueing discipline: what there is no room for comes back, where that one drops. */
static int open_socket(struct uring *u)
{
	struct sockaddr_ll port = {.sll_family = AF_PACKET, .sll_ifindex = (int)u->source.interface_index};
	int yes = 1, bytes = SEND_BUFFER_BYTES;

	u->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (u->fd < 0)
		return -errno;
	setsockopt(u->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof(yes));
	if (setsockopt(u->fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(u->fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	return bind(u->fd, (struct sockaddr *)&port, sizeof(port)) ? -errno : 0;
}

int transmit_uring_open(const struct probe_source *source, struct transmit **out)
{
	struct uring *u = calloc(1, sizeof(*u));
	int error;

	if (!u)
		return -ENOMEM;
	u->transmit = (struct transmit){.name = "uring",
					.send = uring_send,
					.source = uring_source,
					.lost = uring_lost,
					.close = uring_close};
	u->source = *source;
	u->fd = -1;
	error = open_socket(u);
	if (error) {
		log_error("no raw frames can be sent: %s; run as root, or with CAP_NET_RAW", strerror(-error));
		uring_close(&u->transmit);
		return error;
	}
	error = io_uring_queue_init(RING_ENTRIES, &u->ring, IORING_SETUP_SUBMIT_ALL);
	u->ring_open = !error;
	error = error ? error : io_uring_register_files(&u->ring, &u->fd, 1);
	if (error) {
		log_error("io_uring can't be used: %s; kernel 5.18 or newer is needed, and sysctl "
			  "kernel.io_uring_disabled=0",
			  strerror(-error));
		uring_close(&u->transmit);
		return error;
	}
	*out = &u->transmit;
	return 0;
}
