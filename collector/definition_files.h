/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A person's own definitions in a directory: DIR/NAME.json are services, each with its name as its id; DIR/devices/NAME.json are claims
 * about devices. The forms are those of defs/services/ and defs/devices/.
 */
#ifndef COLLECTOR_DEFINITION_FILES_H
#define COLLECTOR_DEFINITION_FILES_H

#include "collector/arena.h"
#include "collector/recognize/recognize.h"

enum {
	DEFINITION_FILES_MAX = 2000, /* of each kind; the others, in the order of their names, are left out */
	DEFINITION_FILE_BYTES_MAX = 128 * 1024, /* a larger one is left out */
};

struct definition_files {
	struct arena arena;
	struct definition_text *services, *devices; /* in the order of their names */
	size_t service_count, device_count;
	size_t left_out; /* files that can't be read, or are past the limits; each was logged */
};

/* 0; -errno when there is no such directory, after saying so. Free it in any case. */
int definition_files_read(const char *directory, struct definition_files *out);
void definition_files_free(struct definition_files *);
/* Stands for names, sizes and times of what is there: another number when something has changed. 0: nothing is. */
uint64_t definition_files_stamp(const char *directory);

#endif
