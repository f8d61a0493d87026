// SPDX-License-Identifier: BSD-2-Clause
/*
 * One container. The layout is that of Docker's Engine API v1.41 (ContainerInspect), which Podman's compatible API has too.
 */
#include "sensor/docker/container.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sensor/docker/read.h"
#include "sensor/docker/report.h"

enum { NAME_MAX_BYTES = 128, IMAGE_MAX_BYTES = 255, LABEL_KEY_BYTES = 96, LABEL_BYTES = 160 };

/* Words of keys whose values may be secrets: basic auth of a reverse proxy is kept in labels, say. */
static bool is_secret(const char *key)
{
	static const char *const words[] = {"pass", "secret", "token",	 "auth",
					    "cred", "key",    "private", "hash"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasestr(key, words[i]))
			return true;
	return false;
}

/* Known ones have keys of their own. */
static const struct {
	const char *label, *key;
} known[] = {
	{"com.docker.compose.project", "compose_project"},
	{"io.podman.compose.project", "compose_project"},
	{"com.docker.compose.service", "compose_service"},
	{"com.docker.stack.namespace", "compose_project"},
	{"com.docker.swarm.service.name", "compose_service"},
	{"org.opencontainers.image.version", "image_version"},
	{"org.opencontainers.image.title", "image_title"},
	{"org.opencontainers.image.source", "image_source"},
};

static const char *key_of(const char *label)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].label, label))
			return known[i].key;
	return NULL;
}

void container_labels(json_object *labels, json_object *to)
{
	json_object *rest = json_object_new_object();

	if (labels && rest) {
		json_object_object_foreach (labels, label, value) {
			const char *key = key_of(label);
			const char *text = json_object_is_type(value, json_type_string)
						   ? json_object_get_string(value)
						   : "";

			if (key)
				put_text(to, key, text, LABEL_BYTES);
			/* Those of the engines' tools are many and tell people nothing. */
			else if (json_object_object_length(rest) < REPORT_LABELS_MAX &&
				 strlen(label) <= LABEL_KEY_BYTES && !is_secret(label) &&
				 strncmp(label, "com.docker.", 11) != 0 &&
				 strncmp(label, "io.podman.", 10) != 0 &&
				 strncmp(label, "io.buildah.", 11) != 0)
				put_text(rest, label, text, LABEL_BYTES);
		}
	}
	if (rest && json_object_object_length(rest))
		put_object(to, "labels", rest);
	else
		json_object_put(rest);
}

/* "80/tcp". False when it is something else. */
static bool read_port(const char *text, int *port, const char **proto)
{
	static const char *const protos[] = {"tcp", "udp", "sctp"};
	char *end;
	long number = strtol(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || number < 1 || number > 65535 || *end != '/')
		return false;
	for (size_t i = 0; i < sizeof(protos) / sizeof(protos[0]); i++)
		if (!strcmp(end + 1, protos[i])) {
			*port = (int)number;
			*proto = protos[i];
			return true;
		}
	return false;
}

static bool add_port(json_object *ports, const char *text, json_object *published)
{
	int port;
	const char *proto;
	json_object *out;

	if (!read_port(text, &port, &proto))
		return true;
	if (json_object_array_length(ports) >= REPORT_PORTS_MAX)
		return false;
	out = json_object_new_object();
	put_number(out, "port", port);
	put_text(out, "proto", proto, 8);
	if (published) {
		/* A text of digits. */
		long number = strtol(read_text(published, "HostPort"), NULL, 10);

		if (number >= 1 && number <= 65535) {
			put_number(out, "host_port", number);
			put_ip(out, "host_ip", read_text(published, "HostIp"));
		}
	}
	return !json_object_array_add(ports, out);
}

/* What the container listens on, as its image and its owner say; published on the host where it says so. */
static void put_ports(json_object *inspect, json_object *to)
{
	json_object *published = read_object(read_object(inspect, "NetworkSettings"), "Ports");
	json_object *exposed = read_object(read_object(inspect, "Config"), "ExposedPorts");
	json_object *ports = json_object_new_array();
	int left_out = 0;

	if (published && ports) {
		json_object_object_foreach (published, key, places) {
			size_t count = places && json_object_is_type(places, json_type_array)
					       ? json_object_array_length(places)
					       : 0;

			if (!count)
				left_out += !add_port(ports, key, NULL);
			for (size_t i = 0; i < count && i <= REPORT_PORTS_MAX; i++)
				left_out += !add_port(ports, key, json_object_array_get_idx(places, i));
		}
	}
	if (exposed && ports) {
		json_object_object_foreach (exposed, key, nothing) {
			(void)nothing;
			if (!published || !json_object_object_get_ex(published, key, NULL))
				left_out += !add_port(ports, key, NULL);
		}
	}
	if (left_out)
		put_number(to, "ports_left_out", left_out);
	put_object(to, "ports", ports);
}

const char *container_image_wanted(json_object *container)
{
	json_object *ports = read_array(container, "ports");

	return !strcmp(read_text(container, "network_mode"), "host") && ports &&
			       !json_object_array_length(ports)
		       ? read_text(container, "image_id")
		       : "";
}

void container_image_ports(json_object *container, json_object *image)
{
	json_object *exposed = read_object(read_object(image, "Config"), "ExposedPorts");
	json_object *ports = read_array(container, "ports");

	if (exposed && ports) {
		json_object_object_foreach (exposed, key, nothing) {
			(void)nothing;
			add_port(ports, key, NULL);
		}
	}
}

static void put_networks(json_object *inspect, json_object *to)
{
	json_object *networks = read_object(read_object(inspect, "NetworkSettings"), "Networks");
	json_object *list = json_object_new_array();

	if (networks && list) {
		json_object_object_foreach (networks, name, network) {
			json_object *out;

			if (json_object_array_length(list) >= REPORT_MEMBERSHIPS_MAX)
				break;
			out = json_object_new_object();
			put_text(out, "name", name, NAME_MAX_BYTES);
			put_ip(out, "ip", read_text(network, "IPAddress"));
			put_ip(out, "ip6", read_text(network, "GlobalIPv6Address"));
			put_mac(out, "mac", read_text(network, "MacAddress"));
			json_object_array_add(list, out);
		}
	}
	put_object(to, "networks", list);
}

/* A word of the engine's: running, exited, paused, … */
static void put_state(json_object *inspect, json_object *to)
{
	json_object *state = read_object(inspect, "State");
	const char *status = read_text(state, "Status"),
		   *health = read_text(read_object(state, "Health"), "Status");

	put_text(to, "state", status[0] ? status : read_bool(state, "Running") ? "running" : "exited", 16);
	/* Podman says "" or "starting" for containers that have no check; Docker says "none". */
	if (!strcmp(health, "healthy") || !strcmp(health, "unhealthy"))
		put_text(to, "health", health, 16);
	put_time(to, "started", read_text(state, "StartedAt"));
	if (!read_bool(state, "Running"))
		put_time(to, "finished", read_text(state, "FinishedAt"));
}

json_object *container_read(json_object *inspect)
{
	json_object *config = read_object(inspect, "Config"), *host = read_object(inspect, "HostConfig");
	const char *name = read_text(inspect, "Name");
	json_object *out = json_object_new_object();
	char id[READ_ID_MAX];

	if (!out || !read_id(read_text(inspect, "Id"), id)) {
		json_object_put(out);
		return NULL;
	}
	name += *name == '/';
	put_text(out, "id", id, sizeof(id));
	put_text(out, "name", name[0] ? name : id, NAME_MAX_BYTES);
	put_text(out, "image", read_text(config, "Image"), IMAGE_MAX_BYTES);
	put_text(out, "image_id", read_text(inspect, "Image"), READ_ID_MAX);
	put_text(out, "network_mode", read_text(host, "NetworkMode"), NAME_MAX_BYTES);
	put_time(out, "created", read_text(inspect, "Created"));
	put_state(inspect, out);
	container_labels(read_object(config, "Labels"), out);
	put_ports(inspect, out);
	put_networks(inspect, out);
	return out;
}
