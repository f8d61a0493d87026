# SPDX-License-Identifier: BSD-2-Clause
# `make bench` prints figures; nothing here is a test. Needs root; the traffic stays in network namespaces of its own.
.PHONY: bench-packets bench-facts bench-latency
bench: bench-packets bench-facts bench-latency ## every figure of docs/performance.md but the browser's

bench-packets: $(BUILD)/tests/bench/packets ## packet rates of the XDP program
	$<

bench-facts: $(BUILD)/tests/bench/facts $(BUILD)/netvisor-sensor ## facts said against facts present, at full rate
	$< $(BUILD)/netvisor-sensor

bench-latency: $(BUILD)/tests/bench/announce all ## a new host's first frame to its row in the browser
	node tests/bench/latency.mjs

# What happens under load and failure, with the real collector and PostgreSQL.
.PHONY: bench-kills bench-live bench-lists
bench: bench-live bench-lists bench-kills
bench-lists: $(BUILD)/netvisor-collector ## lists of the API at 100,000 hosts: every order, page, filter, searches
	tests/bench/lists.py
bench-live: $(BUILD)/netvisor-collector $(BUILD)/tests/bench/browsers ## fact sent to change received, 1 and 1000 browsers, one that sleeps
	tests/bench/live.py
.PHONY: bench-ingest
bench: bench-ingest
bench-ingest: $(BUILD)/netvisor-collector $(BUILD)/tests/bench/ingest ## facts a second into PostgreSQL: new hosts, refreshes, flows (HOSTS="1000 100000 1000000")
	tests/bench/ingest.py
.PHONY: bench-conclude
bench: bench-conclude
bench-conclude: $(BUILD)/netvisor-collector ## what hosts are, concluded after new evidence and after other definitions (HOSTS=100000)
	tests/bench/conclude.py
bench-kills: $(BUILD)/netvisor-collector $(BUILD)/netvisor-sensor $(BUILD)/tests/bench/announce ## random kills under load (KILLS=200): what is lost, twice, missing
	KILLS=$(or $(KILLS),200) tests/collector/kills.py

.PHONY: bench-history
bench: bench-history
bench-history: $(BUILD)/netvisor-collector ## timelines, as-of, difference and traffic in a log of a million entries
	tests/bench/history.py

.PHONY: bench-recognize
bench: bench-recognize
bench-recognize: $(BUILD)/tests/bench/recognize ## what a host's conclusions cost, with ten times the definitions, with ten times the evidence
	$<
$(BUILD)/tests/bench/recognize: $(BUILD)/tests/bench/recognize.o $(COLLECTOR_LIBRARY) $(BUILD)/libdefs.a
	$(CC) -o $@ $^ $(shell pkg-config --libs json-c libpcre2-8) -lm

$(BUILD)/tests/bench/%.bpf.o: tests/bench/%.bpf.c
	@mkdir -p $(@D)
	$(CLANG) $(BPF_CFLAGS) -c $< -o $@

$(BUILD)/tests/bench/%.skel.h: $(BUILD)/tests/bench/%.bpf.o
	bpftool gen skeleton $< name $*_bpf > $@

BENCH_GENERATOR := $(call objects,tests/bench/generator.c)
$(BENCH_GENERATOR): ROOM_CFLAGS = -I$(BUILD)/tests/bench
$(BENCH_GENERATOR): $(BUILD)/tests/bench/generate.skel.h

$(BUILD)/tests/bench/packets: $(BUILD)/tests/bench/packets.o $(BENCH_GENERATOR) $(call objects,tests/bpf/harness.c sensor/capture_map.c sensor/capture_sweep.c sensor/table.c sensor/clock.c) $(BUILD)/libdefs.a
	$(CC) -o $@ $^ $(shell pkg-config --libs libbpf)

$(BUILD)/tests/bench/facts.o: ROOM_CFLAGS = $(shell pkg-config --cflags json-c)
$(BUILD)/tests/bench/facts: $(BUILD)/tests/bench/facts.o $(BENCH_GENERATOR)
	$(CC) -o $@ $^ $(shell pkg-config --libs libbpf json-c)

$(BUILD)/tests/bench/announce: $(BUILD)/tests/bench/announce.o
	$(CC) -o $@ $^

$(BUILD)/tests/bench/browsers: $(call objects,tests/bench/browsers.c tests/bench/feeder.c tests/bench/websocket.c)
	$(CC) -o $@ $^

$(BUILD)/tests/bench/ingest: $(call objects,tests/bench/ingest.c tests/bench/websocket.c) $(COLLECTOR_LIBRARY) $(BUILD)/libdefs.a
	$(CC) -o $@ $^ $(shell pkg-config --libs json-c libsodium) -lm

# Probes a second, beside others' scanners.
.PHONY: bench-probe
bench: bench-probe
bench-probe: $(BUILD)/tests/bench/sender $(BUILD)/tests/bench/responder ## probes a second and what is found: our engines, sendmmsg, masscan, ZMap; forgeries
	tests/bench/probe.py

.PHONY: bench-scan
bench: bench-scan
bench-scan: $(BUILD)/tests/probe/wire $(BUILD)/tests/bench/responder $(BUILD)/netvisor-sensor ## whole scans: one host beside nmap, recall, memory for a /8
	tests/bench/scan.py

$(BUILD)/tests/bench/responder.o: ROOM_CFLAGS = -I$(BUILD)/tests/bench
$(BUILD)/tests/bench/responder.o: $(BUILD)/tests/bench/responder.skel.h
$(BUILD)/tests/bench/responder: $(BUILD)/tests/bench/responder.o
	$(CC) -o $@ $^ $(shell pkg-config --libs libbpf)
$(BUILD)/tests/bench/sender: $(call objects,tests/bench/sender.c $(CAPTURE_SOURCES) $(addprefix sensor/,probe/answers.c probe/transmit_xdp.c probe/transmit_uring.c netdev.c)) $(BUILD)/libdefs.a
	$(CC) -o $@ $^ $(shell pkg-config --libs $(CAPTURE_PACKAGES) liburing)

.PHONY: bench-gentle
bench: bench-gentle
bench-gentle: $(BUILD)/netvisor-sensor ## a scan by its defaults of a /24 with 50 hosts in namespaces: all ports of all definitions, and what they are
	tests/bench/gentle.py

.PHONY: bench-ask
bench: bench-ask
bench-ask: $(BUILD)/tests/ask/ask_run $(BUILD)/tests/bench/services ## 5,000 open ports to recognise, one in ten a tarpit, beside nmap -sV
	tests/bench/ask.py
$(BUILD)/tests/bench/services: $(BUILD)/tests/bench/services.o
	$(CC) -o $@ $^ $(shell pkg-config --libs openssl)

# What watching costs the machine, and how fast a file is read, beside others' programs.
.PHONY: bench-cost bench-read
bench: bench-cost bench-read
bench-cost: $(BUILD)/tests/bench/feed $(BUILD)/netvisor-sensor ## processor time of the machine a million packets, beside tcpdump, p0f, prads, softflowd; memory; an idle network
	tests/bench/cost.py
bench-read: $(BUILD)/tests/bench/feed $(BUILD)/netvisor-sensor ## --read of 1 GB beside tshark and prads (CAPTURES=DIR: made of the captures in it)
	tests/bench/read.py
BENCH_FEED := $(call objects,tests/bench/feed.c)
$(BENCH_FEED): ROOM_CFLAGS = -I$(BUILD)/tests/bench
$(BENCH_FEED): $(BUILD)/tests/bench/load.skel.h
$(BUILD)/tests/bench/feed: $(BENCH_FEED) $(call objects,tests/bench/load.c)
	$(CC) -o $@ $^ $(shell pkg-config --libs libbpf)
