/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Connections to brokers, one for each channel, which live from one turn to the next. Each remembers what it has published to be retained, so
 * that a turn publishes only what is new; a new connection publishes all of it again. One that failed is closed, and made anew with the next try.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/alert_channel.h"
#include "collector/alert_message.h"
#include "collector/loop.h"
#include "collector/mqtt.h"
#include "collector/secret.h"

enum { BROKERS_MAX = 64, PUBLISHED_A_TURN_MAX = 400 };

struct retained {
	char *topic;
	uint8_t hash[SECRET_HASH_BYTES]; /* of its payload */
	bool wanted;			 /* in this turn */
};

struct broker {
	char channel_id[ID_TEXT_MAX];
	int64_t revision; /* of the channel, when it was opened */
	struct mqtt *mqtt;
	unsigned int sessions;
	struct retained *retained;
	size_t count, capacity, next; /* next: where what is asked for next most likely is */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct broker *brokers[BROKERS_MAX];

static void retained_forget(struct broker *broker)
{
	for (size_t i = 0; i < broker->count; i++)
		free(broker->retained[i].topic);
	broker->count = broker->next = 0;
}

static void broker_free(struct broker *broker)
{
	mqtt_close(broker->mqtt);
	retained_forget(broker);
	free(broker->retained);
	free(broker);
}

/* Take it out of the list; NULL when there is none. It is put back when all went well. */
static struct broker *broker_take(const char *channel_id)
{
	struct broker *found = NULL;

	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < BROKERS_MAX && !found; i++) {
		if (!brokers[i] || strcmp(brokers[i]->channel_id, channel_id) != 0)
			continue;
		found = brokers[i];
		brokers[i] = NULL;
	}
	pthread_mutex_unlock(&lock);
	return found;
}

static void broker_put(struct broker *broker)
{
	size_t i = 0;

	pthread_mutex_lock(&lock);
	while (i < BROKERS_MAX && brokers[i])
		i++;
	if (i < BROKERS_MAX)
		brokers[i] = broker;
	pthread_mutex_unlock(&lock);
	/* With so many channels some connect for each turn. */
	if (i == BROKERS_MAX)
		broker_free(broker);
}

static struct broker *broker_open(const struct alert_telling *telling, char *why)
{
	const struct alert_channel *channel = telling->channel;
	struct broker *broker = broker_take(channel->id);
	struct buffer will = {0};
	struct mqtt_options options = {.host = channel->host,
				       .port = channel->port,
				       .tls = strcmp(channel->tls, "tls") == 0,
				       .ca_pem = channel->ca_certificate,
				       .user = channel->username,
				       .password = channel->password[0] ? channel->password : NULL,
				       .reach = telling->reach};

	if (broker && broker->revision == channel->revision && mqtt_alive(broker->mqtt))
		return broker;
	if (broker)
		broker_free(broker);
	broker = calloc(1, sizeof(*broker));
	if (telling->home) {
		alert_home_topic(channel, "status", &will);
		options.will_topic = will.bytes;
	}
	if (!broker || will.failed || !options.host)
		snprintf(why, ALERT_WHY_MAX, options.host ? "there is no memory" : "it names no server");
	else if (mqtt_open(&options, &broker->mqtt, why) == 0) {
		snprintf(broker->channel_id, sizeof(broker->channel_id), "%s", channel->id);
		broker->revision = channel->revision;
		buffer_free(&will);
		return broker;
	}
	buffer_free(&will);
	free(broker);
	return NULL;
}

struct homing {
	struct broker *broker;
	int64_t until_ms;
	unsigned int published;
	bool failed;
	char *why;
};

static struct retained *retained_of(struct broker *broker, const char *topic)
{
	struct retained *at;

	for (size_t i = 0; i < broker->count; i++) {
		size_t place = (broker->next + i) % broker->count;

		if (strcmp(broker->retained[place].topic, topic) != 0)
			continue;
		broker->next = place + 1;
		return &broker->retained[place];
	}
	if (broker->count == broker->capacity) {
		size_t more = broker->capacity ? 2 * broker->capacity : 64;

		at = reallocarray(broker->retained, more, sizeof(*at));
		if (!at)
			return NULL;
		broker->retained = at;
		broker->capacity = more;
	}
	at = &broker->retained[broker->count];
	*at = (struct retained){.topic = strdup(topic)};
	if (!at->topic)
		return NULL;
	broker->next = ++broker->count;
	return at;
}

static void on_topic(void *arg, const char *topic, const char *payload)
{
	struct homing *homing = arg;
	struct retained *is = retained_of(homing->broker, topic);
	uint8_t hash[SECRET_HASH_BYTES];

	if (!is)
		return;
	is->wanted = true;
	secret_hash(payload, strlen(payload), hash);
	/* What this turn has no time for is found to be missing by the next one. */
	if (homing->failed || secret_equal(hash, is->hash) || homing->published >= PUBLISHED_A_TURN_MAX ||
	    loop_now_ms() >= homing->until_ms)
		return;
	homing->published++;
	homing->failed = mqtt_publish(homing->broker->mqtt, topic, payload, true, homing->why) != 0;
	if (!homing->failed)
		memcpy(is->hash, hash, sizeof(hash));
}

static bool home(struct broker *broker, const struct alert_telling *telling, char *why)
{
	struct homing homing = {.broker = broker, .until_ms = telling->until_ms, .why = why};
	unsigned int sessions = mqtt_sessions(broker->mqtt);

	if (sessions != broker->sessions)
		retained_forget(broker);
	broker->sessions = sessions;
	for (size_t i = 0; i < broker->count; i++)
		broker->retained[i].wanted = false;
	alert_home_topics(telling->home, telling->channel, on_topic, &homing);
	/* What is no more is taken away: an empty payload that is retained. */
	for (size_t i = 0; i < broker->count && !homing.failed && loop_now_ms() < telling->until_ms;) {
		struct retained *is = &broker->retained[i];

		if (is->wanted) {
			i++;
			continue;
		}
		homing.failed = mqtt_publish(broker->mqtt, is->topic, "", true, why) != 0;
		free(is->topic);
		*is = broker->retained[--broker->count];
	}
	broker->next = 0;
	return !homing.failed;
}

static const char *message_id(const struct json *message)
{
	const char *text = "";
	size_t length;

	json_text(json_get(message, "id"), &text, &length);
	return text;
}

void alert_mqtt_tell(const struct alert_telling *telling, struct alert_told *told)
{
	struct broker *broker = broker_open(telling, told->why);
	const struct json *first = json_at(telling->waiting, 0);
	struct buffer topic = {0}, json = {0};
	bool failed = !broker;

	if (!failed && telling->home)
		failed = !home(broker, telling, told->why);
	alert_home_topic(telling->channel, "alert", &topic);
	for (size_t i = 0;
	     !failed && i < json_count(telling->waiting) && !(i && loop_now_ms() >= telling->until_ms); i++) {
		first = json_at(telling->waiting, i);
		buffer_clear(&json);
		alert_message_json(json_get(first, "body"), message_id(first), telling->dashboard_url, &json);
		failed = json.failed || topic.failed ||
			 mqtt_publish(broker->mqtt, topic.bytes, json.bytes, false, told->why);
		if (!failed)
			array_add_plain(&told->ids, message_id(first));
	}
	if (failed) {
		snprintf(told->failed, sizeof(told->failed), "%s", first ? message_id(first) : "");
		told->down = true;
		if (broker)
			broker_free(broker);
	} else {
		broker_put(broker);
	}
	buffer_free(&topic);
	buffer_free(&json);
}

void alert_mqtt_close(void)
{
	for (size_t i = 0; i < BROKERS_MAX; i++) {
		if (brokers[i])
			broker_free(brokers[i]);
		brokers[i] = NULL;
	}
}
