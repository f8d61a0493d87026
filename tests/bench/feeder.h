// SPDX-License-Identifier: BSD-2-Clause
/* A sensor of the benches: says facts to a collector at a rate, and in each batch one that tells when it was sent. */
#ifndef TESTS_BENCH_FEEDER_H
#define TESTS_BENCH_FEEDER_H

#include <stdint.h>

enum {
	FEEDER_NAME_DIGITS = 16
}; /* a batch's mark is a name: `t` and so many digits, microseconds since the epoch */

struct feeder {
	int port;
	const char *key;
	unsigned int rate; /* facts a second; 0: hosts that are new, as fast as they are acknowledged */
	unsigned int seconds;
};

struct feeder_result {
	uint64_t facts, batches;
	uint64_t
		late; /* batches that could not be sent when they were due, for too many were not acknowledged */
	double seconds;
};

/* 0, or -errno. */
int feeder_run(const struct feeder *, struct feeder_result *out);
int64_t feeder_now_us(void);

#endif
