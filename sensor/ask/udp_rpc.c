// SPDX-License-Identifier: BSD-2-Clause
/* Which programs does its portmapper know? The list of RFC 1833 3 (version 2) by RPC (RFC 5531): NFS and what goes with it. */
#include "sensor/ask/put.h"
#include "sensor/ask/udp.h"
#include "sensor/wire.h"

enum {
	CALL = 0,
	REPLY = 1,
	RPC_VERSION = 2,
	PORTMAPPER = 100000,
	PORTMAPPER_VERSION = 2,
	DUMP = 4,
	ACCEPTED = 0,
	DENIED = 1,
	SUCCESS = 0,
	REJECT_MAX = 1,
	STATUS_MAX = 5,
	PROOF_BYTES_MAX = 400,
};
enum { PROTO_TCP = 6, PROTO_UDP = 17, PROGRAMS_MAX = 128 };

static const struct {
	uint32_t number;
	const char *name;
} programs[] = {{PORTMAPPER, "portmapper"}, {100003, "nfs"},	  {100004, "ypserv"}, {100005, "mountd"},
		{100007, "ypbind"},	    {100021, "nlockmgr"}, {100024, "status"}, {100227, "nfs_acl"}};

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	const uint32_t words[] = {
		(uint32_t)context->nonce, CALL, RPC_VERSION, PORTMAPPER, PORTMAPPER_VERSION, DUMP, 0, 0, 0, 0};
	struct put p = put_to(out, size);

	if (step > 0)
		return 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		put_u32(&p, words[i]);
	return put_length(&p);
}

static void say_program(const struct say *say, uint32_t number, uint32_t proto, uint32_t port)
{
	struct fact fact = {.kind = FACT_SERVICE, .confidence = CONFIDENCE_ANNOUNCED};
	const char *name = NULL;

	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		if (programs[i].number == number)
			name = programs[i].name;
	if (!name || (proto != PROTO_TCP && proto != PROTO_UDP) || port == 0 || port > UINT16_MAX)
		return;
	FACT_SET(&fact, ip, say->context->ip);
	FACT_SET(&fact, port, port);
	FACT_SET(&fact, proto, proto == PROTO_TCP ? TEXT("tcp") : TEXT("udp"));
	FACT_SET(&fact, name, (struct text){name, strlen(name)});
	FACT_SET(&fact, state, TEXT("open"));
	say_fact(say, &fact);
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct wire w = wire_over(bytes, length);
	uint32_t id = wire_u32(&w), kind = wire_u32(&w), accepted = wire_u32(&w);
	uint64_t said_before = 0;

	(void)step, (void)ended;
	if (w.bad || id != (uint32_t)context->nonce || kind != REPLY)
		return DIALOGUE_FOREIGN;
	if (accepted == DENIED) /* it refuses, in its own protocol */
		return wire_u32(&w) <= REJECT_MAX && !w.bad ? DIALOGUE_DONE : DIALOGUE_FOREIGN;
	wire_skip(&w, 4); /* how it proves itself */

	uint32_t proof_bytes = wire_u32(&w);

	wire_skip(&w, proof_bytes); /* and with what */

	uint32_t status = wire_u32(&w);

	if (w.bad || accepted != ACCEPTED || proof_bytes > PROOF_BYTES_MAX || status > STATUS_MAX)
		return DIALOGUE_FOREIGN;
	if (status != SUCCESS)
		return DIALOGUE_DONE;
	for (int i = 0; i < PROGRAMS_MAX && wire_u32(&w) == 1; i++) {
		uint32_t number = wire_u32(&w), version = wire_u32(&w), proto = wire_u32(&w),
			 port = wire_u32(&w);
		uint64_t same = (uint64_t)number << 32 | port << 8 | proto;

		(void)version; /* the same port for each of its versions */
		if (w.bad)
			break;
		if (same != said_before)
			say_program(say, number, proto, port);
		said_before = same;
	}
	return DIALOGUE_DONE;
}

const struct dialogue udp_rpc = {
	.name = "portmapper", .udp = true, .port_h = {111}, .request = request, .answer = answer};
