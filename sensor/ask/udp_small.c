// SPDX-License-Identifier: BSD-2-Clause
/*
 * Protocols of one question and one answer: mapping ports of a router (NAT-PMP, RFC 6886), the instances of a Microsoft SQL
 * Server ([MC-SQLR] 2.2.2), and where a Jellyfin server is.
 */
#include "sensor/ask/put.h"
#include "sensor/ask/udp.h"
#include "sensor/decode/lines.h"
#include "sensor/wire.h"

static size_t say_once(unsigned int step, const void *bytes, size_t length, uint8_t *out, size_t size)
{
	struct put p = put_to(out, size);

	put_bytes(&p, bytes, length);
	return step > 0 ? 0 : put_length(&p);
}

/* Version 0, operation 0: which address has it outside? Changes nothing (RFC 6886 3.2). */
static size_t natpmp_request(const struct dialogue_context *context, unsigned int step, uint8_t *out,
			     size_t size)
{
	(void)context;
	return say_once(step, "\0\0", 2, out, size);
}

static enum dialogue_verdict natpmp_answer(const struct dialogue_context *context, unsigned int step,
					   const uint8_t *bytes, size_t length, bool ended,
					   const struct say *say)
{
	struct wire w = wire_over(bytes, length);
	uint8_t version = wire_u8(&w), operation = wire_u8(&w);
	uint16_t result = wire_u16(&w);
	char text[ADDR_TEXT_MAX];
	struct ip ip;

	(void)context, (void)step, (void)ended;
	wire_skip(&w, 4); /* how long it has been up */
	if (version != 0 || operation != 128 || w.bad || result > 5 || (result == 0 && length != 12))
		return DIALOGUE_FOREIGN;
	ip = wire_ip4(&w);
	if (result == 0 && !ip_is_unspecified(&ip)) {
		ip_text(&ip, text);
		say_trait(say, "natpmp.external", (struct text){text, strlen(text)});
	}
	return DIALOGUE_DONE;
}

/* CLNT_UCAST_EX: all instances of this machine. */
static size_t mssql_request(const struct dialogue_context *context, unsigned int step, uint8_t *out,
			    size_t size)
{
	(void)context;
	return say_once(step, "\3", 1, out, size);
}

static enum dialogue_verdict mssql_answer(const struct dialogue_context *context, unsigned int step,
					  const uint8_t *bytes, size_t length, bool ended,
					  const struct say *say)
{
	struct wire w = wire_over(bytes, length);

	(void)context, (void)step, (void)ended;
	if (wire_u8(&w) != 5 || length < 3 ||
	    (size_t)(bytes[1] | bytes[2] << 8) != length - 3) /* little-endian */
		return DIALOGUE_FOREIGN;
	wire_skip(&w, 2);

	struct text list = wire_rest(&w);

	while (list.length) { /* "ServerName;A;InstanceName;B;…;tcp;1433;;ServerName;…" */
		const char *end = memmem(list.bytes, list.length, ";;", 2);
		size_t used = end ? (size_t)(end - list.bytes) : list.length;

		say_trait(say, "mssql.instance", (struct text){list.bytes, used});
		used += end ? 2 : 0;
		list = (struct text){list.bytes + used, list.length - used};
	}
	return DIALOGUE_DONE;
}

static size_t jellyfin_request(const struct dialogue_context *context, unsigned int step, uint8_t *out,
			       size_t size)
{
	static const char question[] = "who is JellyfinServer?";

	(void)context;
	return say_once(step, question, sizeof(question) - 1, out, size);
}

/* {"Address":"http://…","Id":"…","Name":"Attic"}: one level, and the name is taken only when nothing in it is escaped. */
static enum dialogue_verdict jellyfin_answer(const struct dialogue_context *context, unsigned int step,
					     const uint8_t *bytes, size_t length, bool ended,
					     const struct say *say)
{
	static const char key[] = "\"Name\":\"";
	struct text json = {(const char *)bytes, length};

	(void)context, (void)step, (void)ended;
	if (!text_begins(json, "{") || !memmem(bytes, length, "\"Address\"", 9) ||
	    !memmem(bytes, length, "\"Id\"", 4))
		return DIALOGUE_FOREIGN;

	const char *name = memmem(bytes, length, key, sizeof(key) - 1);
	const char *end = NULL;

	if (name) {
		name += sizeof(key) - 1;
		end = memchr(name, '"', length - (size_t)(name - json.bytes));
	}
	if (end && !memchr(name, '\\', (size_t)(end - name)))
		say_name(say, "instance", (struct text){name, (size_t)(end - name)});
	return DIALOGUE_DONE;
}

const struct dialogue udp_natpmp = {
	.name = "nat-pmp", .udp = true, .port_h = {5351}, .request = natpmp_request, .answer = natpmp_answer};
const struct dialogue udp_mssql = {.name = "mssql-browser",
				   .udp = true,
				   .port_h = {1434},
				   .request = mssql_request,
				   .answer = mssql_answer};
const struct dialogue udp_jellyfin = {.name = "jellyfin",
				      .udp = true,
				      .port_h = {7359},
				      .request = jellyfin_request,
				      .answer = jellyfin_answer};
