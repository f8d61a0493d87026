/* SPDX-License-Identifier: BSD-2-Clause */
/* What the rows of TCP protocols (tcp_*.c) are written with: the arguments of their two functions, and what most of them say. */
#ifndef SENSOR_ASK_TCP_ROW_H
#define SENSOR_ASK_TCP_ROW_H

#include <string.h>

#include "sensor/ask/dialogue.h"

#define ASK_ARGUMENTS const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size
#define ANSWER_ARGUMENTS                                                                                \
	const struct dialogue_context *context, unsigned int step, const uint8_t *bytes, size_t length, \
		bool ended, const struct say *say

/* A request as it is: its length, or 0 when it does not fit. */
static inline size_t ask_bytes(uint8_t *out, size_t size, const void *bytes, size_t length)
{
	if (length > size)
		return 0;
	memcpy(out, bytes, length);
	return length;
}

/* What has come may be the beginning of an answer. */
static inline enum dialogue_verdict more(bool ended)
{
	return ended ? DIALOGUE_FOREIGN : DIALOGUE_MORE;
}

#endif
