# SPDX-License-Identifier: BSD-2-Clause
# The XDP object under BPF_PROG_TEST_RUN, and beside it its user-space twin.
BPF_TESTS := asked headers learn mirror probe twin
TESTS += $(patsubst %,$(BUILD)/tests/bpf/%,$(BPF_TESTS))

BPF_TEST_OBJECTS := $(call objects,$(wildcard tests/bpf/*.c))
BPF_HARNESS := $(call objects,tests/bpf/harness.c)
$(BPF_TEST_OBJECTS): | $(BPF_SKELETONS)
BPF_CAPTURE := $(call objects,$(CAPTURE_SOURCES))
$(BUILD)/tests/bpf/learn: $(call objects,sensor/capture_map.c sensor/capture_sweep.c sensor/table.c sensor/clock.c)
$(BUILD)/tests/bpf/twin $(BUILD)/tests/bpf/mirror: $(BPF_CAPTURE) $(call objects,sensor/learn.c sensor/learn_flows.c sensor/frame.c sensor/text.c $(wildcard sensor/decode/*.c))

$(patsubst %,$(BUILD)/tests/bpf/%,$(BPF_TESTS)): $(BUILD)/tests/bpf/%: $(BUILD)/tests/bpf/%.o $(BPF_HARNESS) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $(filter %.o,$^) $(BUILD)/libdefs.a $(shell pkg-config --libs $(CAPTURE_PACKAGES) openssl) $(LDFLAGS)
