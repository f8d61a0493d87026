// SPDX-License-Identifier: BSD-2-Clause
/* A decoder's facts as those of a dialogue. See decoded.h. */
#include "sensor/ask/decoded.h"

#include <errno.h>
#include <stdlib.h>

int say_decoded(const struct say *say, decode_function *decode, const uint8_t *bytes, size_t length)
{
	const struct dialogue_context *about = say->context;
	const struct decode_context context = {.time_us = about->time_us,
					       .vlan = about->vlan,
					       .ip_src = about->ip,
					       .port_src = about->port_h,
					       .hop_limit = 255};
	struct fact_list *list = malloc(sizeof(*list));
	int error;

	if (!list)
		return -ENOMEM;
	fact_list_reset(list);
	error = decode(&context, wire_over(bytes, length), list);
	for (size_t i = 0; !error && i < list->count; i++)
		say_fact(say, &list->item[i]);
	free(list);
	return error;
}
