/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command `discover` (docs/stream.md): what the collector asks this sensor to find out. This sensor can report itself;
 * it says plainly what it can't do. Asking the network is never done here.
 */
#ifndef SENSOR_DISCOVER_H
#define SENSOR_DISCOVER_H

struct message;
struct session;
struct sightings;

/* What hello announces: the types that it can do, joined by commas. */
#define DISCOVER_TYPES "SelfReport"

/*
 * Carry out the command: progress and one result go to the session; what is found out is said as facts too, of source
 * `sensor`. From the thread that watches; it takes milliseconds.
 */
void discover(struct session *, struct sightings *, const struct message *command);

#endif
