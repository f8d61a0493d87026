// SPDX-License-Identifier: BSD-2-Clause
/* Secrets in the body of a request. See seal.h. */
#include <string.h>

#include "collector/api/seal.h"
#include "collector/secret.h"

int sealing_put(struct sealing *sealing, const char *about, const char *text)
{
	char sealed[SEALED_TEXT_MAX];

	if (!vault_seal(sealing->call->app->vault, about, text, sealed, sealing->why))
		return -1;
	buffer_json(&sealing->out, sealed, strlen(sealed));
	return 0;
}

const char *api_seal(struct api_call *call, int (*put)(void *arg, const char *key, const struct json *value))
{
	struct sealing sealing = {.call = call};
	struct json *fields = NULL;
	const char *why;
	int error;

	if (json_read(call->fields.bytes, call->fields.length, &fields, &why))
		return why;
	buffer_text(&sealing.out, "{");
	error = json_each(fields, put, &sealing);
	buffer_text(&sealing.out, "}");
	json_free(fields);
	secret_wipe(call->fields.bytes, call->fields.length);
	buffer_free(&call->fields);
	call->fields = sealing.out;
	if (!error && !call->fields.failed)
		return NULL;
	api_refuse(call, 503, error ? sealing.why : "there is no memory");
	return "";
}
