// SPDX-License-Identifier: BSD-2-Clause
#include "sensor/probe/ease.h"

enum {
	STRETCH_US = 100000,
	ANSWERS_MIN = 50,      /* in a stretch, to go by */
	LOSSY_PART = 10,       /* one answer in so many is to a second asking: lossy */
	LIMIT_MIN = 5000,      /* what is lost below is not lost for our haste */
	LIMIT_MOST = 10000000, /* beyond it there is none */
};

void ease_answer(struct ease *ease, bool again)
{
	ease->answers++;
	ease->again += again;
}

uint32_t ease_limit(struct ease *ease, int64_t now_us)
{
	const int64_t elapsed = now_us - ease->since_us;

	if (elapsed < STRETCH_US)
		return ease->limit;
	if (ease->since_us && ease->answers >= ANSWERS_MIN && ease->again > ease->answers / LOSSY_PART &&
	    !ease->hold) {
		/* A fifth more than came through. */
		const uint64_t through = (uint64_t)ease->answers * 1200000 / (uint64_t)elapsed;

		if (!ease->limit || through < ease->limit)
			ease->limit = through > LIMIT_MIN ? (uint32_t)through : LIMIT_MIN;
		ease->hold = true;
	} else if (ease->limit && ease->again <= ease->answers / LOSSY_PART) {
		ease->limit += ease->limit / 4;
		ease->hold = false;
	} else {
		ease->hold = false;
	}
	if (ease->limit > LIMIT_MOST)
		ease->limit = 0;
	ease->since_us = now_us;
	ease->answers = ease->again = 0;
	return ease->limit;
}
