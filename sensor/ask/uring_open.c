// SPDX-License-Identifier: BSD-2-Clause
/*
 * The ring of what is asked over sockets: its slots, its buffers, and what it may do.
 *
 * It may do what is listed in `allowed` and nothing else (io_uring_register_restrictions): it opens no file.
 */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sensor/ask/uring_inside.h"

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

void uring_give_buffer(struct uring *uring, unsigned int buffer)
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
		uring_give_buffer(uring, i);
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

void uring_free(struct uring *uring)
{
	if (uring->buffers)
		munmap(uring->buffers,
		       uring->buffer_count * (sizeof(struct io_uring_buf) + URING_RECEIVE_BYTES));
	free(uring->slot);
	free(uring);
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
		uring->slots = limit.rlim_cur > 2UL * SLOTS_SPARE ? (unsigned int)limit.rlim_cur - SLOTS_SPARE
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
	uring_free(uring);
	return error;
}
