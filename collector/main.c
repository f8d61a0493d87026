/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netvisor-collector: puts the parts together, in the order in which they need each other, and takes them apart.
 */
#include <errno.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/alert.h"
#include "collector/api.h"
#include "collector/app.h"
#include "collector/auth.h"
#include "collector/backup.h"
#include "collector/db.h"
#include "collector/explain.h"
#include "collector/fetch.h"
#include "collector/http.h"
#include "collector/ingest.h"
#include "collector/live.h"
#include "collector/loop.h"
#include "collector/migrate.h"
#include "collector/mqtt.h"
#include "collector/oidc.h"
#include "collector/postgres.h"
#include "collector/privilege.h"
#include "collector/rate.h"
#include "collector/recognize_work.h"
#include "collector/schedule.h"
#include "collector/sensor.h"
#include "collector/setup.h"
#include "collector/static.h"
#include "collector/upkeep.h"
#include "collector/vault.h"
#include "collector/worker.h"
#include "collector/ws.h"
#include "defs/log.h"

static void on_signal(void *arg, uint32_t events)
{
	(void)events;
	loop_stop(arg, 0);
}

static int catch_signals(struct app *app)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	signal(SIGPIPE, SIG_IGN);
	app->signal_fd = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
	if (app->signal_fd >= 0)
		app->signals = loop_watch(app->loop, app->signal_fd, EPOLLIN, on_signal, app->loop);
	return app->signals ? 0 : -ENOMEM;
}

static void on_ready(void *arg)
{
	struct app *app = arg;
	const struct settings *settings = app->settings;
	char address[64];

	if (app->said_ready)
		return;
	app->said_ready = true;
	snprintf(address, sizeof(address), "%s://localhost:%d", settings->tls_certificate ? "https" : "http",
		 http_port(app->http));
	printf("dashboard: %s\n", settings->public_url ? settings->public_url : address);
	if (setup_needed(app->setup))
		printf("setup token: %s\n", setup_token(app->setup));
	fflush(stdout);
}

static void on_migrated(void *arg, int error)
{
	struct app *app = arg;

	if (error == -EINVAL)
		loop_stop(app->loop, 1);
	if (error)
		return;
	app->prepared = true;
	db_ready(app->db);
}

static void on_db_prepare(void *arg, struct db_session *s)
{
	migrate_run(s, on_migrated, arg);
}

static void on_db_notify(void *arg, const char *channel, const char *payload)
{
	struct app *app = arg;

	if (!channel || strcmp(channel, "netvisor_credential") == 0)
		auth_refresh(app->auth, NULL, NULL);
	if (!channel || strcmp(channel, "netvisor_change") == 0) {
		live_wake(app->live, channel ? payload : NULL);
		alert_watch_changed(app->alert_watch, channel ? payload : NULL);
	}
	if (!channel || strcmp(channel, "netvisor_change") == 0 || strcmp(channel, "netvisor_definitions") == 0)
		recognizer_wake(app->recognizer);
	if (channel && strcmp(channel, "netvisor_alert") == 0)
		alert_watch_all(app->alert_watch);
	if (!channel || strcmp(channel, "netvisor_outbox") == 0)
		alert_send_wake(app->alert_send);
	sensors_notify(app->sensors, channel, payload);
}

/* Only now are sessions and keys known, so that whoever reads "dashboard:" is let in. */
static void on_auth_read(void *arg, int error)
{
	struct app *app = arg;

	if (!error)
		setup_run(app->setup, on_ready, app);
}

static void on_db_changed(void *arg, bool up)
{
	struct app *app = arg;

	if (!up) {
		log_warn("the database is away; sensors keep what they say until it is back");
		return;
	}
	log_info("the database is up");
	auth_refresh(app->auth, on_auth_read, app);
	live_wake(app->live, NULL);
}

static void on_auth_changed(void *arg)
{
	struct app *app = arg;

	/* The first account may have been made at another collector. */
	if (auth_anyone(app->auth))
		setup_finished(app->setup);
	sensors_check(app->sensors);
	live_check(app->live);
}

static bool speaks(const char *list, const char *protocol)
{
	size_t length = strlen(protocol);
	const char *at = strstr(list, protocol);

	return at && (at == list || strchr(", ", at[-1])) && (!at[length] || strchr(", ", at[length]));
}

/* Keys and sessions that are not known may only not have been read yet: then it is the database's absence that refuses. */
static int on_upgrade(void *arg, const struct http_head *head, const char *protocol)
{
	struct app *app = arg;
	int stranger = auth_known(app->auth) ? 401 : 503;
	bool sensor = strcmp(head->path, sensors_service(app->sensors)->path) == 0;

	/* Whoever guesses at keys does it slowly. */
	if (auth_known(app->auth) &&
	    !(sensor ? auth_sensor_of(app->auth, head->authorization) != NULL
		     : auth_browser_of(app->auth, head) != NULL) &&
	    rate_take(app->rate, RATE_STRANGER, head->peer, loop_now_ms() * 1000))
		return 429;

	if (sensor) {
		if (!speaks(protocol, sensors_service(app->sensors)->protocol))
			return 400;
		return auth_sensor_of(app->auth, head->authorization) ? 0 : stranger;
	}
	if (strcmp(head->path, live_service(app->live)->path) != 0)
		return 404;
	if (!speaks(protocol, live_service(app->live)->protocol))
		return 400;
	if (!route_origin_own(app, head))
		return 403;
	return auth_browser_of(app->auth, head) ? 0 : stranger;
}

/* The program's own directory holds `web`, in build/ and where it is installed. */
static const char *web_dir(const struct settings *settings, char *space, size_t size)
{
	char program[4096];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (settings->web_dir)
		return settings->web_dir;
	program[length > 0 ? length : 0] = 0;
	snprintf(space, size, "%s/web", dirname(program));
	return space;
}

/* What needs root, and then no root any more. */
static int begin(const struct settings *settings, char *key)
{
	int uid = -1, gid = -1, error = 0;

	privilege_raise_descriptors();
	if (geteuid() == 0 && settings->user)
		error = privilege_find(settings->user, &uid, &gid);
	else if (geteuid() == 0 && !settings->database_url)
		error = -EPERM;
	if (error == -EPERM)
		log_error("PostgreSQL refuses to run as root: name the user to become with --user, or a server "
			  "that runs "
			  "already with --database-url");
	if (!error && settings->sensor_key_file)
		error = setup_key_file(settings->sensor_key_file, uid, gid, key);
	if (!error && uid >= 0) {
		if (!settings->database_url && mkdir(settings->data_dir, 0700) == 0 &&
		    chown(settings->data_dir, (uid_t)uid, (gid_t)gid) < 0)
			error = -errno;
		if (!error)
			error = privilege_drop(settings->user, uid, gid);
	}
	return error;
}

static int open_parts(struct app *app, const char *key)
{
	const struct settings *settings = app->settings;
	struct http_options http = {
		.port = settings->server_port,
		.bind_address = settings->bind_address,
		.tls_certificate = settings->tls_certificate,
		.tls_key = settings->tls_key,
		.forwarded = strcmp(settings->client_ip_source, "x-forwarded-for") == 0,
		.request = route_request,
		.body_max = route_body_max,
		.upgrade = on_upgrade,
		.arg = app,
	};
	struct db_options db = {
		.conninfo = settings->database_url,
		.prepare = on_db_prepare,
		.notify = on_db_notify,
		.changed = on_db_changed,
		.arg = app,
	};
	const struct rate_limit limits[RATE_CLASSES] = {
		[RATE_PERSON] = {settings->rate_limit, settings->rate_limit / 2},
		[RATE_STRANGER] = {settings->rate_limit_anonymous, settings->rate_limit_anonymous / 4},
	};
	char space[4200];
	int error = loop_open(&app->loop);

	if (!error)
		error = catch_signals(app);
	if (!error)
		error = static_open(web_dir(settings, space, sizeof(space)), &app->files);
	if (!error)
		error = ingest_open(app, &app->ingest);
	if (!error)
		error = sensors_open(app, &app->sensors);
	if (!error)
		error = live_open(app, &app->live);
	if (!error)
		http.websockets = ws_protocols(sensors_service(app->sensors), live_service(app->live));
	/* The port first: when it is taken, nothing else is begun. */
	if (!error)
		error = http_open(app->loop, &http, &app->http);
	if (!error)
		error = worker_open(app->loop, &app->worker);
	if (!error)
		error = worker_open(app->loop, &app->fetcher);
	if (!error)
		error = rate_open(limits, &app->rate);
	if (!error)
		error = auth_open(app->loop, on_auth_changed, app, &app->auth);
	if (!error)
		error = setup_open(app, key, &app->setup);
	if (!error)
		error = vault_open(settings, &app->vault);
	if (!error)
		error = upkeep_open(app, &app->upkeep);
	if (!error)
		error = recognizer_open(app, &app->recognizer);
	if (!error)
		error = schedule_open(app, &app->schedule);
	if (!error)
		error = alert_watch_open(app, &app->alert_watch);
	if (!error)
		error = alert_send_open(app, &app->alert_send);
	if (!error && !settings->database_url) {
		error = postgres_open(app->loop, settings->data_dir, &app->postgres);
		if (!error)
			db.conninfo = postgres_conninfo(app->postgres);
	}
	db.worker = app->worker;
	if (!error)
		error = db_open(app->loop, &db, &app->db);
	if (!error)
		auth_use(app->auth, app->db);
	return error;
}

static void close_parts(struct app *app)
{
	http_close(app->http);
	db_close(app->db);
	worker_close(app->worker);
	fetch_stop();
	worker_close(app->fetcher);
	alert_send_close(app->alert_send);
	alert_watch_close(app->alert_watch);
	oidc_close(app->oidc);
	rate_close(app->rate);
	sensors_close(app->sensors);
	live_close(app->live);
	ingest_close(app->ingest);
	upkeep_close(app->upkeep);
	recognizer_close(app->recognizer);
	schedule_close(app->schedule);
	setup_close(app->setup);
	vault_close(app->vault);
	auth_close(app->auth);
	postgres_close(app->postgres);
	static_close(app->files);
	loop_unwatch(app->signals);
	if (app->signal_fd >= 0)
		close(app->signal_fd);
	loop_close(app->loop);
}

int main(int argc, char **argv)
{
	struct settings settings = {0};
	struct app app = {.settings = &settings, .signal_fd = -1};
	char key[SECRET_TEXT_MAX] = "";
	enum log_level level = LOG_INFO;
	int operand, status;

	status = backup_command(argc, argv);
	if (status < 0)
		status = explain_command(argc, argv);
	if (status >= 0)
		return status;
	status = options_read(&settings_command, argc, argv, &settings, &operand);
	if (status != OPTIONS_RUN)
		return status == OPTIONS_DONE ? 0 : 2;
	log_level_parse(settings.log_level, &level);
	log_setup(level, "netvisor-collector");
	app.started_ms = loop_now_ms();
	if (secret_open() < 0) {
		log_error("the system gives no randomness");
		return 1;
	}
	id_random(app.instance);
	mqtt_begin();
	status = fetch_open() || oidc_open(&settings, &app.oidc) || begin(&settings, key) ? 1 : 0;
	if (!status)
		status = open_parts(&app, key) ? 1 : 0;
	secret_wipe(key, sizeof(key));
	if (!status)
		status = loop_run(app.loop, http_turn, app.http);
	close_parts(&app);
	mqtt_end();
	fetch_close();
	return status;
}
