/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SNMP credentials of networks. Their secrets are sealed here, before they go to the database, and nothing shows them again: a
 * sensor gets them with the discovery that asks for them (sensor_ask.c).
 */
#include <string.h>

#include "collector/api.h"
#include "collector/api/seal.h"
#include "collector/discovery_form.h"
#include "collector/json.h"
#include "collector/resource.h"

#define AUTH_PROTOCOLS "MD5|SHA|SHA-224|SHA-256|SHA-384|SHA-512"
#define PRIVACY_PROTOCOLS "DES|AES|AES-192|AES-256"

enum { TARGETS_MAX = 64, SECRETS = 3 };

/* RFC 3414, section 11.2: a password of version 3 has at least eight characters. */
const struct schema_field snmp_credential_fields[] = {
	{"id", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "Its id"},
	{"network_id", SCHEMA_ID, SCHEMA_REQUIRED | SCHEMA_CREATE, 0, 0, NULL, "The network it is for"},
	{"name", SCHEMA_TEXT, SCHEMA_REQUIRED, 1, 100, NULL, "What it is called"},
	{"version", SCHEMA_CHOICE, SCHEMA_REQUIRED, 0, 0, "V1|V2c|V3", "Of SNMP"},
	{"port", SCHEMA_INTEGER, 0, 1, 65535, NULL, "The devices' UDP port (161)"},
	{"targets", SCHEMA_TEXTS, 0, 0, TARGETS_MAX, NULL,
	 "Addresses and prefixes of devices that are asked with it; none: all that a scan asks"},
	{"community", SCHEMA_TEXT, SCHEMA_WRITE, 1, 128, SCHEMA_PASSWORD,
	 "V1, V2c: the community. Never shown"},
	{"username", SCHEMA_TEXT, SCHEMA_NULL, 0, 64, NULL, "V3: who asks"},
	{"context", SCHEMA_TEXT, SCHEMA_NULL, 0, 64, NULL, "V3: the context, usually none"},
	{"auth_protocol", SCHEMA_CHOICE, SCHEMA_NULL, 0, 0, AUTH_PROTOCOLS, "V3: how it is signed; null: not"},
	{"auth_password", SCHEMA_TEXT, SCHEMA_WRITE, 8, 128, SCHEMA_PASSWORD,
	 "V3: the password of that. Never shown"},
	{"privacy_protocol", SCHEMA_CHOICE, SCHEMA_NULL, 0, 0, PRIVACY_PROTOCOLS,
	 "V3: how it is encrypted; null: not"},
	{"privacy_password", SCHEMA_TEXT, SCHEMA_WRITE, 8, 128, SCHEMA_PASSWORD,
	 "V3: the password of that. Never shown"},
	{"has_community", SCHEMA_BOOL, SCHEMA_READ, 0, 0, NULL, "There is one"},
	{"has_auth_password", SCHEMA_BOOL, SCHEMA_READ, 0, 0, NULL, "There is one"},
	{"has_privacy_password", SCHEMA_BOOL, SCHEMA_READ, 0, 0, NULL, "There is one"},
	{"revision", SCHEMA_INTEGER, SCHEMA_READ, 0, 0, NULL, "Raised by each change of a person; the ETag"},
	{"created_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When it was made"},
	{"updated_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When a person changed it last"},
	{0},
};
const struct schema_field snmp_credential_filters[] = {
	{"version", SCHEMA_CHOICE, 0, 0, 0, "V1|V2c|V3", "Only those of this version"},
	{0},
};

static bool is_secret(const char *key)
{
	static const char *const secrets[SECRETS] = {"community", "auth_password", "privacy_password"};

	for (size_t i = 0; i < SECRETS; i++)
		if (strcmp(key, secrets[i]) == 0)
			return true;
	return false;
}

/* Write a field again; a secret sealed, as what it is of this credential. */
static int put_field(void *arg, const char *key, const struct json *value)
{
	struct sealing *sealing = arg;
	char about[CREDENTIAL_ABOUT_MAX];
	const char *text;
	size_t length;

	buffer_key(&sealing->out, key);
	if (!is_secret(key) || !json_text(value, &text, &length)) {
		json_write(value, &sealing->out);
		return 0;
	}
	return sealing_put(sealing, credential_about(sealing->call->id, key, about), text);
}

const char *snmp_credential_check(struct api_call *call)
{
	const struct json *targets = json_get(call->body, "targets");

	for (size_t i = 0; i < json_count(targets); i++) {
		const char *text;
		size_t length;

		if (!json_text(json_at(targets, i), &text, &length) || !discovery_target_good(text, length))
			return "\"targets\": each must be an address or a prefix, like 10.0.0.7 or 10.0.0.0/24";
	}
	if (!call->id[0])
		id_random(call->id);
	return api_seal(call, put_field);
}
