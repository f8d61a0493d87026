// SPDX-License-Identifier: BSD-2-Clause
/* Writes the seeds of the fuzzers, made from the frames of tests/frames.h, announce_frames.h and device_frames.h, below the folder that it is given. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "sensor/frame.h"
#include "tests/announce_frames.h"
#include "tests/bridge_frames.h"
#include "tests/decode/quic_packets.h"
#include "tests/decode/talks.h"
#include "tests/decode/tls_messages.h"
#include "tests/device_frames.h"
#include "tests/router_frames.h"
#include "tests/tunnel_frames.h"

static const char *folder;
static struct test_frames frames;

static FILE *seed_open(const char *target, size_t number)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, target);
	mkdir(path, 0777);
	snprintf(path, sizeof(path), "%s/%s/%zu", folder, target, number);
	file = fopen(path, "wb");
	if (!file) {
		perror(path);
		exit(1);
	}
	return file;
}

static void seed_close(FILE *file)
{
	if (fclose(file)) {
		perror("write_seeds");
		exit(1);
	}
}

static void write_frame(const struct test_frame *f, FILE *file)
{
	putc((int)(f->length >> 8), file);
	putc((int)(f->length & 0xff), file);
	fwrite(f->bytes, 1, f->length, file);
}

/* The frame's payload for its decoder, and the frame as a record. */
static void write_parts(const struct test_frame *f, size_t number)
{
	static union {
		struct record_frame record;
		uint8_t room[sizeof(struct record_frame) + TEST_FRAME_BYTES_MAX];
	} copy;
	struct frame frame;
	FILE *file;

	copy.record.head.type = RECORD_FRAME;
	copy.record.head.size = (__u16)(sizeof(copy.record) + f->length);
	copy.record.captured = (__u16)f->length;
	copy.record.length = (__u32)f->length;
	copy.record.link = LINK_ETHERNET;
	copy.record.frame_class = strncmp(f->name, "syn ", 4) == 0 ? FRAME_SYN : FRAME_DATA;
	memcpy(copy.record.bytes, f->bytes, f->length);
	file = seed_open("record", number);
	fwrite(&copy, 1, copy.record.head.size, file);
	seed_close(file);
	if (frame_open(&copy.record, TEST_TIME_US, &frame))
		return;
	if (frame.datagram && !frame.decoder)
		frame.decoder = decode_find_answer();
	if (!frame.decoder)
		return;
	file = seed_open(frame.decoder->name, number);
	putc(2, file);
	fwrite(frame.payload.at, 1, frame.payload.left, file);
	seed_close(file);
}

static void write_line(FILE *file, unsigned int from, const struct talk_line *line)
{
	putc((int)from, file);
	putc((int)(line->length >> 8), file);
	putc((int)(line->length & 0xff), file);
	fwrite(line->bytes, 1, line->length, file);
}

/* Pages and a hello, which are no pairs of a table. */
static const struct test_talk more_talks[] = {
	{"http", LINE("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: b\r\n\r\n"),
	 LINE("HTTP/1.1 200 OK\r\nServer: nginx\r\nTransfer-Encoding: chunked\r\n\r\n"
	      "16\r\n<title>seeds</title>xx\r\n0\r\n\r\n"),
	 NULL},
	{"proxy", LINE("CONNECT a:443 HTTP/1.1\r\n\r\n"), LINE("HTTP/1.0 407 No\r\nVia: 1.1 squid\r\n\r\n"),
	 NULL},
	{"tls",
	 LINE("\x16\3\1\0\x5d\1\0\0\x59\3\3"
	      "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr\0\0\4\x13\1\xc0\x2f\1\0\0\x2c"
	      "\0\0\0\x0a\0\x08\0\0\5a.box\0\x10\0\x0b\0\x09\x08http/1.1\0\x0d\0\4\0\2\4\3\0\x2b\0\3\2\3\3"),
	 LINE("\x16\3\3\0\x31\2\0\0\x2d\3\3"
	      "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr\0\xc0\x2f\0\0\5\xff\1\0\1\0"
	      "\x16\3\3\0\x0c\x0b\0\0\x08\0\0\5\0\0\2\x30\0"),
	 NULL},
};

/* These servers speak first. */
static const struct test_talk greetings[] = {
	{"ssh", LINE("SSH-2.0-PuTTY\r\n"), LINE("SSH-2.0-OpenSSH_9\r\n"), NULL},
	{"smtp", LINE("EHLO a\r\n"), LINE("220 a ESMTP\r\n"), NULL},
};

static void write_talk(const struct test_talk *talk, size_t number, bool greets)
{
	FILE *file = seed_open("heads", number);

	fputs("\x1f\x90\1", file);
	if (greets)
		write_line(file, 1, &talk->says);
	write_line(file, 0, &talk->asks);
	if (!greets)
		write_line(file, 1, &talk->says);
	seed_close(file);
}

static void write_talks(void)
{
	size_t number = 0;

	for (size_t i = 0; i < TEST_TALKS; i++)
		write_talk(&test_talks[i], number++, false);
	for (size_t i = 0; i < sizeof(more_talks) / sizeof(more_talks[0]); i++)
		write_talk(&more_talks[i], number++, false);
	for (size_t i = 0; i < sizeof(greetings) / sizeof(greetings[0]); i++)
		write_talk(&greetings[i], number++, true);
}

/* A hello in two pieces and its answer as frames, and datagrams as they are. */
static void write_quic(void)
{
	struct message hello = chrome(), answer = server_hello(0x0304, NULL, 0);
	struct quic_datagram frames[3] = {}, sealed = {};
	FILE *file = seed_open("quic", 0);

	quic_put_crypto(&frames[0], hello.bytes + 5, 100, (unsigned int)hello.length - 105);
	quic_put(&frames[1], "\1\0\0\2\0\0\0\0", 8);
	quic_put_crypto(&frames[1], hello.bytes + 5, 0, 100);
	quic_put_crypto(&frames[2], answer.bytes + 5, 0, (unsigned int)answer.length - 5);
	for (int i = 0; i < 3; i++) {
		fputc(i == 2 ? 3 : 2, file);
		fputc((int)(frames[i].length >> 8), file);
		fputc((int)frames[i].length & 0xff, file);
		fwrite(frames[i].bytes, 1, frames[i].length, file);
	}
	seed_close(file);
	file = seed_open("quic", 1);
	quic_put_sealed(&sealed, 1, 1, "server_1", 64);
	quic_put_sealed(&sealed, 0x6b3343cf, 0, "server_1", 64);
	fputc(0, file);
	fputc((int)(sealed.length >> 8), file);
	fputc((int)sealed.length & 0xff, file);
	fwrite(sealed.bytes, 1, sealed.length, file);
	seed_close(file);
}

static void put_u32(FILE *file, uint32_t value)
{
	fwrite(&value, sizeof(value), 1, file);
}

static void write_pcapng(void)
{
	FILE *file = seed_open("pcapng", 0);
	static const uint32_t section[] = {0x0a0d0d0a, 28, 0x1a2b3c4d, 1, ~0u, ~0u, 28};
	static const uint32_t interface[] = {1, 32, 1, 65535, 0x00010009, 9, 0, 32};

	fwrite(section, sizeof(section), 1, file);
	fwrite(interface, sizeof(interface), 1, file);
	for (size_t i = 0; i < frames.count; i++) {
		uint32_t length = (uint32_t)frames.frame[i].length, whole = (length + 3) & ~3u;

		put_u32(file, 6);
		put_u32(file, 32 + whole);
		put_u32(file, 0);
		put_u32(file, 1);
		put_u32(file, (uint32_t)i);
		put_u32(file, length);
		put_u32(file, length);
		fwrite(frames.frame[i].bytes, 1, whole, file);
		put_u32(file, 32 + whole);
	}
	seed_close(file);
}

/* What docs/stream.md lets a collector send, and some that it does not. */
static void write_messages(void)
{
	static const char *const messages[] = {
		"{\"type\":\"welcome\",\"network_id\":\"n\",\"sensor_id\":\"s\",\"acked\":12}",
		"{\"type\":\"ack\",\"batch\":9223372036854775806}",
		"{\"type\":\"ack\",\"batch\":99999999999999999999}",
		"{\"type\":\"ack\",\"batch\":-1.5e3}",
		"{\"type\":\"command\",\"id\":\"7\",\"command\":\"refresh\",\"arguments\":{}}",
		"{\"type\":\"command\",\"id\":\"8\",\"command\":\"discover\",\"arguments\":{\"session_id\":"
		"\"8\",\"type\":\"SelfReport\"}}",
		"{\"type\":\"command\",\"id\":\"9\",\"command\":\"cancel\",\"arguments\":{\"session_id\":8,"
		"\"type\":[]}}",
		"{\"type\":\"error\",\"code\":\"bad_fact\",\"message\":\"fact 3: \\u00e9\\n\"}",
		"{\"type\":\"news\",\"x\":[[[[[[]]]]]]}",
		"[\"type\"]",
	};

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		FILE *file = seed_open("message", i);

		fputs(messages[i], file);
		seed_close(file);
	}
}

/* Each frame by itself, its parts, and all of them as one story. first: the number of its first seed. */
static void write_frames(size_t first)
{
	FILE *story = seed_open("frame", first);

	for (size_t i = 0; i < frames.count; i++) {
		FILE *file = seed_open("frame", first + i + 1);

		write_frame(&frames.frame[i], file);
		write_frame(&frames.frame[i], story);
		seed_close(file);
		write_parts(&frames.frame[i], first + i);
	}
	seed_close(story);
}

/* Headers and tunnels; the latter without their Ethernet header too, as tests/fuzz/link.c takes them: raw IP, PPPoE or MPLS. */
static void write_headers(size_t first)
{
	static struct header_cases headers;

	header_cases_make(&headers);
	frames = headers.frames;
	write_frames(first);
	tunnel_cases_make(&headers);
	frames = headers.frames;
	write_frames(first + TEST_FRAMES_MAX + 1);
	for (size_t i = 0; i < frames.count; i++) {
		const struct test_frame *f = &frames.frame[i];
		FILE *file = seed_open("link", i);

		putc(f->bytes[12] == 0x08 || f->bytes[12] == 0x86 ? 7 : f->bytes[13] == 0x64 ? 6 : 12, file);
		fwrite(f->bytes + 14, 1, f->length - 14, file);
		seed_close(file);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return fprintf(stderr, "usage: write_seeds FOLDER\n"), 2;
	folder = argv[1];
	test_frames_make(&frames);
	write_frames(0);
	write_pcapng();
	announce_frames_make(&frames);
	write_frames(TEST_FRAMES_MAX + 1);
	device_frames_make(&frames);
	write_frames(2 * (TEST_FRAMES_MAX + 1));
	bridge_frames_make(&frames);
	write_frames(3 * (TEST_FRAMES_MAX + 1));
	router_frames_make(&frames);
	write_frames(4 * (TEST_FRAMES_MAX + 1));
	write_headers(5 * (TEST_FRAMES_MAX + 1));
	write_talks();
	write_quic();
	write_messages();
	return 0;
}
