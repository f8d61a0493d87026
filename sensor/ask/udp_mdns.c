// SPDX-License-Identifier: BSD-2-Clause
/*
 * What does a device say of itself by mDNS and LLMNR? Asked of that device alone, not of the group. mDNS (RFC 6762 5.5,
 * 6.7): its name, the types of service that it has, and the instances of those types that are common on networks; LLMNR (RFC 4795): its name.
 */
#include "sensor/ask/decoded.h"
#include "sensor/ask/dns_ask.h"
#include "sensor/ask/udp.h"

enum { STEP_NAME, STEP_INSTANCES };

static const char types_of_service[] = "_services._dns-sd._udp.local";
static const char *const common_types[] = {
	"_http._tcp.local",	  "_https._tcp.local",		"_ipp._tcp.local",
	"_printer._tcp.local",	  "_pdl-datastream._tcp.local", "_airplay._tcp.local",
	"_raop._tcp.local",	  "_googlecast._tcp.local",	"_hap._tcp.local",
	"_matter._tcp.local",	  "_workstation._tcp.local",	"_smb._tcp.local",
	"_ssh._tcp.local",	  "_sonos._tcp.local",		"_hue._tcp.local",
	"_esphomelib._tcp.local", "_shelly._tcp.local",		"_home-assistant._tcp.local"};
enum { COMMON_TYPES = sizeof(common_types) / sizeof(*common_types) };

static uint16_t id_of(const struct dialogue_context *context, unsigned int step)
{
	return (uint16_t)(context->nonce + step);
}

static size_t mdns_request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	char name[REVERSE_NAME_BYTES];
	struct put p = put_to(out, size);
	uint16_t class = DNS_IN | MDNS_UNICAST_ANSWER_PLEASE;

	if (step > STEP_INSTANCES)
		return 0;
	put_dns_header(&p, id_of(context, step), 0, step == STEP_NAME ? 2 : COMMON_TYPES);
	if (step == STEP_NAME) {
		put_dns_question(&p, reverse_name(&context->ip, name), DNS_PTR, class);
		put_dns_question(&p, types_of_service, DNS_PTR, class);
	} else {
		for (size_t i = 0; i < COMMON_TYPES; i++)
			put_dns_question(&p, common_types[i], DNS_PTR, class);
	}
	return put_length(&p);
}

/* What a PTR record of the device's own address points to. */
static void say_own_name(const struct say *say, struct dns_message message)
{
	char name[REVERSE_NAME_BYTES];
	struct dns_record record;
	struct dns_name target;

	reverse_name(&say->context->ip, name);
	while (dns_next(&message, &record) == 1)
		if (record.section == DNS_ANSWER && record.type == DNS_PTR &&
		    dns_name_is(&record.owner, name) && dns_name(&message, &record.data, &target) == 0)
			say_name(say, "hostname", dns_labels_from(&target, 0));
}

/* RFC 6762 6.7 repeats the id to a port other than 5353; some devices give 0 all the same (18.1). */
static enum dialogue_verdict mdns_answer(const struct dialogue_context *context, unsigned int step,
					 const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct wire w = wire_over(bytes, length);
	uint16_t id = wire_u16(&w);
	struct dns_message message;

	(void)step, (void)ended;
	if (id != 0 && id != id_of(context, STEP_NAME) && id != id_of(context, STEP_INSTANCES))
		return DIALOGUE_FOREIGN;
	if (dns_open(wire_over(bytes, length), &message) || !message.response || message.opcode != 0 ||
	    message.left[DNS_ANSWER] == 0)
		return DIALOGUE_FOREIGN;
	if (say_decoded(say, decode_mdns, bytes, length))
		return DIALOGUE_FOREIGN;
	say_own_name(say, message);
	return DIALOGUE_AGAIN;
}

static size_t llmnr_request(const struct dialogue_context *context, unsigned int step, uint8_t *out,
			    size_t size)
{
	char name[REVERSE_NAME_BYTES];
	struct put p = put_to(out, size);

	if (step > 0)
		return 0;
	put_dns_header(&p, id_of(context, 0), 0, 1);
	put_dns_question(&p, reverse_name(&context->ip, name), DNS_PTR, DNS_IN);
	return put_length(&p);
}

static enum dialogue_verdict llmnr_answer(const struct dialogue_context *context, unsigned int step,
					  const uint8_t *bytes, size_t length, bool ended,
					  const struct say *say)
{
	char name[REVERSE_NAME_BYTES];
	struct dns_message message;

	(void)step, (void)ended;
	if (dns_open_answer(bytes, length, id_of(context, 0), reverse_name(&context->ip, name), DNS_PTR,
			    &message))
		return DIALOGUE_FOREIGN;
	say_own_name(say, message);
	return DIALOGUE_DONE;
}

const struct dialogue udp_mdns = {
	.name = "mdns", .udp = true, .port_h = {5353}, .request = mdns_request, .answer = mdns_answer};
const struct dialogue udp_llmnr = {
	.name = "llmnr", .udp = true, .port_h = {5355}, .request = llmnr_request, .answer = llmnr_answer};
