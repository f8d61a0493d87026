/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file of another program → facts of source `import`, which go the way of a sensor's facts. Pure: bytes in, messages of
 * docs/stream.md out, which are checked again when they are read. A row that says nothing sure is left out, and why is kept.
 */
#ifndef COLLECTOR_IMPORT_H
#define COLLECTOR_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/buffer.h"
#include "defs/addr.h"

enum {
	IMPORT_BYTES_MAX = 16 << 20,
	IMPORT_FACTS_MAX = 200000, /* one more, and the file is refused */
	IMPORT_HOSTS_MAX = 65536,  /* likewise */
	IMPORT_PROBLEMS_KEPT = 20, /* rows left out that are named; all are counted */
	IMPORT_SHOWN = 200,	   /* hosts that a preview names */
	IMPORT_NAME_BYTES_MAX = 253,
	IMPORT_VALUE_BYTES_MAX = 1000,
	IMPORT_WHY_MAX = 160,
};

enum import_format { IMPORT_AUTO, IMPORT_NMAP, IMPORT_ARP, IMPORT_CSV, IMPORT_FORMATS };

struct import_message {
	struct buffer json; /* whole, for stream_read() */
	struct import_message *next;
};

struct import {
	enum import_format format;
	int64_t at_us; /* when what the file says was so, unless it says so itself */
	int vlan;      /* of all rows; 0 for none */
	struct import_message *first, **last;
	size_t open_facts; /* in the last message, which is not closed yet */
	size_t facts, hosts, names, services, traits, skipped;
	struct buffer problems; /* items of a JSON array: {"line","text"} */
	struct buffer shown;	/* items of a JSON array: the first hosts, {"mac","ip","name","ports"} */
	size_t shown_hosts, problems_kept;
	struct buffer macs, ips; /* of all hosts, in step, for PostgreSQL (array_add) */
	struct buffer service_ips, service_ports, service_protos; /* of all services, likewise */
	struct buffer columns; /* of a CSV file that are not used, as items of a JSON array of texts */
	bool full;	       /* there was more than may be */
	bool failed;	       /* there was no memory */
};

/* A row's device: mac or ip NULL when it is not known, name "" likewise. What is no device's (0.0.0.0, a group) is skipped. */
struct import_who {
	const struct mac *mac;
	const struct ip *ip;
	const char *name, *name_kind; /* hostname or fqdn */
	int64_t at_us;
	size_t line;
};

/* The word of the API for a format, and back; -1: it is none. */
extern const char *const import_format_names[IMPORT_FORMATS];
int import_format_find(const char *word);

/*
 * Read a file of this format (IMPORT_AUTO: of whichever it looks like), as of at_us. 0, with a result that import_free() frees;
 * -EINVAL with why[] in words for people; -EFBIG with more than may be; -ENOMEM.
 */
int import_read(enum import_format, const char *bytes, size_t length, int64_t at_us, int vlan,
		struct import *out, char why[static IMPORT_WHY_MAX]);
void import_free(struct import *);

/* For the formats. False: it was left out, which is counted. */
bool import_host(struct import *, const struct import_who *);
/* An open port; name "" when what it speaks is not known. */
bool import_service(struct import *, const struct import_who *, unsigned int port, const char *proto,
		    const char *name);
/* port 0: of the whole host. */
void import_trait(struct import *, const struct import_who *, unsigned int port, const char *key,
		  const char *value);
void import_skip(struct import *, size_t line, const char *why);
/* A MAC in any of the forms that tables have it in. */
bool import_mac(const char *text, struct mac *out);

int import_nmap(struct import *, const char *bytes, size_t length, char why[static IMPORT_WHY_MAX]);
int import_arp(struct import *, const char *bytes, size_t length, char why[static IMPORT_WHY_MAX]);
int import_csv(struct import *, const char *bytes, size_t length, char why[static IMPORT_WHY_MAX]);
/* Whether a first line names columns that import_csv() knows. */
bool import_csv_looks(const char *bytes, size_t length);

#endif
