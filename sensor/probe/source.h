/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who asks: source addresses, a TCP port that is ours alone for as long as this is open, and the secret of the run.
 */
#ifndef SENSOR_PROBE_SOURCE_H
#define SENSOR_PROBE_SOURCE_H

#include "defs/probe.h"

struct route;
struct source;
struct space;

/*
 * The addresses are those of the interface in whose subnet the first target of each version is, else its first ones. space: NULL when it does
 * not matter. 0 with *out; -EADDRNOTAVAIL: the interface has no address from which these targets can be asked; -errno. After one log line.
 */
int source_open(const struct route *, const struct space *space, struct source **out);
const struct probe_source *source_probe(const struct source *);
/* Gives the port back. */
void source_close(struct source *);

#endif
