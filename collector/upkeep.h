/* SPDX-License-Identifier: BSD-2-Clause */
/* What is done in the background: old entries, old sessions, sensors whose collector is gone. */
#ifndef COLLECTOR_UPKEEP_H
#define COLLECTOR_UPKEEP_H

struct app;
struct upkeep;

/* 0 or -ENOMEM. Begins with the loop; does nothing while the database is away. */
int upkeep_open(struct app *, struct upkeep **out);
/* After the database is closed. */
void upkeep_close(struct upkeep *);

#endif
