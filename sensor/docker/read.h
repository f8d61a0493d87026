/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Taking what is known out of an engine's JSON, and nothing else: each text is cut, cleaned and checked on its way into the
 * report. An engine's words are a stranger's.
 */
#ifndef SENSOR_DOCKER_READ_H
#define SENSOR_DOCKER_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

enum { READ_ID_MAX = 129 }; /* bytes of an id with the terminating zero */

/* The whole as JSON, UTF-8, at most 32 deep; NULL when it is not. To be put. */
struct json_object *read_json(const char *bytes, size_t length);

/* An object's member of a type (enum json_type); NULL without. They are borrowed. */
struct json_object *read_object(struct json_object *from, const char *key);
struct json_object *read_array(struct json_object *from, const char *key);
/* A text, "" without. */
const char *read_text(struct json_object *from, const char *key);
int64_t read_number(struct json_object *from, const char *key);
bool read_bool(struct json_object *from, const char *key);

/* Letters, digits and . _ - : alone, 1 to READ_ID_MAX - 1 of them: nothing that could change what is asked for. */
bool read_id(const char *text, char out[static READ_ID_MAX]);

/* Put under key what is not empty: the text, at most `most` bytes of it, without control characters. */
void put_text(struct json_object *to, const char *key, const char *text, size_t most);
/* An address or prefix, MAC, or time that is one; else nothing. */
void put_ip(struct json_object *to, const char *key, const char *text);
void put_prefix(struct json_object *to, const char *key, const char *text);
void put_mac(struct json_object *to, const char *key, const char *text);
void put_time(struct json_object *to, const char *key, const char *text);
void put_number(struct json_object *to, const char *key, int64_t number);
void put_bool(struct json_object *to, const char *key, bool value);
void put_object(struct json_object *to, const char *key, struct json_object *value); /* takes it over */

#endif
