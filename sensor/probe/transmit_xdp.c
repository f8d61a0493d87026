// SPDX-License-Identifier: BSD-2-Clause
#include "sensor/probe/transmit.h"

#include <errno.h>

int transmit_xdp_open(const struct probe_source *source, struct transmit **out)
{
	(void)source;
	(void)out;
	return -ENOSYS;
}
