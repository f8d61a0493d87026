// SPDX-License-Identifier: BSD-2-Clause
/* See request.h. Reading is strict where something would be asked by it, and passes over keys that it does not know. */
#include "sensor/scan/request.h"

#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRY_BYTES_MAX = 100, CREDENTIAL_TARGETS_MAX = 64, WORD_MAX = 16 };

struct reading {
	json_object *root;
	struct scan_request request;
	char *why;
	size_t why_size;
};

static int wrong(struct reading *r, const char *key, const char *what)
{
	snprintf(r->why, r->why_size, "The command's %s must be %s.", key, what);
	return -EINVAL;
}

/* NULL when it is missing or null. */
static json_object *member(json_object *object, const char *key)
{
	json_object *value = NULL;

	json_object_object_get_ex(object, key, &value);
	return value;
}

/* A text without zero bytes, of at most max bytes; NULL when it is missing, null, or something else. */
static const char *text_of(json_object *object, const char *key, size_t max)
{
	json_object *value = member(object, key);
	size_t length;

	if (!json_object_is_type(value, json_type_string))
		return NULL;
	length = (size_t)json_object_get_string_len(value);
	return length <= max && strlen(json_object_get_string(value)) == length ? json_object_get_string(value)
										: NULL;
}

static int read_flag(struct reading *r, const char *key, bool *out)
{
	json_object *value = member(r->root, key);

	if (!value)
		return 0;
	if (!json_object_is_type(value, json_type_boolean))
		return wrong(r, key, "true or false");
	*out = json_object_get_boolean(value);
	return 0;
}

static int read_rate(struct reading *r, const char *key, uint32_t *out)
{
	json_object *value = member(r->root, key);
	int64_t number;

	if (!value)
		return 0;
	number = json_object_is_type(value, json_type_int) ? json_object_get_int64(value) : 0;
	if (number < 1 || number > REQUEST_RATE_MAX)
		return wrong(r, key, "a number of packets a second from 1 to 1000000");
	*out = (uint32_t)number;
	return 0;
}

/* Texts of a list to r->request.texts from `first` on. */
static int read_list(struct reading *r, const char *key, size_t first, size_t max, size_t *count)
{
	json_object *list = member(r->root, key);

	*count = 0;
	if (!list)
		return 0;
	if (!json_object_is_type(list, json_type_array) || json_object_array_length(list) > max)
		return wrong(r, key, "a list that is not too long");
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		json_object *value = json_object_array_get_idx(list, i);

		if (!json_object_is_type(value, json_type_string) ||
		    json_object_get_string_len(value) > ENTRY_BYTES_MAX)
			return wrong(r, key, "a list of addresses and prefixes");
		r->request.texts[first + i] = strdup(json_object_get_string(value));
		if (!r->request.texts[first + i])
			return -ENOMEM;
		++*count;
	}
	return 0;
}

static int read_targets(struct reading *r)
{
	struct scan_options *o = &r->request.options;
	int error;

	r->request.texts = calloc(REQUEST_TARGETS_MAX + REQUEST_EXCLUDES_MAX, sizeof(char *));
	if (!r->request.texts)
		return -ENOMEM;
	error = read_list(r, "prefixes", 0, REQUEST_TARGETS_MAX, &o->target_count);
	if (!error)
		error = read_list(r, "excludes", REQUEST_TARGETS_MAX, REQUEST_EXCLUDES_MAX, &o->exclude_count);
	if (!error && !o->target_count)
		return wrong(r, "prefixes", "a list of at least one address or prefix");
	o->targets = (const char *const *)r->request.texts;
	o->excludes = (const char *const *)r->request.texts + REQUEST_TARGETS_MAX;
	return error;
}

static int read_ports(struct reading *r)
{
	json_object *value = member(r->root, "ports");
	const char *ports;

	if (!value)
		return 0;
	ports = text_of(r->root, "ports", REQUEST_PORTS_BYTES_MAX);
	if (!ports || !*ports)
		return wrong(r, "ports", "null, all, or numbers and ranges like 22,80,8000-8080");
	r->request.ports = strdup(ports);
	r->request.options.ports = r->request.ports;
	return r->request.ports ? 0 : -ENOMEM;
}

static int read_choice(struct reading *r, const char *key, const char *normal, const char *other, bool *out)
{
	const char *text = text_of(r->root, key, WORD_MAX);

	*out = text && !strcmp(text, other);
	if (!member(r->root, key) || *out || (text && !strcmp(text, normal)))
		return 0;
	snprintf(r->why, r->why_size, "The command's %s must be %s or %s.", key, normal, other);
	return -EINVAL;
}

/* "SHA-256" as "sha256", "SHA" as "sha1", "AES" as "aes128": the names that snmp.h has. */
static const char *plain_word(const char *text, char out[static WORD_MAX])
{
	static const char *const same[][2] = {
		{"sha", "sha1"}, {"aes", "aes128"}, {"1", "v1"}, {"2c", "v2c"}, {"3", "v3"}};
	size_t used = 0;

	for (; *text && used + 1 < WORD_MAX; text++)
		if (*text != '-')
			out[used++] = (char)tolower((unsigned char)*text);
	out[used] = 0;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (!strcmp(out, same[i][0]))
			snprintf(out, WORD_MAX, "%s", same[i][1]);
	return out;
}

static void copy_text(json_object *object, const char *key, char *out, size_t size)
{
	const char *text = text_of(object, key, size - 1);

	snprintf(out, size, "%s", text ? text : "");
}

static int read_credential_targets(struct reading *r, json_object *object, struct scan_credential *out)
{
	json_object *list = member(object, "targets");
	size_t count = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
	struct prefix *targets;

	if (!count)
		return 0;
	if (count > CREDENTIAL_TARGETS_MAX)
		return wrong(r, "snmp", "credentials with at most 64 targets each");
	targets = calloc(count, sizeof(*targets));
	if (!targets)
		return -ENOMEM;
	out->targets = targets;
	out->target_count = count;
	for (size_t i = 0; i < count; i++) {
		json_object *value = json_object_array_get_idx(list, i);

		/* One that can't be read must not widen whom the secret is sent to. */
		if (!json_object_is_type(value, json_type_string) ||
		    prefix_parse(json_object_get_string(value), &targets[i]))
			return wrong(r, "snmp", "credentials whose targets are addresses and prefixes");
	}
	return 0;
}

static int read_credential(struct reading *r, json_object *object, struct scan_credential *out)
{
	struct snmp_credential *c = &out->snmp;
	const char *version = text_of(object, "version", WORD_MAX - 1), *fault;
	const char *auth = text_of(object, "auth_protocol", WORD_MAX - 1);
	const char *privacy = text_of(object, "privacy_protocol", WORD_MAX - 1);
	json_object *port = member(object, "port");
	char word[WORD_MAX];

	if (!version || snmp_version_parse(plain_word(version, word), &c->version) ||
	    (auth && snmp_auth_parse(plain_word(auth, word), &c->auth)) ||
	    (privacy && snmp_priv_parse(plain_word(privacy, word), &c->priv)))
		return wrong(r, "snmp",
			     "credentials of version 1, 2c or 3 with protocols that this sensor knows");
	copy_text(object, "name", c->name, sizeof(c->name));
	copy_text(object, "community", c->community, sizeof(c->community));
	copy_text(object, "user", c->user, sizeof(c->user));
	copy_text(object, "context", c->context, sizeof(c->context));
	copy_text(object, "auth_password", c->auth_passphrase, sizeof(c->auth_passphrase));
	copy_text(object, "privacy_password", c->priv_passphrase, sizeof(c->priv_passphrase));
	if (json_object_is_type(port, json_type_int) && json_object_get_int64(port) > 0 &&
	    json_object_get_int64(port) <= UINT16_MAX)
		out->port_h = (uint16_t)json_object_get_int64(port);
	fault = snmp_credential_fault(c);
	if (fault) {
		snprintf(r->why, r->why_size, "The SNMP credential %.60s can't be used: %s.", c->name, fault);
		return -EINVAL;
	}
	return read_credential_targets(r, object, out);
}

static int read_credentials(struct reading *r)
{
	json_object *list = member(r->root, "snmp");
	size_t count = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
	int error = 0;

	if (list && (!json_object_is_type(list, json_type_array) || count > SNMP_CREDENTIALS_MAX))
		return wrong(r, "snmp", "a list of at most 32 credentials");
	if (!count)
		return 0;
	r->request.credentials = calloc(count, sizeof(*r->request.credentials));
	if (!r->request.credentials)
		return -ENOMEM;
	r->request.options.credentials = r->request.credentials;
	for (size_t i = 0; !error && i < count; i++) {
		error = read_credential(r, json_object_array_get_idx(list, i), &r->request.credentials[i]);
		r->request.options.credential_count = i + 1;
	}
	return error;
}

static int read_all(struct reading *r)
{
	struct scan_options *o = &r->request.options;
	const char *resume = text_of(r->root, "resume", 200);
	bool xdp = false;
	int error = read_targets(r);

	*o = (struct scan_options){.targets = o->targets,
				   .target_count = o->target_count,
				   .excludes = o->excludes,
				   .exclude_count = o->exclude_count,
				   .rate = SCAN_RATE_DEFAULT,
				   .host_rate = SCAN_HOST_RATE_DEFAULT,
				   .identify = true,
				   .shards = 1};
	if (!error)
		error = read_ports(r);
	if (!error)
		error = read_choice(r, "depth", "light", "full", &o->full);
	if (!error)
		error = read_choice(r, "engine", "uring", "xdp", &xdp);
	if (!error)
		error = read_rate(r, "rate", &o->rate);
	if (!error)
		error = read_rate(r, "host_rate", &o->host_rate);
	if (!error)
		error = read_flag(r, "skip_alive", &o->skip_alive);
	if (!error)
		error = read_flag(r, "identify", &o->identify);
	if (!error)
		error = read_flag(r, "probe_raw_socket_ports", &o->raw_print);
	if (!error)
		error = read_flag(r, "probe_industrial_ports", &o->industrial);
	if (!error)
		error = read_credentials(r);
	o->engine = xdp ? SCAN_XDP : SCAN_URING;
	o->subnet_rate = o->rate;
	if (!error && resume) {
		r->request.resume = strdup(resume);
		error = r->request.resume ? 0 : -ENOMEM;
	}
	return error;
}

int request_read(const char *text, struct scan_request *out, char *why, size_t why_size)
{
	struct reading r = {.root = json_tokener_parse(text), .why = why, .why_size = why_size};
	int error;

	snprintf(why, why_size, "The sensor has not enough memory for it.");
	error = json_object_is_type(r.root, json_type_object) ? read_all(&r)
							      : wrong(&r, "arguments", "an object");
	json_object_put(r.root);
	if (error)
		request_free(&r.request);
	else
		*out = r.request;
	return error;
}

void request_free(struct scan_request *request)
{
	for (size_t i = 0; request->texts && i < REQUEST_TARGETS_MAX + REQUEST_EXCLUDES_MAX; i++)
		free(request->texts[i]);
	for (size_t i = 0; i < request->options.credential_count; i++)
		free((void *)request->credentials[i].targets);
	if (request->credentials)
		explicit_bzero(request->credentials,
			       request->options.credential_count * sizeof(*request->credentials));
	free(request->credentials);
	free(request->texts);
	free(request->ports);
	free(request->resume);
	*request = (struct scan_request){0};
}
