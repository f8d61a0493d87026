/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the collector is: for a probe that knows nothing, and for Prometheus.
 */
#include <inttypes.h>
#include <string.h>

#include "collector/api.h"
#include "collector/loop.h"

void api_health(struct api_call *call)
{
	const struct app *app = call->app;
	bool up = app->prepared && db_up(app->db);
	struct buffer out = {0};

	if (!up) {
		api_refuse(call, 503, app->prepared ? "the database is away" : "the database is being started");
		return;
	}
	buffer_printf(&out,
		      "{\"status\":\"ok\",\"name\":\"netvisor\",\"version\":\"%s\",\"database\":\"up\","
		      "\"uptime_s\":%" PRId64 "}",
		      NETVISOR_VERSION, (loop_now_ms() - app->started_ms) / 1000);
	api_answer(call, &out);
}

static void metric(struct buffer *out, const char *name, const char *type, const char *help, uint64_t value)
{
	buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %" PRIu64 "\n", name, help, name, type, name, value);
}

void api_metrics(struct api_call *call)
{
	const struct app *app = call->app;
	struct buffer out = {0};

	metric(&out, "netvisor_database_up", "gauge", "1 when the database answers.", db_up(app->db));
	metric(&out, "netvisor_connections", "gauge", "Open connections of browsers and sensors.",
	       http_connections(app->http));
	metric(&out, "netvisor_uptime_seconds", "counter", "Since the collector started.",
	       (uint64_t)(loop_now_ms() - app->started_ms) / 1000);
	api_answer_raw(call, "text/plain; version=0.0.4", &out);
}
