# SPDX-License-Identifier: BSD-2-Clause
TESTS += tests/browser/unit tests/browser/story tests/browser/manage
# They look at what is there, and when it came does not matter.
BESIDE += tests/browser/plugged tests/browser/containers tests/browser/share tests/browser/walk tests/browser/together tests/browser/scan tests/browser/pages
tests/browser/plugged: | $(BUILD)/tests/ask/snmp_ask
