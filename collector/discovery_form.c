/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/cron.h"
#include "collector/discovery_form.h"
#include "collector/secret.h"
#include "collector/zone.h"
#include "defs/addr.h"

enum { PORTS_BYTES_MAX = 500, PORT_MAX = 65535, RATE_DEFAULT = 1000, HOST_RATE_DEFAULT = 100 };

__attribute__((format(printf, 2, 3))) static int fail(char why[static DISCOVERY_WHY_MAX], const char *format,
						      ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, DISCOVERY_WHY_MAX, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

/* A text without zero bytes; fallback when it is missing or null; NULL when it is something else. */
static const char *text_or(const struct json *object, const char *key, const char *fallback)
{
	const struct json *value = json_get(object, key);
	const char *text;
	size_t length;

	if (!value)
		return fallback;
	return json_text(value, &text, &length) && !memchr(text, 0, length) ? text : NULL;
}

static void put_text(struct buffer *out, const char *key, const char *text)
{
	buffer_key(out, key);
	if (text)
		buffer_json(out, text, strlen(text));
	else
		buffer_text(out, "null");
}

static int put_choice(const struct json *given, struct buffer *out, const char *key, const char *fallback,
		      const char *other, char why[static DISCOVERY_WHY_MAX])
{
	const char *text = text_or(given, key, fallback);

	if (!text || (strcmp(text, fallback) != 0 && strcmp(text, other) != 0))
		return fail(why, "discovery_type.%s: it must be %s or %s", key, fallback, other);
	put_text(out, key, text);
	return 0;
}

static int put_flag(const struct json *given, struct buffer *out, const char *field, const char *key,
		    bool fallback, char why[static DISCOVERY_WHY_MAX])
{
	const struct json *value = json_get(given, key);
	bool flag = fallback;

	if (value && !json_flag(value, &flag))
		return fail(why, "%s.%s: it must be true or false", field, key);
	buffer_key(out, key);
	buffer_text(out, flag ? "true" : "false");
	return 0;
}

bool discovery_target_good(const char *text, size_t length)
{
	char address[ADDR_TEXT_MAX], *slash, *end;
	struct ip ip;
	unsigned long prefix;

	if (length >= sizeof(address))
		return false;
	memcpy(address, text, length + 1);
	slash = strchr(address, '/');
	if (slash)
		*slash = 0;
	if (ip_parse(address, &ip))
		return false;
	if (!slash)
		return true;
	if (!isdigit((unsigned char)slash[1]))
		return false;
	prefix = strtoul(slash + 1, &end, 10);
	return !*end && prefix <= (ip.version == 4 ? 32 : 128);
}

/* An array of texts, each of which is good. null: that is what it is when it is not there. */
static int put_list(const struct json *given, struct buffer *out, const char *key, bool null,
		    bool (*good)(const char *, size_t), const char *what, char why[static DISCOVERY_WHY_MAX])
{
	const struct json *list = json_get(given, key);
	const char *text;
	size_t length;

	buffer_key(out, key);
	if (!list) {
		buffer_text(out, null ? "null" : "[]");
		return 0;
	}
	if (json_kind(list) != JSON_ARRAY || json_count(list) > DISCOVERY_TARGETS_MAX)
		return fail(why, "discovery_type.%s: it must be a list of at most %d", key,
			    DISCOVERY_TARGETS_MAX);
	buffer_text(out, "[");
	for (size_t i = 0; i < json_count(list); i++) {
		if (!json_text(json_at(list, i), &text, &length) || strlen(text) != length ||
		    !good(text, length))
			return fail(why, "discovery_type.%s: each must be %s", key, what);
		if (i)
			buffer_text(out, ",");
		buffer_json(out, text, length);
	}
	buffer_text(out, "]");
	return 0;
}

/* 22,80,8000-8080 */
static bool ports_good(const char *text)
{
	do {
		unsigned long first, last;
		char *end;

		if (!isdigit((unsigned char)*text))
			return false;
		first = last = strtoul(text, &end, 10);
		if (*end == '-') {
			if (!isdigit((unsigned char)end[1]))
				return false;
			last = strtoul(end + 1, &end, 10);
		}
		if (!first || last < first || last > PORT_MAX || (*end && *end != ','))
			return false;
		text = end;
	} while (*text++ == ',');
	return true;
}

static int put_rate(const struct json *given, struct buffer *out, const char *key, uint64_t fallback,
		    char why[static DISCOVERY_WHY_MAX])
{
	const struct json *rate = json_get(given, key);
	uint64_t number = fallback;

	if (rate && (!json_integer(rate, DISCOVERY_RATE_MAX, &number) || !number))
		return fail(why, "discovery_type.%s: it is in packets a second, from 1 to %d", key,
			    DISCOVERY_RATE_MAX);
	buffer_key(out, key);
	buffer_printf(out, "%" PRIu64, number);
	return 0;
}

/* Whom, and whom not. */
static int put_scope(const struct json *given, struct buffer *out, char why[static DISCOVERY_WHY_MAX])
{
	static const char address[] = "an address or a prefix, like 10.0.0.7 or 10.0.0.0/24";
	int error = put_list(given, out, "subnet_ids", true, id_valid, "the id of a subnet", why);

	if (!error)
		error = put_list(given, out, "targets", false, discovery_target_good, address, why);
	if (!error)
		error = put_list(given, out, "excludes", false, discovery_target_good, address, why);
	if (!error)
		error = put_list(given, out, "snmp_credential_ids", true, id_valid,
				 "the id of an SNMP credential", why);
	return error;
}

static int put_flags(const struct json *given, struct buffer *out, char why[static DISCOVERY_WHY_MAX])
{
	static const struct {
		const char *key;
		bool fallback;
	} flags[] = {{"skip_alive", false},
		     {"identify", true},
		     {"probe_raw_socket_ports", false},
		     {"probe_industrial_ports", false}};
	int error = 0;

	for (size_t i = 0; !error && i < sizeof(flags) / sizeof(flags[0]); i++)
		error = put_flag(given, out, "discovery_type", flags[i].key, flags[i].fallback, why);
	return error;
}

static int put_network(const struct json *given, struct buffer *out, char why[static DISCOVERY_WHY_MAX])
{
	const char *ports = text_or(given, "ports", "");
	int error = put_scope(given, out, why);

	if (error)
		return error;
	if (!ports || strlen(ports) > PORTS_BYTES_MAX ||
	    (*ports && strcmp(ports, "all") != 0 && !ports_good(ports)))
		return fail(why,
			    "discovery_type.ports: they are numbers and ranges from 1 to %d, like "
			    "22,80,8000-8080, or all",
			    PORT_MAX);
	put_text(out, "ports", *ports ? ports : NULL);
	error = put_choice(given, out, "depth", "light", "full", why);
	if (!error)
		error = put_rate(given, out, "rate", RATE_DEFAULT, why);
	if (!error)
		error = put_rate(given, out, "host_rate", HOST_RATE_DEFAULT, why);
	if (!error)
		error = put_choice(given, out, "engine", "uring", "xdp", why);
	return error ? error : put_flags(given, out, why);
}

int discovery_type_read(const struct json *given, struct buffer *out, char why[static DISCOVERY_WHY_MAX])
{
	static const char *const types[] = {"SelfReport", "Docker", "Network"};
	const char *type = text_or(given, "type", NULL);
	bool known = false;
	int error = 0;

	for (size_t i = 0; type && i < sizeof(types) / sizeof(types[0]); i++)
		known |= strcmp(type, types[i]) == 0;
	if (!known)
		return fail(why, "discovery_type.type: it must be SelfReport, Docker or Network");
	buffer_text(out, "{");
	put_text(out, "type", type);
	if (strcmp(type, "SelfReport") != 0)
		error = put_choice(given, out, "host_naming_fallback", "BestService", "Ip", why);
	if (!error && strcmp(type, "Network") == 0)
		error = put_network(given, out, why);
	buffer_text(out, "}");
	return error;
}

int discovery_run_type_read(const struct json *given, int64_t now, struct buffer *out,
			    char why[static DISCOVERY_WHY_MAX])
{
	const char *type = text_or(given, "type", NULL), *cron = text_or(given, "cron", "");
	const char *timezone = text_or(given, "timezone", "UTC");
	bool enabled = true;
	int64_t next;
	int error;

	if (!type || (strcmp(type, "AdHoc") != 0 && strcmp(type, "Scheduled") != 0))
		return fail(why, "run_type.type: it must be AdHoc or Scheduled");
	buffer_text(out, "{");
	put_text(out, "type", type);
	if (strcmp(type, "Scheduled") == 0) {
		if (!cron || !timezone || strlen(timezone) > ZONE_NAME_BYTES_MAX)
			return fail(why, "run_type.%s: it must be a text", cron ? "timezone" : "cron");
		error = cron_due(cron, timezone, now, &next, why, DISCOVERY_WHY_MAX);
		if (!error)
			error = put_flag(given, out, "run_type", "enabled", true, why);
		if (error)
			return error;
		json_flag(json_get(given, "enabled"), &enabled);
		put_text(out, "cron", cron);
		put_text(out, "timezone", timezone);
		buffer_key(out, "next_run");
		if (enabled)
			buffer_printf(out, "%" PRId64, next);
		else
			buffer_text(out, "null");
	}
	/* The database keeps the one that it has. */
	buffer_text(out, ",\"last_run\":null}");
	return 0;
}
