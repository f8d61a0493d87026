// SPDX-License-Identifier: BSD-2-Clause
/* What devices tell of themselves by the spanning tree, CDP, NetBIOS, SSDP, WS-Discovery, VRRP, HSRP and DHCPv6. */
#include "tests/announce_frames.h"
#include "tests/decode/show.h"

#define SWITCH "\"mac\":\"02:00:00:00:00:0f\""
#define FROM(source) ",\"vlan\":[],\"source\":\"" source "\",\"confidence\":\"announced\"}"
#define TRAIT(who, key, value, source) \
	"{\"fact\":\"trait\"," who ",\"key\":\"" key "\",\"value\":\"" value "\"" FROM(source)
#define LAPTOP "\"mac\":\"02:00:00:00:00:05\""
#define PRINTER_IP "\"ip\":\"10.0.0.9\""
#define FROM_VLAN(vlan, source) ",\"vlan\":[" vlan "],\"source\":\"" source "\",\"confidence\":\"announced\"}"
#define BRIDGE(bridge, native, vlan)                                     \
	"{\"fact\":\"neighbor\"," SWITCH ",\"port\":\"8002\"," native    \
	"\"root\":\"4097.02:00:00:00:00:01\",\"bridge\":\"" bridge "\"," \
	"\"cost\":20000" FROM_VLAN(vlan, "stp")
#define OF_TREE(key, value, vlan)                                                                             \
	"{\"fact\":\"trait\"," SWITCH ",\"key\":\"stp." key "\",\"value\":\"" value "\"" FROM_VLAN(vlan, "st" \
													 "p")

static void link_layer(void)
{
	SHOWS("stp configuration", BRIDGE("32769.02:00:00:00:00:0f", "", ""), OF_TREE("version", "STP", ""));
	SHOWS("stp per vlan", BRIDGE("32769.02:00:00:00:00:0f", "\"native_vlan\":1,", "1"),
	      OF_TREE("version", "Rapid PVST+", "1"));
	SHOWS("stp multiple", BRIDGE("32768.02:00:00:00:00:09", "", ""), OF_TREE("version", "MSTP", ""));
	SHOWS("stp topology change", OF_TREE("topology_change", "told to the root", ""));
	refuses("stp of another protocol");
	SHOWS("cdp",
	      "{\"fact\":\"neighbor\"," SWITCH
	      ",\"chassis\":\"core(FOX123AB)\",\"port\":\"Gi0/1\",\"system_description\":\"IOS 15.2\\n\","
	      "\"platform\":\"cisco "
	      "WS-C2960-24\",\"capabilities\":[\"router\",\"bridge\"],\"management\":[\"10.0.0.2\"],"
	      "\"native_vlan\":20,\"vtp_domain\":\"lab\"" FROM("cdp"),
	      "{\"fact\":\"name\"," SWITCH ",\"name\":\"core\",\"kind\":\"hostname\"" FROM("cdp"));
	refuses("cdp without a device");
	refuses("cdp of no length");
}

#define NETBIOS(name, kind) \
	"{\"fact\":\"name\",\"ip\":\"10.0.0.5\",\"name\":\"" name "\",\"kind\":\"" kind "\"" FROM("nbns")

static void names(void)
{
	SHOWS("nbns registration", NETBIOS("LAPTOP", "netbios"));
	SHOWS("nbns group", NETBIOS("OFFICE", "workgroup"));
	SHOWS("nbns election");
	SHOWS("netbios datagram", NETBIOS("LAPTOP", "netbios"));
}

static void announcements(void)
{
	SHOWS("ssdp notify", TRAIT(PRINTER_IP, "ssdp.server", "Roku/9.4 UPnP/1.0 Roku/9.4", "ssdp"),
	      TRAIT(PRINTER_IP, "ssdp.usn", "uuid:1::upnp:rootdevice", "ssdp"),
	      TRAIT(PRINTER_IP, "ssdp.location", "http://10.0.0.9:8060/dial.xml", "ssdp"),
	      "{\"fact\":\"service\"," PRINTER_IP
	      ",\"port\":8060,\"proto\":\"tcp\",\"state\":\"open\",\"clients\":0" FROM("ssdp"));
	SHOWS("ssdp goodbye");
	SHOWS("ssdp answer", TRAIT(PRINTER_IP, "ssdp.usn", "uuid:2", "ssdp"),
	      TRAIT(PRINTER_IP, "ssdp.location", "http://10.0.0.7:80/d.xml", "ssdp"));
	SHOWS("ssdp search",
	      TRAIT("\"ip\":\"10.0.0.5\"", "ssdp.user_agent", "Google Chrome/120 Windows", "ssdp"));
	refuses("ssdp of nonsense");
	SHOWS("wsd hello", TRAIT(PRINTER_IP, "wsd.types", "wsdp:Device pub:Computer", "wsd"),
	      TRAIT(PRINTER_IP, "wsd.addresses", "http://10.0.0.9:5357/a", "wsd"));
}

#define ROUTE(ip, mac, source) \
	"{\"fact\":\"route\",\"mac\":\"" mac "\",\"ip\":\"" ip "\",\"virtual\":true" FROM(source)

#define GROUP(protocol, value) TRAIT("\"ip\":\"10.0.0.1\"", protocol ".group", value, protocol)

static void routers_and_leases(void)
{
	SHOWS("vrrp", ROUTE("192.0.2.80", "00:00:5e:00:01:07", "vrrp"),
	      GROUP("vrrp", "7, version 3, priority 100"));
	SHOWS("carp", GROUP("carp", "7, skew 100, every 1 s"));
	SHOWS("hsrp", ROUTE("10.0.0.1", "00:00:0c:07:ac:07", "hsrp"), GROUP("hsrp", "7, priority 120, active"));
	SHOWS("hsrp 2", ROUTE("10.0.0.1", "00:00:0c:9f:f1:02", "hsrp"),
	      GROUP("hsrp", "258, priority 110, active"));
	SHOWS("hsrp from afar");
	SHOWS("dhcpv6 solicit", TRAIT(LAPTOP, "dhcpv6.duid", "00:03:00:01:02:00:00:00:00:05", "dhcpv6"),
	      TRAIT(LAPTOP, "dhcpv6.options", "23,24", "dhcpv6"),
	      TRAIT(LAPTOP, "dhcpv6.vendor_class", "MSFT 5.0", "dhcpv6"),
	      "{\"fact\":\"name\"," LAPTOP ",\"name\":\"laptop\",\"kind\":\"hostname\"" FROM("dhcpv6"));
	SHOWS("dhcpv6 reply", "{\"fact\":\"address\"," LAPTOP ",\"ip\":\"2001:db8::5\"" FROM("dhcpv6"));
}

#define SYN(value)                                                                       \
	"{\"fact\":\"trait\",\"ip\":\"10.0.0.5\",\"key\":\"tcp.syn\",\"value\":\"" value \
	"\",\"vlan\":[],\"source\":\"tcp\","                                             \
	"\"confidence\":\"measured\"}"

static void syn_shapes(void)
{
	SHOWS("syn linux", SYN("64:1460:mss*44:7:mss,sok,ts,nop,ws"));
	SHOWS("syn apple", SYN("64:1460:65535:6:mss,nop,ws,nop,nop,ts,sok,eol"));
	SHOWS("syn bare", SYN("64:-:1024:-:"));
	refuses("syn of options without end");
}

#define SERVICE(port, name)                                                         \
	"{\"fact\":\"service\"," PRINTER_IP ",\"name\":\"" name "\",\"port\":" port \
	",\"proto\":\"udp\",\"state\":\"open\",\"vlan\":[],"                        \
	"\"source\":\"" name "\",\"confidence\":\"measured\"}"
#define PORT_TRAIT(port, key, value, source)                                                          \
	"{\"fact\":\"trait\"," PRINTER_IP ",\"port\":" port ",\"key\":\"" key "\",\"value\":\"" value \
	"\"" FROM(source)

#define LAPTOP_NAME(name, kind, source) \
	"{\"fact\":\"name\",\"ip\":\"10.0.0.5\",\"name\":\"" name "\",\"kind\":\"" kind "\"" FROM(source)
#define LAPTOP_TRAIT(key, value, source) TRAIT("\"ip\":\"10.0.0.5\"", key, value, source)

/* An answer that nobody asked for is told, but its sender is no server: it may be anybody's. */
static void servers(void)
{
	SHOWS_ASKED("dns version question", "dns version", SERVICE("53", "dns"),
		    PORT_TRAIT("53", "dns.version", "unbound 1.17.1", "dns"));
	SHOWS("dns version", PORT_TRAIT("53", "dns.version", "unbound 1.17.1", "dns"));
	SHOWS_ASKED("snmp question", "dns version", PORT_TRAIT("53", "dns.version", "unbound 1.17.1", "dns"));
	SHOWS_ASKED("ntp question", "ntp answer", SERVICE("123", "ntp"),
		    PORT_TRAIT("123", "ntp.stratum", "2", "ntp"));
	SHOWS("ntp answer");
	SHOWS_ASKED("ntp answer", "ntp answer");
	SHOWS("ntp question");
	SHOWS_ASKED("snmp question", "snmp answer", SERVICE("161", "snmp"),
		    PORT_TRAIT("161", "snmp.version", "2c", "snmp"),
		    "{\"fact\":\"name\"," PRINTER_IP ",\"name\":\"sw-1\",\"kind\":\"hostname\"" FROM("snmp"),
		    TRAIT(PRINTER_IP, "snmp.object_id", "1.3.6.1.4.1.9.1.1", "snmp"));
	SHOWS("snmp answer",
	      "{\"fact\":\"name\"," PRINTER_IP ",\"name\":\"sw-1\",\"kind\":\"hostname\"" FROM("snmp"),
	      TRAIT(PRINTER_IP, "snmp.object_id", "1.3.6.1.4.1.9.1.1", "snmp"));
	SHOWS("snmp trap",
	      "{\"fact\":\"name\"," PRINTER_IP ",\"name\":\"sw-1\",\"kind\":\"hostname\"" FROM("snmp"));
	SHOWS("snmp trap of another");
	SHOWS_ASKED("snmp 3", "snmp 3", SERVICE("161", "snmp"), PORT_TRAIT("161", "snmp.version", "3", "snmp"),
		    PORT_TRAIT("161", "snmp.engine", "80:00:1f:88:01", "snmp"));
}

/* By somebody who repeats it: it is of the printer all the same, and of nobody else. */
static void repeated(void)
{
	SHOWS("mdns reflected", TRAIT(PRINTER_IP, "mdns.type", "_ipp._tcp", "mdns"),
	      "{\"fact\":\"service\"," PRINTER_IP
	      ",\"name\":\"Paper._ipp._tcp.local\",\"target\":\"printer.local\",\"port\":631,\"proto\":\"tcp\","
	      "\"state\":\"open\",\"clients\":0" FROM("mdns"),
	      "{\"fact\":\"name\"," PRINTER_IP ",\"name\":\"Paper\",\"kind\":\"instance\"" FROM("mdns"),
	      TRAIT(PRINTER_IP, "mdns.txt", "_ipp._tcp ty=Paper\\\\xffsaver\\n", "mdns"),
	      "{\"fact\":\"name\"," PRINTER_IP ",\"name\":\"printer.local\",\"kind\":\"hostname\"" FROM("mdns"),
	      "{\"fact\":\"name\",\"ip\":\"fe80::9\",\"name\":\"printer.local\",\"kind\":\"hostname\"" FROM(
		      "mdns"));
}

static void telephones(void)
{
	SHOWS_ASKED("sip register", "sip answer", SERVICE("5060", "sip"),
		    PORT_TRAIT("5060", "sip.server", "Exchange 18", "sip"));
	SHOWS_ASKED("sip register", "sip elsewhere", SERVICE("15060", "sip"),
		    PORT_TRAIT("15060", "sip.server", "Exchange 18", "sip"));
	SHOWS("sip answer", PORT_TRAIT("5060", "sip.server", "Exchange 18", "sip"));
	SHOWS("sip register", LAPTOP_TRAIT("sip.user_agent", "Yealink SIP-T46S 66.84", "sip"));
	SHOWS("sip passed on");
	SHOWS("sip invited");
	refuses("sip of nonsense");
}

static void neighborhoods(void)
{
	SHOWS("nbns status", LAPTOP_NAME("LAPTOP", "netbios", "nbns"),
	      LAPTOP_TRAIT("nbns.name", "LAPTOP<00>", "nbns"), LAPTOP_NAME("OFFICE", "workgroup", "nbns"),
	      LAPTOP_TRAIT("nbns.name", "OFFICE<00> group", "nbns"),
	      LAPTOP_TRAIT("nbns.name", "LAPTOP<20>", "nbns"),
	      "{\"fact\":\"address\"," LAPTOP ",\"ip\":\"10.0.0.5\"" FROM("nbns"));
	refuses("nbns status of no length");
	SHOWS("netbios announcement", LAPTOP_NAME("LAPTOP", "netbios", "nbns"),
	      LAPTOP_NAME("OFFICE", "workgroup", "nbns"), LAPTOP_TRAIT("netbios.os", "10.0", "nbns"),
	      LAPTOP_TRAIT("netbios.type", "workstation,server,nt", "nbns"),
	      LAPTOP_TRAIT("netbios.comment", "On my knees", "nbns"));
	SHOWS("netbios domain", LAPTOP_NAME("LAPTOP", "netbios", "nbns"),
	      LAPTOP_NAME("OFFICE", "workgroup", "nbns"));
}

int main(void)
{
	announce_frames_make(&frames);
	link_layer();
	names();
	announcements();
	routers_and_leases();
	syn_shapes();
	servers();
	repeated();
	telephones();
	neighborhoods();
	for (size_t i = 0; i < frames.count; i++) {
		/* Cut before its addresses it cannot be told from its repeater's own. */
		if (strcmp(frames.frame[i].name, "mdns reflected") != 0)
			cut_at_every_length(&frames.frame[i]);
		change_every_byte(&frames.frame[i]);
	}
	return tap_end();
}
