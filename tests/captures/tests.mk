# SPDX-License-Identifier: BSD-2-Clause
# Real captures, which are no part of the project: CAPTURES names a folder of them.
CAPTURES ?= ../captures
.PHONY: check-captures
check-captures: $(BUILD)/netvisor-sensor $(BUILD)/tests/captures/mutate ## captures below CAPTURES: live as by --read, both engines, a million frames made wrong
	tests/captures/same live $(CAPTURES)
	tests/captures/same engines $(CAPTURES)
	tests/captures/same mutated --both $(CAPTURES)
$(BUILD)/tests/captures/mutate: $(BUILD)/tests/captures/mutate.o
	$(CC) $(SANITIZE) -o $@ $^ $(LDFLAGS)
