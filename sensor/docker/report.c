// SPDX-License-Identifier: BSD-2-Clause
/* See report.h. The report is json-c's own tree; its size is known as it grows. */
#include "sensor/docker/report.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/docker/container.h"

enum { URL_BYTES = 256, NAME_BYTES = 128, WHY_BYTES = 400, IMAGES_MAX = 4096, TAGS_MAX = 3, HEAD_BYTES = 4096 };

struct report {
	json_object *machine, *engines, *networks, *containers, *problems;
	json_object *images; /* of the engine at hand, by id: what its containers' images are called */
	size_t bytes;
	int64_t image_count, left_out;
	size_t networks_before, containers_before, bytes_before; /* of the engine at hand */
	char (*ids)[READ_ID_MAX];
	size_t id_count;
};

struct report *report_new(void)
{
	struct report *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->engines = json_object_new_array();
	r->networks = json_object_new_array();
	r->containers = json_object_new_array();
	r->problems = json_object_new_array();
	r->ids = calloc(REPORT_CONTAINERS_MAX, sizeof(*r->ids));
	r->bytes = HEAD_BYTES;
	if (r->engines && r->networks && r->containers && r->problems && r->ids)
		return r;
	report_free(r);
	return NULL;
}

void report_free(struct report *r)
{
	if (!r)
		return;
	json_object_put(r->machine);
	json_object_put(r->engines);
	json_object_put(r->networks);
	json_object_put(r->containers);
	json_object_put(r->problems);
	json_object_put(r->images);
	free(r->ids);
	free(r);
}

void report_machine(struct report *r, const char *hostname, const struct mac *macs, size_t count)
{
	json_object *list = json_object_new_array();
	char text[ADDR_TEXT_MAX];

	json_object_put(r->machine);
	r->machine = json_object_new_object();
	put_text(r->machine, "hostname", hostname, NAME_BYTES);
	for (size_t i = 0; list && i < count; i++)
		json_object_array_add(list, json_object_new_string(mac_text(&macs[i], text)));
	put_object(r->machine, "macs", list);
}

/* Into a list, when the message still has room for it. Takes it over. */
static bool add(struct report *r, json_object *list, json_object *item)
{
	size_t length = 0;

	if (item)
		json_object_to_json_string_length(item, JSON_C_TO_STRING_PLAIN, &length);
	if (!length || r->bytes + length + 1 > REPORT_BYTES_MAX || json_object_array_add(list, item)) {
		json_object_put(item);
		return false;
	}
	r->bytes += length + 1;
	return true;
}

/* Podman names itself among its components; Docker and what is made from it (Moby, balena) do not. */
static const char *type_of(json_object *version)
{
	json_object *components = read_array(version, "Components");

	for (size_t i = 0; components && i < json_object_array_length(components) && i < 32; i++)
		if (strcasestr(read_text(json_object_array_get_idx(components, i), "Name"), "podman"))
			return "Podman";
	return "Docker";
}

int report_engine(struct report *r, const char *url, const char *name, const char *version, size_t length)
{
	json_object *said = read_json(version, length), *engine;
	const char *type;

	r->id_count = 0;
	r->networks_before = json_object_array_length(r->networks);
	r->containers_before = json_object_array_length(r->containers);
	r->bytes_before = r->bytes;
	if (!said || !read_text(said, "Version")[0] ||
	    json_object_array_length(r->engines) >= REPORT_ENGINES_MAX) {
		json_object_put(said);
		return -EINVAL;
	}
	engine = json_object_new_object();
	type = type_of(said);
	put_text(engine, "type", type, 16);
	put_text(engine, "name", name[0] ? name : type, NAME_BYTES);
	put_text(engine, "url", url, URL_BYTES);
	put_text(engine, "version", read_text(said, "Version"), 64);
	put_text(engine, "api_version", read_text(said, "ApiVersion"), 16);
	put_text(engine, "os", read_text(said, "Os"), 32);
	put_text(engine, "machine", read_text(said, "Arch"), 32);
	json_object_put(said);
	json_object_put(r->images);
	r->images = json_object_new_object();
	return add(r, r->engines, engine) ? 0 : -EINVAL;
}

void report_engine_drop(struct report *r)
{
	size_t count = json_object_array_length(r->engines);

	json_object_array_del_idx(r->networks, r->networks_before,
				  json_object_array_length(r->networks) - r->networks_before);
	json_object_array_del_idx(r->containers, r->containers_before,
				  json_object_array_length(r->containers) - r->containers_before);
	if (count)
		json_object_array_del_idx(r->engines, count - 1, 1);
	r->bytes = r->bytes_before;
	r->id_count = 0;
}

/* What the dashboard calls a network of this driver; NULL for those that are none of their own. */
static const char *subnet_type(const char *driver)
{
	static const struct {
		const char *driver, *type;
	} types[] = {{"bridge", "DockerBridge"},
		     {"overlay", "DockerBridge"},
		     {"macvlan", "MacVlan"},
		     {"ipvlan", "IpVlan"}};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(types[i].driver, driver))
			return types[i].type;
	return NULL;
}

static json_object *prefixes_of(json_object *network)
{
	json_object *config = read_array(read_object(network, "IPAM"), "Config"),
		    *list = json_object_new_array();

	for (size_t i = 0; config && i < json_object_array_length(config) && i < 8; i++) {
		json_object *out = json_object_new_object(), *from = json_object_array_get_idx(config, i);

		put_prefix(out, "prefix", read_text(from, "Subnet"));
		put_ip(out, "gateway", read_text(from, "Gateway"));
		if (json_object_object_length(out))
			json_object_array_add(list, out);
		else
			json_object_put(out);
	}
	return list;
}

static json_object *network_of(const struct report *r, json_object *network)
{
	json_object *out = json_object_new_object(), *options = read_object(network, "Options");
	const char *driver = read_text(network, "Driver");

	put_number(out, "engine", (int64_t)json_object_array_length(r->engines) - 1);
	put_text(out, "name", read_text(network, "Name"), NAME_BYTES);
	put_text(out, "driver", driver, 32);
	put_text(out, "subnet_type", subnet_type(driver), 32);
	put_text(out, "parent", read_text(options, "parent"), 16);
	if (read_bool(network, "Internal"))
		put_bool(out, "internal", true);
	container_labels(read_object(network, "Labels"), out);
	put_object(out, "prefixes", prefixes_of(network));
	return out;
}

int report_networks(struct report *r, const char *bytes, size_t length)
{
	json_object *said = read_json(bytes, length);
	bool good = said && json_object_is_type(said, json_type_array);

	for (size_t i = 0; good && i < json_object_array_length(said); i++) {
		json_object *network = json_object_array_get_idx(said, i);

		if (!subnet_type(read_text(network, "Driver")))
			continue;
		if (json_object_array_length(r->networks) >= REPORT_NETWORKS_MAX ||
		    !add(r, r->networks, network_of(r, network)))
			r->left_out++;
	}
	json_object_put(said);
	return good ? 0 : -EINVAL;
}

/* Names and age of images by their id; kept only while their containers are read. */
int report_images(struct report *r, const char *bytes, size_t length)
{
	json_object *said = read_json(bytes, length);
	bool good = said && json_object_is_type(said, json_type_array);
	size_t count = good ? json_object_array_length(said) : 0;

	for (size_t i = 0; i < count && i < IMAGES_MAX; i++) {
		json_object *image = json_object_array_get_idx(said, i), *out = json_object_new_object();
		json_object *tags = read_array(image, "RepoTags"), *names = json_object_new_array();

		for (size_t t = 0;
		     tags && t < json_object_array_length(tags) && json_object_array_length(names) < TAGS_MAX;
		     t++) {
			json_object *tag = json_object_array_get_idx(tags, t);

			if (json_object_is_type(tag, json_type_string) &&
			    json_object_get_string_len(tag) < 255 &&
			    strcmp(json_object_get_string(tag), "<none>:<none>") != 0)
				json_object_array_add(names, json_object_get(tag));
		}
		put_object(out, "tags", names);
		put_number(out, "created", read_number(image, "Created"));
		put_number(out, "size", read_number(image, "Size"));
		put_object(r->images, read_text(image, "Id"), out);
	}
	r->image_count += (int64_t)count;
	json_object_put(said);
	return good ? 0 : -EINVAL;
}

/* Those that run first: they matter more when not all fit. */
static void take_ids(struct report *r, json_object *said, bool running)
{
	for (size_t i = 0; i < json_object_array_length(said); i++) {
		json_object *item = json_object_array_get_idx(said, i);

		if (!strcmp(read_text(item, "State"), "running") != running)
			continue;
		if (r->id_count + json_object_array_length(r->containers) >= REPORT_CONTAINERS_MAX ||
		    !read_id(read_text(item, "Id"), r->ids[r->id_count]))
			r->left_out++;
		else
			r->id_count++;
	}
}

int report_list(struct report *r, const char *bytes, size_t length)
{
	json_object *said = read_json(bytes, length);
	bool good = said && json_object_is_type(said, json_type_array);

	r->id_count = 0;
	if (good) {
		take_ids(r, said, true);
		take_ids(r, said, false);
	}
	json_object_put(said);
	return good ? 0 : -EINVAL;
}

size_t report_ids(const struct report *r, const char (**out)[READ_ID_MAX])
{
	*out = (const char(*)[READ_ID_MAX])r->ids;
	return r->id_count;
}

int report_container(struct report *r, const char *bytes, size_t length)
{
	json_object *said = read_json(bytes, length), *container = container_read(said), *image;

	if (container) {
		put_number(container, "engine", (int64_t)json_object_array_length(r->engines) - 1);
		if (r->images &&
		    json_object_object_get_ex(r->images, read_text(container, "image_id"), &image)) {
			put_object(container, "image_tags", json_object_get(read_array(image, "tags")));
			put_number(container, "image_created", read_number(image, "created"));
			put_number(container, "image_size", read_number(image, "size"));
		}
		if (json_object_array_length(r->containers) >= REPORT_CONTAINERS_MAX) {
			json_object_put(container);
			r->left_out++;
		} else if (!add(r, r->containers, container)) {
			r->left_out++;
		}
	}
	json_object_put(said);
	return container ? 0 : -EINVAL;
}

static json_object *last_of(const struct report *r)
{
	size_t count = json_object_array_length(r->containers);

	return count > r->containers_before ? json_object_array_get_idx(r->containers, count - 1) : NULL;
}

bool report_image_wanted(const struct report *r, char out[static READ_ID_MAX])
{
	return read_id(container_image_wanted(last_of(r)), out);
}

int report_image(struct report *r, const char *bytes, size_t length)
{
	json_object *said = read_json(bytes, length), *container = last_of(r),
		    *ports = read_array(container, "ports");
	size_t added = 0;

	if (said && ports) {
		container_image_ports(container, said);
		json_object_to_json_string_length(ports, JSON_C_TO_STRING_PLAIN, &added);
		r->bytes += added;
	}
	json_object_put(said);
	return said ? 0 : -EINVAL;
}

void report_lost(struct report *r)
{
	r->left_out++;
}

void report_problem(struct report *r, const char *url, const char *why)
{
	json_object *out = json_object_new_object();

	put_text(out, "url", url, URL_BYTES);
	put_text(out, "why", why, WHY_BYTES);
	if (json_object_array_length(r->problems) >= REPORT_ENGINES_MAX || !json_object_object_length(out))
		json_object_put(out);
	else
		add(r, r->problems, out);
}

size_t report_engines(const struct report *r)
{
	return json_object_array_length(r->engines);
}

size_t report_containers(const struct report *r)
{
	return json_object_array_length(r->containers);
}

char *report_text(const struct report *r, const char *id, size_t *length)
{
	json_object *root = json_object_new_object(), *data = json_object_new_object();
	const char *text;
	char *out = NULL;

	if (r->machine)
		put_object(data, "machine", json_object_get(r->machine));
	put_object(data, "engines", json_object_get(r->engines));
	put_object(data, "networks", json_object_get(r->networks));
	put_object(data, "containers", json_object_get(r->containers));
	put_object(data, "problems", json_object_get(r->problems));
	put_number(data, "images", r->image_count);
	put_number(data, "left_out", r->left_out);
	put_text(root, "type", "result", 16);
	put_text(root, "id", id, READ_ID_MAX);
	put_bool(root, "ok", true);
	put_object(root, "data", data);
	text = root ? json_object_to_json_string_length(root, JSON_C_TO_STRING_PLAIN, length) : NULL;
	if (text)
		out = strdup(text);
	json_object_put(root);
	return out;
}
