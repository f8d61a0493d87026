/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The maps of a loaded XDP object, seen from the sensor: the ring, the flow table by mmap, the two LRU maps by batches,
 * the counters. For capture.c alone.
 */
#ifndef SENSOR_CAPTURE_MAP_H
#define SENSOR_CAPTURE_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "defs/counters.h"

struct bpf_object;
struct capture_map;
struct observe;

/*
 * Open the maps of a loaded object. replay: times are the file's. 0 with *out for capture_map_close(), or -errno.
 * The object must outlive it.
 */
int capture_map_open(struct bpf_object *object, bool replay, struct capture_map **out);

/* Readable when records wait. */
int capture_map_fd(const struct capture_map *);
/* Hand over records, a few thousand at most: 1 more wait, 0 none, -errno. */
int capture_map_poll(struct capture_map *, struct observe *);
/* After a poll: as in struct engine. */
int capture_map_rest_ms(const struct capture_map *);
/* Hand over flows that have moved, free those that are idle, and hand over the losses. */
void capture_map_sweep(struct capture_map *, struct observe *);
void capture_map_count(struct capture_map *, uint64_t totals[COUNTER_COUNT]);

/* Replay: the time of the frames to come, ns since the epoch, and what the file has left out of the next one. */
/* Of the next frame: its time, the bytes of it that the file does not hold, and what it is: struct learn_frame's ether_type. */
void capture_map_set_frame(struct capture_map *, uint64_t time_ns, uint32_t missing, uint16_t type);
/* Replay: a frame that the kernel does not take, because it is too short. */
void capture_map_count_truncated(struct capture_map *);
void capture_map_close(struct capture_map *);

#endif
