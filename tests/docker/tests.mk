# SPDX-License-Identifier: BSD-2-Clause
# Container engines: a real one, and what is not one.
TESTS += tests/docker/podman.py
.PHONY: tests/docker/podman.py
tests/docker/podman.py: $(BUILD)/netvisor-sensor $(BUILD)/netvisor-collector
