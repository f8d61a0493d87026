/* SPDX-License-Identifier: BSD-2-Clause */
/* What tells services by the pages of their web servers, as JSON; made by definitions.mjs from defs/services/. */
#ifndef COLLECTOR_DEFINITIONS_H
#define COLLECTOR_DEFINITIONS_H

extern const char definition_rules[];

#endif
