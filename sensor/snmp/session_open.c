// SPDX-License-Identifier: BSD-2-Clause
/*
 * net-snmp, and only here. The library reads no configuration, no MIB file and keeps no state on disk; it logs nothing, as it would
 * log what strangers send. A socket is connected to its device, so that nobody else can answer, and a closed port is known at once.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/library/scapi.h>

#include "sensor/snmp/session_inside.h"

enum {
	MESSAGE_BYTES_MAX = 65507, /* of UDP over IPv4 */
};

static pthread_mutex_t library_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t library_owner;
static unsigned int library_users;

/* Errors of the library are the caller's to tell; the library's own words may hold what strangers sent. */
static void library_begin(void)
{
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_LOAD_HOST_FILES, 1);
	/* Where nothing is, and nothing can be made: it would make a directory for certificates otherwise. */
	set_persistent_directory("/proc/nonexistent");
	set_configuration_directory("/proc/nonexistent");
	netsnmp_set_mib_directory("/proc/nonexistent");
	netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG);
	init_snmp("netvisor");
}

int agent_library_open(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	bool mine;

	pthread_mutex_lock(&library_lock);
	mine = !library_users || pthread_equal(library_owner, pthread_self());
	if (mine) {
		library_owner = pthread_self();
		library_users++;
	}
	pthread_mutex_unlock(&library_lock);
	if (!mine)
		return -EBUSY;
	pthread_once(&once, library_begin);
	return 0;
}

void agent_library_close(void)
{
	pthread_mutex_lock(&library_lock);
	library_users--;
	pthread_mutex_unlock(&library_lock);
}

static oid *auth_oid(enum snmp_auth auth, size_t *length)
{
	static const int types[] = {NETSNMP_USMAUTH_NOAUTH,	   NETSNMP_USMAUTH_HMACMD5,
				    NETSNMP_USMAUTH_HMACSHA1,	   NETSNMP_USMAUTH_HMAC128SHA224,
				    NETSNMP_USMAUTH_HMAC192SHA256, NETSNMP_USMAUTH_HMAC256SHA384,
				    NETSNMP_USMAUTH_HMAC384SHA512};

	return sc_get_auth_oid(types[auth], length);
}

static oid *priv_oid(enum snmp_priv priv, size_t *length)
{
	static const int types[] = {USM_CREATE_USER_PRIV_NONE, USM_CREATE_USER_PRIV_DES,
				    USM_CREATE_USER_PRIV_AES, USM_CREATE_USER_PRIV_AES192,
				    USM_CREATE_USER_PRIV_AES256};

	return sc_get_priv_oid(types[priv], length);
}

static bool hash(const oid *type, size_t type_length, const char *passphrase, uint8_t *out, size_t *length)
{
	return generate_Ku(type, (u_int)type_length, (const u_char *)passphrase, strlen(passphrase), out,
			   length) == SNMPERR_SUCCESS;
}

int agent_keys_make(const struct snmp_credential *credential, struct agent_keys **out)
{
	struct agent_keys *keys = calloc(1, sizeof(*keys));
	size_t length = 0;
	oid *type;

	if (!keys)
		return -ENOMEM;
	keys->credential = *credential;
	if (credential->version == SNMP_V3 && credential->auth != SNMP_AUTH_NONE) {
		type = auth_oid(credential->auth, &length);
		keys->auth_length = sizeof(keys->auth_key);
		keys->priv_length = sizeof(keys->priv_key);
		if (!type ||
		    !hash(type, length, credential->auth_passphrase, keys->auth_key, &keys->auth_length) ||
		    (credential->priv != SNMP_PRIV_NONE &&
		     (!priv_oid(credential->priv, &(size_t){0}) ||
		      !hash(type, length, credential->priv_passphrase, keys->priv_key, &keys->priv_length)))) {
			agent_keys_free(keys);
			return -ENOTSUP;
		}
	}
	*out = keys;
	return 0;
}

void agent_keys_free(struct agent_keys *keys)
{
	if (!keys)
		return;
	explicit_bzero(keys, sizeof(*keys));
	free(keys);
}

/* What the library holds of this session's engine: its user with the keys, and its clock. */
static void forget_user(struct agent *s)
{
	struct usmUser *user;

	if (!s->has_user)
		return;
	user = usm_get_user(s->engine, s->engine_length, s->options.keys->credential.user);
	if (user) {
		usm_remove_user(user);
		user->next = user->prev = NULL;
		usm_free_user(user);
	}
	free_enginetime(s->engine, s->engine_length);
	s->has_user = false;
}

void agent_handle_close(struct agent *s)
{
	struct snmp_session *inner;

	if (!s->handle)
		return;
	inner = snmp_sess_session(s->handle);
	explicit_bzero(inner->securityAuthKey, sizeof(inner->securityAuthKey));
	explicit_bzero(inner->securityPrivKey, sizeof(inner->securityPrivKey));
	snmp_sess_close(s->handle);
	s->handle = NULL;
}

int agent_socket(const struct agent *s)
{
	return snmp_sess_transport(s->handle)->sock;
}

/* Its socket hears this device alone. */
static int tie_socket(const struct agent *s)
{
	const struct agent_options *o = &s->options;
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = o->context};
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(o->port_h)};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(o->port_h)};
	int fd = agent_socket(s), failed;

	memcpy(&in.sin_addr, o->ip.bytes, sizeof(in.sin_addr));
	memcpy(&in6.sin6_addr, o->ip.bytes, sizeof(in6.sin6_addr));
	if (o->interface &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, o->interface, (socklen_t)strlen(o->interface)))
		return -errno;
	failed = o->ip.version == 4 ? connect(fd, (struct sockaddr *)&in, sizeof(in))
				    : connect(fd, (struct sockaddr *)&in6, sizeof(in6));
	if (failed || epoll_ctl(o->epoll_fd, EPOLL_CTL_ADD, fd, &event))
		return -errno;
	return 0;
}

static void take_v3(const struct agent *s, struct snmp_session *in)
{
	const struct agent_keys *keys = s->options.keys;
	const struct snmp_credential *c = &keys->credential;

	in->version = SNMP_VERSION_3;
	in->securityModel = SNMP_SEC_MODEL_USM;
	if (!s->engine_length) {
		in->securityName = (char *)"";
		in->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
		return;
	}
	in->securityEngineID = (u_char *)s->engine;
	in->securityEngineIDLen = s->engine_length;
	in->securityName = (char *)c->user;
	in->securityNameLen = strlen(c->user);
	in->contextName = (char *)c->context;
	in->contextNameLen = strlen(c->context);
	in->securityLevel = c->auth == SNMP_AUTH_NONE	? SNMP_SEC_LEVEL_NOAUTH
			    : c->priv == SNMP_PRIV_NONE ? SNMP_SEC_LEVEL_AUTHNOPRIV
							: SNMP_SEC_LEVEL_AUTHPRIV;
	in->securityAuthProto = auth_oid(c->auth, &in->securityAuthProtoLen);
	memcpy(in->securityAuthKey, keys->auth_key, keys->auth_length);
	in->securityAuthKeyLen = keys->auth_length;
	in->securityPrivProto = priv_oid(c->priv, &in->securityPrivProtoLen);
	if (c->priv != SNMP_PRIV_NONE) {
		memcpy(in->securityPrivKey, keys->priv_key, keys->priv_length);
		in->securityPrivKeyLen = keys->priv_length;
	}
}

int agent_handle_open(struct agent *s)
{
	const struct agent_options *o = &s->options;
	const struct snmp_credential *c = &o->keys->credential;
	char address[ADDR_TEXT_MAX], peer[2 * ADDR_TEXT_MAX];
	struct snmp_session in;
	int error;

	snprintf(peer, sizeof(peer), o->ip.version == 4 ? "udp:%s:%u" : "udp6:[%s]:%u",
		 ip_text(&o->ip, address), o->port_h);
	snmp_sess_init(&in);
	in.flags |= SNMP_FLAGS_DONT_PROBE;
	in.peername = peer;
	in.timeout = (long)o->timeout_ms * 1000;
	in.retries = SENDS_MAX - 1;
	in.rcvMsgMaxSize = MESSAGE_BYTES_MAX;
	if (c->version == SNMP_V3) {
		take_v3(s, &in);
	} else {
		in.version = c->version == SNMP_V1 ? SNMP_VERSION_1 : SNMP_VERSION_2c;
		in.community = (u_char *)c->community;
		in.community_len = strlen(c->community);
	}
	s->handle = snmp_sess_open(&in);
	explicit_bzero(&in, sizeof(in));
	if (!s->handle)
		return -EIO;
	/* The library's search for an engine waits for its answer: ours does not. Opening clears the flag. */
	snmp_sess_session(s->handle)->flags |= SNMP_FLAGS_DONT_PROBE;
	if (s->engine_length && usm_create_user_from_session(snmp_sess_session(s->handle)) != SNMPERR_SUCCESS)
		return -EIO;
	s->has_user = s->engine_length > 0;
	error = tie_socket(s);
	return error;
}

int agent_open(const struct agent_options *options, struct agent **out)
{
	struct agent *s = calloc(1, sizeof(*s));
	int error;

	if (!s)
		return -ENOMEM;
	s->options = *options;
	if (options->interface) {
		snprintf(s->interface, sizeof(s->interface), "%s", options->interface);
		s->options.interface = s->interface;
	}
	error = agent_handle_open(s);
	if (error) {
		agent_close(s);
		return error;
	}
	*out = s;
	return 0;
}

void agent_close(struct agent *s)
{
	if (!s)
		return;
	s->awaited = false;
	agent_handle_close(s);
	forget_user(s);
	agent_leave_engine(s);
	free(s);
}
