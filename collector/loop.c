/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One epoll set. libwebsockets, which waits for its own connections, watches the set itself as one descriptor among
 * them; so a descriptor's life is ours alone, and watching one is one system call. Knows no library.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "collector/loop.h"

enum {
	EVENTS_MAX = 64, /* handled before the HTTP connections have their turn again */
};

struct loop_watch {
	struct loop *loop;
	int fd;
	void (*fn)(void *arg, uint32_t events);
	void *arg;
	struct loop_watch *next_dead; /* freed after the round, in which an event may still name it */
	bool dead;
};

struct loop_timer {
	int fd;
	struct loop_watch *watch;
	void (*fn)(void *arg);
	void *arg;
};

struct loop {
	int epoll_fd;
	struct loop_watch *dead;
	bool stop;
	int status;
};

int64_t loop_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t loop_wall_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void bury(struct loop *loop)
{
	while (loop->dead) {
		struct loop_watch *watch = loop->dead;

		loop->dead = watch->next_dead;
		free(watch);
	}
}

void loop_dispatch(struct loop *loop)
{
	struct epoll_event events[EVENTS_MAX];
	int count = epoll_wait(loop->epoll_fd, events, EVENTS_MAX, 0);

	for (int i = 0; i < count; i++) {
		struct loop_watch *watch = events[i].data.ptr;

		if (!watch->dead)
			watch->fn(watch->arg, events[i].events);
	}
	bury(loop);
}

int loop_open(struct loop **out)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return -ENOMEM;
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll_fd < 0) {
		free(loop);
		return -EMFILE;
	}
	*out = loop;
	return 0;
}

int loop_fd(const struct loop *loop)
{
	return loop->epoll_fd;
}

int loop_run(struct loop *loop, int (*turn)(void *arg), void *arg)
{
	while (!loop->stop)
		if (turn(arg) < 0)
			return 1;
	return loop->status;
}

void loop_stop(struct loop *loop, int status)
{
	loop->stop = true;
	loop->status = status;
}

void loop_close(struct loop *loop)
{
	if (!loop)
		return;
	bury(loop);
	close(loop->epoll_fd);
	free(loop);
}

struct loop_watch *loop_watch(struct loop *loop, int fd, uint32_t events,
			      void (*fn)(void *arg, uint32_t events), void *arg)
{
	struct loop_watch *watch = calloc(1, sizeof(*watch));
	struct epoll_event event = {.events = events};

	if (!watch)
		return NULL;
	*watch = (struct loop_watch){.loop = loop, .fd = fd, .fn = fn, .arg = arg};
	event.data.ptr = watch;
	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
		free(watch);
		return NULL;
	}
	return watch;
}

void loop_rewatch(struct loop_watch *watch, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = watch};

	/* A library may have closed its socket and opened another that got the same number: that one is not in the set. */
	if (epoll_ctl(watch->loop->epoll_fd, EPOLL_CTL_MOD, watch->fd, &event) < 0 && errno == ENOENT)
		epoll_ctl(watch->loop->epoll_fd, EPOLL_CTL_ADD, watch->fd, &event);
}

void loop_unwatch(struct loop_watch *watch)
{
	if (!watch || watch->dead)
		return;
	epoll_ctl(watch->loop->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
	watch->dead = true;
	watch->next_dead = watch->loop->dead;
	watch->loop->dead = watch;
}

static void on_timer(void *arg, uint32_t events)
{
	struct loop_timer *timer = arg;
	uint64_t expirations;

	(void)events;
	if (read(timer->fd, &expirations, sizeof(expirations)) == sizeof(expirations))
		timer->fn(timer->arg);
}

struct loop_timer *loop_timer(struct loop *loop, void (*fn)(void *arg), void *arg)
{
	struct loop_timer *timer = calloc(1, sizeof(*timer));

	if (!timer)
		return NULL;
	timer->fn = fn;
	timer->arg = arg;
	timer->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	timer->watch = timer->fd < 0 ? NULL : loop_watch(loop, timer->fd, EPOLLIN, on_timer, timer);
	if (!timer->watch) {
		loop_timer_free(timer);
		return NULL;
	}
	return timer;
}

void loop_timer_set(struct loop_timer *timer, int64_t ms)
{
	struct itimerspec when = {0};

	if (ms == 0)
		when.it_value.tv_nsec = 1;
	if (ms > 0)
		when.it_value = (struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
	timerfd_settime(timer->fd, 0, &when, NULL);
}

void loop_timer_free(struct loop_timer *timer)
{
	if (!timer)
		return;
	loop_unwatch(timer->watch);
	if (timer->fd >= 0)
		close(timer->fd);
	free(timer);
}
