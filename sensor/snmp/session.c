// SPDX-License-Identifier: BSD-2-Clause
/* Requests to one device and what comes back, through net-snmp. One is under way at a time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/library/large_fd_set.h>
#include <net-snmp/net-snmp-includes.h>

#include "sensor/snmp/session_inside.h"

enum { TICK_US = 20 * 1000 }; /* the library has its own idea of when a time is up */

/* Those that speak as a user: two with one engine would share the library's user and clock. */
static struct agent *engines;

void agent_leave_engine(struct agent *s)
{
	for (struct agent **at = &engines; *at; at = &(*at)->next)
		if (*at == s) {
			*at = s->next;
			return;
		}
}

uint64_t agent_sent(const struct agent *s)
{
	return s->sent;
}

static void take_name(const oid *from, size_t length, struct oid_name *to)
{
	/* A name that is too long is cut: it is then in no table, or ends one. */
	to->length = length < OID_PARTS_MAX ? (uint32_t)length : OID_PARTS_MAX;
	for (uint32_t i = 0; i < to->length; i++)
		to->part[i] = (uint32_t)from[i];
}

static void take_value(const netsnmp_variable_list *from, struct cell *to)
{
	switch (from->type) {
	case ASN_INTEGER:
		to->type = CELL_NUMBER;
		to->number = *from->val.integer;
		break;
	case ASN_GAUGE:
	case ASN_COUNTER:
	case ASN_TIMETICKS:
		to->type = CELL_NUMBER;
		to->number = (int64_t)(*from->val.integer & 0xffffffff);
		break;
	case ASN_OCTET_STR:
	case ASN_IPADDRESS:
		to->type = from->type == ASN_OCTET_STR ? CELL_BYTES : CELL_ADDRESS;
		to->bytes = from->val.string;
		to->length = from->val_len;
		break;
	case ASN_OBJECT_ID:
		to->type = CELL_OBJECT;
		take_name(from->val.objid, from->val_len / sizeof(oid), &to->object);
		break;
	case ASN_NULL:
	case SNMP_NOSUCHOBJECT:
	case SNMP_NOSUCHINSTANCE:
	case SNMP_ENDOFMIBVIEW:
		to->type = CELL_NONE;
		break;
	default:
		to->type = CELL_OTHER;
	}
}

static void deliver(struct agent *s, struct agent_answer answer)
{
	s->awaited = false;
	s->options.answered(s->options.context, &answer);
}

static void take_engine(struct agent *s, const netsnmp_pdu *pdu)
{
	if (!pdu || !pdu->securityEngineID || pdu->securityEngineIDLen < ENGINE_MIN ||
	    pdu->securityEngineIDLen > ENGINE_MAX) {
		s->searching = false;
		deliver(s, (struct agent_answer){.end = AGENT_REFUSED});
		return;
	}
	memcpy(s->engine, pdu->securityEngineID, pdu->securityEngineIDLen);
	s->engine_length = pdu->securityEngineIDLen;
	s->found = true; /* the session is opened anew when the library is out of this one */
}

static void take_answer(struct agent *s, const netsnmp_pdu *pdu)
{
	size_t count = 0;

	if (pdu->command != SNMP_MSG_RESPONSE) { /* a report: unknown user, wrong digest, and their like */
		deliver(s, (struct agent_answer){.end = AGENT_REFUSED});
		return;
	}
	for (const netsnmp_variable_list *v = pdu->variables; v && count < CELLS_MAX; v = v->next_variable) {
		s->cells[count] = (struct cell){};
		take_name(v->name, v->name_length, &s->cells[count].name);
		take_value(v, &s->cells[count++]);
	}
	deliver(s, (struct agent_answer){.end = AGENT_ANSWERED,
					 .error = (uint32_t)pdu->errstat,
					 .error_index = (uint32_t)pdu->errindex,
					 .cells = s->cells,
					 .count = count});
}

static int heard(int operation, netsnmp_session *library, int request, netsnmp_pdu *pdu, void *context)
{
	struct agent *s = context;

	(void)library;
	(void)request;
	if (!s->awaited || operation == NETSNMP_CALLBACK_OP_CONNECT ||
	    operation == NETSNMP_CALLBACK_OP_DISCONNECT || operation == NETSNMP_CALLBACK_OP_RESEND)
		return 1;
	/* That the user is unknown, who is nobody, is the answer that was wanted. */
	if (s->searching &&
	    (operation == NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE || operation == NETSNMP_CALLBACK_OP_SEC_ERROR))
		take_engine(s, pdu);
	else if (operation == NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE && pdu)
		take_answer(s, pdu);
	else if (operation == NETSNMP_CALLBACK_OP_TIMED_OUT)
		deliver(s, (struct agent_answer){.end = AGENT_SILENT, .no_engine = s->searching});
	else
		deliver(s, (struct agent_answer){.end = AGENT_REFUSED});
	return 1;
}

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int send_pdu(struct agent *s, netsnmp_pdu *pdu)
{
	if (!pdu)
		return -ENOMEM;
	s->awaited = true;
	if (!snmp_sess_async_send(s->handle, pdu, heard, s)) {
		s->awaited = false;
		snmp_free_pdu(pdu);
		return -EIO;
	}
	s->sent++;
	s->sends = 1;
	s->due_us = now_us() + (int64_t)s->options.timeout_ms * 1000;
	return 0;
}

/* An empty question by nobody: what answers it names its engine. */
static int search(struct agent *s)
{
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GET);

	if (!pdu)
		return -ENOMEM;
	pdu->version = SNMP_VERSION_3;
	pdu->securityName = strdup("");
	pdu->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
	pdu->securityModel = SNMP_SEC_MODEL_USM;
	s->searching = true;
	return send_pdu(s, pdu);
}

static int ask(struct agent *s)
{
	bool bulk = s->options.keys->credential.version != SNMP_V1;
	netsnmp_pdu *pdu = snmp_pdu_create(bulk ? SNMP_MSG_GETBULK : SNMP_MSG_GETNEXT);
	oid name[OID_PARTS_MAX];

	if (!pdu)
		return -ENOMEM;
	if (bulk) {
		pdu->non_repeaters = 0;
		pdu->max_repetitions = (long)s->repetitions;
	}
	for (size_t i = 0; i < s->name_count; i++) {
		for (uint32_t part = 0; part < s->names[i].length; part++)
			name[part] = s->names[i].part[part];
		snmp_add_null_var(pdu, name, s->names[i].length);
	}
	return send_pdu(s, pdu);
}

int agent_next(struct agent *s, const struct oid_name *names, size_t count, unsigned int repetitions)
{
	if (count == 0 || count > CELLS_MAX)
		return -EINVAL;
	memcpy(s->names, names, count * sizeof(*names));
	s->name_count = count;
	s->repetitions = repetitions;
	return s->options.keys->credential.version == SNMP_V3 && !s->engine_length ? search(s) : ask(s);
}

/* The engine is known: from here on as its user. */
static void go_on(struct agent *s)
{
	int error;

	s->found = s->searching = false;
	for (const struct agent *other = engines; other; other = other->next)
		if (other->engine_length == s->engine_length &&
		    memcmp(other->engine, s->engine, s->engine_length) == 0) {
			s->engine_length = 0;
			deliver(s, (struct agent_answer){.end = AGENT_BUSY});
			return;
		}
	agent_handle_close(s);
	s->next = engines;
	engines = s;
	error = agent_handle_open(s);
	if (!error)
		error = ask(s);
	if (error)
		deliver(s, (struct agent_answer){.end = AGENT_REFUSED});
}

void agent_read(struct agent *s)
{
	int error = 0;

	if (!s->handle)
		return;
	getsockopt(agent_socket(s), SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof(error)});
	if (error) {
		if (s->awaited)
			deliver(s,
				(struct agent_answer){.end = AGENT_REFUSED, .nobody = error == ECONNREFUSED});
		return;
	}

	netsnmp_large_fd_set set;

	netsnmp_large_fd_set_init(&set, FD_SETSIZE);
	netsnmp_large_fd_setfd(agent_socket(s), &set);
	snmp_sess_read2(s->handle, &set);
	netsnmp_large_fd_set_cleanup(&set);
	if (s->found)
		go_on(s);
}

int64_t agent_tick(struct agent *s, int64_t now)
{
	if (!s->awaited || !s->handle)
		return INT64_MAX;
	if (now >= s->due_us) {
		bool again = s->sends < SENDS_MAX;

		/* It sends again, or says that nothing came. */
		s->due_us = now + (again ? (int64_t)s->options.timeout_ms * 1000 : TICK_US);
		s->sends += again;
		s->sent += again;
		snmp_sess_timeout(s->handle);
	}
	return s->awaited ? s->due_us : INT64_MAX;
}
