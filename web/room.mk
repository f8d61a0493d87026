# SPDX-License-Identifier: BSD-2-Clause
# The dashboard: built when a source, a type made from defs/, or the lock file has changed. npm packages are put in place
# once for each lock file (scripts/deps does it first when it can install what else is missing).
WEB_INPUTS := $(shell find web/src web/public -type f 2>/dev/null) web/index.html web/vite.config.ts web/definitions.ts web/tsconfig.json \
	$(wildcard defs/services/*.json) web/compress.mjs web/package.json
WEB_PACKAGES := web/node_modules/.package-lock.json
WEB_DONE := $(BUILD)/web.done

.PHONY: web
web: $(WEB_DONE) ## build the dashboard into build/web

$(WEB_PACKAGES): web/package-lock.json
	cd web && npm ci --loglevel=error
	touch $@

$(WEB_DONE): $(WEB_INPUTS) $(WEB_PACKAGES) $(BUILD)/gen/entities.ts $(BUILD)/gen/facts.ts
	cd web && node_modules/.bin/tsc --noEmit
	cd web && NETVISOR_BUILD=$(abspath $(BUILD)) node_modules/.bin/vite build --logLevel warn
	node web/compress.mjs $(BUILD)/web
	touch $@

STAGE_DONE := $(BUILD)/stage.done

# The picture without the page around it, and the same in xyflow, for the benchmark and the eye.
$(STAGE_DONE): $(WEB_DONE) $(shell find web/dev/stage -type f 2>/dev/null)
	cd web && NETVISOR_BUILD=$(abspath $(BUILD)) node_modules/.bin/vite build -c dev/stage/vite.config.ts --logLevel warn
	touch $@

.PHONY: bench-web
bench-web: $(STAGE_DONE) ## what the dashboard costs with 10,000 hosts, against plain xyflow (BENCH="--only 500,live")
	cd web && NETVISOR_BUILD=$(abspath $(BUILD)) node dev/bench.mjs $(BENCH)

.PHONY: screenshots
screenshots: all ## a picture of every page, wide and narrow, light and dark, into docs/screenshots
	SCREENSHOTS=docs/screenshots tests/browser/pages
