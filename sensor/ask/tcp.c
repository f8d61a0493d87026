// SPDX-License-Identifier: BSD-2-Clause
/* The rows together, and what a port's number suggests. See tcp.h. */
#include "sensor/ask/tcp.h"

#include <string.h>

#include "defs/asked.h"

static const struct dialogue *(*const files[])(size_t *) = {
	tcp_hello_rows,	  tcp_text_rows,     tcp_database_rows, tcp_windows_rows,
	tcp_message_rows, tcp_kerberos_rows, tcp_backup_rows,
};

/* Where HTTP is so usual that waiting for a greeting would be time lost. Those that definitions ask at come on top. */
static const uint16_t http_ports[] = {80,   81,	  88,	591,  631,  3000, 5000, 8000,
				      8008, 8080, 8081, 8088, 8888, 9000, 9090};
static const uint16_t tls_ports[] = {443,  465,	 563,  636,  853,  989,	 990,  992,   993,
				     994,  995,	 3269, 4443, 5061, 5671, 5986, 6443,  6514,
				     6697, 8006, 8007, 8443, 8843, 8883, 9443, 10250, 10443};
/* What is TLS there, under the names of protocols that speak otherwise elsewhere. */
static const struct {
	const char *name, *tls;
} secure[] = {
	{"http", "https"}, {"imap", "imaps"},	  {"pop3", "pop3s"},	   {"smtp", "smtps"}, {"ftp", "ftps"},
	{"ldap", "ldaps"}, {"mqtt", "mqtts"},	  {"nntp", "nntps"},	   {"irc", "ircs"},   {"sip", "sips"},
	{"amqp", "amqps"}, {"telnet", "telnets"}, {"dns", "dns-over-tls"},
};

/* Of the same protocol inside TLS. */
static const struct {
	uint16_t port_h, plain_h;
} inside[] = {{636, 389}, {3269, 389}, {8883, 1883}, {5671, 5672}, {5061, 5060}, {853, 53}};

const struct dialogue *tcp_row(size_t index)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		size_t count;
		const struct dialogue *rows = files[i](&count);

		if (index < count)
			return &rows[index];
		index -= count;
	}
	return NULL;
}

const struct dialogue *tcp_usual(uint16_t port_h, bool tls)
{
	const struct dialogue *row;

	for (size_t i = 0; tls && i < sizeof(inside) / sizeof(inside[0]); i++)
		if (inside[i].port_h == port_h)
			return tcp_usual(inside[i].plain_h, false);
	if (tls)
		return NULL;
	for (size_t i = 0; (row = tcp_row(i)); i++)
		for (size_t k = 0; !row->hello && k < DIALOGUE_PORTS_MAX && row->port_h[k]; k++)
			if (row->port_h[k] == port_h)
				return row;
	return NULL;
}

static bool listed(const uint16_t *ports, size_t count, uint16_t port_h)
{
	for (size_t i = 0; i < count; i++)
		if (ports[i] == port_h)
			return true;
	return false;
}

bool tcp_usual_http(uint16_t port_h)
{
	const char *const *paths;

	return listed(http_ports, sizeof(http_ports) / sizeof(http_ports[0]), port_h) ||
	       asked_paths(port_h, &paths);
}

bool tcp_usual_tls(uint16_t port_h)
{
	return listed(tls_ports, sizeof(tls_ports) / sizeof(tls_ports[0]), port_h);
}

enum dialogue_verdict tcp_recognise(const struct dialogue_context *context, bool loose, const uint8_t *bytes,
				    size_t length, bool ended, const struct say *say,
				    const struct dialogue **out)
{
	enum dialogue_verdict verdict = DIALOGUE_FOREIGN;
	const struct dialogue *row;

	for (size_t i = 0; length && (row = tcp_row(i)); i++) {
		enum dialogue_verdict one;

		if (!row->hello && !(loose && row->loose))
			continue;
		one = row->answer(context, 0, bytes, length, ended, say);
		if (one == DIALOGUE_DONE || one == DIALOGUE_AGAIN) {
			*out = row;
			return DIALOGUE_DONE;
		}
		if (one == DIALOGUE_MORE)
			verdict = DIALOGUE_MORE;
	}
	return verdict;
}

const char *tcp_name(const char *name, bool tls)
{
	for (size_t i = 0; tls && i < sizeof(secure) / sizeof(secure[0]); i++)
		if (!strcmp(name, secure[i].name))
			return secure[i].tls;
	return tls ? "tls" : name;
}
