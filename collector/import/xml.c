/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * XML 1.0 (W3C, fifth edition) as far as files of programs need it: section 3 without declarations of types.
 */
#include <stdio.h>
#include <string.h>

#include "collector/import/xml.h"

void xml_begin(struct xml *xml, const char *bytes, size_t length)
{
	*xml = (struct xml){.start = bytes, .at = bytes, .end = bytes + length, .counted = bytes};
}

static enum xml_event bad(struct xml *xml, const char *why)
{
	xml->why = why;
	xml->at = xml->end;
	return XML_BAD;
}

static size_t left(const struct xml *xml)
{
	return (size_t)(xml->end - xml->at);
}

static bool begins(const struct xml *xml, const char *word)
{
	return left(xml) >= strlen(word) && memcmp(xml->at, word, strlen(word)) == 0;
}

/* To after this word; false: it does not come. */
static bool pass(struct xml *xml, const char *word)
{
	const char *found = memmem(xml->at, left(xml), word, strlen(word));

	if (!found)
		return false;
	xml->at = found + strlen(word);
	return true;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool of_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       strchr("_-.:", c) || (c & 0x80);
}

/* The name at which it stands, cut to nothing when it is too long. */
static size_t name_length(const char *at, const char *end)
{
	size_t length = 0;

	while (at + length < end && at[length] && of_name(at[length]))
		length++;
	return length;
}

/* <!DOCTYPE name> and no more: one that declares something is refused. */
static bool pass_type(struct xml *xml)
{
	while (xml->at < xml->end && *xml->at != '>' && *xml->at != '[')
		xml->at++;
	if (xml->at == xml->end || *xml->at == '[')
		return false;
	xml->at++;
	return true;
}

static enum xml_event close_tag(struct xml *xml)
{
	size_t length;

	xml->at += 2;
	length = name_length(xml->at, xml->end);
	if (!xml->depth || length >= XML_NAME_MAX || strlen(xml->names[xml->depth - 1]) != length ||
	    memcmp(xml->names[xml->depth - 1], xml->at, length) != 0)
		return bad(xml, "an end that has no beginning");
	xml->at += length;
	while (xml->at < xml->end && blank(*xml->at))
		xml->at++;
	if (xml->at == xml->end || *xml->at++ != '>')
		return bad(xml, "an end that does not end");
	xml->closing = true;
	return XML_CLOSE;
}

static enum xml_event open_tag(struct xml *xml)
{
	char quote = 0;
	size_t length;

	xml->at++;
	length = name_length(xml->at, xml->end);
	if (!length || length >= XML_NAME_MAX)
		return bad(xml, "a tag without a name, or with a very long one");
	if (xml->depth == XML_DEPTH_MAX)
		return bad(xml, "elements in elements, too deep");
	memcpy(xml->names[xml->depth], xml->at, length);
	xml->names[xml->depth++][length] = 0;
	xml->at += length;
	xml->attributes = xml->at;
	while (xml->at < xml->end && (quote || *xml->at != '>')) {
		if (quote && *xml->at == quote)
			quote = 0;
		else if (!quote && (*xml->at == '"' || *xml->at == '\''))
			quote = *xml->at;
		xml->at++;
	}
	if (xml->at == xml->end)
		return bad(xml, "a tag that does not end");
	xml->attributes_end = xml->at++;
	xml->empty = xml->attributes_end > xml->attributes && xml->attributes_end[-1] == '/';
	xml->attributes_end -= xml->empty;
	return XML_OPEN;
}

enum xml_event xml_next(struct xml *xml)
{
	if (xml->closing) {
		xml->closing = false;
		xml->depth--;
	}
	if (xml->empty) {
		xml->empty = false;
		xml->closing = true;
		return XML_CLOSE;
	}
	for (;;) {
		while (xml->at < xml->end && *xml->at != '<')
			xml->at++;
		if (xml->at == xml->end)
			return xml->why ? XML_BAD : xml->depth ? bad(xml, "it ends too early") : XML_END;
		if (begins(xml, "<!--") ? !pass(xml, "-->")
		    : begins(xml, "<?") ? !pass(xml, "?>")
					: begins(xml, "<![CDATA[") && !pass(xml, "]]>"))
			return bad(xml, "something that does not end");
		if (xml->at == xml->end || *xml->at != '<' || begins(xml, "<!--") || begins(xml, "<?") ||
		    begins(xml, "<![CDATA["))
			continue;
		if (begins(xml, "<!")) {
			if (!pass_type(xml))
				return bad(xml, "it declares entities of its own, which are not read");
			continue;
		}
		return begins(xml, "</") ? close_tag(xml) : open_tag(xml);
	}
}

const char *xml_name(const struct xml *xml)
{
	return xml->depth ? xml->names[xml->depth - 1] : "";
}

bool xml_is(const struct xml *xml, const char *name)
{
	return strcmp(xml_name(xml), name) == 0;
}

/* A character by its number, as UTF-8; how many bytes. What is no character of XML is left out. */
static size_t put_character(unsigned long number, char out[static 4])
{
	if (number < 0x20 ? number != 9 && number != 10 && number != 13
			  : number > 0x10ffff || (number >= 0xd800 && number < 0xe000))
		return 0;
	if (number < 0x80) {
		out[0] = (char)number;
		return 1;
	}
	if (number < 0x800) {
		out[0] = (char)(0xc0 | number >> 6);
		out[1] = (char)(0x80 | (number & 63));
		return 2;
	}
	if (number < 0x10000) {
		out[0] = (char)(0xe0 | number >> 12);
		out[1] = (char)(0x80 | (number >> 6 & 63));
		out[2] = (char)(0x80 | (number & 63));
		return 3;
	}
	out[0] = (char)(0xf0 | number >> 18);
	out[1] = (char)(0x80 | (number >> 12 & 63));
	out[2] = (char)(0x80 | (number >> 6 & 63));
	out[3] = (char)(0x80 | (number & 63));
	return 4;
}

/* An entity after its &, as bytes; *length is how much of the source it takes. 0 bytes: it is none, and stands for itself. */
static size_t entity(const char *at, const char *end, size_t *length, char out[static 4])
{
	static const struct {
		const char *name;
		char is;
	} known[] = {{"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}};
	unsigned long number = 0;
	bool hex;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		*length = strlen(known[i].name);
		if ((size_t)(end - at) >= *length && memcmp(at, known[i].name, *length) == 0) {
			out[0] = known[i].is;
			return 1;
		}
	}
	*length = 0;
	if (end - at < 3 || at[0] != '#')
		return 0;
	hex = at[1] == 'x';
	for (*length = hex ? 2 : 1; at + *length < end && at[*length] != ';' && *length < 10; ++*length) {
		const char c = at[*length];
		const int digit = c >= '0' && c <= '9'			      ? c - '0'
				  : hex && (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
									      : -1;

		if (digit < 0)
			break;
		number = number * (hex ? 16 : 10) + (unsigned long)digit;
	}
	if (at + *length >= end || at[*length] != ';') {
		*length = 0;
		return 0;
	}
	++*length;
	return put_character(number, out);
}

static void decode(const char *at, const char *end, char *out, size_t size)
{
	size_t used = 0;

	while (at < end && used + 5 <= size) {
		size_t taken = 0, made;

		if (*at != '&') {
			out[used++] = *at++;
			continue;
		}
		made = entity(at + 1, end, &taken, out + used);
		if (!taken)
			out[used++] = '&';
		used += made;
		at += 1 + taken;
	}
	out[used] = 0;
}

bool xml_attribute(const struct xml *xml, const char *name, char *out, size_t size)
{
	const char *at = xml->attributes, *end = xml->attributes_end;

	out[0] = 0;
	while (at && at < end) {
		const char *word, *value;
		size_t length;

		while (at < end && (blank(*at) || *at == '='))
			at++;
		word = at;
		length = name_length(at, end);
		at += length;
		while (at < end && (blank(*at) || *at == '='))
			at++;
		if (at == end || (*at != '"' && *at != '\'')) {
			at += !length;
			continue;
		}
		value = at + 1;
		at = memchr(value, *at, (size_t)(end - value));
		if (!at)
			return false;
		if (length == strlen(name) && memcmp(word, name, length) == 0) {
			decode(value, at, out, size);
			return true;
		}
		at++;
	}
	return false;
}

size_t xml_line(struct xml *xml)
{
	for (; xml->counted < xml->at; xml->counted++)
		xml->lines += *xml->counted == '\n';
	return xml->lines + 1;
}
