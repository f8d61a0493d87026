// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who opened a conversation, when no SYN tells. See opener.h. In this order: a group address only listens; over UDP who spoke
 * first asked, unless it looks like an answer; over TCP, of which the middle is often
 * all that is seen, a known service's port is the server's, then the lower kind of port; failing all that, who spoke
 * first is the client.
 */
#include "sensor/opener.h"

#include "defs/parse.h"
#include "sensor/record_key.h"

enum {
	SYSTEM_PORT_MAX = 1023, /* RFC 6335 section 6 */
	EPHEMERAL_MIN = 32768,	/* Linux begins here, others at 49152 */
};

/*
 * Ports of UDP and TCP services that answer from there. Other ports below 1024 prove less: clients of NFS, of the r-commands
 * and of some daemons use them too.
 */
static bool is_service(uint16_t port)
{
	switch (port) {
	case 21:
	case 22:
	case 23:
	case 25:
	case 53:
	case 67:
	case 69:
	case 80:
	case 88:
	case 110:
	case 111:
	case 123:
	case 135:
	case 137:
	case 138:
	case 139:
	case 143:
	case 161:
	case 162:
	case 179:
	case 389:
	case 443:
	case 445:
	case 500:
	case 514:
	case 547:
	case 623:
	case 636:
	case 853:
	case 993:
	case 995:
	case 1194:
	case 1812:
	case 1883:
	case 1900:
	case 2049:
	case 3306:
	case 3389:
	case 3478:
	case 3702:
	case 4500:
	case 5060:
	case 5353:
	case 5355:
	case 5432:
	case 6379:
	case 8080:
	case 8443:
	case 8883:
	case 51820:
		return true;
	}
	return false;
}

/* A datagram from a service to where only clients are: an answer whose question was missed. */
static bool is_answer(uint16_t from, uint16_t to)
{
	if ((from == 67 && to == 68) || (from == 547 && to == 546)) /* DHCP: asked by broadcast */
		return true;
	return is_service(from) && to >= (from <= SYSTEM_PORT_MAX ? SYSTEM_PORT_MAX + 1 : EPHEMERAL_MIN);
}

uint8_t opener_guess(const struct flow_key *key, uint8_t first)
{
	struct ip ip[2] = {flow_key_ip(key, 0), flow_key_ip(key, 1)};
	uint16_t port[2] = {flow_key_port(key, 0), flow_key_port(key, 1)};
	bool known[2] = {is_service(port[0]), is_service(port[1])};

	for (uint8_t end = 0; end < 2; end++)
		if (ip_is_multicast(&ip[end]))
			return !end;
	if (key->proto != PROTO_TCP && key->proto != PROTO_UDP && key->proto != PROTO_SCTP)
		return first;
	if (key->proto == PROTO_UDP)
		return is_answer(port[first], port[!first]) ? !first : first;
	if (known[0] != known[1])
		return known[0];
	if ((port[0] <= SYSTEM_PORT_MAX) != (port[1] <= SYSTEM_PORT_MAX))
		return port[0] <= SYSTEM_PORT_MAX;
	if ((port[0] < EPHEMERAL_MIN) != (port[1] < EPHEMERAL_MIN))
		return port[0] < EPHEMERAL_MIN;
	return first;
}
