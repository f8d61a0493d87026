/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The discovery of type Network: the sensor asks the network that it is in, because somebody with the right to do so has asked the collector for
 * it (docs/discovery.md). Its scope is enforced here, whatever the collector says.
 */
#ifndef SENSOR_DISCOVER_NETWORK_H
#define SENSOR_DISCOVER_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

struct engine;
struct settings;

/*
 * Open what asking takes, while the process has its rights. engine: that of the watched port. False when this sensor will not ask; why is
 * kept and told to whoever asks for a scan. Once, before any discovery.
 */
bool discover_network_open(const struct settings *settings, struct engine *engine);
/* Have the running scan end: nothing leaves any more within 100 ms. For SIGUSR1. */
void discover_network_halt(void);
/* After the last discovery has ended, before the engine is closed. */
void discover_network_close(void);

/* `--scan-allow`: 0, or -EINVAL with why[] in plain words. */
int discover_network_check(const char *allow, char *why, size_t why_size);

#endif
