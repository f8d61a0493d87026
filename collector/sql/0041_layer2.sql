-- SPDX-License-Identifier: BSD-2-Clause
-- What the page of layer 2 asks beside the feed: what bridges say of themselves, and which sensor sees which VLAN.

CREATE INDEX evidence_bridge ON evidence (network_id, id) WHERE kind = 'trait' AND source IN ('stp', 'vtp', 'dtp', 'lacp', 'udld', 'edp', 'fdp', 'cdp', 'lldp');
CREATE INDEX evidence_host_vlan ON evidence (network_id, vlan, sensor_id) WHERE kind = 'host';
