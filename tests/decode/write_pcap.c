// SPDX-License-Identifier: BSD-2-Clause
/*
 * Writes the frames of tests/frames.h as a pcap file on standard output. `write_pcap` all of them; `write_pcap honest` without
 * the hostile ones; `write_pcap headers` those of header_frames.h and tunnel_frames.h, and then all of them;
 * `write_pcap LINK SNAP nano` with that link type, cut to SNAP bytes, in nanoseconds.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/tunnel_frames.h"

struct pcap_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, accuracy, snap, link;
};

struct packet_header {
	uint32_t seconds, fraction, captured, length;
};

static void write_frames(const struct pcap_header *header, const struct test_frames *frames, bool nano)
{
	static uint32_t written;

	for (size_t i = 0; i < frames->count; i++, written++) {
		const struct test_frame *f = &frames->frame[i];
		uint32_t length = (uint32_t)f->length, us = written * TEST_FRAMES_STEP_US;
		struct packet_header packet = {.seconds = (uint32_t)(TEST_TIME_US / 1000000),
					       .fraction = nano ? us * 1000 : us,
					       .captured = length < header->snap ? length : header->snap,
					       .length = length};

		fwrite(&packet, sizeof(packet), 1, stdout);
		fwrite(f->bytes, packet.captured, 1, stdout);
	}
}

int main(int argc, char **argv)
{
	static struct test_frames frames;
	static struct header_cases headers;
	bool nano = argc > 3 && strcmp(argv[3], "nano") == 0;
	struct pcap_header header = {.magic = nano ? 0xa1b23c4d : 0xa1b2c3d4,
				     .major = 2,
				     .minor = 4,
				     .snap = argc > 2 ? (uint32_t)atoi(argv[2]) : 65535,
				     .link = argc > 2 ? (uint32_t)atoi(argv[1]) : 1};

	test_frames_make(&frames);
	if (argc == 2 && strcmp(argv[1], "honest") == 0) {
		frames.count = 0;
		test_frames_honest(&frames);
	}
	fwrite(&header, sizeof(header), 1, stdout);
	if (argc == 2 && strcmp(argv[1], "headers") == 0) {
		header_cases_make(&headers);
		write_frames(&header, &headers.frames, nano);
		tunnel_cases_make(&headers);
		write_frames(&header, &headers.frames, nano);
	}
	write_frames(&header, &frames, nano);
	return fflush(stdout) ? 1 : 0;
}
