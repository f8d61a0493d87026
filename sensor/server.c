// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reading --server-target. https:// and http:// are taken for wss:// and ws://, since that is what a person copies
 * from the dashboard's address bar.
 */
#include "sensor/server.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "defs/addr.h"

static const struct scheme {
	const char *prefix;
	bool tls;
} schemes[] = {{"wss://", true}, {"https://", true}, {"ws://", false}, {"http://", false}};

bool server_is_loopback(const char *host)
{
	struct ip ip;

	if (!strcasecmp(host, "localhost"))
		return true;
	if (ip_parse(host, &ip))
		return false;
	if (ip.version == 4)
		return ip.bytes[0] == 127;
	for (size_t i = 0; i < 15; i++) {
		if (ip.bytes[i])
			return false;
	}
	return ip.bytes[15] == 1;
}

/* Letters, digits, dots, dashes; colons in an address. */
static bool host_is_plain(const char *host)
{
	for (const char *at = host; *at; at++) {
		if (!isalnum((unsigned char)*at) && !strchr(".-_:%", *at))
			return false;
	}
	return *host != 0;
}

static bool path_is_plain(const char *path)
{
	for (const char *at = path; *at; at++) {
		if (*at <= ' ' || *at >= 0x7f || *at == '#')
			return false;
	}
	return true;
}

/* `HOST`, `HOST:PORT`, `[V6]`, `[V6]:PORT` or a bare IPv6 address. Changes text. */
static int take_authority(char *text, long port, struct server *out)
{
	char *host = text, *colon = NULL, *end;

	if (*text == '[') {
		host = text + 1;
		end = strchr(host, ']');
		if (!end || (end[1] && end[1] != ':'))
			return -EINVAL;
		colon = end[1] ? end + 1 : NULL;
		*end = 0;
	} else if (strchr(text, ':') == strrchr(text, ':')) {
		colon = strchr(text, ':');
	}
	if (colon) {
		*colon = 0;
		port = strtol(colon + 1, &end, 10);
		if (!isdigit((unsigned char)colon[1]) || *end || port < 1 || port > 65535)
			return -EINVAL;
	}
	if (strlen(host) >= sizeof(out->host) || !host_is_plain(host))
		return -EINVAL;
	memcpy(out->host, host, strlen(host) + 1);
	out->port = (int)port;
	return 0;
}

int server_parse(const char *target, long port, bool allow_plain, struct server *out, char *why,
		 size_t why_size)
{
	char text[SERVER_HOST_MAX + SERVER_PATH_MAX];
	const struct scheme *scheme = NULL;
	struct server server = {0};
	char *slash;

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (!strncasecmp(target, schemes[i].prefix, strlen(schemes[i].prefix)))
			scheme = &schemes[i];
	}
	snprintf(text, sizeof(text), "%s", scheme ? target + strlen(scheme->prefix) : target);
	slash = strchr(text, '/');
	snprintf(server.path, sizeof(server.path), "%.*s", SERVER_PATH_MAX - 1,
		 slash && slash[1] ? slash : "/sensor");
	if (slash)
		*slash = 0;
	if (!path_is_plain(server.path) || take_authority(text, port, &server)) {
		snprintf(why, why_size,
			 "--server-target: \"%.200s\" is neither a host nor a URL like "
			 "wss://collector.example:60072",
			 target);
		return -EINVAL;
	}
	server.tls = scheme ? scheme->tls : !allow_plain && !server_is_loopback(server.host);
	if (!server.tls && !allow_plain && !server_is_loopback(server.host)) {
		snprintf(why, why_size,
			 "--server-target: ws:// would send facts and the key in plain text to %.200s; use "
			 "wss://, or "
			 "--allow-plain when the network between is trusted",
			 server.host);
		return -EINVAL;
	}
	*out = server;
	return 0;
}
