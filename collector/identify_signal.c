/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What devices say of themselves, taken in: client ids, DUIDs, keys, names. What many devices say alike, as sold or as
 * installed, is left out.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "collector/identify_inside.h"

enum {
	VALUE_MAX = 200,  /* longer values are cut: so many bytes tell devices apart */
	ID_BYTES_MIN = 6, /* of a client id or DUID; a shorter one is a constant or a counter */
	DUID_OFFSET = 5,  /* RFC 4361: type 255, four bytes of IAID, then the DUID */
	HEX_BYTE = 3,	  /* characters of one byte in `01:02:03` */
};

static const struct {
	const char *key;
	enum signal_kind kind;
} traits[] = {
	{"dhcp.client_id", SIGNAL_CLIENT_ID}, {"dhcpv6.duid", SIGNAL_DUID},
	{"dhcp.params", SIGNAL_FINGERPRINT},  {"ssh.host_key", SIGNAL_SSH_KEY},
	{"tls.public_key", SIGNAL_TLS_KEY},
};

/* Names that come with a system, a model or a mistake. */
static const char *const common_names[] = {
	"localhost",   "host",	      "hostname",    "unknown",	   "none",	"null",	    "default",
	"raspberrypi", "ubuntu",      "debian",	     "fedora",	   "archlinux", "kali",	    "alpine",
	"linux",       "openwrt",     "lede",	     "android",	   "iphone",	"ipad",	    "macbook",
	"macbook-pro", "macbook-air", "imac",	     "mac",	   "mac-mini",	"watch",    "apple-watch",
	"appletv",     "apple-tv",    "homepod",     "router",	   "gateway",	"switch",   "printer",
	"camera",      "espressif",   "esp32",	     "esp8266",	   "esp",	"desktop",  "laptop",
	"pc",	       "computer",    "workstation", "server",	   "nas",	"box",	    "tasmota",
	"wlan0",       "eth0",	      "kindle",	     "chromecast", "windows",	"template", "vm",
};

/* Whether a name's source is the device itself. */
static bool says_itself(const char *source)
{
	static const char *const sources[] = {"dhcp", "dhcpv6", "mdns",	    "llmnr", "nbns",
					      "lldp", "cdp",	"sensor",   "snmp",  "fdp",
					      "edp",  "udld",	"profinet", "mndp",  "ubiquiti"};

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (strcmp(sources[i], source) == 0)
			return true;
	return false;
}

static bool is_common(const char *name)
{
	for (size_t i = 0; i < sizeof(common_names) / sizeof(common_names[0]); i++)
		if (strcmp(common_names[i], name) == 0)
			return true;
	return false;
}

/* The first label in lower case; false for what tells nothing. */
static bool plain_name(const char *name, char out[static VALUE_MAX])
{
	size_t length = strcspn(name, ".");
	bool letters = false;

	if (length < 2 || length >= VALUE_MAX)
		return false;
	for (size_t i = 0; i < length; i++) {
		out[i] = (char)tolower((unsigned char)name[i]);
		letters |= isalpha((unsigned char)name[i]) != 0;
	}
	out[length] = 0;
	return letters && !is_common(out);
}

/* All bytes alike (zeros, ones), or too few of them. */
static bool is_constant(const char *hex)
{
	size_t length = strlen(hex);

	if (length + 1 < (size_t)ID_BYTES_MIN * HEX_BYTE)
		return true;
	/* The first byte is a type; what follows it must differ. */
	for (size_t i = 2 * (size_t)HEX_BYTE; i + 1 < length; i += HEX_BYTE)
		if (strncmp(hex + HEX_BYTE, hex + i, 2) != 0)
			return false;
	return true;
}

/* Its MAC says it, or where it has none its address. */
static void take_in(struct world *world, enum signal_kind kind, const char *value, const struct mac *mac,
		    const struct interface *face, int64_t first_us, int64_t last_us)
{
	struct signal *signal;

	if (!mac && face->has_mac)
		mac = &face->mac;
	if (mac && mac_is_virtual_router(mac))
		return;
	if (!mac && !face->has_ip)
		return;
	signal = world_signal(world, kind, value, mac, face ? row_text(&face->row, INTERFACE_vlan) : "{}",
			      face ? &face->ip : NULL);
	if (!signal)
		return;
	if (!signal->first_us || first_us < signal->first_us)
		signal->first_us = first_us;
	if (last_us > signal->last_us)
		signal->last_us = last_us;
	if (world->identity.evidence)
		signal->evidence = world->identity.evidence;
	signal->touched = true;
}

void identify_name_signal(struct world *world, const struct interface *face, const char *name,
			  const char *source, int64_t first_us, int64_t last_us)
{
	char value[VALUE_MAX];

	if (says_itself(source) && plain_name(name, value))
		take_in(world, SIGNAL_NAME, value, NULL, face, first_us, last_us);
}

static int trait_kind(const struct text *key)
{
	for (size_t i = 0; i < sizeof(traits) / sizeof(traits[0]); i++)
		if (key->length == strlen(traits[i].key) && memcmp(key->bytes, traits[i].key, key->length) == 0)
			return (int)traits[i].kind;
	return -1;
}

bool identify_signal_of(struct world *world, const struct fact *fact, enum signal_kind *kind,
			const char **value)
{
	char cut[VALUE_MAX], name[VALUE_MAX];
	const char *text;
	int found;

	if (fact->kind == FACT_NAME) {
		*kind = SIGNAL_NAME;
		if (!says_itself(fact_source_names[fact->source]) ||
		    !plain_name(world_text(world, &fact->name), name))
			return false;
		*value = world_copy(world, name);
		return true;
	}
	found = fact->kind == FACT_TRAIT ? trait_kind(&fact->key) : -1;
	if (found < 0)
		return false;
	text = world_text(world, &fact->value);
	/* Option 61 of type 255 holds the machine's DUID, which all of its cards share. */
	if (found == SIGNAL_CLIENT_ID && strncmp(text, "ff:", HEX_BYTE) == 0 &&
	    strlen(text) > (size_t)DUID_OFFSET * HEX_BYTE) {
		text += (size_t)DUID_OFFSET * HEX_BYTE;
		found = SIGNAL_DUID;
	}
	if ((found == SIGNAL_CLIENT_ID || found == SIGNAL_DUID) && is_constant(text))
		return false;
	snprintf(cut, sizeof(cut), "%s", text);
	*kind = (enum signal_kind)found;
	*value = world_copy(world, cut);
	return cut[0] != 0;
}

void identify_trait(struct world *world, const struct evidence *evidence)
{
	const struct fact *fact = evidence->fact;
	const struct interface *face = NULL;
	enum signal_kind kind;
	const char *value;

	if (!identify_signal_of(world, fact, &kind, &value) || world->failed)
		return;
	if (!FACT_HAS(fact, mac) && FACT_HAS(fact, ip))
		face = world_holder(world, world_vlan(world, &fact->vlan), &fact->ip);
	if (FACT_HAS(fact, mac) ? mac_is_zero(&fact->mac) || mac_is_group(&fact->mac) : !face)
		return;
	world->identity.evidence = evidence->id;
	take_in(world, kind, value, FACT_HAS(fact, mac) ? &fact->mac : NULL, face, fact->first_us,
		fact->last_us);
	world->identity.evidence = NULL;
}
