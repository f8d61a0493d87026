/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of options.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector/settings.h"

#define AT(member) .offset = offsetof(struct settings, member)

static const struct option_row rows[] = {
	{.name = "server-port",
	 .letter = 'p',
	 .env = "NETVISOR_SERVER_PORT",
	 .type = OPTION_NUMBER,
	 .argument = "PORT",
	 .fallback = "60072",
	 .min = 0,
	 .max = 65535,
	 AT(server_port),
	 .help = "Listen on this port; 0 takes a free one."},
	{.name = "bind-address",
	 .env = "NETVISOR_BIND_ADDRESS",
	 .type = OPTION_TEXT,
	 .argument = "ADDRESS",
	 AT(bind_address),
	 .help = "Listen on this IPv4 or IPv6 address only. Without it, on all addresses of both."},
	{.name = "database-url",
	 .env = "NETVISOR_DATABASE_URL",
	 .type = OPTION_SECRET,
	 .argument = "URL",
	 AT(database_url),
	 .help = "Keep everything in this PostgreSQL (15 or newer), as "
		 "postgresql://USER:PASSWORD@HOST/DATABASE. "
		 "Without it, a private one is run below --data-dir."},
	{.name = "data-dir",
	 .env = "NETVISOR_DATA_DIR",
	 .type = OPTION_PATH,
	 .argument = "DIR",
	 .fallback = "var",
	 AT(data_dir),
	 .help = "Where the private PostgreSQL lives."},
	{.name = "user",
	 .env = "NETVISOR_USER",
	 .type = OPTION_TEXT,
	 .argument = "NAME",
	 AT(user),
	 .help = "When started by root: become this user before anything else. PostgreSQL refuses root."},
	{.name = "web-dir",
	 .env = "NETVISOR_WEB_EXTERNAL_PATH",
	 .type = OPTION_PATH,
	 .argument = "DIR",
	 AT(web_dir),
	 .help = "The dashboard's files. Without it, the directory \"web\" beside the program."},
	{.name = "definitions",
	 .env = "NETVISOR_DEFINITIONS",
	 .type = OPTION_PATH,
	 .argument = "DIR",
	 AT(definitions),
	 .help = "Definitions of your own beside those that come with the program: DIR/NAME.json for services, "
		 "DIR/devices/NAME.json for devices. A change of a file counts within seconds."},
	{.name = "public-url",
	 .env = "NETVISOR_PUBLIC_URL",
	 .type = OPTION_TEXT,
	 .argument = "URL",
	 AT(public_url),
	 .help = "The address that browsers use, when a proxy stands before the collector: requests that "
		 "change something "
		 "must come from a page of it."},
	{.name = "tls-certificate",
	 .env = "NETVISOR_TLS_CERTIFICATE",
	 .type = OPTION_PATH,
	 .argument = "FILE",
	 AT(tls_certificate),
	 .help = "Serve https and wss with this certificate (PEM, with its chain). Needs --tls-key."},
	{.name = "tls-key",
	 .env = "NETVISOR_TLS_KEY",
	 .type = OPTION_PATH,
	 .argument = "FILE",
	 AT(tls_key),
	 .help = "The private key of --tls-certificate (PEM)."},
	{.name = "use-secure-session-cookies",
	 .env = "NETVISOR_USE_SECURE_SESSION_COOKIES",
	 .type = OPTION_FLAG,
	 AT(use_secure_session_cookies),
	 .help = "Send session cookies over https only, as with --tls-certificate. For a proxy that speaks "
		 "https."},
	{.name = "disable-registration",
	 .env = "NETVISOR_DISABLE_REGISTRATION",
	 .type = OPTION_FLAG,
	 AT(disable_registration),
	 .help = "New accounts by invitation only. Otherwise everyone who reaches this address can make one, "
		 "with an "
		 "organization of its own."},
	{.name = "disable-password-login",
	 .env = "NETVISOR_DISABLE_PASSWORD_LOGIN",
	 .type = OPTION_FLAG,
	 AT(disable_password_login),
	 .help = "Sign in by a provider only (see --oidc-issuer-url), with no passwords at all."},
	{.name = "oidc-issuer-url",
	 .env = "NETVISOR_OIDC_ISSUER_URL",
	 .type = OPTION_TEXT,
	 .argument = "URL",
	 AT(oidc.issuer_url),
	 .help = "Let people sign in by this OpenID Connect provider, too. Its "
		 "/.well-known/openid-configuration must be "
		 "there. Needs --oidc-client-id."},
	{.name = "oidc-client-id",
	 .env = "NETVISOR_OIDC_CLIENT_ID",
	 .type = OPTION_TEXT,
	 .argument = "ID",
	 AT(oidc.client_id),
	 .help = "What the provider calls this collector."},
	{.name = "oidc-client-secret",
	 .env = "NETVISOR_OIDC_CLIENT_SECRET",
	 .type = OPTION_SECRET,
	 .argument = "SECRET",
	 AT(oidc.client_secret),
	 .help = "The secret that goes with it. Other users of this machine can read a command line: prefer "
		 "the environment, "
		 "or a file."},
	{.name = "oidc-provider-name",
	 .env = "NETVISOR_OIDC_PROVIDER_NAME",
	 .type = OPTION_TEXT,
	 .argument = "NAME",
	 .fallback = "OIDC",
	 AT(oidc.name),
	 .help = "What the sign-in page calls it."},
	{.name = "oidc-redirect-url",
	 .env = "NETVISOR_OIDC_REDIRECT_URL",
	 .type = OPTION_TEXT,
	 .argument = "URL",
	 AT(oidc.redirect_url),
	 .help = "Where the provider sends people back to, as it was told. Without it, /api/auth/oidc/callback "
		 "of --public-url, "
		 "or of the address that the browser asks."},
	{.name = "oidc-providers",
	 .env = "NETVISOR_OIDC_PROVIDERS",
	 .type = OPTION_PATH,
	 .argument = "FILE",
	 AT(oidc_providers),
	 .help = "More such providers: a JSON array of objects with name, slug, issuer_url, client_id, and "
		 "client_secret or "
		 "client_secret_file; redirect_url may be there."},
	{.name = "oidc-ca-file",
	 .env = "NETVISOR_OIDC_CA_FILE",
	 .type = OPTION_PATH,
	 .argument = "FILE",
	 AT(oidc_ca_file),
	 .help = "Trust the certificate authorities in this PEM file when providers are asked, instead of the "
		 "system's."},
	{.name = "oidc-allow-http",
	 .env = "NETVISOR_OIDC_ALLOW_HTTP",
	 .type = OPTION_FLAG,
	 AT(oidc_allow_http),
	 .help = "Allow providers without https on other machines: whoever is on the way can sign in as "
		 "anyone."},
	{.name = "alert-targets",
	 .env = "NETVISOR_ALERT_TARGETS",
	 .type = OPTION_CHOICE,
	 .argument = "WHICH",
	 .fallback = "any",
	 .choices = "any|public",
	 AT(alert_targets),
	 .help = "Which servers alerts may be sent to: any but link-local addresses, or only those of the "
		 "internet, where people "
		 "who are not to reach the collector's own network manage channels."},
	{.name = "rate-limit",
	 .env = "NETVISOR_RATE_LIMIT",
	 .type = OPTION_NUMBER,
	 .argument = "N",
	 .fallback = "300",
	 .min = 0,
	 .max = 1000000,
	 AT(rate_limit),
	 .help = "Requests a minute of one person or key, half of them at once; more are answered with 429. 0: "
		 "no limit."},
	{.name = "rate-limit-anonymous",
	 .env = "NETVISOR_RATE_LIMIT_ANONYMOUS",
	 .type = OPTION_NUMBER,
	 .argument = "N",
	 .fallback = "40",
	 .min = 0,
	 .max = 1000000,
	 AT(rate_limit_anonymous),
	 .help = "The same for an address whose requests have no session and no key, a quarter of them at "
		 "once. The dashboard's "
		 "files do not count."},
	{.name = "client-ip-source",
	 .env = "NETVISOR_CLIENT_IP_SOURCE",
	 .type = OPTION_CHOICE,
	 .argument = "SOURCE",
	 .fallback = "connection",
	 .choices = "connection|x-forwarded-for",
	 AT(client_ip_source),
	 .help = "Where a browser's address is taken from. Behind a proxy every connection is the proxy's: "
		 "x-forwarded-for takes "
		 "the last address of that header. Only for a proxy that sets it: otherwise anyone may claim "
		 "any address."},
	{.name = "sensor-key-file",
	 .env = "NETVISOR_SENSOR_KEY_FILE",
	 .type = OPTION_PATH,
	 .argument = "FILE",
	 AT(sensor_key_file),
	 .help = "Let a sensor with the key in FILE connect. FILE is made with a new key when there is none."},
	{.name = "secret-key-file",
	 .env = "NETVISOR_SECRET_KEY_FILE",
	 .type = OPTION_PATH,
	 .argument = "FILE",
	 AT(secret_key_file),
	 .help = "The key with which SNMP credentials are sealed before they go to the database; made when it "
		 "is "
		 "needed first. "
		 "Without it, secret.key below --data-dir. No backup holds it, and collectors of one database "
		 "need the "
		 "same."},
	{.name = "metrics-token",
	 .env = "NETVISOR_METRICS_TOKEN",
	 .type = OPTION_SECRET,
	 .argument = "TOKEN",
	 AT(metrics_token),
	 .help = "Who sends this token (Authorization: Bearer) may read /metrics. Without it, only who is "
		 "signed in."},
	{.name = "change-days",
	 .env = "NETVISOR_CHANGE_DAYS",
	 .type = OPTION_NUMBER,
	 .argument = "DAYS",
	 .fallback = "30",
	 .min = 1,
	 .max = 36500,
	 AT(change_days),
	 .help = "Keep the log of changes, presence and traffic so long, unless a network says otherwise."},
	{.name = "traffic-minute-days",
	 .env = "NETVISOR_TRAFFIC_MINUTE_DAYS",
	 .type = OPTION_NUMBER,
	 .argument = "DAYS",
	 .fallback = "2",
	 .min = 1,
	 .max = 366,
	 AT(traffic_minute_days),
	 .help = "Keep traffic by the minute so long; then by the hour."},
	{.name = "traffic-hour-days",
	 .env = "NETVISOR_TRAFFIC_HOUR_DAYS",
	 .type = OPTION_NUMBER,
	 .argument = "DAYS",
	 .fallback = "60",
	 .min = 1,
	 .max = 36500,
	 AT(traffic_hour_days),
	 .help = "Keep traffic by the hour so long; then by the day."},
	{.name = "session-stall-seconds",
	 .env = "NETVISOR_SESSION_STALL_SECONDS",
	 .type = OPTION_NUMBER,
	 .argument = "SECONDS",
	 .fallback = "300",
	 .min = 1,
	 .max = 86400,
	 AT(session_stall_seconds),
	 .help = "A discovery of which its sensor says nothing for so long has failed."},
	{.name = "log-level",
	 .env = "NETVISOR_LOG_LEVEL",
	 .type = OPTION_CHOICE,
	 .argument = "LEVEL",
	 .fallback = "info",
	 .choices = "trace|debug|info|warn|error",
	 AT(log_level),
	 .help = "What is written to standard error."},
};

static int check(const void *arg, char *why, size_t size)
{
	const struct settings *s = arg;
	const char *const files[][2] = {{"--tls-certificate", s->tls_certificate},
					{"--oidc-providers", s->oidc_providers},
					{"--oidc-ca-file", s->oidc_ca_file}};
	const char *wrong = NULL;

	if (!s->tls_certificate != !s->tls_key)
		wrong = "--tls-certificate and --tls-key need each other";
	else if (!s->oidc.issuer_url != !s->oidc.client_id)
		wrong = "--oidc-issuer-url and --oidc-client-id need each other";
	else if (s->oidc.client_secret && !s->oidc.client_id)
		wrong = "--oidc-client-secret needs --oidc-client-id";
	else if (s->disable_password_login && !s->oidc.client_id && !s->oidc_providers)
		wrong = "--disable-password-login: without a provider (see --oidc-issuer-url) nobody could "
			"sign in";
	if (wrong) {
		snprintf(why, size, "%s", wrong);
		return -EINVAL;
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (!files[i][1] || access(files[i][1], R_OK) == 0)
			continue;
		snprintf(why, size, "%s: %.200s can't be read: %s", files[i][0], files[i][1], strerror(errno));
		return -EINVAL;
	}
	return 0;
}

const struct option_command settings_command = {
	.program = "netvisor-collector",
	.summary = "Collect what sensors say, keep it in PostgreSQL, and serve the dashboard.",
	.rows = rows,
	.row_count = sizeof(rows) / sizeof(rows[0]),
	.check = check,
};
