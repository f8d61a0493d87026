# SPDX-License-Identifier: BSD-2-Clause
# What servers and devices say when they are asked: real ones, in network namespaces with no way out, and hostile ones on loopback.

# SNMP: sensor/snmp/ alone, and a program that asks by it.
SNMP_SOURCES := $(wildcard sensor/snmp/*.c) $(patsubst %,sensor/%.c,clock fact_json text)
$(BUILD)/tests/ask/snmp_ask: $(BUILD)/tests/ask/snmp_ask.o $(call objects,$(SNMP_SOURCES)) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(shell pkg-config --libs netsnmp json-c) $(LDFLAGS)

TESTS += tests/ask/snmp
tests/ask/snmp: | $(BUILD)/tests/ask/snmp_ask

# The dialogues by UDP, and what definitions ask for.
UDP_TESTS := asked rdns udp
TESTS += $(patsubst %,$(BUILD)/tests/ask/%,$(UDP_TESTS))

# All of them, without sockets.
ASK_UDP_SOURCES := $(wildcard sensor/ask/udp*.c sensor/decode/*.c) $(patsubst %,sensor/%.c,ask/decoded ask/dialogue ask/dns_ask fact_json text)

$(patsubst %,$(BUILD)/tests/ask/%,$(UDP_TESTS)): $(BUILD)/tests/ask/%: $(BUILD)/tests/ask/%.o $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $(filter %.o,$^) $(BUILD)/libdefs.a $(UDP_LIBS) $(LDFLAGS)
$(BUILD)/tests/ask/rdns: $(call objects,sensor/ask/rdns.c)
$(BUILD)/tests/ask/rdns $(BUILD)/tests/ask/udp: $(call objects,$(ASK_UDP_SOURCES))
$(BUILD)/tests/ask/rdns $(BUILD)/tests/ask/udp: UDP_LIBS = $(shell pkg-config --libs json-c libcrypto)

TESTS += tests/ask/asked_forms tests/ask/udp_servers
.PHONY: tests/ask/udp_servers # always, so that what it needs is built
tests/ask/udp_servers: $(patsubst %,$(BUILD)/tests/ask/%,talk names ask_run)
$(BUILD)/tests/ask/talk: $(BUILD)/tests/ask/talk.o $(call objects,$(ASK_UDP_SOURCES)) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $(filter %.o,$^) $(BUILD)/libdefs.a $(shell pkg-config --libs json-c libcrypto) $(LDFLAGS)

# Speaking to ports: all of sensor/ask/, with sockets, as a program.
ASK_SOURCES := $(wildcard sensor/ask/*.c sensor/decode/*.c) $(patsubst %,sensor/%.c,clock fact_json text probe/never)
ASK_LIBRARIES = $(shell pkg-config --libs liburing openssl zlib json-c)
$(BUILD)/tests/ask/ask_run $(BUILD)/tests/ask/names: $(BUILD)/tests/ask/%: $(BUILD)/tests/ask/%.o $(call objects,$(ASK_SOURCES)) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(ASK_LIBRARIES) $(LDFLAGS)

TESTS += tests/ask/servers tests/ask/hostile
.PHONY: tests/ask/servers tests/ask/hostile
tests/ask/servers tests/ask/hostile: $(BUILD)/tests/ask/ask_run

# Its pure parts: pages, and one port's conversation.
ASK_TESTS := pages conversation
TESTS += $(patsubst %,$(BUILD)/tests/ask/%,$(ASK_TESTS))
$(patsubst %,$(BUILD)/tests/ask/%,$(ASK_TESTS)): $(BUILD)/tests/ask/%: $(BUILD)/tests/ask/%.o $(call objects,$(ASK_SOURCES)) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(ASK_LIBRARIES) $(LDFLAGS)
