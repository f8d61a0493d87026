// SPDX-License-Identifier: BSD-2-Clause
/*
 * The uplink against a collector that behaves, and against all those that do not. In each story the outbox holds
 * facts, and in the end the collector has each once and in order, or the outbox still has them.
 */
#include "sensor/uplink.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "defs/limits.h"
#include "defs/log.h"
#include "sensor/clock.h"
#include "sensor/outbox.h"
#include "sensor/session.h"
#include "tests/stream/fake.h"
#include "tests/tap.h"

enum { FACTS = 12000, WAIT_MS = 15000 };

struct story {
	struct fake fake;
	struct outbox *outbox;
	struct session *session;
	struct uplink *uplink;
	int event_fd, saved_stderr;
	FILE *log;
	char said[65536];
};

static char directory[64];

static char *path_of(const char *name)
{
	static char paths[4][160];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", directory, name);
	return path;
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static void describe(void *context, struct message_interface *out)
{
	(void)context;
	snprintf(out->name, sizeof(out->name), "eth\"9");
	snprintf(out->mode, sizeof(out->mode), "generic");
	out->mac = (struct mac){{2, 0, 0, 0, 0, 1}};
	out->address_count = 1;
	ip_parse("2001:db8::1", &out->addresses[0]);
}

static void put(struct outbox *o, long from, long until)
{
	char text[64];

	for (long i = from; i <= until; i++)
		outbox_put(o, text, (size_t)snprintf(text, sizeof(text), "{\"n\":%ld}", i));
	outbox_commit(o);
}

/* An outbox with FACTS facts and an uplink to a fake collector. */
static void begin(struct story *s, enum fake_script script, const char *host, const char *authority,
		  const char *name)
{
	static const struct message_capability capabilities[] = {{.name = "engine", .text = "xdp"},
								 {.name = "flows", .number = 7}};
	struct session_options session = {.name = "test",
					  .software = "test 1",
					  .capabilities = capabilities,
					  .capability_count = 2,
					  .interface = describe};
	struct uplink_options uplink = {.key = "secret-key", .ca_file = authority};
	char certificate[160] = "", private_key[160] = "";

	memset(s, 0, sizeof(*s));
	log_setup(LOG_INFO, NULL);
	s->log = tmpfile();
	s->saved_stderr = dup(2);
	dup2(fileno(s->log), 2);
	if (name) {
		snprintf(certificate, sizeof(certificate), "%s/%s.pem", directory, name);
		snprintf(private_key, sizeof(private_key), "%s/%s.key", directory, name);
	}
	if (fake_open(&s->fake, script, name ? certificate : NULL, name ? private_key : NULL))
		printf("# the test's collector can't be started\n");
	outbox_open(path_of("outbox"), 64 << 20, &s->outbox);
	put(s->outbox, 1, FACTS);
	session.outbox = uplink.outbox = s->outbox;
	session_open(&session, &s->session);
	uplink.session = s->session;
	uplink.event_fd = s->event_fd = eventfd(0, EFD_NONBLOCK);
	snprintf(uplink.server.host, sizeof(uplink.server.host), "%s", host);
	snprintf(uplink.server.path, sizeof(uplink.server.path), "/sensor");
	uplink.server.port = s->fake.port;
	uplink.server.tls = name != NULL;
	uplink_open(&uplink, &s->uplink);
	uplink_start(s->uplink);
}

static uint64_t depth(struct story *s)
{
	struct outbox_counters counters;

	outbox_count(s->outbox, &counters);
	return counters.depth;
}

/* Returns the milliseconds that closing the uplink took. */
static long end(struct story *s, int patience_ms)
{
	static const char *const names[] = {"outbox/outbox.db", "outbox/outbox.db-wal", "outbox/outbox.db-shm",
					    "outbox/outbox.lock"};
	int64_t from = clock_monotonic_us();
	long took;
	size_t length;

	uplink_close(s->uplink, patience_ms);
	took = (long)(clock_monotonic_us() - from) / 1000;
	fake_close(&s->fake);
	session_close(s->session);
	outbox_close(s->outbox);
	close(s->event_fd);
	dup2(s->saved_stderr, 2);
	close(s->saved_stderr);
	rewind(s->log);
	length = fread(s->said, 1, sizeof(s->said) - 1, s->log);
	s->said[length] = 0;
	fclose(s->log);
	for (size_t i = 0; i < 4; i++)
		unlink(path_of(names[i]));
	return took;
}

/* Wait until all facts are with the collector. */
static bool delivered(struct story *s)
{
	for (int i = 0; i < WAIT_MS / 10; i++) {
		if (s->fake.acked == FACTS && !depth(s))
			return true;
		pause_ms(10);
	}
	printf("# the collector has %ld, the outbox %llu\n", (long)s->fake.acked, (unsigned long long)depth(s));
	return false;
}

static bool clean(const struct story *s)
{
	if (s->fake.wrong)
		printf("# %s\n", s->fake.wrong_text);
	return !s->fake.wrong;
}

static void test_good(void)
{
	char *status = strdup("{\"type\":\"status\",\"at\":1,\"counters\":{}}");
	struct story s;
	int64_t from;

	begin(&s, FAKE_GOOD, "127.0.0.1", NULL, NULL);
	tap_ok(delivered(&s) && clean(&s), "%d facts arrive once and in order, and leave the outbox", FACTS);
	tap_ok(!strcmp(s.fake.key, "Bearer secret-key") && !strcmp(s.fake.protocol, "netvisor.sensor.1"),
	       "key and subprotocol are as the stream's page says");
	tap_ok(strstr(s.fake.hello, "\"version\":1") &&
		       strstr(s.fake.hello, "\"capabilities\":{\"engine\":\"xdp\",\"flows\":7}") &&
		       strstr(s.fake.hello, "\"name\":\"eth\\\"9\"") &&
		       strstr(s.fake.hello, "\"2001:db8::1\"") &&
		       strstr(s.fake.hello, "\"mac\":\"02:00:00:00:00:01\""),
	       "hello tells name, version, capabilities and interface");
	tap_ok(s.fake.unacked_most <= STREAM_BATCHES_INFLIGHT_MAX, "no more batches in flight than allowed");
	session_status(s.session, status, status ? strlen(status) : 0);
	uplink_wake(s.uplink);
	put(s.outbox, FACTS + 1, FACTS + 1);
	from = clock_monotonic_us();
	uplink_wake(s.uplink);
	while (s.fake.acked == FACTS && clock_monotonic_us() - from < 5000000)
		pause_ms(1);
	tap_ok(s.fake.acked == FACTS + 1 && clock_monotonic_us() - from < 100000,
	       "a new fact goes out at once (%ld us)", (long)(clock_monotonic_us() - from));
	tap_ok(s.fake.statuses == 1, "a status is sent");
	end(&s, 1000);
	tap_ok(!strstr(s.said, "secret-key"), "the key is in no log line");
}

/* The collector misbehaves once; the sensor closes, comes back, and nothing is lost. */
static void test_recovers(enum fake_script script, const char *what, const char *said)
{
	struct story s;

	begin(&s, script, "127.0.0.1", NULL, NULL);
	tap_ok(delivered(&s) && clean(&s) && s.fake.connections == 2,
	       "a collector that %s: the second connection delivers all", what);
	end(&s, 1000);
	if (!tap_ok(strstr(s.said, said), "a collector that %s: the log says \"%s\"", what, said))
		printf("# %s\n", s.said);
}

static void test_stays(enum fake_script script, const char *what)
{
	struct story s;

	begin(&s, script, "127.0.0.1", NULL, NULL);
	tap_ok(delivered(&s) && clean(&s) && s.fake.connections == 1, "a collector that %s is understood",
	       what);
	end(&s, 1000);
}

static void test_refused(void)
{
	struct story s;

	begin(&s, FAKE_REFUSES_KEY, "127.0.0.1", NULL, NULL);
	pause_ms(1500);
	tap_ok(s.fake.connections >= 2 && s.fake.connections <= 6,
	       "a refused key is tried again, ever later (%d times in 1.5 s)", (int)s.fake.connections);
	tap_ok(depth(&s) == FACTS, "and the facts stay");
	end(&s, 1000);
	tap_ok(strstr(s.said, "refused this sensor's key; see --api-key-file"), "the log names the option");
}

static void test_replaced(void)
{
	struct story s;

	begin(&s, FAKE_REPLACED, "127.0.0.1", NULL, NULL);
	pause_ms(1200);
	tap_ok(s.fake.connections == 1, "a sensor that was replaced does not fight for its place");
	end(&s, 1000);
	tap_ok(strstr(s.said, "give each sensor a key of its own") && strstr(s.said, "again\\x0aand again"),
	       "and says why; the collector's text stays on its line");
}

static void test_window(void)
{
	struct story s;
	long took;

	begin(&s, FAKE_NO_ACK, "127.0.0.1", NULL, NULL);
	for (int i = 0; i < 300 && s.fake.unacked < STREAM_BATCHES_INFLIGHT_MAX; i++)
		pause_ms(10);
	pause_ms(300);
	tap_ok(s.fake.unacked == STREAM_BATCHES_INFLIGHT_MAX && depth(&s) == FACTS,
	       "without acks %d batches are sent and all facts stay", (int)s.fake.unacked);
	took = end(&s, 500);
	tap_ok(took >= 400 && took < 900, "at the end the sensor waits for acks, but not for long (%ld ms)",
	       took);
}

static void test_late(void)
{
	struct story s;

	begin(&s, FAKE_LATE_ACK, "127.0.0.1", NULL, NULL);
	tap_ok(delivered(&s) && clean(&s), "late acks, one for many batches, are good too");
	put(s.outbox, FACTS + 1, FACTS + 1);
	uplink_close(s.uplink, 1000);
	s.uplink = NULL;
	tap_ok(s.fake.acked == FACTS + 1 && !depth(&s), "the last facts get the time to be acknowledged");
	end(&s, 1000);
}

static void test_bad_fact(void)
{
	struct session_counters counters;
	struct story s;

	begin(&s, FAKE_BAD_FACT, "127.0.0.1", NULL, NULL);
	tap_ok(delivered(&s) && clean(&s),
	       "one fact that the collector will not take does not hold up the others");
	session_count(s.session, &counters);
	tap_ok(counters.facts_refused == 1, "it is counted (%d connections to find it)",
	       (int)s.fake.connections);
	end(&s, 1000);
}

static void test_commands(void)
{
	struct message command;
	struct story s;
	uint64_t count;

	begin(&s, FAKE_COMMANDS, "127.0.0.1", NULL, NULL);
	for (int i = 0; i < 500 && s.fake.refused_commands < 1; i++)
		pause_ms(10);
	tap_ok(s.fake.refused_commands == 1 && s.fake.results == 1, "an unknown command is refused by name");
	tap_ok(read(s.event_fd, &count, sizeof(count)) > 0 && session_command(s.session, &command) &&
		       !strcmp(command.id, "c1") && !strcmp(command.name, "refresh"),
	       "a known one is handed to the watching thread");
	session_result(s.session, command.id, NULL);
	uplink_wake(s.uplink);
	for (int i = 0; i < 200 && s.fake.results < 2; i++)
		pause_ms(10);
	tap_ok(s.fake.results == 2 && clean(&s), "and answered when it was carried out");
	end(&s, 1000);
}

static void test_ahead(void)
{
	struct story s;

	begin(&s, FAKE_AHEAD, "127.0.0.1", NULL, NULL);
	tap_ok(delivered(&s) && clean(&s) && strcmp(s.fake.first_outbox, s.fake.outbox),
	       "a collector that has more of the outbox than there is gets it under a new id");
	end(&s, 1000);
}

static bool make_certificates(void)
{
	char command[2048];

	/* Two authorities; a certificate of the first for this machine, and one for another. */
	snprintf(command, sizeof(command),
		 "cd %s && exec >/dev/null 2>&1 && new='openssl req -x509 -newkey ec -pkeyopt "
		 "ec_paramgen_curve:P-256 -nodes "
		 "-days 2' && for ca in right wrong; do $new -keyout $ca.key -out $ca.pem -subj /CN=$ca || "
		 "exit 1; done && "
		 "sign=\"$new -CA right.pem -CAkey right.key\" && "
		 "$new -keyout here.key -out here.pem -subj /CN=here -CA right.pem -CAkey right.key "
		 "-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE "
		 "&& "
		 "$new -keyout other.key -out other.pem -subj /CN=other -CA right.pem -CAkey right.key "
		 "-addext subjectAltName=DNS:other.example -addext basicConstraints=critical,CA:FALSE",
		 directory);
	return !system(command);
}

static void test_tls(void)
{
	static const struct {
		const char *host, *authority, *certificate, *what;
		bool good;
	} cases[] = {
		{"localhost", "right.pem", "here", "right authority, right name", true},
		{"127.0.0.1", "right.pem", "here", "right authority, right address", true},
		{"localhost", "wrong.pem", "here", "wrong authority", false},
		{"localhost", NULL, "here", "the system's authorities", false},
		{"localhost", "right.pem", "other", "a certificate for another name", false},
		{"127.0.0.1", "right.pem", "other", "a certificate for another name, dialled by address",
		 false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct story s;

		begin(&s, FAKE_GOOD, cases[i].host, cases[i].authority ? path_of(cases[i].authority) : NULL,
		      cases[i].certificate);
		if (cases[i].good) {
			tap_ok(delivered(&s) && clean(&s), "TLS, %s: facts arrive", cases[i].what);
			end(&s, 1000);
			continue;
		}
		pause_ms(700);
		tap_ok(!s.fake.connections && depth(&s) == FACTS, "TLS, %s: nothing is sent, the key neither",
		       cases[i].what);
		end(&s, 0);
		if (!tap_ok(strstr(s.said, "--ca-file"), "TLS, %s: the log names --ca-file", cases[i].what))
			printf("# %s\n", s.said);
	}
}

static void test_away(void)
{
	struct uplink_options options = {.key = "k",
					 .server = {.host = "127.0.0.1", .port = 1, .path = "/sensor"}};
	struct story s;
	struct uplink *u;
	int64_t from;

	begin(&s, FAKE_GOOD, "127.0.0.1", NULL, NULL);
	delivered(&s);
	options.outbox = s.outbox;
	options.session = s.session;
	uplink_close(s.uplink, 1000);
	s.uplink = NULL;
	tap_ok(!uplink_open(&options, &u) && !uplink_start(u),
	       "a collector that is not there is no reason not to start");
	pause_ms(500);
	from = clock_monotonic_us();
	tap_ok(uplink_close(u, 1000) && clock_monotonic_us() - from < 300000, "nor to wait at the end");
	end(&s, 0);
	tap_ok(strstr(s.said, "can't reach the collector at 127.0.0.1:1"),
	       "the log says that it can't be reached");
}

int main(void)
{
	snprintf(directory, sizeof(directory), "/tmp/uplink-test-XXXXXX");
	if (!mkdtemp(directory))
		return 1;
	test_good();
	test_recovers(FAKE_GARBAGE, "sends what is not JSON", "it is not JSON");
	test_recovers(FAKE_BINARY, "sends a binary message", "binary message");
	test_recovers(FAKE_OVERSIZE, "sends a message over the limit", "over the limit");
	test_recovers(FAKE_FUTURE_ACK, "acknowledges what was not sent", "not sent");
	test_recovers(FAKE_CLOSES, "cuts the connection in mid-batch", "lost the connection");
	test_stays(FAKE_FRAGMENTS, "sends messages in pieces");
	test_stays(FAKE_UNKNOWN, "sends messages of unknown types");
	test_refused();
	test_replaced();
	test_window();
	test_late();
	test_bad_fact();
	test_commands();
	test_ahead();
	test_away();
	if (make_certificates())
		test_tls();
	else
		tap_skip("TLS", "openssl's command with -CA for req");
	rmdir(path_of("outbox"));
	for (const char *const *name = (const char *const[]){"right", "wrong", "here", "other", NULL}; *name;
	     name++) {
		char file[32];

		snprintf(file, sizeof(file), "%s.pem", *name);
		unlink(path_of(file));
		snprintf(file, sizeof(file), "%s.key", *name);
		unlink(path_of(file));
	}
	rmdir(directory);
	return tap_end();
}
