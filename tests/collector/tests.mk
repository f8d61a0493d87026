# SPDX-License-Identifier: BSD-2-Clause
# The collector: its pure parts in C, and the whole of it with its own PostgreSQL.
COLLECTOR_TESTS := $(patsubst %,$(BUILD)/tests/collector/%,identify imports jose rate reader)
COLLECTOR_TESTS += $(BUILD)/tests/collector/cron $(BUILD)/tests/collector/forms $(BUILD)/tests/collector/alert
COLLECTOR_TESTS += $(BUILD)/tests/collector/identify_cases
# Every script here is a test, but for what they share.
COLLECTOR_SCRIPTS := $(filter-out %/netvisor.py %/server.py,$(wildcard tests/collector/*.py))
TESTS += $(COLLECTOR_TESTS) $(COLLECTOR_SCRIPTS)
# They have the time of those that compute: every old version's database, every operation as every role.
BESIDE += tests/collector/upgrade.py tests/collector/operations.py
.PHONY: $(COLLECTOR_SCRIPTS) # always, so that what they need is built
$(COLLECTOR_SCRIPTS): $(BUILD)/netvisor-collector
tests/collector/selfreport.py: $(BUILD)/netvisor-sensor
tests/collector/oidc.py: tests/collector/oidc/node_modules/.package-lock.json
tests/collector/oidc/node_modules/.package-lock.json: tests/collector/oidc/package-lock.json
	cd $(@D)/.. && npm ci --no-audit --no-fund --loglevel=error --update-notifier=false
	@touch $@
tests/collector/kills.py: $(BUILD)/netvisor-sensor $(BUILD)/tests/bench/announce

$(COLLECTOR_TESTS): $(BUILD)/tests/collector/%: $(BUILD)/tests/collector/%.o $(COLLECTOR_LIBRARY) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(shell pkg-config --libs json-c libsodium libcrypto libcurl libmosquitto) -lm $(LDFLAGS)
