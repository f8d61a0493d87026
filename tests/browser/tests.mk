# SPDX-License-Identifier: BSD-2-Clause
TESTS += tests/browser/unit tests/browser/story tests/browser/manage tests/browser/scan tests/browser/walk tests/browser/pages
# They look at what is there, and when it came does not matter.
BESIDE += tests/browser/definitions tests/browser/plugged tests/browser/containers tests/browser/share tests/browser/together tests/browser/layer2
tests/browser/plugged: | $(BUILD)/tests/ask/snmp_ask
