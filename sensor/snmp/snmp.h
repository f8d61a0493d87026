/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a device tells by SNMP (v1 RFC 1157, v2c RFC 3416, v3 with USM RFC 3414): the system, its interfaces and addresses, its ARP
 * table, what its bridge has learned at which port, and its neighbours by LLDP and CDP. Nothing is ever set.
 *
 * One request at a time goes to a device, and a few devices are asked at once. A device costs a bounded number of requests, rows and
 * seconds, whatever it answers. Only whoever was added is spoken to, at 161/udp or the port given.
 *
 * No thread: the caller waits for snmp_asker_fd() or until *next_us, and calls snmp_asker_step().
 */
#ifndef SENSOR_SNMP_SNMP_H
#define SENSOR_SNMP_SNMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/addr.h"
#include "defs/facts.h"

enum {
	SNMP_TEXT_MAX = 256, /* bytes of a community, user or passphrase, with the terminating zero */
	SNMP_NAME_MAX = 64,
	SNMP_PASSPHRASE_MIN = 8, /* RFC 3414, 11.2 */
	SNMP_CREDENTIALS_MAX = 32,
	SNMP_PORT_DEFAULT = 161,
	SNMP_AT_ONCE_DEFAULT = 16,
	SNMP_TIMEOUT_MS_DEFAULT = 1000,
	SNMP_DEVICE_SECONDS_DEFAULT = 60,
	SNMP_RATE_DEFAULT = 200,
};

enum snmp_version { SNMP_V1, SNMP_V2C, SNMP_V3 };
enum snmp_auth {
	SNMP_AUTH_NONE,
	SNMP_AUTH_MD5,
	SNMP_AUTH_SHA1,
	SNMP_AUTH_SHA224,
	SNMP_AUTH_SHA256,
	SNMP_AUTH_SHA384,
	SNMP_AUTH_SHA512
};
enum snmp_priv { SNMP_PRIV_NONE, SNMP_PRIV_DES, SNMP_PRIV_AES128, SNMP_PRIV_AES192, SNMP_PRIV_AES256 };

/* Secrets: never logged, never in a fact. Whoever holds one clears it when it is over. */
struct snmp_credential {
	enum snmp_version version;
	char name[SNMP_NAME_MAX];      /* what a person calls it: may be said; "" none */
	char community[SNMP_TEXT_MAX]; /* v1, v2c */
	char user[SNMP_TEXT_MAX];      /* v3, and all below */
	enum snmp_auth auth;	       /* NONE: then priv is NONE too */
	char auth_passphrase[SNMP_TEXT_MAX];
	enum snmp_priv priv;
	char priv_passphrase[SNMP_TEXT_MAX];
	char context[SNMP_NAME_MAX]; /* "" the default one */
};

struct snmp_asker; /* net-snmp has snmp_open() and its like for itself */

struct snmp_options {
	const struct snmp_credential *credentials; /* copied; tried in this order until one is answered */
	size_t credential_count;
	uint32_t at_once_max;	 /* devices; 0: SNMP_AT_ONCE_DEFAULT */
	uint32_t timeout_ms;	 /* for one request, sent twice at most; 0: SNMP_TIMEOUT_MS_DEFAULT */
	uint32_t device_seconds; /* for all of one device; 0: SNMP_DEVICE_SECONDS_DEFAULT */
	uint32_t rate;		 /* requests a second in all; 0: SNMP_RATE_DEFAULT */
	const char *interface;	 /* sockets are bound to it; NULL: as routed */
	/* A fact is found (source `snmp`; the service 161/udp `probe`). Its texts live until the call returns. */
	void (*say)(void *context, const struct fact *fact);
	/* A device is finished. credential: index of the one that it answered, -1: it answered none. */
	void (*done)(void *context, const struct ip *ip, int credential);
	void *context;
};

struct snmp_target {
	struct ip ip;
	uint16_t port_h;       /* 0: SNMP_PORT_DEFAULT */
	bool has_mac;	       /* the caller knows whose address it is */
	struct mac mac;	       /* goes into the facts */
	struct vlan_tags vlan; /* goes into the facts */
};

struct snmp_counters {
	uint64_t waiting, running, done; /* devices */
	uint64_t answered;		 /* devices that told something */
	uint64_t requests, timeouts;
	uint64_t refused;	 /* answers that were errors: unknown user, wrong digest, authorization */
	uint64_t not_increasing; /* tables left because the agent went in circles */
	uint64_t cut;	    /* tables or devices that had more than their limit of rows, requests or seconds */
	uint64_t malformed; /* values of another type or size than their MIB says; left out */
};

/*
 * Names of the API and of files: "v1" "v2c" "v3"; "none" "md5" "sha1" "sha224" "sha256" "sha384" "sha512"; "none" "des" "aes128"
 * "aes192" "aes256". 0, or -EINVAL with *out untouched.
 */
int snmp_version_parse(const char *text, enum snmp_version *out);
int snmp_auth_parse(const char *text, enum snmp_auth *out);
int snmp_priv_parse(const char *text, enum snmp_priv *out);
/* Whether it can be used; NULL, or what is wrong with it in plain words without the secret. */
const char *snmp_credential_fault(const struct snmp_credential *);
/*
 * Read a file of credentials, one a line: `v1 COMMUNITY`, `v2c COMMUNITY`, or `v3 USER [AUTH PASSPHRASE [PRIV PASSPHRASE]]`. Words are
 * parted by blanks; "..." around those that hold blanks; # begins a comment. 0 with *count (at most max), or -errno after one log line
 * that names the line but nothing that stands in it. -EPERM: others than its owner may read the file.
 */
int snmp_credentials_read(const char *path, struct snmp_credential *out, size_t max, size_t *count);

/* 0 with *out, or -errno after one log line. Opens no socket yet: each device has its own while it is asked. */
int snmp_asker_open(const struct snmp_options *options, struct snmp_asker **out);
/* Copies. 0; -EAGAIN: the queue is full, step and try again; -EPERM: not a host's address (multicast, broadcast, unspecified). */
int snmp_asker_add(struct snmp_asker *, const struct snmp_target *target);
int snmp_asker_fd(const struct snmp_asker *);
/* Do what is due. 1 while something waits or runs, with *next_us; 0 idle; -errno. now_us: CLOCK_MONOTONIC. */
int snmp_asker_step(struct snmp_asker *, int64_t now_us, int64_t *next_us);
/* No further request from this call on; devices that are not finished are let go of, their done() is called. */
void snmp_asker_stop(struct snmp_asker *);
void snmp_asker_count(const struct snmp_asker *, struct snmp_counters *out);
/* NULL is allowed. Secrets are cleared. */
void snmp_asker_close(struct snmp_asker *);

#endif
