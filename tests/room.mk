# SPDX-License-Identifier: BSD-2-Clause
# Each folder of tests has a tests.mk that adds to TESTS: programs or scripts that print TAP.
# BESIDE: those that compute much and wait for nothing; they run beside the others (tests/run).
# LANE: those that wait much, on traffic in namespaces of their own; they run beside those of the collector and the browser.
TESTS :=
BESIDE := scripts/tidy tests/lint
-include $(wildcard tests/*/tests.mk)
LANE := $(filter tests/net/% tests/stream/% tests/probe/% tests/ask/% tests/scan/% tests/docker/%,$(TESTS))

check: all $(TESTS) $(BESIDE) ## run all tests
	env -u MAKEFLAGS -u MFLAGS tests/run --beside "$(BESIDE)" --lane "$(LANE)" $(filter-out $(LANE),$(TESTS))
