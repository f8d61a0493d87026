/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The entities of the live feed: what the collector sends of each, and what the web knows of it.
 *
 * For each row here the database has a column of that name in the view `live_<entity>`; the web's TypeScript
 * types are generated from this table; a test compares it with the views.
 *
 * TYPE: ID (uuid) REF (uuid or null) TEXT TEXT0 (text or null) MAC0 IP0 (text or null) IP (text) VLAN (array of
 * integers) INT INT0 (integer or null) BOOL TIME (seconds since the epoch, a number) TIME0 JSON (object or array) JSON0.
 */
#ifndef DEFS_ENTITIES_H
#define DEFS_ENTITIES_H

#define ENTITIES(X)  \
	X(network)   \
	X(sensor)    \
	X(host)      \
	X(interface) \
	X(service)   \
	X(flow)      \
	X(subnet)    \
	X(binding)   \
	X(group)     \
	X(discovery) \
	X(session)   \
	X(neighbor)  \
	X(link)      \
	X(topology)  \
	X(alert)

#define ENTITY_network(X)       \
	X(id, ID)               \
	X(name, TEXT)           \
	X(description, TEXT0)   \
	X(tags, JSON)           \
	X(retention_days, INT0) \
	X(revision, INT)

/*
 * counters: what the sensor has seen and lost, from its status messages and loss facts; connected: now. host_id: the host that it
 * runs on, once it has reported itself.
 */
#define ENTITY_sensor(X)      \
	X(id, ID)             \
	X(name, TEXT)         \
	X(description, TEXT0) \
	X(hostname, TEXT0)    \
	X(software, TEXT0)    \
	X(connected, BOOL)    \
	X(last_seen, TIME0)   \
	X(capabilities, JSON) \
	X(interfaces, JSON)   \
	X(counters, JSON)     \
	X(losses, JSON)       \
	X(tags, JSON)         \
	X(revision, INT)      \
	X(host_id, REF)

/* present_since: it has been there without a gap since then. present_until: up to then its silence means nothing. */
#define ENTITY_host(X)         \
	X(id, ID)              \
	X(name, TEXT0)         \
	X(name_source, TEXT0)  \
	X(vendor, TEXT0)       \
	X(first_seen, TIME)    \
	X(last_seen, TIME)     \
	X(present_since, TIME) \
	X(present_until, TIME0)

/* One face of a host: a MAC in a VLAN, an address in a VLAN, or both bound together. via: the hop in front of it. */
#define ENTITY_interface(X) \
	X(id, ID)           \
	X(host_id, ID)      \
	X(mac, MAC0)        \
	X(ip, IP0)          \
	X(vlan, VLAN)       \
	X(via, MAC0)        \
	X(vendor, TEXT0)    \
	X(random_mac, BOOL) \
	X(packets, INT)     \
	X(bytes, INT)       \
	X(packets_in, INT)  \
	X(bytes_in, INT)    \
	X(first_seen, TIME) \
	X(last_seen, TIME)  \
	X(subnet_id, REF)

/* origin manual: a person noted it, and it may have no place on the wire. */
#define ENTITY_service(X)   \
	X(id, ID)           \
	X(host_id, ID)      \
	X(ip, IP0)          \
	X(port, INT0)       \
	X(proto, TEXT0)     \
	X(vlan, VLAN)       \
	X(state, TEXT)      \
	X(name, TEXT0)      \
	X(source, TEXT)     \
	X(confidence, TEXT) \
	X(clients, INT)     \
	X(first_seen, TIME) \
	X(last_seen, TIME)

/* app: the protocol that it was heard to speak. */
#define ENTITY_flow(X)         \
	X(id, ID)              \
	X(client_host_id, REF) \
	X(client, IP)          \
	X(server_host_id, REF) \
	X(server, IP)          \
	X(port, INT)           \
	X(proto, TEXT)         \
	X(vlan, VLAN)          \
	X(connections, INT)    \
	X(packets, INT)        \
	X(bytes, INT)          \
	X(packets_back, INT)   \
	X(bytes_back, INT)     \
	X(rtt_us, INT0)        \
	X(first_seen, TIME)    \
	X(last_seen, TIME)     \
	X(app, TEXT0)

/* cidr 0.0.0.0/0: one that holds what is elsewhere. */
#define ENTITY_subnet(X)      \
	X(id, ID)             \
	X(cidr, TEXT)         \
	X(name, TEXT)         \
	X(description, TEXT0) \
	X(subnet_type, TEXT)  \
	X(origin, TEXT)       \
	X(tags, JSON)         \
	X(revision, INT)      \
	X(created_at, TIME)

/* Where a service can be reached. */
#define ENTITY_binding(X)    \
	X(id, ID)            \
	X(service_id, ID)    \
	X(port_id, REF)      \
	X(interface_id, REF) \
	X(origin, TEXT)      \
	X(revision, INT)

#define ENTITY_group(X)       \
	X(id, ID)             \
	X(name, TEXT)         \
	X(description, TEXT0) \
	X(group_type, TEXT)   \
	X(binding_ids, JSON)  \
	X(color, TEXT)        \
	X(edge_style, TEXT)   \
	X(origin, TEXT)       \
	X(tags, JSON)         \
	X(revision, INT)      \
	X(created_at, TIME)

/* What a sensor is to do, and when; run_type and discovery_type as the API has them. failures: runs in a row. */
#define ENTITY_discovery(X)       \
	X(id, ID)                 \
	X(sensor_id, ID)          \
	X(name, TEXT)             \
	X(discovery_type, JSON)   \
	X(run_type, JSON)         \
	X(failures, INT)          \
	X(disabled_reason, TEXT0) \
	X(tags, JSON)             \
	X(revision, INT)

/* One run of a discovery. Those that have been over for days are not in the feed. detail: what its sensor counts on the way. */
#define ENTITY_session(X)       \
	X(id, ID)               \
	X(discovery_id, REF)    \
	X(sensor_id, ID)        \
	X(name, TEXT)           \
	X(discovery_type, JSON) \
	X(cause, TEXT)          \
	X(started_by, REF)      \
	X(phase, TEXT)          \
	X(progress, INT)        \
	X(error, TEXT0)         \
	X(results, JSON0)       \
	X(created_at, TIME)     \
	X(started_at, TIME0)    \
	X(finished_at, TIME0)   \
	X(updated_at, TIME)     \
	X(detail, JSON0)

/*
 * What a device said of itself on layer 2 by LLDP, CDP or the spanning tree's protocols: one row for each of its ports that was
 * heard, by source, VLAN, mac, chassis and port, which are the sender's. host_id: its host; sensor_id: who hears it.
 */
#define ENTITY_neighbor(X)           \
	X(id, ID)                    \
	X(host_id, REF)              \
	X(sensor_id, REF)            \
	X(source, TEXT)              \
	X(mac, MAC0)                 \
	X(chassis, TEXT0)            \
	X(port, TEXT0)               \
	X(port_description, TEXT0)   \
	X(system_name, TEXT0)        \
	X(system_description, TEXT0) \
	X(platform, TEXT0)           \
	X(capabilities, JSON)        \
	X(management, JSON)          \
	X(native_vlan, INT0)         \
	X(vlan, VLAN)                \
	X(root, TEXT0)               \
	X(bridge, TEXT0)             \
	X(cost, INT0)                \
	X(first_seen, TIME)          \
	X(last_seen, TIME)           \
	X(vtp_domain, TEXT0)

/*
 * Who is at a port of a device, as that tells by SNMP: its bridge has learned a MAC there (source snmp), or it has heard LLDP or CDP. One row for
 * each; without peer_mac, peer_chassis and peer_port only how many stations there are. host_id: the device's; peer_host_id: whose
 * peer_mac is. platform, capabilities, management and native_vlan are the peer's. What one walk told has one last_seen.
 */
#define ENTITY_link(X)                  \
	X(id, ID)                       \
	X(host_id, REF)                 \
	X(sensor_id, REF)               \
	X(source, TEXT)                 \
	X(mac, MAC0)                    \
	X(chassis, TEXT0)               \
	X(port, TEXT0)                  \
	X(port_description, TEXT0)      \
	X(system_name, TEXT0)           \
	X(peer_host_id, REF)            \
	X(peer_mac, MAC0)               \
	X(peer_chassis, TEXT0)          \
	X(peer_port, TEXT0)             \
	X(peer_port_description, TEXT0) \
	X(peer_name, TEXT0)             \
	X(platform, TEXT0)              \
	X(capabilities, JSON)           \
	X(management, JSON)             \
	X(native_vlan, INT0)            \
	X(vlan, VLAN)                   \
	X(stations, INT0)               \
	X(speed_bps, INT0)              \
	X(first_seen, TIME)             \
	X(last_seen, TIME)

/* A saved picture, without what was placed by hand: GET /api/topology/{id} has that. */
#define ENTITY_topology(X)       \
	X(id, ID)                \
	X(name, TEXT)            \
	X(options, JSON)         \
	X(parent_id, REF)        \
	X(is_locked, BOOL)       \
	X(locked_at, TIME0)      \
	X(locked_by, REF)        \
	X(last_refreshed, TIME0) \
	X(tags, JSON)            \
	X(revision, INT)

/*
 * What deserves a person's attention (docs/alerts.md). Those that have been over for days are not in the feed. detail: what its words are made of;
 * title: those words in English.
 */
#define ENTITY_alert(X)           \
	X(id, ID)                 \
	X(rule_id, REF)           \
	X(kind, TEXT)             \
	X(severity, TEXT)         \
	X(state, TEXT)            \
	X(host_id, REF)           \
	X(service_id, REF)        \
	X(sensor_id, REF)         \
	X(title, TEXT)            \
	X(detail, JSON)           \
	X(times, INT)             \
	X(opened_at, TIME)        \
	X(resolved_at, TIME0)     \
	X(acknowledged_at, TIME0) \
	X(acknowledged_by, REF)   \
	X(note, TEXT0)            \
	X(snoozed_until, TIME0)

/*
 * What people add to rows that facts make, and what is concluded of them later (a service's definition and certainty, a host's device), with the value of a
 * row that is new: facts leave it alone. The same columns' form, and for the feed no different from those above.
 */
#define NOTED_host(X)                    \
	X(description, TEXT0, "null")    \
	X(hidden, BOOL, "false")         \
	X(tags, JSON, "[]")              \
	X(virtualization, JSON0, "null") \
	X(origin, TEXT, "\"discovery\"") \
	X(revision, INT, "1")            \
	X(device, JSON0, "null")

/* container_of: the service of the container whose address it is, as an engine tells; facts make none. */
#define NOTED_interface(X)               \
	X(name, TEXT0, "null")           \
	X(origin, TEXT, "\"discovery\"") \
	X(revision, INT, "1")            \
	X(container_of, REF, "null")

#define NOTED_service(X)                     \
	X(service_definition, TEXT0, "null") \
	X(name_source, TEXT0, "null")        \
	X(tags, JSON, "[]")                  \
	X(virtualization, JSON0, "null")     \
	X(origin, TEXT, "\"discovery\"")     \
	X(revision, INT, "1")                \
	X(definition, TEXT0, "null")         \
	X(certainty, TEXT0, "null")

#define NOTED_network(X)
#define NOTED_sensor(X)
#define NOTED_flow(X)
#define NOTED_subnet(X)
#define NOTED_binding(X)
#define NOTED_group(X)
#define NOTED_discovery(X)
#define NOTED_session(X)
#define NOTED_neighbor(X)
#define NOTED_link(X)
#define NOTED_topology(X)
#define NOTED_alert(X)

#endif
