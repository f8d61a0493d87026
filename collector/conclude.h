/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a batch says, applied: evidence first, so that totals are counted once, then hosts, names, services and flows.
 * Pure, like identify.h.
 */
#ifndef COLLECTOR_CONCLUDE_H
#define COLLECTOR_CONCLUDE_H

#include "collector/world.h"

/* A fact's evidence row in the world, made when it is new; several facts of one identity share it. */
struct evidence *conclude_evidence(struct world *, const struct fact *);
/* Apply facts, in their order within each kind. The world holds the candidates that they name. */
void conclude(struct world *, const struct fact *facts, size_t count);

/* After all facts of a batch: what devices said of themselves on layer 2, as rows (conclude_neighbor.c). */
void conclude_neighbors(struct world *);
/* And who they say is at their ports (conclude_link.c). */
void conclude_links(struct world *);
/* A fact's lists as JSON arrays, in the arena. */
const char *conclude_capabilities(struct world *, const struct fact *);
const char *conclude_management(struct world *, const struct fact *);

/* The id of a fact's evidence. */
void conclude_id(const struct fact *, const char *sensor_id, char out[static ID_TEXT_MAX]);
/* What makes a fact the same (kind, source, VLAN and its IDENTITY keys), as bytes to hash. */
void conclude_identity(const struct fact *, const char *sensor_id, struct buffer *out);
/* What stands for the values that it says (confidence and VALUE keys). */
int64_t conclude_values(const struct fact *);
/* What each measure of it is, in the order in which a sighting keeps them. */
void conclude_measures(const struct fact *, uint64_t out[static EVIDENCE_MEASURES]);
/* A fact as JSON. */
void conclude_fact_json(const struct fact *, struct buffer *out);

#endif
