# SPDX-License-Identifier: BSD-2-Clause
# Each folder of tests has a tests.mk that adds to TESTS: programs or scripts that print TAP.
# BESIDE: those that compute much and wait for nothing; they run beside the others (tests/run).
# LANE: those that wait much, on traffic in namespaces of their own, and the dashboard's long walks; they run beside those of the collector.
TESTS :=
BESIDE := scripts/tidy tests/lint
-include $(wildcard tests/*/tests.mk)
LANE := $(filter tests/net/% tests/stream/% tests/probe/% tests/ask/% tests/scan/% tests/docker/% tests/daemons/% tests/browser/scan tests/browser/walk tests/browser/pages,$(TESTS))

check: all $(TESTS) $(BESIDE) ## run all tests
	env -u MAKEFLAGS -u MFLAGS tests/run --beside "$(BESIDE)" --lane "$(LANE)" $(filter-out $(LANE) $(BESIDE),$(TESTS))
