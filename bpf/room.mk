# SPDX-License-Identifier: BSD-2-Clause
# NAME.bpf.c → NAME.bpf.o → NAME.skel.h, all below $(BUILD)/bpf/.
BPF_CFLAGS := -target bpf -mcpu=v3 -O2 -g -Wall -Wextra -Werror -I. -I$(BUILD)/bpf -I/usr/include/$(shell gcc -print-multiarch)
BPF_SOURCES := $(wildcard bpf/*.bpf.c)
BPF_SKELETONS := $(patsubst bpf/%.bpf.c,$(BUILD)/bpf/%.skel.h,$(BPF_SOURCES))

$(BUILD)/bpf/%.bpf.o: bpf/%.bpf.c
	@mkdir -p $(@D)
	$(CLANG) $(BPF_CFLAGS) -MMD -MP -MT $@ -MF $(@:.o=.d) -c $< -o $@.tmp.o
	llvm-strip -g $@.tmp.o
	mv $@.tmp.o $@

# Kept although only a skeleton is made of it. (.SECONDARY would be for all, and a script's missing prerequisite not made.)
.PRECIOUS: $(BUILD)/bpf/%.bpf.o $(BUILD)/tests/bench/%.bpf.o

$(BUILD)/bpf/%.skel.h: $(BUILD)/bpf/%.bpf.o
	bpftool gen skeleton $< name $*_bpf > $@
