// SPDX-License-Identifier: BSD-2-Clause
/* See report.h. */
#include "sensor/scan/report.h"

#include <json-c/json.h>
#include <string.h>

#include "sensor/scan/scan.h"

enum { SECOND_US = 1000000 };

static void put_text(json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, json_object_new_string(text));
}

static void put_number(json_object *object, const char *key, uint64_t number)
{
	json_object_object_add(object, key, json_object_new_uint64(number));
}

/* The text of root, which is freed. */
static char *finish(json_object *root, size_t *length)
{
	const char *text = json_object_to_json_string_length(
		root, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, length);
	char *copy = text ? strdup(text) : NULL;

	json_object_put(root);
	return copy;
}

char *report_progress(const char *id, const struct scan_progress *p, const char *position, size_t *length)
{
	static const char *const steps[] = {[SCAN_ALIVE] = "alive",
					    [SCAN_PORTS] = "ports",
					    [SCAN_IDENTIFY] = "identify",
					    [SCAN_OVER] = "identify"};
	json_object *root = json_object_new_object(), *detail = json_object_new_object();

	put_text(root, "type", "progress");
	put_text(root, "id", id);
	put_text(root, "phase", "Scanning");
	json_object_object_add(root, "progress", json_object_new_int(p->percent));
	put_text(detail, "step", steps[p->phase]);
	put_number(detail, "asked", p->probe.hosts_asked);
	put_number(detail, "up", p->probe.hosts_up);
	put_number(detail, "open", p->probe.open);
	put_number(detail, "closed", p->probe.closed);
	put_number(detail, "filtered", p->probe.filtered);
	put_number(detail, "saved", p->probe.saved);
	put_number(detail, "sent", p->probe.sent);
	put_number(detail, "rate", p->probe.rate_now);
	put_number(detail, "settled", p->probe.settled);
	put_number(detail, "total", p->probe.total);
	put_number(detail, "identified", p->identified);
	put_number(detail, "to_identify", p->to_identify);
	if (p->remaining_us >= 0)
		put_number(detail, "remaining_s", (uint64_t)(p->remaining_us + SECOND_US - 1) / SECOND_US);
	json_object_object_add(root, "detail", detail);
	if (position)
		put_text(root, "position", position);
	return finish(root, length);
}

static json_object *data_of(const struct scan_progress *p, const char *const *notes, size_t note_count)
{
	json_object *data = json_object_new_object(), *list = json_object_new_array();
	double seconds = (double)p->elapsed_us / SECOND_US;

	put_number(data, "hosts_asked", p->probe.hosts_asked);
	put_number(data, "hosts_up", p->probe.hosts_up);
	put_number(data, "open", p->probe.open);
	put_number(data, "closed", p->probe.closed);
	put_number(data, "filtered", p->probe.filtered);
	put_number(data, "unreachable", p->probe.unreachable);
	put_number(data, "saved", p->probe.saved);
	put_number(data, "probes_sent", p->probe.sent);
	put_number(data, "identified", p->identified);
	put_number(data, "udp_open", p->udp_open);
	put_number(data, "snmp_devices", p->snmp_devices);
	put_number(data, "names", p->names);
	put_number(data, "middleboxes", p->middleboxes);
	put_number(data, "left_out", p->left_out);
	json_object_object_add(data, "seconds",
			       json_object_new_double((double)(int64_t)(seconds * 10 + 0.5) / 10));
	put_text(data, "engine", p->engine == SCAN_XDP ? "xdp" : "uring");
	put_number(data, "rate", seconds > 0 ? (uint64_t)((double)p->probe.sent / seconds) : 0);
	for (size_t i = 0; i < note_count; i++)
		json_object_array_add(list, json_object_new_string(notes[i]));
	json_object_object_add(data, "notes", list);
	return data;
}

char *report_result(const char *id, const char *error, const struct scan_progress *progress,
		    const char *const *notes, size_t note_count, size_t *length)
{
	json_object *root = json_object_new_object();

	put_text(root, "type", "result");
	put_text(root, "id", id);
	json_object_object_add(root, "ok", json_object_new_boolean(!error));
	if (error)
		put_text(root, "error", error);
	json_object_object_add(root, "data", data_of(progress, notes, note_count));
	return finish(root, length);
}
