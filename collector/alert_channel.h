/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A channel as it is told to: read from what the database gives (alert_channel_open() of sql/0034_alert_channel.sql), with its secrets open, so it is
 * wiped when it is done with. And the telling itself, which waits: only a worker's thread does it.
 */
#ifndef COLLECTOR_ALERT_CHANNEL_H
#define COLLECTOR_ALERT_CHANNEL_H

#include <stdbool.h>

#include "collector/buffer.h"
#include "collector/fetch.h"
#include "collector/json.h"
#include "collector/reach.h"
#include "collector/vault.h"

enum { ALERT_WHY_MAX = 600, ALERT_ABOUT_MAX = CREDENTIAL_ABOUT_MAX };

enum alert_channel_kind { ALERT_WEBHOOK, ALERT_MQTT, ALERT_EMAIL };

struct alert_channel {
	enum alert_channel_kind kind;
	struct json *document; /* the texts below are its own */
	const char *id, *network_id, *host, *tls, *ca_certificate, *username, *from_address, *topic,
		*discovery_prefix;
	const struct json *to_addresses;
	int port;
	int64_t revision;
	char url[SEAL_TEXT_MAX], secret[SEAL_TEXT_MAX], password[SEAL_TEXT_MAX]; /* "" for none */
};

/* 0, or -errno with a sentence in why, and nothing to close. The vault is the loop's: read there. */
int alert_channel_read(struct alert_channel *, struct vault *, const char *json, size_t length,
		       char why[static ALERT_WHY_MAX]);
void alert_channel_close(struct alert_channel *);
/* What a secret of a channel is about, for the vault. Returns out. */
const char *alert_channel_about(const char *id, const char *field, char out[static ALERT_ABOUT_MAX]);

/* What is told: an array of {id, body, created_at}, and who is there (alert_home()), or NULL. */
struct alert_telling {
	const struct alert_channel *channel;
	const struct json *waiting, *home;
	const char *dashboard_url; /* NULL for none */
	enum reach reach;
	/* After this (loop_now_ms()) no further message is begun: what is left waits for the next turn, well before the claim runs out. */
	int64_t until_ms;
};

/* What came of it: an array of ids for PostgreSQL; which one failed, "" for none; why, "" when nothing did; whether all of the channel is down. */
struct alert_told {
	struct buffer ids;
	char failed[ID_TEXT_MAX];
	char why[ALERT_WHY_MAX];
	bool down;
};

void alert_tell(const struct alert_telling *, struct alert_told *);
void alert_told_free(struct alert_told *);

/* alert_mqtt.c: connections to brokers that live on. One at a time for each channel. */
void alert_mqtt_tell(const struct alert_telling *, struct alert_told *);
/* After the last worker. */
void alert_mqtt_close(void);

/*
 * alert_home.c: topics and retained payloads by which Home Assistant finds the network's devices and alerts (MQTT discovery). Pure. put is called for
 * each, always in the same order for the same things.
 */
void alert_home_topics(const struct json *home, const struct alert_channel *,
		       void (*put)(void *arg, const char *topic, const char *payload), void *arg);
/* Below which all topics of a channel are: append TOPIC/NETWORK and what follows. */
void alert_home_topic(const struct alert_channel *, const char *rest, struct buffer *out);

#endif
