// SPDX-License-Identifier: BSD-2-Clause
/*
 * Given this frame, then these facts, from each decoder; nothing from frames that no honest device sends; and of
 * a frame that is cut at any length nothing but what the whole one says.
 */
#include "sensor/decode/decode.h"

#include <errno.h>

#include "sensor/frame.h"
#include "tests/decode/said.h"
#include "tests/frames.h"

static struct test_frames frames;
static struct fact_list list;

/* Decode the first `captured` bytes of a frame that had `length` on the wire. 0, or what the decoder returned. */
static int decode_bytes(const uint8_t *bytes, size_t captured, size_t length, struct said *said)
{
	static union {
		struct record_frame record;
		uint8_t room[sizeof(struct record_frame) + TEST_FRAME_BYTES_MAX];
	} copy;
	struct frame frame;
	int error;

	copy.record.captured = (uint16_t)captured;
	copy.record.length = (uint32_t)length;
	copy.record.link = LINK_ETHERNET;
	memcpy(copy.record.bytes, bytes, captured);
	fact_list_reset(&list);
	error = frame_open(&copy.record, TEST_TIME_US, &frame);
	if (error || !frame.decoder || frame.segment)
		return error;
	error = frame.decoder->decode(&frame.ctx, frame.payload, &list);
	for (size_t i = 0; !error && i < list.count; i++)
		said_say(said, &list.item[i]);
	return error;
}

static void shows(const char *name, const char *const *lines)
{
	const struct test_frame *f = test_frame_find(&frames, name);
	struct said said = {};

	if (!tap_ok(f != NULL, "there is a frame: %s", name))
		return;
	tap_ok(decode_bytes(f->bytes, f->length, f->length, &said) == 0, "%s: is decoded", name);
	said_is(&said, name, lines);
}

#define SHOWS(name, ...) shows(name, (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

static void refuses(const char *name)
{
	const struct test_frame *f = test_frame_find(&frames, name);
	struct said said = {};
	int error = decode_bytes(f->bytes, f->length, f->length, &said);

	tap_ok(error == -EBADMSG && said.count == 0, "%s: is refused (%d, %zu facts)", name, error, said.count);
	said_clear(&said);
}

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
	SHOWS("dns answer", measured, measured6);
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
	      "\"capabilities\":[\"bridge\"],\"management\":[\"10.0.0.2\"]" FROM("lldp"),
	      "{\"fact\":\"name\",\"mac\":\"02:00:00:00:00:0f\",\"name\":\"sw1.example.or\",\"kind\":"
	      "\"fqdn\"" FROM("lldp"));
	refuses("lldp out of order");
}

/*
 * Cut by the capture (length stays) and on the wire (length is cut too). LLDP may end without saying so: then only
 * the capture knows that something is missing.
 */
static void cut_at_every_length(const struct test_frame *f)
{
	struct said whole = {}, part = {};
	bool lldp = strncmp(f->name, "lldp", 4) == 0;
	size_t strange = 0;

	decode_bytes(f->bytes, f->length, f->length, &whole);
	for (size_t captured = 0; captured < f->length; captured++) {
		for (int on_wire = 0; on_wire < 2; on_wire++) {
			decode_bytes(f->bytes, captured, on_wire ? captured : f->length, &part);
			for (size_t i = 0; i < part.count; i++)
				strange += !(on_wire && lldp) && !said_has(&whole, part.line[i]);
			said_clear(&part);
		}
	}
	tap_ok(strange == 0, "%s: cut at each of %zu lengths, it says nothing else (%zu strange)", f->name,
	       f->length, strange);
	said_clear(&whole);
}

/* Every byte of the frame set to each of a few values in turn: no decoder may read outside or never end. */
static void change_every_byte(const struct test_frame *f)
{
	static const uint8_t values[] = {0x00, 0x01, 0x3f, 0x7f, 0x80, 0xc0, 0xff};
	struct test_frame changed = *f;
	struct said said = {};
	size_t runs = 0;

	for (size_t at = 14; at < f->length; at++) {
		for (size_t i = 0; i < sizeof(values); i++, runs++) {
			changed.bytes[at] = values[i];
			decode_bytes(changed.bytes, f->length, f->length, &said);
			said_clear(&said);
		}
		changed.bytes[at] = f->bytes[at];
	}
	tap_ok(runs > 0, "%s: %zu changed copies are decoded or refused", f->name, runs);
}

int main(void)
{
	test_frames_make(&frames);
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
