// SPDX-License-Identifier: BSD-2-Clause
/* Nothing is sent: a line for each probe says what would be. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "defs/addr.h"
#include "sensor/probe/transmit.h"

struct dry {
	struct transmit transmit;
	FILE *out_file;
};

static int dry_send(struct transmit *transmit, const struct probe_frame *frames, size_t count)
{
	static const char *const names[] = {
		[PROBE_SYN] = "tcp-syn", [PROBE_ARP] = "arp", [PROBE_ND] = "nd", [PROBE_ECHO] = "echo"};
	FILE *out = ((struct dry *)transmit)->out_file;
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < count && i < TRANSMIT_BATCH_MAX; i++) {
		const struct probe_frame *p = &frames[i];
		struct ip ip = p->version == 4 ? ip_from_v4(p->addr) : ip_from_v6(p->addr);

		fprintf(out, "%s %s", names[p->kind], ip_text(&ip, text));
		if (p->kind == PROBE_SYN)
			fprintf(out, " %u", ntohs(p->port_n));
		fputc('\n', out);
	}
	return ferror(out) ? -EIO : (int)(count < TRANSMIT_BATCH_MAX ? count : TRANSMIT_BATCH_MAX);
}

/* Who asks is in no line. */
static void dry_source(struct transmit *transmit, const struct probe_source *source)
{
	(void)transmit;
	(void)source;
}

static unsigned long long dry_lost(const struct transmit *transmit)
{
	(void)transmit;
	return 0;
}

static void dry_close(struct transmit *transmit)
{
	free(transmit);
}

int transmit_dry_open(const struct probe_source *source, FILE *out_file, struct transmit **out)
{
	struct dry *d = calloc(1, sizeof(*d));

	(void)source;
	if (!d)
		return -ENOMEM;
	d->transmit = (struct transmit){.name = "dry run",
					.send = dry_send,
					.source = dry_source,
					.lost = dry_lost,
					.close = dry_close};
	d->out_file = out_file;
	*out = &d->transmit;
	return 0;
}
