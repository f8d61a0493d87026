// SPDX-License-Identifier: BSD-2-Clause
/*
 * json-c's second door in the sensor (the first is fact_json.c): small messages, read strictly.
 */
#include "sensor/message.h"

#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "defs/limits.h"

enum { MESSAGE_DEPTH_MAX = 16 };

static json_object *parse(const char *text, size_t length)
{
	json_tokener *tokener;
	json_object *root = NULL;

	if (length > STREAM_MESSAGE_BYTES_MAX || length > INT_MAX)
		return NULL;
	tokener = json_tokener_new_ex(MESSAGE_DEPTH_MAX);
	if (!tokener)
		return NULL;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tokener, text, (int)length);
	if (json_tokener_get_error(tokener) != json_tokener_success ||
	    json_tokener_get_parse_end(tokener) != length) {
		json_object_put(root);
		root = NULL;
	}
	json_tokener_free(tokener);
	return root;
}

/* A text of 1 to size - 1 bytes without control characters. */
static bool take_text(json_object *root, const char *key, char *out, size_t size)
{
	json_object *value;
	const char *text;
	size_t length;

	if (!json_object_object_get_ex(root, key, &value) || !json_object_is_type(value, json_type_string))
		return false;
	text = json_object_get_string(value);
	length = (size_t)json_object_get_string_len(value);
	if (!length || length >= size)
		return false;
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return false;
	}
	memcpy(out, text, length + 1);
	return true;
}

/* A text for people: cut when it is long, and missing is allowed. The log makes its control characters harmless. */
static void take_reason(json_object *root, char *out, size_t size)
{
	json_object *value;
	const char *text;
	size_t length;

	if (!json_object_object_get_ex(root, "message", &value) ||
	    !json_object_is_type(value, json_type_string))
		return;
	text = json_object_get_string(value);
	length = strnlen(text, size - 1);
	/* Not in the middle of a UTF-8 sequence. */
	while (length == size - 1 && length && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	memcpy(out, text, length);
	out[length] = 0;
}

static bool take_batch(json_object *root, const char *key, int64_t *out)
{
	json_object *value;

	if (!json_object_object_get_ex(root, key, &value) || !json_object_is_type(value, json_type_int))
		return false;
	*out = json_object_get_int64(value);
	/* json-c gives INT64_MAX for anything larger: no row id is. */
	return *out >= 0 && *out < INT64_MAX;
}

/* Those that some command needs; whoever carries it out says what is missing. */
static void take_arguments(json_object *root, struct message *m)
{
	json_object *arguments;

	if (!json_object_object_get_ex(root, "arguments", &arguments) ||
	    !json_object_is_type(arguments, json_type_object))
		return;
	take_text(arguments, "session_id", m->target, sizeof(m->target));
	take_text(arguments, "type", m->kind, sizeof(m->kind));
	/* scan/request.c reads the rest, where it is needed. */
	if (!strcmp(m->kind, "Network"))
		m->arguments = strdup(json_object_to_json_string_ext(arguments, JSON_C_TO_STRING_PLAIN));
}

static const char *read_object(json_object *root, struct message *m)
{
	if (!take_text(root, "type", m->name, sizeof(m->name)))
		return "it has no type";
	if (!strcmp(m->name, "welcome")) {
		m->type = MESSAGE_WELCOME;
		if (!take_text(root, "network_id", m->name, sizeof(m->name)) ||
		    !take_text(root, "sensor_id", m->id, sizeof(m->id)) ||
		    !take_batch(root, "acked", &m->batch))
			return "a welcome needs network_id, sensor_id and acked";
	} else if (!strcmp(m->name, "ack")) {
		m->type = MESSAGE_ACK;
		if (!take_batch(root, "batch", &m->batch))
			return "an ack needs a batch number";
	} else if (!strcmp(m->name, "command")) {
		m->type = MESSAGE_COMMAND;
		if (!take_text(root, "id", m->id, sizeof(m->id)) ||
		    !take_text(root, "command", m->name, sizeof(m->name)))
			return "a command needs id and command";
		take_arguments(root, m);
	} else if (!strcmp(m->name, "error")) {
		m->type = MESSAGE_ERROR;
		if (!take_text(root, "code", m->name, sizeof(m->name)))
			return "an error needs a code";
		take_reason(root, m->reason, sizeof(m->reason));
	}
	return NULL;
}

int message_read(const char *text, size_t length, struct message *out, const char **why)
{
	struct message message = {0};
	json_object *root = parse(text, length);

	*why = !root					      ? "it is not JSON"
	       : !json_object_is_type(root, json_type_object) ? "it is not an object"
							      : read_object(root, &message);
	json_object_put(root);
	if (*why) {
		message_clear(&message);
		return -EINVAL;
	}
	*out = message;
	return 0;
}

void message_clear(struct message *m)
{
	if (m->arguments)
		explicit_bzero(m->arguments, strlen(m->arguments));
	free(m->arguments);
	m->arguments = NULL;
}

/* The text of root, which is freed. */
static char *finish(json_object *root, size_t *length)
{
	const char *text = json_object_to_json_string_length(
		root, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, length);
	char *copy = text ? strdup(text) : NULL;

	json_object_put(root);
	return copy;
}

static void put(json_object *object, const char *key, json_object *value)
{
	/* Without memory a key is missing, which the collector refuses: nothing false is said. */
	json_object_object_add(object, key, value);
}

static json_object *capabilities_of(const struct message_hello *hello)
{
	json_object *object = json_object_new_object();

	for (size_t i = 0; i < hello->capability_count; i++) {
		const struct message_capability *c = &hello->capabilities[i];

		put(object, c->name,
		    c->text ? json_object_new_string(c->text) : json_object_new_int64(c->number));
	}
	return object;
}

static json_object *interfaces_of(const struct message_interface *interface)
{
	json_object *list = json_object_new_array(), *object, *addresses;
	char text[ADDR_TEXT_MAX];

	if (!interface)
		return list;
	object = json_object_new_object();
	addresses = json_object_new_array();
	for (size_t i = 0; i < interface->address_count; i++)
		json_object_array_add(addresses,
				      json_object_new_string(ip_text(&interface->addresses[i], text)));
	put(object, "name", json_object_new_string(interface->name));
	if (!mac_is_zero(&interface->mac))
		put(object, "mac", json_object_new_string(mac_text(&interface->mac, text)));
	put(object, "addresses", addresses);
	put(object, "mode", json_object_new_string(interface->mode));
	put(object, "vlan_tags_visible", json_object_new_boolean(interface->vlan_tags_visible));
	put(object, "promiscuous", json_object_new_boolean(interface->promiscuous));
	put(object, "span", json_object_new_boolean(interface->span));
	json_object_array_add(list, object);
	return list;
}

char *message_hello(const struct message_hello *hello, size_t *length)
{
	json_object *root = json_object_new_object();

	put(root, "type", json_object_new_string("hello"));
	put(root, "version", json_object_new_int(1));
	put(root, "name", json_object_new_string(hello->name));
	put(root, "software", json_object_new_string(hello->software));
	put(root, "hostname", json_object_new_string(hello->hostname));
	put(root, "outbox", json_object_new_string(hello->outbox));
	put(root, "capabilities", capabilities_of(hello));
	put(root, "interfaces", interfaces_of(hello->interface));
	return finish(root, length);
}

char *message_status(double at_s, const struct message_counter *counters, size_t count, size_t *length)
{
	json_object *root = json_object_new_object(), *object = json_object_new_object();

	put(root, "type", json_object_new_string("status"));
	put(root, "at", json_object_new_double(at_s));
	for (size_t i = 0; i < count; i++)
		put(object, counters[i].name,
		    counters[i].value == (double)(int64_t)counters[i].value
			    ? json_object_new_int64((int64_t)counters[i].value)
			    : json_object_new_double(counters[i].value));
	put(root, "counters", object);
	return finish(root, length);
}

char *message_result(const char *id, const char *error, size_t *length)
{
	json_object *root = json_object_new_object();

	put(root, "type", json_object_new_string("result"));
	put(root, "id", json_object_new_string(id));
	put(root, "ok", json_object_new_boolean(!error));
	if (error)
		put(root, "error", json_object_new_string(error));
	return finish(root, length);
}

char *message_progress(const char *id, const char *phase, int percent, size_t *length)
{
	json_object *root = json_object_new_object();

	put(root, "type", json_object_new_string("progress"));
	put(root, "id", json_object_new_string(id));
	put(root, "phase", json_object_new_string(phase));
	put(root, "progress", json_object_new_int(percent));
	return finish(root, length);
}
