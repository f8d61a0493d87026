/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Steps of editing a saved topology: small ones, so that two people who drag two nodes do not overwrite each other.
 */
#include <string.h>

#include "collector/api.h"

enum { COORDINATE_MAX = 10000000, STEP_BYTES_MAX = 250000, NODE_ID_MAX = 200, EDGE_ID_MAX = 420 };

#define SIDES "Top|Bottom|Left|Right"

const struct schema_field topology_position_fields[] = {
	{"node_id", SCHEMA_TEXT, SCHEMA_REQUIRED, 1, NODE_ID_MAX, NULL, "Which node"},
	{"x", SCHEMA_NUMBER, SCHEMA_REQUIRED, -COORDINATE_MAX, COORDINATE_MAX, NULL, "From the left"},
	{"y", SCHEMA_NUMBER, SCHEMA_REQUIRED, -COORDINATE_MAX, COORDINATE_MAX, NULL, "From the top"},
	{0},
};
const struct schema_field topology_size_fields[] = {
	{"node_id", SCHEMA_TEXT, SCHEMA_REQUIRED, 1, NODE_ID_MAX, NULL, "Which node"},
	{"x", SCHEMA_NUMBER, 0, -COORDINATE_MAX, COORDINATE_MAX, NULL, "From the left"},
	{"y", SCHEMA_NUMBER, 0, -COORDINATE_MAX, COORDINATE_MAX, NULL, "From the top"},
	{"width", SCHEMA_NUMBER, SCHEMA_REQUIRED, 1, COORDINATE_MAX, NULL, "Its width"},
	{"height", SCHEMA_NUMBER, SCHEMA_REQUIRED, 1, COORDINATE_MAX, NULL, "Its height"},
	{0},
};
const struct schema_field topology_handle_fields[] = {
	{"edge_id", SCHEMA_TEXT, SCHEMA_REQUIRED, 1, EDGE_ID_MAX, NULL, "Which edge"},
	{"source_handle", SCHEMA_CHOICE, 0, 0, 0, SIDES, "Where it leaves"},
	{"target_handle", SCHEMA_CHOICE, 0, 0, 0, SIDES, "Where it arrives"},
	{0},
};
const struct schema_field topology_nodes_fields[] = {
	{"nodes", SCHEMA_OBJECT, SCHEMA_REQUIRED, 0, STEP_BYTES_MAX, NULL,
	 "By node: {x, y, width, height}, each as it needs, in place of what is kept of it; null forgets it. "
	 "At most 2000"},
	{0},
};
const struct schema_field topology_edges_fields[] = {
	{"edges", SCHEMA_OBJECT, SCHEMA_REQUIRED, 0, STEP_BYTES_MAX, NULL,
	 "By edge: {source_handle, target_handle}, in place of what is kept of it; null forgets it. At most "
	 "2000"},
	{0},
};
const struct schema_field topology_metadata_fields[] = {
	{"name", SCHEMA_TEXT, 0, 1, 100, NULL, "What it is called"},
	{"options", SCHEMA_OBJECT, 0, 0, 16384, NULL, "How it is drawn"},
	{0},
};

static void on_step(struct api_call *call, const struct db_reply *reply)
{
	if (!db_rows(reply, API_FIRST)) {
		api_refuse(call, 404, "there is no such topology");
		return;
	}
	api_etag(call, db_value(reply, API_FIRST, 0, 1));
	api_answer_text(call, db_value(reply, API_FIRST, 0, 0));
}

/* The step is the last word of the path. */
static void add_step(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_TOPOLOGY_EDIT, call->id, strrchr(call->route->path, '/') + 1, call->fields.bytes);
}

void api_topology_step(struct api_call *call)
{
	api_query(call, false, add_step, on_step);
}
