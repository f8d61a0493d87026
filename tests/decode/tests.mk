# SPDX-License-Identifier: BSD-2-Clause
# From bytes to facts: decoders, flows, sightings, files, and the sensor reading a capture.
DECODE_TESTS := decode announce devices story sightings flows segments datagrams files heads talks tls conflicts impostors presence
DECODE_TESTS += alone quic questions clients
DECODE_TESTS += bridges routers strangers
TESTS += $(patsubst %,$(BUILD)/tests/decode/%,$(DECODE_TESTS))

# All of the sensor that turns bytes into facts, without the kernel, files and the network.
DECODE_SOURCES := $(wildcard sensor/decode/*.c sensor/heard/*.c sensor/conflict/*.c sensor/ask/tcp*.c sensor/ask/udp*.c) $(patsubst %,sensor/%.c,fact_json fact_pack flows \
	folds datagrams frame heads hellos hosts learn learn_flows losses link observe opener pcapng pieces presence questions segments services sightings table talk text variety) \
	$(patsubst %,sensor/ask/%.c,certificate decoded dialogue dns_ask favicon html http inflate room visit)
DECODE_LIBS = $(shell pkg-config --libs json-c openssl zlib)

$(patsubst %,$(BUILD)/tests/decode/%,$(DECODE_TESTS)): $(BUILD)/tests/decode/%: $(BUILD)/tests/decode/%.o \
		$(call objects,$(DECODE_SOURCES)) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(DECODE_LIBS) $(LDFLAGS)

$(BUILD)/tests/decode/write_pcap: $(BUILD)/tests/decode/write_pcap.o
	$(CC) $(SANITIZE) -o $@ $^ $(LDFLAGS)

TESTS += tests/decode/read
.PHONY: tests/decode/read # always, so that what it needs is built
tests/decode/read: $(BUILD)/netvisor-sensor $(BUILD)/tests/decode/write_pcap

TESTS += tests/decode/links
.PHONY: tests/decode/links
tests/decode/links: $(BUILD)/netvisor-sensor

TESTS += tests/net/replay
.PHONY: tests/net/replay
tests/net/replay: $(BUILD)/netvisor-sensor $(BUILD)/tests/decode/write_pcap
