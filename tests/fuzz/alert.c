/* SPDX-License-Identifier: BSD-2-Clause */
/* What is told of an alert, made of whatever the database holds of strangers' names: JSON, a mail, and Home Assistant's topics. */
#include <assert.h>
#include <string.h>

#include "collector/alert_channel.h"
#include "collector/alert_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_topic(void *arg, const char *topic, const char *payload)
{
	(void)arg;
	assert(strncmp(topic, "t/n/", 4) == 0 || strncmp(topic, "h/", 2) == 0);
	assert(payload);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json *body, *again;
	const struct json *bodies[2];
	const struct alert_channel channel = {.topic = "t", .network_id = "n", .discovery_prefix = "h"};
	struct alert_mail mail = {.from = "a@b", .delivery_id = "d"};
	struct buffer json = {0}, text = {0};
	const char *why;

	if (json_read((const char *)data, size, &body, &why))
		return 0;
	bodies[0] = bodies[1] = body;
	alert_message_json(body, "d", "https://x", &json);
	/* What is made is JSON again. */
	assert(json_kind(body) != JSON_OBJECT || json_read(json.bytes, json.length, &again, &why) == 0);
	if (json_kind(body) == JSON_OBJECT)
		json_free(again);
	alert_message_mail(&mail, bodies, 2, &text);
	for (size_t i = 0; i < text.length; i++)
		assert((unsigned char)text.bytes[i] < 0x7f &&
		       (text.bytes[i] >= ' ' || text.bytes[i] == '\r' || text.bytes[i] == '\n'));
	alert_home_topics(body, &channel, on_topic, NULL);
	buffer_free(&json);
	buffer_free(&text);
	json_free(body);
	return 0;
}
