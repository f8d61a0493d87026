# SPDX-License-Identifier: BSD-2-Clause
# Asking by raw frames: the pure pieces, and the prober against a network that is made up.
PROBE_TESTS := prober
TESTS += $(patsubst %,$(BUILD)/tests/probe/%,$(PROBE_TESTS))
PROBE_PIECES := $(call objects,$(patsubst %,sensor/probe/%.c,order space space_text ports never pace patience asked route))

$(BUILD)/tests/probe/pieces: $(BUILD)/tests/probe/pieces.o $(PROBE_PIECES) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(LDFLAGS)
$(BUILD)/tests/probe/prober: $(call objects,tests/probe/prober.c tests/probe/network.c sensor/clock.c $(patsubst %,sensor/probe/%.c,prober \
		block alive syn canary)) $(PROBE_PIECES) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(LDFLAGS)
