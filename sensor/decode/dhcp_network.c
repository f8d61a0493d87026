// SPDX-License-Identifier: BSD-2-Clause
/*
 * What DHCP tells of networks beside addresses and routes: how machines start in them (RFC 4578), what servers are told to clients (RFC 2132,
 * RFC 8910), and relays (RFC 3046).
 */
#include "sensor/decode/dhcp.h"

#include <stdio.h>

#include "sensor/decode/tell.h"

enum {
	OPTION_DOMAIN = 15,
	OPTION_NTP = 42,
	OPTION_BOOT_SERVER = 66,
	OPTION_BOOT_FILE = 67,
	OPTION_RELAY = 82,
	OPTION_ARCHITECTURE = 93,
	OPTION_UUID = 97,
	OPTION_PORTAL = 114,
	OPTION_TFTP = 150,
	OPTION_PROXY = 252,
};
enum { RELAY_CIRCUIT = 1, RELAY_REMOTE = 2, BOOT_REQUEST = 1, UUID_BYTES = 17, ARCHITECTURES_MAX = 8 };

void dhcp_say_boot(const struct decode_context *ctx, const struct dhcp_message *m, struct fact_list *out)
{
	struct text uuid = m->option[OPTION_UUID], architecture = m->option[OPTION_ARCHITECTURE];
	struct wire w = wire_over(architecture.bytes, architecture.length);
	char line[ARCHITECTURES_MAX * 6 + 1];
	size_t used = 0;

	for (size_t i = 0; i < ARCHITECTURES_MAX && w.left >= 2; i++)
		used += (size_t)sprintf(line + used, "%s%u", i ? "," : "", wire_u16(&w));
	dhcp_say_trait(ctx, m, TEXT("dhcp.architecture"), fact_text(out, line, used), out);
	if (uuid.length == UUID_BYTES && uuid.bytes[0] == 0)
		dhcp_say_trait(ctx, m, TEXT("dhcp.uuid"),
			       fact_hex(out, (const uint8_t *)uuid.bytes + 1, UUID_BYTES - 1), out);
}

/* One trait for each address. */
static void say_addresses(const struct decode_context *server, struct text key, struct text option,
			  struct fact_list *out)
{
	struct wire w = wire_over(option.bytes, option.length);
	char line[ADDR_TEXT_MAX];

	for (size_t i = 0; i < FACT_LIST_MAX && w.left >= 4; i++) {
		struct ip ip = wire_ip4(&w);

		if (!ip_is_unspecified(&ip))
			tell_trait(out, server, SOURCE_DHCP, key, fact_format(out, "%s", ip_text(&ip, line)));
	}
}

void dhcp_say_network(const struct decode_context *ctx, const struct dhcp_message *m, struct fact_list *out)
{
	static const struct {
		uint8_t option;
		struct text key;
	} texts[] = {{OPTION_DOMAIN, TEXT("dhcp.domain")},
		     {OPTION_BOOT_SERVER, TEXT("dhcp.boot_server")},
		     {OPTION_BOOT_FILE, TEXT("dhcp.boot_file")},
		     {OPTION_PORTAL, TEXT("dhcp.portal")},
		     {OPTION_PROXY, TEXT("dhcp.proxy")}};
	struct wire id = wire_over(m->option[DHCP_OPTION_SERVER].bytes, m->option[DHCP_OPTION_SERVER].length);
	struct decode_context server = *ctx;

	server.ip_src = wire_ip4(&id);
	if (id.bad || ip_is_unspecified(&server.ip_src) || ip_is_multicast(&server.ip_src))
		return;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		tell_trait(out, &server, SOURCE_DHCP, texts[i].key, m->option[texts[i].option]);
	say_addresses(&server, TEXT("dhcp.ntp"), m->option[OPTION_NTP], out);
	say_addresses(&server, TEXT("dhcp.boot_server"), m->option[OPTION_TFTP], out);
}

static void say_agent(const struct decode_context *ctx, const struct dhcp_message *m, struct fact_list *out)
{
	struct wire w = wire_over(m->option[OPTION_RELAY].bytes, m->option[OPTION_RELAY].length);

	while (w.left) {
		uint8_t code = wire_u8(&w);
		struct wire value = wire_nested(&w, wire_u8(&w));
		struct text text = wire_rest(&value);

		if (w.bad)
			return;
		if (code == RELAY_CIRCUIT)
			dhcp_say_trait(ctx, m, TEXT("dhcp.circuit"), fact_readable(out, text), out);
		else if (code == RELAY_REMOTE)
			dhcp_say_trait(ctx, m, TEXT("dhcp.remote"), fact_readable(out, text), out);
	}
}

void dhcp_say_relay(const struct decode_context *ctx, const struct dhcp_message *m, struct fact_list *out)
{
	struct decode_context relay = *ctx;
	struct wire id = wire_over(m->option[DHCP_OPTION_SERVER].bytes, m->option[DHCP_OPTION_SERVER].length);
	struct ip server = m->operation == BOOT_REQUEST ? ctx->ip_dst : wire_ip4(&id);
	char line[ADDR_TEXT_MAX];

	say_agent(ctx, m, out);
	if (ip_is_unspecified(&m->giaddr) || ip_is_multicast(&m->giaddr) || ip_is_unspecified(&server) ||
	    ip_is_multicast(&server))
		return;
	relay.ip_src = m->giaddr;
	tell_trait(out, &relay, SOURCE_DHCP, TEXT("dhcp.relay"),
		   fact_format(out, "%s", ip_text(&server, line)));
}
