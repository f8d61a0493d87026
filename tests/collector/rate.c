// SPDX-License-Identifier: BSD-2-Clause
/*
 * How often someone may ask, with a clock that the test turns.
 */
#include <stdio.h>
#include <stdlib.h>

#include "collector/rate.h"
#include "collector/secret.h"
#include "tests/tap.h"

static const struct rate_limit usual[RATE_CLASSES] = {[RATE_PERSON] = {300, 150}, [RATE_STRANGER] = {40, 10}};
static const int64_t second_us = 1000000;

/* How many of so many requests pass at this time. */
static int passed(struct rate *rate, enum rate_class class, const char *who, int count, int64_t now_us)
{
	int good = 0;

	while (count--)
		good += rate_take(rate, class, who, now_us) == 0;
	return good;
}

static void burst_and_pace(void)
{
	struct rate *rate;
	int64_t now_us = 1000 * second_us;
	int good = 0;

	rate_open(usual, &rate);
	tap_ok(passed(rate, RATE_STRANGER, "192.0.2.1", 50, now_us) == 10,
	       "a stranger may ask ten times at once");
	tap_ok(rate_take(rate, RATE_STRANGER, "192.0.2.1", now_us) == 2,
	       "and is told to come again in 1.5 s, in whole seconds");
	tap_ok(passed(rate, RATE_STRANGER, "192.0.2.1", 5, now_us + 1600000) == 1, "after that once more");
	tap_ok(passed(rate, RATE_STRANGER, "192.0.2.2", 1, now_us) == 1, "another address has its own count");
	tap_ok(passed(rate, RATE_PERSON, "192.0.2.1", 1, now_us) == 1, "so has another class");
	tap_ok(passed(rate, RATE_PERSON, "p", 200, now_us) == 150, "a person may ask 150 times at once");
	for (int i = 0; i < 10 * 60 * 10; i++)
		good += passed(rate, RATE_PERSON, "q", 1, now_us + i * second_us / 10);
	tap_ok(good >= 3000 + 148 && good <= 3000 + 151,
	       "in ten minutes a person gets 300 a minute and the burst: %d", good);
	tap_ok(passed(rate, RATE_STRANGER, "192.0.2.1", 50, now_us + 3600 * second_us) == 10,
	       "an hour later all is forgotten");
	rate_close(rate);
}

static void addresses(void)
{
	struct rate *rate;
	int64_t now_us = 1000 * second_us;

	rate_open(usual, &rate);
	passed(rate, RATE_STRANGER, "2001:db8::1", 50, now_us);
	tap_ok(passed(rate, RATE_STRANGER, "2001:db8::ffff:2", 5, now_us) == 0,
	       "addresses of one /64 count as one");
	tap_ok(passed(rate, RATE_STRANGER, "2001:db8:0:1::1", 5, now_us) == 5, "those of the next do not");
	passed(rate, RATE_STRANGER, "::ffff:192.0.2.7", 50, now_us);
	tap_ok(passed(rate, RATE_STRANGER, "192.0.2.7", 5, now_us) == 0, "IPv4 in IPv6 is IPv4");
	tap_ok(passed(rate, RATE_STRANGER, "", 50, now_us) == 10, "no address is one too");
	rate_close(rate);
}

static void crowd(void)
{
	struct rate *rate;
	int64_t now_us = 1000 * second_us;
	int kept = 0, fresh = 0;
	char who[32];

	rate_open(usual, &rate);
	passed(rate, RATE_STRANGER, "192.0.2.9", 50, now_us);
	for (int i = 0; i < 100000; i++) {
		snprintf(who, sizeof(who), "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
		fresh += rate_take(rate, RATE_STRANGER, who, now_us) == 0;
	}
	kept = passed(rate, RATE_STRANGER, "192.0.2.9", 1, now_us) == 0;
	tap_ok(fresh == 100000 && kept, "a crowd of 100,000 passes, and who has asked too much is still known");
	rate_close(rate);
}

static void off(void)
{
	static const struct rate_limit none[RATE_CLASSES] = {{0, 0}, {0, 0}};
	struct rate *rate;

	rate_open(none, &rate);
	tap_ok(passed(rate, RATE_STRANGER, "a", 100000, 0) == 100000, "0 is no limit");
	rate_close(rate);
}

int main(void)
{
	if (secret_open() < 0)
		return 1;
	burst_and_pace();
	addresses();
	crowd();
	off();
	return tap_end();
}
