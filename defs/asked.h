/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the definitions of services (defs/services/) ask a network for: the ports that an active discovery tries unless told
 * otherwise, and the pages that are fetched from web servers. The tables are made by defs/asked.awk.
 *
 * Print ports and those of industrial protocols are among the ports: whoever asks takes them out (sensor/probe/never.h).
 */
#ifndef DEFS_ASKED_H
#define DEFS_ASKED_H

#include <stddef.h>
#include <stdint.h>

/* Host order, ascending, each once. */
extern const uint16_t asked_tcp_ports[], asked_udp_ports[];
extern const size_t asked_tcp_port_count, asked_udp_port_count;

/* Pages in the order of their port: asked_path_texts[i] is asked for on asked_path_ports[i], 0 for any. Without "/", which always is. */
extern const uint16_t asked_path_ports[];
extern const char *const asked_path_texts[];
extern const size_t asked_path_count;

/*
 * The paths for this port alone, each beginning with "/", none "/" alone; port 0: for every web server, beside those of its port.
 * *out is static; untouched when there are none. How many.
 */
size_t asked_paths(uint16_t port_h, const char *const **out);

#endif
