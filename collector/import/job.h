/* SPDX-License-Identifier: BSD-2-Clause */
/* The messages of an import on their way through ingest, and its row that says how far they are. */
#ifndef COLLECTOR_IMPORT_JOB_H
#define COLLECTOR_IMPORT_JOB_H

#include "collector/import/import.h"
#include "collector/secret.h"

struct app;

/*
 * Send what was read through ingest, in the background; the import's row is there already, and is moved on. Takes over what is in
 * *read. 0, or -ENOMEM with *read as it was.
 */
int import_job(struct app *, const char network_id[static ID_TEXT_MAX], const char id[static ID_TEXT_MAX],
	       struct import *read);

#endif
