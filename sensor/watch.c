// SPDX-License-Identifier: BSD-2-Clause
/*
 * The loop of a sensor that watches.
 *
 * One thread does everything but the connection to the collector. All its timers are deadlines on the monotonic clock,
 * so a system clock that jumps stops none. It ends by putting the port back first, and then saying what it knows.
 */
#include "sensor/watch.h"

#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "defs/log.h"
#include "sensor/abilities.h"
#include "sensor/clock.h"
#include "sensor/discover.h"
#include "sensor/discover_network.h"
#include "sensor/interface.h"
#include "sensor/observe.h"
#include "sensor/outbox.h"
#include "sensor/pipeline.h"
#include "sensor/privilege.h"
#include "sensor/server.h"
#include "sensor/session.h"
#include "sensor/settings.h"
#include "sensor/silence.h"
#include "sensor/status.h"
#include "sensor/uplink.h"

enum {
	COMMIT_US = 5000, /* facts wait for others to be committed with */
	SECOND_US = 1000000,
	SWEEP_US = 5000000,
	STATUS_US = 10000000,
	STOP_MS = 1000, /* for the last facts to be acknowledged */
	EVENTS_MAX = 4,
	CAPABILITIES = 8,
};

/* Deadlines on the monotonic clock. */
struct deadlines {
	int64_t commit_us; /* 0: nothing waits */
	int64_t second_us, sweep_us, status_us;
	int64_t poll_us; /* 0: the engine's descriptor tells */
};

struct watch {
	const struct settings *settings;
	struct pipeline pipeline;
	struct status status;
	struct deadlines due;
	uint64_t committed; /* facts said up to the last commit */
	int epoll_fd, signal_fd, command_fd;
	unsigned int interface_index;
	/* Towards the collector; NULL without one. */
	struct session *session;
	struct uplink *uplink;
	struct discoveries *discoveries;
	char key[SETTINGS_KEY_MAX];
	char hostname[256];
	struct utsname system;
	struct message_capability capabilities[CAPABILITIES];
};

static const char *yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

static void say_start(const struct watch *w)
{
	const struct engine_info *info = &w->pipeline.info;

	log_info(
		"watching %s: engine %s, mode %s, VLAN tags visible: %s, promiscuous: %s, span: %s, silent: %s",
		w->settings->interface, info->engine, info->mode, yes_no(info->vlan_tags_visible),
		yes_no(info->promiscuous), yes_no(info->span), silence_name(info->silent));
	if (info->advice[0])
		log_info("%s: %s", w->settings->interface, info->advice);
}

static int add_event(struct watch *w, int fd, uint32_t how)
{
	struct epoll_event event = {.events = EPOLLIN | how, .data.fd = fd};

	return epoll_ctl(w->epoll_fd, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

/* Before any thread is made, so that all have these signals blocked. */
static int open_events(struct watch *w)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGHUP);
	sigaddset(&stop, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	signal(SIGPIPE, SIG_IGN);
	w->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	w->signal_fd = signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
	w->command_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->epoll_fd < 0 || w->signal_fd < 0 || w->command_fd < 0) {
		log_error("no descriptors for events: %s", strerror(errno));
		return -errno;
	}
	return 0;
}

/* What hello says of the interface; from the uplink's thread. `info` does not change after the start. */
static void describe_interface(void *context, struct message_interface *out)
{
	const struct watch *w = context;
	const struct engine_info *info = &w->pipeline.info;

	snprintf(out->name, sizeof(out->name), "%s", w->settings->interface);
	snprintf(out->mode, sizeof(out->mode), "%s", info->mode);
	out->vlan_tags_visible = info->vlan_tags_visible;
	out->promiscuous = info->promiscuous;
	out->span = info->span;
	interface_addresses(w->settings->interface, out);
}

static int open_uplink(struct watch *w)
{
	const struct settings *settings = w->settings;
	struct uplink_options uplink = {.key = w->key,
					.ca_file = settings->ca_file,
					.outbox = w->pipeline.outbox,
					.event_fd = w->command_fd};
	struct session_options session = {.outbox = w->pipeline.outbox,
					  .name = settings->name,
					  .software = "netvisor-sensor " NETVISOR_VERSION,
					  .capabilities = w->capabilities,
					  .capability_count = CAPABILITIES,
					  .interface = describe_interface,
					  .context = w};
	char why[512];
	int error;

	abilities_look();
	gethostname(w->hostname, sizeof(w->hostname) - 1);
	uname(&w->system);
	if (!session.name)
		session.name = w->hostname;
	w->capabilities[0] = (struct message_capability){.name = "engine", .text = w->pipeline.info.engine};
	w->capabilities[1] = (struct message_capability){.name = "mode", .text = w->pipeline.info.mode};
	w->capabilities[2] = (struct message_capability){.name = "advice", .text = w->pipeline.info.advice};
	w->capabilities[3] = (struct message_capability){.name = "kernel", .text = w->system.release};
	w->capabilities[4] = (struct message_capability){.name = "machine", .text = w->system.machine};
	w->capabilities[5] = (struct message_capability){.name = "flows", .number = settings->flows};
	w->capabilities[7] =
		(struct message_capability){.name = "silent", .text = silence_name(w->pipeline.info.silent)};
	w->capabilities[6] = (struct message_capability){
		.name = "discoveries",
		.text = discover_network_open(settings, w->pipeline.engine) ? DISCOVER_TYPES
									    : DISCOVER_TYPES_SILENT};
	if (server_parse(settings->server_target, settings->server_port, settings->allow_plain, &uplink.server,
			 why, sizeof(why)) ||
	    settings_key(settings, w->key, why, sizeof(why))) {
		log_error("%s", why);
		return -EINVAL;
	}
	error = session_open(&session, &w->session);
	if (!error)
		error = discover_open(&(struct discover_options){.settings = settings,
								 .session = w->session,
								 .sightings = w->pipeline.sightings,
								 .event_fd = w->command_fd},
				      &w->discoveries);
	if (error)
		return error;
	uplink.session = w->session;
	return uplink_open(&uplink, &w->uplink);
}

static int open_all(struct watch *w)
{
	int error = open_events(w);
	struct engine *engine;

	if (!error)
		error = pipeline_open(w->settings, &w->pipeline);
	if (error)
		return error;
	engine = w->pipeline.engine;
	w->interface_index = if_nametoindex(w->settings->interface);
	status_begin(&w->status, w->settings->interface);
	say_start(w);
	if (w->pipeline.outbox)
		error = open_uplink(w);
	if (!error)
		error = privilege_drop(NULL);
	/* Before the uplink's thread begins: what it could send it may only send to the collector. */
	if (!error && w->settings->silent)
		error = silence_seal(w->uplink != NULL);
	if (!error && w->uplink)
		error = uplink_start(w->uplink);
	if (!error)
		error = add_event(w, w->signal_fd, 0);
	if (!error)
		error = add_event(w, w->command_fd, 0);
	if (!error && engine->fd(engine) >= 0)
		error = add_event(w, engine->fd(engine), engine->rest_ms ? EPOLLET : 0);
	return error;
}

/*
 * After a failure the outbox waits a second before it tries again; every_second() calls this too. -EPIPE when nobody
 * reads the output any more and there is no collector: then there is no use in going on.
 */
static int commit(struct watch *w)
{
	struct sightings_counters counters;
	int error;

	sightings_counters(w->pipeline.sightings, &counters);
	w->committed = counters.said;
	w->due.commit_us = 0;
	error = pipeline_commit(&w->pipeline);
	if (!error)
		uplink_wake(w->uplink);
	return error == -EPIPE && !w->pipeline.outbox ? error : 0;
}

static void sweep(struct watch *w)
{
	w->pipeline.engine->sweep(w->pipeline.engine, w->pipeline.observe);
	status_losses(&w->status, &w->pipeline, w->session);
}

static void send_status(struct watch *w)
{
	size_t length;
	char *text;

	if (!w->session)
		return;
	text = status_text(&w->status, &w->pipeline, w->session, &length);
	if (!text)
		return;
	session_status(w->session, text, length);
	uplink_wake(w->uplink);
}

/* -ENODEV when the interface is gone, or another has its name now. */
static int every_second(struct watch *w)
{
	int64_t now_us;
	int error;

	clock_adjust();
	now_us = clock_wall_now_us();
	observe_tick(w->pipeline.observe, now_us);
	sightings_tick(w->pipeline.sightings, now_us);
	error = commit(w);
	if (error)
		return error;
	if (if_nametoindex(w->settings->interface) == w->interface_index)
		return 0;
	log_error(
		"the port %s is gone; start the sensor again when it is back, or name another with --interface",
		w->settings->interface);
	return -ENODEV;
}

/* Do what is due. */
static int pass_time(struct watch *w)
{
	int64_t now_us = clock_monotonic_us();
	struct sightings_counters counters;
	int error = 0;

	if (now_us >= w->due.sweep_us) {
		w->due.sweep_us = now_us + SWEEP_US;
		sweep(w);
	}
	if (now_us >= w->due.second_us) {
		w->due.second_us = now_us + SECOND_US;
		error = every_second(w);
	}
	if (now_us >= w->due.status_us) {
		w->due.status_us = now_us + STATUS_US;
		send_status(w);
	}
	if (!error && w->due.commit_us && now_us >= w->due.commit_us)
		error = commit(w);
	sightings_counters(w->pipeline.sightings, &counters);
	if (!w->due.commit_us && counters.said != w->committed)
		w->due.commit_us = w->due.poll_us > now_us + COMMIT_US ? w->due.poll_us : now_us + COMMIT_US;
	return error;
}

/* Milliseconds until the next deadline, rounded up: never a turn too early. */
static int wait_ms(const struct watch *w)
{
	const struct deadlines *due = &w->due;
	int64_t next = due->second_us, left;

	if (due->sweep_us < next)
		next = due->sweep_us;
	if (due->status_us < next)
		next = due->status_us;
	if (due->commit_us && due->commit_us < next)
		next = due->commit_us;
	if (due->poll_us && due->poll_us < next)
		next = due->poll_us;
	left = next - clock_monotonic_us();
	return left > 0 ? (int)((left + 999) / 1000) : 0;
}

static void answer_commands(struct watch *w)
{
	struct message command;
	uint64_t count;

	if (read(w->command_fd, &count, sizeof(count)) < 0 || !w->session)
		return;
	discover_turn(w->discoveries);
	for (; session_command(w->session, &command); message_clear(&command)) {
		if (!strcmp(command.name, "discover")) {
			discover(w->discoveries, &command);
		} else if (!strcmp(command.name, "cancel")) {
			discover_cancel(w->discoveries, &command);
		} else {
			if (!strcmp(command.name, "refresh")) {
				log_info("the collector asks for everything to be said again");
				sightings_refresh_all(w->pipeline.sightings);
			}
			session_result(w->session, command.id, NULL);
		}
	}
	uplink_wake(w->uplink);
}

/* True when it asks the sensor to end; SIGUSR1 only ends a scan. */
static bool read_signal(const struct watch *w)
{
	struct signalfd_siginfo signal;

	if (read(w->signal_fd, &signal, sizeof(signal)) != sizeof(signal))
		return false;
	if (signal.ssi_signo != SIGUSR1)
		return true;
	log_warn("SIGUSR1: nothing is asked any more; a scan that runs ends");
	discover_network_halt();
	return false;
}

/* What it leaves keeps its descriptor readable; or it says when it wants to go on, and is not woken before (EPOLLET). */
static int poll_engine(struct watch *w)
{
	struct engine *engine = w->pipeline.engine;
	int result = engine->poll(engine, w->pipeline.observe);
	int rest_ms = engine->rest_ms ? engine->rest_ms(engine) : -1;

	w->due.poll_us = rest_ms < 0 ? 0 : clock_monotonic_us() + rest_ms * INT64_C(1000);
	if (result < 0)
		log_error("%s can't be watched any more: %s", w->settings->interface, strerror(-result));
	return result;
}

/* 1 to go on, 0 when asked to stop, or -errno. */
static int turn(struct watch *w)
{
	struct epoll_event events[EVENTS_MAX];
	int count = epoll_wait(w->epoll_fd, events, EVENTS_MAX, wait_ms(w));
	int result;

	if (count < 0 && errno != EINTR)
		return -errno;
	for (int i = 0; i < count; i++) {
		if (events[i].data.fd == w->signal_fd && read_signal(w))
			return 0;
		if (events[i].data.fd == w->command_fd)
			answer_commands(w);
	}
	result = poll_engine(w);
	if (result >= 0)
		result = pass_time(w);
	return result ? result : 1;
}

/* What asks uses the engine, so it ends before that. */
static void close_discoveries(struct watch *w)
{
	if (discover_close(w->discoveries, STOP_MS))
		discover_network_close();
	w->discoveries = NULL;
}

static void say_silence(const struct watch *w)
{
	struct engine *engine = w->pipeline.engine;

	if (w->pipeline.info.silent == SILENCE_PORT)
		log_info("%s: %llu frames were sent there, and %llu held back that this machine wanted to send",
			 w->settings->interface, (unsigned long long)status_sent(&w->status),
			 (unsigned long long)engine->held_back(engine));
}

/* The port first: whatever happens after that, it is as it was. */
static void finish(struct watch *w)
{
	say_silence(w);
	sweep(w);
	observe_tick(w->pipeline.observe, 0);
	close_discoveries(w);
	pipeline_release(&w->pipeline);
	pipeline_finish(&w->pipeline);
}

static void close_all(struct watch *w)
{
	close_discoveries(w);
	pipeline_release(&w->pipeline);
	/* A thread that hangs in name resolution still holds outbox and session; the process ends anyway. */
	if (uplink_close(w->uplink, STOP_MS)) {
		session_close(w->session);
		pipeline_close(&w->pipeline);
	}
	explicit_bzero(w->key, sizeof(w->key));
	close(w->epoll_fd);
	close(w->signal_fd);
	close(w->command_fd);
}

int watch_run(const struct settings *settings)
{
	struct watch w = {.settings = settings, .epoll_fd = -1, .signal_fd = -1, .command_fd = -1};
	int result = open_all(&w);

	if (!result) {
		do {
			result = turn(&w);
		} while (result > 0);
		finish(&w);
	}
	close_all(&w);
	return result != 0;
}
