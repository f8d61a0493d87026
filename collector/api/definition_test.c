/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "Test against my network": a definition alone, against what is known of hosts, those that were seen last first, for some seconds. Tells
 * where it would match and why, and where most of it is met. Reading is done as the person who asks, so nobody sees more than is theirs.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api/definitions.h"
#include "collector/loop.h"
#include "collector/recognize_subject.h"
#include "collector/recognize_work.h"
#include "collector/worker.h"

enum {
	TEST_HOSTS_MAX = 20000,
	TEST_PART = 100, /* hosts at a time */
	TEST_MS_MAX = 5000,
	TEST_MATCHES_MAX = 200, /* that are told; the others are counted */
	TEST_NEAR_MAX = 12,
	TEST_REASONS_MAX = 64 << 10, /* bytes of a tree that is told */
};

const struct schema_field definition_test_fields[] = {
	{"network_id", SCHEMA_ID, SCHEMA_REQUIRED, 0, 0, NULL, "Among the hosts of this network"},
	{"id", SCHEMA_TEXT, 0, 1, DEFINITION_ID_MAX, NULL, "Its id, when it has one"},
	{"definition", SCHEMA_OBJECT, SCHEMA_REQUIRED, 0, DEFINITION_BYTES_MAX, NULL,
	 "As docs/definitions.md has it: {name, description, category, icon or logo, is_generic, match}"},
	{0},
};

struct near {
	double score;
	char host_id[ID_TEXT_MAX];
	char *reasons;
};

struct trial {
	struct definition_under_test of;
	struct definitions *definitions;
	char network[ID_TEXT_MAX];
	char (*hosts)[ID_TEXT_MAX];
	size_t count, total, next; /* hosts that may be looked at, that there are, that were */
	size_t tried;		   /* of this part */
	bool applications, failed;
	int64_t until_ms;
	struct subjects subjects;
	struct buffer matches;
	size_t matched;
	struct near near[TEST_NEAR_MAX];
	size_t near_count;
};

static void forget(void *context)
{
	struct trial *trial = context;

	free(trial->of.json);
	definitions_free(trial->definitions);
	free(trial->hosts);
	subjects_free(&trial->subjects);
	buffer_free(&trial->matches);
	for (size_t i = 0; i < trial->near_count; i++)
		free(trial->near[i].reasons);
}

/* How much of a tree of reasons is met, 0 to 1. */
static double score_of(const struct json *node, int depth)
{
	const struct json *of = json_get(node, "of");
	const char *is = "";
	size_t length, count = json_count(of);
	bool met = false;
	double sum = 0, best = 0;

	json_flag(json_get(node, "met"), &met);
	json_text(json_get(node, "is"), &is, &length);
	if (met)
		return 1;
	if (!count || depth > JSON_DEPTH_MAX || strcmp(is, "not") == 0)
		return 0;
	for (size_t i = 0; i < count; i++) {
		double one = score_of(json_at(of, i), depth + 1);

		sum += one;
		best = one > best ? one : best;
	}
	return strcmp(is, "any") == 0 ? best : sum / (double)count;
}

/* Keep it when it is among the nearest. */
static void keep_near(struct trial *trial, const char *host_id, const char *reasons)
{
	struct json *tree;
	const char *why;
	double score;
	size_t at;

	if (!reasons || strlen(reasons) > TEST_REASONS_MAX || json_read(reasons, strlen(reasons), &tree, &why))
		return;
	score = score_of(tree, 0);
	json_free(tree);
	if (score <= 0 || (trial->near_count == TEST_NEAR_MAX && score <= trial->near[TEST_NEAR_MAX - 1].score))
		return;
	if (trial->near_count == TEST_NEAR_MAX)
		free(trial->near[--trial->near_count].reasons);
	for (at = trial->near_count; at && trial->near[at - 1].score < score; at--)
		trial->near[at] = trial->near[at - 1];
	trial->near[at] = (struct near){.score = score, .reasons = strdup(reasons)};
	snprintf(trial->near[at].host_id, sizeof(trial->near[at].host_id), "%s", host_id);
	trial->near_count++;
}

static void add_match(struct trial *trial, const char *host_id, const struct conclusion *one)
{
	struct buffer *out = &trial->matches;

	if (trial->matched++ >= TEST_MATCHES_MAX)
		return;
	buffer_printf(out, "%s{\"host_id\":\"%s\",\"certainty\":\"%s\",\"ports\":[",
		      trial->matched > 1 ? "," : "", host_id, certainty_name(one->certainty));
	for (size_t i = 0; i < one->ports; i++)
		buffer_printf(out, "%s\"%u/%s\"", i ? "," : "", (unsigned int)one->port[i].port_h,
			      one->port[i].udp ? "udp" : "tcp");
	buffer_text(out, "],\"reasons\":");
	buffer_text(out, one->reasons && strlen(one->reasons) <= TEST_REASONS_MAX ? one->reasons : "null");
	buffer_text(out, "}");
}

/* In the thread. */
static void try_all(void *arg)
{
	struct api_call *call = arg;
	struct trial *trial = call->context;

	/* The thread is the one that concludes: a definition that costs much must not keep it. */
	for (size_t i = 0; i < trial->subjects.count && !trial->failed && loop_now_ms() < trial->until_ms;
	     i++) {
		struct subject *subject = &trial->subjects.subject[i];
		struct arena arena = {0};
		struct conclusions all;
		const struct clue *clues = NULL;
		size_t count = subject->there ? subject_clues(subject, &arena, &clues) : 0;
		bool matched = false;

		if (clues && recognize(trial->definitions, clues, count, &arena, &all, NULL) == 0) {
			if (all.services)
				add_match(trial, subject->host_id, &all.service[0]);
			else
				keep_near(trial, subject->host_id,
					  recognize_explain(trial->definitions, trial->of.id, clues, count,
							    &arena, &matched));
		} else if (subject->there) {
			trial->failed = true;
		}
		arena_free(&arena);
		trial->tried++;
	}
}

static void answer(struct api_call *call)
{
	struct trial *trial = call->context;
	struct buffer out = {0};

	if (trial->failed || trial->matches.failed) {
		api_refuse(call, 503, "there is no memory");
		return;
	}
	buffer_printf(&out, "{\"hosts\":%zu,\"left_out\":%zu,\"matched\":%zu,\"matches\":[", trial->next,
		      trial->total - trial->next, trial->matched);
	buffer_add(&out, trial->matches.bytes, trial->matches.length);
	buffer_text(&out, "],\"near\":[");
	for (size_t i = 0; i < trial->near_count; i++) {
		buffer_printf(&out, "%s{\"host_id\":\"%s\",\"met\":%.2f,\"reasons\":", i ? "," : "",
			      trial->near[i].host_id, trial->near[i].score);
		buffer_text(&out, trial->near[i].reasons ? trial->near[i].reasons : "null");
		buffer_text(&out, "}");
	}
	buffer_text(&out, "]}");
	api_answer(call, &out);
}

static void next_part(struct api_call *);

static void on_tried(void *arg)
{
	struct api_call *call = arg;
	struct trial *trial = call->context;

	trial->next += trial->tried;
	trial->tried = 0;
	subjects_free(&trial->subjects);
	if (trial->failed || trial->next >= trial->count || loop_now_ms() >= trial->until_ms)
		answer(call);
	else
		next_part(call);
}

static void on_part(struct api_call *call, const struct db_reply *reply)
{
	struct trial *trial = call->context;

	subjects_load(&trial->subjects, reply, API_FIRST, trial->applications);
	trial->failed |= trial->subjects.failed;
	if (worker_run(recognizer_worker(call->app->recognizer), try_all, on_tried, call))
		api_refuse(call, 503, "others are trying definitions just now; try again");
}

static void add_part(struct api_call *call, struct db_session *s)
{
	struct trial *trial = call->context;
	struct buffer ids = {0};

	for (size_t i = 0; i < trial->subjects.count; i++)
		array_add_plain(&ids, trial->subjects.subject[i].host_id);
	subjects_ask(s, trial->network, array_text(&ids), trial->applications);
	trial->failed |= ids.failed;
	buffer_free(&ids);
}

static void next_part(struct api_call *call)
{
	struct trial *trial = call->context;
	const char *ids[TEST_PART];
	size_t count = 0;

	for (; count < TEST_PART && trial->next + count < trial->count; count++)
		ids[count] = trial->hosts[trial->next + count];
	subjects_begin(&trial->subjects, ids, count);
	if (trial->subjects.failed)
		api_refuse(call, 503, "there is no memory");
	else
		api_query(call, false, add_part, on_part);
}

static void on_hosts(struct api_call *call, const struct db_reply *reply)
{
	struct trial *trial = call->context;
	size_t rows = db_rows(reply, API_FIRST);

	trial->total = rows ? (size_t)db_integer(reply, API_FIRST, 0, 1) : 0;
	trial->hosts = calloc(rows + 1, sizeof(*trial->hosts));
	for (size_t row = 0; trial->hosts && row < rows; row++)
		snprintf(trial->hosts[row], sizeof(*trial->hosts), "%s", db_value(reply, API_FIRST, row, 0));
	trial->count = trial->hosts ? rows : 0;
	trial->failed = !trial->hosts;
	if (trial->count)
		next_part(call);
	else
		answer(call);
}

static void add_hosts(struct api_call *call, struct db_session *s)
{
	struct trial *trial = call->context;
	char most[16];

	snprintf(most, sizeof(most), "%d", TEST_HOSTS_MAX);
	DB_ADD(s, SQL_DEFINITION_HOSTS, trial->network, most);
}

void api_definition_test(struct api_call *call)
{
	struct trial *trial = calloc(1, sizeof(*trial));
	const char *network = "";
	size_t length;

	if (!trial) {
		api_refuse(call, 503, "there is no memory");
		return;
	}
	call->context = trial;
	call->forget = forget;
	json_text(json_get(call->body, "network_id"), &network, &length);
	snprintf(trial->network, sizeof(trial->network), "%s", network);
	if (!definition_read(call, NULL, &trial->of) ||
	    !definition_compile(call, &trial->of, &trial->definitions))
		return;
	trial->applications = strstr(trial->of.json, "\"application\"") != NULL;
	trial->until_ms = loop_now_ms() + TEST_MS_MAX;
	api_query(call, false, add_hosts, on_hosts);
}
