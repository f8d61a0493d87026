# SPDX-License-Identifier: BSD-2-Clause
# `make bench` prints figures; nothing here is a test. Needs root; the traffic stays in network namespaces of its own.
.PHONY: bench-packets
bench-packets: $(BUILD)/tests/bench/packets ## packet rates of the XDP program
	$<

$(BUILD)/tests/bench/%.bpf.o: tests/bench/%.bpf.c
	@mkdir -p $(@D)
	$(CLANG) $(BPF_CFLAGS) -c $< -o $@

$(BUILD)/tests/bench/%.skel.h: $(BUILD)/tests/bench/%.bpf.o
	bpftool gen skeleton $< name $*_bpf > $@

$(BUILD)/tests/bench/packets.o: ROOM_CFLAGS = -I$(BUILD)/tests/bench
$(BUILD)/tests/bench/packets.o: $(BUILD)/tests/bench/generate.skel.h
$(BUILD)/tests/bench/packets: $(BUILD)/tests/bench/packets.o $(call objects,tests/bpf/harness.c)
	$(CC) -o $@ $^ $(shell pkg-config --libs libbpf)

$(BUILD)/tests/bench/announce: $(BUILD)/tests/bench/announce.o
	$(CC) -o $@ $^
