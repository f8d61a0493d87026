# SPDX-License-Identifier: BSD-2-Clause
# Real daemons of other projects, told apart.
TESTS += tests/daemons/daemons
.PHONY: check-daemons tests/daemons/daemons
tests/daemons/daemons: $(BUILD)/netvisor-sensor $(BUILD)/netvisor-collector

check-daemons: all ## tell apart all the daemons that Debian and npm provide (two minutes)
	tests/daemons/daemons --all --table
