/* SPDX-License-Identifier: BSD-2-Clause */
/* Between snmp.c, which runs devices, and snmp_open.c, which takes what is asked of it. Not for others. */
#ifndef SENSOR_SNMP_SNMP_INSIDE_H
#define SENSOR_SNMP_SNMP_INSIDE_H

#include "sensor/snmp/session.h"
#include "sensor/snmp/walk.h"

enum { AT_ONCE_MAX = 64 };

enum stage { STAGE_ASK, STAGE_AWAIT, STAGE_NEXT_CREDENTIAL, STAGE_OVER };

struct running {
	struct snmp_asker *of;
	struct device device;
	struct agent *agent;
	struct walk walk;
	enum stage stage;
	size_t table, credential;
	uint32_t requests, silences;
	bool answered, no_v3;
	int64_t deadline_us, not_before_us;
};

struct snmp_asker {
	struct snmp_options options;
	char interface[64];
	struct agent_keys *keys[SNMP_CREDENTIALS_MAX];
	bool v3[SNMP_CREDENTIALS_MAX];
	size_t key_count;
	struct running *running[AT_ONCE_MAX];
	struct snmp_target *queue; /* a ring */
	size_t queue_room, queue_first, queue_count;
	int epoll_fd;
	bool stopped, library;
	int64_t next_send_us;
	struct snmp_counters counters;
};

/* The device in this slot is over: what it told is said, and the slot is free. */
void snmp_finish(struct snmp_asker *, size_t slot);

#endif
