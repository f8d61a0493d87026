// SPDX-License-Identifier: BSD-2-Clause
/*
 * Given this frame, then these facts, from each decoder; nothing from frames that no honest device sends; and of
 * a frame that is cut at any length nothing but what the whole one says.
 */
#include "tests/decode/show.h"
#include "tests/frames.h"

#define LAPTOP "\"mac\":\"02:00:00:00:00:05\""
#define ROUTER "\"mac\":\"02:00:00:00:00:01\""
#define FROM(source) ",\"vlan\":[],\"source\":\"" source "\",\"confidence\":\"announced\"}"

static void address_decoders(void)
{
	SHOWS("arp request", "{\"fact\":\"address\"," LAPTOP ",\"ip\":\"10.0.0.5\"" FROM("arp"));
	SHOWS("arp reply", "{\"fact\":\"address\"," ROUTER ",\"ip\":\"10.0.0.1\"" FROM("arp"));
	SHOWS("arp probe");
	SHOWS("arp tagged",
	      "{\"fact\":\"address\",\"mac\":\"02:00:00:00:00:09\",\"ip\":\"10.0.0.9\",\"vlan\":[20],"
	      "\"source\":\"arp\",\"confidence\":\"announced\"}");
	SHOWS("arp twice tagged", "{\"fact\":\"address\",\"mac\":\"02:00:00:00:00:09\",\"ip\":\"10.0.0.9\","
				  "\"vlan\":[10,30],\"source\":\"arp\",\"confidence\":\"announced\"}");
	SHOWS("arp odd operation");
	SHOWS("arp group sender");
	SHOWS("nd dad", "{\"fact\":\"address\"," LAPTOP ",\"ip\":\"2001:db8::5\"" FROM("nd"));
	SHOWS("nd solicit", "{\"fact\":\"address\"," LAPTOP ",\"ip\":\"fe80::5\"" FROM("nd"));
	SHOWS("nd advert", "{\"fact\":\"address\"," ROUTER ",\"ip\":\"fe80::1\"" FROM("nd"));
	SHOWS("nd router solicit", "{\"fact\":\"address\"," LAPTOP ",\"ip\":\"fe80::5\"" FROM("nd"));
	SHOWS("nd router advert", "{\"fact\":\"address\"," ROUTER ",\"ip\":\"fe80::1\"" FROM("nd"),
	      "{\"fact\":\"route\"," ROUTER
	      ",\"ip\":\"fe80::1\",\"prefix\":\"2001:db8::/64\",\"lifetime_s\":86400" FROM("nd"),
	      "{\"fact\":\"route\"," ROUTER
	      ",\"ip\":\"fe80::1\",\"prefix\":\"::/0\",\"lifetime_s\":1800,\"dns\":[\"2001:db8:50::50\"]" FROM(
		      "nd"));
	SHOWS("nd from afar");
	refuses("nd option of length zero");
}

static void dhcp_decoder(void)
{
	SHOWS("dhcp discover",
	      "{\"fact\":\"name\"," LAPTOP ",\"name\":\"laptop\",\"kind\":\"hostname\"" FROM("dhcp"),
	      "{\"fact\":\"trait\"," LAPTOP
	      ",\"key\":\"dhcp.vendor_class\",\"value\":\"MSFT 5.0\"" FROM("dhcp"),
	      "{\"fact\":\"trait\"," LAPTOP ",\"key\":\"dhcp.params\",\"value\":\"1,3,6,15\"" FROM("dhcp"),
	      "{\"fact\":\"trait\"," LAPTOP
	      ",\"key\":\"dhcp.client_id\",\"value\":\"01:02:00:00:00:00:05\"" FROM("dhcp"),
	      "{\"fact\":\"trait\"," LAPTOP ",\"key\":\"dhcp.user_class\",\"value\":\"home\"" FROM("dhcp"));
	SHOWS("dhcp request",
	      "{\"fact\":\"name\"," LAPTOP ",\"name\":\"laptop.example.org\",\"kind\":\"fqdn\"" FROM("dhcp"));
	SHOWS("dhcp offer");
	SHOWS("dhcp ack", "{\"fact\":\"address\"," LAPTOP ",\"ip\":\"10.0.0.5\"" FROM("dhcp"),
	      "{\"fact\":\"route\",\"ip\":\"10.0.0.1\",\"prefix\":\"0.0.0.0/0\",\"lifetime_s\":3600,"
	      "\"dns\":[\"10.0.0.1\",\"9.9.9.9\"]" FROM("dhcp"),
	      "{\"fact\":\"route\",\"ip\":\"10.0.0.1\",\"prefix\":\"192.0.2.0/24\",\"lifetime_s\":3600,"
	      "\"dns\":[\"10.0.0.1\",\"9.9.9.9\"]" FROM("dhcp"));
	refuses("dhcp option past the end");
}

static void dns_decoders(void)
{
	static const char measured[] =
		"{\"fact\":\"name\",\"ip\":\"192.0.2.80\",\"name\":\"web.example.org\","
		"\"kind\":\"fqdn\",\"vlan\":[],\"source\":\"dns\",\"confidence\":\"measured\"}";
	static const char measured6[] =
		"{\"fact\":\"name\",\"ip\":\"2001:db8:50::50\",\"name\":\"web.example.org\","
		"\"kind\":\"fqdn\",\"vlan\":[],\"source\":\"dns\",\"confidence\":\"measured\"}";

	SHOWS("dns query");
	SHOWS_ASKED("dns query", "dns answer", measured, measured6,
		    "{\"fact\":\"service\",\"ip\":\"10.0.0.1\",\"name\":\"dns\",\"port\":53,\"proto\":\"udp\","
		    "\"state\":\"open\","
		    "\"vlan\":[],\"source\":\"dns\",\"confidence\":\"measured\"}");
	SHOWS("llmnr answer",
	      "{\"fact\":\"name\",\"ip\":\"192.0.2.80\",\"name\":\"web.example.org\",\"kind\":"
	      "\"hostname\"" FROM("llmnr"),
	      "{\"fact\":\"name\",\"ip\":\"2001:db8:50::50\",\"name\":\"web.example.org\",\"kind\":"
	      "\"hostname\"" FROM("llmnr"));
	SHOWS("mdns hello",
	      "{\"fact\":\"trait\",\"ip\":\"10.0.0.9\",\"key\":\"mdns.type\",\"value\":\"_ipp._tcp\"" FROM(
		      "mdns"),
	      "{\"fact\":\"service\",\"ip\":\"10.0.0.9\",\"name\":\"Paper._ipp._tcp.local\",\"target\":"
	      "\"printer.local\","
	      "\"port\":631,\"proto\":\"tcp\",\"state\":\"open\",\"clients\":0" FROM("mdns"),
	      "{\"fact\":\"name\",\"ip\":\"10.0.0.9\",\"name\":\"Paper\",\"kind\":\"instance\"" FROM("mdns"),
	      "{\"fact\":\"trait\",\"ip\":\"10.0.0.9\",\"key\":\"mdns.txt\",\"value\":\"_ipp._tcp "
	      "ty=Paper\\\\xffsaver\\n\"" FROM("mdns"),
	      "{\"fact\":\"name\",\"ip\":\"10.0.0.9\",\"name\":\"printer.local\",\"kind\":\"hostname\"" FROM(
		      "mdns"),
	      "{\"fact\":\"name\",\"ip\":\"fe80::9\",\"name\":\"printer.local\",\"kind\":\"hostname\"" FROM(
		      "mdns"));
	SHOWS("mdns goodbye");
	refuses("dns loop");
	refuses("udp length too short");
}

static void lldp_decoder(void)
{
	SHOWS("lldp",
	      "{\"fact\":\"neighbor\",\"mac\":\"02:00:00:00:00:0f\",\"chassis\":\"02:00:00:00:00:0f\",\"port\":"
	      "\"gi12\","
	      "\"port_description\":\"uplink\",\"system_name\":\"sw1.example.or\",\"system_description\":"
	      "\"Switch OS\","
	      "\"capabilities\":[\"bridge\"],\"management\":[\"10.0.0.2\"],\"native_vlan\":1" FROM("lldp"),
	      "{\"fact\":\"name\",\"mac\":\"02:00:00:00:00:0f\",\"name\":\"sw1.example.or\",\"kind\":"
	      "\"fqdn\"" FROM("lldp"));
	refuses("lldp out of order");
}

/* At other ports DNS is what it looks like, up to its last byte. */
static void dns_anywhere(void)
{
	enum { HEADERS = 14 + 20 + 8 };
	const struct test_frame *answer = test_frame_find(&frames, "dns answer"),
				*query = test_frame_find(&frames, "dns query"),
				*loop = test_frame_find(&frames, "dns loop");
	size_t length = answer->length - HEADERS, taken = 0;
	uint8_t bytes[TEST_FRAME_BYTES_MAX + 1];

	tap_ok(looks_like_dns(wire_over(answer->bytes + HEADERS, length)) &&
		       looks_like_dns(wire_over(query->bytes + HEADERS, query->length - HEADERS)),
	       "dns: a question and an answer look like it");
	for (size_t i = 0; i < length; i++)
		taken += looks_like_dns(wire_over(answer->bytes + HEADERS, i));
	memcpy(bytes, answer->bytes + HEADERS, length);
	bytes[length] = 0;
	taken += looks_like_dns(wire_over(bytes, length + 1));
	bytes[5] = 2; /* questions */
	taken += looks_like_dns(wire_over(bytes, length));
	taken += looks_like_dns(wire_over(loop->bytes + HEADERS, loop->length - HEADERS));
	tap_ok(taken == 0, "dns: nothing that is shorter, longer, or contradicts itself (%zu)", taken);
}

/* A client's port of the moment may be that of another protocol: its answer is for the decoder of the server's port all the same. */
static void lower_port_first(void)
{
	static const uint16_t moments[] = {40000, 47808, 44818, 27036, 9999, 5683};
	size_t found = 0;

	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
		const struct decoder *answer = decode_find(DECODE_UDP, moments[i], 53),
				     *query = decode_find(DECODE_UDP, 53, moments[i]);

		found += answer && answer->decode == decode_dns && query == answer;
	}
	tap_ok(found == sizeof(moments) / sizeof(moments[0]), "dns: an answer to any port is its own (%zu)",
	       found);
	tap_ok(decode_find(DECODE_UDP, 47808, 0) && decode_find(DECODE_UDP, 0, 47808),
	       "a port by itself is enough, on either end");
}

int main(void)
{
	test_frames_make(&frames);
	dns_anywhere();
	lower_port_first();
	address_decoders();
	dhcp_decoder();
	dns_decoders();
	lldp_decoder();
	for (size_t i = 0; i < frames.count; i++) {
		cut_at_every_length(&frames.frame[i]);
		change_every_byte(&frames.frame[i]);
	}
	return tap_end();
}
