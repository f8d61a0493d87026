# SPDX-License-Identifier: BSD-2-Clause
# What the goal needs is installed before anything is built: make remakes a makefile that it includes first.
# Once that went well it is not looked at again until scripts/deps or a lock file changes.
GOALS := $(or $(MAKECMDGOALS),all)
DEPS_GROUPS := build run
ifneq (,$(filter demo check%,$(GOALS)))
DEPS_GROUPS += lab
endif
ifneq (,$(filter check% fuzz bench% tidy,$(GOALS)))
DEPS_GROUPS += test
endif
ifneq (,$(filter check-daemons,$(GOALS)))
DEPS_GROUPS += daemons
endif
DEPS_DONE := $(BUILD)/deps$(subst $() ,-,$() $(DEPS_GROUPS)).mk

$(DEPS_DONE): scripts/deps tests/daemons/packages $(wildcard web/package-lock.json tests/browser/package-lock.json)
	@scripts/deps $(DEPS_GROUPS)
	@mkdir -p $(@D)
	@printf '# SPDX-License-Identifier: BSD-2-Clause\n# installed: $(DEPS_GROUPS)\n' > $@

ifneq (,$(filter-out help clean format,$(GOALS)))
include $(DEPS_DONE)
endif

# What tags the frames of the lab's mirror port.
$(BUILD)/scripts/mirror.bpf.o: scripts/lab.d/mirror.bpf.c
	@mkdir -p $(@D)
	$(CLANG) $(BPF_CFLAGS) -MMD -MP -MT $@ -MF $(@:.o=.d) -c $< -o $@.tmp.o
	llvm-strip -g $@.tmp.o
	mv $@.tmp.o $@

# Built quietly, by as many as there are processors: who starts it wants to see what it says.
BUILD_ALL = $(MAKE) -q all 2>/dev/null || { echo 'netvisor: building'; \
	$(MAKE) -s $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) all $(BUILD)/scripts/mirror.bpf.o; }

# Even when make itself is killed, what it started ends.
run: ## watch the port of the default route (IFACE= another), and serve the dashboard
	@$(BUILD_ALL)
	@setpriv --pdeathsig TERM scripts/run

demo: ## the same on the lab of scripts/lab
	@$(BUILD_ALL)
	@setpriv --pdeathsig TERM scripts/run --lab
