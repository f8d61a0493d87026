// SPDX-License-Identifier: BSD-2-Clause
/* Exchanges on the slots of a ring: chains of linked operations, and how each ended. See uring.h. */
#include "sensor/ask/uring.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sensor/ask/socket.h"
#include "sensor/ask/uring_inside.h"

unsigned int uring_slots(const struct uring *uring)
{
	return uring->slots;
}

int uring_fd(const struct uring *uring)
{
	return uring->ring.ring_fd;
}

static void queue(struct uring *uring, struct io_uring_sqe *sqe, unsigned int slot, enum operation operation,
		  unsigned int flags)
{
	io_uring_sqe_set_flags(sqe, flags);
	io_uring_sqe_set_data64(sqe, (uint64_t)slot << 8 | operation);
	uring->slot[slot].pending++;
	if (operation != OP_TIMEOUT)
		uring->slot[slot].result[operation] = -ECANCELED;
}

static struct __kernel_timespec time_of(uint32_t ms)
{
	return (struct __kernel_timespec){.tv_sec = ms / 1000, .tv_nsec = (long long)(ms % 1000) * 1000000};
}

static void queue_timeout(struct uring *uring, unsigned int slot, struct __kernel_timespec *time, bool more)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&uring->ring);

	io_uring_prep_link_timeout(sqe, time, 0);
	queue(uring, sqe, slot, OP_TIMEOUT, more ? IOSQE_IO_LINK : 0);
}

/*
 * A socket that needs more than io_uring's own socket operation can give it on older kernels (bound to an interface or a port): made by
 * system calls, handed to the slot, and its descriptor of the process given back.
 */
static int make_socket(struct uring *uring, unsigned int slot, const struct uring_exchange *exchange)
{
	int fd = socket_make(uring->slot[slot].to.ss_family, exchange->udp, uring->options.interface,
			     exchange->source_port_h);
	int error = 0;

	if (fd < 0)
		return fd;
	if (io_uring_register_files_update(&uring->ring, slot, &fd, 1) != 1)
		error = -EMFILE;
	close(fd);
	return error;
}

/* The socket of a slot by the ring itself, at the head of the chain. */
static void queue_socket(struct uring *uring, unsigned int slot, bool udp)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&uring->ring);

	io_uring_prep_socket_direct(sqe, uring->slot[slot].to.ss_family, udp ? SOCK_DGRAM : SOCK_STREAM, 0,
				    slot, 0);
	queue(uring, sqe, slot, OP_SOCKET, IOSQE_IO_LINK);
}

static void queue_connect(struct uring *uring, unsigned int slot, uint32_t connect_ms, bool more)
{
	struct slot *s = &uring->slot[slot];
	struct io_uring_sqe *sqe = io_uring_get_sqe(&uring->ring);

	io_uring_prep_connect(sqe, (int)slot, (struct sockaddr *)&s->to, s->to_length);
	queue(uring, sqe, slot, OP_CONNECT, IOSQE_FIXED_FILE | IOSQE_IO_LINK);
	s->connect_time = time_of(connect_ms);
	queue_timeout(uring, slot, &s->connect_time, more);
}

static void queue_send(struct uring *uring, unsigned int slot, const struct uring_exchange *exchange)
{
	struct slot *s = &uring->slot[slot];
	struct io_uring_sqe *sqe = io_uring_get_sqe(&uring->ring);

	if (s->unconnected) {
		s->send_vector = (struct iovec){(void *)exchange->bytes, exchange->length};
		s->send_message = (struct msghdr){.msg_name = &s->to,
						  .msg_namelen = s->to_length,
						  .msg_iov = &s->send_vector,
						  .msg_iovlen = 1};
		io_uring_prep_sendmsg(sqe, (int)slot, &s->send_message, MSG_NOSIGNAL);
	} else {
		/* All of it or an error: a part would break the chain without one. */
		io_uring_prep_send(sqe, (int)slot, exchange->bytes, exchange->length,
				   MSG_NOSIGNAL | (s->udp ? 0 : MSG_WAITALL));
	}
	queue(uring, sqe, slot, OP_SEND, IOSQE_FIXED_FILE | IOSQE_IO_LINK);
	s->send_time = time_of(exchange->wait_ms ? exchange->wait_ms : 1000);
	queue_timeout(uring, slot, &s->send_time, exchange->wait_ms);
}

static void queue_receive(struct uring *uring, unsigned int slot, uint32_t wait_ms)
{
	struct slot *s = &uring->slot[slot];
	struct io_uring_sqe *sqe = io_uring_get_sqe(&uring->ring);

	if (s->unconnected) {
		s->receive_vector = (struct iovec){NULL, URING_RECEIVE_BYTES};
		s->receive_message = (struct msghdr){.msg_name = &s->from,
						     .msg_namelen = sizeof(s->from),
						     .msg_iov = &s->receive_vector,
						     .msg_iovlen = 1};
		io_uring_prep_recvmsg(sqe, (int)slot, &s->receive_message, MSG_TRUNC);
	} else {
		io_uring_prep_recv(sqe, (int)slot, NULL, URING_RECEIVE_BYTES, s->udp ? MSG_TRUNC : 0);
	}
	sqe->buf_group = BUFFER_GROUP;
	queue(uring, sqe, slot, OP_RECEIVE, IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT | IOSQE_IO_LINK);
	s->wait_time = time_of(wait_ms);
	queue_timeout(uring, slot, &s->wait_time, false);
}

static int make_place(struct uring *uring)
{
	int result = 0;

	/* A chain goes to the kernel whole. */
	while (io_uring_sq_space_left(&uring->ring) < CHAIN_ENTRIES_MAX && result >= 0)
		result = io_uring_submit(&uring->ring);
	return result < 0 ? result : 0;
}

int uring_exchange(struct uring *uring, unsigned int slot, const struct uring_exchange *exchange)
{
	struct slot *s = &uring->slot[slot];
	int error = uring->stopped ? -ECANCELED : make_place(uring);
	bool connects = exchange->to && !exchange->unconnected;

	if (error)
		return error;
	for (size_t i = 0; i < OP_TIMEOUT; i++)
		s->result[i] = INT32_MAX;
	s->with_receive = exchange->wait_ms;
	if (exchange->to) {
		s->udp = exchange->udp;
		s->unconnected = exchange->unconnected;
		s->to_length = socket_address(exchange->to, exchange->port_h, uring->scope, &s->to);
		if (uring->options.interface || exchange->source_port_h) {
			/* The slot's last one is closed before it gets a new one by other means. */
			error = io_uring_submit(&uring->ring);
			error = error < 0 ? error : make_socket(uring, slot, exchange);
			if (error)
				return error;
		} else {
			uring_close_slot(uring, slot);
			queue_socket(uring, slot, exchange->udp);
		}
		s->open = true;
	}
	if (connects)
		queue_connect(uring, slot, exchange->connect_ms, exchange->length || exchange->wait_ms);
	if (exchange->length)
		queue_send(uring, slot, exchange);
	if (exchange->wait_ms)
		queue_receive(uring, slot, exchange->wait_ms);
	return 0;
}

int uring_local(const struct uring *uring, const struct ip *to, struct ip *out)
{
	struct sockaddr_storage address;
	socklen_t length = socket_address(to, 9, uring->scope, &address);

	return socket_local(&address, length, uring->options.interface, out);
}

void uring_close_slot(struct uring *uring, unsigned int slot)
{
	struct io_uring_sqe *sqe;

	if (!uring->slot[slot].open || uring->stopped || make_place(uring))
		return;
	sqe = io_uring_get_sqe(&uring->ring);
	io_uring_prep_close_direct(sqe, slot);
	io_uring_sqe_set_data64(sqe, (uint64_t)slot << 8 | OP_CLOSE);
	uring->slot[slot].open = false;
}

/* The first operation that did not do what it should says how the exchange ended. */
static void conclude(struct uring *uring, unsigned int slot, struct uring_result *out)
{
	struct slot *s = &uring->slot[slot];
	int received = s->result[OP_RECEIVE];

	out->error = 0;
	if (s->result[OP_SOCKET] != INT32_MAX && s->result[OP_SOCKET] < 0) {
		out->event = URING_FAILED;
		out->error = s->result[OP_SOCKET];
		s->open = false;
	} else if (s->result[OP_CONNECT] != INT32_MAX && s->result[OP_CONNECT] < 0) {
		out->event = URING_UNREACHED;
		out->error = s->result[OP_CONNECT];
	} else if (s->result[OP_SEND] != INT32_MAX && s->result[OP_SEND] < 0) {
		out->error = s->result[OP_SEND];
		out->event = out->error == -ECANCELED ? URING_SILENT : URING_RESET;
	} else if (!s->with_receive) {
		out->event = URING_SENT;
	} else if (received > 0) {
		out->event = URING_BYTES;
		out->cut = received > URING_RECEIVE_BYTES;
		out->length = out->cut ? URING_RECEIVE_BYTES : (size_t)received;
		out->bytes = uring->memory + (size_t)s->buffer * URING_RECEIVE_BYTES;
		if (s->unconnected) {
			/* The port is at the same place in both families. */
			out->from = ntohs(((const struct sockaddr_in *)&s->from)->sin_port);
			if (!socket_address_same(&s->from, &s->to)) /* a stranger's: nothing was heard */
				out->length = 0;
		}
	} else if (received == 0) {
		out->event = s->udp ? URING_BYTES : URING_ENDED;
		out->bytes = (const uint8_t *)"";
	} else {
		out->error = received;
		out->event = received == -ECANCELED || received == -EINTR ? URING_SILENT : URING_RESET;
	}
}

static void completed(struct uring *uring, const struct io_uring_cqe *cqe)
{
	unsigned int number = (unsigned int)(cqe->user_data >> 8);
	enum operation operation = cqe->user_data & 0xff;
	struct slot *s = &uring->slot[number];
	struct uring_result result = {};

	if (operation == OP_CLOSE)
		return;
	if (operation != OP_TIMEOUT)
		s->result[operation] = cqe->res;
	if (cqe->flags & IORING_CQE_F_BUFFER)
		s->buffer = (int)(cqe->flags >> IORING_CQE_BUFFER_SHIFT);
	if (--s->pending)
		return;
	conclude(uring, number, &result);
	/* The buffer stays held while it is looked at: whoever is told may begin the slot's next exchange. */
	int buffer = s->buffer;

	s->buffer = -1;
	if (!uring->stopped)
		uring->options.event(uring->options.context, number, &result);
	if (buffer >= 0)
		uring_give_buffer(uring, (unsigned int)buffer);
}

int uring_step(struct uring *uring)
{
	struct io_uring_cqe *cqe, copy;
	int result = 0;

	/* What an event asks for is submitted in the next round: until there is nothing more to do at once. */
	for (unsigned int round = 0; round < 4 && result >= 0; round++) {
		unsigned int seen = 0;

		result = io_uring_sq_ready(&uring->ring) ? io_uring_submit(&uring->ring)
							 : io_uring_get_events(&uring->ring);
		while (!uring->stopped && !io_uring_peek_cqe(&uring->ring, &cqe)) {
			copy = *cqe;
			io_uring_cqe_seen(&uring->ring, cqe);
			completed(uring, &copy);
			seen++;
		}
		if (uring->stopped)
			return 0;
		if (!seen)
			break;
	}
	if (result >= 0 && io_uring_sq_ready(&uring->ring))
		result = io_uring_submit(&uring->ring);
	return result < 0 && result != -EAGAIN && result != -EBUSY && result != -EINTR ? result : 0;
}

void uring_stop(struct uring *uring)
{
	struct io_uring_sync_cancel_reg all = {.flags = IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL,
					       .timeout = {.tv_nsec = 50000000}};

	if (uring->stopped)
		return;
	uring->stopped = true;
	io_uring_register_sync_cancel(&uring->ring, &all);
	io_uring_queue_exit(&uring->ring);
	uring->ring.ring_fd = -1;
}

void uring_close(struct uring *uring)
{
	if (!uring)
		return;
	uring_stop(uring);
	uring_free(uring);
}
