/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From evidence to conclusions: which services a host runs, what kind of device it is, and why. Pure: evidence and definitions in,
 * conclusions with their reasons out; no database, no clock, no files.
 *
 * Definitions are the files of defs/services/ and defs/devices/, and people's own (docs/definitions.md has the language). They are compiled
 * once; what a host costs grows with its evidence, not with how many definitions there are.
 */
#ifndef COLLECTOR_RECOGNIZE_RECOGNIZE_H
#define COLLECTOR_RECOGNIZE_RECOGNIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/arena.h"
#include "collector/buffer.h"

/*
 * One piece of evidence about a host: a key and a value, as docs/facts.md has the traits, and these keys beside them:
 *   port                  an open port (number and proto in the clue; the value is empty)
 *   speaks                the protocol that it speaks, heard from it: by a probe, or in traffic
 *   name                  any name of the host
 *   vendor                who made its network card (IEEE)
 *   gateway               "true": others reach their networks through it
 *   subnet.type           of the subnet that its address is in
 *   address               one of its addresses
 *   container.image, container.label ("key=value")
 *   application           a protocol, or the id of a service, that it uses as a client
 *   neighbor.capability, neighbor.description, neighbor.platform, neighbor.name, neighbor.source
 *   mdns.type             also of each SRV record that it announced
 * Everything is borrowed.
 */
struct clue {
	const char *key;   /* terminated */
	const char *value; /* terminated; length without the terminator */
	size_t length;
	uint16_t port_h; /* 0: of the host as a whole */
	bool udp;	 /* of port_h */
	uint32_t
		place; /* which of the host's (address, VLAN) it is about; 0 for the host as a whole. The caller counts them from 1 */
	const char *source;   /* of the fact: "probe", "mdns", …; NULL unknown */
	const char *evidence; /* the row's id, for the reasons; NULL none */
};

/* How sure a conclusion is. LOW: a guess, by nothing but a usual port or a maker. CERTAIN: it said so itself, in its own protocol. */
enum certainty { CERTAINTY_NONE, CERTAINTY_LOW, CERTAINTY_MEDIUM, CERTAINTY_HIGH, CERTAINTY_CERTAIN };
const char *certainty_name(enum certainty); /* "low" … */

struct definitions; /* compiled, never changed afterwards: may be used by several threads */

/* What a compilation says of a definition that it left out. Texts live as long as the definitions do. */
struct definition_fault {
	const char *id, *why;
};

/*
 * Compile. services: the texts of service definitions, each with its id; devices: likewise. One that can't be used is left out and becomes a
 * fault; a later service of the same id takes the place of an earlier one (a person's own of a built-in). 0, or -ENOMEM.
 */
struct definition_text {
	const char *id;
	const char *json;
	size_t length;
};
int definitions_compile(const struct definition_text *services, size_t service_count,
			const struct definition_text *devices, size_t device_count, struct definitions **out);
void definitions_free(struct definitions *);
size_t definitions_bytes(const struct definitions *); /* memory that they hold */
size_t definitions_faults(const struct definitions *, const struct definition_fault **out);

/* A service that was concluded. */
struct conclusion {
	const char *definition; /* its id; lives as long as the definitions */
	bool generic;
	enum certainty certainty;
	/*
	 * Where: the ports that its rule matched, all of one place where they are of one. None: the host as a whole. One port may be said by several
	 * conclusions (nginx in front of Grafana): `best` marks, for each port, the one that names it.
	 */
	struct conclusion_port {
		uint32_t place;
		uint16_t port_h;
		bool udp, best;
	} * port;
	size_t ports;
	const char *reasons; /* a JSON tree; docs/definitions.md, "Reasons" */
};

/* What a host is. Values are NULL where nothing is known, or where what is known disagrees. */
struct device {
	struct device_claim {
		const char *value;
		enum certainty certainty;
		const char *source;  /* the protocol of the evidence that decided: "lldp", "dhcp" … */
		const char *reasons; /* a JSON tree */
	} kind, vendor, model, os, os_version;
};

struct conclusions {
	struct conclusion *service;
	size_t services;
	struct device device;
};

/*
 * What the clues of one host say. Everything that is given back lives in the arena. Clues past RECOGNIZE_CLUES_MAX are not
 * looked at, and counted in *left_out (may be NULL). 0, or -ENOMEM.
 */
enum { RECOGNIZE_CLUES_MAX = 20000 };
int recognize(const struct definitions *, const struct clue *, size_t count, struct arena *,
	      struct conclusions *out, size_t *left_out);

/*
 * The same for one definition alone, whether it matched or not: the tree with what was met and what was not, for "test against my
 * network". NULL: no memory, or no such id.
 */
const char *recognize_explain(const struct definitions *, const char *id, const struct clue *, size_t count,
			      struct arena *, bool *matched);

/*
 * The clues in one fact (a JSON object of docs/facts.md) about a host, appended to out[] (room for at most max); used by the collector for
 * evidence rows and by `netvisor-collector explain` for lines. Returns how many; texts live in the arena. What the fact's keys can't say (vendor of
 * a MAC, subnet type, containers, applications) the caller adds.
 */
struct json;
size_t recognize_clues(const struct json *fact, uint32_t place, const char *evidence, struct arena *,
		       struct clue *out, size_t max);

#endif
