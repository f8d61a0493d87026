/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of entities as data, and rows that know their columns by it. What is written here as JSON is what the views
 * live_* give: a test replays the one and compares it with the other.
 */
#include <inttypes.h>
#include <string.h>

#include "collector/entity.h"

#define NUMBER_MAX INT64_C(9007199254740991)

#define COLUMN_ROW(name, type) {#name, COLUMN_##type},
#define ENTITY_ROW(name)                                                                                    \
	[ENTITY_##name##_id] = {#name,                                                                      \
				sizeof((const char *const[]){ENTITY_##name(COLUMN_NAME)}) / sizeof(char *), \
				"" NOTED_##name(NOTED_ROW),                                                 \
				{ENTITY_##name(COLUMN_ROW)}},
#define COLUMN_NAME(name, type) #name,
#define NOTED_ROW(name, type, value) ",\"" #name "\":" value

const struct entity_info entities[ENTITY_COUNT] = {ENTITIES(ENTITY_ROW)};

_Static_assert((int)FLOW_COLUMNS <= (int)ENTITY_COLUMNS_MAX &&
		       (int)INTERFACE_COLUMNS <= (int)ENTITY_COLUMNS_MAX &&
		       (int)NEIGHBOR_COLUMNS <= (int)ENTITY_COLUMNS_MAX &&
		       (int)LINK_COLUMNS <= (int)ENTITY_COLUMNS_MAX,
	       "rows have room");

/* Columns that move with every word about a row. */
static const uint32_t moving_columns[ENTITY_COUNT] = {
	[ENTITY_host_id] = 1U << HOST_last_seen | 1U << HOST_present_until,
	[ENTITY_interface_id] = 1U << INTERFACE_packets | 1U << INTERFACE_bytes | 1U << INTERFACE_packets_in |
				1U << INTERFACE_bytes_in | 1U << INTERFACE_last_seen,
	[ENTITY_service_id] = 1U << SERVICE_clients | 1U << SERVICE_last_seen,
	[ENTITY_flow_id] = 1U << FLOW_connections | 1U << FLOW_packets | 1U << FLOW_bytes |
			   1U << FLOW_packets_back | 1U << FLOW_bytes_back | 1U << FLOW_rtt_us |
			   1U << FLOW_last_seen,
	[ENTITY_neighbor_id] = 1U << NEIGHBOR_last_seen,
	[ENTITY_link_id] = 1U << LINK_last_seen,
};

static bool is_text(enum column_type type)
{
	return type <= COLUMN_VLAN || type == COLUMN_JSON || type == COLUMN_JSON0;
}

void row_set_text(struct row *row, size_t column, const char *text)
{
	row->now[column].text = text;
	row->now[column].set = text != NULL;
}

void row_set_number(struct row *row, size_t column, int64_t number)
{
	row->now[column].number = number;
	row->now[column].set = true;
}

const char *row_text(const struct row *row, size_t column)
{
	return row->now[column].text;
}

int64_t row_number(const struct row *row, size_t column)
{
	return row->now[column].number;
}

void row_add(struct row *row, size_t column, uint64_t more)
{
	int64_t have = row->now[column].number;

	row_set_number(row, column, more > (uint64_t)(NUMBER_MAX - have) ? NUMBER_MAX : have + (int64_t)more);
}

void row_seen(struct row *row, size_t first_column, int64_t first_us, int64_t last_us)
{
	if (!row->now[first_column].set || first_us < row->now[first_column].number)
		row_set_number(row, first_column, first_us);
	if (!row->now[first_column + 1].set || last_us > row->now[first_column + 1].number)
		row_set_number(row, first_column + 1, last_us);
}

void row_settle(struct row *row)
{
	memcpy(row->was, row->now, sizeof(row->was));
}

static bool value_changed(const struct row *row, size_t column)
{
	const struct value *now = &row->now[column], *was = &row->was[column];

	if (now->set != was->set)
		return true;
	if (!now->set)
		return false;
	return is_text(entities[row->entity].column[column].type) ? strcmp(now->text, was->text) != 0
								  : now->number != was->number;
}

static bool changed_but(const struct row *row, uint32_t moving)
{
	if (row->is_new != row->gone)
		return true;
	if (row->gone)
		return false;
	for (size_t i = 0; i < entities[row->entity].columns; i++)
		if (!(moving >> i & 1) && value_changed(row, i))
			return true;
	return false;
}

bool row_changed(const struct row *row)
{
	return changed_but(row, 0);
}

bool row_changed_itself(const struct row *row)
{
	return changed_but(row, moving_columns[row->entity]);
}

static void json_value(struct buffer *out, enum column_type type, const struct value *value)
{
	if (!value->set) {
		buffer_text(out, "null");
	} else if (type == COLUMN_VLAN) {
		buffer_text(out, "[");
		buffer_add(out, value->text + 1, strlen(value->text) - 2);
		buffer_text(out, "]");
	} else if (type == COLUMN_JSON || type == COLUMN_JSON0) {
		buffer_text(out, value->text);
	} else if (is_text(type)) {
		buffer_json(out, value->text, strlen(value->text));
	} else if (type == COLUMN_BOOL) {
		buffer_text(out, value->number ? "true" : "false");
	} else if (type == COLUMN_TIME || type == COLUMN_TIME0) {
		buffer_seconds(out, value->number);
	} else {
		buffer_printf(out, "%" PRId64, value->number);
	}
}

/* All columns, or those that changed. */
static void json_row(struct buffer *array, const struct row *row, const struct value *values, bool all)
{
	const struct entity_info *info = &entities[row->entity];
	struct buffer json = {0};

	buffer_text(&json, "{");
	for (size_t i = 0; i < info->columns; i++) {
		if (!all && !value_changed(row, i))
			continue;
		buffer_key(&json, info->column[i].name);
		json_value(&json, info->column[i].type, &values[i]);
	}
	if (all && row->is_new)
		buffer_text(&json, info->noted);
	buffer_text(&json, "}");
	if (json.failed)
		array->failed = true;
	else
		array_add(array, json.bytes, json.length);
	buffer_free(&json);
}

void changes_add(struct change_arrays *changes, const struct row *row)
{
	if (!row_changed(row))
		return;
	if (!row_changed_itself(row)) {
		changes->seen_count++;
		array_add_text(&changes->seen[row->entity], row->now[0].text);
		return;
	}
	changes->count++;
	array_add_text(&changes->entity, entities[row->entity].name);
	array_add_text(&changes->id, row->now[0].text);
	array_add_text(&changes->evidence, row->evidence);
	if (row->is_new)
		array_add_text(&changes->before, NULL);
	else
		json_row(&changes->before, row, row->was, row->gone);
	if (row->gone)
		array_add_text(&changes->after, NULL);
	else
		json_row(&changes->after, row, row->now, row->is_new);
}

void changes_free(struct change_arrays *changes)
{
	buffer_free(&changes->entity);
	buffer_free(&changes->id);
	buffer_free(&changes->before);
	buffer_free(&changes->after);
	buffer_free(&changes->evidence);
	for (size_t i = 0; i < ENTITY_COUNT; i++)
		buffer_free(&changes->seen[i]);
}

void row_array(const struct row *row, size_t column, struct buffer *array)
{
	const struct value *value = &row->now[column];

	if (!value->set)
		array_add_text(array, NULL);
	else if (is_text(entities[row->entity].column[column].type))
		array_add_text(array, value->text);
	else
		array_add_integer(array, value->number);
}
