/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Alerts, their rules, and the channels by which people are told. Secrets of channels are sealed here, before they go to the database, and nothing shows them
 * again; the address of a webhook is one, since whoever knows it may write there.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/alert_channel.h"
#include "collector/api.h"
#include "collector/api/seal.h"
#include "collector/zone.h"

#define SEVERITIES "note|warn|bad"
#define KINDS                                                                                                \
	"new_device|device_gone|address_conflict|impostor|service_opened|service_gone|certificate_expiring|" \
	"sensor_loss|sensor_silent|discovery_failed"
#define TIME_OF_DAY "\"pattern\":\"^([01][0-9]|2[0-3]):[0-5][0-9]$\""

enum {
	IDS_MAX = 1000,
	TAGS_MAX = 50,
	KINDS_MAX = 50,
	CHANNELS_MAX = 20,
	TO_MAX = 50,
	PEM_BYTES_MAX = 20000,
	URL_BYTES_MAX = 1000
};

const struct schema_field alert_fields[] = {
	{"id", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "Its id"},
	{"network_id", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "The network it is about"},
	{"rule_id", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "The rule that made it"},
	{"kind", SCHEMA_CHOICE, SCHEMA_READ, 0, 0, KINDS, "What happened"},
	{"severity", SCHEMA_CHOICE, SCHEMA_READ, 0, 0, SEVERITIES, "Of how much weight it is"},
	{"state", SCHEMA_CHOICE, SCHEMA_READ, 0, 0, "open|acknowledged|snoozed|resolved",
	 "Whether somebody took note of it, or it is over"},
	{"host_id", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "The host it is about"},
	{"service_id", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "The service it is about"},
	{"sensor_id", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "The sensor it is about"},
	{"title", SCHEMA_TEXT, SCHEMA_READ, 0, 0, "", "What happened, in a line"},
	{"why", SCHEMA_TEXT, SCHEMA_READ, 0, 0, "", "Why it matters"},
	{"act", SCHEMA_TEXT, SCHEMA_READ, 0, 0, "", "What to do"},
	{"detail", SCHEMA_OBJECT, SCHEMA_READ, 0, 0, "", "The same for programs"},
	{"times", SCHEMA_INTEGER, SCHEMA_READ, 0, 0, NULL, "How often it came back"},
	{"opened_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When it was found"},
	{"resolved_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When it was over"},
	{"acknowledged_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When somebody took note of it"},
	{"acknowledged_by", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "Who did"},
	{"note", SCHEMA_TEXT, SCHEMA_READ, 0, 0, "", "What they noted"},
	{"snoozed_until", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "Until when it rests"},
	{0},
};
const struct schema_field alert_filters[] = {
	{"kind", SCHEMA_CHOICE, 0, 0, 0, KINDS, "Only those of this kind"},
	{"state", SCHEMA_CHOICE, 0, 0, 0, "open|acknowledged|snoozed|resolved", "Only those in this state"},
	{"severity", SCHEMA_CHOICE, 0, 0, 0, SEVERITIES, "Only those of this weight"},
	{"host_id", SCHEMA_ID, 0, 0, 0, NULL, "Only those about this host"},
	{0},
};
const struct schema_field alert_step_fields[] = {
	{"ids", SCHEMA_IDS, SCHEMA_REQUIRED, 1, IDS_MAX, NULL, "Which alerts"},
	{"note", SCHEMA_TEXT, SCHEMA_NULL, 0, 500, NULL, "What is to be noted"},
	{0},
};
const struct schema_field alert_snooze_fields[] = {
	{"ids", SCHEMA_IDS, SCHEMA_REQUIRED, 1, IDS_MAX, NULL, "Which alerts"},
	{"until", SCHEMA_TIME, SCHEMA_REQUIRED, 0, 0, NULL, "Until when they rest, at most 90 days"},
	{"note", SCHEMA_TEXT, SCHEMA_NULL, 0, 500, NULL, "What is to be noted"},
	{0},
};

#define OWN_FIELDS                                                                              \
	{"id", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "Its id"}, {"network_id",                    \
							       SCHEMA_ID,                       \
							       SCHEMA_REQUIRED | SCHEMA_CREATE, \
							       0,                               \
							       0,                               \
							       NULL,                            \
							       "The network it is for"},        \
		{"name", SCHEMA_TEXT, SCHEMA_REQUIRED, 1, 100, NULL, "What it is called"},      \
	{                                                                                       \
		"enabled", SCHEMA_BOOL, 0, 0, 0, NULL, "Whether it is in use"                   \
	}
#define EDITED_FIELDS                                                                                         \
	{"revision", SCHEMA_INTEGER, SCHEMA_READ, 0, 0, NULL, "Raised by each change of a person; the ETag"}, \
		{"created_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When it was made"},                     \
		{"updated_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When a person changed it last"},        \
	{                                                                                                     \
		0                                                                                             \
	}

const struct schema_field alert_rule_fields[] = {
	OWN_FIELDS,
	{"kind", SCHEMA_CHOICE, SCHEMA_REQUIRED | SCHEMA_CREATE, 0, 0, KINDS, "What it looks for"},
	{"severity", SCHEMA_CHOICE, 0, 0, 0, SEVERITIES, "Of how much weight its alerts are"},
	{"threshold", SCHEMA_INTEGER, SCHEMA_NULL, 0, 1000000000, NULL,
	 "device_gone, sensor_silent: after so many minutes; address_conflict, impostor: over after so many "
	 "hours without it; "
	 "service_opened: up to this port; service_gone: with so many clients; certificate_expiring: so many "
	 "days before; "
	 "sensor_loss: so many; discovery_failed: so often in a row"},
	{"tags", SCHEMA_IDS, 0, 0, TAGS_MAX, NULL, "Only about hosts with one of these tags"},
	{"subnet_ids", SCHEMA_IDS, 0, 0, TAGS_MAX, NULL, "Only about hosts in one of these subnets"},
	{"host_kinds", SCHEMA_TEXTS, 0, 0, KINDS_MAX, NULL,
	 "Only about devices of one of these kinds (defs/devices/kinds.json)"},
	{"quiet_from", SCHEMA_TEXT, SCHEMA_NULL, 5, 5, TIME_OF_DAY,
	 "From this time of day on nobody is told, like 22:00; null: no quiet hours"},
	{"quiet_to", SCHEMA_TEXT, SCHEMA_NULL, 5, 5, TIME_OF_DAY,
	 "Until this time, then what is still so is told"},
	{"quiet_days", SCHEMA_ARRAY, 0, 0, 64, "\"items\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":7}",
	 "On days that begin so, 1 is Monday; none: every day"},
	{"timezone", SCHEMA_TEXT, 0, 1, 64, NULL, "Whose time of day, like Europe/Berlin"},
	{"channel_ids", SCHEMA_IDS, SCHEMA_NULL, 0, CHANNELS_MAX, NULL,
	 "Who is told; null: all channels of the network"},
	EDITED_FIELDS,
};
const struct schema_field alert_rule_filters[] = {
	{"kind", SCHEMA_CHOICE, 0, 0, 0, KINDS, "Only those of this kind"},
	{0},
};

const struct schema_field alert_channel_fields[] = {
	OWN_FIELDS,
	{"kind", SCHEMA_CHOICE, SCHEMA_REQUIRED | SCHEMA_CREATE, 0, 0, "Webhook|Mqtt|Email",
	 "How people are told"},
	{"min_severity", SCHEMA_CHOICE, 0, 0, 0, SEVERITIES, "Only alerts of this weight and more"},
	{"tells_resolved", SCHEMA_BOOL, 0, 0, 0, NULL, "Also that something is over"},
	{"url", SCHEMA_TEXT, SCHEMA_WRITE, 8, URL_BYTES_MAX, SCHEMA_PASSWORD,
	 "Webhook: where to. Never shown, since whoever knows it may write there"},
	{"url_shown", SCHEMA_TEXT, SCHEMA_READ, 0, 0, "", "Webhook: to which server"},
	{"secret", SCHEMA_TEXT, SCHEMA_WRITE | SCHEMA_NULL, 8, 256, SCHEMA_PASSWORD,
	 "Webhook: what messages are signed with. Never shown"},
	{"host", SCHEMA_TEXT, SCHEMA_NULL, 1, 253, NULL, "Mqtt, Email: the server's name or address"},
	{"port", SCHEMA_INTEGER, SCHEMA_NULL, 1, 65535, NULL, "Mqtt, Email: its port; null: the usual one"},
	{"tls", SCHEMA_CHOICE, 0, 0, 0, "none|starttls|tls", "Mqtt, Email: how it is encrypted"},
	{"ca_certificate", SCHEMA_TEXT, SCHEMA_NULL, 0, PEM_BYTES_MAX, NULL,
	 "Trust these certificate authorities (PEM) instead of the system's"},
	{"username", SCHEMA_TEXT, SCHEMA_NULL, 0, 128, NULL, "Mqtt, Email: who signs in; null: nobody"},
	{"password", SCHEMA_TEXT, SCHEMA_WRITE | SCHEMA_NULL, 1, 256, SCHEMA_PASSWORD,
	 "Mqtt, Email: with what. Never shown"},
	{"from_address", SCHEMA_TEXT, SCHEMA_NULL, 3, 254, SCHEMA_EMAIL, "Email: who writes"},
	{"to_addresses", SCHEMA_TEXTS, 0, 0, TO_MAX, NULL, "Email: to whom"},
	{"topic", SCHEMA_TEXT, SCHEMA_NULL, 1, 100, NULL, "Mqtt: below which topic; null: netvisor"},
	{"home_assistant", SCHEMA_BOOL, 0, 0, 0, NULL, "Mqtt: tell Home Assistant which devices are there"},
	{"discovery_prefix", SCHEMA_TEXT, SCHEMA_NULL, 1, 100, NULL,
	 "Mqtt: where Home Assistant looks; null: homeassistant"},
	{"presence_tags", SCHEMA_IDS, 0, 0, TAGS_MAX, NULL,
	 "Mqtt: only devices with one of these tags; none: all with a MAC that is their maker's"},
	{"away_minutes", SCHEMA_INTEGER, 0, 1, 1440, NULL, "Mqtt: who was not heard for so long is away"},
	{"has_secret", SCHEMA_BOOL, SCHEMA_READ, 0, 0, NULL, "There is one"},
	{"has_password", SCHEMA_BOOL, SCHEMA_READ, 0, 0, NULL, "There is one"},
	{"waiting", SCHEMA_INTEGER, SCHEMA_READ, 0, 0, NULL, "How many messages wait"},
	{"dropped", SCHEMA_INTEGER, SCHEMA_READ, 0, 0, NULL, "How many were given up"},
	{"failures", SCHEMA_INTEGER, SCHEMA_READ, 0, 0, NULL, "How often it failed in a row"},
	{"not_before", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When it is tried again"},
	{"last_told_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When it told last"},
	{"last_error", SCHEMA_TEXT, SCHEMA_READ, 0, 0, "", "Why it failed"},
	{"last_error_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When it failed last"},
	EDITED_FIELDS,
};
const struct schema_field alert_channel_filters[] = {
	{"kind", SCHEMA_CHOICE, 0, 0, 0, "Webhook|Mqtt|Email", "Only those of this kind"},
	{0},
};

static bool text_of(const struct api_call *call, const char *key, const char **out, size_t *length)
{
	return json_text(json_get(call->body, key), out, length);
}

const char *alert_rule_check(struct api_call *call)
{
	const struct json *days = json_get(call->body, "quiet_days");
	struct zone *zone = NULL;
	const char *text;
	size_t length;
	uint64_t day;

	for (size_t i = 0; i < json_count(days); i++)
		if (!json_integer(json_at(days, i), 7, &day) || day < 1)
			return "\"quiet_days\": each must be a number from 1 (Monday) to 7 (Sunday)";
	if (!text_of(call, "timezone", &text, &length))
		return NULL;
	if (zone_load(text, &zone))
		return "\"timezone\": there is no time zone of that name; names are like Europe/Berlin";
	zone_free(zone);
	return NULL;
}

/* What an address may hold so that it is no header, and no option of a command (RFC 5321, section 4.1.2, without quotes). */
static bool mail_address_good(const char *text, size_t length)
{
	const char *at = memchr(text, '@', length);

	if (length < 3 || length > 254 || !at || at == text || at == text + length - 1 || text[0] == '-')
		return false;
	for (size_t i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] >= 0x7f || strchr("<>()[],;:\\\"", text[i]))
			return false;
	return !memchr(at + 1, '@', (size_t)(text + length - at - 1));
}

static const char *check_addresses(const struct api_call *call)
{
	const struct json *to = json_get(call->body, "to_addresses");
	const char *text;
	size_t length;

	if (text_of(call, "from_address", &text, &length) && !mail_address_good(text, length))
		return "\"from_address\": it must be an address like netvisor@example.org";
	for (size_t i = 0; i < json_count(to); i++)
		if (!json_text(json_at(to, i), &text, &length) || !mail_address_good(text, length))
			return "\"to_addresses\": each must be an address like someone@example.org";
	return NULL;
}

/* A topic that is published to (MQTT 3.1.1, section 4.7): no wildcards, no zero, not a broker's own. */
static const char *check_topic(const struct api_call *call, const char *key)
{
	const char *text;
	size_t length;

	if (!text_of(call, key, &text, &length))
		return NULL;
	for (size_t i = 0; i < length; i++)
		if (strchr("+#\\\"", text[i]) || (unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return "a topic holds no +, # and control characters";
	return text[0] == '/' || text[0] == '$' || text[length - 1] == '/'
		       ? "a topic begins with a name, and ends with one"
		       : NULL;
}

static const char *check_host(const struct api_call *call)
{
	const char *text;
	size_t length;

	if (!text_of(call, "host", &text, &length))
		return NULL;
	for (size_t i = 0; i < length; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:", text[i]))
			return "\"host\": it must be a name or an address, without a port";
	return NULL;
}

static const char *check_url(const struct api_call *call)
{
	const char *text;
	size_t length;

	if (!text_of(call, "url", &text, &length) || fetch_url_allowed(text, true))
		return NULL;
	return "\"url\": it must be like https://example.org/hook, without a user in front of the host";
}

/* Write a field again; a secret sealed, as what it is of this channel; of an URL its server to be seen. */
static int put_field(void *arg, const char *key, const struct json *value)
{
	struct sealing *sealing = arg;
	bool is_url = strcmp(key, "url") == 0;
	char about[ALERT_ABOUT_MAX];
	const char *text;
	size_t length, scheme;

	buffer_key(&sealing->out, key);
	if ((!is_url && strcmp(key, "secret") != 0 && strcmp(key, "password") != 0) ||
	    !json_text(value, &text, &length)) {
		json_write(value, &sealing->out);
		return 0;
	}
	if (sealing_put(sealing, alert_channel_about(sealing->call->id, key, about), text))
		return -1;
	if (is_url) {
		scheme = (size_t)(strstr(text, "://") - text) + 3;
		buffer_key(&sealing->out, "url_shown");
		buffer_json(&sealing->out, text, scheme + strcspn(text + scheme, "/?#"));
	}
	return 0;
}

const char *alert_channel_check(struct api_call *call)
{
	const char *why = check_addresses(call);

	why = why ? why : check_topic(call, "topic");
	why = why ? why : check_topic(call, "discovery_prefix");
	why = why ? why : check_host(call);
	why = why ? why : check_url(call);
	if (why)
		return why;
	if (!call->id[0])
		id_random(call->id);
	return api_seal(call, put_field);
}

static void add_step(struct api_call *call, struct db_session *s)
{
	/* .../alerts/STEP */
	DB_ADD(s, SQL_ALERTS_STEP, call->fields.bytes, strrchr(call->route->path, '/') + 1);
}

static void on_step(struct api_call *call, const struct db_reply *reply)
{
	struct buffer out = {0};

	buffer_printf(&out, "{\"changed\":%lld}", (long long)db_integer(reply, API_FIRST, 0, 0));
	api_answer(call, &out);
}

void api_alerts_step(struct api_call *call)
{
	api_query(call, false, add_step, on_step);
}

static void add_test(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_ALERT_CHANNEL_TEST, call->id);
}

static void on_channel(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, API_FIRST))
		api_answer_text(call, db_value(reply, API_FIRST, 0, 0));
	else
		api_refuse(call, 404, "there is no such channel");
}

void api_alert_channel_test(struct api_call *call)
{
	api_query(call, false, add_test, on_channel);
}

static void add_told(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_ALERT_CHANNEL_TOLD, call->id);
}

void api_alert_channel_told(struct api_call *call)
{
	api_query(call, false, add_told, on_channel);
}
