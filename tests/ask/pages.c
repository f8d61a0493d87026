// SPDX-License-Identifier: BSD-2-Clause
/* Answers of web servers in any pieces, pages' titles and icons, compressed bodies, the number of an icon: given these bytes, then that. */
#include <stdlib.h>
#include <string.h>

#include "sensor/ask/favicon.h"
#include "sensor/ask/html.h"
#include "sensor/ask/http.h"
#include "sensor/ask/inflate.h"
#include "sensor/text.h"
#include "tests/tap.h"

static struct room room = {.limit_bytes = 1 << 20};
static struct http_reader reader;

/* Read it in pieces of that size; then the end when `ended`. */
static enum http_state give(const char *bytes, size_t length, size_t piece, bool ended)
{
	enum http_state state = HTTP_MORE;

	http_reader_reset(&reader, &room);
	for (size_t at = 0; at < length && state == HTTP_MORE; at += piece)
		state = http_read(&reader, &room, (const uint8_t *)bytes + at,
				  length - at < piece ? length - at : piece, false);
	return state == HTTP_MORE && ended ? http_read(&reader, &room, NULL, 0, true) : state;
}

static bool body_is(const char *text)
{
	struct text body = http_body(&reader);

	return body.length == strlen(text) && !memcmp(body.bytes, text, body.length);
}

static bool header_is(const char *name, const char *value)
{
	static struct http_head head;
	struct text found;

	http_head(&reader, &head);
	found = http_find(&head, name);
	return found.length == strlen(value) && !memcmp(found.bytes, value, found.length);
}

static void answers(void)
{
	static const char length[] = "HTTP/1.1 200 OK\r\nServer:  a b \r\ncontent-LENGTH: 5\r\n\r\nhelloNEXT";
	static const char chunks[] = "HTTP/1.1 404 No\nTransfer-Encoding: gzip, "
				     "Chunked\n\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n";
	static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 204 No\r\nX: y\r\n\r\n";
	bool all = true, kept = true;
	static struct http_head head;

	for (size_t piece = 1; piece < sizeof(length); piece++) {
		all &= give(length, sizeof(length) - 1, piece, false) == HTTP_WHOLE && body_is("hello") &&
		       header_is("server", "a b");
		kept &= reader.keep_alive;
	}
	tap_ok(all && kept, "a body of a stated length, in pieces of every size; the connection is kept");
	all = true;
	for (size_t piece = 1; piece < sizeof(chunks); piece++)
		all &= give(chunks, sizeof(chunks) - 1, piece, false) == HTTP_WHOLE && body_is("abcde");
	http_head(&reader, &head);
	tap_ok(all && head.status == 404, "a body in chunks with trailer, lines without carriage return");
	all = true;
	for (size_t piece = 1; piece < sizeof(interim); piece++)
		all &= give(interim, sizeof(interim) - 1, piece, false) == HTTP_WHOLE && header_is("x", "y") &&
		       body_is("");
	tap_ok(all && !reader.keep_alive, "100 is not the answer; 204 has no body; HTTP/1.0 closes");
	tap_ok(give("HTTP/1.1 200 OK\r\n\r\nuntil the end", 32, 7, false) == HTTP_MORE &&
		       give("HTTP/1.1 200 OK\r\n\r\nuntil the end", 32, 7, true) == HTTP_WHOLE &&
		       body_is("until the end"),
	       "without a length the body goes on until the connection ends");
	tap_ok(give("SSH-2.0-x\r\n", 11, 11, false) == HTTP_FOREIGN &&
		       give("HTT", 3, 1, true) == HTTP_FOREIGN &&
		       give("RTSP/1.0 400", 12, 1, false) == HTTP_FOREIGN,
	       "what is no HTTP is told so");
	tap_ok(give("HTTP/1.1 200 OK\r\nServer: cut", 28, 28, true) == HTTP_WHOLE &&
		       header_is("server", "cut") && reader.cut,
	       "a head that breaks off is used as far as it goes");
	tap_ok(give("HTTP/1.1 2\r\n\r\n", 14, 14, true) == HTTP_WHOLE &&
		       give("HTTP/1.\n\n", 9, 1, true) == HTTP_WHOLE,
	       "a status line that is too short is no way out of the buffer");
}

static void bounds(void)
{
	char *long_one = malloc(200000);
	size_t used = (size_t)sprintf(long_one, "HTTP/1.1 200 OK\r\n\r\n");
	struct room small = {.limit_bytes = 2048};
	struct http_reader other = {};

	memset(long_one + used, 'b', 200000 - used);
	tap_ok(give(long_one, 200000, 4096, false) == HTTP_WHOLE && reader.cut &&
		       http_body(&reader).length == HTTP_BODY_BYTES_MAX,
	       "a body is kept up to its limit");
	memset(long_one + used - 2, 'h', 200000 - used);
	tap_ok(give(long_one, 200000, 1000, false) == HTTP_WHOLE && reader.cut &&
		       reader.in.length == HTTP_HEAD_BYTES_MAX,
	       "a head is, too");
	tap_ok(room.used_bytes <= 2 * (HTTP_HEAD_BYTES_MAX + HTTP_BODY_BYTES_MAX),
	       "memory follows what is kept");
	tap_ok(http_read(&other, &small, (const uint8_t *)long_one, 8000, false) == HTTP_WHOLE && other.cut &&
		       small.used_bytes <= small.limit_bytes,
	       "when all of them together have no more room, an answer is cut");
	http_reader_reset(&other, &small);
	http_reader_reset(&reader, &room);
	tap_ok(room.used_bytes == 0 && small.used_bytes == 0, "and all memory comes back");
	tap_ok(give("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n", 60, 60, false) ==
			       HTTP_WHOLE &&
		       reader.cut,
	       "a chunk's size of nine digits is refused");
	http_reader_reset(&reader, &room);
	free(long_one);
}

static bool title_is(const char *page, const char *title)
{
	char out[HTML_TITLE_BYTES_MAX];
	size_t length = html_title((struct text){page, strlen(page)}, out);

	return length == strlen(title) && !memcmp(out, title, length);
}

static bool leads_to(const char *from, const char *to, const char *where)
{
	char out[HTML_PATH_BYTES_MAX];
	size_t length = html_resolve((struct text){from, strlen(from)}, TEXT("10.0.0.1:8080"),
				     (struct text){to, strlen(to)}, out);

	return length == strlen(where) && !memcmp(out, where, length);
}

static void pages(void)
{
	struct text icon =
		html_icon(TEXT("<link rel=stylesheet href=a.css><LINK REL='shortcut icon' HREF=\"/f.ico\">"));
	char folded[256];
	size_t length;

	tap_ok(title_is("<TITLE lang=en>\n A  &amp; B&#33;\t</TITLE>", "A & B!") &&
		       title_is("<title>open", "open") && title_is("none", "") && title_is("<title", ""),
	       "titles");
	tap_ok(icon.length == 6 && !memcmp(icon.bytes, "/f.ico", 6) &&
		       !html_icon(TEXT("<link rel=icon")).length,
	       "icons");
	tap_ok(leads_to("/a/b?c=/d", "e.html", "/a/e.html") && leads_to("/", "/x#y", "/x") &&
		       leads_to("/a/", "./b", "/a/b") && leads_to("/", "http://10.0.0.1:8080/z", "/z") &&
		       leads_to("/", "//10.0.0.1:8080", "/"),
	       "addresses on the same server");
	tap_ok(leads_to("/", "http://10.0.0.2/", "") && leads_to("/", "https://10.0.0.1/", "") &&
		       leads_to("/", "data:image/png,x", "") && leads_to("/", "javascript:alert(1)", "") &&
		       leads_to("/", "/a\r\nX: y", "") && leads_to("/", "//evil/x", ""),
	       "others are not followed, and no line of a request can be added");
	length = html_fold(
		TEXT("<p>\n\n  version 4.12.3 </p> nonce=\"a1b2c3d4e5f6a7b8c9d0e1f2\" t=1732812345678"), folded,
		sizeof(folded));
	folded[length] = 0;
	tap_ok(!strcmp(folded, "<p> version 4.12.3 </p> nonce=\"…\" t=…"),
	       "what is new in every answer is left out: %s", folded);
	tap_ok(html_fold(TEXT("abcdef ghi"), folded, 5) == 0 && html_fold(TEXT("ab cdef"), folded, 4) == 2,
	       "words are not torn at the bound");
}

static void numbers(void)
{
	/* "hello hello hello hello", by gzip without a name. */
	static const uint8_t gzip[] = {0x1f, 0x8b, 0x8,	 0x0,  0x0,  0x0,  0x0,	 0x0,  0x0,  0x3,
				       0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57, 0xc8, 0x40, 0x27, 0x1,
				       0xe3, 0x51, 0x3d, 0x8d, 0x17, 0x0,  0x0,	 0x0};
	uint8_t out[64];
	bool cut;

	tap_ok(murmur3((const uint8_t *)"", 0, 0) == 0 && murmur3((const uint8_t *)"", 0, 1) == 0x514e28b7 &&
		       murmur3((const uint8_t *)"hello", 5, 0) == 0x248bfa47 &&
		       murmur3((const uint8_t *)"Hello, world!", 13, 0x9747b28c) == 0x24884cba,
	       "MurmurHash3 as its author has it");
	tap_ok(favicon_hash((const uint8_t *)"icon", 4) ==
		       (int32_t)murmur3((const uint8_t *)"aWNvbg==\n", 9, 0),
	       "of base64 in lines");
	tap_ok(inflate_bounded(gzip, sizeof(gzip), out, sizeof(out), &cut) == 23 &&
		       !memcmp(out, "hello hello", 11) && !cut,
	       "gzip");
	tap_ok(inflate_bounded(gzip + 10, sizeof(gzip) - 18, out, sizeof(out), &cut) == 23,
	       "deflate without a head");
	tap_ok(inflate_bounded(gzip, sizeof(gzip), out, 10, &cut) == 10 && cut, "as far as there is room");
	tap_ok(inflate_bounded(gzip, 14, out, sizeof(out), &cut) <= 23 && cut &&
		       inflate_bounded(out, 0, out, 0, &cut) == 0,
	       "as far as it goes");
}

static void requests(void)
{
	char out[512];
	struct ip ip = ip_from_v4("\x0a\0\0\1");
	size_t length = http_request(&ip, 8080, false, "", TEXT("/a?b"), out, sizeof(out) - 1);

	out[length] = 0;
	tap_ok(strstr(out, "GET /a?b HTTP/1.1\r\nHost: 10.0.0.1:8080\r\n") == out, "a request");
	tap_ok(http_request(&ip, 80, false, "", TEXT("/a b"), out, sizeof(out)) == 0 &&
		       http_request(&ip, 80, false, "", TEXT("/\r\nX:"), out, sizeof(out)) == 0 &&
		       http_request(&ip, 80, false, "", TEXT("/"), out, 20) == 0,
	       "none for a path that would end its line, or that does not fit");
}

int main(void)
{
	answers();
	bounds();
	pages();
	numbers();
	requests();
	return tap_end();
}
