/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * All maps of the program. Sizes marked "set at load" are the sensor's to choose; those here are for tests.
 * Nothing grows: a full table hands on to the overflow map, and that one forgets its least recently used entry.
 */
#ifndef BPF_MAPS_H
#define BPF_MAPS_H

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "defs/counters.h"
#include "defs/fold.h"
#include "defs/kernel.h"

struct budget {
	__u64 second;
	__u32 used[FRAME_CLASS_ROOM];
	__u32 pad;
};

/* Where in the received frame the one that is learned from lies: all of it, or what a tunnel carries. */
struct place {
	__u32 at;      /* its first byte: of the link header, or of the IP header where it has none */
	__u32 missing; /* bytes of it that are not in the frame's buffers */
	__u32 left;    /* received bytes behind its link headers */
	__u16 type;    /* EtherType of what they carry */
	bool ethernet;
	struct packet_inner around; /* of the packet that carries it */
};

/* What the rare path works on: more than the stack has room for. */
struct workspace {
	struct packet packet;
	struct place place;
	struct flow_id id;
	struct flow_key key;
	struct flow_slot fresh;
	__u32 bucket; /* where the slot lies */
	__u32 pad;
};

/* A struct record_frame with its bytes, on the way to the ring. */
struct frame_scratch {
	__u64 bytes[(sizeof(struct record_frame) + FRAME_COPY_BYTES_MAX) / 8];
};

const volatile struct config config;

/* The flow table. The sensor reads and frees slots through mmap, without a system call. Set at load. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1 << 10);
	__type(key, __u32);
	__type(value, struct flow_bucket);
} flows SEC(".maps");

/* Same index as flows. Set at load. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1 << 10);
	__type(key, __u32);
	__type(value, struct flow_addresses);
} addresses SEC(".maps");

/* Replay only: when each end of each slot sent last, in ns, by the file. Set at load. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64[FLOW_WAYS * 2]);
} replay_last SEC(".maps");

/* Digests of the latest frames. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FOLD_ENTRIES);
	__type(key, __u32);
	__type(value, struct fold_entry);
} folds SEC(".maps");

/* Flows whose bucket is full. Set at load. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1 << 10);
	__type(key, struct flow_key);
	__type(value, struct flow_slot);
} overflow SEC(".maps");

/* Who has been announced. The value is nothing. Set at load. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1 << 10);
	__type(key, struct host_key);
	__type(value, __u32);
} hosts SEC(".maps");

/* To the sensor: defs/record.h. Set at load. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} records SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, COUNTER_COUNT);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct budget);
} budgets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct frame_scratch);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct workspace);
} workspaces SEC(".maps");

struct globals globals;

#endif
