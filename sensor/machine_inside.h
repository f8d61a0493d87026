/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the files that make a machine's report, and for nobody else. */
#ifndef SENSOR_MACHINE_INSIDE_H
#define SENSOR_MACHINE_INSIDE_H

#include <linux/rtnetlink.h>
#include <stddef.h>

struct machine;

/* One dump of rtnetlink of a family (AF_UNSPEC: all); take is called with each message of it. 0 or -errno. */
int machine_dump(int fd, unsigned short type, unsigned char family,
		 void (*take)(const struct nlmsghdr *, struct machine *), struct machine *m);
/* What follows the head of a message of this type, when there is as much; else NULL. */
const void *machine_body(const struct nlmsghdr *head, unsigned short type, size_t size);
/* An attribute of this type with at least so many bytes, or NULL. */
const struct rtattr *machine_find(const struct rtattr *at, size_t length, unsigned short type, size_t least);

/* Where frames to elsewhere go, and who tells names: gateways with their MACs, resolvers. */
int machine_read_ways(int fd, struct machine *m);

#endif
