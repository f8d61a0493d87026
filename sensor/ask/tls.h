/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TLS as a client that wants to know, not to trust: any version, any certificate. Bytes in, bytes out, no sockets; what a
 * stranger sends costs a bounded amount.
 */
#ifndef SENSOR_ASK_TLS_H
#define SENSOR_ASK_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "sensor/ask/dialogue.h"

enum {
	TLS_HANDSHAKE_BYTES_MAX = 32768, /* received before the handshake is done; more ends it */
};

struct tls_client; /* what all sessions share */
struct tls;	   /* one session */

/* 0 with *out, or -errno. */
int tls_client_open(struct tls_client **out);
void tls_client_close(struct tls_client *);

/* name: for SNI when it is a name; "" none. http: offer ALPN http/1.1. 0 with *out, or -ENOMEM. */
int tls_open(struct tls_client *, const char *name, bool http, struct tls **out);
void tls_close(struct tls *);

/* Take what came, all of it. 0, or -EBADMSG: broken, or too much; no more than tls_spoken() is of use then. */
int tls_take(struct tls *, const uint8_t *bytes, size_t length);
/* Go on with the handshake. 1: it is up; 0: more must be sent (tls_out()) or taken; -EBADMSG: it failed. */
int tls_step(struct tls *);
/* What is to be sent: returns how many bytes were put into out. */
size_t tls_out(struct tls *, uint8_t *out, size_t size);
/* Once it is up: encrypt (at most 16 KiB a call); 0 or -EBADMSG. */
int tls_write(struct tls *, const uint8_t *bytes, size_t length);
/* Decrypted bytes: how many, 0 none yet, -EPIPE: the server ended it, -EBADMSG. */
ssize_t tls_read(struct tls *, uint8_t *out, size_t size);

/* A TLS record came, if only an alert: the port speaks TLS. */
bool tls_spoken(const struct tls *);
/* It is up and agreed to this protocol by ALPN; "" none. out: 32 bytes. */
void tls_alpn(const struct tls *, char out[static 32]);
/* tls.version, tls.alpn, tls.subject, tls.issuer, tls.not_after, tls.fingerprint, tls.san of the server's certificate. */
void tls_say(const struct tls *, const struct say *);

#endif
