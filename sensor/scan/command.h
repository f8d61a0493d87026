/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `netvisor-sensor scan`: one active scan without a collector. What needs rights is opened first; they are given up before the first answer
 * is read.
 */
#ifndef SENSOR_SCAN_COMMAND_H
#define SENSOR_SCAN_COMMAND_H

enum { SCAN_EXIT_STOPPED = 130 };

/*
 * argv[0] is the word `scan`. Returns the exit status: 0 done, 1 failed, 2 the options were wrong, SCAN_EXIT_STOPPED when it was stopped
 * (SIGINT, SIGTERM, SIGHUP, SIGUSR1).
 */
int scan_command(int argc, char **argv);

#endif
