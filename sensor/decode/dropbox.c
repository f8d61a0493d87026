// SPDX-License-Identifier: BSD-2-Clause
/*
 * Dropbox's search for machines of the same network (UDP 17500 to all, every half minute): JSON with the machine's number and
 * where it listens. Which folders it shares is read over.
 */
#include <errno.h>

#include "sensor/decode/json.h"
#include "sensor/decode/tell.h"

enum { DROPBOX_PORT = 17500, PORT_MAX = 65535 };

struct machine {
	struct text id, version, name;
	unsigned int port;
	bool spaces;
};

static unsigned int number(struct text text)
{
	unsigned int value = 0;

	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] < '0' || text.bytes[i] > '9' || value > PORT_MAX)
			return 0;
		value = value * 10 + (unsigned int)(text.bytes[i] - '0');
	}
	return value;
}

static void member(void *to, const struct json_member *m)
{
	struct machine *machine = to;

	if (m->depth != 1)
		return;
	if (json_is(m, "host_int"))
		machine->id = m->value;
	else if (json_is(m, "version"))
		machine->version = m->value;
	else if (json_is(m, "displayname") && m->string)
		machine->name = m->value;
	else if (json_is(m, "port"))
		machine->port = number(m->value);
	else if (json_is(m, "namespaces"))
		machine->spaces = true;
}

/* [2, 0] → 2.0 */
static struct text version_text(struct fact_list *out, struct text list)
{
	char line[16];
	size_t length = 0;

	for (size_t i = 0; i < list.length && length < sizeof(line); i++) {
		if (list.bytes[i] >= '0' && list.bytes[i] <= '9')
			line[length++] = list.bytes[i];
		else if (list.bytes[i] == ',')
			line[length++] = '.';
	}
	return fact_text(out, line, length);
}

int decode_dropbox(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct machine machine = {};
	struct fact *fact;

	if (ctx->port_dst != DROPBOX_PORT || ctx->cut || !w.left || w.at[0] != '{')
		return 0;
	if (json_walk(wire_rest(&w), member, &machine) || !machine.id.length || !machine.version.length ||
	    !machine.spaces || machine.port == 0 || machine.port > PORT_MAX)
		return -EBADMSG;
	if (machine.id.length > 40) /* a number; older ones as text */
		return -EBADMSG;
	tell_trait(out, ctx, SOURCE_DROPBOX, TEXT("dropbox.id"), machine.id);
	tell_trait(out, ctx, SOURCE_DROPBOX, TEXT("dropbox.version"), version_text(out, machine.version));
	tell_trait(out, ctx, SOURCE_DROPBOX, TEXT("dropbox.name"), machine.name);
	if (ip_is_unspecified(&ctx->ip_src))
		return 0;
	fact = fact_add(out, ctx, FACT_SERVICE, SOURCE_DROPBOX, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, ip, ctx->ip_src);
	FACT_SET(fact, port, machine.port);
	FACT_SET(fact, proto, TEXT("tcp"));
	FACT_SET(fact, state, TEXT("open"));
	FACT_SET(fact, name, TEXT("dropbox"));
	FACT_SET(fact, clients, 0);
	return 0;
}
