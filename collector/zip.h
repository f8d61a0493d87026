/* SPDX-License-Identifier: BSD-2-Clause */
/* A ZIP archive (PKWARE APPNOTE 6.3.3) of a few files that are in memory, each deflated. */
#ifndef COLLECTOR_ZIP_H
#define COLLECTOR_ZIP_H

#include "collector/buffer.h"

struct zip {
	struct buffer out, directory;
	unsigned int files;
};

/* Add a file. A failure is kept in zip->out.failed. */
void zip_add(struct zip *, const char *name, const char *bytes, size_t length);
/* Close the archive: it is zip->out, the caller's to free. */
void zip_end(struct zip *);

#endif
