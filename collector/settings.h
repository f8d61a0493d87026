/* SPDX-License-Identifier: BSD-2-Clause */
/* The collector's options: one table, from which the command line, environment, file, help and man page check come. */
#ifndef COLLECTOR_SETTINGS_H
#define COLLECTOR_SETTINGS_H

#include <stdbool.h>

#include "defs/options.h"

struct settings {
	long server_port;
	const char *bind_address;
	const char *database_url;
	const char *data_dir;
	const char *web_dir;
	const char *definitions;
	const char *user;
	const char *sensor_key_file;
	const char *secret_key_file;
	const char *public_url;
	const char *tls_certificate, *tls_key;
	bool use_secure_session_cookies;
	bool disable_registration, disable_password_login;
	struct {
		const char *issuer_url, *client_id, *client_secret, *name, *redirect_url;
	} oidc;
	const char *oidc_providers, *oidc_ca_file;
	bool oidc_allow_http;
	const char *alert_targets;
	long rate_limit, rate_limit_anonymous;
	const char *client_ip_source;
	const char *metrics_token;
	long change_days, traffic_minute_days, traffic_hour_days;
	long session_stall_seconds;
	const char *log_level;
	bool force; /* backup, restore */
};

extern const struct option_command settings_command;

#endif
