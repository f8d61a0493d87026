/* SPDX-License-Identifier: BSD-2-Clause */
/* The definitions that come with the program: the texts of defs/services/ and defs/devices/, made into a table by builtin.mjs. */
#ifndef COLLECTOR_RECOGNIZE_BUILTIN_H
#define COLLECTOR_RECOGNIZE_BUILTIN_H

#include "collector/recognize/recognize.h"

extern const struct definition_text builtin_services[], builtin_devices[];
extern const size_t builtin_service_count, builtin_device_count;

#endif
