/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ARP and neighbour tables, as systems and routers print them: a line that holds one address and one MAC binds the two, in whatever order and form
 * (ip neigh, arp -a of Linux, BSD, macOS and Windows, show ip arp of Cisco, Juniper, Aruba, Huawei, MikroTik, …). Headings, incomplete entries
 * and whatever else has no MAC are passed over.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/import/import.h"

enum { LINE_MAX_BYTES = 1024, WORD_MAX = 128, WORDS_MAX = 32 };

struct words {
	char word[WORDS_MAX][WORD_MAX];
	size_t count;
};

static void split(const char *line, size_t length, struct words *out)
{
	size_t at = 0;

	out->count = 0;
	while (at < length && out->count < WORDS_MAX) {
		size_t begin;

		while (at < length && strchr(" \t\r\n()[]\",;=|", line[at]))
			at++;
		begin = at;
		while (at < length && !strchr(" \t\r\n()[]\",;=|", line[at]))
			at++;
		if (at > begin && at - begin < WORD_MAX) {
			memcpy(out->word[out->count], line + begin, at - begin);
			out->word[out->count++][at - begin] = 0;
		}
	}
}

/* 10.0.0.1, fe80::1%eth0 */
static bool read_ip(const char *word, struct ip *out)
{
	char plain[WORD_MAX];
	size_t length = strcspn(word, "%");

	/* Numbers alone are none, whatever a parser makes of them. */
	if (!memchr(word, '.', length) && !memchr(word, ':', length))
		return false;
	memcpy(plain, word, length);
	plain[length] = 0;
	return ip_parse(plain, out) == 0;
}

/* The name before an address in brackets (arp -a): "? (10.0.0.1) at …" has none. */
static const char *read_name(const struct words *words, size_t of_ip)
{
	const char *name =
		of_ip == 1 && words->count > 2 && strcmp(words->word[2], "at") == 0 ? words->word[0] : "";

	return *name == '?' ? "" : name;
}

static void read_line(struct import *im, const char *line, size_t length, size_t number)
{
	struct words words;
	struct mac mac = {{0}}, other;
	struct ip ip = {0}, another;
	size_t macs = 0, ips = 0, of_ip = 0;
	struct import_who who = {.mac = &mac, .ip = &ip, .name_kind = "hostname", .line = number};

	split(line, length, &words);
	for (size_t i = 0; i < words.count; i++) {
		if (read_ip(words.word[i], &another)) {
			if (!ips++) {
				ip = another;
				of_ip = i;
			}
		} else if (import_mac(words.word[i], &other) && !macs++) {
			mac = other;
		}
	}
	if (!macs || !ips)
		return;
	if (macs > 1 || ips > 1) {
		import_skip(im, number,
			    "a line with more than one address or MAC: which belongs to which is not said");
		return;
	}
	who.name = read_name(&words, of_ip);
	if (strchr(who.name, '.'))
		who.name_kind = "fqdn";
	import_host(im, &who);
}

int import_arp(struct import *im, const char *bytes, size_t length, char why[static IMPORT_WHY_MAX])
{
	size_t number = 0;

	while (length && !im->full) {
		const char *end = memchr(bytes, '\n', length);
		size_t line = end ? (size_t)(end - bytes) : length;

		number++;
		if (line < LINE_MAX_BYTES)
			read_line(im, bytes, line, number);
		else
			import_skip(im, number, "a line of more than 1024 bytes");
		line += end != NULL;
		bytes += line;
		length -= line;
	}
	if (!im->facts && !im->full && !im->failed) {
		snprintf(why, IMPORT_WHY_MAX, "no line of the file holds an address and a MAC");
		return -EINVAL;
	}
	return 0;
}
