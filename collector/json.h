/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading JSON that a stranger sent: bounded depth, valid UTF-8, nothing after it. What is read belongs to the
 * document and lives as long as it. buffer.h writes JSON.
 */
#ifndef COLLECTOR_JSON_H
#define COLLECTOR_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/buffer.h"

enum { JSON_DEPTH_MAX = 12 };

/* A value in a document; NULL is JSON's null, and what is missing. */
struct json;

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

/* 0 and a document for json_free(), or -EINVAL; *why then says what is wrong, in a few words. */
int json_read(const char *bytes, size_t length, struct json **out, const char **why);
void json_free(struct json *document);

enum json_kind json_kind(const struct json *);
/* Of an object; NULL when it has no such key. */
const struct json *json_get(const struct json *, const char *key);
/* Items of an array; its i-th. */
size_t json_count(const struct json *);
const struct json *json_at(const struct json *, size_t i);
/* False, and *out untouched, when it is something else. A text may hold zero bytes; it is terminated all the same. */
bool json_text(const struct json *, const char **out, size_t *length);
bool json_flag(const struct json *, bool *out);
bool json_number(const struct json *, double *out);
/* An integer from 0 to max, also when it is written as 1.0 or 1e3. */
bool json_integer(const struct json *, uint64_t max, uint64_t *out);
/* Call fn for each key of an object until it returns nonzero, and return that. */
int json_each(const struct json *, int (*fn)(void *arg, const char *key, const struct json *value), void *arg);
/* Write a value again, compact, fit for PostgreSQL. */
void json_write(const struct json *, struct buffer *out);

#endif
