/* SPDX-License-Identifier: BSD-2-Clause */
/* --read: a capture file from its beginning to its end. */
#ifndef SENSOR_REPLAY_H
#define SENSOR_REPLAY_H

struct settings;

/* The process's exit status. */
int replay_run(const struct settings *settings);

#endif
