/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When a host was there: the half of settle.h that knows of time.
 */
#include "collector/settle.h"

int64_t presence_until_us(const struct fact *fact)
{
	int64_t most_us = fact->last_us + PRESENCE_WORD_US;

	if (!FACT_HAS(fact, until) || !fact->until)
		return 0;
	return fact->until < (uint64_t)most_us / 1000000 ? (int64_t)fact->until * 1000000 : most_us;
}

static int64_t believed_until(const struct row *row)
{
	if (row->now[HOST_present_until].set)
		return row_number(row, HOST_present_until);
	return row_number(row, HOST_last_seen) + PRESENCE_GAP_US;
}

/* The latest word holds, and an earlier one that believes for longer; what is heard later than that without a word begins anew. */
static void believe(struct row *row, int64_t had_us, int64_t last_us, int64_t until_us)
{
	bool has = row->now[HOST_present_until].set;

	if (until_us && (last_us >= had_us || !has || until_us > row_number(row, HOST_present_until)))
		row_set_number(row, HOST_present_until, until_us);
	else if (has && last_us > row_number(row, HOST_present_until))
		row->now[HOST_present_until].set = false;
}

void presence_seen(struct world *world, struct host *host, int64_t first_us, int64_t last_us, int64_t until_us)
{
	struct row *row = &host->row;
	int64_t had_us = row_number(row, HOST_last_seen);
	struct stay *stay;

	if (!row->now[HOST_last_seen].set) {
		row_set_number(row, HOST_present_since, first_us);
	} else if (last_us > had_us && last_us > believed_until(row)) {
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
	believe(row, row->now[HOST_last_seen].set ? had_us : 0, last_us, until_us);
	row_seen(row, HOST_first_seen, first_us, last_us);
}

void presence_fold(struct host *into, const struct host *from)
{
	int64_t since_us = row_number(&from->row, HOST_present_since),
		until_us = row_number(&from->row, HOST_present_until);

	if (from->row.now[HOST_present_until].set &&
	    (!into->row.now[HOST_present_until].set || until_us > row_number(&into->row, HOST_present_until)))
		row_set_number(&into->row, HOST_present_until, until_us);

	if (!from->row.now[HOST_present_since].set)
		return;
	if (!into->row.now[HOST_present_since].set || since_us < row_number(&into->row, HOST_present_since))
		row_set_number(&into->row, HOST_present_since, since_us);
}
