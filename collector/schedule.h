/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Starts discoveries when they are due, and ends sessions that nobody goes on with. Every collector of a database does
 * this; what is due is done once.
 */
#ifndef COLLECTOR_SCHEDULE_H
#define COLLECTOR_SCHEDULE_H

struct app;
struct schedule;

/* 0 or -ENOMEM. */
int schedule_open(struct app *, struct schedule **out);
void schedule_close(struct schedule *);

#endif
