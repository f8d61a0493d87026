# SPDX-License-Identifier: BSD-2-Clause
# Container engines: a real one, hostile ones, and what is made of their words.
DOCKER_TESTS := $(BUILD)/tests/docker/report
DOCKER_OBJECTS := $(call objects,$(wildcard sensor/docker/*.c) sensor/clock.c)
$(DOCKER_TESTS) $(BUILD)/tests/docker/ask: $(BUILD)/tests/docker/%: $(BUILD)/tests/docker/%.o $(DOCKER_OBJECTS) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(shell pkg-config --libs json-c libcurl) $(LDFLAGS)

TESTS += $(DOCKER_TESTS) tests/docker/hostile.py tests/docker/podman.py
tests/docker/hostile.py: | $(BUILD)/tests/docker/ask
.PHONY: tests/docker/podman.py # always, so that what it needs is built
tests/docker/podman.py: $(BUILD)/netvisor-sensor $(BUILD)/netvisor-collector
