/* SPDX-License-Identifier: BSD-2-Clause */
/* A definition that a person sends: to be kept (definitions.c) or to be tried (definition_test.c). */
#ifndef COLLECTOR_API_DEFINITIONS_H
#define COLLECTOR_API_DEFINITIONS_H

#include "collector/api.h"
#include "collector/recognize/recognize.h"
#include "collector/rulebook.h"

struct definition_under_test {
	char id[DEFINITION_ID_MAX + 1];
	char revision[16]; /* that it must have; "": any */
	char *json;	   /* freed by its owner */
	size_t length;
};

/* From the body; given: its id, or NULL for the body's, or one that is made of the name. false: the call is answered. */
bool definition_read(struct api_call *, const char *given, struct definition_under_test *out);
/* Compile it alone. false: it can't be used, and the call is answered with why. */
bool definition_compile(struct api_call *, const struct definition_under_test *, struct definitions **out);

#endif
