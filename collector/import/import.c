/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What all formats share: which it is, facts as messages, what a preview shows, and the texts that a file may hold.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/import/import.h"
#include "defs/limits.h"

const char *const import_format_names[IMPORT_FORMATS] = {"auto", "nmap", "arp", "csv"};

int import_format_find(const char *word)
{
	for (int i = 0; i < IMPORT_FORMATS; i++)
		if (strcmp(word, import_format_names[i]) == 0)
			return i;
	return -1;
}

/* How many bytes of a UTF-8 sequence begin here; 0: none is well-formed (RFC 3629). */
static size_t utf8_length(const unsigned char *at, size_t left)
{
	size_t length = at[0] < 0x80			? 1
			: at[0] >= 0xc2 && at[0] < 0xe0 ? 2
			: (at[0] & 0xf0) == 0xe0	? 3
			: at[0] >= 0xf0 && at[0] < 0xf5 ? 4
							: 0;

	if (!length || length > left)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
	    (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
		return 0;
	return length;
}

/* A stranger's text, at most so many bytes: what is no UTF-8 is written \xNN, as sensors do; controls are spaces. */
static void put_text(struct buffer *out, const char *key, const char *text, size_t most)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t left = strlen(text), used = 0;
	struct buffer clean = {0};

	while (left && used < most) {
		size_t length = utf8_length(at, left);
		char escaped[5];

		if (used + (length ? length : 4) > most)
			break;
		if (length == 1 && (*at < 0x20 || *at == 0x7f)) {
			buffer_add(&clean, " ", 1);
		} else if (length) {
			buffer_add(&clean, (const char *)at, length);
		} else {
			snprintf(escaped, sizeof(escaped), "\\x%02x", *at);
			buffer_text(&clean, escaped);
		}
		used += length ? length : 4;
		at += length ? length : 1;
		left -= length ? length : 1;
	}
	buffer_key(out, key);
	buffer_json(out, clean.bytes ? clean.bytes : "", clean.length);
	out->failed |= clean.failed;
	buffer_free(&clean);
}

static void close_message(struct import *im)
{
	struct import_message *message = im->last ? *im->last : NULL;

	if (!message)
		return;
	buffer_text(&message->json, "]}");
	im->failed |= message->json.failed;
	im->last = &message->next;
	im->open_facts = 0;
}

/* The beginning of a fact, in a message that has room; NULL: there may be no more. */
static struct buffer *begin(struct import *im, const char *kind, int64_t at_us)
{
	struct import_message *message;

	if (im->facts >= IMPORT_FACTS_MAX) {
		im->full = true;
		return NULL;
	}
	if (im->open_facts >= STREAM_BATCH_FACTS_MAX)
		close_message(im);
	message = *im->last;
	if (!message) {
		message = calloc(1, sizeof(*message));
		if (!message) {
			im->failed = true;
			return NULL;
		}
		*im->last = message;
		buffer_text(&message->json, "{\"type\":\"facts\",\"batch\":1,\"facts\":[");
	}
	buffer_text(&message->json, im->open_facts ? ",{" : "{");
	buffer_key(&message->json, "fact");
	buffer_json(&message->json, kind, strlen(kind));
	buffer_key(&message->json, "first");
	buffer_seconds(&message->json, at_us);
	buffer_key(&message->json, "last");
	buffer_seconds(&message->json, at_us);
	if (im->vlan)
		buffer_printf(&message->json, ",\"count\":1,\"vlan\":[%d]", im->vlan);
	else
		buffer_text(&message->json, ",\"count\":1,\"vlan\":[]");
	buffer_text(&message->json, ",\"source\":\"import\",\"confidence\":\"announced\"");
	im->open_facts++;
	im->facts++;
	return &message->json;
}

static void put_who(struct buffer *out, const struct import_who *who)
{
	char text[ADDR_TEXT_MAX];

	if (who->mac)
		buffer_printf(out, ",\"mac\":\"%s\"", mac_text(who->mac, text));
	if (who->ip)
		buffer_printf(out, ",\"ip\":\"%s\"", ip_text(who->ip, text));
}

static int64_t when(const struct import *im, const struct import_who *who)
{
	return who->at_us && who->at_us < im->at_us ? who->at_us : im->at_us;
}

void import_skip(struct import *im, size_t line, const char *why)
{
	im->skipped++;
	if (im->problems_kept >= IMPORT_PROBLEMS_KEPT)
		return;
	buffer_printf(&im->problems, "%s{\"line\":%zu", im->problems_kept++ ? "," : "", line);
	put_text(&im->problems, "text", why, IMPORT_WHY_MAX);
	buffer_text(&im->problems, "}");
}

static const char *unfit(const struct import_who *who)
{
	if (who->mac && (mac_is_group(who->mac) || mac_is_zero(who->mac)))
		return "a MAC that is no device's";
	if (who->ip && (ip_is_unspecified(who->ip) || ip_is_multicast(who->ip) ||
			(who->ip->version == 4 && who->ip->bytes[0] == 127)))
		return "an address that is no device's";
	return who->mac || who->ip ? NULL : "neither an address nor a MAC";
}

static void show(struct import *im, const struct import_who *who)
{
	char text[ADDR_TEXT_MAX];

	array_add_text(&im->macs, who->mac ? mac_text(who->mac, text) : NULL);
	array_add_text(&im->ips, who->ip ? ip_text(who->ip, text) : NULL);
	if (im->shown_hosts >= IMPORT_SHOWN)
		return;
	buffer_printf(&im->shown, "%s{\"line\":%zu", im->shown_hosts++ ? "," : "", who->line);
	put_who(&im->shown, who);
	if (*who->name)
		put_text(&im->shown, "name", who->name, IMPORT_NAME_BYTES_MAX);
	buffer_text(&im->shown, "}");
}

bool import_host(struct import *im, const struct import_who *who)
{
	const char *why = unfit(who);
	struct buffer *out;

	if (why) {
		import_skip(im, who->line, why);
		return false;
	}
	if (im->hosts >= IMPORT_HOSTS_MAX) {
		im->full = true;
		return false;
	}
	out = begin(im, who->mac && who->ip ? "address" : "host", when(im, who));
	if (!out)
		return false;
	put_who(out, who);
	buffer_text(out, "}");
	im->hosts++;
	show(im, who);
	out = *who->name ? begin(im, "name", when(im, who)) : NULL;
	if (!out)
		return true;
	put_text(out, "name", who->name, IMPORT_NAME_BYTES_MAX);
	buffer_printf(out, ",\"kind\":\"%s\"", who->name_kind);
	put_who(out, who);
	buffer_text(out, "}");
	im->names++;
	return true;
}

bool import_service(struct import *im, const struct import_who *who, unsigned int port, const char *proto,
		    const char *name)
{
	char text[ADDR_TEXT_MAX];
	struct buffer *out;

	if (!who->ip || !port || port > 65535 || (strcmp(proto, "tcp") != 0 && strcmp(proto, "udp") != 0)) {
		import_skip(im, who->line,
			    "a port without an address, a number from 1 to 65535, and tcp or udp");
		return false;
	}
	out = begin(im, "service", when(im, who));
	if (!out)
		return false;
	buffer_printf(out, ",\"ip\":\"%s\",\"port\":%u,\"proto\":\"%s\",\"state\":\"open\"",
		      ip_text(who->ip, text), port, proto);
	if (*name)
		put_text(out, "name", name, IMPORT_NAME_BYTES_MAX);
	buffer_text(out, "}");
	array_add_plain(&im->service_ips, text);
	array_add_integer(&im->service_ports, port);
	array_add_plain(&im->service_protos, proto);
	im->services++;
	return true;
}

void import_trait(struct import *im, const struct import_who *who, unsigned int port, const char *key,
		  const char *value)
{
	struct buffer *out = *value ? begin(im, "trait", when(im, who)) : NULL;

	if (!out)
		return;
	buffer_printf(out, ",\"key\":\"%s\"", key);
	put_text(out, "value", value, IMPORT_VALUE_BYTES_MAX);
	put_who(out, &(struct import_who){.mac = who->ip ? NULL : who->mac, .ip = who->ip});
	if (port)
		buffer_printf(out, ",\"port\":%u", port);
	buffer_text(out, "}");
	im->traits++;
}

/* Six bytes in groups of one to three bytes, with one kind of separator, or without any; zeros may be missing (macOS). */
bool import_mac(const char *text, struct mac *out)
{
	size_t length = strlen(text), digits = 0, groups = 1, group = 0;
	struct mac mac = {{0}};
	char separator = 0;
	uint64_t value = 0;

	for (size_t i = 0; i < length; i++) {
		const char c = text[i];
		const int digit = c >= '0' && c <= '9'		       ? c - '0'
				  : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
								       : -1;

		if (digit >= 0) {
			value = value << 4 | (uint64_t)digit;
			digits++;
			group++;
		} else if (strchr(":-.", c) && group && (!separator || separator == c)) {
			/* Of a pair a zero may be missing. */
			if (c == ':' && group == 1)
				value = (value >> 4) << 8 | (value & 15), digits++;
			separator = c;
			groups++;
			group = 0;
		} else {
			return false;
		}
		if (digits > 12)
			return false;
	}
	if (separator == ':' && group == 1)
		value = (value >> 4) << 8 | (value & 15), digits++;
	if (digits != 12 || (groups != 1 && groups != 2 && groups != 3 && groups != 6))
		return false;
	for (size_t i = 0; i < 6; i++)
		mac.bytes[i] = (uint8_t)(value >> (40 - 8 * i));
	*out = mac;
	return true;
}

/* Windows writes tables as UTF-16: what is ASCII of it, the rest as '?'. NULL without memory. */
static char *from_utf16(const char *bytes, size_t length, size_t *out_length)
{
	const bool big = (unsigned char)bytes[0] == 0xfe;
	char *out = malloc(length / 2 + 1);
	size_t n = 0;

	for (size_t i = 2; out && i + 1 < length; i += 2) {
		const unsigned char high = (unsigned char)bytes[big ? i : i + 1],
				    low = (unsigned char)bytes[big ? i + 1 : i];

		out[n++] = high || low >= 0x80 ? '?' : (char)low;
	}
	if (out)
		out[n] = 0;
	*out_length = n;
	return out;
}

static enum import_format guess(const char *bytes, size_t length)
{
	size_t blank = 0;

	while (blank < length && strchr(" \t\r\n", bytes[blank]) && bytes[blank])
		blank++;
	if (blank < length && bytes[blank] == '<')
		return IMPORT_NMAP;
	return import_csv_looks(bytes + blank, length - blank) ? IMPORT_CSV : IMPORT_ARP;
}

static int finish(struct import *im, char why[static IMPORT_WHY_MAX])
{
	if (im->open_facts)
		close_message(im);
	im->failed |= im->problems.failed || im->shown.failed || im->macs.failed || im->ips.failed ||
		      im->service_ips.failed || im->service_ports.failed || im->service_protos.failed ||
		      im->columns.failed;
	if (im->failed)
		return -ENOMEM;
	if (im->full) {
		snprintf(why, IMPORT_WHY_MAX,
			 "the file holds more than %d hosts or %d facts: import it in parts", IMPORT_HOSTS_MAX,
			 IMPORT_FACTS_MAX);
		return -EFBIG;
	}
	if (!im->facts) {
		snprintf(why, IMPORT_WHY_MAX, "the file, read as %s, holds no address and no MAC",
			 import_format_names[im->format]);
		return -EINVAL;
	}
	return 0;
}

int import_read(enum import_format format, const char *bytes, size_t length, int64_t at_us, int vlan,
		struct import *out, char why[static IMPORT_WHY_MAX])
{
	static int (*const readers[IMPORT_FORMATS])(struct import *, const char *, size_t,
						    char[static IMPORT_WHY_MAX]) = {
		[IMPORT_NMAP] = import_nmap, [IMPORT_ARP] = import_arp, [IMPORT_CSV] = import_csv};
	char *plain = NULL;
	int error;

	*out = (struct import){.at_us = at_us, .vlan = vlan};
	out->last = &out->first;
	why[0] = 0;
	if (length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
		plain = from_utf16(bytes, length, &length);
		if (!plain)
			return -ENOMEM;
		bytes = plain;
	} else if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		bytes += 3;
		length -= 3;
	}
	out->format = format == IMPORT_AUTO ? guess(bytes, length) : format;
	error = memchr(bytes, 0, length) ? -EINVAL : readers[out->format](out, bytes, length, why);
	if (error == -EINVAL && !why[0])
		snprintf(why, IMPORT_WHY_MAX, "the file is no text");
	if (!error)
		error = finish(out, why);
	free(plain);
	if (error)
		import_free(out);
	return error;
}

void import_free(struct import *im)
{
	while (im->first) {
		struct import_message *message = im->first;

		im->first = message->next;
		buffer_free(&message->json);
		free(message);
	}
	im->last = &im->first;
	buffer_free(&im->problems);
	buffer_free(&im->shown);
	buffer_free(&im->macs);
	buffer_free(&im->ips);
	buffer_free(&im->service_ips);
	buffer_free(&im->service_ports);
	buffer_free(&im->service_protos);
	buffer_free(&im->columns);
}
