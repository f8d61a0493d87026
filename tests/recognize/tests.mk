# SPDX-License-Identifier: BSD-2-Clause
# What is concluded: the engine, and every definition against the evidence of its own tests.
RECOGNIZE_TESTS := $(patsubst %,$(BUILD)/tests/recognize/%,bounds cases definitions)
TESTS += $(RECOGNIZE_TESTS)
$(RECOGNIZE_TESTS): $(BUILD)/tests/recognize/%: $(BUILD)/tests/recognize/%.o $(COLLECTOR_LIBRARY) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(shell pkg-config --libs json-c libpcre2-8) -lm $(LDFLAGS)
TESTS += tests/recognize/explain
.PHONY: tests/recognize/explain # always, so that what it needs is built
tests/recognize/explain: $(BUILD)/netvisor-collector
