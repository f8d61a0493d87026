# SPDX-License-Identifier: BSD-2-Clause
DEFS_OBJECTS := $(call objects,$(wildcard defs/*.c))

$(BUILD)/libdefs.a: $(DEFS_OBJECTS)
	rm -f $@
	ar rcs $@ $^
