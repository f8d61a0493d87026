# SPDX-License-Identifier: BSD-2-Clause
# What a person starts, in network namespaces with no way out.
TESTS += tests/net/deps tests/net/lab tests/net/lab_sensor tests/net/run tests/net/demo tests/net/survive tests/net/full_disk

tests/net/lab tests/net/lab_sensor tests/net/demo: | $(BUILD)/scripts/mirror.bpf.o
tests/net/survive tests/net/full_disk: | $(BUILD)/tests/bench/announce

# The XDP engine on ports.
TESTS += tests/net/attach
tests/net/attach: | $(BUILD)/netvisor-sensor $(BUILD)/tests/net/share $(BUILD)/tests/net/pass.bpf.o
$(BUILD)/tests/net/pass.bpf.o: tests/net/pass.bpf.c
	@mkdir -p $(@D)
	$(CLANG) $(BPF_CFLAGS) -c $< -o $@
$(BUILD)/tests/net/share: $(BUILD)/tests/net/share.o
	$(CC) $(SANITIZE) -o $@ $^ $(shell pkg-config --libs libbpf libxdp) $(LDFLAGS)

# Asking by raw frames.
TESTS += $(BUILD)/tests/net/probe
$(BUILD)/tests/net/probe: $(call objects,tests/net/probe.c tests/net/target.c $(CAPTURE_SOURCES) $(addprefix sensor/,netdev.c \
		probe/answers.c probe/transmit_xdp.c probe/transmit_uring.c)) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(shell pkg-config --libs $(CAPTURE_PACKAGES) liburing) $(LDFLAGS)

# Silence that is proved: a minute under traffic.
TESTS += tests/net/silent
tests/net/silent: | $(BUILD)/netvisor-sensor
TESTS += $(BUILD)/tests/net/sealed
$(BUILD)/tests/net/sealed: $(call objects,tests/net/sealed.c sensor/silence.c) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(shell pkg-config --libs libcap-ng libseccomp) $(LDFLAGS)

# Who speaks what, heard on a mirror of real servers.
TESTS += tests/net/heads
.PHONY: tests/net/heads
tests/net/heads: $(BUILD)/netvisor-sensor
