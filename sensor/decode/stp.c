// SPDX-License-Identifier: BSD-2-Clause
/*
 * The spanning tree's BPDUs: STP and RSTP (IEEE 802.1D-2004, 9.3), MSTP (802.1Q-2018, 14.4), and Cisco's per VLAN, which are the
 * same behind a SNAP header. Who the bridge is that sends, from which of its ports, whom it holds for the root, and how far that is.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sensor/decode/decode.h"

enum { TYPE_CONFIGURATION = 0x00, TYPE_RAPID = 0x02, TYPE_TOPOLOGY_CHANGE = 0x80 };
enum { VERSION_MULTIPLE = 3, TIMES_BYTES = 8, MST_CONFIGURATION_BYTES = 51 };

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
static bool read_multiple(struct wire w, struct bridge_id *bridge)
{
	struct wire rest;
	struct bridge_id own;

	wire_skip(&w, TIMES_BYTES);
	if (wire_u8(&w) != 0) /* version 1 length */
		return false;
	rest = wire_nested(&w, wire_u16(&w));
	wire_skip(&rest, MST_CONFIGURATION_BYTES);
	wire_skip(&rest, 4); /* the cost within the region */
	own = read_bridge(&rest);
	if (rest.bad)
		return false;
	*bridge = own;
	return true;
}

int decode_stp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	uint16_t protocol = wire_u16(&w);
	uint8_t version = wire_u8(&w), type = wire_u8(&w);
	struct bridge_id root, bridge;
	struct text root_name, bridge_name, port_name;
	struct fact *fact;
	uint32_t cost;
	char line[8];

	if (w.bad || protocol != 0)
		return -EBADMSG;
	if (type == TYPE_TOPOLOGY_CHANGE) /* says nothing but that something has changed */
		return 0;
	if (type != TYPE_CONFIGURATION && type != TYPE_RAPID)
		return -EBADMSG;
	wire_skip(&w, 1); /* flags */
	root = read_bridge(&w);
	cost = wire_u32(&w);
	bridge = read_bridge(&w);

	uint16_t port = wire_u16(&w);

	if (w.bad)
		return -EBADMSG;
	if (type == TYPE_RAPID && version >= VERSION_MULTIPLE && !read_multiple(w, &bridge) && ctx->cut)
		return -EBADMSG;
	root_name = bridge_text(&root, out);
	bridge_name = bridge_text(&bridge, out);
	port_name = fact_text(out, line, (size_t)snprintf(line, sizeof(line), "%04x", port));
	fact = fact_add(out, ctx, FACT_NEIGHBOR, SOURCE_STP, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, mac, ctx->mac_src);
	FACT_SET(fact, port_id, port_name);
	FACT_SET(fact, root, root_name);
	FACT_SET(fact, bridge, bridge_name);
	FACT_SET(fact, cost, cost);
	return 0;
}
