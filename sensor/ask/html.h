/* SPDX-License-Identifier: BSD-2-Clause */
/* What a page says of itself, read out of any bytes without a parser's memory. Pure and bounded. */
#ifndef SENSOR_ASK_HTML_H
#define SENSOR_ASK_HTML_H

#include <stddef.h>

#include "defs/facts.h"

enum { HTML_TITLE_BYTES_MAX = 256, HTML_PATH_BYTES_MAX = 512 };

/* The page's title, white space folded, the common entities resolved. Returns its length in out, 0: none. */
size_t html_title(struct text page, char out[static HTML_TITLE_BYTES_MAX]);

/*
 * Where `to` leads from the page at path `from`, if it is on the same server: a path that begins with '/'. host: as in the answer's
 * own address, "NAME[:PORT]"; an absolute address elsewhere, another scheme than http/https, or a path too long gives 0.
 */
size_t html_resolve(struct text from, struct text host, struct text to, char out[static HTML_PATH_BYTES_MAX]);

/* The target of the page's first <link rel="…icon…">, as it is written there; no text: none. Borrowed from page. */
struct text html_icon(struct text page);

/*
 * Text that can be compared later: white space folded, and what is new in every answer (tokens, nonces, times) replaced by "…".
 * Returns the length in out, at most size.
 */
size_t html_fold(struct text page, char *out, size_t size);

#endif
