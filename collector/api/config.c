/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a page must know before anyone has signed in: how one may, and whether one may register.
 */
#include <string.h>

#include "collector/api.h"
#include "collector/oidc.h"
#include "collector/setup.h"

static void flag(struct buffer *out, const char *name, bool on)
{
	buffer_key(out, name);
	buffer_text(out, on ? "true" : "false");
}

void api_config(struct api_call *call)
{
	const struct app *app = call->app;
	const struct settings *settings = app->settings;
	struct buffer out = {0};

	buffer_text(&out, "{");
	flag(&out, "needs_setup", setup_needed(app->setup));
	flag(&out, "disable_registration", settings->disable_registration);
	flag(&out, "disable_password_login", settings->disable_password_login);
	buffer_key(&out, "public_url");
	if (settings->public_url)
		buffer_json(&out, settings->public_url, strlen(settings->public_url));
	else
		buffer_text(&out, "null");
	buffer_key(&out, "server_version");
	buffer_text(&out, "\"" NETVISOR_VERSION "\"");
	buffer_key(&out, "oidc_providers");
	buffer_text(&out, "[");
	for (size_t i = 0; i < app->oidc->count; i++) {
		const struct oidc_provider *provider = &app->oidc->providers[i];

		buffer_text(&out, i ? ",{" : "{");
		buffer_key(&out, "slug");
		buffer_json(&out, provider->slug, strlen(provider->slug));
		buffer_key(&out, "name");
		buffer_json(&out, provider->name, strlen(provider->name));
		buffer_text(&out, "}");
	}
	buffer_text(&out, "]}");
	api_answer(call, &out);
}
