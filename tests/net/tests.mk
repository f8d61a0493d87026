# SPDX-License-Identifier: BSD-2-Clause
# What a person starts, in network namespaces with no way out.
TESTS += tests/net/deps tests/net/lab

tests/net/lab: | $(BUILD)/scripts/mirror.bpf.o
