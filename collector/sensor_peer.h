/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between sensor.c, which has the connections, sensor_row.c, which writes sensors' rows, sensor_work.c, which has them do
 * their sessions, and sensor_command.c. Not for others.
 */
#ifndef COLLECTOR_SENSOR_PEER_H
#define COLLECTOR_SENSOR_PEER_H

#include "collector/secret.h"
#include "collector/sensor.h"
#include "collector/stream.h"
#include "collector/ws.h"

/* A command that waits for its result; one at a time. */
struct sensor_command {
	char id[ID_TEXT_MAX];
	int64_t until_ms;
	void (*done)(void *arg, enum command_end, const char *error, const char *data); /* NULL: none waits */
	void *arg;
};

enum work_step { WORK_LOOK, WORK_HEARD, WORK_DONE };

/* The session that the sensor is asked to do, and what of it is to be written. */
struct sensor_work {
	char session[ID_TEXT_MAX]; /* "" for none */
	const char *phase;	   /* what it last said of it */
	int percent;
	char *detail, *place; /* as JSON; where it would go on; NULL when it said none */
	bool look;	      /* ask the database for work */
	bool heard;	      /* phase and percent are to be written */
	bool over;	      /* its end is to be written */
	bool cancelling;      /* it was told to stop; it is let go of then, or at until_ms */
	bool busy;	      /* step is under way in the database */
	enum work_step step;
	int64_t written_ms, until_ms;
	char *error, *data; /* of its end; error NULL when all went well */
};

struct sensor_peer {
	struct sensors *all;
	struct ws *ws; /* NULL: the connection is gone */
	struct sensor_peer *next;
	uint8_t hash[SECRET_HASH_BYTES];
	char id[ID_TEXT_MAX], network_id[ID_TEXT_MAX], name[128];
	char outbox[STREAM_OUTBOX_DIGITS + 1];
	int64_t connection, newest; /* its number; the highest that was heard of, of this sensor */
	bool greeted, greeting;	    /* hello has come; it is being written */
	bool welcomed, failed, leaving, updating;
	bool heard;	      /* something, since its row was written */
	bool is_private;      /* nobody on the way reads what is said: TLS, or this machine */
	uint64_t batch, last; /* committed before this connection; the last that came on it */
	size_t batches;	      /* on their way */
	char *hello, *status; /* what is to be written of it, as JSON */
	int64_t opened_ms, updated_ms;
	struct sensor_command command;
	struct sensor_work work;
};

struct command_wait;
struct db_session;

struct sensors {
	struct app *app;
	struct ws_service service;
	struct sensor_peer *peers;
	struct command_wait *waits; /* commands that another collector carries out */
	struct loop_timer *tick;
	struct sensor_counters counters;
	bool closing;
};

/* sensor.c */

/* Say what is wrong, and close. */
void peer_fail(struct sensor_peer *, enum stream_code, const char *message);
/* When nothing of it is on its way any more. */
void peer_free(struct sensor_peer *);
/* A connection of a higher number is there: this one goes. */
void peer_replaced(struct sensor_peer *);
/* Connected, welcomed, and nothing is wrong. */
bool peer_serves(const struct sensor_peer *);

/* sensor_row.c */

/* Send; takes and frees the text. */
void peer_say(struct sensor_peer *, struct buffer *json);
/* Write what is due. 0, also when something is being written; -errno when it can't be. */
int peer_update(struct sensor_peer *);
/* Its connection is gone: write that, once, after what is being written. True when that has begun. */
bool peer_leave(struct sensor_peer *);

/* sensor_work.c */

/* There may be work for it, or what it does may be wanted no more. */
void work_look(struct sensor_peer *);
/* Do what is due. */
void work_tick(struct sensor_peer *, int64_t now_ms);
void work_progress(struct sensor_peer *, const struct stream_message *);
/* False when the result is of something else. */
bool work_result(struct sensor_peer *, const struct stream_message *);
/* Add what is not written yet; for the last transaction of a connection. */
void work_add_end(struct sensor_peer *, struct db_session *);
void work_clear(struct sensor_peer *);

/* sensor_ask.c */

/*
 * Ask for a session. type: what it does, as JSON; place: where it was when its sensor was lost, or NULL; credentials: sealed, as a
 * JSON array. NULL, or, with nothing asked, why not, to be freed: what happened and what to do.
 */
char *work_ask(struct sensor_peer *, const char *type, const char *place, const char *credentials);

/* sensor_command.c */

/* Send a command of this id; arguments as a JSON object. */
void command_say(struct sensor_peer *, const char *id, const char *name, const char *arguments);
/* Begin a command at a sensor that is connected here. False when it is busy. */
bool command_begin(struct sensor_peer *, const char *name,
		   void (*done)(void *arg, enum command_end, const char *error, const char *data), void *arg);
/* End the command that waits, if one does. */
void command_end(struct sensor_peer *, enum command_end, const char *error, const char *data);
/* One that was asked for at another collector: carry it out, and write its answer. */
void command_carry_out(struct sensor_peer *, const char *id, const char *name);
/* The answer to a command of another collector is there. */
void command_answered(struct sensors *, const char *id);
void commands_tick(struct sensors *, int64_t now_ms);
void commands_close(struct sensors *);

#endif
