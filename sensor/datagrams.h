/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UDP datagrams and TCP segments that came in pieces (RFC 791, RFC 8200 4.5), put together again. Bounded in datagrams, pieces, bytes and age;
 * pieces that overlap are not put together at all (RFC 5722).
 */
#ifndef SENSOR_DATAGRAMS_H
#define SENSOR_DATAGRAMS_H

#include <stdint.h>

#include "sensor/frame.h"

struct datagrams;

/* 0, or -ENOMEM. */
int datagrams_open(struct datagrams **out);
/*
 * Take a piece: a frame as opened, and the record that it is in. Once the datagram is whole, a record with the whole of it
 * comes back, as if it had not been fragmented; it lives until the next call here. Otherwise NULL, also when the
 * frame is no piece.
 */
const struct record_frame *datagrams_add(struct datagrams *f, const struct record_frame *record,
					 const struct frame *frame);
/* Datagrams given up because of a bound, an overlap, or a piece that never came; segments of which the first piece had come. */
uint64_t datagrams_given_up(const struct datagrams *f);
void datagrams_close(struct datagrams *f);

#endif
