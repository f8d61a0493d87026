// SPDX-License-Identifier: BSD-2-Clause
/*
 * Asking a kernel that is somebody else's: two network namespaces with a pair of ports between them and no way out. What each engine asks
 * is answered as it should be; our kernel never hears of it, nothing stays half open there, and all other traffic goes its way.
 * With a veth in each of its moods, with generic XDP, and after all rights have been given up.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sensor/engine.h"
#include "sensor/observe.h"
#include "sensor/privilege.h"
#include "sensor/probe/answers.h"
#include "sensor/probe/transmit.h"
#include "tests/net/target.h"
#include "tests/tap.h"

enum {
	OPEN_PORT = TARGET_OPEN,
	CLOSED_PORT = 81,
	SYNS = 200,
	PATIENCE_MS = 3000,
	QUIET_MS = 80,
	FILL = 4000,
	ANSWERS_MAX = 4096
};

/* What passive watching would learn is not what this is about. */
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

static struct {
	struct target target;
	struct engine *engine;
	struct answers *answers;
	struct probe_source source;
	int held; /* the socket that has our port */
	size_t count;
	struct probe_answer answer[ANSWERS_MAX];
} t;

/* ---- our side ---- */

/* A line of /proc/net/snmp or snmp6 of a process's network: the value under this name. */
static long count_of(pid_t process, const char *file, const char *group, const char *name)
{
	char path[64], names[2048], values[2048], *name_at, *value_at, *names_left, *values_left;
	long value = 0;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/net/%s", (int)process, file);
	in = fopen(path, "r");
	while (in && fgets(names, sizeof(names), in)) {
		if (!group) {
			if (sscanf(names, "%64s %ld", values, &value) == 2 && !strcmp(values, name))
				break;
			value = 0;
			continue;
		}
		if (!fgets(values, sizeof(values), in))
			break;
		if (strncmp(names, group, strlen(group)))
			continue;
		name_at = strtok_r(names, " \n", &names_left);
		value_at = strtok_r(values, " \n", &values_left);
		while (name_at && value_at && strcmp(name_at, name)) {
			name_at = strtok_r(NULL, " \n", &names_left);
			value_at = strtok_r(NULL, " \n", &values_left);
		}
		value = value_at ? atol(value_at) : -1;
		break;
	}
	if (in)
		fclose(in);
	return value;
}

/* Everything that our kernel heard of TCP and of ICMP's answers, and the RSTs that it sent. */
static long kernel_heard(void)
{
	pid_t us = getpid();

	return count_of(us, "snmp", "Tcp:", "InSegs") + count_of(us, "snmp", "Tcp:", "OutRsts") +
	       count_of(us, "snmp", "Icmp:", "InMsgs") + count_of(us, "snmp6", NULL, "Icmp6InEchoReplies") +
	       count_of(us, "snmp6", NULL, "Icmp6InDestUnreachs");
}

static bool source_made(const char *interface)
{
	struct sockaddr_in any = {.sin_family = AF_INET};
	socklen_t length = sizeof(any);
	struct ifaddrs *all, *each;

	memset(&t.source, 0, sizeof(t.source));
	t.held = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(t.held, (struct sockaddr *)&any, sizeof(any)) ||
	    getsockname(t.held, (struct sockaddr *)&any, &length) || getifaddrs(&all))
		return false;
	t.source.port_n = any.sin_port;
	t.source.interface_index = if_nametoindex(interface);
	t.source.key[0] = 0x123456789abcdef;
	for (each = all; each; each = each->ifa_next) {
		const uint8_t *addr6;

		if (strcmp(each->ifa_name, interface) || !each->ifa_addr)
			continue;
		addr6 = (const uint8_t *)&((struct sockaddr_in6 *)(void *)each->ifa_addr)->sin6_addr;
		if (each->ifa_addr->sa_family == AF_INET)
			memcpy(t.source.addr4, &((struct sockaddr_in *)(void *)each->ifa_addr)->sin_addr, 4);
		else if (each->ifa_addr->sa_family == AF_INET6)
			memcpy(addr6[0] == 0xfe ? t.source.addr6_link : t.source.addr6, addr6, 16);
		else if (each->ifa_addr->sa_family == AF_PACKET)
			memcpy(t.source.mac, ((struct sockaddr_ll *)(void *)each->ifa_addr)->sll_addr, 6);
	}
	freeifaddrs(all);
	return t.source.addr4[0] && t.source.addr6[0] && t.source.addr6_link[0];
}

static void take(void *context, const struct probe_answer *answer)
{
	(void)context;
	if (t.count < ANSWERS_MAX)
		t.answer[t.count++] = *answer;
}

/* Until nothing more has come for a while. */
static void wait_for_all(void)
{
	struct pollfd fd = {.fd = answers_fd(t.answers), .events = POLLIN};

	do
		answers_take(t.answers, SIZE_MAX, take, NULL);
	while (poll(&fd, 1, QUIET_MS) > 0);
}

/* addr as text, IPv4 or IPv6. */
static struct probe_frame probe_to(enum probe_kind kind, const char *addr, int port)
{
	struct probe_frame p = {
		.kind = (uint8_t)kind, .port_n = htons((uint16_t)port), .mac = {2, 0, 0, 0, 0, 9}};

	p.version = strchr(addr, ':') ? 6 : 4;
	inet_pton(p.version == 6 ? AF_INET6 : AF_INET, addr, p.addr);
	return p;
}

/* How many answers of this kind came from there about this port. Where it matters, with the target's MAC. */
static size_t answers_of(enum probe_answer_kind kind, const char *addr, int port)
{
	struct probe_frame p = probe_to(PROBE_SYN, addr, port);
	size_t count = 0;

	for (size_t i = 0; i < t.count; i++)
		count += t.answer[i].kind == kind && t.answer[i].port_n == p.port_n &&
			 t.answer[i].version == p.version && !memcmp(t.answer[i].addr, p.addr, 16) &&
			 !memcmp(t.answer[i].mac, p.mac, 6);
	return count;
}

static bool connected(int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool well;

	inet_pton(AF_INET, "10.0.0.9", &to.sin_addr);
	well = !connect(fd, (struct sockaddr *)&to, sizeof(to));
	close(fd);
	return well;
}

/* A datagram to a port that nobody has: the ICMP error must reach its sender. */
static bool udp_refused(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
	struct pollfd fd = {.fd = socket(AF_INET, SOCK_DGRAM, 0), .events = POLLIN};
	char nothing;
	bool well;

	inet_pton(AF_INET, "10.0.0.9", &to.sin_addr);
	well = !connect(fd.fd, (struct sockaddr *)&to, sizeof(to)) && send(fd.fd, "?", 1, 0) == 1 &&
	       poll(&fd, 1, 1000) == 1 && recv(fd.fd, &nothing, 1, 0) < 0 && errno == ECONNREFUSED;
	close(fd.fd);
	return well;
}

/* What came, for whoever reads of a failure. */
static void say_answers(void)
{
	char text[INET6_ADDRSTRLEN];

	for (size_t i = 0; i < t.count; i++)
		printf("# %d %s %d type %d code %d\n", t.answer[i].kind,
		       inet_ntop(t.answer[i].version == 6 ? AF_INET6 : AF_INET, t.answer[i].addr, text,
				 sizeof(text)),
		       ntohs(t.answer[i].port_n), t.answer[i].type, t.answer[i].code);
}

/* Send these: an engine may hand some back, to be heard in between. */
static bool sent(struct transmit *e, const struct probe_frame *frames, size_t count)
{
	unsigned long long lost = e->lost(e);

	for (size_t done = 0; done < count;) {
		int result = e->send(e, frames + done, count - done);

		if (result <= 0)
			return false;
		done += (size_t)result;
	}
	return e->lost(e) == lost;
}

static void ask_everything(struct transmit *e, const char *where, bool fresh)
{
	const struct probe_frame frames[] = {
		probe_to(PROBE_ARP, "10.0.0.9", 0),
		probe_to(PROBE_ARP, "10.0.0.10", 0),
		probe_to(PROBE_ECHO, "10.0.0.9", 0),
		probe_to(PROBE_SYN, "10.0.0.9", OPEN_PORT),
		probe_to(PROBE_SYN, "10.0.0.9", CLOSED_PORT),
		probe_to(PROBE_SYN, "10.9.0.1", OPEN_PORT),
		probe_to(PROBE_ND, "2001:db8::9", 0),
		probe_to(PROBE_ECHO, "2001:db8::9", 0),
		probe_to(PROBE_SYN, "2001:db8::9", OPEN_PORT),
		probe_to(PROBE_SYN, "2001:db8::9", CLOSED_PORT),
		probe_to(PROBE_ECHO, "ff02::1", 0),
	};
	const size_t count = sizeof(frames) / sizeof(*frames);

	t.count = 0;
	tap_ok(sent(e, frames, count), "%s, %s: one batch of %zu probes of every kind leaves", where, e->name,
	       count);
	wait_for_all();
	say_answers();
	tap_ok(answers_of(ANSWER_ARP, "10.0.0.9", 0) == 1 && !answers_of(ANSWER_ARP, "10.0.0.10", 0) &&
		       answers_of(ANSWER_ND, "2001:db8::9", 0) == 1,
	       "%s, %s: who is there says its MAC, by ARP and by neighbour discovery; who is not does not",
	       where, e->name);
	tap_ok(answers_of(ANSWER_ECHO, "10.0.0.9", 0) == 1 && answers_of(ANSWER_ECHO, "2001:db8::9", 0) == 1 &&
		       answers_of(ANSWER_ECHO, "fe80::ff:fe00:9", 0) == 1,
	       "%s, %s: echo replies over IPv4 and IPv6, and of all nodes on the link", where, e->name);
	tap_ok(answers_of(ANSWER_OPEN, "10.0.0.9", OPEN_PORT) == 1 &&
		       answers_of(ANSWER_CLOSED, "10.0.0.9", CLOSED_PORT) == 1 &&
		       answers_of(ANSWER_OPEN, "2001:db8::9", OPEN_PORT) == 1 &&
		       answers_of(ANSWER_CLOSED, "2001:db8::9", CLOSED_PORT) == 1,
	       "%s, %s: open and closed ports over IPv4 and IPv6", where, e->name);
	/* Said once: the kernel there says so only now and then. */
	if (fresh)
		tap_ok(answers_of(ANSWER_UNREACHABLE, "10.9.0.1", OPEN_PORT) == 1,
		       "%s, %s: what a router says of an address that it can't reach", where, e->name);
	tap_ok(t.count >= count - 2, "%s, %s: %zu answers in all", where, e->name, t.count);
}

/* Until the target's IPv6 is up. */
static void settle(struct transmit *e)
{
	const struct probe_frame frames[] = {probe_to(PROBE_ND, "2001:db8::9", 0),
					     probe_to(PROBE_ECHO, "ff02::1", 0)};

	for (int waited = 0; waited < PATIENCE_MS; waited += QUIET_MS) {
		t.count = 0;
		e->send(e, frames, 2);
		wait_for_all();
		if (answers_of(ANSWER_ND, "2001:db8::9", 0) && answers_of(ANSWER_ECHO, "fe80::ff:fe00:9", 0))
			break;
	}
}

static void ask_many(struct transmit *e, const char *where)
{
	static struct probe_frame frames[SYNS];
	struct answers_counters before, after;
	size_t open, closed = 0;

	answers_count(t.answers, &before);
	for (int i = 0; i < SYNS; i++)
		frames[i] = probe_to(PROBE_SYN, "10.0.0.9", i ? 1000 + i : OPEN_PORT);
	t.count = 0;
	sent(e, frames, SYNS);
	wait_for_all();
	open = answers_of(ANSWER_OPEN, "10.0.0.9", OPEN_PORT);
	for (int i = 1; i < SYNS; i++)
		closed += answers_of(ANSWER_CLOSED, "10.0.0.9", 1000 + i) == 1;
	answers_count(t.answers, &after);
	tap_ok(open == 1 && closed == SYNS - 1 && t.count == SYNS && after.reset - before.reset == 1,
	       "%s, %s: %d ports in one batch: each is answered once, %zu open, one RST sent", where, e->name,
	       SYNS, open);
}

static void ask_by(struct transmit *e, const char *where, bool fresh)
{
	long before;
	uint8_t us[7] = "c";

	e->source(e, &t.source);
	answers_arm(t.answers, &t.source);
	settle(e);
	before = kernel_heard();
	ask_everything(e, where, fresh);
	ask_many(e, where);
	tap_ok(kernel_heard() == before, "%s, %s: our kernel has heard nothing of all this, and sent no RST",
	       where, e->name);
	/* A RST that was lost goes again when the target repeats itself, after a second. */
	for (int waited = 0; waited < PATIENCE_MS && target_half_open(&t.target); waited += QUIET_MS)
		wait_for_all();
	tap_ok(!target_half_open(&t.target), "%s, %s: no connection is half open on the target", where,
	       e->name);
	memcpy(us + 1, t.source.addr4, 4);
	memcpy(us + 5, &t.source.port_n, 2);
	tap_ok(connected(OPEN_PORT) && !connected(CLOSED_PORT) && udp_refused() &&
		       target_does(&t.target, (char *)us, 7),
	       "%s, %s: other traffic goes its way meanwhile: connections, refusals, ICMP errors, a SYN to our "
	       "own port",
	       where, e->name);
	answers_disarm(t.answers);
	answers_take(t.answers, SIZE_MAX, take, NULL);
	t.count = 0;
	e->send(e,
		&(struct probe_frame){
			.kind = PROBE_ECHO, .version = 4, .addr = {10, 0, 0, 9}, .mac = {2, 0, 0, 0, 0, 9}},
		1);
	wait_for_all();
	tap_ok(!t.count, "%s, %s: disarmed, nothing is taken", where, e->name);
}

static bool asking_open(const char *interface)
{
	const struct engine_options options = {.interface = interface};
	int error = capture_open(&options, &t.engine);

	if (!error)
		error = answers_open(t.engine, &t.answers);
	return !error && source_made(interface);
}

static void asking_close(void)
{
	answers_close(t.answers);
	t.engine->close(t.engine);
	close(t.held);
	target_gone(&t.target);
}

/* More than the other end takes at once: what it refuses is sent again, and what is given up is counted. */
static void fill_port(struct transmit *e)
{
	static struct probe_frame frames[FILL];
	long before = count_of(t.target.target, "snmp", "Tcp:", "InSegs"), arrived = 0;
	unsigned long long lost;

	for (int i = 0; i < FILL; i++)
		frames[i] = probe_to(PROBE_SYN, "10.0.0.9", 1000 + i);
	answers_arm(t.answers, &t.source);
	t.count = 0;
	lost = e->lost(e);
	sent(e, frames, FILL);
	lost = e->lost(e) - lost;
	for (int waited = 0; waited < PATIENCE_MS && arrived + (long)lost < FILL; waited += QUIET_MS) {
		wait_for_all();
		arrived = count_of(t.target.target, "snmp", "Tcp:", "InSegs") - before;
	}
	answers_disarm(t.answers);
	tap_ok(arrived + (long)lost == FILL && arrived > FILL / 2,
	       "a full port, %s: of %d probes %ld arrive, and %llu are said not to have been sent; %zu answers",
	       e->name, FILL, arrived, lost, t.count);
}

#define ADDRESSES(port)                                                                   \
	" && ip addr add 10.0.0.5/8 dev " port " && ip addr add 2001:db8::5/64 dev " port \
	" nodad && ip route add 10.9.0.0/16 via 10.0.0.9 dev " port

/* A port of a container: the other end has no NAPI. */
static void plain_veth(void)
{
	struct transmit *uring, *xdp;
	struct probe_frame p = probe_to(PROBE_SYN, "10.0.0.9", OPEN_PORT);

	if (!tap_ok(target_made(&t.target, ADDRESSES("out")) && asking_open("out") &&
			    !transmit_uring_open(&t.source, &uring) && !transmit_xdp_open(&t.source, &xdp),
		    "veth: all opens"))
		return target_gone(&t.target);
	ask_by(uring, "veth", true);
	tap_ok(xdp->send(xdp, &p, 1) == -EOPNOTSUPP, "veth: xdp says that this port can't send so");
	xdp->close(xdp);
	uring->close(uring);
	asking_close();
}

static void generic(void)
{
	struct transmit *uring;

	if (!tap_ok(target_made(&t.target,
				" && ip link add lan link out type macvlan mode bridge && ip link set lan "
				"up" ADDRESSES("lan")) &&
			    asking_open("lan") && !transmit_uring_open(&t.source, &uring),
		    "macvlan: all opens"))
		return target_gone(&t.target);
	ask_by(uring, "macvlan, generic XDP", true);
	uring->close(uring);
	asking_close();
}

/* Last, as the rights do not come back. */
static void without_rights(void)
{
	struct transmit *uring, *xdp;

	if (!tap_ok(target_made(&t.target, ADDRESSES("out")) && target_does(&t.target, "g", 1) &&
			    asking_open("out") && !transmit_uring_open(&t.source, &uring) &&
			    !transmit_xdp_open(&t.source, &xdp),
		    "veth with NAPI: all opens"))
		return target_gone(&t.target);
	ask_by(xdp, "veth with NAPI", true);
	if (target_does(&t.target, "t", 1))
		fill_port(xdp);
	else
		tap_skip("a full port", "NAPI in a thread (kernel 5.12)");
	tap_ok(!privilege_drop(NULL), "all rights are given up");
	t.source.key[1] = 0xfedcba987654321;
	ask_by(xdp, "without rights", false);
	ask_by(uring, "without rights", false);
	xdp->close(xdp);
	uring->close(uring);
	asking_close();
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (geteuid()) {
		tap_skip("asking in network namespaces", "root");
		return tap_end();
	}
	plain_veth();
	generic();
	without_rights();
	return tap_end();
}
