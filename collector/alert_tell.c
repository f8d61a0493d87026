/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One turn of telling a channel: messages in their order, up to the first that fails. Of a failure it is told apart whether the whole channel is down, or
 * this message alone is refused, which must not keep the others.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/alert_channel.h"
#include "collector/alert_message.h"
#include "collector/loop.h"
#include "collector/secret.h"

enum { TO_MAX = 50, BATCH_MAX = 20 };

static const char *text_of(const struct json *object, const char *key)
{
	const char *text = "";
	size_t length;

	json_text(json_get(object, key), &text, &length);
	return text;
}

static void took(struct alert_told *told, const struct json *message)
{
	array_add_plain(&told->ids, text_of(message, "id"));
}

static void failed(struct alert_told *told, const struct json *message, bool down)
{
	snprintf(told->failed, sizeof(told->failed), "%s", message ? text_of(message, "id") : "");
	told->down = down;
}

/* What a server says of this request alone; all else may be over in a while, or when somebody mends the address. */
static bool refuses_message(int status)
{
	return status == 400 || status == 413 || status == 415 || status == 422;
}

static int webhook(const struct alert_telling *telling, const struct json *message, struct alert_told *told)
{
	const struct alert_channel *channel = telling->channel;
	char signature[64 + 96], code[SECRET_HMAC_MAX], delivery[ID_TEXT_MAX + 32];
	const char *headers[3] = {delivery, NULL, NULL};
	struct fetch asked = {.url = channel->url,
			      .headers = headers,
			      .ca_pem = channel->ca_certificate,
			      .allow_http = true,
			      .reach = telling->reach,
			      .hide_url = true};
	struct buffer json = {0}, text = {0};
	struct fetch_answer answer = {0};
	int error;

	alert_message_json(json_get(message, "body"), text_of(message, "id"), telling->dashboard_url, &json);
	snprintf(delivery, sizeof(delivery), "X-NetVisor-Delivery: %.36s", text_of(message, "id"));
	if (channel->secret[0] && !json.failed) {
		int64_t now = (int64_t)time(NULL);

		/* The time is signed too, so that nobody sends again what was sent long ago. */
		buffer_printf(&text, "%" PRId64 ".", now);
		buffer_add(&text, json.bytes, json.length);
		snprintf(signature, sizeof(signature), "X-NetVisor-Signature: t=%" PRId64 ",v1=%s", now,
			 secret_hmac(channel->secret, text.bytes ? text.bytes : "", text.length, code));
		headers[1] = signature;
	}
	asked.json = json.bytes;
	error = json.failed || text.failed ? -ENOMEM : fetch(&asked, &answer, told->why);
	if (error == -ENOMEM)
		snprintf(told->why, sizeof(told->why), "there is no memory");
	if (!error && (answer.status < 200 || answer.status > 299)) {
		snprintf(told->why, sizeof(told->why), "%.120s answered with status %d",
			 text_of(channel->document, "url_shown"), answer.status);
		error = refuses_message(answer.status) ? -EBADMSG : -EIO;
	}
	fetch_free(&answer);
	buffer_free(&json);
	buffer_free(&text);
	return error;
}

static void tell_webhook(const struct alert_telling *telling, struct alert_told *told)
{
	for (size_t i = 0; i < json_count(telling->waiting); i++) {
		const struct json *message = json_at(telling->waiting, i);
		int error;

		if (i && loop_now_ms() >= telling->until_ms)
			return;
		error = webhook(telling, message, told);
		if (error) {
			failed(told, message, error != -EBADMSG);
			return;
		}
		took(told, message);
	}
}

/* All that waits in one mail: nobody wants twenty at once. */
static void tell_email(const struct alert_telling *telling, struct alert_told *told)
{
	const struct alert_channel *channel = telling->channel;
	const struct json *bodies[BATCH_MAX];
	size_t count = json_count(telling->waiting);
	const char *to[TO_MAX + 1] = {NULL};
	struct fetch_mail mail = {.host = channel->host,
				  .port = channel->port,
				  .tls = channel->tls,
				  .user = channel->username,
				  .password = channel->password,
				  .ca_pem = channel->ca_certificate,
				  .from = channel->from_address,
				  .to = to,
				  .reach = telling->reach};
	struct alert_mail head = {.from = channel->from_address,
				  .to = channel->to_addresses,
				  .delivery_id = text_of(json_at(telling->waiting, 0), "id"),
				  .dashboard_url = telling->dashboard_url,
				  .at_s = (int64_t)time(NULL)};
	struct buffer text = {0};
	int error;

	if (count > BATCH_MAX)
		count = BATCH_MAX;
	for (size_t i = 0; i < count; i++)
		bodies[i] = json_get(json_at(telling->waiting, i), "body");
	for (size_t i = 0, n = 0; i < json_count(channel->to_addresses) && n < TO_MAX; i++) {
		size_t length;

		n += json_text(json_at(channel->to_addresses, i), &to[n], &length);
	}
	if (!count)
		return;
	alert_message_mail(&head, bodies, count, &text);
	mail.text = text.bytes;
	error = text.failed ? -ENOMEM : fetch_mail(&mail, told->why);
	if (error == -ENOMEM)
		snprintf(told->why, sizeof(told->why), "there is no memory");
	for (size_t i = 0; !error && i < count; i++)
		took(told, json_at(telling->waiting, i));
	if (error)
		failed(told, json_at(telling->waiting, 0), error != -EBADMSG);
	buffer_free(&text);
}

void alert_tell(const struct alert_telling *telling, struct alert_told *told)
{
	if (telling->channel->kind == ALERT_WEBHOOK)
		tell_webhook(telling, told);
	else if (telling->channel->kind == ALERT_EMAIL)
		tell_email(telling, told);
	else
		alert_mqtt_tell(telling, told);
}

void alert_told_free(struct alert_told *told)
{
	buffer_free(&told->ids);
}
