# SPDX-License-Identifier: BSD-2-Clause
# NetVisor. `make help` lists what a person may ask for. Each room's rules are in its own ROOM/room.mk.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

VERSION := 0.1.0
BUILD ?= build
CC := gcc
CLANG := clang
# The rest of the flags are the user's to add to.
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=gnu17 -I. -I$(BUILD) -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -fno-strict-aliasing -D_GNU_SOURCE -DNETVISOR_VERSION='"$(VERSION)"' -MMD -MP $(SANITIZE) $(CFLAGS)
SANITIZE ?=

.PHONY: all help run demo check check-kernels fuzz bench bench-web tidy format clean install
all: $(BUILD)/netvisor-sensor $(BUILD)/netvisor-collector web

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort -u | sed -E 's/^([a-z-]+):.*## */  make \1\t/' | expand -t 24

# objects SOURCES → the object files they become
objects = $(patsubst %.c,$(BUILD)/%.o,$(1))

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ROOM_CFLAGS) -c $< -o $@

include defs/room.mk bpf/room.mk sensor/room.mk collector/room.mk web/room.mk scripts/room.mk tests/room.mk

clean: ## remove everything that was built (var/ stays)
	rm -rf $(BUILD)

tidy: $(BUILD)/netvisor-sensor $(BUILD)/netvisor-collector ## the house rules: arrows, doors, headers, licences, form, clang-tidy, cppcheck
	scripts/tidy
	scripts/tidy lint

format: ## put the C files into the house's form
	git ls-files '*.c' '*.h' | xargs clang-format -i

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
