/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of TCP ports: the rows of all protocols but HTTP and TLS, and where each is usual. */
#ifndef SENSOR_ASK_TCP_H
#define SENSOR_ASK_TCP_H

#include "sensor/ask/dialogue.h"

/* The rows of one file each; their number in *count. */
const struct dialogue *tcp_hello_rows(size_t *count);	 /* servers that speak first */
const struct dialogue *tcp_text_rows(size_t *count);	 /* lines of text */
const struct dialogue *tcp_database_rows(size_t *count); /* databases */
const struct dialogue *tcp_windows_rows(size_t *count);	 /* SMB, RDP, LDAP, RPC … */
const struct dialogue *tcp_message_rows(size_t *count);	 /* queues, media, tunnels */
const struct dialogue *tcp_kerberos_rows(size_t *count);
const struct dialogue *tcp_backup_rows(size_t *count);

/* All rows one after another, NULL behind the last. */
const struct dialogue *tcp_row(size_t index);
/* The protocol in which the client speaks first that is usual at this port, or NULL. tls: at this port inside TLS. */
const struct dialogue *tcp_usual(uint16_t port_h, bool tls);
/* The port is usual for HTTP, or some definition asks for a path there; for TLS. */
bool tcp_usual_http(uint16_t port_h);
bool tcp_usual_tls(uint16_t port_h);

/*
 * Whose answer is that? Those that speak first are asked, and with loose those that answer anything in their own way. Returns
 * the row that says DONE (its facts are said) in *out, or MORE when a row would read on, or FOREIGN.
 */
enum dialogue_verdict tcp_recognise(const struct dialogue_context *, bool loose, const uint8_t *bytes,
				    size_t length, bool ended, const struct say *, const struct dialogue **out);

/* The protocol's name when it goes through TLS: "https", "imaps" …; "tls" for those that have none. */
const char *tcp_name(const char *name, bool tls);

#endif
