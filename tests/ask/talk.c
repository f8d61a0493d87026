// SPDX-License-Identifier: BSD-2-Clause
/*
 * One dialogue by UDP with one real server, over a plain socket: talk ADDRESS PORT [ABOUT]. Writes what it says, a line each, and
 * "protocol NAME" when it was that; "silence" when nothing came, "closed" when ICMP said so. talk ports: those that have a dialogue.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sensor/ask/udp.h"
#include "tests/ask/said.h"

enum { WAIT_MS = 250 };

static int open_socket(const struct dialogue *row, const struct sockaddr_in *to,
		       struct dialogue_context *context)
{
	struct sockaddr_in from = {.sin_family = AF_INET, .sin_port = htons(row->source_port_h)};
	socklen_t size = sizeof(from);
	int way = socket(AF_INET, SOCK_DGRAM, 0), fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (way < 0 || fd < 0 || connect(way, (const struct sockaddr *)to, sizeof(*to)) ||
	    (row->source_port_h && bind(fd, (struct sockaddr *)&from, sizeof(from))) ||
	    (!row->any_port && connect(fd, (const struct sockaddr *)to, sizeof(*to))) ||
	    getsockname(way, (struct sockaddr *)&from, &size)) {
		perror("talk");
		exit(1);
	}
	context->local = ip_from_v4(&from.sin_addr);
	close(way);
	return fd;
}

int main(int argc, char **argv)
{
	struct dialogue_context context = {.udp = true, .time_us = 1, .name = ""};
	static struct said said;
	struct say say = {&context, said_fact, &said};
	static uint8_t bytes[65536];
	struct sockaddr_in to = {.sin_family = AF_INET};
	const struct dialogue *row;
	bool known = false, closed = false;
	ssize_t length;

	if (argc == 2 && strcmp(argv[1], "ports") == 0) {
		uint16_t ports[64];
		size_t count = udp_ports(ports, 64);

		for (size_t i = 0; i < count; i++)
			printf("%u\n", ports[i]);
		return 0;
	}
	if (argc < 3 || ip_parse(argv[1], &context.ip) || (argc > 3 && ip_parse(argv[3], &context.about)))
		return 2;
	context.port_h = (uint16_t)atoi(argv[2]);
	row = argc > 3 ? &udp_ptr : dialogue_udp(context.port_h);
	if (!row || getrandom(&context.nonce, sizeof(context.nonce), 0) != sizeof(context.nonce))
		return 2;
	to.sin_port = htons(context.port_h);
	memcpy(&to.sin_addr, context.ip.bytes, 4);

	int fd = open_socket(row, &to, &context);
	size_t size;

	for (unsigned int step = 0; (size = row->request(&context, step, bytes, sizeof(bytes))) > 0; step++)
		closed |= sendto(fd, bytes, size, 0, row->any_port ? (struct sockaddr *)&to : NULL,
				 row->any_port ? sizeof(to) : 0) < 0 &&
			  errno == ECONNREFUSED;
	while (!closed && poll(&(struct pollfd){fd, POLLIN, 0}, 1, WAIT_MS) > 0) {
		length = recv(fd, bytes, sizeof(bytes), 0);
		if (length < 0) {
			closed |= errno == ECONNREFUSED;
			continue;
		}

		enum dialogue_verdict verdict = row->answer(&context, 0, bytes, (size_t)length, false, &say);

		known |= verdict == DIALOGUE_DONE || verdict == DIALOGUE_AGAIN;
		if (verdict == DIALOGUE_DONE)
			break;
	}
	close(fd);
	printf("%s%s%s\n", said.text,
	       known	? "protocol "
	       : closed ? "closed"
			: "silence",
	       known ? row->name : "");
	return 0;
}
