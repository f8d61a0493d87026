# SPDX-License-Identifier: BSD-2-Clause
COLLECTOR_PACKAGES := zlib libwebsockets libpq json-c libsodium openssl libcurl libmosquitto libpcre2-8
COLLECTOR_SOURCES := $(wildcard collector/*.c collector/api/*.c collector/recognize/*.c collector/import/*.c collector/export/*.c)
COLLECTOR_OBJECTS := $(call objects,$(COLLECTOR_SOURCES)) $(BUILD)/collector/statements.o $(BUILD)/collector/oui_table.o \
	$(BUILD)/collector/recognize/builtin_table.o
# Everything but main(), for tests.
COLLECTOR_LIBRARY := $(BUILD)/libcollector.a
COLLECTOR_SQL := $(sort $(wildcard collector/sql/*.sql))

# SQL → build/collector/statements.h and .c
$(BUILD)/collector/statements.h: collector/sql/embed.awk $(COLLECTOR_SQL)
	@mkdir -p $(@D)
	awk -v part=header -f $^ > $@
$(BUILD)/collector/statements.c: collector/sql/embed.awk $(COLLECTOR_SQL)
	@mkdir -p $(@D)
	awk -v part=source -f $^ > $@
$(BUILD)/collector/statements.o: $(BUILD)/collector/statements.c $(BUILD)/collector/statements.h
	$(CC) $(ALL_CFLAGS) -c $< -o $@

# MAC vendors: the newest registries come from npm; those of Debian's ieee-data when npm can't be reached.
$(BUILD)/oui/index.json: collector/package.json collector/package-lock.json
	@mkdir -p $(@D)
	cp $^ $(@D)
	cd $(@D) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >npm.log 2>&1 && \
		cp node_modules/oui-data/index.json index.json || \
		{ echo "MAC vendors: npm can't be reached, taking Debian's ieee-data" >&2; echo '{}' >index.json; }
$(BUILD)/collector/oui_table.c: collector/oui.mjs $(BUILD)/oui/index.json
	@mkdir -p $(@D)
	node collector/oui.mjs $(wildcard /usr/share/ieee-data/oui.csv /usr/share/ieee-data/mam.csv /usr/share/ieee-data/oui36.csv) \
		$(BUILD)/oui/index.json >$@
$(BUILD)/collector/oui_table.o: $(BUILD)/collector/oui_table.c
	$(CC) $(ALL_CFLAGS) -c $< -o $@

# The definitions that come with the program.
$(BUILD)/collector/recognize/builtin_table.c: collector/recognize/builtin.mjs $(wildcard defs/services/*.json defs/devices/*.json)
	@mkdir -p $(@D)
	node $^ >$@
$(BUILD)/collector/recognize/builtin_table.o: $(BUILD)/collector/recognize/builtin_table.c
	$(CC) $(ALL_CFLAGS) -Wno-overlength-strings -c $< -o $@

$(COLLECTOR_OBJECTS): ROOM_CFLAGS = $(shell pkg-config --cflags $(COLLECTOR_PACKAGES))
$(COLLECTOR_OBJECTS): | $(BUILD)/collector/statements.h

$(COLLECTOR_LIBRARY): $(filter-out %/main.o,$(COLLECTOR_OBJECTS))
	rm -f $@
	ar rcs $@ $^

$(BUILD)/netvisor-collector: $(BUILD)/collector/main.o $(COLLECTOR_LIBRARY) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(shell pkg-config --libs $(COLLECTOR_PACKAGES)) -lpthread -lm $(LDFLAGS)
