/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of resources. Names follow those of the project that this one re-implements, where it has them.
 */
#include <string.h>

#include "collector/resource.h"
#include "collector/resource_fields.h"
#include "collector/resource_forms.h"

#define COLORS "Pink|Rose|Red|Orange|Yellow|Green|Emerald|Teal|Cyan|Blue|Indigo|Purple|Gray"
#define SUBNET_TYPES                                                                                       \
	"Internet|Remote|Gateway|VpnTunnel|Dmz|Lan|WiFi|IoT|Guest|DockerBridge|MacVlan|IpVlan|Management|" \
	"Storage|"                                                                                         \
	"Unknown|None"

static const struct schema_field network[] = {
	FIELD_ID,
	READ("organization_id", SCHEMA_ID, "Whose it is"),
	{"name", SCHEMA_TEXT, SCHEMA_REQUIRED, 1, NAME_MAX, NULL, "What it is called"},
	FIELD_DESCRIPTION,
	FIELD_TAGS,
	{"retention_days", SCHEMA_INTEGER, SCHEMA_NULL, 1, 36500, NULL,
	 "How long its history is kept; null for what the collector was started with"},
	FIELD_REVISION,
	FIELD_CREATED,
	FIELD_UPDATED,
	FIELDS_END,
};

static const struct schema_field host[] = {
	FIELD_ID,
	FIELD_NETWORK,
	{"name", SCHEMA_TEXT, SCHEMA_NULL, 0, NAME_MAX, NULL,
	 "What it is called; one that a person gives is never overwritten, none lets what is discovered count"},
	READ("name_source", SCHEMA_TEXT, "Who says the name: manual, or a protocol"),
	FIELD_DESCRIPTION,
	READ("vendor", SCHEMA_TEXT, "Who made its network card"),
	READ("device", SCHEMA_OBJECT,
	     "What it was concluded to be: kind, vendor, model, os, os_version, each with value, certainty and "
	     "source"),
	READ("addresses", SCHEMA_TEXTS, "Its addresses, in lists"),
	READ("macs", SCHEMA_TEXTS, "Its MACs, in lists"),
	{"hidden", SCHEMA_BOOL, 0, 0, 0, NULL, "Left out of pictures"},
	FIELD_TAGS,
	{"virtualization", SCHEMA_OBJECT, SCHEMA_NULL, 0, OBJECT_MAX, NULL,
	 "What runs it: {type: Proxmox, vm_name, vm_id, service_id}"},
	{"interfaces", SCHEMA_ARRAY, 0, 0, CHILDREN_MAX, INTERFACE_FORM,
	 "Its interfaces. In a body: with an id it is changed, or removed with deleted, without it is new; "
	 "what is not named stays"},
	{"ports", SCHEMA_ARRAY, 0, 0, CHILDREN_MAX, PORT_FORM, "Its ports, likewise"},
	{"services", SCHEMA_ARRAY, 0, 0, CHILDREN_MAX, SERVICE_FORM,
	 "Its services, likewise; bindings name ports and interfaces by id, or by the key of one that is new "
	 "in this body"},
	FIELD_ORIGIN,
	FIELD_FIRST,
	FIELD_LAST,
	READ("present_since", SCHEMA_TIME, "Since when it has been seen without a longer break"),
	READ("present_until", SCHEMA_TIME, "Up to when its silence means nothing, by its own protocols"),
	FIELD_REVISION,
	FIELD_CREATED,
	FIELD_UPDATED,
	FIELDS_END,
};
static const struct schema_field host_filters[] = {
	FILTER_TAGS,
	{"hidden", SCHEMA_BOOL, 0, 0, 0, NULL, "Only hidden ones, or only the others"},
	{"origin", SCHEMA_CHOICE, 0, 0, 0, "discovery|manual|system", "Only those that were made so"},
	{"subnet_id", SCHEMA_ID, 0, 0, 0, NULL, "Only those with an interface in this subnet"},
	{"ip", SCHEMA_IP, 0, 0, 0, NULL, "Only those with this address"},
	{"mac", SCHEMA_MAC, 0, 0, 0, NULL, "Only those with this MAC"},
	{"seen_since", SCHEMA_TIME, 0, 0, 0, NULL, "Only those that were seen since"},
	{"children", SCHEMA_BOOL, 0, 0, 0, NULL, "With interfaces, ports and services"},
	FIELDS_END,
};

static const struct schema_field interface[] = {
	FIELD_ID,
	FIELD_NETWORK,
	FIELD_HOST,
	{"subnet_id", SCHEMA_ID, SCHEMA_NULL, 0, 0, NULL, "The subnet its address is in"},
	{"ip_address", SCHEMA_IP, SCHEMA_NULL, 0, 0, NULL, "Its address; of a discovered one it stays"},
	{"mac_address", SCHEMA_MAC, SCHEMA_NULL, 0, 0, NULL, "Its MAC; of a discovered one it stays"},
	{"name", SCHEMA_TEXT, SCHEMA_NULL, 0, NAME_MAX, NULL, "What it is called"},
	{"position", SCHEMA_INTEGER, 0, 0, 10000, NULL, "Its place among the host's"},
	READ("vlan", SCHEMA_ARRAY, "The VLAN ids of its frames, outer first"),
	READ("via", SCHEMA_MAC, "The hop in front of a routed address"),
	READ("vendor", SCHEMA_TEXT, "Who made it"),
	READ("random_mac", SCHEMA_BOOL, "Its MAC is not the maker's"),
	READ("packets", SCHEMA_INTEGER, "Packets that it sent"),
	READ("bytes", SCHEMA_INTEGER, "Bytes that it sent"),
	READ("packets_in", SCHEMA_INTEGER, "Packets to it"),
	READ("bytes_in", SCHEMA_INTEGER, "Bytes to it"),
	FIELD_FIRST,
	FIELD_LAST,
	FIELD_ORIGIN,
	FIELD_REVISION,
	FIELD_CREATED,
	FIELD_UPDATED,
	FIELDS_END,
};
static const struct schema_field interface_filters[] = {
	FILTER_HOST,
	{"subnet_id", SCHEMA_ID, 0, 0, 0, NULL, "Only those in this subnet"},
	FIELDS_END,
};

static const struct schema_field port[] = {
	FIELD_ID,
	FIELD_NETWORK,
	FIELD_HOST,
	{"number", SCHEMA_INTEGER, SCHEMA_REQUIRED, 0, 65535, NULL, "Its number"},
	{"protocol", SCHEMA_CHOICE, SCHEMA_REQUIRED, 0, 0, "tcp|udp", "Its protocol"},
	READ("type", SCHEMA_TEXT, "What it is usually for, or Custom"),
	FIELD_ORIGIN,
	FIELD_REVISION,
	FIELD_CREATED,
	FIELD_UPDATED,
	FIELDS_END,
};
static const struct schema_field port_filters[] = {FILTER_HOST, FIELDS_END};

static const struct schema_field service[] = {
	FIELD_ID,
	FIELD_NETWORK,
	FIELD_HOST,
	{"service_definition", SCHEMA_TEXT, SCHEMA_NULL, 1, NAME_MAX, NULL, "The definition that it is one of"},
	{"name", SCHEMA_TEXT, SCHEMA_NULL, 0, NAME_MAX, NULL,
	 "What it is called; one that a person gives is never overwritten"},
	READ("name_source", SCHEMA_TEXT, "Who says the name"),
	{"bindings", SCHEMA_ARRAY, 0, 0, OBJECT_MAX, NULL, "Where it is reached: {port_id, interface_id}"},
	READ("ip", SCHEMA_IP, "Where it was seen"),
	READ("port", SCHEMA_INTEGER, "On which port"),
	READ("proto", SCHEMA_TEXT, "tcp or udp"),
	READ("vlan", SCHEMA_ARRAY, "In which VLAN"),
	READ("state", SCHEMA_TEXT, "open or closed"),
	READ("source", SCHEMA_TEXT, "The protocol that shows it"),
	READ("confidence", SCHEMA_TEXT, "announced, measured or inferred"),
	READ("clients", SCHEMA_INTEGER, "How many use it"),
	READ("definition", SCHEMA_TEXT, "The definition that it was concluded to be one of"),
	READ("certainty", SCHEMA_TEXT, "How sure that is: low (a guess), medium, high, certain"),
	FIELD_TAGS,
	{"virtualization", SCHEMA_OBJECT, SCHEMA_NULL, 0, OBJECT_MAX, NULL,
	 "What runs it: {type: Docker, container_name, container_id, service_id}"},
	{"position", SCHEMA_INTEGER, 0, 0, 10000, NULL, "Its place among the host's"},
	FIELD_FIRST,
	FIELD_LAST,
	FIELD_ORIGIN,
	FIELD_REVISION,
	FIELD_CREATED,
	FIELD_UPDATED,
	FIELDS_END,
};
static const struct schema_field service_filters[] = {
	FILTER_TAGS,
	FILTER_HOST,
	{"port", SCHEMA_INTEGER, 0, 0, 65535, NULL, "Only those on this port"},
	{"proto", SCHEMA_CHOICE, 0, 0, 0, "tcp|udp", "Only those of this protocol"},
	{"state", SCHEMA_CHOICE, 0, 0, 0, "open|closed", "Only those in this state"},
	{"origin", SCHEMA_CHOICE, 0, 0, 0, "discovery|manual|system", "Only those that were made so"},
	FIELDS_END,
};

static const struct schema_field binding[] = {
	FIELD_ID,
	FIELD_NETWORK,
	{"service_id", SCHEMA_ID, SCHEMA_REQUIRED | SCHEMA_CREATE, 0, 0, NULL,
	 "The service that is reached here"},
	READ("type", SCHEMA_TEXT, "Port or Interface"),
	{"port_id", SCHEMA_ID, SCHEMA_NULL, 0, 0, NULL, "On this port; none for an interface as such"},
	{"interface_id", SCHEMA_ID, SCHEMA_NULL, 0, 0, NULL, "On this interface; none for all of the host's"},
	FIELD_ORIGIN,
	FIELD_REVISION,
	FIELD_CREATED,
	FIELD_UPDATED,
	FIELDS_END,
};
static const struct schema_field binding_filters[] = {
	{"service_id", SCHEMA_ID, 0, 0, 0, NULL, "Only those of this service"},
	{"port_id", SCHEMA_ID, 0, 0, 0, NULL, "Only those on this port"},
	{"interface_id", SCHEMA_ID, 0, 0, 0, NULL, "Only those on this interface"},
	FIELDS_END,
};

static const struct schema_field subnet[] = {
	FIELD_ID,
	FIELD_NETWORK,
	{"cidr", SCHEMA_CIDR, SCHEMA_REQUIRED, 0, 0, NULL,
	 "Its prefix; 0.0.0.0/0 for one that only holds what is elsewhere"},
	{"name", SCHEMA_TEXT, 0, 1, NAME_MAX, NULL, "What it is called; without one, its prefix"},
	FIELD_DESCRIPTION,
	{"subnet_type", SCHEMA_CHOICE, 0, 0, 0, SUBNET_TYPES, "What it is for"},
	FIELD_ORIGIN,
	READ("interface_count", SCHEMA_INTEGER, "How many interfaces are in it"),
	FIELD_TAGS,
	FIELD_REVISION,
	FIELD_CREATED,
	FIELD_UPDATED,
	FIELDS_END,
};
static const struct schema_field subnet_filters[] = {
	FILTER_TAGS,
	{"subnet_type", SCHEMA_CHOICE, 0, 0, 0, SUBNET_TYPES, "Only those of this type"},
	FIELDS_END,
};

static const struct schema_field group[] = {
	FIELD_ID,
	FIELD_NETWORK,
	{"name", SCHEMA_TEXT, SCHEMA_REQUIRED, 1, NAME_MAX, NULL, "What it is called"},
	FIELD_DESCRIPTION,
	{"group_type", SCHEMA_CHOICE, SCHEMA_REQUIRED, 0, 0, "RequestPath|HubAndSpoke",
	 "A path in its order, or a hub (the first) and its spokes"},
	{"binding_ids", SCHEMA_IDS, 0, 0, MEMBERS_MAX, NULL, "Its members: services' bindings, in order"},
	{"color", SCHEMA_CHOICE, 0, 0, 0, COLORS, "Its colour"},
	{"edge_style", SCHEMA_CHOICE, 0, 0, 0, "Straight|SmoothStep|Step|Bezier|SimpleBezier",
	 "How its edges are drawn"},
	FIELD_ORIGIN,
	FIELD_TAGS,
	FIELD_REVISION,
	FIELD_CREATED,
	FIELD_UPDATED,
	FIELDS_END,
};
static const struct schema_field group_filters[] = {
	FILTER_TAGS,
	{"group_type", SCHEMA_CHOICE, 0, 0, 0, "RequestPath|HubAndSpoke", "Only those of this type"},
	FIELDS_END,
};

static const struct schema_field tag[] = {
	FIELD_ID,
	READ("organization_id", SCHEMA_ID, "Whose it is"),
	{"name", SCHEMA_TEXT, SCHEMA_REQUIRED, 1, NAME_MAX, NULL, "What it says"},
	FIELD_DESCRIPTION,
	{"color", SCHEMA_CHOICE, 0, 0, 0, COLORS, "Its colour"},
	FIELD_REVISION,
	FIELD_CREATED,
	FIELD_UPDATED,
	FIELDS_END,
};

static const struct schema_field topology[] = {
	FIELD_ID,
	FIELD_NETWORK,
	{"name", SCHEMA_TEXT, SCHEMA_REQUIRED, 1, NAME_MAX, NULL, "What it is called"},
	{"options", SCHEMA_OBJECT, 0, 0, OBJECT_MAX, NULL, "How it is drawn"},
	{"nodes", SCHEMA_OBJECT, 0, 0, DRAWING_MAX, NULL, "Nodes that were placed by hand, by their id"},
	{"edges", SCHEMA_OBJECT, 0, 0, DRAWING_MAX, NULL, "Edges whose ends were placed by hand, by their id"},
	{"parent_id", SCHEMA_ID, SCHEMA_NULL | SCHEMA_CREATE, 0, 0, NULL, "The one it was copied from"},
	READ("is_locked", SCHEMA_BOOL, "Nobody may edit it"),
	READ("locked_at", SCHEMA_TIME, "Since when"),
	READ("locked_by", SCHEMA_ID, "By whom"),
	READ("last_refreshed", SCHEMA_TIME, "When it was rebuilt or refreshed last"),
	FIELD_TAGS,
	FIELD_REVISION,
	FIELD_CREATED,
	FIELD_UPDATED,
	FIELDS_END,
};
static const struct schema_field topology_filters[] = {FILTER_TAGS, FIELDS_END};

static const struct schema_field sensor[] = {
	FIELD_ID,
	READ("network_id", SCHEMA_ID, "The network that it watches"),
	{"name", SCHEMA_TEXT, 0, 1, NAME_MAX, NULL, "What it is called"},
	FIELD_DESCRIPTION,
	READ("hostname", SCHEMA_TEXT, "Of the machine that it runs on"),
	READ("software", SCHEMA_TEXT, "Its program and version"),
	READ("connected", SCHEMA_BOOL, "Whether it is there now"),
	FIELD_LAST,
	READ("capabilities", SCHEMA_OBJECT, "What it can do"),
	READ("interfaces", SCHEMA_ARRAY, "The ports that it watches"),
	READ("counters", SCHEMA_OBJECT, "What it has seen and lost"),
	READ("losses", SCHEMA_OBJECT, "What it told of as lost"),
	FIELD_TAGS,
	FIELD_REVISION,
	FIELD_CREATED,
	FIELDS_END,
};
static const struct schema_field sensor_filters[] = {FILTER_TAGS, FIELDS_END};

static const char *check_binding(struct api_call *call)
{
	bool has_port = json_get(call->body, "port_id"), has_face = json_get(call->body, "interface_id");

	if (call->route->method == HTTP_POST && !has_port && !has_face)
		return "a binding needs \"port_id\", \"interface_id\" or both";
	return NULL;
}

#define STATEMENTS(NAME) \
	SQL_LIST_##NAME, SQL_GET_##NAME, SQL_CREATE_##NAME, SQL_UPDATE_##NAME, SQL_DELETE_##NAME

const struct resource resources[] = {
	{"networks", "network", "networks", RESOURCE_ALL, ROLE_VIEWER, ROLE_ADMIN, network, NULL,
	 STATEMENTS(NETWORK), NULL},
	{"hosts", "host", "hosts", RESOURCE_ALL, ROLE_VIEWER, ROLE_MEMBER, host, host_filters, STATEMENTS(HOST),
	 NULL},
	{"interfaces", "interface", "interfaces", RESOURCE_ALL, ROLE_VIEWER, ROLE_MEMBER, interface,
	 interface_filters, STATEMENTS(INTERFACE), NULL},
	{"ports", "port", "ports", RESOURCE_ALL, ROLE_VIEWER, ROLE_MEMBER, port, port_filters, STATEMENTS(PORT),
	 NULL},
	{"services", "service", "services", RESOURCE_ALL, ROLE_VIEWER, ROLE_MEMBER, service, service_filters,
	 STATEMENTS(SERVICE), NULL},
	{"bindings", "binding", "bindings", RESOURCE_ALL, ROLE_VIEWER, ROLE_MEMBER, binding, binding_filters,
	 STATEMENTS(BINDING), check_binding},
	{"subnets", "subnet", "subnets", RESOURCE_ALL, ROLE_VIEWER, ROLE_MEMBER, subnet, subnet_filters,
	 STATEMENTS(SUBNET), NULL},
	{"groups", "group", "groups", RESOURCE_ALL, ROLE_VIEWER, ROLE_MEMBER, group, group_filters,
	 STATEMENTS(GROUP), NULL},
	{"tags", "tag", "tags", RESOURCE_ALL | RESOURCE_WHOLE, ROLE_VIEWER, ROLE_ADMIN, tag, NULL,
	 STATEMENTS(TAG), NULL},
	{"topology", "topology", "topologies", RESOURCE_ALL, ROLE_VIEWER, ROLE_MEMBER, topology,
	 topology_filters, STATEMENTS(TOPOLOGY), NULL},
	{"shares", "share", "shares", RESOURCE_GET | RESOURCE_DELETE, ROLE_VIEWER, ROLE_MEMBER, share_fields,
	 share_filters, SQL_LIST_SHARE, SQL_GET_SHARE, STATEMENT_COUNT, STATEMENT_COUNT, SQL_DELETE_SHARE,
	 NULL},
	{"sensors", "sensor", "sensors", RESOURCE_GET | RESOURCE_UPDATE | RESOURCE_DELETE, ROLE_VIEWER,
	 ROLE_ADMIN, sensor, sensor_filters, SQL_LIST_SENSOR, SQL_GET_SENSOR, STATEMENT_COUNT,
	 SQL_UPDATE_SENSOR, SQL_DELETE_SENSOR, NULL},
	{"discovery", "discovery", "discoveries", RESOURCE_ALL, ROLE_VIEWER, ROLE_MEMBER, discovery_fields,
	 discovery_filters, STATEMENTS(DISCOVERY), discovery_check},
	{"alerts", "alert", "alerts", RESOURCE_GET, ROLE_VIEWER, ROLE_MEMBER, alert_fields, alert_filters,
	 SQL_LIST_ALERT, SQL_GET_ALERT, STATEMENT_COUNT, STATEMENT_COUNT, STATEMENT_COUNT, NULL},
	{"alert-rules", "alert_rule", "alert_rules", RESOURCE_ALL, ROLE_VIEWER, ROLE_ADMIN, alert_rule_fields,
	 alert_rule_filters, STATEMENTS(ALERT_RULE), alert_rule_check},
	{"alert-channels", "alert_channel", "alert_channels", RESOURCE_ALL, ROLE_MEMBER, ROLE_ADMIN,
	 alert_channel_fields, alert_channel_filters, STATEMENTS(ALERT_CHANNEL), alert_channel_check},
	{"snmp-credentials", "snmp_credential", "snmp_credentials", RESOURCE_ALL, ROLE_MEMBER, ROLE_ADMIN,
	 snmp_credential_fields, snmp_credential_filters, STATEMENTS(SNMP_CREDENTIAL), snmp_credential_check},
	{"sessions", "session", "sessions", RESOURCE_GET, ROLE_VIEWER, ROLE_MEMBER, session_fields,
	 session_filters, SQL_LIST_SESSION, SQL_GET_SESSION, STATEMENT_COUNT, STATEMENT_COUNT, STATEMENT_COUNT,
	 NULL},
	{"organizations", "organization", "organizations", RESOURCE_GET | RESOURCE_UPDATE | RESOURCE_WHOLE,
	 ROLE_VIEWER, ROLE_OWNER, organization_fields, NULL, SQL_LIST_ORGANIZATION, SQL_GET_ORGANIZATION,
	 STATEMENT_COUNT, SQL_UPDATE_ORGANIZATION, STATEMENT_COUNT, NULL},
	{"users", "user", "users", RESOURCE_GET | RESOURCE_DELETE | RESOURCE_WHOLE, ROLE_VIEWER, ROLE_ADMIN,
	 user_fields, user_filters, SQL_LIST_USER, SQL_GET_USER, STATEMENT_COUNT, STATEMENT_COUNT,
	 SQL_DELETE_USER, NULL},
	{"invites", "invite", "invites", RESOURCE_GET | RESOURCE_DELETE | RESOURCE_WHOLE, ROLE_ADMIN,
	 ROLE_ADMIN, invite_fields, NULL, SQL_LIST_INVITE, SQL_GET_INVITE, STATEMENT_COUNT, STATEMENT_COUNT,
	 SQL_DELETE_INVITE, NULL},
	{"auth/keys", "user_key", "user_keys",
	 RESOURCE_GET | RESOURCE_UPDATE | RESOURCE_DELETE | RESOURCE_SESSION, ROLE_VIEWER, ROLE_VIEWER,
	 user_key_fields, NULL, SQL_LIST_USER_KEY, SQL_GET_USER_KEY, STATEMENT_COUNT, SQL_UPDATE_USER_KEY,
	 SQL_DELETE_USER_KEY, NULL},
	{"auth/daemon", "sensor_key", "sensor_keys", RESOURCE_GET | RESOURCE_UPDATE | RESOURCE_DELETE,
	 ROLE_ADMIN, ROLE_ADMIN, sensor_key_fields, sensor_key_filters, SQL_LIST_SENSOR_KEY, SQL_GET_SENSOR_KEY,
	 STATEMENT_COUNT, SQL_UPDATE_SENSOR_KEY, SQL_DELETE_SENSOR_KEY, NULL},
	{"audit", "audit_entry", "audit_log", 0, ROLE_ADMIN, ROLE_ADMIN, audit_fields, audit_filters,
	 SQL_LIST_AUDIT, STATEMENT_COUNT, STATEMENT_COUNT, STATEMENT_COUNT, STATEMENT_COUNT, NULL},
	{"consolidations", "consolidation", "consolidations", RESOURCE_GET, ROLE_VIEWER, ROLE_MEMBER,
	 consolidation_fields, consolidation_filters, SQL_LIST_CONSOLIDATION, SQL_GET_CONSOLIDATION,
	 STATEMENT_COUNT, STATEMENT_COUNT, STATEMENT_COUNT, NULL},
	{"imports", "import", "imports", RESOURCE_GET, ROLE_VIEWER, ROLE_MEMBER, import_fields, import_filters,
	 SQL_LIST_IMPORT, SQL_GET_IMPORT, STATEMENT_COUNT, STATEMENT_COUNT, STATEMENT_COUNT, NULL},
	{"dependencies", "dependency", "dependencies", 0, ROLE_VIEWER, ROLE_MEMBER, dependency_fields,
	 dependency_filters, SQL_LIST_DEPENDENCY, STATEMENT_COUNT, STATEMENT_COUNT, STATEMENT_COUNT,
	 STATEMENT_COUNT, NULL},
	{"group-proposals", "group_proposal", "group_proposals", RESOURCE_GET, ROLE_VIEWER, ROLE_MEMBER,
	 group_proposal_fields, group_proposal_filters, SQL_LIST_GROUP_PROPOSAL, SQL_GET_GROUP_PROPOSAL,
	 STATEMENT_COUNT, STATEMENT_COUNT, STATEMENT_COUNT, NULL},
	{"flows", "flow", "flows", RESOURCE_GET, ROLE_VIEWER, ROLE_MEMBER, flow_fields, flow_filters,
	 SQL_LIST_FLOW, SQL_GET_FLOW, STATEMENT_COUNT, STATEMENT_COUNT, STATEMENT_COUNT, NULL},
};
const size_t resource_count = sizeof(resources) / sizeof(resources[0]);
