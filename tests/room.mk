# SPDX-License-Identifier: BSD-2-Clause
# Each folder of tests has a tests.mk that adds to TESTS: programs or scripts that print TAP.
TESTS := scripts/tidy tests/lint
-include $(wildcard tests/*/tests.mk)

check: all $(TESTS) ## run all tests
	tests/run $(TESTS)
