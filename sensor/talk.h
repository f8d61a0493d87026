/* SPDX-License-Identifier: BSD-2-Clause */
/* One TCP connection as far as its head goes: what both ends have sent, and what that says. Where its bytes find room is heads.c's. */
#ifndef SENSOR_TALK_H
#define SENSOR_TALK_H

#include "sensor/heard/heard.h"
#include "sensor/pieces.h"
#include "sensor/table.h"

enum { TALK_IDLE_US = 10 * 1000000 }; /* after this nothing more is waited for, if not longer */

/* All zero at first, but for the key. */
struct talk {
	struct table_entry entry;
	struct flow_key key;
	int64_t last_us;
	uint64_t foreign;
	bool whole, over;
	bool spoken;
	bool web; /* HTTP may come in it later: it was heard before, or it is not known what this is */
	uint8_t opener, first; /* ends: who sent the SYN, if whole; who spoke first, if spoken */
	uint8_t inside, next;  /* enum heard_inside: of its bytes, and of a hello that comes later */
	uint8_t renewals;
	struct pieces end[2];
};

/* What it says now, with what it speaks (empty: not known). ended: nothing more will come. True: it is over, and both are set. */
bool talk_hear(struct talk *, bool ended, struct fact_list *out, struct text *app);
/* A head in the middle of a talk that is over. True: it says something, and out has it. */
bool talk_hear_later(const struct talk *, const struct segment *, struct fact_list *out);
/* A talk that is over begins anew when the segment is a hello of TLS. */
bool talk_renew(struct talk *, const struct segment *);
/* Nothing has come for so long that what is there is all. */
bool talk_is_quiet(const struct talk *, int64_t now_us);

#endif
