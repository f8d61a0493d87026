// SPDX-License-Identifier: BSD-2-Clause
/* Backup over TCP: Bacula and Bareos, whose daemons refuse a director that they don't know in words. Pure. */
#include "sensor/ask/http.h"
#include "sensor/ask/tcp.h"
#include "sensor/ask/tcp_row.h"
#include "sensor/wire.h"

enum { ANSWER_BYTES_MAX = 1000, LENGTH_BYTES = 4 };

/* Bacula's developers' guide, "TCP/IP Network Protocol": a message is its length and its text. */
static size_t bacula_ask(ASK_ARGUMENTS)
{
	(void)context;
	return step ? 0 : ask_bytes(out, size, "\0\0\0\x20Hello Director netvisor calling\n", 36);
}

/* "hello.c:109 Connection from unknown Director netvisor at 10.0.0.1 rejected.", "2999 Authentication failed.", "auth cram-md5 <…>" */
static enum dialogue_verdict bacula(ANSWER_ARGUMENTS)
{
	struct wire wire = wire_over(bytes, length);
	struct text text;
	uint32_t size;

	(void)context, (void)step, (void)say;
	if (length <= LENGTH_BYTES)
		return bytes[0] ? DIALOGUE_FOREIGN : more(ended);
	size = wire_u32(&wire);
	if (!size || size > ANSWER_BYTES_MAX)
		return DIALOGUE_FOREIGN;
	if (size > wire.left)
		return more(ended);
	text = (struct text){(const char *)wire.at, size};
	return text_begins(text, "auth cram-md5 ") || text_begins(text, "2999 authentication failed") ||
			       text_find(text, "from unknown director ") < text.length
		       ? DIALOGUE_DONE
		       : DIALOGUE_FOREIGN;
}

static const struct dialogue rows[] = {
	{.name = "bacula", .port_h = {9101, 9102, 9103}, .request = bacula_ask, .answer = bacula},
};

const struct dialogue *tcp_backup_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
