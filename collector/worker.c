/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A thread, two lists under one lock, and an eventfd that wakes the loop.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "collector/loop.h"
#include "collector/worker.h"

struct job {
	void (*work)(void *arg);
	void (*done)(void *arg);
	void *arg;
	struct job *next;
};

struct list {
	struct job *first, **last;
	size_t count;
};

struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct list todo, finished;
	bool stop, started;
	int wake_fd;
	struct loop_watch *watch;
};

static void list_add(struct list *list, struct job *job)
{
	job->next = NULL;
	*list->last = job;
	list->last = &job->next;
	list->count++;
}

static struct job *list_take(struct list *list)
{
	struct job *job = list->first;

	if (!job)
		return NULL;
	list->first = job->next;
	if (!list->first)
		list->last = &list->first;
	list->count--;
	return job;
}

static void *run(void *arg)
{
	struct worker *worker = arg;
	uint64_t one = 1;

	pthread_mutex_lock(&worker->lock);
	while (!worker->stop) {
		struct job *job = list_take(&worker->todo);

		if (!job) {
			pthread_cond_wait(&worker->more, &worker->lock);
			continue;
		}
		pthread_mutex_unlock(&worker->lock);
		job->work(job->arg);
		pthread_mutex_lock(&worker->lock);
		list_add(&worker->finished, job);
		if (write(worker->wake_fd, &one, sizeof(one)) < 0)
			continue; /* only a full counter refuses, and then the loop is awake already */
	}
	pthread_mutex_unlock(&worker->lock);
	return NULL;
}

static void on_wake(void *arg, uint32_t events)
{
	struct worker *worker = arg;
	uint64_t count;

	(void)events;
	if (read(worker->wake_fd, &count, sizeof(count)) < 0)
		return;
	for (;;) {
		struct job *job;

		pthread_mutex_lock(&worker->lock);
		job = list_take(&worker->finished);
		pthread_mutex_unlock(&worker->lock);
		if (!job)
			return;
		job->done(job->arg);
		free(job);
	}
}

int worker_open(struct loop *loop, struct worker **out)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	sigset_t all, before;

	if (!worker)
		return -ENOMEM;
	worker->todo.last = &worker->todo.first;
	worker->finished.last = &worker->finished.first;
	pthread_mutex_init(&worker->lock, NULL);
	pthread_cond_init(&worker->more, NULL);
	worker->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	worker->watch =
		worker->wake_fd < 0 ? NULL : loop_watch(loop, worker->wake_fd, EPOLLIN, on_wake, worker);
	/* Signals are the loop's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	worker->started = worker->watch && pthread_create(&worker->thread, NULL, run, worker) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!worker->started) {
		worker_close(worker);
		return -EAGAIN;
	}
	*out = worker;
	return 0;
}

int worker_run(struct worker *worker, void (*work)(void *arg), void (*done)(void *arg), void *arg)
{
	struct job *job = calloc(1, sizeof(*job));
	int error = 0;

	if (!job)
		return -EAGAIN;
	*job = (struct job){.work = work, .done = done, .arg = arg};
	pthread_mutex_lock(&worker->lock);
	if (worker->todo.count >= WORKER_QUEUE_MAX)
		error = -EAGAIN;
	else
		list_add(&worker->todo, job);
	pthread_cond_signal(&worker->more);
	pthread_mutex_unlock(&worker->lock);
	if (error)
		free(job);
	return error;
}

void worker_close(struct worker *worker)
{
	struct job *job;

	if (!worker)
		return;
	pthread_mutex_lock(&worker->lock);
	worker->stop = true;
	pthread_cond_signal(&worker->more);
	pthread_mutex_unlock(&worker->lock);
	if (worker->started)
		pthread_join(worker->thread, NULL);
	while ((job = list_take(&worker->todo)) || (job = list_take(&worker->finished)))
		free(job);
	loop_unwatch(worker->watch);
	if (worker->wake_fd >= 0)
		close(worker->wake_fd);
	pthread_cond_destroy(&worker->more);
	pthread_mutex_destroy(&worker->lock);
	free(worker);
}
