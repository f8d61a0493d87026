/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The event loop's own part: the database's sockets, signals, children, timers, the worker's wake. http.c waits for
 * this and for the connections. One thread; nothing that is called from it may block.
 */
#ifndef COLLECTOR_LOOP_H
#define COLLECTOR_LOOP_H

#include <stdint.h>

struct loop;
struct loop_watch;
struct loop_timer;

/* 0 or -errno. */
int loop_open(struct loop **out);
/* Readable when something is to be dispatched; for whoever waits. */
int loop_fd(const struct loop *);
void loop_dispatch(struct loop *);
/* Calls turn, which waits and dispatches, until loop_stop(). Returns the status given there, or 1 when turn failed. */
int loop_run(struct loop *, int (*turn)(void *arg), void *arg);
void loop_stop(struct loop *, int status);
void loop_close(struct loop *);

/* Call fn with the epoll events of fd, which stays the caller's. NULL when there is no memory. */
struct loop_watch *loop_watch(struct loop *, int fd, uint32_t events, void (*fn)(void *arg, uint32_t events),
			      void *arg);
void loop_rewatch(struct loop_watch *, uint32_t events);
/* Before fd is closed. NULL does nothing. */
void loop_unwatch(struct loop_watch *);

/* A timer that is not set yet. NULL when there is none to be had. */
struct loop_timer *loop_timer(struct loop *, void (*fn)(void *arg), void *arg);
/* Once, in so many milliseconds; negative: not at all. */
void loop_timer_set(struct loop_timer *, int64_t ms);
void loop_timer_free(struct loop_timer *);

/* Clocks: monotonic milliseconds, and microseconds since the Unix epoch. */
int64_t loop_now_ms(void);
int64_t loop_wall_us(void);

#endif
