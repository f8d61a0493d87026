// SPDX-License-Identifier: BSD-2-Clause
/* What routers say, and who listens to which group: the frames of tests/router_frames.h. */
#include "sensor/variety.h"
#include "tests/decode/show.h"
#include "tests/router_frames.h"

#define FROM(source) ",\"vlan\":[],\"source\":\"" source "\",\"confidence\":\"announced\"}"
#define TRAIT(who, key, value, source) \
	"{\"fact\":\"trait\"," who ",\"key\":\"" key "\",\"value\":\"" value "\"" FROM(source)
#define LAPTOP "\"ip\":\"10.0.0.5\""
#define LAPTOP_MAC "\"mac\":\"02:00:00:00:00:05\""
#define LAPTOP_6 "\"ip\":\"fe80::5\""
#define ROUTER "\"ip\":\"10.0.0.1\""
#define ROUTER_6 "\"ip\":\"fe80::1\""
#define ROUTER_MAC "\"mac\":\"02:00:00:00:00:01\","
#define ROUTE(mac, ip, more, source) "{\"fact\":\"route\"," mac ip more FROM(source)

static void groups(void)
{
	SHOWS("igmp report", TRAIT(LAPTOP, "igmp.group", "239.1.2.3", "igmp"));
	SHOWS("igmp report 1", TRAIT(LAPTOP, "igmp.group", "239.1.2.3", "igmp"));
	SHOWS("igmp report of another group");
	refuses("igmp report of no group");
	SHOWS("igmp report from afar");
	SHOWS("igmp leave");
	SHOWS("igmp query", TRAIT(ROUTER, "igmp.querier", "2", "igmp"));
	SHOWS("igmp query of a switch");
	refuses("igmp of a wrong sum");
	SHOWS("igmp report 3", TRAIT(LAPTOP_MAC, "igmp.group", "224.0.0.251", "igmp"),
	      TRAIT(LAPTOP_MAC, "igmp.group", "239.1.2.3", "igmp"));
	refuses("igmp report 3 past the end");
	SHOWS("mld report 2", TRAIT(LAPTOP_6, "mld.group", "ff02::fb", "mld"));
	SHOWS("mld report", TRAIT(LAPTOP_MAC, "mld.group", "ff02::fb", "mld"));
	SHOWS("mld query", TRAIT(ROUTER_6, "mld.querier", "2", "mld"));
	SHOWS("mld from afar");
	refuses("mld report of no group");
}

static void hellos(void)
{
	SHOWS("pim hello", ROUTE(ROUTER_MAC, ROUTER, ",\"lifetime_s\":105", "pim"));
	SHOWS("pim goodbye");
	refuses("pim option past the end");
	SHOWS("ospf hello", ROUTE(ROUTER_MAC, ROUTER, ",\"lifetime_s\":40", "ospf"),
	      TRAIT(ROUTER, "ospf.router_id", "1.1.1.1", "ospf"),
	      TRAIT(ROUTER, "ospf.area", "0.0.0.0", "ospf"));
	SHOWS("ospf hello signed", ROUTE(ROUTER_MAC, ROUTER, ",\"lifetime_s\":40", "ospf"),
	      TRAIT(ROUTER, "ospf.router_id", "1.1.1.1", "ospf"),
	      TRAIT(ROUTER, "ospf.area", "0.0.0.0", "ospf"));
	refuses("ospf hello of a wrong sum");
	SHOWS("ospf hello to one");
	SHOWS("ospf 3 hello", ROUTE(ROUTER_MAC, ROUTER_6, ",\"lifetime_s\":40", "ospf"),
	      TRAIT(ROUTER_6, "ospf.router_id", "2.2.2.2", "ospf"),
	      TRAIT(ROUTER_6, "ospf.area", "0.0.0.1", "ospf"));
	SHOWS("eigrp hello", ROUTE(ROUTER_MAC, ROUTER, ",\"lifetime_s\":15", "eigrp"),
	      TRAIT(ROUTER, "eigrp.as", "100", "eigrp"), TRAIT(ROUTER, "eigrp.release", "12.4", "eigrp"));
	SHOWS("eigrp goodbye");
	refuses("eigrp of no length");
}

#define WAY(mac, ip, prefix) ROUTE(mac, ip, ",\"prefix\":\"" prefix "\"", "rip")

static void ways(void)
{
	SHOWS("rip", ROUTE(ROUTER_MAC, ROUTER, "", "rip"), WAY(ROUTER_MAC, ROUTER, "0.0.0.0/0"),
	      WAY("", "\"ip\":\"10.0.0.2\"", "10.1.0.0/16"));
	SHOWS("rip signed", ROUTE(ROUTER_MAC, ROUTER, "", "rip"), WAY(ROUTER_MAC, ROUTER, "10.1.0.0/16"));
	SHOWS("rip to one");
	SHOWS("rip question");
	refuses("rip mask with holes");
	SHOWS("ripng", ROUTE(ROUTER_MAC, ROUTER_6, "", "rip"), WAY(ROUTER_MAC, ROUTER_6, "2001:db8::/48"),
	      WAY("", LAPTOP_6, "::/0"));
	SHOWS("icmp redirect", ROUTE("", "\"ip\":\"10.0.0.2\"", ",\"prefix\":\"192.0.2.80/32\"", "icmp"));
	SHOWS("icmp redirect of another's packet");
	refuses("icmp redirect cut");
	SHOWS("icmp router advert", ROUTE("", ROUTER, ",\"prefix\":\"0.0.0.0/0\",\"lifetime_s\":1800", "icmp"));
	refuses("icmp of a wrong sum");
}

static void shared(void)
{
	SHOWS("glbp", ROUTE("", "\"ip\":\"10.0.0.9\"", ",\"virtual\":true", "glbp"),
	      ROUTE("\"mac\":\"00:07:b4:00:07:01\",", "\"ip\":\"10.0.0.9\"", ",\"virtual\":true", "glbp"),
	      TRAIT(ROUTER, "glbp.group", "7, priority 100, active", "glbp"));
	refuses("glbp past the end");
}

#define CLIENT(key, value, source) TRAIT("\"mac\":\"02:00:00:00:00:05\"", key, value, source)
#define SERVER(key, value) TRAIT("\"ip\":\"10.0.0.9\"", key, value, "dhcp")

/* How a link is to be used, and who is where on it. */
static void links(void)
{
	SHOWS("nd router advert of a link",
	      ROUTE(ROUTER_MAC, ROUTER_6, ",\"prefix\":\"::/0\",\"lifetime_s\":1800", "nd"),
	      TRAIT(ROUTER_6, "nd.mtu", "1492", "nd"), TRAIT(ROUTER_6, "nd.search", "lab.test", "nd"),
	      TRAIT(ROUTER_6, "nd.portal", "https://p/", "nd"), TRAIT(ROUTER_6, "nd.dhcpv6", "addresses", "nd"),
	      TRAIT(ROUTER_6, "nd.preference", "high", "nd"));
	SHOWS("nd redirect", ROUTE("", "\"ip\":\"fe80::9\"", ",\"prefix\":\"2001:db8:50::50/128\"", "nd"));
	SHOWS("nd redirect to itself");
	refuses("nd redirect option of no length");
	SHOWS("dhcp relayed", CLIENT("dhcp.architecture", "7,9", "dhcp"),
	      CLIENT("dhcp.uuid", "01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10", "dhcp"),
	      CLIENT("dhcp.circuit", "gi0/12", "dhcp"), CLIENT("dhcp.remote", "02:ff:01", "dhcp"),
	      TRAIT(ROUTER, "dhcp.relay", "10.0.0.9", "dhcp"));
	SHOWS("dhcp network", SERVER("dhcp.domain", "lab.test"), SERVER("dhcp.ntp", "10.0.0.1"),
	      SERVER("dhcp.boot_server", "boot"), SERVER("dhcp.boot_server", "192.0.2.80"),
	      SERVER("dhcp.boot_file", "a.efi"), SERVER("dhcp.proxy", "http://w/p"),
	      SERVER("dhcp.portal", "https://c"));
	SHOWS("dhcpv6 relayed", TRAIT("\"ip\":\"2001:db8::1\"", "dhcpv6.relay", "2001:db8::1", "dhcpv6"),
	      CLIENT("dhcpv6.interface", "gi0/12", "dhcpv6"),
	      CLIENT("dhcpv6.duid", "00:03:00:01:02:00:00:00:00:05", "dhcpv6"),
	      CLIENT("dhcpv6.options", "23", "dhcpv6"));
	refuses("dhcpv6 relayed past the end");
	SHOWS("dhcpv6 delegation", CLIENT("dhcpv6.prefix", "2001:db8:50::/56", "dhcpv6"));
}

/* How many of 400 different values are said, of a fact of this kind and source; by its MAC, or by its address. */
static unsigned int said_of_400(enum fact_kind kind, enum fact_source source, bool by_mac)
{
	struct fact fact = {.kind = kind, .source = source, .confidence = CONFIDENCE_ANNOUNCED};
	struct variety *variety;
	unsigned int said = 0;
	char text[8];

	if (variety_open(&variety))
		return 0;
	if (by_mac)
		FACT_SET(&fact, mac, ((struct mac){{2, 0, 0, 0, 0, 1}}));
	else
		FACT_SET(&fact, ip, ip_from_v4(ip_router));
	for (int i = 0; i < 400; i++) {
		struct text value = {text, (size_t)snprintf(text, sizeof(text), "%d", i)};

		FACT_SET(&fact, key, TEXT("key"));
		FACT_SET(&fact, value, value);
		FACT_SET(&fact, prefix, value);
		FACT_SET(&fact, name, value);
		said += variety_may_say(variety, &fact);
	}
	variety_close(variety);
	return said;
}

static void bounds(void)
{
	tap_ok(said_of_400(FACT_TRAIT, SOURCE_IGMP, false) == VARIETY_VALUES_MAX,
	       "groups without end are bounded");
	tap_ok(said_of_400(FACT_TRAIT, SOURCE_MLD, false) == VARIETY_VALUES_MAX, "those of IPv6 too");
	tap_ok(said_of_400(FACT_ROUTE, SOURCE_RIP, false) == VARIETY_VALUES_MAX, "and networks by RIP");
	tap_ok(said_of_400(FACT_TRAIT, SOURCE_MDNS, false) == VARIETY_SAID_MAX &&
		       said_of_400(FACT_TRAIT, SOURCE_LLDP, true) == VARIETY_SAID_MAX,
	       "values that somebody makes up, at its address or its MAC");
	tap_ok(said_of_400(FACT_NAME, SOURCE_MDNS, false) == VARIETY_SAID_MAX, "and names");
	tap_ok(said_of_400(FACT_ROUTE, SOURCE_ND, false) == 400, "what few can say is not");
}

int main(void)
{
	router_frames_make(&frames);
	groups();
	hellos();
	ways();
	shared();
	links();
	bounds();
	for (size_t i = 0; i < frames.count; i++) {
		cut_at_every_length(&frames.frame[i]);
		change_every_byte(&frames.frame[i]);
	}
	return tap_end();
}
