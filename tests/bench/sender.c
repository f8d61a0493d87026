// SPDX-License-Identifier: BSD-2-Clause
/*
 * `sender INTERFACE ENGINE COUNT ROUNDS TCP-PORT MAC`: SYNs to COUNT addresses of 10.32.0.0/12 at one port as fast as the engine goes, its answers
 * taken meanwhile by the sensor's own XDP program; what stayed silent is asked again. Says as JSON what was sent, how fast, and what
 * was found, against the rule of the responder (responder.h; a target by the kernel: everything at that port is open).
 * ENGINE: xdp, uring, sendmmsg; `listen` sends nothing, and counts what arrives until standard input ends.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "defs/probe_frame.h"
#include "sensor/engine.h"
#include "sensor/observe.h"
#include "sensor/probe/answers.h"
#include "sensor/probe/transmit.h"
#include "tests/bench/responder.h"

enum { BATCH = 8192, BASE = 0x0a200000, WAIT_MS = 300, STEP = 0x9e3779b1 };

struct sender {
	uint32_t count;
	uint16_t port_n;
	uint8_t mac[6];
	bool kernel;	/* the target is the kernel: open everywhere */
	uint8_t *state; /* of each address: 0 silent, else the answer's kind */
	uint64_t open, closed, wrong, twice;
};

/* The packets that are watched while this asks are of no interest. */
void observe_record(struct observe *o, const struct record *record, size_t size, int64_t time_us)
{
	(void)o, (void)record, (void)size, (void)time_us;
}

void observe_flow(struct observe *o, const struct flow_report *report)
{
	(void)o, (void)report;
}

void observe_loss(struct observe *o, const char *counter, uint64_t value, int64_t time_us)
{
	(void)o, (void)counter, (void)value, (void)time_us;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double processor(void)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
	       (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) * 1e-6;
}

/* ---- the baseline: sendmmsg on a packet socket ---- */

struct plain {
	struct transmit transmit;
	struct probe_source source;
	int fd;
	uint8_t frame[1024][PROBE_BYTES_MAX];
};

static int plain_send(struct transmit *transmit, const struct probe_frame *frames, size_t count)
{
	static struct mmsghdr messages[1024];
	static struct iovec parts[1024];
	struct plain *p = (struct plain *)transmit;
	size_t sent = 0;

	while (sent < count) {
		size_t chunk = count - sent < 1024 ? count - sent : 1024, done = 0;

		for (size_t i = 0; i < chunk; i++) {
			probe_make(p->frame[i], &frames[sent + i], &p->source);
			parts[i] = (struct iovec){p->frame[i], probe_bytes(&frames[sent + i])};
			messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
		}
		while (done < chunk) {
			int result = sendmmsg(p->fd, messages + done, (unsigned int)(chunk - done), 0);

			done += result > 0 ? (size_t)result : 0;
		}
		sent += chunk;
	}
	return (int)sent;
}

static unsigned long long plain_lost(const struct transmit *transmit)
{
	(void)transmit;
	return 0;
}

static void plain_close(struct transmit *transmit)
{
	close(((struct plain *)transmit)->fd);
	free(transmit);
}

static int plain_open(const struct probe_source *source, struct transmit **out)
{
	struct plain *p = calloc(1, sizeof(*p));
	struct sockaddr_ll port = {.sll_family = AF_PACKET, .sll_ifindex = (int)source->interface_index};
	int yes = 1;

	p->transmit = (struct transmit){
		.name = "sendmmsg", .send = plain_send, .lost = plain_lost, .close = plain_close};
	p->source = *source;
	p->fd = socket(AF_PACKET, SOCK_RAW, 0);
	setsockopt(p->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof(yes));
	*out = &p->transmit;
	return bind(p->fd, (struct sockaddr *)&port, sizeof(port)) ? -errno : 0;
}

/* ---- asking ---- */

static void take(void *context, const struct probe_answer *answer)
{
	struct sender *s = context;
	uint32_t addr_n, index;

	memcpy(&addr_n, answer->addr, 4);
	index = ntohl(addr_n) - BASE;
	if (answer->kind != ANSWER_OPEN && answer->kind != ANSWER_CLOSED)
		return;
	if (index >= s->count || answer->port_n != s->port_n ||
	    (answer->kind == ANSWER_OPEN) != (s->kernel || responder_open(addr_n, answer->port_n))) {
		s->wrong++;
		return;
	}
	s->twice += s->state[index] != 0;
	if (!s->state[index])
		*(answer->kind == ANSWER_OPEN ? &s->open : &s->closed) += 1;
	s->state[index] = answer->kind;
}

static void send_batch(struct sender *s, struct transmit *t, struct answers *a, struct probe_frame *batch,
		       size_t *filled)
{
	for (size_t sent = 0; sent < *filled;) {
		int result = t->send(t, batch + sent, *filled - sent);

		if (result < 0) {
			fprintf(stderr, "%s: %s\n", t->name, strerror(-result));
			exit(1);
		}
		sent += (size_t)result;
		answers_take(a, SIZE_MAX, take, s);
	}
	*filled = 0;
}

/* Ask all that has not answered, in a scattered order. Returns how many were asked; *seconds grows by how long that took. */
static uint64_t ask_all(struct sender *s, struct transmit *t, struct answers *a, double *seconds)
{
	static struct probe_frame batch[BATCH];
	double start = now();
	uint64_t asked = 0;
	size_t filled = 0;

	for (uint64_t i = 0; i < s->count; i++) {
		uint32_t index = (uint32_t)(i * STEP) & (s->count - 1), addr_n = htonl(BASE + index);
		struct probe_frame *p = &batch[filled];

		if (s->state[index])
			continue;
		*p = (struct probe_frame){.port_n = s->port_n, .kind = PROBE_SYN, .version = 4};
		memcpy(p->addr, &addr_n, 4);
		memcpy(p->mac, s->mac, 6);
		asked++;
		if (++filled == BATCH)
			send_batch(s, t, a, batch, &filled);
	}
	send_batch(s, t, a, batch, &filled);
	*seconds += now() - start;
	for (double end = now() + WAIT_MS * 1e-3; now() < end;) {
		struct pollfd fd = {.fd = answers_fd(a), .events = POLLIN};

		poll(&fd, 1, 10);
		answers_take(a, SIZE_MAX, take, s);
	}
	return asked;
}

static void fill_source(const char *interface, struct probe_source *out)
{
	struct sockaddr_in any = {.sin_family = AF_INET};
	socklen_t length = sizeof(any);
	struct ifaddrs *all, *each;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	/* Never closed: the port is ours as long as this runs. */
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) ||
	    getsockname(fd, (struct sockaddr *)&any, &length) || getifaddrs(&all) ||
	    getrandom(out->key, sizeof(out->key), 0) != sizeof(out->key))
		exit(1);
	out->port_n = any.sin_port;
	out->interface_index = if_nametoindex(interface);
	for (each = all; each; each = each->ifa_next) {
		if (strcmp(each->ifa_name, interface) || !each->ifa_addr)
			continue;
		if (each->ifa_addr->sa_family == AF_INET)
			memcpy(out->addr4, &((struct sockaddr_in *)(void *)each->ifa_addr)->sin_addr, 4);
		if (each->ifa_addr->sa_family == AF_PACKET)
			memcpy(out->mac, ((struct sockaddr_ll *)(void *)each->ifa_addr)->sll_addr, 6);
	}
	freeifaddrs(all);
}

/* Until standard input ends. */
static void listen_only(struct sender *s, struct answers *a, const struct probe_source *source)
{
	struct pollfd fds[2] = {{.fd = answers_fd(a), .events = POLLIN}, {.fd = 0, .events = POLLIN}};
	char address[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, source->addr4, address, sizeof(address));
	printf("%s %u %02x:%02x:%02x:%02x:%02x:%02x\n", address, ntohs(source->port_n), source->mac[0],
	       source->mac[1], source->mac[2], source->mac[3], source->mac[4], source->mac[5]);
	fflush(stdout);
	while (!(fds[1].revents & (POLLIN | POLLHUP))) {
		poll(fds, 2, 100);
		answers_take(a, SIZE_MAX, take, s);
	}
}

int main(int argc, char **argv)
{
	struct engine_options options = {.interface = argc == 7 ? argv[1] : NULL};
	struct probe_source source = {};
	struct sender s = {};
	struct transmit *transmit = NULL;
	struct answers *answers;
	struct answers_counters counts;
	struct engine *engine;
	uint64_t sent = 0;
	double seconds = 0, began;
	unsigned int mac[6];
	int error = 0;

	if (argc != 7 ||
	    sscanf(argv[6], "%x:%x:%x:%x:%x:%x", &mac[0], &mac[1], &mac[2], &mac[3], &mac[4], &mac[5]) != 6)
		return fprintf(stderr, "usage: sender INTERFACE ENGINE COUNT ROUNDS TCP-PORT MAC\n"), 2;
	s.count = (uint32_t)atoi(argv[3]);
	s.port_n = htons((uint16_t)atoi(argv[5]));
	s.state = calloc(s.count, 1);
	s.kernel = getenv("KERNEL");
	for (int i = 0; i < 6; i++)
		s.mac[i] = (uint8_t)mac[i];
	fill_source(argv[1], &source);
	if (capture_open(&options, &engine) || answers_open(engine, &answers))
		return 1;
	if (!strcmp(argv[2], "xdp"))
		error = transmit_xdp_open(&source, &transmit);
	else if (!strcmp(argv[2], "uring"))
		error = transmit_uring_open(&source, &transmit);
	else if (!strcmp(argv[2], "sendmmsg"))
		error = plain_open(&source, &transmit);
	if (error)
		return 1;
	answers_arm(answers, &source);
	began = processor();
	if (!transmit)
		listen_only(&s, answers, &source);
	for (int i = 0; transmit && i < atoi(argv[4]); i++)
		sent += ask_all(&s, transmit, answers, &seconds);
	answers_count(answers, &counts);
	printf("{\"engine\": \"%s\", \"sent\": %llu, \"lost\": %llu, \"seconds\": %.6f, \"processor\": %.3f, "
	       "\"open\": %llu, \"closed\": %llu, "
	       "\"wrong\": %llu, \"twice\": %llu, \"silent\": %llu, \"reset\": %llu, \"forged\": %llu, "
	       "\"ring_full\": %llu}\n",
	       argv[2], (unsigned long long)sent, transmit ? transmit->lost(transmit) : 0, seconds,
	       processor() - began, (unsigned long long)s.open, (unsigned long long)s.closed,
	       (unsigned long long)s.wrong, (unsigned long long)s.twice,
	       (unsigned long long)(s.count - s.open - s.closed), (unsigned long long)counts.reset,
	       (unsigned long long)counts.forged, (unsigned long long)counts.ring_full);
	answers_close(answers);
	if (transmit)
		transmit->close(transmit);
	engine->close(engine);
	return 0;
}
