// SPDX-License-Identifier: BSD-2-Clause
/* An asker's beginning and end: its credentials, made ready once, and the queue of whom to ask. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "defs/log.h"
#include "sensor/snmp/snmp_inside.h"

enum { QUEUE_MAX = 65536 }; /* a scan's addresses */

int snmp_asker_add(struct snmp_asker *asker, const struct snmp_target *target)
{
	static const struct ip broadcast = {.version = 4, .bytes = {255, 255, 255, 255}};
	struct snmp_target *to;

	if ((target->ip.version != 4 && target->ip.version != 6) || ip_is_unspecified(&target->ip) ||
	    ip_is_multicast(&target->ip) || ip_equal(&target->ip, &broadcast))
		return -EPERM;
	if (asker->stopped)
		return -ECANCELED;
	if (asker->queue_count == asker->queue_room) {
		size_t room = asker->queue_room ? 2 * asker->queue_room : 64;
		struct snmp_target *grown;

		if (room > QUEUE_MAX)
			return -EAGAIN;
		grown = calloc(room, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		for (size_t i = 0; i < asker->queue_count; i++)
			grown[i] = asker->queue[(asker->queue_first + i) % asker->queue_room];
		free(asker->queue);
		asker->queue = grown;
		asker->queue_room = room;
		asker->queue_first = 0;
	}
	to = &asker->queue[(asker->queue_first + asker->queue_count++) % asker->queue_room];
	*to = *target;
	if (!to->port_h)
		to->port_h = SNMP_PORT_DEFAULT;
	return 0;
}

/* What was not given. */
static void fill(struct snmp_options *o)
{
	if (!o->at_once_max)
		o->at_once_max = SNMP_AT_ONCE_DEFAULT;
	if (o->at_once_max > AT_ONCE_MAX)
		o->at_once_max = AT_ONCE_MAX;
	if (!o->timeout_ms)
		o->timeout_ms = SNMP_TIMEOUT_MS_DEFAULT;
	if (!o->device_seconds)
		o->device_seconds = SNMP_DEVICE_SECONDS_DEFAULT;
	if (!o->rate)
		o->rate = SNMP_RATE_DEFAULT;
}

static int take_credentials(struct snmp_asker *asker, const struct snmp_options *options)
{
	struct snmp_credential *copy = calloc(options->credential_count, sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	asker->options.credentials =
		memcpy(copy, options->credentials, options->credential_count * sizeof(*copy));
	for (size_t i = 0; i < options->credential_count; i++) {
		const char *fault = snmp_credential_fault(&copy[i]);
		int error = fault ? -EINVAL : agent_keys_make(&copy[i], &asker->keys[i]);

		if (error) {
			log_error("SNMP credential %zu%s%s can't be used: %s.", i + 1,
				  copy[i].name[0] ? ", " : "", copy[i].name,
				  fault ? fault : "this machine's libraries lack its algorithms");
			return error;
		}
		asker->v3[i] = copy[i].version == SNMP_V3;
		asker->key_count++;
	}
	return 0;
}

int snmp_asker_open(const struct snmp_options *options, struct snmp_asker **out)
{
	struct snmp_asker *asker;
	int error;

	if (options->credential_count == 0 || options->credential_count > SNMP_CREDENTIALS_MAX) {
		log_error("SNMP needs 1 to %d credentials, and was given %zu.", SNMP_CREDENTIALS_MAX,
			  options->credential_count);
		return -EINVAL;
	}
	asker = calloc(1, sizeof(*asker));
	if (!asker)
		return -ENOMEM;
	asker->options = *options;
	asker->options.credentials = NULL;
	if (options->interface) {
		strncpy(asker->interface, options->interface, sizeof(asker->interface) - 1);
		asker->options.interface = asker->interface;
	}
	fill(&asker->options);
	asker->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	error = asker->epoll_fd < 0 ? -errno : agent_library_open();
	asker->library = !error;
	if (!error)
		error = take_credentials(asker, options);
	else
		log_error("SNMP can't be asked: %s.",
			  error == -EBUSY ? "it is being asked by another scan of this sensor"
					  : strerror(-error));
	if (error) {
		snmp_asker_close(asker);
		return error;
	}
	*out = asker;
	return 0;
}

void snmp_asker_close(struct snmp_asker *asker)
{
	if (!asker)
		return;
	asker->options.done = NULL;
	for (size_t slot = 0; slot < AT_ONCE_MAX; slot++)
		if (asker->running[slot]) {
			asker->running[slot]->answered = false; /* nobody waits for it any more */
			snmp_finish(asker, slot);
		}
	for (size_t i = 0; i < asker->key_count; i++)
		agent_keys_free(asker->keys[i]);
	if (asker->options.credentials)
		explicit_bzero((void *)asker->options.credentials,
			       asker->options.credential_count * sizeof(struct snmp_credential));
	free((void *)asker->options.credentials);
	if (asker->library)
		agent_library_close();
	if (asker->epoll_fd >= 0)
		close(asker->epoll_fd);
	free(asker->queue);
	free(asker);
}
