/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What deserves a person's attention (docs/alerts.md). Looking and telling are apart: looking makes alerts and what is to be told out of what the
 * database knows, telling takes it to the channels, at least once, and both go on where they were after a restart.
 */
#ifndef COLLECTOR_ALERT_H
#define COLLECTOR_ALERT_H

#include <stddef.h>
#include <stdint.h>

struct app;
struct alert_watch;
struct alert_send;

/* alert_watch.c: look at networks, soon after their log has grown, and at all of them now and then. 0 or -ENOMEM. */
int alert_watch_open(struct app *, struct alert_watch **out);
/* A network's log has grown; network NULL: any may have. */
void alert_watch_changed(struct alert_watch *, const char *network_id);
/* Its rules are others: look at everything now. */
void alert_watch_all(struct alert_watch *);
void alert_watch_close(struct alert_watch *);

/* alert_send.c: tell what waits. Threads of its own do it. 0 or -errno. */
int alert_send_open(struct app *, struct alert_send **out);
/* Something may wait. */
void alert_send_wake(struct alert_send *);
/* After the database is closed. Waits for what is under way, which fetch_stop() ends. */
void alert_send_close(struct alert_send *);

#endif
