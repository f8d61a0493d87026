// SPDX-License-Identifier: BSD-2-Clause
/* The dialogues by UDP: what is sent, what answers tell, and that nothing else is taken for one. */
#include "tests/ask/answers.h"
#include "tests/ask/said.h"
#include "tests/tap.h"

enum { ANSWERS = sizeof(test_answers) / sizeof(*test_answers) };

static enum dialogue_verdict hear(const struct dialogue *row, const struct dialogue_context *context,
				  const uint8_t *bytes, size_t length, struct said *said)
{
	/* Of its exact size, so that a sanitizer sees a byte too many. */
	uint8_t *copy = malloc(length ? length : 1);
	struct say say = {context, said_fact, said};
	enum dialogue_verdict verdict;

	memcpy(copy, bytes, length);
	*said = (struct said){};
	verdict = row->answer(context, 0, copy, length, false, &say);
	free(copy);
	return verdict;
}

static void answers(void)
{
	uint8_t bytes[TEST_ANSWER_BYTES_MAX];
	struct said said;

	for (size_t i = 0; i < ANSWERS; i++) {
		const struct test_answer *a = &test_answers[i];
		const struct dialogue_context context = test_context(a->row, a->port_h);
		size_t length = test_bytes(a->bytes, bytes);
		enum dialogue_verdict verdict = hear(a->row, &context, bytes, length, &said);
		bool taken = verdict == DIALOGUE_DONE || verdict == DIALOGUE_AGAIN;

		if (!tap_ok(taken == (a->facts != NULL) && strcmp(said.text, a->facts ? a->facts : "") == 0 &&
				    !said.wrong,
			    "%s: %s", a->row->name, a->what))
			printf("# verdict %d\n# %s\n# instead of %s\n", verdict, said.text,
			       a->facts ? a->facts : "nothing");
	}
}

/* Half an answer says nothing of what it lacks, and an answer to somebody else nothing at all. */
static void halves_and_others(void)
{
	uint8_t bytes[TEST_ANSWER_BYTES_MAX];
	size_t other = 0, taken_for_ours = 0, cuts = 0;
	struct said said;

	for (size_t i = 0; i < ANSWERS; i++) {
		const struct test_answer *a = &test_answers[i];
		struct dialogue_context context = test_context(a->row, a->port_h);
		size_t length = test_bytes(a->bytes, bytes);

		for (size_t cut = 0; cut < length; cut++, cuts++)
			hear(a->row, &context, bytes, cut, &said);
		/* These protocols have nothing that comes back. */
		if (!a->facts || a->row == &udp_tftp || a->row == &udp_plex || a->row == &udp_ssdp ||
		    a->row == &udp_natpmp || a->row == &udp_mssql || a->row == &udp_jellyfin ||
		    a->row == &udp_ubiquiti)
			continue;
		/* BACnet's I-Am and IPMI's second answer do not repeat the number; mDNS may give 0 instead. */
		if (a->row == &udp_bacnet || a->row == &udp_ipmi || (a->row == &udp_mdns && bytes[0] == 0))
			continue;
		context.nonce = 0x0102030405060708;
		other++;
		if (hear(a->row, &context, bytes, length, &said) != DIALOGUE_FOREIGN) {
			printf("# %s: %s\n", a->row->name, a->what);
			taken_for_ours++;
		}
	}
	tap_ok(cuts > 2000, "%zu cut answers are read within their bytes", cuts);
	tap_ok(other > 25 && taken_for_ours == 0, "%zu answers are refused when another number was made up",
	       other);
}

static void requests(void)
{
	uint8_t out[DIALOGUE_REQUEST_BYTES_MAX];
	size_t wrong = 0, sent = 0, mirrored = 0;
	struct said said;

	for (size_t i = 0; i < udp_count(); i++) {
		const struct dialogue *row = udp_row(i);

		for (int version = 4; version <= 6; version += 2) {
			struct dialogue_context context = test_context(row, 0);
			unsigned int step = 0;
			size_t length;

			if (version == 6)
				context.ip = context.local = ip_from_v6("\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\7");
			for (; (length = row->request(&context, step, out, sizeof(out))) > 0; step++, sent++) {
				uint8_t small[8];

				wrong += length > sizeof(out) ||
					 row->request(&context, step, small, sizeof(small)) > sizeof(small);
				/* A mirror is no server. */
				mirrored += hear(row, &context, out, length, &said) != DIALOGUE_FOREIGN;
			}
			/* DHCP has another form for IPv6. */
			wrong += step == 0 && !(version == 6 && row == &udp_dhcp);
			wrong += row->answer == NULL || !row->udp || row->port_h[0] == 0 || step > 8;
		}
	}
	tap_ok(wrong == 0, "%zu requests of %zu protocols fit into their room", sent, udp_count());
	tap_ok(mirrored == 0, "what only sends back what it gets is nobody");
}

/* Noise that begins with what we sent, or with that as an answer would begin: how often it is believed. */
static size_t believed(const struct dialogue *row, const struct dialogue_context *context, const uint8_t *sent,
		       size_t keep, unsigned int rounds)
{
	static uint64_t state = 5;
	uint8_t bytes[320];
	size_t count = 0;
	struct said said;

	for (unsigned int round = 0; round < rounds; round++) {
		for (size_t i = 0; i < sizeof(bytes); i++) {
			state = state * 6364136223846793005U + 1442695040888963407U;
			bytes[i] = i < keep ? sent[i] : (uint8_t)(state >> 56);
		}
		if (round & 1 &&
		    keep > 3) /* the bit that makes an answer of a DNS question, of a QUIC packet… */
			bytes[2] |= 0x80;
		if (hear(row, context, bytes, keep + state % (sizeof(bytes) - keep), &said) !=
		    DIALOGUE_FOREIGN) {
			printf("# %s, %zu bytes kept:\n# %s\n", row->name, keep, said.text);
			count++;
		}
	}
	return count;
}

static void noise(void)
{
	uint8_t sent[DIALOGUE_REQUEST_BYTES_MAX];
	size_t tried = 0, wrong = 0;

	for (size_t i = 0; i < udp_count(); i++) {
		const struct dialogue *row = udp_row(i);
		const struct dialogue_context context = test_context(row, 0);
		size_t length;

		for (unsigned int step = 0; (length = row->request(&context, step, sent, sizeof(sent))) > 0;
		     step++)
			for (size_t keep = 0; keep < 64 && keep + 5 < length; keep++, tried += 512)
				wrong += believed(row, &context, sent, keep, 512);
	}
	tap_ok(tried > 500000 && wrong == 0,
	       "noise behind the first bytes of a question is no answer, %zu times", tried);
}

static void table(void)
{
	uint16_t ports[64];
	size_t count = udp_ports(ports, 64), twice = 0, ascending = 1;

	for (size_t i = 1; i < count; i++)
		ascending += ports[i] > ports[i - 1];
	for (size_t i = 0; i < udp_count(); i++)
		for (size_t k = 0; k < DIALOGUE_PORTS_MAX && udp_row(i)->port_h[k]; k++)
			twice += dialogue_udp(udp_row(i)->port_h[k]) != udp_row(i);
	tap_ok(count >= 28 && ascending == count && twice == 0 && udp_ports(ports, 1) == count,
	       "%zu ports, each of one protocol", count);
	tap_ok(dialogue_udp(0) == NULL && dialogue_udp(514) == NULL, "no dialogue where there is none");
	tap_ok(dialogue_udp(47808)->industrial && !dialogue_udp(53)->industrial,
	       "BACnet is for those who ask for it by name");
	tap_ok(dialogue_udp(51820)->silence && !dialogue_udp(53)->silence, "WireGuard's silence is explained");
}

int main(void)
{
	answers();
	halves_and_others();
	requests();
	noise();
	table();
	return tap_end();
}
