// SPDX-License-Identifier: BSD-2-Clause
/*
 * Opening what needs rights, before they are dropped. Both engines are opened, as it is not known yet which one will be asked for; that
 * costs a socket and some memory, and nothing is sent.
 */
#include "sensor/scan/gear.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/probe/answers.h"
#include "sensor/probe/transmit.h"

struct scan_gear {
	struct answers *answers;
	struct transmit *engines[2]; /* by enum scan_engine; NULL: this port or kernel has it not */
	char why_not[2][128];
};

static const char *reason(int error)
{
	switch (error) {
	case -EOPNOTSUPP:
		return "this port's driver can't do it";
	case -EPERM:
	case -EACCES:
		return "not allowed: run the sensor as root, or with CAP_NET_RAW, CAP_NET_ADMIN and CAP_BPF";
	case -ENOSYS:
		return "this kernel does not have it";
	default:
		return strerror(-error);
	}
}

int scan_gear_open(const char *interface, struct engine *engine, struct scan_gear **out, char *why,
		   size_t why_size)
{
	struct probe_source source = {.interface_index = if_nametoindex(interface)};
	struct scan_gear *gear = calloc(1, sizeof(*gear));
	int error;

	if (!gear)
		return -ENOMEM;
	error = answers_open(engine, &gear->answers);
	if (error) {
		snprintf(why, why_size,
			 "answers to probes can't be heard on %s: %s; they are heard by the XDP program, see "
			 "`netvisor-sensor check`",
			 interface, reason(error));
		scan_gear_close(gear);
		return error;
	}
	for (int i = 0; i < 2; i++) {
		error = i == SCAN_XDP ? transmit_xdp_open(&source, &gear->engines[i])
				      : transmit_uring_open(&source, &gear->engines[i]);
		if (error)
			snprintf(gear->why_not[i], sizeof(gear->why_not[i]), "%s", reason(error));
	}
	if (!gear->engines[SCAN_URING] && !gear->engines[SCAN_XDP]) {
		snprintf(why, why_size, "nothing can be sent through %s: %s", interface,
			 gear->why_not[SCAN_URING]);
		scan_gear_close(gear);
		return error;
	}
	*out = gear;
	return 0;
}

struct answers *gear_answers(struct scan_gear *gear)
{
	return gear->answers;
}

struct transmit *gear_transmit(struct scan_gear *gear, enum scan_engine wanted, enum scan_engine *used,
			       const char **why_not)
{
	*why_not = gear->why_not[wanted];
	*used = gear->engines[wanted] ? wanted : wanted == SCAN_XDP ? SCAN_URING : SCAN_XDP;
	return gear->engines[*used];
}

void scan_gear_close(struct scan_gear *gear)
{
	if (!gear)
		return;
	for (int i = 0; i < 2; i++)
		if (gear->engines[i])
			gear->engines[i]->close(gear->engines[i]);
	if (gear->answers)
		answers_close(gear->answers);
	free(gear);
}
