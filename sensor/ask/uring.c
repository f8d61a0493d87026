// SPDX-License-Identifier: BSD-2-Clause
/*
 * The door to liburing for what is asked over sockets. See uring.h.
 *
 * The ring may do what is listed in `allowed` and nothing else (io_uring_register_restrictions): it opens no file.
 */
#include "sensor/ask/uring.h"

#include <errno.h>
#include <liburing.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	QUEUE_ENTRIES = 1024,
	CHAIN_ENTRIES_MAX = 8, /* of one exchange */
	BUFFER_GROUP = 1,
	SLOTS_SPARE = 8, /* of RLIMIT_NOFILE, so that a table of the whole limit is never asked for */
};

enum operation { OP_CLOSE, OP_SOCKET, OP_CONNECT, OP_SEND, OP_RECEIVE, OP_TIMEOUT };

struct slot {
	unsigned int pending; /* completions to come */
	bool open, udp, unconnected;
	bool with_receive;
	int result[OP_TIMEOUT]; /* of each operation, INT32_MAX: was not part of it */
	int buffer;		/* held until the event, or -1 */
	struct __kernel_timespec connect_time, send_time, wait_time;
	struct sockaddr_storage to, from;
	socklen_t to_length;
	struct msghdr send_message, receive_message;
	struct iovec send_vector, receive_vector;
};

struct uring {
	struct io_uring ring;
	struct uring_options options;
	unsigned int slots;
	unsigned int scope; /* of link-local addresses */
	struct slot *slot;
	struct io_uring_buf_ring *buffers;
	unsigned int buffer_count; /* a power of two */
	uint8_t *memory;
	bool stopped;
};

static const uint8_t allowed[] = {
	IORING_OP_SOCKET, IORING_OP_CONNECT, IORING_OP_SEND,  IORING_OP_SENDMSG,
	IORING_OP_RECV,	  IORING_OP_RECVMSG, IORING_OP_CLOSE, IORING_OP_LINK_TIMEOUT,
};

static const uint8_t allowed_registrations[] = {
	IORING_REGISTER_ENABLE_RINGS,
	IORING_REGISTER_FILES_UPDATE,
	IORING_REGISTER_SYNC_CANCEL,
};

/* Two registrations that not every build of liburing has a function for. */
static int enroll(const struct io_uring *ring, unsigned int operation, void *rows, unsigned int count)
{
	return syscall(__NR_io_uring_register, ring->ring_fd, operation, rows, count) < 0 ? -errno : 0;
}

static int restrict_ring(const struct io_uring *ring)
{
	struct io_uring_restriction rule[sizeof(allowed) + sizeof(allowed_registrations) + 1] = {};
	unsigned int count = 0;

	for (size_t i = 0; i < sizeof(allowed); i++)
		rule[count++] = (struct io_uring_restriction){.opcode = IORING_RESTRICTION_SQE_OP,
							      .sqe_op = allowed[i]};
	for (size_t i = 0; i < sizeof(allowed_registrations); i++)
		rule[count++] = (struct io_uring_restriction){.opcode = IORING_RESTRICTION_REGISTER_OP,
							      .register_op = allowed_registrations[i]};
	rule[count++] = (struct io_uring_restriction){.opcode = IORING_RESTRICTION_SQE_FLAGS_ALLOWED,
						      .sqe_flags = IOSQE_FIXED_FILE | IOSQE_IO_LINK |
								   IOSQE_IO_HARDLINK | IOSQE_BUFFER_SELECT};
	return enroll(ring, IORING_REGISTER_RESTRICTIONS, rule, count);
}

static void give_buffer(struct uring *uring, unsigned int buffer)
{
	io_uring_buf_ring_add(uring->buffers, uring->memory + (size_t)buffer * URING_RECEIVE_BYTES,
			      URING_RECEIVE_BYTES, (unsigned short)buffer,
			      io_uring_buf_ring_mask(uring->buffer_count), 0);
	io_uring_buf_ring_advance(uring->buffers, 1);
}

/* As many receive buffers as slots: a slot holds one at most, so there is always one. */
static int open_buffers(struct uring *uring)
{
	struct io_uring_buf_reg reg = {.bgid = BUFFER_GROUP};
	size_t ring_bytes;
	void *ring;
	int error;

	for (uring->buffer_count = 1; uring->buffer_count < uring->slots;)
		uring->buffer_count *= 2;
	ring_bytes = uring->buffer_count * sizeof(struct io_uring_buf);
	ring = mmap(NULL, ring_bytes + (size_t)uring->buffer_count * URING_RECEIVE_BYTES,
		    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (ring == MAP_FAILED)
		return -ENOMEM;
	uring->buffers = ring;
	/* Behind the ring, which is a whole number of buffers only by chance: any alignment will do. */
	uring->memory = (uint8_t *)ring + ring_bytes;
	reg.ring_addr = (uintptr_t)ring;
	reg.ring_entries = uring->buffer_count;
	error = io_uring_register_buf_ring(&uring->ring, &reg, 0);
	if (error)
		return error;
	io_uring_buf_ring_init(uring->buffers);
	for (unsigned int i = 0; i < uring->buffer_count; i++)
		give_buffer(uring, i);
	return 0;
}

static int open_ring(struct uring *uring)
{
	struct io_uring_params params = {.flags = IORING_SETUP_R_DISABLED | IORING_SETUP_CQSIZE};
	int error;

	params.cq_entries = QUEUE_ENTRIES * CHAIN_ENTRIES_MAX;
	error = io_uring_queue_init_params(QUEUE_ENTRIES, &uring->ring, &params);
	if (error)
		return error;
	error = io_uring_register_files_sparse(&uring->ring, uring->slots);
	if (!error)
		error = open_buffers(uring);
	if (!error)
		error = restrict_ring(&uring->ring);
	if (!error)
		error = enroll(&uring->ring, IORING_REGISTER_ENABLE_RINGS, NULL, 0);
	if (error)
		io_uring_queue_exit(&uring->ring);
	return error;
}

int uring_open(const struct uring_options *options, struct uring **out)
{
	struct uring *uring = calloc(1, sizeof(*uring));
	struct rlimit limit;
	int error = -ENOMEM;

	if (!uring)
		return error;
	uring->options = *options;
	uring->slots = options->slots ? options->slots : URING_SLOTS_MAX;
	if (uring->slots > URING_SLOTS_MAX)
		uring->slots = URING_SLOTS_MAX;
	if (!getrlimit(RLIMIT_NOFILE, &limit) && limit.rlim_cur < uring->slots + SLOTS_SPARE)
		uring->slots = limit.rlim_cur > 2 * SLOTS_SPARE ? (unsigned int)limit.rlim_cur - SLOTS_SPARE
								: SLOTS_SPARE;
	if (options->interface)
		uring->scope = if_nametoindex(options->interface);
	uring->slot = calloc(uring->slots, sizeof(*uring->slot));
	if (!uring->slot)
		goto failed;
	for (unsigned int i = 0; i < uring->slots; i++)
		uring->slot[i].buffer = -1;
	error = open_ring(uring);
	if (error)
		goto failed;
	*out = uring;
	return 0;
failed:
	if (uring->buffers)
		munmap(uring->buffers,
		       uring->buffer_count * (sizeof(struct io_uring_buf) + URING_RECEIVE_BYTES));
	free(uring->slot);
	free(uring);
	return error;
}

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

static void set_address(const struct uring *uring, struct slot *s, const struct ip *ip, uint16_t port_h)
{
	struct sockaddr_in *in4 = (struct sockaddr_in *)&s->to;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&s->to;

	memset(&s->to, 0, sizeof(s->to));
	if (ip->version == 4) {
		in4->sin_family = AF_INET;
		in4->sin_port = htons(port_h);
		memcpy(&in4->sin_addr, ip->bytes, 4);
		s->to_length = sizeof(*in4);
	} else {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port_h);
		memcpy(&in6->sin6_addr, ip->bytes, 16);
		if (ip_is_link_local(ip))
			in6->sin6_scope_id = uring->scope;
		s->to_length = sizeof(*in6);
	}
}

/*
 * A socket that needs more than io_uring's own socket operation can give it on older kernels (bound to an interface or a port): made by
 * system calls, handed to the slot, and its descriptor of the process given back.
 */
static int make_socket(struct uring *uring, unsigned int slot, const struct uring_exchange *exchange)
{
	struct slot *s = &uring->slot[slot];
	int family = s->to.ss_family, error = 0, one = 1;
	int fd = socket(family, (exchange->udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
	union {
		struct sockaddr any;
		struct sockaddr_in in4;
		struct sockaddr_in6 in6;
	} from = {.any.sa_family = (sa_family_t)family};

	if (fd < 0)
		return -errno;
	if (uring->options.interface && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, uring->options.interface,
						   (socklen_t)strlen(uring->options.interface)))
		error = -errno;
	if (!error && exchange->source_port_h) {
		if (family == AF_INET)
			from.in4.sin_port = htons(exchange->source_port_h);
		else
			from.in6.sin6_port = htons(exchange->source_port_h);
		if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
		    bind(fd, &from.any, family == AF_INET ? sizeof(from.in4) : sizeof(from.in6)))
			error = -errno;
	}
	if (!error && io_uring_register_files_update(&uring->ring, slot, &fd, 1) != 1)
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
		set_address(uring, s, exchange->to, exchange->port_h);
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
	struct slot s = {};
	int fd, error = 0;

	set_address(uring, &s, to, 9);
	fd = socket(s.to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	/* Nothing is sent: this only looks for the route. */
	if ((uring->options.interface && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, uring->options.interface,
						    (socklen_t)strlen(uring->options.interface))) ||
	    connect(fd, (struct sockaddr *)&s.to, s.to_length) ||
	    getsockname(fd, (struct sockaddr *)&s.to, &s.to_length))
		error = -errno;
	close(fd);
	if (error)
		return error;
	*out = s.to.ss_family == AF_INET ? ip_from_v4(&((struct sockaddr_in *)&s.to)->sin_addr)
					 : ip_from_v6(&((struct sockaddr_in6 *)&s.to)->sin6_addr);
	return 0;
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

static bool same_address(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family == AF_INET)
		return ((const struct sockaddr_in *)a)->sin_addr.s_addr ==
		       ((const struct sockaddr_in *)b)->sin_addr.s_addr;
	return !memcmp(&((const struct sockaddr_in6 *)a)->sin6_addr,
		       &((const struct sockaddr_in6 *)b)->sin6_addr, sizeof(struct in6_addr));
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
			if (!same_address(&s->from, &s->to)) /* a stranger's: nothing was heard */
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
		give_buffer(uring, (unsigned int)buffer);
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
	munmap(uring->buffers, uring->buffer_count * (sizeof(struct io_uring_buf) + URING_RECEIVE_BYTES));
	free(uring->slot);
	free(uring);
}
