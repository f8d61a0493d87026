// SPDX-License-Identifier: BSD-2-Clause
/* What devices of single makers tell of themselves: MikroTik, Ubiquiti, TP-Link, Tuya, Dropbox. */
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
}

int main(void)
{
	device_frames_make(&frames);
	gear();
	homes();
	for (size_t i = 0; i < frames.count; i++) {
		cut_at_every_length(&frames.frame[i]);
		change_every_byte(&frames.frame[i]);
	}
	return tap_end();
}
