/* SPDX-License-Identifier: BSD-2-Clause */
/* A database server whose collector is gone. */
#ifndef COLLECTOR_LEFTOVER_H
#define COLLECTOR_LEFTOVER_H

#include <sys/types.h>

/* A server process of this very directory, which is where they all live; 0 when there is none. */
pid_t leftover_server(const char *cluster);

#endif
