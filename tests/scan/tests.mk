# SPDX-License-Identifier: BSD-2-Clause
# The scan as a whole: what it writes, and end to end in network namespaces.
SCAN_TESTS := output
TESTS += $(patsubst %,$(BUILD)/tests/scan/%,$(SCAN_TESTS)) tests/scan/live.py tests/scan/discovery.py
tests/scan/discovery.py: | $(BUILD)/netvisor-collector
$(BUILD)/tests/scan/output: $(call objects,sensor/scan/found.c sensor/scan/clean.c sensor/scan/output_table.c sensor/scan/output_xml.c sensor/text.c)

$(patsubst %,$(BUILD)/tests/scan/%,$(SCAN_TESTS)): $(BUILD)/tests/scan/%: $(BUILD)/tests/scan/%.o $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $(filter %.o,$^) $(BUILD)/libdefs.a $(LDFLAGS)
