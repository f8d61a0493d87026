// SPDX-License-Identifier: BSD-2-Clause
/*
 * Tunnels. OpenVPN answers the first packet of a handshake, unless it has a key for that packet, too (--tls-auth). WireGuard
 * and Tailscale answer nobody whose key they do not know: all that can be found is that nothing refuses the port.
 */
#include "sensor/ask/put.h"
#include "sensor/ask/udp.h"
#include "sensor/wire.h"

enum { HARD_RESET_CLIENT_V2 = 7, HARD_RESET_SERVER_V2 = 8, OPCODE_SHIFT = 3, ACKS_MAX = 8 };

static size_t openvpn_request(const struct dialogue_context *context, unsigned int step, uint8_t *out,
			      size_t size)
{
	struct put p = put_to(out, size);

	if (step > 0)
		return 0;
	put_u8(&p, HARD_RESET_CLIENT_V2 << OPCODE_SHIFT);
	put_u64(&p, context->nonce);
	put_u8(&p, 0);	/* acknowledges nothing */
	put_u32(&p, 0); /* packet number 0 */
	return put_length(&p);
}

static enum dialogue_verdict openvpn_answer(const struct dialogue_context *context, unsigned int step,
					    const uint8_t *bytes, size_t length, bool ended,
					    const struct say *say)
{
	struct wire w = wire_over(bytes, length);
	uint8_t first = wire_u8(&w), acks;
	uint64_t session;

	(void)step, (void)ended, (void)say;
	wire_skip(&w, 8);
	acks = wire_u8(&w);
	if (first >> OPCODE_SHIFT != HARD_RESET_SERVER_V2 || acks == 0 || acks > ACKS_MAX)
		return DIALOGUE_FOREIGN;
	wire_skip(&w, (size_t)acks * 4);
	session = (uint64_t)wire_u32(&w) << 32;
	session |= wire_u32(&w);
	return w.bad || session != context->nonce ? DIALOGUE_FOREIGN : DIALOGUE_DONE;
}

/* Too short for anything that they read: thrown away without a trace. A closed port says so by ICMP. */
static size_t silent_request(const struct dialogue_context *context, unsigned int step, uint8_t *out,
			     size_t size)
{
	(void)context;
	if (step > 0 || size < 1)
		return 0;
	out[0] = 0;
	return 1;
}

static enum dialogue_verdict silent_answer(const struct dialogue_context *context, unsigned int step,
					   const uint8_t *bytes, size_t length, bool ended,
					   const struct say *say)
{
	(void)context, (void)step, (void)bytes, (void)length, (void)ended, (void)say;
	return DIALOGUE_FOREIGN;
}

const struct dialogue udp_openvpn = {
	.name = "openvpn", .udp = true, .port_h = {1194}, .request = openvpn_request, .answer = openvpn_answer};
const struct dialogue udp_wireguard = {
	.name = "wireguard",
	.udp = true,
	.port_h = {51820},
	.request = silent_request,
	.answer = silent_answer,
	.silence = "WireGuard never answers whom it does not know: whether it is there cannot be asked"};
const struct dialogue udp_tailscale = {
	.name = "tailscale",
	.udp = true,
	.port_h = {41641},
	.request = silent_request,
	.answer = silent_answer,
	.silence = "Tailscale never answers whom it does not know: whether it is there cannot be asked"};
