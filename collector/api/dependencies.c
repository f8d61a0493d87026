/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flows, who depends on whom (sql/0029_dependency.sql), and the groups that flows propose: a person accepts or dismisses them.
 */
#include <stdio.h>

#include "collector/api.h"

enum { EDGES_MAX = 1000 };

#define SHOWN(name, type, about)                           \
	{                                                  \
		name, type, SCHEMA_READ, 0, 0, NULL, about \
	}

const struct schema_field flow_fields[] = {
	SHOWN("id", SCHEMA_ID, "Its id"),
	SHOWN("network_id", SCHEMA_ID, "The network it was seen in"),
	SHOWN("client_host_id", SCHEMA_ID, "Who opened it"),
	SHOWN("client", SCHEMA_IP, "The opener's address"),
	SHOWN("server_host_id", SCHEMA_ID, "Who answered"),
	SHOWN("server", SCHEMA_IP, "The answerer's address"),
	SHOWN("port", SCHEMA_INTEGER, "The answerer's port"),
	SHOWN("proto", SCHEMA_TEXT, "Its protocol"),
	SHOWN("vlan", SCHEMA_ARRAY, "In which VLAN"),
	SHOWN("connections", SCHEMA_INTEGER, "How often it was opened"),
	SHOWN("packets", SCHEMA_INTEGER, "From the opener"),
	SHOWN("bytes", SCHEMA_INTEGER, "From the opener"),
	SHOWN("packets_back", SCHEMA_INTEGER, "To the opener"),
	SHOWN("bytes_back", SCHEMA_INTEGER, "To the opener"),
	SHOWN("rtt_us", SCHEMA_INTEGER, "How long the answer took, in microseconds"),
	SHOWN("first_seen", SCHEMA_TIME, "When it was seen first"),
	SHOWN("last_seen", SCHEMA_TIME, "When it was seen last"),
	SHOWN("app", SCHEMA_TEXT, "Which protocol it was heard to speak"),
	{0},
};
const struct schema_field flow_filters[] = {
	{"host_id", SCHEMA_ID, 0, 0, 0, NULL, "Only those of this host"},
	{"port", SCHEMA_INTEGER, 0, 0, 65535, NULL, "Only those to this port"},
	{"proto", SCHEMA_TEXT, 0, 1, 16, NULL, "Only those of this protocol"},
	{0},
};
const struct schema_field dependency_fields[] = {
	SHOWN("id", SCHEMA_ID, "Its id, the same as long as client and service are"),
	SHOWN("network_id", SCHEMA_ID, "The network it belongs to"),
	SHOWN("client_host_id", SCHEMA_ID, "The host that uses it; none for an address without a host"),
	SHOWN("client", SCHEMA_IP, "Its address, or one of them"),
	SHOWN("client_name", SCHEMA_TEXT, "What it is called"),
	SHOWN("server_host_id", SCHEMA_ID, "The host that serves; none for an address without a host"),
	SHOWN("server", SCHEMA_IP, "Its address"),
	SHOWN("server_name", SCHEMA_TEXT, "What it is called"),
	SHOWN("service_id", SCHEMA_ID, "The service that is used; none when no service is known there"),
	SHOWN("service_name", SCHEMA_TEXT, "What it is called"),
	SHOWN("definition", SCHEMA_TEXT, "The definition that it is one of"),
	SHOWN("port", SCHEMA_INTEGER, "Its port"),
	SHOWN("proto", SCHEMA_TEXT, "tcp, udp or sctp"),
	{"truth", SCHEMA_CHOICE, SCHEMA_READ, 0, 0, "measured|inferred",
	 "measured: conversations with a service that is known to be there; inferred: which of the two serves "
	 "is told by the port alone"},
	SHOWN("source", SCHEMA_TEXT, "What tells it: flow"),
	SHOWN("connections", SCHEMA_INTEGER, "How often"),
	SHOWN("packets", SCHEMA_INTEGER, "Packets to the service"),
	SHOWN("bytes", SCHEMA_INTEGER, "Bytes to the service"),
	SHOWN("packets_back", SCHEMA_INTEGER, "Packets from it"),
	SHOWN("bytes_back", SCHEMA_INTEGER, "Bytes from it"),
	SHOWN("first_seen", SCHEMA_TIME, "When it was seen first"),
	SHOWN("last_seen", SCHEMA_TIME, "When it was seen last"),
	{0},
};
const struct schema_field dependency_filters[] = {
	{"host_id", SCHEMA_ID, 0, 0, 0, NULL, "Only those of this host, as client or server"},
	{"client_host_id", SCHEMA_ID, 0, 0, 0, NULL, "Only what this host uses"},
	{"server_host_id", SCHEMA_ID, 0, 0, 0, NULL, "Only who uses this host"},
	{"service_id", SCHEMA_ID, 0, 0, 0, NULL, "Only who uses this service"},
	{"port", SCHEMA_INTEGER, 0, 0, 65535, NULL, "Only of this port"},
	{"proto", SCHEMA_CHOICE, 0, 0, 0, "tcp|udp|sctp", "Only of this protocol"},
	{"truth", SCHEMA_CHOICE, 0, 0, 0, "measured|inferred", "Only those that are known so"},
	{0},
};
const struct schema_field group_proposal_fields[] = {
	SHOWN("id", SCHEMA_ID, "Its id"),
	SHOWN("network_id", SCHEMA_ID, "The network it belongs to"),
	{"group_type", SCHEMA_CHOICE, SCHEMA_READ, 0, 0, "RequestPath|HubAndSpoke",
	 "A path in its order, or a hub (the first) and its spokes"},
	SHOWN("name", SCHEMA_TEXT, "What the group would be called"),
	SHOWN("reason", SCHEMA_TEXT, "What speaks for it"),
	SHOWN("truth", SCHEMA_TEXT,
	      "inferred: that its services belong together is concluded from conversations"),
	SHOWN("members", SCHEMA_ARRAY,
	      "Its services in order: {service_id, host_id, name, host_name, port, proto}"),
	{"state", SCHEMA_CHOICE, SCHEMA_READ, 0, 0, "proposed|accepted|dismissed", "What became of it"},
	SHOWN("group_id", SCHEMA_ID, "The group that an accepted one became"),
	SHOWN("connections", SCHEMA_INTEGER,
	      "Conversations that it rests on; of a path, of its least used part"),
	SHOWN("bytes", SCHEMA_INTEGER, "Bytes of these"),
	SHOWN("first_seen", SCHEMA_TIME, "When it was found first"),
	SHOWN("last_seen", SCHEMA_TIME, "When it was found last"),
	SHOWN("decided_at", SCHEMA_TIME, "When a person decided"),
	SHOWN("decided_by", SCHEMA_ID, "Who did"),
	{0},
};
const struct schema_field group_proposal_filters[] = {
	{"state", SCHEMA_CHOICE, 0, 0, 0, "proposed|accepted|dismissed", "Only those in this state"},
	{0},
};
const struct schema_field group_proposal_find_fields[] = {
	{"network_id", SCHEMA_ID, SCHEMA_REQUIRED, 0, 0, NULL, "The network that is looked through"},
	{0},
};

static void on_first(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, API_FIRST))
		api_answer_text(call, db_value(reply, API_FIRST, 0, 0));
	else
		api_refuse(call, 404, "there is no such thing, or it is not yours to see");
}

static void add_host(struct api_call *call, struct db_session *s)
{
	char most[16];

	snprintf(most, sizeof(most), "%d", EDGES_MAX);
	DB_ADD(s, SQL_HOST_DEPENDENCIES, call->id, most);
}

void api_host_dependencies(struct api_call *call)
{
	api_query(call, false, add_host, on_first);
}

static void on_decided(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, API_FIRST + 1))
		api_answer_text(call, db_value(reply, API_FIRST + 1, 0, 0));
	else
		api_refuse(call, 404, "there is no such proposal");
}

static void add_accept(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_GROUP_PROPOSAL_DECIDE, call->id, "true");
	DB_ADD(s, SQL_GET_GROUP_PROPOSAL, call->id);
}

void api_group_proposal_accept(struct api_call *call)
{
	api_query(call, false, add_accept, on_decided);
}

static void add_dismiss(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_GROUP_PROPOSAL_DECIDE, call->id, "false");
	DB_ADD(s, SQL_GET_GROUP_PROPOSAL, call->id);
}

void api_group_proposal_dismiss(struct api_call *call)
{
	api_query(call, false, add_dismiss, on_decided);
}

static void add_find(struct api_call *call, struct db_session *s)
{
	const char *network = "";
	size_t length;

	json_text(json_get(call->body, "network_id"), &network, &length);
	DB_ADD(s, SQL_GROUP_PROPOSALS_FIND, network);
}

void api_group_proposals_find(struct api_call *call)
{
	api_query(call, false, add_find, on_first);
}
