// SPDX-License-Identifier: BSD-2-Clause
/* What devices of single makers tell of themselves: MikroTik, Ubiquiti, TP-Link, Tuya, Dropbox; and a plant's controllers. */
#include "tests/decode/show.h"
#include "tests/device_frames.h"

#define FROM(source) ",\"vlan\":[],\"source\":\"" source "\",\"confidence\":\"announced\"}"
#define IP "\"ip\":\"10.0.0.9\""
#define MAC "\"mac\":\"02:00:00:00:00:09\""
#define TRAIT_OF(who, key, value, source) \
	"{\"fact\":\"trait\"," who ",\"key\":\"" key "\",\"value\":\"" value "\"" FROM(source)
#define TRAIT(key, value, source) TRAIT_OF(IP, key, value, source)
#define NAME_OF(who, name, kind, source) \
	"{\"fact\":\"name\"," who ",\"name\":\"" name "\",\"kind\":\"" kind "\"" FROM(source)
#define ADDRESS(source) "{\"fact\":\"address\"," MAC "," IP FROM(source)
#define SERVICE(port, name, source)                                              \
	"{\"fact\":\"service\"," IP ",\"name\":\"" name "\",\"port\":" port      \
	",\"proto\":\"udp\",\"state\":\"open\",\"vlan\":[],\"source\":\"" source \
	"\",\"confidence\":\"measured\"}"

static void gear(void)
{
	SHOWS("mndp", ADDRESS("mndp"), NAME_OF(IP, "core", "hostname", "mndp"),
	      TRAIT("mndp.platform", "MikroTik", "mndp"), TRAIT("mndp.board", "RB4011iGS+", "mndp"),
	      TRAIT("mndp.version", "7.11.2 (stable)", "mndp"), TRAIT("mndp.software_id", "ABCD-1234", "mndp"),
	      TRAIT("mndp.interface", "bridge/ether2", "mndp"));
	SHOWS("mndp without an address", NAME_OF(MAC, "core", "hostname", "mndp"),
	      TRAIT_OF(MAC, "mndp.platform", "MikroTik", "mndp"),
	      TRAIT_OF(MAC, "mndp.board", "RB4011iGS+", "mndp"),
	      TRAIT_OF(MAC, "mndp.version", "7.11.2 (stable)", "mndp"),
	      TRAIT_OF(MAC, "mndp.software_id", "ABCD-1234", "mndp"),
	      TRAIT_OF(MAC, "mndp.interface", "bridge/ether2", "mndp"));
	SHOWS("mndp of another", NAME_OF(IP, "core", "hostname", "mndp"),
	      TRAIT("mndp.platform", "MikroTik", "mndp"), TRAIT("mndp.board", "RB4011iGS+", "mndp"),
	      TRAIT("mndp.version", "7.11.2 (stable)", "mndp"), TRAIT("mndp.software_id", "ABCD-1234", "mndp"),
	      TRAIT("mndp.interface", "bridge/ether2", "mndp"));
	SHOWS("mndp question");
	refuses("mndp of no length");
	refuses("mndp of nobody");
	SHOWS_ASKED("ubiquiti question", "ubiquiti", SERVICE("10001", "ubiquiti", "ubiquiti"),
		    ADDRESS("ubiquiti"), TRAIT("ubiquiti.firmware", "XM.v5.6.3", "ubiquiti"),
		    NAME_OF(IP, "roof", "hostname", "ubiquiti"), TRAIT("ubiquiti.model", "N5N", "ubiquiti"),
		    TRAIT("ubiquiti.essid", "lab", "ubiquiti"),
		    TRAIT("ubiquiti.model", "NanoStation M5", "ubiquiti"));
	SHOWS("ubiquiti 2", NAME_OF(IP, "hall", "hostname", "ubiquiti"),
	      TRAIT("ubiquiti.model", "U7PG2", "ubiquiti"), TRAIT("ubiquiti.firmware", "6.5.28", "ubiquiti"));
	SHOWS("ubiquiti question");
	refuses("ubiquiti of no length");
}

static void homes(void)
{
	SHOWS_ASKED("kasa question", "kasa", SERVICE("9999", "kasa", "kasa"),
		    NAME_OF(IP, "Lamp", "instance", "kasa"), TRAIT("kasa.model", "HS110(EU)", "kasa"),
		    TRAIT("kasa.type", "IOT.SMARTPLUGSWITCH", "kasa"), TRAIT("kasa.firmware", "1.5.4", "kasa"),
		    TRAIT("kasa.hardware", "2.0", "kasa"), ADDRESS("kasa"));
	SHOWS("kasa question");
	refuses("kasa unfinished");
	SHOWS_ASKED("kasa question", "tapo", SERVICE("20002", "tapo", "kasa"),
		    TRAIT("kasa.model", "P110(EU)", "kasa"), TRAIT("kasa.type", "SMART.TAPOPLUG", "kasa"),
		    ADDRESS("kasa"));
	SHOWS("tapo of another");
	refuses("tapo of a wrong sum");
	SHOWS("tuya", TRAIT("tuya.id", "bf0123456789abcdef", "tuya"),
	      TRAIT("tuya.product", "key0123456789ab", "tuya"), TRAIT("tuya.version", "3.1", "tuya"));
	SHOWS("tuya encrypted", TRAIT("tuya.id", "bf0123456789abcdef", "tuya"),
	      TRAIT("tuya.product", "key0123456789ab", "tuya"), TRAIT("tuya.version", "3.3", "tuya"));
	SHOWS("tuya search");
	refuses("tuya of a wrong sum");
	SHOWS("dropbox", TRAIT("dropbox.id", "81234567890123456", "dropbox"),
	      TRAIT("dropbox.version", "2.0", "dropbox"),
	      "{\"fact\":\"service\"," IP ",\"name\":\"dropbox\",\"port\":17500,\"proto\":\"tcp\","
	      "\"state\":\"open\",\"clients\":0" FROM("dropbox"));
	refuses("dropbox without a port");
	SHOWS("steam", NAME_OF(IP, "game-pc", "hostname", "udp"),
	      "{\"fact\":\"service\"," IP ",\"name\":\"steam\",\"port\":27036,\"proto\":\"tcp\","
	      "\"state\":\"open\",\"clients\":0" FROM("udp"));
	SHOWS("steam search");
	refuses("steam of no length");
}

#define PORT_TRAIT(port, key, value, source) TRAIT_OF(IP ",\"port\":" port, key, value, source)
#define BACNET(who)                                                                           \
	"{\"fact\":\"service\"," who ",\"name\":\"bacnet\",\"port\":47808,\"proto\":\"udp\"," \
	"\"state\":\"open\",\"clients\":0" FROM("bacnet"),                                    \
		TRAIT_OF(who ",\"port\":47808", "bacnet.device", "123", "bacnet"),            \
		TRAIT_OF(who ",\"port\":47808", "bacnet.vendor_id", "42", "bacnet")

static void plants(void)
{
	SHOWS_ASKED("enip question", "enip", SERVICE("44818", "ethernet-ip", "enip"),
		    PORT_TRAIT("44818", "enip.vendor_id", "1", "enip"),
		    PORT_TRAIT("44818", "enip.device_type", "14", "enip"),
		    PORT_TRAIT("44818", "enip.product_code", "166", "enip"),
		    PORT_TRAIT("44818", "enip.revision", "20.11", "enip"),
		    PORT_TRAIT("44818", "enip.serial", "00c0ffee", "enip"),
		    PORT_TRAIT("44818", "enip.product", "1756-L71/B LO", "enip"));
	SHOWS("enip of another");
	SHOWS("enip question");
	refuses("enip too long");
	SHOWS("bacnet", BACNET(IP));
	SHOWS("bacnet forwarded");
	SHOWS("bacnet behind a router");
	SHOWS("bacnet router", PORT_TRAIT("47808", "bacnet.network", "7", "bacnet"),
	      PORT_TRAIT("47808", "bacnet.network", "8", "bacnet"));
	SHOWS("bacnet question");
	SHOWS_ASKED("bacnet question", "bacnet property", SERVICE("47808", "bacnet", "bacnet"),
		    PORT_TRAIT("47808", "bacnet.model", "AHU-1", "bacnet"));
	SHOWS_ASKED("bacnet other question", "bacnet property",
		    PORT_TRAIT("47808", "bacnet.model", "AHU-1", "bacnet"));
	SHOWS("bacnet properties", PORT_TRAIT("47808", "bacnet.name", "Roof", "bacnet"));
	refuses("bacnet unclosed");
	refuses("bacnet too short");
}

/* Who answers in a protocol, when it was asked in it, and as the answer says; and never who asks. */
static void answers(void)
{
	SHOWS_ASKED("stun question", "stun", SERVICE("19302", "stun", "udp"),
		    PORT_TRAIT("19302", "stun.software", "Coturn-4.6", "udp"));
	SHOWS_ASKED("stun call", "stun");
	SHOWS("stun");
	refuses("stun too short");
	SHOWS_ASKED("coap question", "coap", SERVICE("5683", "coap", "udp"),
		    PORT_TRAIT("5683", "coap.resources", "</temp>;if=\\\"s\\\"", "udp"));
	refuses("coap without what it promises");
	SHOWS_ASKED("radius question", "radius", SERVICE("1812", "radius", "udp"));
	SHOWS_ASKED("wireguard question", "wireguard", SERVICE("41194", "wireguard", "udp"));
	SHOWS_ASKED("ike question", "ike", SERVICE("500", "ike", "udp"));
	SHOWS_ASKED("rpc question", "rpc", SERVICE("111", "portmapper", "udp"));
	SHOWS_ASKED("kerberos question", "kerberos", SERVICE("88", "kerberos", "udp"));
	SHOWS_ASKED("ldap question", "ldap", SERVICE("389", "ldap", "udp"));
	SHOWS_ASKED("nat-pmp question", "nat-pmp", SERVICE("5351", "nat-pmp", "udp"));
	SHOWS_ASKED("mssql question", "mssql", SERVICE("1434", "mssql-browser", "udp"));
	SHOWS_ASKED("openvpn question", "openvpn", SERVICE("1194", "openvpn", "udp"));
	SHOWS("openvpn");
}

/* No answer of another protocol, and no question of the same one, makes a service. */
static void no_answers(void)
{
	size_t strange = 0;

	for (size_t i = 0; i < frames.count; i++) {
		const struct test_frame *f = &frames.frame[i];

		for (size_t k = 0; k < frames.count; k++) {
			struct said said = {};
			const char *other = frames.frame[k].name;

			question = other;
			decode_bytes(f->bytes, f->length, f->length, &said);
			for (size_t n = 0; n < said.count; n++)
				strange += strstr(said.line[n], "\"measured\"") != NULL &&
					   strncmp(other, f->name, 3) != 0 &&
					   strstr(said.line[n], "\"source\":\"udp\"") != NULL;
			said_clear(&said);
		}
	}
	question = NULL;
	tap_ok(strange == 0, "the answer to a question in another protocol is no answer (%zu)", strange);
}

int main(void)
{
	device_frames_make(&frames);
	gear();
	homes();
	plants();
	answers();
	no_answers();
	for (size_t i = 0; i < frames.count; i++) {
		cut_at_every_length(&frames.frame[i]);
		change_every_byte(&frames.frame[i]);
	}
	return tap_end();
}
