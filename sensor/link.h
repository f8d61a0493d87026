/* SPDX-License-Identifier: BSD-2-Clause */
/* Link headers of captures that are not Ethernet: which are known, and what stands behind them. */
#ifndef SENSOR_LINK_H
#define SENSOR_LINK_H

#include <stdbool.h>

#include "sensor/learn.h"

/* link: a number of the registry of tcpdump.org (LINKTYPE_*), or of this machine's libpcap (DLT_*) where that differs. */
bool link_is_known(int link);
/* Why one that is not known cannot be read, and what to do instead: a sentence, or "" for any other. */
const char *link_advice(int link);
/* Step over the frame's link header, and say in ether_type what follows. False: nothing that is looked at. */
bool link_strip(int link, struct learn_frame *frame);

#endif
