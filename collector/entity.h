/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of the live entities in memory, for the length of a batch: what they were, what they are now, and the difference as
 * the change log has it. Columns and their types come from defs/entities.h.
 */
#ifndef COLLECTOR_ENTITY_H
#define COLLECTOR_ENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/arena.h"
#include "collector/buffer.h"
#include "collector/secret.h"
#include "defs/entities.h"

#define ENTITY_ENUM(name) ENTITY_##name##_id,
enum entity_id { ENTITIES(ENTITY_ENUM) ENTITY_COUNT };

#define HOST_ENUM(name, type) HOST_##name,
enum host_column { ENTITY_host(HOST_ENUM) HOST_COLUMNS };
#define INTERFACE_ENUM(name, type) INTERFACE_##name,
enum interface_column { ENTITY_interface(INTERFACE_ENUM) INTERFACE_COLUMNS };
#define SERVICE_ENUM(name, type) SERVICE_##name,
enum service_column { ENTITY_service(SERVICE_ENUM) SERVICE_COLUMNS };
#define FLOW_ENUM(name, type) FLOW_##name,
enum flow_column { ENTITY_flow(FLOW_ENUM) FLOW_COLUMNS };
#define NEIGHBOR_ENUM(name, type) NEIGHBOR_##name,
enum neighbor_column { ENTITY_neighbor(NEIGHBOR_ENUM) NEIGHBOR_COLUMNS };
#define LINK_ENUM(name, type) LINK_##name,
enum link_column { ENTITY_link(LINK_ENUM) LINK_COLUMNS };

enum { ENTITY_COLUMNS_MAX = 24 };

enum column_type {
	COLUMN_ID,
	COLUMN_REF,
	COLUMN_TEXT,
	COLUMN_TEXT0,
	COLUMN_MAC0,
	COLUMN_IP0,
	COLUMN_IP,
	COLUMN_VLAN, /* as PostgreSQL writes it, {10,20} */
	COLUMN_INT,
	COLUMN_INT0,
	COLUMN_BOOL,
	COLUMN_TIME, /* microseconds since the epoch */
	COLUMN_TIME0,
	COLUMN_JSON,
	COLUMN_JSON0,
};

struct entity_info {
	const char *name;
	size_t columns;	   /* that facts decide */
	const char *noted; /* the others, of a new row: members of a JSON object, each after a comma */
	struct {
		const char *name;
		enum column_type type;
	} column[ENTITY_COLUMNS_MAX];
};

extern const struct entity_info entities[ENTITY_COUNT];

/* Texts live in the batch's arena, NULL for null; numbers, booleans and times are in number, set tells null. */
struct value {
	const char *text;
	int64_t number;
	bool set;
};

struct row {
	enum entity_id entity;
	bool is_new, gone;
	struct value now[ENTITY_COLUMNS_MAX], was[ENTITY_COLUMNS_MAX];
	const char *evidence; /* id of what last changed it, or NULL */
	struct row *next, *next_of_id;
};

void row_set_text(struct row *, size_t column, const char *text);
void row_set_number(struct row *, size_t column, int64_t number);
const char *row_text(const struct row *, size_t column);
int64_t row_number(const struct row *, size_t column);
/* Counters add up and stay within what JSON holds exactly. */
void row_add(struct row *, size_t column, uint64_t more);
/* Move first_seen back, last_seen on. */
void row_seen(struct row *, size_t first_column, int64_t first_us, int64_t last_us);
/* What it is now is what the database has. */
void row_settle(struct row *);
bool row_changed(const struct row *);
/* More than when it was seen and what it counted: that goes to the change log as an entry of its own. */
bool row_changed_itself(const struct row *);

/* Arrays for the change log: one item a row that was made, changed or is gone; ids of those that were seen again. */
struct change_arrays {
	struct buffer entity, id, before, after, evidence;
	struct buffer seen[ENTITY_COUNT];
	size_t count, seen_count;
};

void changes_add(struct change_arrays *, const struct row *);
void changes_free(struct change_arrays *);
/* Append the row's present value of a column to an array for PostgreSQL. */
void row_array(const struct row *, size_t column, struct buffer *array);

#endif
