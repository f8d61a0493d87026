/* SPDX-License-Identifier: BSD-2-Clause */
/* Between live.c, which has the viewers, and live_feed.c, which reads networks' logs. Not for others. */
#ifndef COLLECTOR_LIVE_VIEWER_H
#define COLLECTOR_LIVE_VIEWER_H

#include <stdbool.h>

#include "collector/app.h"
#include "collector/auth.h"
#include "collector/buffer.h"
#include "collector/db.h"
#include "collector/entity.h"
#include "collector/live.h"
#include "collector/ws.h"

enum {
	LIVE_CHANGES_MAX = 1000, /* entries read and sent at a time */
};

/* What is to be done next for a viewer. */
enum viewer_state {
	VIEWER_IDLE,	  /* it has not subscribed */
	VIEWER_SUBSCRIBE, /* find the network */
	VIEWER_SNAPSHOT,  /* send pages */
	VIEWER_CATCH_UP,  /* send entries that the network's feed has passed */
	VIEWER_FOLLOW,	  /* the feed sends */
};

struct viewer {
	struct live *live;
	struct ws *ws; /* NULL: gone */
	struct viewer *next;
	uint8_t session_hash[SECRET_HASH_BYTES];
	char user_id[ID_TEXT_MAX];
	char wanted[ID_TEXT_MAX]; /* network that was asked for, "" for the first */
	int64_t after;		  /* seq that it has, -1 for none */
	unsigned int generation;  /* of its subscription */
	unsigned int asked;	  /* generation of what is under way */
	enum viewer_state state;
	bool busy; /* the database is asked for it */
	struct feed *feed;
	int64_t seq; /* sent so far */
	struct {
		char last_id[ID_TEXT_MAX];
		bool whole;
	} pages[ENTITY_COUNT];
};

/* One for each network that is watched. */
struct feed {
	struct live *live;
	char network_id[ID_TEXT_MAX];
	int64_t seq; /* read so far */
	size_t viewers;
	bool dirty, busy;
	int64_t next_ms; /* not read before this */
	struct loop_timer *timer;
	struct feed *next;
};

struct live {
	struct app *app;
	struct ws_service service;
	struct viewer *viewers;
	struct feed *feeds;
	struct live_counters counters;
};

/* The network's feed, made at this seq when there is none; NULL without memory. Its viewers are counted. */
struct feed *feed_join(struct live *, const char *network_id, int64_t seq);
void feed_leave(struct feed *);
/* Read what is new, and send it to those who follow. */
void feed_read(struct feed *);
/* Add the statements that read entries after a seq; the reply's columns are those of live_changes. */
void feed_ask(struct db_session *, const char *network_id, int64_t seq);
enum { FEED_REPLY = 2 };
/* The message that holds a reply's entries; NULL without memory. */
struct ws_buffer *feed_message(const struct db_reply *);

/* live.c: go on with a viewer. */
void viewer_advance(struct viewer *);

#endif
