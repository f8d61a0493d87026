/* SPDX-License-Identifier: BSD-2-Clause */
/* One thread for what is slow on purpose (password hashes), so that the loop never waits for it. */
#ifndef COLLECTOR_WORKER_H
#define COLLECTOR_WORKER_H

struct loop;
struct worker;

enum { WORKER_QUEUE_MAX = 16 }; /* jobs that wait; one more is refused */

/* 0 or -errno. */
int worker_open(struct loop *, struct worker **out);
/* Run work(arg) in the thread, then done(arg) on the loop. -EAGAIN when too many wait. */
int worker_run(struct worker *, void (*work)(void *arg), void (*done)(void *arg), void *arg);
/* Waits for the job that runs; the others are not run, and done() is not called any more. */
void worker_close(struct worker *);

#endif
