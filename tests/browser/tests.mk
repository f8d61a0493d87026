# SPDX-License-Identifier: BSD-2-Clause
TESTS += tests/browser/unit tests/browser/story tests/browser/manage tests/browser/share
