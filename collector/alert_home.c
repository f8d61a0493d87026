/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Home Assistant's MQTT discovery: a configuration for each thing, retained, and its state in topics of our own
 * (https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery). Ids are of hexadecimal digits, so they fit in a topic as they are.
 */
#include <stdio.h>
#include <string.h>

#include "collector/alert_channel.h"
#include "collector/alert_message.h"

enum { NAME_BYTES_MAX = 120 };

struct making {
	const struct json *home;
	const struct alert_channel *channel;
	void (*put)(void *arg, const char *topic, const char *payload);
	void *arg;
	struct buffer topic, payload;
};

static const char *text_of(const struct json *object, const char *key)
{
	const char *text = "";
	size_t length;

	json_text(json_get(object, key), &text, &length);
	return text;
}

void alert_home_topic(const struct alert_channel *channel, const char *rest, struct buffer *out)
{
	buffer_printf(out, "%s/%s/%s", channel->topic, channel->network_id, rest);
}

static void put_text(struct buffer *out, const char *key, const char *text)
{
	buffer_key(out, key);
	buffer_json(out, text, strlen(text));
}

static void put_topic(struct making *making, const char *key, const char *rest)
{
	struct buffer topic = {0};

	alert_home_topic(making->channel, rest, &topic);
	put_text(&making->payload, key, topic.bytes ? topic.bytes : "");
	buffer_free(&topic);
}

static void done(struct making *making)
{
	if (!making->topic.failed && !making->payload.failed)
		making->put(making->arg, making->topic.bytes, making->payload.bytes);
	buffer_clear(&making->topic);
	buffer_clear(&making->payload);
}

/* A state: a topic below ours with a payload as it is. */
static void state(struct making *making, const char *rest, const char *payload)
{
	alert_home_topic(making->channel, rest, &making->topic);
	buffer_text(&making->payload, payload);
	done(making);
}

/* Offline when the collector is gone, or when no sensor looks: then nobody knows who is there. */
static void put_availability(struct making *making)
{
	buffer_key(&making->payload, "availability");
	buffer_text(&making->payload, "[{");
	put_topic(making, "topic", "status");
	buffer_text(&making->payload, "},{");
	put_topic(making, "topic", "watching");
	buffer_text(&making->payload, "}]");
	put_text(&making->payload, "availability_mode", "all");
}

static void put_network(struct making *making)
{
	struct buffer name = {0};
	const char *text = text_of(json_get(making->home, "network"), "name");

	buffer_text(&name, "NetVisor ");
	alert_message_line(&name, text, strlen(text), NAME_BYTES_MAX);
	buffer_key(&making->payload, "device");
	buffer_printf(&making->payload, "{\"identifiers\":[\"netvisor_%s\"],\"manufacturer\":\"NetVisor\"",
		      making->channel->network_id);
	put_text(&making->payload, "name", name.bytes ? name.bytes : "");
	buffer_text(&making->payload, "}");
	buffer_free(&name);
}

static void begin_config(struct making *making, const char *component, const char *id, const char *which)
{
	buffer_printf(&making->topic, "%s/%s/netvisor_%s%s/config", making->channel->discovery_prefix,
		      component, id, which);
	buffer_printf(&making->payload, "{\"unique_id\":\"netvisor_%s%s\"", id, which);
}

static void alerts(struct making *making)
{
	const char *network = making->channel->network_id;
	const struct json *all = json_get(making->home, "alerts");
	struct buffer text = {0};
	uint64_t open = 0;

	json_integer(json_get(all, "open"), INT32_MAX, &open);
	begin_config(making, "binary_sensor", network, "_alerts");
	put_text(&making->payload, "name", "Alerts");
	put_text(&making->payload, "device_class", "problem");
	put_topic(making, "state_topic", "alerts/state");
	put_topic(making, "json_attributes_topic", "alerts/attributes");
	put_topic(making, "availability_topic", "status");
	put_network(making);
	buffer_text(&making->payload, "}");
	done(making);
	begin_config(making, "sensor", network, "_open");
	put_text(&making->payload, "name", "Open alerts");
	put_text(&making->payload, "state_class", "measurement");
	put_topic(making, "state_topic", "alerts/count");
	put_topic(making, "availability_topic", "status");
	put_network(making);
	buffer_text(&making->payload, "}");
	done(making);
	begin_config(making, "event", network, "_alert");
	put_text(&making->payload, "name", "Alert");
	buffer_key(&making->payload, "event_types");
	buffer_text(&making->payload, "[\"opened\",\"resolved\",\"test\"]");
	put_topic(making, "state_topic", "alert");
	put_text(&making->payload, "value_template",
		 "{{ {'event_type': value_json.event, 'title': value_json.title, 'severity': "
		 "value_json.severity} | tojson }}");
	put_topic(making, "availability_topic", "status");
	put_network(making);
	buffer_text(&making->payload, "}");
	done(making);
	state(making, "alerts/state", open ? "ON" : "OFF");
	buffer_printf(&text, "%d", (int)open);
	state(making, "alerts/count", text.bytes ? text.bytes : "0");
	buffer_clear(&text);
	buffer_text(&text, "{\"titles\":");
	json_write(json_get(all, "titles"), &text);
	buffer_text(&text, "}");
	state(making, "alerts/attributes", text.failed ? "{}" : text.bytes);
	buffer_free(&text);
}

/* A text that is there as a member. */
static void put_known(struct buffer *out, const char *key, const char *text)
{
	if (*text)
		put_text(out, key, text);
}

static void device(struct making *making, const struct json *of)
{
	const char *id = text_of(of, "id"), *name = text_of(of, "name"), *mac = text_of(of, "mac");
	char rest[64 + 24];
	bool present = false;

	json_flag(json_get(of, "present"), &present);
	begin_config(making, "device_tracker", id, "");
	put_text(&making->payload, "name", *name ? name : mac);
	put_text(&making->payload, "source_type", "router");
	snprintf(rest, sizeof(rest), "device/%.36s/state", id);
	put_topic(making, "state_topic", rest);
	put_text(&making->payload, "payload_home", "home");
	put_text(&making->payload, "payload_not_home", "not_home");
	snprintf(rest, sizeof(rest), "device/%.36s/attributes", id);
	put_topic(making, "json_attributes_topic", rest);
	put_availability(making);
	buffer_key(&making->payload, "device");
	buffer_printf(&making->payload, "{\"identifiers\":[\"netvisor_%.36s\"],\"via_device\":\"netvisor_%s\"",
		      id, making->channel->network_id);
	put_text(&making->payload, "name", *name ? name : mac);
	put_known(&making->payload, "manufacturer", text_of(of, "vendor"));
	if (*mac) {
		buffer_key(&making->payload, "connections");
		buffer_printf(&making->payload, "[[\"mac\",\"%.17s\"]]", mac);
	}
	buffer_text(&making->payload, "}}");
	done(making);
	snprintf(rest, sizeof(rest), "device/%.36s/state", id);
	state(making, rest, present ? "home" : "not_home");
	snprintf(rest, sizeof(rest), "device/%.36s/attributes", id);
	alert_home_topic(making->channel, rest, &making->topic);
	buffer_text(&making->payload, "{");
	put_known(&making->payload, "host_name", name);
	put_known(&making->payload, "ip", text_of(of, "ip"));
	put_known(&making->payload, "mac", mac);
	put_known(&making->payload, "vendor", text_of(of, "vendor"));
	buffer_text(&making->payload, "}");
	done(making);
}

void alert_home_topics(const struct json *home, const struct alert_channel *channel,
		       void (*put)(void *arg, const char *topic, const char *payload), void *arg)
{
	struct making making = {.home = home, .channel = channel, .put = put, .arg = arg};
	const struct json *devices = json_get(home, "devices");
	bool watching = false;

	json_flag(json_get(home, "watching"), &watching);
	state(&making, "status", "online");
	state(&making, "watching", watching ? "online" : "offline");
	alerts(&making);
	for (size_t i = 0; i < json_count(devices); i++)
		device(&making, json_at(devices, i));
	buffer_free(&making.topic);
	buffer_free(&making.payload);
}
