/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the running collector, for those that answer requests. */
#ifndef COLLECTOR_APP_H
#define COLLECTOR_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/secret.h"
#include "collector/settings.h"

struct app {
	const struct settings *settings;
	struct loop *loop;
	struct worker *worker;
	struct worker *fetcher; /* asks other servers, which takes as long as they like */
	struct auth *auth;
	struct oidc *oidc;
	struct rate *rate;
	struct db *db;
	struct http *http;
	struct static_files *files;
	struct postgres *postgres;
	struct setup *setup;
	struct vault *vault;
	struct ingest *ingest;
	struct sensors *sensors;
	struct live *live;
	struct upkeep *upkeep;
	struct schedule *schedule;
	struct recognizer *recognizer;
	struct alert_watch *alert_watch;
	struct alert_send *alert_send;
	int signal_fd;
	struct loop_watch *signals;
	int64_t started_ms;
	char instance[ID_TEXT_MAX]; /* of this process, among the collectors of one database */
	bool prepared;		    /* the tables are as this program needs them */
	bool said_ready;
};

#endif
