// SPDX-License-Identifier: BSD-2-Clause
/* Servers that speak first: what their first bytes say. One row a protocol, pure. */
#include <string.h>

#include "sensor/ask/http.h"
#include "sensor/ask/tcp.h"

enum { BANNER_BYTES_MAX = 512, SSH_LINE_BYTES_MAX = 255, MYSQL_VERSION_BYTES_MAX = 128 };

#define HELLO_ARGUMENTS                                                                                 \
	const struct dialogue_context *context, unsigned int step, const uint8_t *bytes, size_t length, \
		bool ended, const struct say *say

static struct text text_of(const uint8_t *bytes, size_t length)
{
	return (struct text){(const char *)bytes, length};
}

static bool has(struct text text, const char *literal)
{
	return text_find(text, literal) < text.length;
}

/* The first line, without its end; all of it when no line is whole yet. *whole: it is. */
static struct text line_of(const uint8_t *bytes, size_t length, bool *whole)
{
	const uint8_t *end = length ? memchr(bytes, '\n', length) : NULL;
	struct text line = text_of(bytes, end ? (size_t)(end - bytes) : length);

	*whole = end;
	while (line.length && line.bytes[line.length - 1] == '\r')
		line.length--;
	return line;
}

static void say_banner(const struct say *say, struct text banner)
{
	while (banner.length &&
	       (banner.bytes[banner.length - 1] == '\n' || banner.bytes[banner.length - 1] == '\r'))
		banner.length--;
	if (banner.length > BANNER_BYTES_MAX)
		banner.length = BANNER_BYTES_MAX;
	say_trait(say, "banner", banner);
}

/*
 * A text that begins in one certain way: MORE while it could still become that, then DONE with its first line said. Exact
 * in case: these are protocols' own words.
 */
static enum dialogue_verdict begins(const char *prefix, const uint8_t *bytes, size_t length, bool ended,
				    const struct say *say)
{
	size_t wanted = strlen(prefix), compared = length < wanted ? length : wanted;
	bool whole;
	struct text line = line_of(bytes, length, &whole);

	if (memcmp(bytes, prefix, compared) != 0)
		return DIALOGUE_FOREIGN;
	if (!ended && !whole && length < BANNER_BYTES_MAX)
		return DIALOGUE_MORE;
	if (length < wanted)
		return DIALOGUE_FOREIGN;
	say_banner(say, line);
	return DIALOGUE_DONE;
}

/* RFC 4253, 4.2: lines before it are allowed. */
static enum dialogue_verdict ssh(HELLO_ARGUMENTS)
{
	struct text line;
	bool whole;

	(void)context, (void)step;
	if (length < 4)
		return !memcmp(bytes, "SSH-", length) && !ended ? DIALOGUE_MORE : DIALOGUE_FOREIGN;
	if (memcmp(bytes, "SSH-", 4) != 0)
		return DIALOGUE_FOREIGN;
	line = line_of(bytes, length, &whole);
	if (!whole && !ended && length < SSH_LINE_BYTES_MAX)
		return DIALOGUE_MORE;
	if (line.length > SSH_LINE_BYTES_MAX)
		line.length = SSH_LINE_BYTES_MAX;
	say_trait(say, "ssh.banner", line);
	return DIALOGUE_DONE;
}

/* A reply of three digits (RFC 5321, RFC 959, RFC 3977), whole up to its last line. MORE, FOREIGN or DONE: nothing is said yet. */
static enum dialogue_verdict reply(const char *code, const uint8_t *bytes, size_t length, bool ended)
{
	size_t compared = length < 3 ? length : 3;
	const uint8_t *at = bytes, *end;

	if (memcmp(bytes, code, compared) != 0 ||
	    (length > 3 && bytes[3] != ' ' && bytes[3] != '-' && bytes[3] != '\r'))
		return DIALOGUE_FOREIGN;
	while ((end = memchr(at, '\n', length - (size_t)(at - bytes)))) {
		if (end - at >= 4 && at[3] != '-')
			return DIALOGUE_DONE;
		at = end + 1;
	}
	if (!ended && length < BANNER_BYTES_MAX)
		return DIALOGUE_MORE;
	return length > 4 ? DIALOGUE_DONE : DIALOGUE_FOREIGN;
}

static enum dialogue_verdict smtp(HELLO_ARGUMENTS)
{
	enum dialogue_verdict verdict = reply("220", bytes, length, ended);
	struct text text = text_of(bytes, length);
	uint16_t port = context->port_h;

	(void)step;
	if (verdict != DIALOGUE_DONE)
		return verdict;
	if (!has(text, "smtp") && !has(text, "mail") && port != 25 && port != 465 && port != 587 &&
	    port != 2525)
		return DIALOGUE_FOREIGN;
	if (has(text, "ftp") && port == 21)
		return DIALOGUE_FOREIGN;
	say_banner(say, text);
	return DIALOGUE_DONE;
}

static enum dialogue_verdict ftp(HELLO_ARGUMENTS)
{
	static const char *const words[] = {"ftp", "filezilla", "file server", "serv-u", "pure-"};
	enum dialogue_verdict verdict = reply("220", bytes, length, ended);
	bool known = context->port_h == 21 || context->port_h == 990;
	struct text text = text_of(bytes, length);

	(void)step;
	if (verdict == DIALOGUE_FOREIGN && context->port_h == 21)
		verdict = reply("421", bytes, length, ended); /* too many are here already */
	if (verdict != DIALOGUE_DONE)
		return verdict;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		known |= has(text, words[i]);
	if (!known)
		return DIALOGUE_FOREIGN;
	say_banner(say, text);
	return DIALOGUE_DONE;
}

static enum dialogue_verdict nntp(HELLO_ARGUMENTS)
{
	enum dialogue_verdict verdict = reply("200", bytes, length, ended);
	struct text text = text_of(bytes, length);

	(void)step;
	if (verdict == DIALOGUE_FOREIGN)
		verdict = reply("201", bytes, length, ended);
	if (verdict != DIALOGUE_DONE)
		return verdict;
	if (!has(text, "nntp") && !has(text, "news") && !has(text, "inn") && context->port_h != 119 &&
	    context->port_h != 563)
		return DIALOGUE_FOREIGN;
	say_banner(say, text);
	return DIALOGUE_DONE;
}

#define HELLO_PREFIX(name, prefix)                                \
	static enum dialogue_verdict name(HELLO_ARGUMENTS)        \
	{                                                         \
		(void)context, (void)step;                        \
		return begins(prefix, bytes, length, ended, say); \
	}

HELLO_PREFIX(pop3, "+OK")
HELLO_PREFIX(vnc, "RFB 0")
HELLO_PREFIX(rsync, "@RSYNCD: ")
HELLO_PREFIX(mpd, "OK MPD ")
HELLO_PREFIX(nats, "INFO {")
HELLO_PREFIX(asterisk, "Asterisk Call Manager/")
HELLO_PREFIX(sieve, "\"IMPLEMENTATION\"")
HELLO_PREFIX(subversion, "( success (")
HELLO_PREFIX(teamspeak, "TS3")
HELLO_PREFIX(checkmk, "<<<check_mk>>>")
HELLO_PREFIX(munin, "# munin node at ")
HELLO_PREFIX(openvpn_management, ">INFO:OpenVPN")

static enum dialogue_verdict imap(HELLO_ARGUMENTS)
{
	struct text text = text_of(bytes, length);

	(void)context, (void)step;
	if (length >= 6 && !text_begins(text, "* ok") && !text_begins(text, "* bye") &&
	    !text_begins(text, "* prea"))
		return DIALOGUE_FOREIGN;
	return begins("* ", bytes, length, ended, say);
}

static enum dialogue_verdict irc(HELLO_ARGUMENTS)
{
	bool whole;
	struct text line = line_of(bytes, length, &whole);

	(void)context, (void)step;
	if (bytes[0] != ':' && memcmp(bytes, "NOTICE", length < 6 ? length : 6) != 0 &&
	    memcmp(bytes, "ERROR :", length < 7 ? length : 7) != 0)
		return DIALOGUE_FOREIGN;
	if (!whole && !ended && length < BANNER_BYTES_MAX)
		return DIALOGUE_MORE;
	if (bytes[0] != 'E' && !has(line, "notice "))
		return DIALOGUE_FOREIGN;
	say_banner(say, line);
	return DIALOGUE_DONE;
}

/* MySQL's first packet: length (3, little endian), number 0, protocol 10, version; or 255 for an error. */
static enum dialogue_verdict mysql(HELLO_ARGUMENTS)
{
	struct text version;
	const uint8_t *end;
	uint32_t size;

	(void)context, (void)step;
	/* Small numbers where a text has letters: told as early as that. */
	if ((length > 1 && bytes[1] > 4) || (length > 2 && bytes[2]) || (length > 3 && bytes[3]))
		return DIALOGUE_FOREIGN;
	if (length < 5)
		return ended ? DIALOGUE_FOREIGN : DIALOGUE_MORE;
	size = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8;
	if (size < 8 || (bytes[4] != 10 && bytes[4] != 0xff))
		return DIALOGUE_FOREIGN;
	if (length < size + 4)
		return ended ? DIALOGUE_FOREIGN : DIALOGUE_MORE;
	if (bytes[4] == 0xff) { /* "Host … is not allowed to connect": an error's text begins with its number */
		version = text_of(bytes + 7, size - 3);
		if (!has(version, "mysql") && !has(version, "mariadb") && !has(version, "host"))
			return DIALOGUE_FOREIGN;
		say_banner(say, version);
		return DIALOGUE_DONE;
	}
	version = text_of(bytes + 5, size - 1);
	end = memchr(version.bytes, 0, version.length);
	if (!end || end == (const uint8_t *)version.bytes)
		return DIALOGUE_FOREIGN;
	version.length = (size_t)(end - (const uint8_t *)version.bytes);
	if (version.length > MYSQL_VERSION_BYTES_MAX)
		version.length = MYSQL_VERSION_BYTES_MAX;
	if (text_begins(version, "5.5.5-") &&
	    has(version, "mariadb")) { /* how MariaDB pretends to be a copy's master */
		version.bytes += 6;
		version.length -= 6;
	}
	say_trait(say, "mysql.version", version);
	return DIALOGUE_DONE;
}

/* Options to negotiate (RFC 854: 255, then 251 to 254, then one byte), and what is to be read beside them. */
static enum dialogue_verdict telnet(HELLO_ARGUMENTS)
{
	char text[BANNER_BYTES_MAX];
	size_t used = 0;

	(void)context, (void)step;
	if (bytes[0] != 0xff || (length > 1 && (bytes[1] < 0xfa || bytes[1] == 0xff)))
		return DIALOGUE_FOREIGN;
	if (!ended && length < BANNER_BYTES_MAX)
		return DIALOGUE_MORE;
	if (length < 3)
		return DIALOGUE_FOREIGN;
	for (size_t i = 0; i < length && used < sizeof(text); i++) {
		if (bytes[i] == 0xff)
			i += 2;
		else if (used || bytes[i] > ' ')
			text[used++] = (char)bytes[i];
	}
	say_banner(say, (struct text){text, used});
	return DIALOGUE_DONE;
}

/* RFC 4271, 4.1: sixteen bytes of ones, length, type 1 (open) or 3 (notification). */
static enum dialogue_verdict bgp(HELLO_ARGUMENTS)
{
	(void)context, (void)step, (void)say;
	for (size_t i = 0; i < length && i < 16; i++)
		if (bytes[i] != 0xff)
			return DIALOGUE_FOREIGN;
	if (length < 19)
		return ended ? DIALOGUE_FOREIGN : DIALOGUE_MORE;
	return bytes[18] == 1 || bytes[18] == 3 ? DIALOGUE_DONE : DIALOGUE_FOREIGN;
}

static const struct dialogue rows[] = {
	{.name = "ssh", .hello = true, .port_h = {22}, .answer = ssh},
	{.name = "smtp", .hello = true, .port_h = {25, 465, 587}, .answer = smtp},
	{.name = "ftp", .hello = true, .port_h = {21, 990}, .answer = ftp},
	{.name = "nntp", .hello = true, .port_h = {119, 563}, .answer = nntp},
	{.name = "pop3", .hello = true, .port_h = {110, 995}, .answer = pop3},
	{.name = "imap", .hello = true, .port_h = {143, 993}, .answer = imap},
	{.name = "vnc", .hello = true, .port_h = {5900, 5901}, .answer = vnc},
	{.name = "mysql", .hello = true, .port_h = {3306}, .answer = mysql},
	{.name = "rsync", .hello = true, .port_h = {873}, .answer = rsync},
	{.name = "mpd", .hello = true, .port_h = {6600}, .answer = mpd},
	{.name = "nats", .hello = true, .port_h = {4222}, .answer = nats},
	{.name = "asterisk-manager", .hello = true, .port_h = {5038}, .answer = asterisk},
	{.name = "sieve", .hello = true, .port_h = {4190}, .answer = sieve},
	{.name = "svn", .hello = true, .port_h = {3690}, .answer = subversion},
	{.name = "teamspeak-query", .hello = true, .port_h = {10011}, .answer = teamspeak},
	{.name = "checkmk-agent", .hello = true, .port_h = {6556}, .answer = checkmk},
	{.name = "munin", .hello = true, .port_h = {4949}, .answer = munin},
	{.name = "openvpn-management", .hello = true, .answer = openvpn_management},
	{.name = "irc", .hello = true, .port_h = {6667, 6697}, .answer = irc},
	{.name = "bgp", .hello = true, .port_h = {179}, .answer = bgp},
	{.name = "telnet", .hello = true, .port_h = {23, 2323}, .answer = telnet},
};

const struct dialogue *tcp_hello_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
