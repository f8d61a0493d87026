// SPDX-License-Identifier: BSD-2-Clause
/* Any datagram to one dialogue by UDP: the first byte says which one. All facts are written as JSON. */
#include <stdlib.h>

#include "sensor/fact_json.h"
#include "tests/ask/answers.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void say_json(void *to, const struct fact *fact)
{
	size_t length;

	(void)to;
	free(fact_json(fact, &length));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct dialogue_context context;
	const struct dialogue *row;
	struct say say = {&context, say_json, NULL};

	if (length < 1)
		return 0;
	row = bytes[0] < udp_count() ? udp_row(bytes[0]) : &udp_ptr;
	context = test_context(row, 0);
	row->answer(&context, 0, bytes + 1, length - 1, false, &say);
	return 0;
}
