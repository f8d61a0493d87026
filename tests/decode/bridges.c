// SPDX-License-Identifier: BSD-2-Clause
/* What bridges tell each other, and the machines at their ports: the frames of tests/bridge_frames.h. */
#include "tests/bridge_frames.h"
#include "tests/decode/show.h"

#define SWITCH "\"mac\":\"02:00:00:00:00:0f\""
#define LAPTOP "\"mac\":\"02:00:00:00:00:05\""
#define PLC "\"mac\":\"02:00:00:00:00:09\""
#define FROM_VLAN(vlan, source) ",\"vlan\":[" vlan "],\"source\":\"" source "\",\"confidence\":\"announced\"}"
#define FROM(source) FROM_VLAN("", source)
#define TRAIT(who, key, value, source) \
	"{\"fact\":\"trait\"," who ",\"key\":\"" key "\",\"value\":\"" value "\"" FROM(source)
#define NAME(who, name, source) \
	"{\"fact\":\"name\"," who ",\"name\":\"" name "\",\"kind\":\"hostname\"" FROM(source)
#define LLDP(more)                       \
	"{\"fact\":\"neighbor\"," SWITCH \
	",\"chassis\":\"02:00:00:00:00:0f\",\"port\":\"gi12\"" more FROM("lldp")
#define ADDED(key, value) TRAIT(SWITCH, key, value, "lldp")

static void lldp(void)
{
	SHOWS("lldp phone", LLDP(""), ADDED("lldp.class", "communication device"),
	      ADDED("lldp.policy", "voice: VLAN 100, priority 5, DSCP 46"),
	      ADDED("lldp.policy", "softphone: untagged, DSCP 34"), ADDED("lldp.location", "DE, Berlin, 4 a"),
	      ADDED("lldp.watts", "takes 6.5"), ADDED("lldp.hardware", "rev"), ADDED("lldp.firmware", "fw-1"),
	      ADDED("lldp.software", "sw-2"), ADDED("lldp.serial", "SN-3"), ADDED("lldp.maker", "Maker"),
	      ADDED("lldp.model", "Phone"));
	SHOWS("lldp switch", LLDP(",\"native_vlan\":20"), ADDED("lldp.vlan", "10 servers"),
	      ADDED("lldp.speed", "1000BASE-T full duplex"), ADDED("lldp.power", "gives power"),
	      ADDED("lldp.frame_max", "1518"));
	refuses("lldp place of no length");
	refuses("lldp place past the end");
	refuses("lldp policy too short");
	refuses("lldp vlan name past the end");
	refuses("lldp frame size too long");
	refuses("lldp organisation too short");
}

#define TREE(vlan, native, bridge)                                       \
	"{\"fact\":\"neighbor\"," SWITCH ",\"port\":\"8002\"," native    \
	"\"root\":\"4097.02:00:00:00:00:01\",\"bridge\":\"" bridge "\"," \
	"\"cost\":20000" FROM_VLAN(vlan, "stp")
#define OF_TREE(vlan, key, value) \
	"{\"fact\":\"trait\"," SWITCH ",\"key\":\"" key "\",\"value\":\"" value "\"" FROM_VLAN(vlan, "stp")

/* The native VLAN's tree comes without a tag, as the common one does. */
static void trees(void)
{
	SHOWS("pvst native", TREE("5", "\"native_vlan\":5,", "32769.02:00:00:00:00:0f"),
	      OF_TREE("5", "stp.version", "PVST+"), OF_TREE("5", "stp.topology_change", "told to all"));
	SHOWS("mstp region", TREE("", "", "32768.02:00:00:00:00:09"), OF_TREE("", "stp.version", "MSTP"),
	      OF_TREE("", "stp.region", "building-1"));
}

static void neighbors(void)
{
	SHOWS("fdp",
	      "{\"fact\":\"neighbor\"," SWITCH
	      ",\"chassis\":\"edge\",\"port\":\"ethernet1/1\",\"system_description\":\"Foundry\","
	      "\"platform\":\"FastIron\",\"capabilities\":[\"bridge\"],\"management\":[\"10.0.0.2\"]" FROM(
		      "fdp"),
	      NAME(SWITCH, "edge", "fdp"));
	SHOWS("cdp phone",
	      "{\"fact\":\"neighbor\"," SWITCH
	      ",\"chassis\":\"SEP020000000005\",\"port\":\"Port 1\"" FROM("cdp"),
	      NAME(SWITCH, "SEP020000000005", "cdp"), TRAIT(SWITCH, "cdp.voice_vlan", "100", "cdp"),
	      TRAIT(SWITCH, "cdp.duplex", "full", "cdp"), TRAIT(SWITCH, "cdp.location", "room 5", "cdp"));
	SHOWS("edp",
	      "{\"fact\":\"neighbor\"," SWITCH ",\"chassis\":\"02:00:00:00:00:0f\",\"port\":\"1/5\","
	      "\"system_name\":\"summit1\",\"management\":[\"10.0.0.2\"]" FROM("edp"),
	      NAME(SWITCH, "summit1", "edp"), TRAIT(SWITCH, "edp.version", "7.8.3.5", "edp"),
	      TRAIT(SWITCH, "edp.vlan", "10 lab", "edp"));
	refuses("edp of a wrong sum");
	SHOWS("udld",
	      "{\"fact\":\"neighbor\"," SWITCH
	      ",\"chassis\":\"FOC01\",\"port\":\"Gi0/1\",\"system_name\":\"sw1\"" FROM("udld"),
	      NAME(SWITCH, "sw1", "udld"), TRAIT(SWITCH, "udld.hears", "FOC02 Fa0/2", "udld"));
	refuses("udld of a wrong sum");
}

static void trunks(void)
{
	SHOWS("vtp summary", TRAIT(SWITCH, "vtp.domain", "lab", "vtp"),
	      TRAIT(SWITCH, "vtp.updater", "10.0.0.1", "vtp"));
	SHOWS("vtp subset", TRAIT(SWITCH, "vtp.domain", "lab", "vtp"),
	      TRAIT(SWITCH, "vtp.vlan", "1 default", "vtp"), TRAIT(SWITCH, "vtp.vlan", "10 servers", "vtp"));
	refuses("vtp vlan of no length");
	SHOWS("dtp", TRAIT(SWITCH, "vtp.domain", "lab", "dtp"),
	      TRAIT(SWITCH, "dtp.status", "trunk, desirable", "dtp"),
	      TRAIT(SWITCH, "dtp.encapsulation", "802.1Q", "dtp"));
	refuses("dtp of no length");
	SHOWS("lacp", TRAIT(SWITCH, "lacp.system", "32768.02:00:00:00:00:0f", "lacp"),
	      TRAIT(SWITCH, "lacp.port", "25, key 13", "lacp"),
	      TRAIT(SWITCH, "lacp.partner", "32768.02:00:00:00:00:01 port 3", "lacp"));
	SHOWS("lacp alone", TRAIT(SWITCH, "lacp.system", "32768.02:00:00:00:00:0f", "lacp"),
	      TRAIT(SWITCH, "lacp.port", "25, key 13", "lacp"));
	refuses("lacp of a wrong length");
}

static void ports(void)
{
	SHOWS("eapol start", TRAIT(LAPTOP, "eapol.role", "supplicant", "eapol"));
	SHOWS("eapol asks", TRAIT(SWITCH, "eapol.role", "authenticator", "eapol"));
	SHOWS("eapol identity", TRAIT(LAPTOP, "eapol.role", "supplicant", "eapol"),
	      TRAIT(LAPTOP, "eapol.identity", "@lab.test", "eapol"));
	SHOWS("eapol user alone", TRAIT(LAPTOP, "eapol.role", "supplicant", "eapol"));
	SHOWS("eapol computer", TRAIT(LAPTOP, "eapol.role", "supplicant", "eapol"),
	      TRAIT(LAPTOP, "eapol.identity", "host/pc7.lab.test", "eapol"));
	SHOWS("eapol challenge", TRAIT(LAPTOP, "eapol.role", "supplicant", "eapol"),
	      TRAIT(LAPTOP, "eapol.method", "MD5", "eapol"));
	refuses("eapol past the end");
	SHOWS("profinet identified", TRAIT(PLC, "profinet.station", "S7-1200", "profinet"),
	      NAME(PLC, "plc-1", "profinet"), TRAIT(PLC, "profinet.device_id", "002a:010d", "profinet"),
	      TRAIT(PLC, "profinet.role", "IO controller", "profinet"),
	      "{\"fact\":\"address\"," PLC ",\"ip\":\"10.0.0.9\"" FROM("profinet"));
	SHOWS("profinet is asked");
	SHOWS("profinet is told");
	SHOWS("profinet of a conflict");
	refuses("profinet past the end");
}

int main(void)
{
	bridge_frames_make(&frames);
	lldp();
	trees();
	neighbors();
	trunks();
	ports();
	for (size_t i = 0; i < frames.count; i++) {
		cut_at_every_length(&frames.frame[i]);
		change_every_byte(&frames.frame[i]);
	}
	return tap_end();
}
