# SPDX-License-Identifier: BSD-2-Clause
# Asking by raw frames: the pure pieces, and the prober against a network that is made up.
TESTS += $(BUILD)/tests/probe/pieces
BESIDE += $(BUILD)/tests/probe/prober
PROBE_PIECES := $(call objects,$(patsubst %,sensor/probe/%.c,order space space_text ports never pace patience ease asked route))

$(BUILD)/tests/probe/pieces: $(BUILD)/tests/probe/pieces.o $(PROBE_PIECES) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(LDFLAGS)
$(BUILD)/tests/probe/prober: $(call objects,tests/probe/prober.c tests/probe/scan_run.c tests/probe/network.c sensor/clock.c $(patsubst %,sensor/probe/%.c,prober \
		block alive syn canary)) $(PROBE_PIECES) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(LDFLAGS)

# The same on a wire: the sensor's own engines in namespaces with no way out.
TESTS += tests/probe/scan
.PHONY: tests/probe/scan
tests/probe/scan: $(BUILD)/tests/probe/wire
PROBE_WIRE := $(call objects,$(CAPTURE_SOURCES) sensor/netdev.c $(addprefix sensor/probe/,prober.c \
	block.c alive.c syn.c canary.c route_read.c source.c answers.c transmit_uring.c transmit_xdp.c))
$(BUILD)/tests/probe/wire: $(BUILD)/tests/probe/wire.o $(PROBE_WIRE) $(PROBE_PIECES) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(shell pkg-config --libs $(CAPTURE_PACKAGES) liburing) $(LDFLAGS)
