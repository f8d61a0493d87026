/* SPDX-License-Identifier: BSD-2-Clause */
/* Watching a port: one loop over the engine, timers, signals and what the collector asks for. */
#ifndef SENSOR_WATCH_H
#define SENSOR_WATCH_H

struct settings;

/* Until SIGTERM, SIGINT or SIGHUP, or until the port is gone. The process's exit status. */
int watch_run(const struct settings *settings);

#endif
