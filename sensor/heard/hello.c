// SPDX-License-Identifier: BSD-2-Clause
/*
 * Servers that speak first, by the rows with which they are told apart when they are asked (sensor/ask/tcp_hello.c). Greetings that look alike
 * (220 is said by mail and by files) count only when the client answers in the same protocol.
 */
#include <string.h>

#include "sensor/ask/http.h"
#include "sensor/ask/tcp.h"
#include "sensor/heard/heard.h"

enum { SSH_LINE_BYTES_MAX = 255, SSH_PORT = 22, WORD_BYTES_MAX = 16 };

/* What clients say, in lower case, each with a blank around it. IMAP's words stand behind a tag. */
static const struct {
	const char *name;
	bool tagged;
	const char *words;
} replies[] = {
	{"smtp", false, " ehlo helo lhlo mail quit starttls noop rset auth "},
	{"ftp", false, " user auth feat quit syst host opts noop pass "},
	{"nntp", false,
	 " capabilities mode group list authinfo starttls quit date article head body stat help xover over "},
	{"pop3", false, " user capa auth stls apop quit noop "},
	{"imap", true,
	 " capability login authenticate starttls id logout noop enable select examine fetch list lsub status "
	 "uid search "
	 "idle namespace append "},
};

/* The word of a line in which its command stands: the first, or the second. */
static struct text word_of(const struct heard_end *asks, bool second)
{
	const char *at = (const char *)asks->bytes, *end = at + asks->length, *from;

	if (second) {
		while (at < end && *at != ' ')
			at++;
		at += at < end;
	}
	from = at;
	while (at < end && at - from < WORD_BYTES_MAX &&
	       ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z')))
		at++;
	return (struct text){from, (size_t)(at - from)};
}

static bool is_among(struct text word, const char *words)
{
	struct text all = {words, strlen(words)};
	char blanks[WORD_BYTES_MAX + 3] = " ";

	memcpy(blanks + 1, word.bytes, word.length);
	for (size_t i = 1; i <= word.length; i++)
		blanks[i] |= 0x20;
	blanks[word.length + 1] = ' ';
	return word.length && text_find(all, blanks) < all.length;
}

/* DONE: the client's answer fits, or no answer is needed for this protocol. */
static enum heard_verdict client_agrees(const struct heard *h, const char *name)
{
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		struct text word;

		if (strcmp(replies[i].name, name) != 0)
			continue;
		if (!h->asks.length)
			return h->asks.ended ? HEARD_FOREIGN : HEARD_MORE;
		word = word_of(&h->asks, replies[i].tagged);
		return is_among(word, replies[i].words) ? HEARD_DONE : HEARD_FOREIGN;
	}
	return HEARD_DONE;
}

/* RFC 4253, 4.2: either end sends a line of its own, neither waits. */
struct text heard_ssh_line(const struct heard_end *end)
{
	const char *bytes = (const char *)end->bytes, *line_end;
	struct text line = {bytes, end->length};

	if (line.length < 8 || memcmp(bytes, "SSH-", 4) != 0)
		return (struct text){};
	line_end = memchr(bytes, '\n', line.length);
	if (!line_end)
		return (struct text){};
	line.length = (size_t)(line_end - bytes);
	while (line.length && line.bytes[line.length - 1] == '\r')
		line.length--;
	if (line.length > SSH_LINE_BYTES_MAX)
		line.length = SSH_LINE_BYTES_MAX;
	return line;
}

static enum heard_verdict hear_ssh(const struct heard *h, struct fact_list *out)
{
	struct text server = heard_ssh_line(&h->says), client = heard_ssh_line(&h->asks);

	/* Of a connection whose beginning was not seen it is not known which end is the server, but by its port. */
	if (!h->whole && h->port_h != SSH_PORT)
		return HEARD_FOREIGN;
	if (!server.length || (!client.length && !h->asks.ended))
		return h->says.ended && h->asks.ended ? HEARD_FOREIGN : HEARD_MORE;
	heard_service(h, SOURCE_SSH, "ssh", out);
	heard_trait(h, SOURCE_SSH, CONFIDENCE_ANNOUNCED, "ssh.banner", server, out);
	heard_client_trait(h, SOURCE_SSH, CONFIDENCE_ANNOUNCED, "ssh.banner", client, out);
	return HEARD_DONE;
}

static bool is_ssh(const struct heard_end *end)
{
	return end->length >= 4 && !memcmp(end->bytes, "SSH-", 4);
}

enum heard_verdict hear_hello(const struct heard *h, struct fact_list *out)
{
	const struct dialogue *row = NULL;
	enum dialogue_verdict verdict;
	enum heard_verdict agrees;
	struct heard_say say;
	/* A client that has answered has read the greeting to its end. */
	bool ended = h->says.ended || h->asks.length;

	if (is_ssh(&h->says) || is_ssh(&h->asks))
		return hear_ssh(h, out);
	if (!h->whole)
		return HEARD_FOREIGN;
	if (!h->says.length)
		return h->says.ended ? HEARD_FOREIGN : HEARD_MORE;
	if (h->asks.length && !h->server_first)
		return HEARD_FOREIGN;
	heard_say_begin(&say, h, SOURCE_TCP, out);
	verdict = tcp_recognise(&say.context, false, h->says.bytes, h->says.length, ended, &say.say, &row);
	if (verdict == DIALOGUE_MORE && !ended)
		return HEARD_MORE;
	if (verdict != DIALOGUE_DONE)
		return HEARD_FOREIGN;
	agrees = client_agrees(h, row->name);
	if (agrees == HEARD_DONE)
		heard_service(h, SOURCE_TCP, row->name, out);
	return agrees;
}
