# SPDX-License-Identifier: BSD-2-Clause
# The programs' options, man pages and log, the sensor's clock, its outbox and its uplink.
STREAM_TESTS := options log clock server message outbox uplink
TESTS += $(patsubst %,$(BUILD)/tests/stream/%,$(STREAM_TESTS)) tests/stream/man tests/stream/live

STREAM_LIBRARIES = $(shell pkg-config --libs sqlite3 json-c libwebsockets openssl)
$(BUILD)/tests/stream/clock: $(call objects,sensor/clock.c)
STREAM_OUTBOX := $(call objects,sensor/outbox.c sensor/outbox_uplink.c sensor/outbox_file.c sensor/clock.c sensor/fact_json.c sensor/text.c)
$(BUILD)/tests/stream/server: $(call objects,sensor/server.c)
$(BUILD)/tests/stream/message: $(call objects,sensor/message.c sensor/message_report.c sensor/fragments.c sensor/machine.c sensor/machine_ways.c sensor/abilities.c \
	sensor/docker/places.c sensor/docker/read.c)
$(BUILD)/tests/stream/outbox: $(STREAM_OUTBOX)
$(BUILD)/tests/stream/uplink: $(STREAM_OUTBOX) $(call objects,tests/stream/fake.c sensor/session.c sensor/message.c sensor/fragments.c sensor/uplink.c)
$(BUILD)/tests/stream/fake.o: ROOM_CFLAGS = $(shell pkg-config --cflags json-c libwebsockets)

$(patsubst %,$(BUILD)/tests/stream/%,$(STREAM_TESTS)): $(BUILD)/tests/stream/%: $(BUILD)/tests/stream/%.o $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $(filter %.o,$^) $(BUILD)/libdefs.a $(STREAM_LIBRARIES) $(LDFLAGS)
