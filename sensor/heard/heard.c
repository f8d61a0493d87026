// SPDX-License-Identifier: BSD-2-Clause
/* The rows in their order, and what they share. See heard.h. */
#include "sensor/heard/heard.h"

#include <string.h>

#include "sensor/ask/tcp.h"
#include "sensor/heard/request.h"

enum { VALUE_BYTES_MAX = 512, BANNER_BYTES_MIN = 4, BANNER_BYTES_MAX = 256 };

static const struct heard_row first_rows[] = {{.name = "tls", .hear = hear_tls},
					      {.name = "http", .hear = hear_http},
					      {.name = "hello", .hear = hear_hello}};

static const struct heard_row *first(size_t *count)
{
	*count = sizeof(first_rows) / sizeof(first_rows[0]);
	return first_rows;
}

static const struct heard_row *(*const files[])(size_t *) = {
	first, heard_text_rows, heard_database_rows, heard_windows_rows, heard_plant_rows, heard_machine_rows};

static struct fact *trait(const struct heard *h, enum fact_source source, enum fact_confidence confidence,
			  const char *key, struct text value, struct fact_list *out)
{
	struct text copy;
	struct fact *fact;

	value = text_cut(value, VALUE_BYTES_MAX);
	copy = fact_text(out, value.bytes, value.length);
	fact = fact_add(out, &h->ctx, FACT_TRAIT, source, confidence);
	FACT_SET(fact, key, (struct text){key, strlen(key)});
	FACT_SET(fact, value, copy);
	return fact;
}

void heard_trait(const struct heard *h, enum fact_source source, enum fact_confidence confidence,
		 const char *key, struct text value, struct fact_list *out)
{
	struct fact *fact;

	if (!value.length)
		return;
	fact = trait(h, source, confidence, key, value, out);
	FACT_SET(fact, ip, h->server);
	FACT_SET(fact, port, h->port_h);
}

void heard_client_trait(const struct heard *h, enum fact_source source, enum fact_confidence confidence,
			const char *key, struct text value, struct fact_list *out)
{
	struct fact *fact;

	if (!value.length)
		return;
	fact = trait(h, source, confidence, key, value, out);
	FACT_SET(fact, ip, h->client);
}

void heard_service(const struct heard *h, enum fact_source source, const char *name, struct fact_list *out)
{
	struct fact *fact = fact_add(out, &h->ctx, FACT_SERVICE, source, CONFIDENCE_MEASURED);

	FACT_SET(fact, ip, h->server);
	FACT_SET(fact, port, h->port_h);
	FACT_SET(fact, proto, h->udp ? TEXT("udp") : TEXT("tcp"));
	FACT_SET(fact, state, TEXT("open"));
	FACT_SET(fact, name, (struct text){name, strlen(name)});
}

/* Texts are borrowed from buffers that the next call overwrites: they are copied. */
static void take(void *to, const struct fact *said)
{
	struct heard_say *say = to;
	struct text name = {}, value = {};
	struct decode_context ctx = {.time_us = said->first_us, .vlan = said->vlan};
	struct fact *fact;

	if (FACT_HAS(said, name))
		name = fact_text(say->out, said->name.bytes, said->name.length);
	if (FACT_HAS(said, value))
		value = fact_text(say->out, said->value.bytes, said->value.length);
	fact = fact_add(say->out, &ctx, said->kind, say->source, said->confidence);
	*fact = *said;
	fact->source = say->source;
	fact->name = name;
	fact->value = value;
}

void heard_say_begin(struct heard_say *say, const struct heard *h, enum fact_source source,
		     struct fact_list *out)
{
	say->context = (struct dialogue_context){.ip = h->server,
						 .port_h = h->port_h,
						 .vlan = h->ctx.vlan,
						 .time_us = h->ctx.time_us,
						 .name = ""};
	say->say = (struct say){.context = &say->context, .fact = take, .to = say};
	say->out = out;
	say->source = source;
}

bool heard_tls_begins(const uint8_t *bytes, size_t length)
{
	return length > 5 && bytes[0] == 0x16 && bytes[1] == 3 && bytes[2] <= 4 && bytes[5] == 1;
}

bool heard_asks(const uint8_t *bytes, size_t length)
{
	return heard_tls_begins(bytes, length) || http_request_begins(bytes, length);
}

/*
 * Nobody's: the line with which a server greets. A client that never answers has come for what is sent to it (as FTP sends files): that is no
 * greeting, and nobody's business.
 */
static void say_banner(const struct heard *h, struct fact_list *out)
{
	size_t length = 0;

	while (length < h->says.length && length < BANNER_BYTES_MAX && h->says.bytes[length] >= ' ')
		length++;
	if (!h->whole || !h->server_first || !h->asks.length || length < BANNER_BYTES_MIN ||
	    (length < h->says.length && h->says.bytes[length] != '\r' && h->says.bytes[length] != '\n'))
		return;
	heard_trait(h, SOURCE_TCP, CONFIDENCE_ANNOUNCED, "banner",
		    (struct text){(const char *)h->says.bytes, length}, out);
}

enum heard_fit heard_begins(const struct heard_end *end, const void *prefix, size_t length)
{
	size_t compared = end->length < length ? end->length : length;

	if (memcmp(end->bytes, prefix, compared) != 0)
		return HEARD_NO;
	return compared == length ? HEARD_YES : HEARD_MAYBE;
}

static const struct dialogue *asked_row(const char *name)
{
	const struct dialogue *row;

	for (size_t i = 0; (row = tcp_row(i)); i++)
		if (!strcmp(row->name, name))
			return row;
	return NULL;
}

/* The answer as whoever had asked for it would read it. */
static enum heard_fit answer_fits(const struct heard *h, const char *name, struct fact_list *out)
{
	const struct dialogue *row = asked_row(name);
	struct heard_say say;

	if (!row)
		return HEARD_NO;
	heard_say_begin(&say, h, SOURCE_TCP, out);
	switch (row->answer(&say.context, 0, h->says.bytes, h->says.length, h->says.ended, &say.say)) {
	case DIALOGUE_AGAIN:
	case DIALOGUE_DONE:
		return HEARD_YES;
	case DIALOGUE_MORE:
		return HEARD_MAYBE;
	case DIALOGUE_FOREIGN:
		break;
	}
	return HEARD_NO;
}

/* Only from the beginning on: in the middle of anything a few bytes fit by chance. */
static enum heard_verdict hear_pair(const struct heard *h, const struct heard_row *row, struct fact_list *out)
{
	enum heard_fit asks = HEARD_MAYBE, says = HEARD_MAYBE;

	if (!h->whole)
		return HEARD_FOREIGN;
	if (h->asks.length)
		asks = row->asks(h);
	else if (h->asks.ended)
		asks = HEARD_NO;
	if (asks == HEARD_NO || (asks == HEARD_MAYBE && h->asks.ended))
		return HEARD_FOREIGN;
	if (asks == HEARD_MAYBE)
		return HEARD_MORE;
	if (h->says.length)
		says = row->says ? row->says(h) : answer_fits(h, row->name, out);
	if (says == HEARD_NO || (says == HEARD_MAYBE && h->says.ended))
		return HEARD_FOREIGN;
	if (says == HEARD_MAYBE)
		return HEARD_MORE;
	heard_service(h, SOURCE_TCP, row->name, out);
	if (row->tell)
		row->tell(h, out);
	return HEARD_DONE;
}

enum heard_outcome heard_run(const struct heard *h, uint64_t *foreign, struct fact_list *out)
{
	uint64_t bit = 1;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		size_t count;
		const struct heard_row *rows = files[i](&count);

		for (size_t k = 0; k < count; k++, bit <<= 1) {
			enum heard_verdict verdict;

			if (*foreign & bit)
				continue;
			fact_list_reset(out);
			verdict = rows[k].hear ? rows[k].hear(h, out) : hear_pair(h, &rows[k], out);
			if (verdict == HEARD_DONE)
				return HEARD_DECIDED;
			if (verdict == HEARD_FOREIGN)
				*foreign |= bit;
		}
	}
	fact_list_reset(out);
	if (!h->asks.ended || !h->says.ended)
		return HEARD_UNDECIDED;
	say_banner(h, out);
	return HEARD_NOBODYS;
}
