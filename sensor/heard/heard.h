/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the first bytes of a TCP connection say, both directions together: one row a protocol, pure. Bytes in, facts out, all or nothing.
 *
 * A server that answers in a protocol speaks it, whatever its port; what a client asks for says something of the client. Whoever hears only
 * half of it, or comes in the middle, claims no more than that half proves.
 */
#ifndef SENSOR_HEARD_HEARD_H
#define SENSOR_HEARD_HEARD_H

#include "sensor/ask/dialogue.h"
#include "sensor/decode/decode.h"

/* What one end has sent so far, from its first byte on, without gaps. */
struct heard_end {
	const uint8_t *bytes;
	size_t length;
	bool ended; /* no more of it will be seen */
};

/* What the bytes stand in. */
enum heard_inside {
	HEARD_OUTSIDE,	     /* nothing: they are the connection's own */
	HEARD_AFTER_UPGRADE, /* the same two ends said before that they would go on so (STARTTLS) */
	HEARD_THROUGH_PROXY, /* the server hands them on to another (CONNECT, SOCKS): they are not about itself */
};

struct heard {
	struct decode_context ctx; /* time and VLAN; the rest is not set */
	struct ip client, server;
	uint16_t port_h;	     /* the server's */
	struct heard_end asks, says; /* the client's bytes, the server's */
	bool udp;		     /* and no TCP */
	bool whole; /* the connection was seen to begin, so these are its first bytes; otherwise the ends may be taken for each other */
	bool server_first; /* the server spoke before the client did */
	enum heard_inside inside;
};

enum heard_verdict {
	HEARD_FOREIGN, /* another protocol; it will not be asked again */
	HEARD_MORE,    /* may be: to be asked again when there is more */
	HEARD_DONE,    /* this one, and its facts are in the list */
};

typedef enum heard_verdict heard_function(const struct heard *, struct fact_list *out);

enum heard_outcome {
	HEARD_UNDECIDED, /* to be run again with more bytes */
	HEARD_DECIDED,	 /* one of the rows is done, and what it says is in the list */
	HEARD_NOBODYS,	 /* both ends have ended, and the list has what can be said then, if anything */
};

/* What a later hello in this connection stands in, by what was heard of it. */
enum heard_inside heard_next(const struct heard *, const struct fact_list *said);
/* One of the facts is HTTP's. */
bool heard_is_web(const struct fact_list *said);

/* Ask all rows that have not said FOREIGN yet (a bit each in *foreign, zero at first). */
enum heard_outcome heard_run(const struct heard *, uint64_t *foreign, struct fact_list *out);

/* The bytes are how a client begins: a request of HTTP, or TLS's first message. */
bool heard_asks(const uint8_t *bytes, size_t length);
/* The bytes begin with TLS's first message: with enough of it to tell. */
bool heard_tls_begins(const uint8_t *bytes, size_t length);

/* ---- what one end says by itself (alone.c) ---- */

/* Bytes of one end that begin with a segment, wherever in the connection they stand. */
struct heard_stretch {
	struct decode_context ctx; /* as in struct heard */
	struct ip from, to;
	uint16_t from_port_h, to_port_h;
	const uint8_t *bytes;
	size_t length;
	bool first; /* nothing of this end was seen before */
	bool told;  /* the first head has been told already: only those behind it are */
	enum heard_inside inside;
};

/* Whether it is worth it. web: HTTP may come here. */
bool heard_head_begins(const struct heard_stretch *, bool web);

/*
 * Heads of HTTP, one after another as far as their lengths tell; the hello of a client of TLS; the line of SSH. They say what
 * their sender is, and prove no service. The facts are added to the list. Returns the bytes that are known to be used up, 0: nothing known.
 */
size_t heard_alone(const struct heard_stretch *, struct fact_list *out);

/* ---- for the rows ---- */

/* Whether bytes are of a protocol. MAYBE: there are too few of them yet. */
enum heard_fit { HEARD_NO, HEARD_MAYBE, HEARD_YES };

/*
 * A protocol, in one of two forms. hear: all by itself. Otherwise it is spoken where the client's first bytes fit and then the server's; both
 * are asked with at least one byte there. says NULL: the answer is for the row of sensor/ask/ that has this name, which tells what it says, too.
 * tell, if any, says more than the service.
 */
struct heard_row {
	const char *name;
	heard_function *hear;
	enum heard_fit (*asks)(const struct heard *);
	enum heard_fit (*says)(const struct heard *);
	void (*tell)(const struct heard *, struct fact_list *out);
};

/* Of one file each; their number in *count. */
const struct heard_row *heard_text_rows(size_t *count);	    /* lines of text */
const struct heard_row *heard_database_rows(size_t *count); /* databases and queues */
const struct heard_row *heard_windows_rows(size_t *count); /* files, directories, desktops, remote procedures */
const struct heard_row *heard_plant_rows(size_t *count);   /* controllers that say what they are */
const struct heard_row *heard_machine_rows(size_t *count); /* other controllers, tunnels, all others */
heard_function hear_http, hear_tls, hear_hello;

/* The bytes begin so; MAYBE while they could. */
enum heard_fit heard_begins(const struct heard_end *, const void *prefix, size_t length);
#define HEARD_BEGINS(end, literal) heard_begins(end, literal, sizeof(literal) - 1)
/* The server speaks this. */
void heard_service(const struct heard *, enum fact_source source, const char *name, struct fact_list *out);
/* A trait of the server's port, or of the client as a whole. Nothing for an empty value. */
void heard_trait(const struct heard *, enum fact_source source, enum fact_confidence confidence,
		 const char *key, struct text value, struct fact_list *out);
void heard_client_trait(const struct heard *, enum fact_source source, enum fact_confidence confidence,
			const char *key, struct text value, struct fact_list *out);

/* The line with which an end of SSH names its program (RFC 4253, 4.2); empty: none, or not whole. */
struct text heard_ssh_line(const struct heard_end *);

/* What the functions of sensor/ask/ say of answers, as heard: their facts go to the list, with this source. */
struct heard_say {
	struct dialogue_context context;
	struct say say;
	struct fact_list *out;
	enum fact_source source;
};
void heard_say_begin(struct heard_say *, const struct heard *, enum fact_source source, struct fact_list *out);

#endif
