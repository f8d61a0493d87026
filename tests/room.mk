# SPDX-License-Identifier: BSD-2-Clause
# Each folder of tests has a tests.mk that adds to TESTS: programs or scripts that print TAP.
# BESIDE: those that compute much and wait for nothing; they run beside the others (tests/run).
TESTS :=
BESIDE := scripts/tidy tests/lint
-include $(wildcard tests/*/tests.mk)

check: all $(TESTS) $(BESIDE) ## run all tests
	env -u MAKEFLAGS -u MFLAGS tests/run --beside "$(BESIDE)" $(TESTS)
