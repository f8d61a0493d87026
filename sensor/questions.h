/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was asked by UDP: the latest datagram from one end to another, so that an answer is told from what merely looks like one. Backscatter, floods with made-up
 * senders and scans of answers have no question before them. Bounded in number, bytes and age.
 */
#ifndef SENSOR_QUESTIONS_H
#define SENSOR_QUESTIONS_H

#include "sensor/decode/decode.h"

struct questions;

/* 0, or -ENOMEM. */
int questions_open(struct questions **out);
/*
 * A datagram: ctx->asked becomes the start of the one that it may be an answer to (decode.h), and it is remembered as a question itself. What
 * asked refers to lives until the next call.
 */
void questions_see(struct questions *, struct decode_context *ctx, struct wire payload);
/* Questions that had to make room for others within the time in which an answer counts, and had had none. */
uint64_t questions_forgotten(const struct questions *);
void questions_close(struct questions *);

#endif
