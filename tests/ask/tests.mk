# SPDX-License-Identifier: BSD-2-Clause
# What servers and devices say when they are asked: real ones, in network namespaces with no way out, and hostile ones on loopback.

# SNMP: sensor/snmp/ alone, and a program that asks by it.
SNMP_SOURCES := $(wildcard sensor/snmp/*.c) $(patsubst %,sensor/%.c,clock fact_json text)
$(BUILD)/tests/ask/snmp_ask: $(BUILD)/tests/ask/snmp_ask.o $(call objects,$(SNMP_SOURCES)) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(shell pkg-config --libs netsnmp json-c) $(LDFLAGS)

TESTS += tests/ask/snmp
tests/ask/snmp: | $(BUILD)/tests/ask/snmp_ask
