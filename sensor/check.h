/* SPDX-License-Identifier: BSD-2-Clause */
/* `netvisor-sensor check`: what this kernel and port can do. */
#ifndef SENSOR_CHECK_H
#define SENSOR_CHECK_H

/*
 * Write a table to standard output; interface may be NULL. Changes nothing: programs and maps that are tried are
 * gone again at once, and nothing is attached. Returns the exit status: 0 when watching can work.
 */
int check_run(const char *interface);

#endif
