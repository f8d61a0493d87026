/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The entities of the live feed: what the collector sends of each, and what the web knows of it.
 *
 * For each row here the database has a column of that name in the view `live_<entity>`; the web's TypeScript
 * types are generated from this table; a test compares it with the views.
 *
 * TYPE: ID (uuid) REF (uuid or null) TEXT TEXT0 (text or null) MAC0 IP0 (text or null) IP (text) VLAN (array of
 * integers) INT INT0 (integer or null) BOOL TIME (seconds since the epoch, a number) TIME0 JSON (object or array).
 */
#ifndef DEFS_ENTITIES_H
#define DEFS_ENTITIES_H

#define ENTITIES(X)  \
	X(network)   \
	X(sensor)    \
	X(host)      \
	X(interface) \
	X(service)   \
	X(flow)

#define ENTITY_network(X) \
	X(id, ID)         \
	X(name, TEXT)

/* counters: what the sensor has seen and lost, from its status messages and loss facts; connected: now. */
#define ENTITY_sensor(X)      \
	X(id, ID)             \
	X(name, TEXT)         \
	X(hostname, TEXT0)    \
	X(software, TEXT0)    \
	X(connected, BOOL)    \
	X(last_seen, TIME0)   \
	X(capabilities, JSON) \
	X(interfaces, JSON)   \
	X(counters, JSON)     \
	X(losses, JSON)

#define ENTITY_host(X)        \
	X(id, ID)             \
	X(name, TEXT0)        \
	X(name_source, TEXT0) \
	X(vendor, TEXT0)      \
	X(first_seen, TIME)   \
	X(last_seen, TIME)

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
	X(last_seen, TIME)

#define ENTITY_service(X)   \
	X(id, ID)           \
	X(host_id, ID)      \
	X(ip, IP)           \
	X(port, INT)        \
	X(proto, TEXT)      \
	X(vlan, VLAN)       \
	X(state, TEXT)      \
	X(name, TEXT0)      \
	X(source, TEXT)     \
	X(confidence, TEXT) \
	X(clients, INT)     \
	X(first_seen, TIME) \
	X(last_seen, TIME)

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
	X(last_seen, TIME)

#endif
