# SPDX-License-Identifier: BSD-2-Clause
# The XDP object on other kernels than this one.
BESIDE += tests/kernels/run
tests/kernels/run: | $(BUILD)/netvisor-sensor $(BUILD)/tests/bpf/headers $(BUILD)/tests/bpf/learn $(BUILD)/tests/bpf/mirror $(BUILD)/tests/bpf/probe $(BUILD)/tests/bpf/twin $(BUILD)/tests/net/probe \
	$(BUILD)/tests/net/share $(BUILD)/tests/net/pass.bpf.o $(BUILD)/tests/ask/ask_run

check-kernels: tests/kernels/run ## boot Debian 12's kernel in qemu and run the XDP program there
	tests/run $<
