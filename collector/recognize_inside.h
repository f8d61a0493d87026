/* SPDX-License-Identifier: BSD-2-Clause */
/* Between recognize_work.c, which goes from network to network, and recognize_part.c, which does one part of one. Not for others. */
#ifndef COLLECTOR_RECOGNIZE_INSIDE_H
#define COLLECTOR_RECOGNIZE_INSIDE_H

#include "collector/app.h"
#include "collector/recognize_subject.h"
#include "collector/recognize_work.h"
#include "collector/rulebook.h"

enum {
	RECOGNIZE_SOON_MS = 60,	     /* after a word that something is new: more of it may follow at once */
	RECOGNIZE_REFUSED_MS = 3000, /* after a failure */
};

struct place {
	char id[ID_TEXT_MAX], organization[ID_TEXT_MAX];
	int64_t version;
	char rules[RULES_HASH_MAX]; /* as the database has them */
	char begun[RULES_HASH_MAX]; /* told by this collector */
	int64_t after;		    /* of the slow rows; those before it are in others' hands */
	bool due, seen;
	struct place *next;
};

struct recognizer {
	struct app *app;
	struct worker *worker;
	struct rulebook *book;
	struct loop_timer *timer;
	struct place *places, *at; /* at: whose turn it is */
	bool busy, again;
	bool worked, waits; /* in this round: something was taken; something was due */
	int64_t files_ms, part_ms, begun_ms, begun_us;
	int part; /* rows */
	/* One part; the thread's too, until on_concluded(). */
	struct ruleset *rules;
	struct db_session *session;
	struct subjects subjects;
	struct arena made; /* what the thread makes */
	bool failed;
	struct buffer hosts, due;
	struct recognizer_counters counters;
};

/* The round is over, or broken off: look again in so many milliseconds, or sooner when there was a word meanwhile. */
void recognize_rest(struct recognizer *, int64_t ms);
/* Go on with r->at. */
void recognize_next(struct recognizer *);
/* Let go of what a part holds. */
void recognize_part_end(struct recognizer *);
/* What a round's own statement met. Ends the session, and rests. */
void recognize_refused(struct recognizer *, struct db_session *, const struct db_reply *);
/* For db_begin(): one part of r->at by r->rules; afterwards it goes on by itself. */
void recognize_part(void *recognizer, struct db_session *);

#endif
