// SPDX-License-Identifier: BSD-2-Clause
/*
 * The spanning tree's BPDUs: STP and RSTP (IEEE 802.1D-2004, 9.3), MSTP (802.1Q-2018, 14.4), and Cisco's per VLAN (PVST+), which are the
 * same behind a SNAP header, with the VLAN whose tree it is at the end. Who the bridge is that sends, from which of its ports, whom it
 * holds for the root, and how far that is; which kind of tree it is, and whether it is changing.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sensor/decode/tell.h"

enum { TYPE_CONFIGURATION = 0x00, TYPE_RAPID = 0x02, TYPE_TOPOLOGY_CHANGE = 0x80 };
enum { VERSION_RAPID = 2, VERSION_MULTIPLE = 3, TIMES_BYTES = 8, MST_CONFIGURATION_BYTES = 51 };
enum { MST_NAME_BYTES = 32, FLAG_CHANGE = 0x01, PVST_VLAN_AT = 36 };

struct bridge_id {
	uint16_t priority; /* with the system id extension in its lower twelve bits */
	struct mac mac;
};

static struct bridge_id read_bridge(struct wire *w)
{
	uint16_t priority = wire_u16(w);

	return (struct bridge_id){priority, wire_mac(w)};
}

static struct text bridge_text(const struct bridge_id *bridge, struct fact_list *out)
{
	char mac[ADDR_TEXT_MAX], line[ADDR_TEXT_MAX + 8];
	int length = snprintf(line, sizeof(line), "%u.%s", bridge->priority, mac_text(&bridge->mac, mac));

	return fact_text(out, line, (size_t)length);
}

/*
 * What MSTP adds: the bridge's own id stands there, and where STP has it stands that of its region's root. False when it is not
 * there: a bridge may speak of version 3 to one that knows only 2.
 */
static bool read_multiple(struct wire w, struct bridge_id *bridge, struct text *region)
{
	struct wire rest;
	struct bridge_id own;

	wire_skip(&w, TIMES_BYTES);
	if (wire_u8(&w) != 0) /* version 1 length */
		return false;
	rest = wire_nested(&w, wire_u16(&w));

	struct wire configuration = wire_nested(&rest, MST_CONFIGURATION_BYTES);

	wire_skip(&rest, 4); /* the cost within the region */
	own = read_bridge(&rest);
	if (rest.bad)
		return false;
	*bridge = own;
	wire_skip(&configuration, 1);
	configuration = wire_nested(&configuration, MST_NAME_BYTES);
	*region = text_trim(wire_rest(&configuration));
	return true;
}

/* The VLAN whose tree it is, behind the BPDU: type 0, length 2. 0 when it is not there. */
static uint16_t read_vlan(struct wire bpdu)
{
	uint32_t head;
	uint16_t vlan;

	wire_skip(&bpdu, PVST_VLAN_AT); /* a BPDU of version 0 has one byte of padding */
	head = wire_u32(&bpdu);
	vlan = wire_u16(&bpdu);
	return !bpdu.bad && head == 2 && vlan && vlan < 4095 ? vlan : 0;
}

/* native_vlan: of the link, 0 when it does not show. */
static int decode_bpdu(const struct decode_context *ctx, struct wire w, bool pvst, uint16_t native_vlan,
		       struct fact_list *out)
{
	uint16_t protocol = wire_u16(&w);
	uint8_t version = wire_u8(&w), type = wire_u8(&w), flags;
	struct bridge_id root, bridge;
	struct text root_name, bridge_name, port_name, region = {};
	struct fact *fact;
	uint32_t cost;
	bool multiple;

	if (w.bad || protocol != 0)
		return -EBADMSG;
	if (type == TYPE_TOPOLOGY_CHANGE) {
		tell_trait(out, ctx, SOURCE_STP, TEXT("stp.topology_change"), TEXT("told to the root"));
		return 0;
	}
	if (type != TYPE_CONFIGURATION && type != TYPE_RAPID)
		return -EBADMSG;
	flags = wire_u8(&w);
	root = read_bridge(&w);
	cost = wire_u32(&w);
	bridge = read_bridge(&w);

	uint16_t port = wire_u16(&w);

	if (w.bad)
		return -EBADMSG;
	multiple = type == TYPE_RAPID && version >= VERSION_MULTIPLE && read_multiple(w, &bridge, &region);
	if (type == TYPE_RAPID && version >= VERSION_MULTIPLE && !multiple && ctx->cut)
		return -EBADMSG;
	root_name = bridge_text(&root, out);
	bridge_name = bridge_text(&bridge, out);
	port_name = fact_format(out, "%04x", port);
	fact = fact_add(out, ctx, FACT_NEIGHBOR, SOURCE_STP, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, mac, ctx->mac_src);
	FACT_SET(fact, port_id, port_name);
	FACT_SET(fact, root, root_name);
	FACT_SET(fact, bridge, bridge_name);
	FACT_SET(fact, cost, cost);
	if (native_vlan)
		FACT_SET(fact, native_vlan, native_vlan);
	if (flags & FLAG_CHANGE)
		tell_trait(out, ctx, SOURCE_STP, TEXT("stp.topology_change"), TEXT("told to all"));
	tell_trait(out, ctx, SOURCE_STP, TEXT("stp.version"),
		   multiple		? TEXT("MSTP")
		   : type == TYPE_RAPID ? (pvst ? TEXT("Rapid PVST+") : TEXT("RSTP"))
					: (pvst ? TEXT("PVST+") : TEXT("STP")));
	tell_trait(out, ctx, SOURCE_STP, TEXT("stp.region"), region);
	return 0;
}

int decode_stp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	return decode_bpdu(ctx, w, false, 0, out);
}

/*
 * Of the trees of several VLANs those of the native one come without a tag, beside the common tree's: which tree it is says the
 * VLAN in the BPDU, and so does the fact.
 */
int decode_pvst(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct decode_context tree = *ctx;
	uint16_t vlan = read_vlan(w);

	if (!vlan && ctx->cut)
		return -EBADMSG;
	if (vlan && ctx->vlan.count == 0)
		tree.vlan = (struct vlan_tags){.count = 1, .id = {vlan}};
	return decode_bpdu(&tree, w, true, ctx->vlan.count ? 0 : vlan, out);
}
