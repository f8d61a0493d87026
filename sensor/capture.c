// SPDX-License-Identifier: BSD-2-Clause
/*
 * The XDP object's life: open → settings and map sizes → load → attach through libxdp's dispatcher → detach.
 *
 * Native mode is tried first, generic mode where the driver has none. Once all is attached, a keeper
 * (privilege.h) is forked that puts the port back, however this process ends. What is left when both are killed is
 * recognised and removed at the next start (capture_left.c). Reading the maps is capture_map.c's.
 */
#include "sensor/capture.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>
#include <xdp/libxdp.h>

#include "defs/kernel.h"
#include "defs/log.h"
#include "sensor/capture_left.h"
#include "sensor/capture_map.h"
#include "sensor/port.h"
#include "sensor/privilege.h"
#include "sensor/silence.h"

#include "bpf/discover.skel.h"

enum {
	SLOTS_MIN = 1 << 10,
	SLOTS_MAX = 1 << 24,
	RUN_PRIORITY = 5,     /* before others, which may drop */
	FRAME_BYTES_MIN = 14, /* the kernel's test run takes no shorter frame */
};

/* Copies a second of each class, on each CPU. */
static const uint32_t budgets[FRAME_CLASS_ROOM] = {
	[FRAME_ARP] = 2000,	[FRAME_ND] = 2000,	[FRAME_DHCP] = 1000, [FRAME_DNS] = 5000,
	[FRAME_MDNS] = 2000,	[FRAME_ANNOUNCE] = 500, [FRAME_LINK] = 500,  [FRAME_ROUTER] = 500,
	[FRAME_FRAGMENT] = 500, [FRAME_DATA] = 5000,	[FRAME_SYN] = 500,   [FRAME_HEAD] = 1000,
};

struct capture {
	struct engine engine;
	struct port *port; /* NULL: replay */
	struct discover_bpf *object;
	struct xdp_program *program;
	enum xdp_attach_mode mode;
	struct capture_map *map;
	struct silence *silence; /* NULL: the machine may send by the port */
	bool span, silent;
	bool alone;	   /* no dispatcher: no other XDP program can share the port */
	char refused[256]; /* why not native mode */
	char loud[256];	   /* why the machine may send by the port */
	struct keeper *keeper;
};

/* The latest thing that the kernel or a library had to say: it often knows why better than the error code. */
static char last_words[256];

static int hear_libbpf(enum libbpf_print_level level, const char *format, va_list arguments)
{
	char text[512], *start;

	if (level > LIBBPF_WARN && !log_enabled(LOG_TRACE))
		return 0;
	vsnprintf(text, sizeof(text), format, arguments);
	text[strcspn(text, "\n")] = 0;
	log_debug("%s", text);
	start = strstr(text, "Kernel error message: ");
	if (start)
		snprintf(last_words, sizeof(last_words), "%s", start + strlen("Kernel error message: "));
	return 0;
}

static int hear_libxdp(enum libxdp_print_level level, const char *format, va_list arguments)
{
	return hear_libbpf(level == LIBXDP_WARN ? LIBBPF_WARN : LIBBPF_INFO, format, arguments);
}

static int log2_of(uint32_t value)
{
	return 31 - __builtin_clz(value);
}

/* Set what the program must know before it is loaded, and the sizes of its maps. */
static int configure(struct discover_bpf *object, const struct engine_options *options, bool replay,
		     bool raw_ip)
{
	struct config *config = &object->rodata->config;
	uint32_t slots = options->flow_slots ? options->flow_slots : FLOW_SLOTS_DEFAULT, buckets;
	struct timespec tick = {.tv_nsec = 4000000};
	int error;

	slots = slots < SLOTS_MIN ? SLOTS_MIN : slots > SLOTS_MAX ? SLOTS_MAX : slots;
	buckets = 1U << log2_of(slots / FLOW_WAYS);
	clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
	config->span = options->span;
	config->silent = options->silent;
	config->replay = replay;
	config->raw_ip = raw_ip;
	config->bucket_mask = buckets - 1;
	object->bss->globals.bucket_mask =
		(buckets < FLOW_SLOTS_FIRST / FLOW_WAYS ? buckets : FLOW_SLOTS_FIRST / FLOW_WAYS) - 1;
	config->ticks_second = replay ? 1000 : (uint32_t)(1000000000 / tick.tv_nsec);
	memcpy(config->budget, budgets, sizeof(config->budget));
	if (getrandom(config->seed, sizeof(config->seed), 0) != sizeof(config->seed))
		return -EAGAIN;
	error = bpf_map__set_max_entries(object->maps.flows, buckets);
	error = error ? error : bpf_map__set_max_entries(object->maps.addresses, buckets);
	error = error ? error : bpf_map__set_max_entries(object->maps.replay_last, replay ? buckets : 1);
	error = error ? error : bpf_map__set_max_entries(object->maps.overflow, FLOW_OVERFLOW_DEFAULT);
	error = error ? error : bpf_map__set_max_entries(object->maps.hosts, HOST_ENTRIES_DEFAULT);
	error = error ? error : bpf_map__set_max_entries(object->maps.records, RING_BYTES_DEFAULT);
	return error || replay ? error : bpf_map__set_max_entries(object->maps.answers, ANSWER_RING_BYTES);
}

static void unload(struct capture *c)
{
	xdp_program__close(c->program);
	discover_bpf__destroy(c->object);
	c->program = NULL;
	c->object = NULL;
}

/* Load and attach in one mode; libxdp loads the object, as an extension of its dispatcher. */
static int attach(struct capture *c, const struct engine_options *options, enum xdp_attach_mode mode)
{
	int error;

	c->object = discover_bpf__open();
	if (!c->object)
		return -errno;
	error = configure(c->object, options, false, port_is_raw(c->port));
	if (error)
		goto fail;
	c->program = xdp_program__from_bpf_obj(c->object->obj, "xdp.frags");
	error = (int)libxdp_get_error(c->program);
	if (error) {
		c->program = NULL;
		goto fail;
	}
	/* libxdp does not take it from the section's name, and its dispatcher would refuse jumbo frames. */
	xdp_program__set_xdp_frags_support(c->program, true);
	xdp_program__set_run_prio(c->program, RUN_PRIORITY);
	xdp_program__set_chain_call_enabled(c->program, XDP_PASS, true);
	error = xdp_program__attach(c->program, port_index(c->port), mode, 0);
	if (error)
		goto fail;
	c->mode = mode;
	c->alone = capture_is_alone(c->port);
	return 0;
fail:
	unload(c);
	return error;
}

static void explain(const struct port *port, int error)
{
	const char *name = port_name(port);

	if (error == -EPERM || error == -EACCES)
		log_error(
			"no right to attach an XDP program to %s: run the sensor as root, or use --engine pcap",
			name);
	else if (error == -EBUSY || error == -EEXIST)
		log_error("another XDP program holds %s without libxdp's dispatcher: detach it (ip link set %s "
			  "xdp off), or "
			  "use --engine pcap",
			  name, name);
	else if (error == -ENODEV)
		log_error("%s is gone; --interface names another port", name);
	else
		log_error("no XDP on %s: %s%s%s; use --engine pcap", name, strerror(-error),
			  last_words[0] ? ": " : "", last_words);
}

static int attach_best(struct capture *c, const struct engine_options *options)
{
	int error = attach(c, options, XDP_MODE_NATIVE);

	if (!error)
		return 0;
	snprintf(c->refused, sizeof(c->refused), "%s", last_words[0] ? last_words : strerror(-error));
	log_debug("%s: native mode refused: %s", port_name(c->port), c->refused);
	if (error != -EPERM && error != -EACCES && error != -EBUSY && error != -EEXIST && error != -ENODEV)
		error = attach(c, options, XDP_MODE_SKB);
	if (error)
		explain(c->port, error);
	return error;
}

/* The keeper's job; here too when there is none. */
static int put_back(void *context)
{
	struct capture *c = context;
	int error = 0;

	if (c->silence && port_exists(c->port) && silence_let_go(c->silence))
		log_warn("%s: what the port sends is still held back; tc qdisc del dev %s clsact",
			 port_name(c->port), port_name(c->port));
	if (c->program && port_exists(c->port)) {
		error = xdp_program__detach(c->program, port_index(c->port), c->mode, 0);
		if (error && port_exists(c->port))
			log_warn("%s: the XDP program could not be detached (%s); ip link set %s xdp off",
				 port_name(c->port), strerror(-error), port_name(c->port));
	}
	port_close(c->port);
	c->port = NULL;
	return error;
}

static int capture_fd(struct engine *engine)
{
	struct capture *c = (struct capture *)engine;

	return c->port ? capture_map_fd(c->map) : -1;
}

static int capture_poll(struct engine *engine, struct observe *observe)
{
	struct capture *c = (struct capture *)engine;

	return capture_map_poll(c->map, observe);
}

static int capture_rest_ms(struct engine *engine)
{
	return capture_map_rest_ms(((struct capture *)engine)->map);
}

static void capture_sweep(struct engine *engine, struct observe *observe)
{
	struct capture *c = (struct capture *)engine;

	capture_map_sweep(c->map, observe);
	if (c->keeper && !keeper_alive(c->keeper))
		log_warn("%s: the process that puts the port back was killed; if this one is killed too, the "
			 "next start "
			 "of the sensor does it",
			 port_name(c->port));
}

static void capture_count(struct engine *engine, uint64_t totals[COUNTER_COUNT])
{
	capture_map_count(((struct capture *)engine)->map, totals);
}

static void capture_info(struct engine *engine, struct engine_info *info)
{
	const struct capture *c = (struct capture *)engine;
	bool native = c->mode == XDP_MODE_NATIVE;

	*info = (struct engine_info){.engine = "xdp", .span = c->span};
	if (!c->port) {
		snprintf(info->mode, sizeof(info->mode), "replay");
		info->vlan_tags_visible = true;
		return;
	}
	snprintf(info->mode, sizeof(info->mode), "%s", native ? "native" : "generic");
	info->vlan_tags_visible = port_tags_visible(c->port);
	info->promiscuous = port_promiscuous(c->port);
	if (!native)
		snprintf(info->advice, sizeof(info->advice),
			 "Generic mode costs more for each packet; the driver (%s) refused native mode: %s.",
			 port_driver(c->port), c->refused);
	if (c->alone)
		snprintf(info->advice + strlen(info->advice), sizeof(info->advice) - strlen(info->advice),
			 "%sThis kernel can't run several XDP programs on a port (no BPF program extensions): "
			 "others are "
			 "refused while the sensor runs.",
			 native ? "" : " ");
	port_advice(c->port, info->advice, sizeof(info->advice));
	if (!c->silent)
		return;
	info->silent = c->silence ? SILENCE_PORT : SILENCE_SENSOR;
	if (c->loud[0])
		snprintf(info->advice + strlen(info->advice), sizeof(info->advice) - strlen(info->advice),
			 "%s%s", info->advice[0] ? " " : "", c->loud);
}

static uint64_t capture_held_back(struct engine *engine)
{
	return silence_held_back(((struct capture *)engine)->silence);
}

static void capture_close(struct engine *engine)
{
	struct capture *c = (struct capture *)engine;

	if (!c)
		return;
	capture_map_close(c->map);
	if (c->keeper && !keeper_end(c->keeper)) {
		port_forget(c->port);
		port_close(c->port);
	} else if (c->port) {
		put_back(c);
	}
	unload(c);
	silence_free(c->silence);
	free(c);
}

struct bpf_object *capture_object(struct engine *engine, struct capture_port *port)
{
	const struct capture *c = (struct capture *)engine;

	if (engine->close != capture_close || !c->port || port_is_raw(c->port))
		return NULL;
	*port = (struct capture_port){port_name(c->port), port_driver(c->port), port_index(c->port),
				      c->mode == XDP_MODE_NATIVE};
	return c->object->obj;
}

static struct capture *capture_new(const struct engine_options *options)
{
	struct capture *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	libbpf_set_print(hear_libbpf);
	libxdp_set_print(hear_libxdp);
	last_words[0] = 0;
	c->span = options->span;
	c->silent = options->silent;
	c->engine = (struct engine){.fd = capture_fd,
				    .poll = capture_poll,
				    .rest_ms = capture_rest_ms,
				    .sweep = capture_sweep,
				    .info = capture_info,
				    .count = capture_count,
				    .held_back = capture_held_back,
				    .close = capture_close};
	return c;
}

/* Whatever keeps the machine from being silent there, the sensor itself is. */
static void hold_back(struct capture *c)
{
	const char *name = port_name(c->port);

	if (!silence_port_free(name, c->loud, sizeof(c->loud)))
		return;
	if (silence_hold(name, port_index(c->port), &c->silence))
		snprintf(c->loud, sizeof(c->loud),
			 "The kernel has no way to hold back what it sends by %s itself.", name);
}

int capture_open(const struct engine_options *options, struct engine **out)
{
	struct capture *c = capture_new(options);
	int error;

	if (!c)
		return -ENOMEM;
	error = port_open(options->interface, &c->port);
	if (error)
		goto fail;
	capture_remove_left(c->port);
	if (options->silent)
		hold_back(c);
	error = port_prepare(c->port, options->span || options->promiscuous, options->silent);
	if (!error)
		error = attach_best(c, options);
	if (error)
		goto fail;
	error = capture_map_open(c->object->obj, false, &c->map);
	if (!error)
		error = keeper_start(put_back, c, options->silent, &c->keeper);
	if (error) {
		log_error("%s: no memory to read the program's maps: %s; --flows takes a smaller number",
			  port_name(c->port), strerror(-error));
		goto fail;
	}
	*out = &c->engine;
	return 0;
fail:
	capture_close(&c->engine);
	return error;
}

int capture_replay_open(const struct engine_options *options, struct engine **out)
{
	struct capture *c = capture_new(options);
	int error = -ENOMEM;

	if (!c)
		return error;
	c->object = discover_bpf__open();
	if (c->object)
		error = configure(c->object, options, true, false);
	if (!error)
		error = discover_bpf__load(c->object);
	if (!error)
		error = capture_map_open(c->object->obj, true, &c->map);
	if (error) {
		log_error("the XDP program can't be loaded (%s): run the sensor as root, or use --engine pcap",
			  strerror(-error));
		capture_close(&c->engine);
		return error;
	}
	*out = &c->engine;
	return 0;
}

int capture_replay_frame(struct engine *engine, const struct learn_frame *frame)
{
	struct capture *c = (struct capture *)engine;
	DECLARE_LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame->bytes, .data_size_in = frame->captured,
			    .repeat = 1);

	if (frame->captured < FRAME_BYTES_MIN) {
		capture_map_count_truncated(c->map);
		return -EINVAL;
	}
	capture_map_set_frame(c->map, (uint64_t)frame->time_us * 1000, frame->length - frame->captured,
			      frame->ether_type);
	return bpf_prog_test_run_opts(bpf_program__fd(c->object->progs.netvisor_discover), &run) ? -errno : 0;
}
