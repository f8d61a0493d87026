# SPDX-License-Identifier: BSD-2-Clause
# The programs' options and log, the sensor's clock, its outbox and its uplink.
STREAM_TESTS := options log clock outbox
TESTS += $(patsubst %,$(BUILD)/tests/stream/%,$(STREAM_TESTS))

STREAM_LIBRARIES = $(shell pkg-config --libs sqlite3 json-c)
$(BUILD)/tests/stream/clock: $(call objects,sensor/clock.c)
$(BUILD)/tests/stream/outbox: $(call objects,sensor/outbox.c sensor/outbox_file.c sensor/clock.c sensor/fact_json.c sensor/text.c)

$(patsubst %,$(BUILD)/tests/stream/%,$(STREAM_TESTS)): $(BUILD)/tests/stream/%: $(BUILD)/tests/stream/%.o $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $(filter %.o,$^) $(BUILD)/libdefs.a $(STREAM_LIBRARIES) $(LDFLAGS)
