/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/alert_channel.h"
#include "collector/secret.h"

const char *alert_channel_about(const char *id, const char *field, char out[static ALERT_ABOUT_MAX])
{
	snprintf(out, ALERT_ABOUT_MAX, "alert_channel/%.36s/%.32s", id, field);
	for (char *at = out; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return out;
}

static const char *text_of(const struct json *object, const char *key)
{
	const char *text = NULL;
	size_t length;

	return json_text(json_get(object, key), &text, &length) && length ? text : NULL;
}

static int64_t integer_of(const struct json *object, const char *key)
{
	uint64_t value = 0;

	json_integer(json_get(object, key), INT32_MAX, &value);
	return (int64_t)value;
}

static int open_secret(struct alert_channel *channel, struct vault *vault, const char *field, char *out,
		       char *why)
{
	char about[ALERT_ABOUT_MAX], problem[VAULT_WHY_MAX];
	const char *sealed = text_of(channel->document, field);
	int error;

	if (!sealed)
		return 0;
	error = vault_unseal(vault, alert_channel_about(channel->id, field, about), sealed, out, problem);
	if (error)
		snprintf(why, ALERT_WHY_MAX, "its %s can't be read: %.500s", field, problem);
	return error;
}

int alert_channel_read(struct alert_channel *channel, struct vault *vault, const char *json, size_t length,
		       char why[static ALERT_WHY_MAX])
{
	static const char *const kinds[] = {
		[ALERT_WEBHOOK] = "Webhook", [ALERT_MQTT] = "Mqtt", [ALERT_EMAIL] = "Email"};
	const struct json *d;
	const char *kind, *problem;
	int error;

	*channel = (struct alert_channel){0};
	if (json_read(json, length, &channel->document, &problem)) {
		snprintf(why, ALERT_WHY_MAX, "it can't be read: %s", problem);
		return -EINVAL;
	}
	d = channel->document;
	kind = text_of(d, "kind");
	while (channel->kind < ALERT_EMAIL && kind && strcmp(kind, kinds[channel->kind]) != 0)
		channel->kind++;
	channel->id = text_of(d, "id");
	channel->network_id = text_of(d, "network_id");
	channel->host = text_of(d, "host");
	channel->tls = text_of(d, "tls");
	channel->ca_certificate = text_of(d, "ca_certificate");
	channel->username = text_of(d, "username");
	channel->from_address = text_of(d, "from_address");
	channel->topic = text_of(d, "topic") ? text_of(d, "topic") : "netvisor";
	channel->discovery_prefix =
		text_of(d, "discovery_prefix") ? text_of(d, "discovery_prefix") : "homeassistant";
	channel->to_addresses = json_get(d, "to_addresses");
	channel->port = (int)integer_of(d, "port");
	channel->revision = integer_of(d, "revision");
	error = channel->id && channel->network_id && channel->tls ? 0 : -EINVAL;
	if (error)
		snprintf(why, ALERT_WHY_MAX, "it is not whole");
	if (!error)
		error = open_secret(channel, vault, "url", channel->url, why);
	if (!error)
		error = open_secret(channel, vault, "secret", channel->secret, why);
	if (!error)
		error = open_secret(channel, vault, "password", channel->password, why);
	if (error)
		alert_channel_close(channel);
	return error;
}

void alert_channel_close(struct alert_channel *channel)
{
	json_free(channel->document);
	secret_wipe(channel, sizeof(*channel));
}
