/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When a host was there: the half of settle.h that knows of time.
 */
#include "collector/settle.h"

void presence_seen(struct world *world, struct host *host, int64_t first_us, int64_t last_us)
{
	struct row *row = &host->row;
	int64_t had_us = row_number(row, HOST_last_seen);
	struct stay *stay;

	if (!row->now[HOST_last_seen].set) {
		row_set_number(row, HOST_present_since, first_us);
	} else if (last_us - had_us > PRESENCE_GAP_US) {
		stay = arena_take(&world->arena, sizeof(*stay));
		if (!stay) {
			world->failed = true;
			return;
		}
		*stay = (struct stay){.host = host,
				      .since_us = row_number(row, HOST_present_since),
				      .until_us = had_us,
				      .next = world->stays};
		world->stays = stay;
		/* A fact that began before the gap tells of its end only by its last packet. */
		row_set_number(row, HOST_present_since, first_us > had_us ? first_us : last_us);
	} else if (first_us < row_number(row, HOST_present_since) &&
		   row_number(row, HOST_present_since) == row_number(row, HOST_first_seen)) {
		row_set_number(row, HOST_present_since, first_us);
	}
	row_seen(row, HOST_first_seen, first_us, last_us);
}

void presence_fold(struct host *into, const struct host *from)
{
	int64_t since_us = row_number(&from->row, HOST_present_since);

	if (!from->row.now[HOST_present_since].set)
		return;
	if (!into->row.now[HOST_present_since].set || since_us < row_number(&into->row, HOST_present_since))
		row_set_number(&into->row, HOST_present_since, since_us);
}
