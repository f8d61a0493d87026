// SPDX-License-Identifier: BSD-2-Clause
/* Writes the answers of tests/ask/answers.h as seeds of tests/fuzz/dialogue.c into the folder that it is given. */
#include <stdio.h>

#include "tests/ask/answers.h"

static uint8_t number_of(const struct dialogue *row)
{
	for (size_t i = 0; i < udp_count(); i++)
		if (udp_row(i) == row)
			return (uint8_t)i;
	return UINT8_MAX;
}

int main(int argc, char **argv)
{
	uint8_t bytes[TEST_ANSWER_BYTES_MAX];
	char path[4096];

	for (size_t i = 0; argc == 2 && i < sizeof(test_answers) / sizeof(*test_answers); i++) {
		size_t length = test_bytes(test_answers[i].bytes, bytes);
		FILE *file;

		snprintf(path, sizeof(path), "%s/%zu", argv[1], i);
		file = fopen(path, "wb");
		if (!file || putc(number_of(test_answers[i].row), file) == EOF ||
		    fwrite(bytes, 1, length, file) != length || fclose(file)) {
			perror(path);
			return 1;
		}
	}
	return argc != 2;
}
