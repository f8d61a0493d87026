/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers that the decoders of passive watching understand already: read by them, said as the answer of a probe. */
#ifndef SENSOR_ASK_DECODED_H
#define SENSOR_ASK_DECODED_H

#include "sensor/ask/dialogue.h"
#include "sensor/decode/decode.h"

/* 0 with all facts said, perhaps none; -EBADMSG, -ENOMEM with nothing said. */
int say_decoded(const struct say *say, decode_function *decode, const uint8_t *bytes, size_t length);

#endif
