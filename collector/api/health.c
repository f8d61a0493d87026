/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the collector is: for a probe that knows nothing, and for Prometheus.
 */
#include <inttypes.h>
#include <string.h>

#include "collector/api.h"
#include "collector/ingest.h"
#include "collector/live.h"
#include "collector/loop.h"
#include "collector/recognize_work.h"
#include "collector/sensor.h"

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
	const struct ingest_counters *ingest = ingest_counters(app->ingest);
	const struct sensor_counters *sensors = sensors_counters(app->sensors);
	const struct live_counters *live = live_counters(app->live);
	const struct recognizer_counters *recognizer = recognizer_counters(app->recognizer);
	struct buffer out = {0};

	metric(&out, "netvisor_database_up", "gauge", "1 when the database answers.", db_up(app->db));
	metric(&out, "netvisor_connections", "gauge", "Open connections of browsers and sensors.",
	       http_connections(app->http));
	metric(&out, "netvisor_sensors", "gauge", "Sensors that are connected.",
	       sensors_connected(app->sensors));
	metric(&out, "netvisor_viewers", "gauge", "Browsers that watch.", live_viewers(app->live));
	metric(&out, "netvisor_batches_total", "counter", "Batches of facts that were committed.",
	       ingest->batches);
	metric(&out, "netvisor_facts_total", "counter", "Facts in them.", ingest->facts);
	metric(&out, "netvisor_batches_repeated_total", "counter", "Batches that had been committed before.",
	       ingest->repeated);
	metric(&out, "netvisor_batches_failed_total", "counter", "Batches that the database did not take.",
	       ingest->failed);
	metric(&out, "netvisor_facts_refreshed_total", "counter",
	       "Facts of them that only said again what was settled.", ingest->refreshed);
	metric(&out, "netvisor_changes_total", "counter", "Changes that batches made.", ingest->changes);
	metric(&out, "netvisor_neighbors_dropped_total", "counter",
	       "Ports on layer 2 that were forgotten, as their network had too many.",
	       ingest->neighbors_dropped);
	metric(&out, "netvisor_links_dropped_total", "counter",
	       "Links of switches that were forgotten, as their network had too many.", ingest->links_dropped);
	metric(&out, "netvisor_hosts_concluded_total", "counter",
	       "Hosts of which it was concluded what they are.", recognizer->hosts);
	metric(&out, "netvisor_concluding_rounds_total", "counter",
	       "Transactions in which they were concluded, some hundred hosts at a time.", recognizer->rounds);
	metric(&out, "netvisor_concluding_microseconds_total", "counter", "Time that these took.",
	       recognizer->spent_us);
	metric(&out, "netvisor_conclusions_failed_total", "counter",
	       "Times that this failed, and was tried again.", recognizer->failed);
	metric(&out, "netvisor_clues_left_out_total", "counter",
	       "Clues of hosts that have more of them than are looked at.", recognizer->clues_left_out);
	metric(&out, "netvisor_sensor_connections_total", "counter", "Connections of sensors.",
	       sensors->connections);
	metric(&out, "netvisor_sensor_refused_total", "counter",
	       "Sensors' connections closed for what they said.", sensors->refused);
	metric(&out, "netvisor_sensor_unknown_total", "counter",
	       "Sensors' messages of a type that is not known.", sensors->unknown_messages);
	metric(&out, "netvisor_live_snapshots_total", "counter", "Snapshots sent to browsers.",
	       live->snapshots);
	metric(&out, "netvisor_live_resumes_total", "counter", "Browsers that resumed without a snapshot.",
	       live->resumes);
	metric(&out, "netvisor_live_changes_total", "counter", "Changes read for browsers that watch.",
	       live->changes);
	metric(&out, "netvisor_uptime_seconds", "counter", "Since the collector started.",
	       (uint64_t)(loop_now_ms() - app->started_ms) / 1000);
	api_answer_raw(call, "text/plain; version=0.0.4", &out);
}
