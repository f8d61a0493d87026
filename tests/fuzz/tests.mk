# SPDX-License-Identifier: BSD-2-Clause
# libFuzzer targets: one for each decoder, and for what reads frames, records and files. Their objects are a second build, by
# clang with sanitizers, below $(BUILD)/fuzz. To add one: its name to FUZZERS, its objects as prerequisites of
# $(BUILD)/fuzz/bin/NAME, and its seeds in $(BUILD)/fuzz/seeds/NAME.
FUZZ_SECONDS ?= 30
FUZZ_DECODERS := arp nd dhcp dhcpv6 dns mdns llmnr lldp cdp stp nbns netbios ssdp wsd vrrp hsrp syn ntp snmp sip \
	mndp tuya kasa ubiquiti dropbox tapo enip bacnet coap stun answer steam \
	pvst fdp edp vtp dtp udld lacp eapol profinet glbp igmp mld pim ospf eigrp rip ripng icmp
FUZZERS := $(FUZZ_DECODERS) frame link record heads quic pcapng message stream docker jose dialogue conversation targets agent request recognize import alert
FUZZ_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_CFLAGS = -std=gnu17 -I. -I$(BUILD) -Wall -Wextra -Werror -D_GNU_SOURCE -DWIRE_SUMS_UNCHECKED -O1 -g -fno-strict-aliasing -MMD -MP \
	-fsanitize=fuzzer-no-link $(FUZZ_SANITIZE) $(shell pkg-config --cflags json-c)

$(BUILD)/fuzz/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CLANG) $(FUZZ_CFLAGS) -c $< -o $@

$(patsubst %,$(BUILD)/fuzz/obj/tests/fuzz/decoder_%.o,$(FUZZ_DECODERS)): $(BUILD)/fuzz/obj/tests/fuzz/decoder_%.o: tests/fuzz/decoder.c
	@mkdir -p $(@D)
	$(CLANG) $(FUZZ_CFLAGS) -DFUZZ_DECODER=decode_$* -c $< -o $@

FUZZ_OBJECTS := $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(DECODE_SOURCES) defs/addr.c defs/facts.c defs/asked.c) $(BUILD)/gen/asked.o

$(patsubst %,$(BUILD)/fuzz/bin/%,$(FUZZ_DECODERS)): $(BUILD)/fuzz/bin/%: $(BUILD)/fuzz/obj/tests/fuzz/decoder_%.o $(FUZZ_OBJECTS)
$(patsubst %,$(BUILD)/fuzz/bin/%,$(FUZZ_DECODERS) frame link record heads quic pcapng): FUZZ_LIBS = $(shell pkg-config --libs openssl zlib)
$(patsubst %,$(BUILD)/fuzz/bin/%,frame link record heads quic pcapng): $(BUILD)/fuzz/bin/%: $(BUILD)/fuzz/obj/tests/fuzz/%.o $(FUZZ_OBJECTS)
$(BUILD)/fuzz/bin/message: $(patsubst %,$(BUILD)/fuzz/obj/%.o,tests/fuzz/message sensor/message sensor/fragments defs/addr)
# What the collector reads of a sensor: everything between bytes and facts, and what writes facts again.
$(BUILD)/fuzz/bin/stream: $(patsubst %,$(BUILD)/fuzz/obj/%.o,tests/fuzz/stream $(patsubst %,collector/%,stream fact_read \
	fact_write json buffer arena secret) defs/addr defs/facts)
$(BUILD)/fuzz/bin/stream: FUZZ_LIBS = -lsodium
# What the sensor reads of a container engine.
$(BUILD)/fuzz/bin/docker: $(patsubst %,$(BUILD)/fuzz/obj/%.o,tests/fuzz/docker $(patsubst %,sensor/docker/%,report container read) defs/addr)
# What it reads of files of other programs, up to the facts that they become.
$(BUILD)/fuzz/bin/import: $(patsubst %,$(BUILD)/fuzz/obj/%.o,tests/fuzz/import $(patsubst %,collector/import/%,import xml nmap arp csv) \
	$(patsubst %,collector/%,stream fact_read fact_write json buffer arena secret) defs/addr defs/facts)
$(BUILD)/fuzz/bin/import: FUZZ_LIBS = -lsodium
# What it reads of a provider that signs people in.
$(BUILD)/fuzz/bin/jose: $(patsubst %,$(BUILD)/fuzz/obj/%.o,tests/fuzz/jose $(patsubst %,collector/%,jose jose_key id_token json buffer))
$(BUILD)/fuzz/bin/jose: FUZZ_LIBS = -lcrypto
# What servers answer to the dialogues by UDP.
$(BUILD)/fuzz/bin/dialogue: $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,tests/fuzz/dialogue.c $(ASK_UDP_SOURCES) defs/addr.c defs/facts.c)
$(BUILD)/fuzz/bin/dialogue: FUZZ_LIBS = -lcrypto
$(BUILD)/fuzz/write_dialogue_seeds: $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,tests/ask/write_seeds.c $(ASK_UDP_SOURCES) defs/addr.c defs/facts.c)
	$(CLANG) -fsanitize=fuzzer-no-link $(FUZZ_SANITIZE) -o $@ $^ $(shell pkg-config --libs json-c libcrypto)
# What servers say to the ports' conversations: all of sensor/ask/ but its sockets.
CONVERSATION_SOURCES := $(filter-out sensor/ask/ask.c sensor/ask/uring.c sensor/ask/uring_open.c sensor/ask/socket.c sensor/ask/queue.c sensor/ask/rdns.c sensor/clock.c,$(ASK_SOURCES)) defs/addr.c defs/facts.c defs/asked.c
$(BUILD)/fuzz/bin/conversation: $(BUILD)/fuzz/obj/tests/fuzz/conversation.o $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(CONVERSATION_SOURCES)) $(BUILD)/gen/asked.o
$(BUILD)/fuzz/bin/conversation: FUZZ_LIBS = $(shell pkg-config --libs openssl zlib)
$(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(wildcard sensor/ask/*.c)): FUZZ_CFLAGS += -DNETVISOR_VERSION='"0"'
$(BUILD)/fuzz/write_port_seeds: $(BUILD)/fuzz/obj/tests/ask/write_port_seeds.o
	$(CLANG) -fsanitize=fuzzer-no-link $(FUZZ_SANITIZE) -o $@ $^
# What is told of alerts.
$(BUILD)/fuzz/bin/alert: $(patsubst %,$(BUILD)/fuzz/obj/%.o,tests/fuzz/alert collector/alert_message collector/alert_home collector/json collector/buffer)
# Targets and ports as a collector or a person names them.
$(BUILD)/fuzz/bin/targets: $(patsubst %,$(BUILD)/fuzz/obj/%.o,tests/fuzz/targets $(patsubst %,sensor/probe/%,space space_text ports never) defs/addr)
# What a device tells by SNMP, from cells to facts.
$(BUILD)/fuzz/bin/agent: $(patsubst %,$(BUILD)/fuzz/obj/%.o,tests/fuzz/agent $(patsubst %,sensor/snmp/%,device tables tables_bridge tables_ip \
	tables_neighbor tell tell_link walk) sensor/fact_json sensor/text defs/addr defs/facts)
# Definitions that people write, and facts that they are compared with.
$(BUILD)/fuzz/bin/recognize: $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,tests/fuzz/recognize.c $(wildcard collector/recognize/*.c) $(patsubst %,collector/%.c,arena \
	buffer json) defs/addr.c)
$(BUILD)/fuzz/bin/recognize: FUZZ_LIBS = -lpcre2-8
# What a collector asks a sensor to scan.
$(BUILD)/fuzz/bin/request: $(patsubst %,$(BUILD)/fuzz/obj/%.o,tests/fuzz/request $(patsubst %,sensor/scan/%,request clean resume) \
	sensor/text sensor/snmp/credential $(patsubst %,sensor/probe/%,space space_text) defs/addr defs/log defs/asked) $(BUILD)/gen/asked.o
$(BUILD)/fuzz/bin/%:
	@mkdir -p $(@D)
	$(CLANG) -fsanitize=fuzzer $(FUZZ_SANITIZE) -o $@ $^ $(shell pkg-config --libs json-c) $(FUZZ_LIBS)

$(BUILD)/fuzz/write_seeds: $(BUILD)/fuzz/obj/tests/fuzz/write_seeds.o $(FUZZ_OBJECTS)
	$(CLANG) -fsanitize=fuzzer-no-link $(FUZZ_SANITIZE) -o $@ $^ $(DECODE_LIBS)

$(BUILD)/fuzz/seeds/made: $(BUILD)/fuzz/write_seeds $(BUILD)/fuzz/write_dialogue_seeds $(BUILD)/fuzz/write_port_seeds
	@mkdir -p $(@D)
	$(BUILD)/fuzz/write_seeds $(@D)
	mkdir -p $(@D)/stream && cp tests/collector/seeds/*.json $(@D)/stream
	mkdir -p $(@D)/docker && cp tests/fuzz/docker_seeds/* $(@D)/docker
	mkdir -p $(@D)/import && cp tests/fuzz/import_seeds/* $(@D)/import
	mkdir -p $(@D)/alert && cp tests/fuzz/alert_seeds/* $(@D)/alert
	mkdir -p $(@D)/jose && cp tests/fuzz/jose_seeds/* $(@D)/jose
	mkdir -p $(@D)/dialogue && $(BUILD)/fuzz/write_dialogue_seeds $(@D)/dialogue
	mkdir -p $(@D)/conversation && $(BUILD)/fuzz/write_port_seeds $(@D)/conversation
	mkdir -p $(@D)/targets && cp tests/fuzz/targets_seeds/* $(@D)/targets
	mkdir -p $(@D)/agent && cp tests/fuzz/agent_seeds/* $(@D)/agent
	mkdir -p $(@D)/recognize && cp tests/fuzz/recognize_seeds/* $(@D)/recognize
	mkdir -p $(@D)/request && cp tests/fuzz/request_seeds/* $(@D)/request
	@touch $@

BESIDE += tests/fuzz/seeds
.PHONY: tests/fuzz/seeds # always, so that what it needs is built
tests/fuzz/seeds: $(BUILD)/fuzz/seeds/made $(patsubst %,$(BUILD)/fuzz/bin/%,$(FUZZERS))

# What a run finds stays below $(BUILD)/fuzz: corpus/NAME, and crash-… beside it.
fuzz: $(BUILD)/fuzz/seeds/made $(patsubst %,$(BUILD)/fuzz/bin/%,$(FUZZERS)) ## run each fuzzer for FUZZ_SECONDS (30)
	@for name in $(FUZZERS); do \
		mkdir -p $(BUILD)/fuzz/corpus/$$name; \
		echo "$$name: $(FUZZ_SECONDS) s"; \
		$(BUILD)/fuzz/bin/$$name -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -max_len=16384 \
			-verbosity=0 -print_final_stats=1 -artifact_prefix=$(BUILD)/fuzz/$$name- \
			$(BUILD)/fuzz/corpus/$$name $(BUILD)/fuzz/seeds/$$name 2>&1 | \
			grep -vE 'slowest_unit|new_units|INFO:|peak_rss' ; \
	done
