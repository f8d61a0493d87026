/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TZif files (RFC 8536), version 2 or later: the second block, with times of 64 bits, and the rule at the end. Leap seconds are
 * left out, as the system's clock does.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/zone.h"

#define ZONE_DIR "/usr/share/zoneinfo/"

enum {
	FILE_BYTES_MAX = 1 << 17,
	HEAD_BYTES = 44,
	TYPE_BYTES = 6,
	RULE_BYTES_MAX = 128,
	TIMES_MAX = 4096,
	OFFSET_S_MAX = 26 * 3600, /* RFC 8536 section 3.2 */
};

struct change {
	int64_t time, offset;
};

struct zone {
	int64_t first; /* offset until the first change */
	bool has_rule;
	struct zone_rule rule;
	size_t count;
	struct change changes[];
};

struct counts {
	uint32_t universal, standard, leaps, times, types, letters;
};

static uint32_t number32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t number64(const uint8_t *at)
{
	return (int64_t)((uint64_t)number32(at) << 32 | number32(at + 4));
}

static bool read_head(const uint8_t *at, size_t left, struct counts *out)
{
	if (left < HEAD_BYTES || memcmp(at, "TZif", 4) != 0 || at[4] < '2')
		return false;
	*out = (struct counts){number32(at + 20), number32(at + 24), number32(at + 28),
			       number32(at + 32), number32(at + 36), number32(at + 40)};
	return out->universal <= TIMES_MAX && out->standard <= TIMES_MAX && out->leaps <= TIMES_MAX &&
	       out->times <= TIMES_MAX && out->types && out->types <= 256 && out->letters <= TIMES_MAX;
}

static size_t block_bytes(const struct counts *c, size_t time_bytes)
{
	return c->times * (time_bytes + 1) + (size_t)c->types * TYPE_BYTES + c->letters +
	       c->leaps * (time_bytes + 4) + c->standard + c->universal;
}

static bool read_offset(const uint8_t *types, const struct counts *c, uint8_t type, int64_t *out)
{
	if (type >= c->types)
		return false;
	*out = (int32_t)number32(types + (size_t)type * TYPE_BYTES);
	return *out >= -OFFSET_S_MAX && *out <= OFFSET_S_MAX;
}

static bool read_changes(const uint8_t *at, const struct counts *c, struct zone *zone)
{
	const uint8_t *type = at + (size_t)c->times * 8, *types = type + c->times;

	zone->count = c->times;
	if (!read_offset(types, c, 0, &zone->first))
		return false;
	for (size_t i = 0; i < c->times; i++) {
		zone->changes[i].time = number64(at + 8 * i);
		if (!read_offset(types, c, type[i], &zone->changes[i].offset) ||
		    (i && zone->changes[i].time <= zone->changes[i - 1].time))
			return false;
	}
	return true;
}

/* Between two line feeds; it may be empty. */
static bool read_footer(const uint8_t *at, size_t left, struct zone *zone)
{
	const uint8_t *end = left > 1 && at[0] == '\n' ? memchr(at + 1, '\n', left - 1) : NULL;
	char text[RULE_BYTES_MAX];
	size_t length;

	if (!end)
		return false;
	length = (size_t)(end - at) - 1;
	if (!length)
		return true;
	if (length >= sizeof(text))
		return false;
	memcpy(text, at + 1, length);
	text[length] = 0;
	zone->has_rule = true;
	return zone_rule_read(text, &zone->rule) == 0;
}

int zone_read(const uint8_t *bytes, size_t length, struct zone **out)
{
	struct counts old, c;
	struct zone *zone;
	size_t at;

	if (!read_head(bytes, length, &old))
		return -EINVAL;
	at = HEAD_BYTES + block_bytes(&old, 4);
	if (at > length || !read_head(bytes + at, length - at, &c))
		return -EINVAL;
	at += HEAD_BYTES;
	if (block_bytes(&c, 8) > length - at)
		return -EINVAL;
	zone = calloc(1, sizeof(*zone) + c.times * sizeof(struct change));
	if (!zone)
		return -ENOMEM;
	if (!read_changes(bytes + at, &c, zone) ||
	    !read_footer(bytes + at + block_bytes(&c, 8), length - at - block_bytes(&c, 8), zone)) {
		free(zone);
		return -EINVAL;
	}
	*out = zone;
	return 0;
}

/* Letters, digits, _ + -, in parts between slashes: no way out of the directory. */
static bool name_good(const char *name)
{
	size_t length = strlen(name);

	if (!length || length > ZONE_NAME_BYTES_MAX || !isalpha((unsigned char)name[0]) ||
	    name[length - 1] == '/' || strstr(name, "//"))
		return false;
	for (const char *at = name; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("_+-/", *at))
			return false;
	return true;
}

int zone_load(const char *name, struct zone **out)
{
	char path[sizeof(ZONE_DIR) + ZONE_NAME_BYTES_MAX];
	struct stat status;
	uint8_t *bytes;
	ssize_t length;
	int fd, error;

	if (!name_good(name))
		return -ENOENT;
	snprintf(path, sizeof(path), ZONE_DIR "%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOTDIR ? -ENOENT : -errno;
	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) || status.st_size > FILE_BYTES_MAX) {
		close(fd);
		return -ENOENT;
	}
	bytes = malloc((size_t)status.st_size + 1);
	length = bytes ? read(fd, bytes, (size_t)status.st_size) : -1;
	error = !bytes ? -ENOMEM : length < 0 ? -errno : zone_read(bytes, (size_t)length, out);
	free(bytes);
	close(fd);
	return error == -EINVAL ? -ENOENT : error;
}

void zone_span(const struct zone *zone, int64_t at, struct zone_span *out)
{
	size_t low = 0, high = zone->count; /* changes that are not after at */

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (zone->changes[middle].time <= at)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == zone->count && zone->has_rule) {
		zone_rule_span(&zone->rule, at, out);
		if (!low || out->start > zone->changes[low - 1].time)
			return;
		out->start = zone->changes[low - 1].time;
		out->before = low > 1 ? zone->changes[low - 2].offset : zone->first;
		return;
	}
	*out = (struct zone_span){INT64_MIN, INT64_MAX, zone->first, zone->first};
	if (low) {
		out->start = zone->changes[low - 1].time;
		out->offset = zone->changes[low - 1].offset;
		out->before = low > 1 ? zone->changes[low - 2].offset : zone->first;
	}
	if (low < zone->count)
		out->end = zone->changes[low].time;
}

void zone_free(struct zone *zone)
{
	free(zone);
}
