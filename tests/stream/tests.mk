# SPDX-License-Identifier: BSD-2-Clause
# The programs' options and log, the sensor's outbox and its uplink.
STREAM_TESTS := options log
TESTS += $(patsubst %,$(BUILD)/tests/stream/%,$(STREAM_TESTS))

$(patsubst %,$(BUILD)/tests/stream/%,$(STREAM_TESTS)): $(BUILD)/tests/stream/%: $(BUILD)/tests/stream/%.o $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(LDFLAGS)
