/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What this process may do on this kernel: tried once, by doing it, while it still has its rights. Nothing is sent and nothing stays.
 */
#ifndef SENSOR_ABILITIES_H
#define SENSOR_ABILITIES_H

#include <stdbool.h>

struct abilities {
	bool raw_sockets; /* frames of its own making */
	bool xdp;	  /* programs in the kernel that look at frames */
	bool io_uring;
};

/* Try; before rights are dropped and threads are made. */
void abilities_look(void);
/* What was found; nothing, before that. */
struct abilities abilities(void);

#endif
