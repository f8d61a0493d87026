/* SPDX-License-Identifier: BSD-2-Clause */
/* Between session.c and agent_open.c, which share the door to net-snmp. Not for others. */
#ifndef SENSOR_SNMP_SESSION_INSIDE_H
#define SENSOR_SNMP_SESSION_INSIDE_H

#include "sensor/snmp/session.h"

enum {
	ENGINE_MIN = 5, /* RFC 3411, 5: SnmpEngineID */
	ENGINE_MAX = 32,
	SENDS_MAX = 2, /* a request, and once more */
	KEY_MAX = 64,  /* the library's USM_AUTH_KU_LEN and USM_PRIV_KU_LEN */
};

struct agent_keys {
	struct snmp_credential credential;
	uint8_t auth_key[KEY_MAX], priv_key[KEY_MAX];
	size_t auth_length, priv_length;
};

struct agent {
	struct agent_options options;
	char interface[64];
	void *handle;	    /* the library's */
	struct agent *next; /* of those that have an engine */
	uint8_t engine[ENGINE_MAX];
	size_t engine_length;
	bool has_user; /* the library has a user of this engine, made for this session */
	bool searching, found;
	bool awaited;
	int64_t due_us;
	unsigned int sends; /* of the request that is under way */
	uint64_t sent;
	/* What waits for the engine. */
	struct oid_name names[CELLS_MAX];
	size_t name_count;
	unsigned int repetitions;
	struct cell cells[CELLS_MAX];
};

/* agent_open.c: open its handle, as its user when the engine is known. 0 or -errno. */
int agent_handle_open(struct agent *);
void agent_handle_close(struct agent *);
int agent_socket(const struct agent *);
/* session.c: others may speak with its engine again. */
void agent_leave_engine(struct agent *);

#endif
