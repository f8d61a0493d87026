// SPDX-License-Identifier: BSD-2-Clause
/*
 * The engine on libpcap: capture files, and ports or kernels without XDP. This file is libpcap's only door; pcapng files
 * are read by pcapng.c. Learning is learn.c's, or the XDP object's when a file is to be read through it; here a frame
 * loses the link header of links that are not Ethernet.
 *
 * On a live port libpcap puts the VLAN tag back that the kernel had taken out. Packets that it could not hand over
 * are said as the loss `capture_dropped`.
 */
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "defs/limits.h"
#include "defs/log.h"
#include "sensor/capture.h"
#include "sensor/clock.h"
#include "sensor/engine.h"
#include "sensor/learn.h"
#include "sensor/link.h"
#include "sensor/observe.h"
#include "sensor/pcapng.h"

enum {
	SNAP_BYTES = 65535,
	BUFFER_BYTES = 16 << 20,
	TIMEOUT_MS = 10,
	POLL_PACKETS_MAX = 4096,
	KERNEL_POLL_FRAMES = 256,
	SWEEP_US = 5000000,	  /* of a file's time: as often as live */
	PCAPNG_FIRST_BYTE = 0x0a, /* no pcap file begins with it */
};

struct pcap_engine {
	struct engine engine;
	pcap_t *handle; /* live, or a pcap file */
	FILE *file;	/* a pcapng file, with ng */
	struct pcapng *ng;
	struct learn *learn;
	struct engine *kernel; /* what a file's frames go through instead of learn, or NULL */
	uint32_t kernel_frames;
	int64_t swept_us;
	int link; /* DLT_*, of handle */
	bool is_file, span, promiscuous;
	uint64_t frames, cut, unknown_links, kernel_refused;
	int64_t now_us; /* of the latest packet */
	const char *name;
};

struct delivery {
	struct pcap_engine *p;
	struct observe *o;
};

static struct pcap_engine *of(struct engine *engine)
{
	return (struct pcap_engine *)engine;
}

/* One frame through the XDP object. */
static void learn_in_kernel(struct pcap_engine *p, struct observe *o, const struct learn_frame *frame)
{
	if (capture_replay_frame(p->kernel, frame))
		p->kernel_refused++;
	if (++p->kernel_frames % KERNEL_POLL_FRAMES == 0)
		p->kernel->poll(p->kernel, o);
}

/* Flows end by the file's time, as they would have ended live. */
static void sweep_by_file(struct pcap_engine *p, struct observe *o)
{
	if (!p->swept_us)
		p->swept_us = p->now_us;
	if (p->now_us - p->swept_us < SWEEP_US)
		return;
	if (p->kernel) {
		p->kernel->poll(p->kernel, o);
		p->kernel->sweep(p->kernel, o);
	} else {
		learn_sweep(p->learn, o, p->now_us);
	}
	p->swept_us = p->now_us;
}

static void deliver(struct pcap_engine *p, struct observe *o, int link, struct learn_frame *frame)
{
	if (frame->length < frame->captured)
		frame->length = frame->captured;
	p->frames++;
	p->cut += frame->length > frame->captured;
	if (frame->time_us > p->now_us)
		p->now_us = frame->time_us;
	if (p->is_file)
		sweep_by_file(p, o);
	if (!link_strip(link, frame))
		return;
	if (p->kernel)
		learn_in_kernel(p, o, frame);
	else
		learn_frame(p->learn, o, frame);
}

static void deliver_pcap(unsigned char *context, const struct pcap_pkthdr *header, const unsigned char *bytes)
{
	struct delivery *d = (void *)context;
	/* A file has 32 bits of seconds without a sign, which libpcap reads with one. */
	int64_t seconds = d->p->is_file ? (int64_t)(uint32_t)header->ts.tv_sec : header->ts.tv_sec;
	struct learn_frame frame = {.bytes = bytes,
				    .captured = header->caplen,
				    .length = header->len,
				    .time_us = seconds * 1000000 + header->ts.tv_usec};

	if (!d->p->is_file)
		frame.time_us = clock_wall_of_stamp_us(frame.time_us);
	deliver(d->p, d->o, d->p->link, &frame);
}

static int pcap_engine_fd(struct engine *engine)
{
	return of(engine)->is_file ? -1 : pcap_get_selectable_fd(of(engine)->handle);
}

/* A file that ends in the middle of a packet, or goes on with nonsense, is read up to there. */
static int end_early(struct pcap_engine *p, const char *why)
{
	log_warn("%s: read up to packet %llu; what follows is not a capture: %s", p->name,
		 (unsigned long long)p->frames, why);
	return p->frames ? 0 : -EIO;
}

static int poll_pcapng(struct pcap_engine *p, struct observe *o)
{
	struct pcapng_packet packet;

	for (int i = 0; i < POLL_PACKETS_MAX; i++) {
		int got = pcapng_next(p->ng, &packet);
		struct learn_frame frame = {.bytes = packet.bytes,
					    .captured = packet.captured,
					    .length = packet.length,
					    .time_us = packet.time_us};

		if (got == 0)
			return 0;
		if (got < 0)
			return end_early(p, got == -ENODATA ? "it ends in the middle of a block"
							    : "a malformed block");
		if (link_is_known(packet.link))
			deliver(p, o, packet.link, &frame);
		else if (p->unknown_links++ == 0)
			log_warn("%s: an interface has link type %d, which is not supported; its packets are "
				 "counted "
				 "and left out.%s",
				 p->name, packet.link, link_advice(packet.link));
	}
	return 1;
}

static int pcap_engine_poll(struct engine *engine, struct observe *o)
{
	struct pcap_engine *p = of(engine);
	struct delivery d = {p, o};
	int got;

	if (p->ng)
		return poll_pcapng(p, o);
	got = pcap_dispatch(p->handle, POLL_PACKETS_MAX, deliver_pcap, (unsigned char *)&d);
	if (p->is_file)
		return got > 0 ? 1 : got == 0 ? 0 : end_early(p, pcap_geterr(p->handle));
	if (got >= 0)
		return 1;
	log_error("%s: capturing stopped: %s. Is the port still there and up?", p->name,
		  pcap_geterr(p->handle));
	return -ENODEV;
}

static void pcap_engine_sweep(struct engine *engine, struct observe *o)
{
	struct pcap_engine *p = of(engine);
	struct pcap_stat stat;

	if (p->kernel) {
		p->kernel->poll(p->kernel, o);
		p->kernel->sweep(p->kernel, o);
	}
	learn_sweep(p->learn, o, p->now_us);
	learn_losses(p->learn, o, p->now_us);
	observe_loss(o, "frames_refused_by_kernel", p->kernel_refused, p->now_us);
	observe_loss(o, "packets_cut_by_capture", p->cut, p->now_us);
	observe_loss(o, "link_type_unsupported", p->unknown_links, p->now_us);
	if (!p->is_file && pcap_stats(p->handle, &stat) == 0)
		observe_loss(o, "capture_dropped", (uint64_t)stat.ps_drop + stat.ps_ifdrop, p->now_us);
}

static void pcap_engine_info(struct engine *engine, struct engine_info *out)
{
	struct pcap_engine *p = of(engine);

	memset(out, 0, sizeof(*out));
	snprintf(out->engine, sizeof(out->engine), "pcap");
	snprintf(out->mode, sizeof(out->mode), "%s", p->is_file ? "file" : "libpcap");
	out->vlan_tags_visible = p->ng || p->link == DLT_EN10MB;
	out->promiscuous = p->promiscuous;
	out->span = p->span;
	if (!p->is_file)
		snprintf(out->advice, sizeof(out->advice),
			 "Each packet is copied to user space. --engine xdp learns in the kernel and keeps up "
			 "with faster ports.");
}

static void pcap_engine_count(struct engine *engine, uint64_t totals[COUNTER_COUNT])
{
	struct pcap_engine *p = of(engine);

	if (p->kernel)
		p->kernel->count(p->kernel, totals);
	else
		memcpy(totals, learn_counters(p->learn), COUNTER_COUNT * sizeof(totals[0]));
}

static void pcap_engine_close(struct engine *engine)
{
	struct pcap_engine *p = of(engine);

	if (!engine)
		return;
	if (p->handle)
		pcap_close(p->handle);
	pcapng_close(p->ng);
	if (p->file)
		fclose(p->file);
	if (p->kernel)
		p->kernel->close(p->kernel);
	learn_close(p->learn);
	free(p);
}

static int refuse_file(const char *file, const char *why)
{
	log_error("%s: cannot be read as a capture: %s. --read takes pcap and pcapng files.", file, why);
	return -EINVAL;
}

static int refuse_link(const char *name, int link)
{
	const char *text = pcap_datalink_val_to_description(link);

	log_error("%s: link type %d (%s) is not supported; Ethernet, Linux cooked, loopback, raw IP, PPP and "
		  "MPLS are.%s",
		  name, link, text ? text : "unknown", link_advice(link));
	return -EPROTONOSUPPORT;
}

static int open_file(struct pcap_engine *p, const char *name)
{
	char error[PCAP_ERRBUF_SIZE] = "";
	int first;

	p->is_file = true;
	p->name = name;
	p->file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
	if (!p->file)
		return refuse_file(name, strerror(errno));
	first = getc(p->file);
	ungetc(first, p->file);
	if (first == PCAPNG_FIRST_BYTE)
		return pcapng_open(p->file, &p->ng) ? refuse_file(name, "its first block is malformed") : 0;
	p->handle = pcap_fopen_offline(p->file, error);
	if (!p->handle)
		return refuse_file(name, error);
	p->file = NULL; /* the handle has it now */
	p->link = pcap_datalink(p->handle);
	return link_is_known(p->link) ? 0 : refuse_link(name, p->link);
}

static int activate(struct pcap_engine *p, const struct engine_options *options)
{
	int error;

	pcap_set_snaplen(p->handle, SNAP_BYTES);
	pcap_set_promisc(p->handle, p->promiscuous);
	pcap_set_timeout(p->handle, TIMEOUT_MS);
	pcap_set_buffer_size(p->handle, BUFFER_BYTES);
	error = pcap_activate(p->handle);
	if (error > 0)
		log_warn("%s: %s", options->interface, pcap_geterr(p->handle));
	if (error == PCAP_ERROR_PERM_DENIED || error == PCAP_ERROR_PROMISC_PERM_DENIED) {
		log_error("%s: no permission to capture; run as root or with CAP_NET_RAW.", options->interface);
		return -EPERM;
	}
	if (error == PCAP_ERROR_NO_SUCH_DEVICE) {
		log_error("%s: there is no such port; `ip link` lists them, --interface names one.",
			  options->interface);
		return -ENODEV;
	}
	if (error < 0) {
		log_error("%s: cannot capture: %s. Is the port up?", options->interface,
			  pcap_geterr(p->handle));
		return -EIO;
	}
	return 0;
}

static int open_live(struct pcap_engine *p, const struct engine_options *options)
{
	char text[PCAP_ERRBUF_SIZE] = "";
	int error;

	p->name = options->interface;
	p->span = options->span;
	p->promiscuous = options->span || options->promiscuous;
	p->handle = pcap_create(options->interface, text);
	if (!p->handle) {
		log_error("%s: cannot capture: %s", options->interface, text);
		return -EIO;
	}
	error = activate(p, options);
	if (error)
		return error;
	if (pcap_setnonblock(p->handle, 1, text)) {
		log_error("%s: cannot capture without blocking: %s", options->interface, text);
		return -EIO;
	}
	p->link = pcap_datalink(p->handle);
	return link_is_known(p->link) ? 0 : refuse_link(p->name, p->link);
}

int pcap_engine_open(const struct engine_options *options, struct engine **out)
{
	struct pcap_engine *p = calloc(1, sizeof(*p));
	int error;

	if (!p)
		return -ENOMEM;
	error = options->file ? open_file(p, options->file) : open_live(p, options);
	if (error)
		goto failed;
	error = learn_open(options->flow_slots ? options->flow_slots : FLOW_SLOTS_DEFAULT, &p->learn);
	if (!error && options->span)
		learn_mirror(p->learn);
	if (!error && options->file && options->file_in_kernel)
		error = capture_replay_open(options, &p->kernel);
	if (error)
		goto failed;
	p->engine = (struct engine){.fd = pcap_engine_fd,
				    .poll = pcap_engine_poll,
				    .sweep = pcap_engine_sweep,
				    .info = pcap_engine_info,
				    .count = pcap_engine_count,
				    .close = pcap_engine_close};
	*out = &p->engine;
	return 0;
failed:
	pcap_engine_close(&p->engine);
	return error;
}
