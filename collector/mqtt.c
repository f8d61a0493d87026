/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libmosquitto's door. Its thread calls back; a lock and a condition hand over what it says: connected or why not, and which message the broker has.
 */
#include <errno.h>
#include <mosquitto.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "collector/mqtt.h"
#include "collector/secret.h"

enum {
	KEEPALIVE_S = 30,
	CONNECT_MS = 5000,
	ADDRESSES_MAX = 4, /* of a name, that are tried */
	PORT = 1883,
	PORT_TLS = 8883,
	PATH_MAX_BYTES = 64
};

static const char gone[] = "offline";

struct mqtt {
	struct mosquitto *client;
	int ca_fd;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool started, connected;
	unsigned int sessions;
	int last_ack; /* the message that the broker said last that it has */
	bool acked;
	char host[256];
	char *will_topic;
	char reason[128]; /* why it is not connected */
};

void mqtt_begin(void)
{
	mosquitto_lib_init();
}

void mqtt_end(void)
{
	mosquitto_lib_cleanup();
}

static void on_connect(struct mosquitto *client, void *arg, int code)
{
	struct mqtt *mqtt = arg;

	(void)client;
	pthread_mutex_lock(&mqtt->lock);
	mqtt->connected = code == 0;
	mqtt->sessions += code == 0;
	if (code)
		snprintf(mqtt->reason, sizeof(mqtt->reason), "%s", mosquitto_connack_string(code));
	pthread_cond_broadcast(&mqtt->changed);
	pthread_mutex_unlock(&mqtt->lock);
}

static void on_disconnect(struct mosquitto *client, void *arg, int code)
{
	struct mqtt *mqtt = arg;

	(void)client;
	pthread_mutex_lock(&mqtt->lock);
	if (mqtt->connected || !mqtt->reason[0])
		snprintf(mqtt->reason, sizeof(mqtt->reason), "%s",
			 code ? mosquitto_strerror(code) : "the connection was closed");
	mqtt->connected = false;
	pthread_cond_broadcast(&mqtt->changed);
	pthread_mutex_unlock(&mqtt->lock);
}

static void on_publish(struct mosquitto *client, void *arg, int id)
{
	struct mqtt *mqtt = arg;

	(void)client;
	pthread_mutex_lock(&mqtt->lock);
	mqtt->last_ack = id;
	mqtt->acked = true;
	pthread_cond_broadcast(&mqtt->changed);
	pthread_mutex_unlock(&mqtt->lock);
}

/* Whether somebody listens there, within the time: the library itself would wait for minutes, and say nothing. */
static int try_address(const struct addrinfo *at, const char **problem)
{
	int fd = socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), error = 0;
	struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
	socklen_t length = sizeof(error);

	if (fd < 0 || (connect(fd, at->ai_addr, at->ai_addrlen) < 0 && errno != EINPROGRESS))
		error = errno;
	else if (poll(&poll_fd, 1, CONNECT_MS) <= 0)
		error = ETIMEDOUT;
	else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0)
		error = errno;
	if (fd >= 0)
		close(fd);
	if (error)
		*problem = strerrordesc_np(error);
	return error;
}

/*
 * One of the name's addresses must answer, and all must be ones that may be connected to. out: the one that did, since a name that is asked for once more
 * may lead elsewhere.
 */
static int host_answers(const struct mqtt_options *options, int port, char out[static NI_MAXHOST],
			char why[static MQTT_WHY_MAX])
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV}, *list = NULL;
	const char *problem = "it has no address";
	char service[16];
	int error, answers = -EIO, tried = 0;

	snprintf(service, sizeof(service), "%d", port);
	error = getaddrinfo(options->host, service, &hints, &list);
	if (error) {
		snprintf(why, MQTT_WHY_MAX, "%.100s: %s", options->host, gai_strerror(error));
		return -EIO;
	}
	for (const struct addrinfo *at = list; at && answers != -EACCES; at = at->ai_next) {
		if (!reach_allowed(options->reach, at->ai_addr)) {
			answers = -EACCES;
			problem = "it may not be connected to (see --alert-targets)";
		}
	}
	for (const struct addrinfo *at = list; at && answers == -EIO && tried < ADDRESSES_MAX;
	     at = at->ai_next, tried++)
		if (!try_address(at, &problem) &&
		    !getnameinfo(at->ai_addr, at->ai_addrlen, out, NI_MAXHOST, NULL, 0, NI_NUMERICHOST))
			answers = 0;
	freeaddrinfo(list);
	if (answers)
		snprintf(why, MQTT_WHY_MAX, "%.100s: %.120s", options->host, problem);
	return answers;
}

/* The library takes authorities from a file alone. */
static int tls_set(struct mqtt *mqtt, const char *ca_pem)
{
	char path[PATH_MAX_BYTES];
	int error;

	if (!ca_pem || !*ca_pem)
		return mosquitto_int_option(mqtt->client, MOSQ_OPT_TLS_USE_OS_CERTS, 1) ||
		       mosquitto_tls_set(mqtt->client, NULL, "/etc/ssl/certs", NULL, NULL, NULL);
	mqtt->ca_fd = memfd_create("ca.pem", MFD_CLOEXEC);
	if (mqtt->ca_fd < 0)
		return -1;
	error = write(mqtt->ca_fd, ca_pem, strlen(ca_pem)) != (ssize_t)strlen(ca_pem) ? -1 : 0;
	/* It is read again whenever it connects. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", mqtt->ca_fd);
	return error ? error : mosquitto_tls_set(mqtt->client, path, NULL, NULL, NULL, NULL);
}

static int start(struct mqtt *mqtt, const struct mqtt_options *options, const char *address, int port)
{
	int error = 0;

	mosquitto_connect_callback_set(mqtt->client, on_connect);
	mosquitto_disconnect_callback_set(mqtt->client, on_disconnect);
	mosquitto_publish_callback_set(mqtt->client, on_publish);
	mosquitto_reconnect_delay_set(mqtt->client, 1, 2, false);
	if (options->user)
		error = mosquitto_username_pw_set(mqtt->client, options->user, options->password);
	if (!error && options->tls)
		error = tls_set(mqtt, options->ca_pem);
	if (!error && options->will_topic)
		error = mosquitto_will_set(mqtt->client, options->will_topic, (int)strlen(gone), gone, 1, true);
	/* By TLS whoever answers must show that it is the one of that name. */
	if (!error)
		error = mosquitto_connect_async(mqtt->client, options->tls ? options->host : address, port,
						KEEPALIVE_S);
	/* A broker that is away is tried again by the thread. */
	if (error == MOSQ_ERR_ERRNO || error == MOSQ_ERR_EAI)
		error = 0;
	if (!error) {
		error = mosquitto_loop_start(mqtt->client);
		mqtt->started = !error;
	}
	return error;
}

int mqtt_open(const struct mqtt_options *options, struct mqtt **out, char why[static MQTT_WHY_MAX])
{
	struct mqtt *mqtt;
	char id[ID_TEXT_MAX], name[64], address[NI_MAXHOST] = "";
	int port = options->port ? options->port : options->tls ? PORT_TLS : PORT;
	int error = host_answers(options, port, address, why);

	if (error)
		return error;
	mqtt = calloc(1, sizeof(*mqtt));
	snprintf(name, sizeof(name), "netvisor-%.13s", id_random(id));
	if (mqtt) {
		mqtt->ca_fd = -1;
		mqtt->client = mosquitto_new(name, true, mqtt);
	}
	if (!mqtt || !mqtt->client) {
		free(mqtt);
		snprintf(why, MQTT_WHY_MAX, "there is no memory");
		return -ENOMEM;
	}
	pthread_mutex_init(&mqtt->lock, NULL);
	pthread_cond_init(&mqtt->changed, NULL);
	snprintf(mqtt->host, sizeof(mqtt->host), "%s", options->host);
	mqtt->will_topic = options->will_topic ? strdup(options->will_topic) : NULL;
	error = start(mqtt, options, address, port);
	if (error) {
		snprintf(why, MQTT_WHY_MAX, "%.100s: %.120s", options->host,
			 error < 0 ? strerror(errno) : mosquitto_strerror(error));
		mqtt_close(mqtt);
		return -EIO;
	}
	*out = mqtt;
	return 0;
}

/* With the lock held: until what is waited for, or the time is over. */
static bool wait_until(struct mqtt *mqtt, const bool *what, const struct timespec *end)
{
	while (!*what)
		if (pthread_cond_timedwait(&mqtt->changed, &mqtt->lock, end))
			break;
	return *what;
}

int mqtt_publish(struct mqtt *mqtt, const char *topic, const char *text, bool retain,
		 char why[static MQTT_WHY_MAX])
{
	struct timespec end;
	const char *problem = NULL;
	int id = 0, error;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += MQTT_WAIT_MS / 1000;
	pthread_mutex_lock(&mqtt->lock);
	if (!wait_until(mqtt, &mqtt->connected, &end)) {
		problem = mqtt->reason[0] ? mqtt->reason : "the broker does not answer";
	} else {
		/* What was acknowledged before is not this one: only one publishes at a time. */
		mqtt->acked = false;
		pthread_mutex_unlock(&mqtt->lock);
		error = mosquitto_publish(mqtt->client, &id, topic, (int)strlen(text), text, 1, retain);
		pthread_mutex_lock(&mqtt->lock);
		if (error)
			problem = mosquitto_strerror(error);
		while (!problem && !(mqtt->acked && mqtt->last_ack == id)) {
			mqtt->acked = false;
			if (!wait_until(mqtt, &mqtt->acked, &end))
				problem = "the broker does not say that it has the message";
		}
	}
	if (problem)
		snprintf(why, MQTT_WHY_MAX, "%.100s: %.120s", mqtt->host, problem);
	pthread_mutex_unlock(&mqtt->lock);
	return problem ? -EIO : 0;
}

bool mqtt_alive(struct mqtt *mqtt)
{
	bool alive;

	pthread_mutex_lock(&mqtt->lock);
	alive = mqtt->connected || !mqtt->sessions;
	pthread_mutex_unlock(&mqtt->lock);
	return alive;
}

unsigned int mqtt_sessions(struct mqtt *mqtt)
{
	unsigned int sessions;

	pthread_mutex_lock(&mqtt->lock);
	sessions = mqtt->sessions;
	pthread_mutex_unlock(&mqtt->lock);
	return sessions;
}

void mqtt_close(struct mqtt *mqtt)
{
	if (!mqtt)
		return;
	if (mqtt->started) {
		bool connected;

		pthread_mutex_lock(&mqtt->lock);
		connected = mqtt->connected;
		pthread_mutex_unlock(&mqtt->lock);
		/* Who says good-bye has no will: say it ourselves, it goes out before. */
		if (connected && mqtt->will_topic)
			mosquitto_publish(mqtt->client, NULL, mqtt->will_topic, (int)strlen(gone), gone, 1,
					  true);
		/* One that is connected ends by itself after its good-bye; one that is not may sleep, or wait for an address. */
		mosquitto_disconnect(mqtt->client);
		mosquitto_loop_stop(mqtt->client, !connected);
	}
	free(mqtt->will_topic);
	if (mqtt->ca_fd >= 0)
		close(mqtt->ca_fd);
	mosquitto_destroy(mqtt->client);
	pthread_mutex_destroy(&mqtt->lock);
	pthread_cond_destroy(&mqtt->changed);
	free(mqtt);
}
