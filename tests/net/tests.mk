# SPDX-License-Identifier: BSD-2-Clause
# What a person starts, in network namespaces with no way out.
TESTS += tests/net/deps tests/net/lab tests/net/lab_sensor tests/net/run tests/net/demo tests/net/survive

tests/net/lab tests/net/lab_sensor tests/net/demo: | $(BUILD)/scripts/mirror.bpf.o
tests/net/survive: | $(BUILD)/tests/bench/announce
