# SPDX-License-Identifier: BSD-2-Clause
# facts_ts.c is a program of the build: it prints the TypeScript types of facts and entities.
DEFS_OBJECTS := $(call objects,$(filter-out defs/facts_ts.c,$(wildcard defs/*.c))) $(BUILD)/gen/asked.o

$(BUILD)/libdefs.a: $(DEFS_OBJECTS)
	rm -f $@
	ar rcs $@ $^

$(BUILD)/facts_ts: $(BUILD)/defs/facts_ts.o $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(LDFLAGS)

$(BUILD)/gen/facts.ts $(BUILD)/gen/entities.ts: $(BUILD)/gen/%.ts: $(BUILD)/facts_ts
	@mkdir -p $(@D)
	$(BUILD)/facts_ts $* >$@

# What the definitions ask for.
DEFINITIONS := $(filter-out defs/services/schema.json defs/services/categories.json,$(wildcard defs/services/*.json))
$(BUILD)/gen/asked.c: defs/asked.awk $(DEFINITIONS)
	@mkdir -p $(@D)
	@awk -f $^ >$@

$(BUILD)/gen/asked.o: $(BUILD)/gen/asked.c
	$(CC) $(ALL_CFLAGS) -c $< -o $@
