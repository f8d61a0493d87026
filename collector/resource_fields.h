/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields that many things have, for the tables of resources.c. */
#ifndef COLLECTOR_RESOURCE_FIELDS_H
#define COLLECTOR_RESOURCE_FIELDS_H

#include "collector/schema.h"

enum {
	NAME_MAX = 100,
	TEXT_LONG = 500,
	TAGS_MAX = 50,
	OBJECT_MAX = 16384,
	DRAWING_MAX = 200000,
	CHILDREN_MAX = 200000,
	MEMBERS_MAX = 1000
};

/* What every thing has. */
#define FIELD_ID                                                   \
	{                                                          \
		"id", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "Its id" \
	}
#define FIELD_NETWORK                                                                 \
	{                                                                             \
		"network_id", SCHEMA_ID, SCHEMA_REQUIRED | SCHEMA_CREATE, 0, 0, NULL, \
			"The network it belongs to"                                   \
	}
#define FIELD_DESCRIPTION                                                                      \
	{                                                                                      \
		"description", SCHEMA_TEXT, SCHEMA_NULL, 0, TEXT_LONG, NULL, "Notes of people" \
	}
#define FIELD_TAGS                                                        \
	{                                                                 \
		"tags", SCHEMA_IDS, 0, 0, TAGS_MAX, NULL, "Its tags' ids" \
	}
#define FIELD_ORIGIN                                                                                 \
	{                                                                                            \
		"origin", SCHEMA_CHOICE, SCHEMA_READ, 0, 0, "discovery|manual|system", "Who made it" \
	}
#define FIELD_REVISION                                                \
	{                                                             \
		"revision", SCHEMA_INTEGER, SCHEMA_READ, 0, 0, NULL,  \
			"Raised by each change of a person; the ETag" \
	}
#define FIELD_CREATED                                                                  \
	{                                                                              \
		"created_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When it was made" \
	}
#define FIELD_UPDATED                                                                               \
	{                                                                                           \
		"updated_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When a person changed it last" \
	}
#define FIELD_FIRST                                                                          \
	{                                                                                    \
		"first_seen", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When it was seen first" \
	}
#define FIELD_LAST                                                                         \
	{                                                                                  \
		"last_seen", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When it was seen last" \
	}
#define FIELD_HOST                                                                                          \
	{                                                                                                   \
		"host_id", SCHEMA_ID, SCHEMA_REQUIRED | SCHEMA_CREATE, 0, 0, NULL, "The host it belongs to" \
	}
#define FIELDS_END \
	{          \
		0  \
	}
#define READ(name, type, about)                          \
	{                                                \
		name, type, SCHEMA_READ, 0, 0, "", about \
	}
#define FILTER_TAGS                                                                              \
	{                                                                                        \
		"tag_ids", SCHEMA_IDS, 0, 0, TAGS_MAX, NULL, "Only those with one of these tags" \
	}
#define FILTER_HOST                                                            \
	{                                                                      \
		"host_id", SCHEMA_ID, 0, 0, 0, NULL, "Only those of this host" \
	}

#endif
