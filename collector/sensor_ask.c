/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a sensor is asked with: the session, what its discovery's type holds, where it was if it goes on, and for a scan the SNMP
 * credentials of its network. These are unsealed here, for this one message, and only over a connection that nobody reads on the way.
 */
#include <stdio.h>
#include <string.h>

#include "collector/app.h"
#include "collector/sensor_peer.h"
#include "collector/vault.h"
#include "defs/log.h"

struct asking {
	struct sensor_peer *peer;
	struct buffer out;
	const char *id; /* of the credential that is being written */
	char why[VAULT_WHY_MAX];
};

static bool is_secret(const char *key)
{
	return strcmp(key, "community") == 0 || strcmp(key, "auth_password") == 0 ||
	       strcmp(key, "privacy_password") == 0;
}

static int put_member(void *arg, const char *key, const struct json *value)
{
	struct asking *asking = arg;
	char about[CREDENTIAL_ABOUT_MAX], text[SEAL_TEXT_MAX];
	const char *sealed;
	size_t length;

	if (is_secret(key) && !value)
		return 0;
	buffer_key(&asking->out, key);
	if (!is_secret(key) || !json_text(value, &sealed, &length)) {
		json_write(value, &asking->out);
		return 0;
	}
	if (vault_unseal(asking->peer->all->app->vault, credential_about(asking->id, key, about), sealed, text,
			 asking->why))
		return -1;
	buffer_json(&asking->out, text, strlen(text));
	secret_wipe(text, sizeof(text));
	return 0;
}

static const char plain[] =
	"This discovery asks by SNMP, and the connection to the sensor is not encrypted: credentials do not go "
	"over "
	"it. Let the sensor connect by https (see --tls-certificate of the collector, or a proxy), or let the "
	"discovery use no credentials.";

/* 0, or -1 with the reason in asking->why. */
static int put_credentials(struct asking *asking, const struct json *list)
{
	char why[VAULT_WHY_MAX];
	size_t length;

	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *one = json_at(list, i);
		const char *name = "";

		if (!asking->peer->is_private) {
			snprintf(asking->why, sizeof(asking->why), "%s", plain);
			return -1;
		}
		asking->id = "";
		json_text(json_get(one, "name"), &name, &length);
		json_text(json_get(one, "id"), &asking->id, &length);
		buffer_text(&asking->out, i ? ",{" : "{");
		if (json_each(one, put_member, asking)) {
			memcpy(why, asking->why, sizeof(why));
			snprintf(asking->why, sizeof(asking->why),
				 "The SNMP credential \"%.100s\" can't be opened: %.450s", name, why);
			return -1;
		}
		buffer_text(&asking->out, "}");
	}
	return 0;
}

static void put_place(struct buffer *out, const char *place)
{
	buffer_key(out, "resume");
	if (place)
		buffer_json(out, place, strlen(place));
	else
		buffer_text(out, "null");
}

static void put_type(struct buffer *out, const char *type)
{
	if (type[0] != '{' || type[1] == '}')
		return;
	buffer_text(out, ",");
	buffer_add(out, type + 1, strlen(type) - 2);
}

char *work_ask(struct sensor_peer *peer, const char *type, const char *place, const char *credentials)
{
	struct asking asking = {.peer = peer};
	struct json *list = NULL;
	const char *why;
	int error = 0;

	buffer_printf(&asking.out, "{\"session_id\":\"%s\"", peer->work.session);
	put_type(&asking.out, type);
	if (credentials && json_read(credentials, strlen(credentials), &list, &why) == 0) {
		put_place(&asking.out, place);
		buffer_key(&asking.out, "snmp");
		buffer_text(&asking.out, "[");
		error = put_credentials(&asking, list);
		buffer_text(&asking.out, "]");
	}
	buffer_text(&asking.out, "}");
	json_free(list);
	if (!error && asking.out.failed) {
		snprintf(asking.why, sizeof(asking.why), "The collector has no memory for this.");
		error = -1;
	}
	if (error)
		log_warn("sensor %s: its discovery is not begun: %s", peer->name, asking.why);
	else
		command_say(peer, peer->work.session, "discover", asking.out.bytes);
	if (asking.out.bytes)
		secret_wipe(asking.out.bytes, asking.out.capacity);
	buffer_free(&asking.out);
	return error ? strdup(asking.why) : NULL;
}
