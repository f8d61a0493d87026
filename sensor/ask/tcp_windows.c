// SPDX-License-Identifier: BSD-2-Clause
/* File sharing, directories, desktops and remote procedures. One row each, pure; nobody is signed in. */
#include <stdio.h>
#include <string.h>

#include "sensor/ask/http.h"
#include "sensor/ask/tcp.h"
#include "sensor/ask/tcp_row.h"
#include "sensor/wire.h"

enum { ANSWER_BYTES_MAX = 8192, LDAP_VALUES_MAX = 8 };

/* [MS-SMB2] 3.2.4.2.2.1: the old negotiation with the names of both, which either answers in its own way. */
static size_t smb_ask(ASK_ARGUMENTS)
{
	static const char dialects[] = "\2NT LM 0.12\0\2SMB 2.002\0\2SMB 2.???";
	uint8_t head[39] = {[4] = 0xff, 'S', 'M', 'B', 0x72, [13] = 0x18, 0x53, 0xc8, [37] = sizeof(dialects)};

	(void)context;
	head[3] = sizeof(head) - 4 + sizeof(dialects);
	if (step || size < sizeof(head) + sizeof(dialects))
		return 0;
	memcpy(out, head, sizeof(head));
	memcpy(out + sizeof(head), dialects, sizeof(dialects));
	return sizeof(head) + sizeof(dialects);
}

static enum dialogue_verdict smb(ANSWER_ARGUMENTS)
{
	enum { SMB2_HEAD = 64, SMB2_GUID_AT = 8 };
	char guid[33];

	(void)context, (void)step;
	if (length < 8)
		return bytes[0] ? DIALOGUE_FOREIGN : more(ended);
	if (!memcmp(bytes + 4, "\xffSMB", 4)) {
		say_trait(say, "smb.version", TEXT("1"));
		return DIALOGUE_DONE;
	}
	if (memcmp(bytes + 4, "\xfeSMB", 4) != 0)
		return DIALOGUE_FOREIGN;
	if (length < 4 + SMB2_HEAD + SMB2_GUID_AT + 16)
		return more(ended);
	bytes += 4 + SMB2_HEAD; /* 2.2.4: size, security mode, dialect, … , the server's id */
	say_trait(say, "smb.version", TEXT("2"));
	say_trait(say, "smb.signing", bytes[2] & 2 ? TEXT("required") : TEXT("offered"));
	for (unsigned int i = 0; i < 16; i++)
		snprintf(guid + 2 * (size_t)i, 3, "%02x", bytes[SMB2_GUID_AT + i]);
	if (strspn(guid, "0") < 32) /* some have none */
		say_host_trait(say, "smb.guid", (struct text){guid, 32});
	return DIALOGUE_DONE;
}

/* [MS-RDPBCGR] 2.2.1.1: X.224 connection request that offers TLS and CredSSP. */
static size_t rdp_ask(ASK_ARGUMENTS)
{
	static const uint8_t request[] = {3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0};

	(void)context;
	return step ? 0 : ask_bytes(out, size, request, sizeof(request));
}

static enum dialogue_verdict rdp(ANSWER_ARGUMENTS)
{
	static const uint8_t hang_up[] = {3, 0, 0, 9, 2, 0xf0, 0x80, 0x21, 0x80};

	(void)context, (void)step;
	/* Told something else it hangs up as T.125, 11.15 has it: "the user asked for that". */
	if (length == sizeof(hang_up) && !memcmp(bytes, hang_up, sizeof(hang_up)))
		return DIALOGUE_DONE;
	if (length < 11)
		return bytes[0] == 3 ? more(ended) : DIALOGUE_FOREIGN;
	if (bytes[0] != 3 || bytes[1] || bytes[5] != 0xd0) /* TPKT 3, connection confirm */
		return DIALOGUE_FOREIGN;
	if (length >= 19 && bytes[11] == 2)
		say_trait(say, "rdp.security",
			  bytes[15] & 2	  ? TEXT("credssp")
			  : bytes[15] & 1 ? TEXT("tls")
					  : TEXT("rdp"));
	return DIALOGUE_DONE;
}

/* DCE 1.1 RPC, 12.6.4.3: bind to the end point mapper. */
static size_t msrpc_ask(ASK_ARGUMENTS)
{
	static const uint8_t request[72] = {
		5,    0,    0x0b, 3,	0x10, 0,    0,	  0,	72,   0,    0,	  0,	1,    0,    0,
		0,    0xb8, 0x10, 0xb8, 0x10, 0,    0,	  0,	0,    1,    0,	  0,	0,    0,    0,
		1,    0,    0x08, 0x83, 0xaf, 0xe1, 0x1f, 0x5d, 0xc9, 0x11, 0x91, 0xa4, 0x08, 0,    0x2b,
		0x14, 0xa0, 0xfa, 3,	0,    0,    0,	  0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11,
		0x9f, 0xe8, 0x08, 0,	0x2b, 0x10, 0x48, 0x60, 2,    0,    0,	  0};

	(void)context;
	return step ? 0 : ask_bytes(out, size, request, sizeof(request));
}

static enum dialogue_verdict msrpc(ANSWER_ARGUMENTS)
{
	(void)context, (void)step, (void)say;
	if (length < 4)
		return bytes[0] == 5 ? more(ended) : DIALOGUE_FOREIGN;
	/* bind_ack, bind_nak */
	return bytes[0] == 5 && bytes[1] == 0 && (bytes[2] == 0x0c || bytes[2] == 0x0d) ? DIALOGUE_DONE
											: DIALOGUE_FOREIGN;
}

/* RFC 4511, 4.5: what the root of the directory says to anyone. */
static size_t ldap_ask(ASK_ARGUMENTS)
{
	static const char request[] =
		"\x30\x5d\2\1\1\x63\x58\4\0\x0a\1\0\x0a\1\0\2\1\1\2\1\5\1\1\0\x87\x0bobjectClass\x30\x38"
		"\4\x0enamingContexts\4\x0avendorName\4\x0dvendorVersion\4\x0b"
		"dnsHostName";
	size_t length = sizeof(request) - 1;

	(void)context;
	_Static_assert(sizeof(request) - 1 == 0x5d + 2, "the outer length is that of what follows");
	return step ? 0 : ask_bytes(out, size, request, length);
}

/* One BER element (X.690, 8.1) with a length of up to four bytes: its content, and its tag in *tag. */
static struct wire ber(struct wire *wire, uint8_t *tag)
{
	size_t length;

	*tag = wire_u8(wire);
	length = wire_u8(wire);
	if (length > 0x80) {
		size_t bytes = length & 0x7f;

		length = 0;
		if (bytes > 4)
			wire->bad = true;
		for (size_t i = 0; i < bytes && i < 4; i++)
			length = length << 8 | wire_u8(wire);
	} else if (length == 0x80) {
		wire->bad = true;
	}
	return wire_nested(wire, length);
}

static void ldap_attribute(struct wire attribute, const struct say *say)
{
	uint8_t tag;
	struct wire name_wire = ber(&attribute, &tag), values = ber(&attribute, &tag);
	struct text name = wire_rest(&name_wire);

	for (unsigned int i = 0; i < LDAP_VALUES_MAX && values.left && !values.bad; i++) {
		struct wire value_wire = ber(&values, &tag);
		struct text value = wire_rest(&value_wire);

		if (values.bad || value.length > 256)
			return;
		if (text_is(name, "namingcontexts"))
			say_trait(say, "ldap.naming_context", value);
		else if (text_is(name, "vendorname"))
			say_trait(say, "ldap.vendor", value);
		else if (text_is(name, "vendorversion"))
			say_trait(say, "ldap.version", value);
		else if (text_is(name, "dnshostname"))
			say_name(say, "fqdn", value);
	}
}

static enum dialogue_verdict ldap(ANSWER_ARGUMENTS)
{
	struct wire wire = wire_over(bytes, length), message, entry, attributes;
	uint8_t tag, operation = 0;

	(void)context, (void)step;
	if (bytes[0] != 0x30)
		return DIALOGUE_FOREIGN;
	message = ber(&wire, &tag);
	if (message.bad)
		return length < ANSWER_BYTES_MAX ? more(ended) : DIALOGUE_FOREIGN;
	ber(&message, &tag); /* the message's number */
	if (tag != 2)
		return DIALOGUE_FOREIGN;
	entry = ber(&message, &operation);
	if (message.bad || (operation != 0x64 && operation != 0x65 && operation != 0x78 && operation != 0x73))
		return DIALOGUE_FOREIGN;
	if (operation == 0x64) { /* SearchResultEntry: name, attributes */
		ber(&entry, &tag);
		attributes = ber(&entry, &tag);
		for (unsigned int i = 0; i < 16 && attributes.left && !attributes.bad; i++)
			ldap_attribute(ber(&attributes, &tag), say);
	}
	return DIALOGUE_DONE;
}

/* RFC 5531, 9 and 11: a record with a call of procedure 0, which does nothing. */
static size_t rpc_call(const struct dialogue_context *context, uint32_t program, uint32_t version, uint8_t *out,
		       size_t size)
{
	uint32_t word[11] = {0x80000028, (uint32_t)context->nonce, 0, 2, program, version};

	if (size < sizeof(word))
		return 0;
	for (size_t i = 0; i < 11; i++)
		for (size_t k = 0; k < 4; k++)
			out[4 * i + k] = (uint8_t)(word[i] >> (24 - 8 * k));
	return sizeof(word);
}

static size_t portmapper_ask(ASK_ARGUMENTS)
{
	return step ? 0 : rpc_call(context, 100000, 2, out, size);
}

static size_t nfs_ask(ASK_ARGUMENTS)
{
	return step ? 0 : rpc_call(context, 100003, 3, out, size);
}

static enum dialogue_verdict rpc(ANSWER_ARGUMENTS)
{
	struct wire wire = wire_over(bytes, length);
	uint32_t record = wire_u32(&wire), number = wire_u32(&wire), type = wire_u32(&wire);

	(void)step, (void)say;
	if (wire.bad)
		return more(ended);
	return record & 0x80000000 && number == (uint32_t)context->nonce && type == 1 ? DIALOGUE_DONE
										      : DIALOGUE_FOREIGN;
}

/* X Window System Protocol, 8: little endian, version 11, no authorization. Refusal, success and question begin alike. */
static size_t x11_ask(ASK_ARGUMENTS)
{
	static const uint8_t request[] = {'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0};

	(void)context;
	return step ? 0 : ask_bytes(out, size, request, sizeof(request));
}

static enum dialogue_verdict x11(ANSWER_ARGUMENTS)
{
	(void)context, (void)step, (void)say;
	if (length < 8)
		return bytes[0] <= 2 ? more(ended) : DIALOGUE_FOREIGN;
	return bytes[0] <= 2 && bytes[2] == 11 && bytes[3] == 0 ? DIALOGUE_DONE : DIALOGUE_FOREIGN;
}

/* DSI GetStatus of AFP: https://developer.apple.com/library/archive/documentation/Networking/Conceptual/AFP */
static size_t afp_ask(ASK_ARGUMENTS)
{
	static const uint8_t request[16] = {0, 3, 0, 1};

	(void)context;
	return step ? 0 : ask_bytes(out, size, request, sizeof(request));
}

static enum dialogue_verdict afp(ANSWER_ARGUMENTS)
{
	struct wire wire, machine;
	uint16_t offset;

	(void)context, (void)step;
	if (length < 16)
		return bytes[0] == 1 ? more(ended) : DIALOGUE_FOREIGN;
	if (bytes[0] != 1 || bytes[1] != 3 || bytes[2] || bytes[3] != 1)
		return DIALOGUE_FOREIGN;
	wire = wire_over(bytes + 16, length - 16);
	machine = wire;
	offset = wire_u16(&wire);
	wire_skip(&machine, offset);
	machine = wire_nested(&machine, wire_u8(&machine));
	if (!machine.bad)
		say_trait(say, "afp.machine", wire_rest(&machine));
	return DIALOGUE_DONE;
}

static const struct dialogue rows[] = {
	{.name = "smb", .anywhere = true, .port_h = {445, 139}, .request = smb_ask, .answer = smb},
	{.name = "rdp", .loose = true, .anywhere = true, .port_h = {3389}, .request = rdp_ask, .answer = rdp},
	{.name = "ldap", .anywhere = true, .port_h = {389, 3268}, .request = ldap_ask, .answer = ldap},
	{.name = "msrpc", .port_h = {135, 593}, .request = msrpc_ask, .answer = msrpc},
	{.name = "portmapper", .port_h = {111}, .request = portmapper_ask, .answer = rpc},
	{.name = "nfs", .port_h = {2049}, .request = nfs_ask, .answer = rpc},
	{.name = "x11", .port_h = {6000, 6001}, .request = x11_ask, .answer = x11},
	{.name = "afp", .port_h = {548}, .request = afp_ask, .answer = afp},
};

const struct dialogue *tcp_windows_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
