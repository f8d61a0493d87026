# SPDX-License-Identifier: BSD-2-Clause
.PHONY: web
web: ## build the dashboard into build/web
	@true
