# SPDX-License-Identifier: BSD-2-Clause
# The programs' options and log, the sensor's clock, its outbox and its uplink.
STREAM_TESTS := options log clock
TESTS += $(patsubst %,$(BUILD)/tests/stream/%,$(STREAM_TESTS))

$(BUILD)/tests/stream/clock: $(BUILD)/sensor/clock.o

$(patsubst %,$(BUILD)/tests/stream/%,$(STREAM_TESTS)): $(BUILD)/tests/stream/%: $(BUILD)/tests/stream/%.o $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $(filter %.o,$^) $(BUILD)/libdefs.a $(STREAM_LIBRARIES) $(LDFLAGS)
