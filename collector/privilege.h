/* SPDX-License-Identifier: BSD-2-Clause */
/* Root is given up before anything else is done. */
#ifndef COLLECTOR_PRIVILEGE_H
#define COLLECTOR_PRIVILEGE_H

/* The ids of a user's name. 0, or -ENOENT after saying that there is no such user. */
int privilege_find(const char *user, int *uid, int *gid);
/* Become that user, for good. 0, or -errno after saying what is wrong. */
int privilege_drop(const char *user, int uid, int gid);
/* As many descriptors as the system allows. */
void privilege_raise_descriptors(void);

#endif
