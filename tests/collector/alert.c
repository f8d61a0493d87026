/* SPDX-License-Identifier: BSD-2-Clause */
/* What is told of alerts, whatever strangers called their devices; and which addresses a channel may lead to. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "collector/alert_channel.h"
#include "collector/alert_message.h"
#include "tests/tap.h"

static bool reaches(enum reach reach, const char *text)
{
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	struct sockaddr_in four = {.sin_family = AF_INET};

	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		return reach_allowed(reach, (const struct sockaddr *)&four);
	return inet_pton(AF_INET6, text, &six.sin6_addr) == 1 &&
	       reach_allowed(reach, (const struct sockaddr *)&six);
}

static void addresses(void)
{
	static const char *const internet[] = {"1.1.1.1", "93.184.216.34", "2606:4700::1111", "2001:4860::8888",
					       NULL};
	static const char *const here[] = {"10.1.2.3",
					   "172.31.0.1",
					   "192.168.1.1",
					   "127.0.0.1",
					   "100.64.0.1",
					   "::1",
					   "fd00::1",
					   "2001:db8::1",
					   "198.18.0.1",
					   "::ffff:10.0.0.1",
					   "64:ff9b::7f00:1",
					   "2002:c0a8:101::1",
					   NULL};
	static const char *const never[] = {"169.254.169.254",	 "::ffff:169.254.169.254",
					    "0.0.0.0",		 "224.0.0.1",
					    "255.255.255.255",	 "fe80::1",
					    "ff02::1",		 "::",
					    "2002:a9fe:a9fe::1", NULL};

	for (const char *const *at = internet; *at; at++)
		tap_ok(reaches(REACH_PUBLIC, *at) && reaches(REACH_USUAL, *at), "%s is of the internet", *at);
	for (const char *const *at = here; *at; at++)
		tap_ok(!reaches(REACH_PUBLIC, *at) && reaches(REACH_USUAL, *at), "%s is not", *at);
	for (const char *const *at = never; *at; at++)
		tap_ok(!reaches(REACH_PUBLIC, *at) && !reaches(REACH_USUAL, *at) && reaches(REACH_ALL, *at),
		       "%s is never asked", *at);
}

static char *mail_of(const char *bodies_text, size_t *count)
{
	static const char to_text[] = "[\"a@example.org\"]";
	struct json *bodies = NULL, *to = NULL;
	const struct json *list[8];
	const char *why;
	struct alert_mail mail = {.from = "netvisor@example.org",
				  .delivery_id = "id",
				  .dashboard_url = "https://x",
				  .at_s = 1795902332};
	struct buffer out = {0};

	json_read(bodies_text, strlen(bodies_text), &bodies, &why);
	json_read(to_text, sizeof(to_text) - 1, &to, &why);
	mail.to = to;
	*count = json_count(bodies);
	for (size_t i = 0; i < *count && i < 8; i++)
		list[i] = json_at(bodies, i);
	alert_message_mail(&mail, list, *count, &out);
	json_free(bodies);
	json_free(to);
	return out.bytes;
}

static void mails(void)
{
	size_t count;
	char *text =
		mail_of("[{\"event\":\"opened\",\"title\":\"x\\r\\nBcc: thief@example.org\\r\\n\\r\\nhello "
			"\\u00fc\\u0085\"},{\"event\":\"resolved\",\"title\":\"y\"}]",
			&count);
	bool lines = true, ascii = true;
	size_t length = 0;

	tap_ok(text && !strstr(text, "Bcc"), "a name is no header");
	tap_ok(text && strstr(text, "Date: Sat, 28 Nov 2026 21:45:32 +0000\r\n"),
	       "the date is as mails have it");
	tap_ok(text && strstr(text, "To: <a@example.org>\r\n") &&
		       strstr(text, "Message-ID: <id@example.org>\r\n"),
	       "to whom, and which");
	for (const char *at = text; at && *at; at++) {
		length = *at == '\n' ? 0 : length + 1;
		lines &= length <= 78 && (*at != '\n' || at[-1] == '\r') && (*at != '\r' || at[1] == '\n');
		ascii &= (unsigned char)*at < 0x80;
	}
	tap_ok(lines && ascii, "each line ends as it must, is short, and is ASCII");
	free(text);
}

static void cut(void)
{
	struct buffer out = {0};

	alert_message_line(&out, "a\xc3\xbc", 3, 2);
	tap_ok(out.length == 1 && out.bytes[0] == 'a', "a text is cut between characters");
	buffer_clear(&out);
	alert_message_line(&out, "a\tb\x7f\xc2\x85z", 7, 100);
	tap_ok(strcmp(out.bytes, "a b  z") == 0, "and holds no control characters");
	buffer_free(&out);
}

int main(void)
{
	addresses();
	mails();
	cut();
	return tap_end();
}
