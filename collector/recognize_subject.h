/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hosts on their way from rows to conclusions: what is known of each (recognize_read.c), what
 * that says (recognize_gather.c), what is concluded of it (recognize_subject.c), and
 * what of it is to be written (recognize_write.c). Reading and writing are the loop's; concluding is pure, for a thread.
 */
#ifndef COLLECTOR_RECOGNIZE_SUBJECT_H
#define COLLECTOR_RECOGNIZE_SUBJECT_H

#include "collector/arena.h"
#include "collector/db.h"
#include "collector/recognize/recognize.h"
#include "collector/secret.h"

enum {
	SUBJECT_EVIDENCE_MAX = 4000, /* rows of each MAC, and of each address, that are looked at */
	SUBJECT_REASONS_BYTES_MAX =
		512 * 1024, /* of one host's reasons; trees past this are left out, and said to be */
};

/* An address in a VLAN; its number, from 1, is the clues' place. */
struct subject_place {
	const char *ip, *vlan;
	const char *subnet_type; /* or NULL */
	struct subject_place *next;
	uint32_t number;
};

struct subject_card {
	const char *mac, *vendor;
	struct subject_card *next;
};

struct subject_evidence {
	const char *ip, *vlan, *id, *fact;
	size_t length; /* of fact */
};

/* A service row. Of one without a place on the wire, place and port_h are 0. */
struct subject_service {
	const char *id, *source, *definition, *certainty; /* as they are; NULL none */
	const char *image, *labels;			  /* of its container; labels a JSON object */
	uint32_t place;
	uint16_t port_h;
	bool udp, open, container, concluded; /* a container's own row; of the host as a whole */
	/* After concluding. */
	const char *is_definition;
	enum certainty is_certainty;
	bool decided; /* is_… counts */
	struct subject_service *next;
};

struct subject {
	const char *host_id, *due; /* due: ids of its rows in the queue, an array of PostgreSQL */
	bool there;		   /* the host is */
	bool gateway;
	const char *device; /* as it is, or NULL */
	bool has_hash;
	int64_t hash;
	struct subject_place *places;
	struct subject_card *cards;
	struct subject_service *services;
	struct subject_evidence *evidence;
	size_t evidence_count, evidence_room;
	const char **applications;
	size_t application_count, application_room;
	/* After concluding. */
	size_t clues_left_out;
	const char *reasons; /* what the API gives; NULL: nothing was concluded */
	int64_t is_hash;
	const char *is_device;	      /* JSON, or NULL */
	struct subject_service *made; /* services of the host as a whole that are new */
};

struct subjects {
	struct arena arena;
	struct subject *subject; /* in the order of host_id */
	size_t count;
	bool failed; /* no memory */
};

/* recognize_read.c. Statements to add for these hosts (an array of PostgreSQL), and which reply is which, from the first on. */
enum {
	SUBJECT_HOSTS,
	SUBJECT_FACES,
	SUBJECT_SERVICES,
	SUBJECT_EVIDENCE,
	SUBJECT_APPLICATIONS,
	SUBJECT_REPLIES
};
void subjects_ask(struct db_session *, const char *network_id, const char *hosts, bool applications);
/* Make the subjects of these hosts; ids are sorted and copied. */
void subjects_begin(struct subjects *, const char *const *host_ids, size_t count);
struct subject *subjects_find(const struct subjects *, const char *host_id);
/* Copy what the reply holds from its index `first` on. */
void subjects_load(struct subjects *, const struct db_reply *, size_t first, bool applications);
void subjects_free(struct subjects *);

/* recognize_gather.c */
/* The row of what is at a port; NULL: there is none. */
const struct subject_service *subject_service_at(const struct subject *, uint32_t place, uint16_t port_h,
						 bool udp);
/* The clues of a container. As below. */
size_t container_clues(const struct subject_service *, struct arena *, const struct clue **out);
/* Its clues, in the arena: *out (NULL: no memory), and how many. */
size_t subject_clues(struct subject *, struct arena *, const struct clue **out);

/* recognize_subject.c */
/* Conclude: fills what stands after "After concluding". false: no memory. make_id as in world.h. */
bool subject_conclude(struct subject *, const struct definitions *, struct arena *,
		      const char *(*make_id)(char out[static ID_TEXT_MAX]));
/* The certainty of a name, CERTAINTY_NONE for NULL. */
enum certainty certainty_of(const char *name);

/* recognize_write.c: add what has become another. Whether anything is added that browsers see. definitions: applications of clients follow. */
bool subjects_write(const struct subjects *, struct db_session *, const char *network_id, bool applications,
		    bool *failed);
/* Whether subjects_write() has anything to add. */
bool subjects_changed(const struct subjects *);

#endif
