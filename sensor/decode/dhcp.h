/* SPDX-License-Identifier: BSD-2-Clause */
/* A DHCP message (RFC 2131) with its options, as dhcp.c has read it, for what tells more of it. */
#ifndef SENSOR_DECODE_DHCP_H
#define SENSOR_DECODE_DHCP_H

#include "sensor/decode/decode.h"

enum { DHCP_OPTION_SERVER = 54 };

struct dhcp_message {
	uint8_t operation, hardware;
	bool ended; /* by the option that says so: none is missing */
	struct ip yiaddr, giaddr;
	struct mac chaddr;
	struct text option[256]; /* bytes is NULL when it was not sent */
};

/* A trait of the client, when the value is not empty. */
void dhcp_say_trait(const struct decode_context *ctx, const struct dhcp_message *m, struct text key,
		    struct text value, struct fact_list *out);

/* What a machine that starts from the network says of itself. */
void dhcp_say_boot(const struct decode_context *ctx, const struct dhcp_message *m, struct fact_list *out);
/* What an offer or a grant tells of the server, and of the network that it serves. */
void dhcp_say_network(const struct decode_context *ctx, const struct dhcp_message *m, struct fact_list *out);
/* A message that was passed on: by whom, to whom, and at which port of which switch the client is (RFC 3046). */
void dhcp_say_relay(const struct decode_context *ctx, const struct dhcp_message *m, struct fact_list *out);

#endif
