/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The outbox's file: one connection to a SQLite database in WAL mode that holds facts under rising row ids.
 *
 * A connection belongs to one thread; several connections may be open on one file. Errors: -ENOSPC no room on
 * the disk, -EUCLEAN the file is damaged or no outbox at all, -EPROTO made by a newer version, -EACCES it can't be
 * opened, -EROFS not writable, -EBUSY held by another, -ENOMEM, and -EIO for all else.
 */
#ifndef SENSOR_OUTBOX_FILE_H
#define SENSOR_OUTBOX_FILE_H

#include <stddef.h>
#include <stdint.h>

enum { OUTBOX_ID_BYTES = 33 }; /* 32 hex digits and the terminating zero */

struct outbox_file;

/* Open, and make it when it is not there. Checks that it is an outbox. */
int outbox_file_open(const char *path, struct outbox_file **out);
void outbox_file_close(struct outbox_file *);

/* Made with the file, 128 random bits: tells this outbox from any other that the same sensor had. */
const char *outbox_file_id(const struct outbox_file *);
/* Make a new id, for a file that is an old copy of itself. Connections see it when they are opened. */
int outbox_file_renew(struct outbox_file *);

/* Row ids of the oldest and the newest fact held, 0 and 0 for none; *given: the highest id ever given. */
int outbox_file_range(struct outbox_file *, int64_t *first, int64_t *last, int64_t *given);
/* Bytes of the pages in use, without the log. */
int outbox_file_bytes(struct outbox_file *, uint64_t *out);

/* The writer's transaction. After an error, roll back. */
int outbox_file_begin(struct outbox_file *);
int outbox_file_add(struct outbox_file *, const char *text, size_t length);
int outbox_file_commit(struct outbox_file *);
void outbox_file_rollback(struct outbox_file *);

/* Remove the facts up to and including row `last`. Within the transaction, or on its own. */
int outbox_file_remove(struct outbox_file *, int64_t last);

/*
 * Hand the facts after row `after` to take(), in order, at most `limit`, until it returns 0. 0, or -errno.
 * The text is lent for the call.
 */
int outbox_file_read(struct outbox_file *, int64_t after, size_t limit,
		     int (*take)(void *context, int64_t row, const char *text, size_t length), void *context);

/* Move what is in the log into the database, as far as nobody is in the way. This is what waits for the disk. */
int outbox_file_checkpoint(struct outbox_file *);

#endif
