# SPDX-License-Identifier: BSD-2-Clause
COLLECTOR_PACKAGES := libwebsockets libpq json-c libsodium openssl
COLLECTOR_SOURCES := $(wildcard collector/*.c collector/api/*.c)
COLLECTOR_OBJECTS := $(call objects,$(COLLECTOR_SOURCES))

$(COLLECTOR_OBJECTS): ROOM_CFLAGS = $(shell pkg-config --cflags $(COLLECTOR_PACKAGES))

$(BUILD)/netvisor-collector: $(COLLECTOR_OBJECTS) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(shell pkg-config --libs $(COLLECTOR_PACKAGES)) $(LDFLAGS)
