/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Conclusions → arrays → statements: only what is another now.
 */
#include <string.h>

#include "collector/recognize_subject.h"

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static const char *certainty_text(enum certainty certainty)
{
	return certainty == CERTAINTY_NONE ? NULL : certainty_name(certainty);
}

static bool is_another(const struct subject_service *service)
{
	return service->decided && (!same(service->definition, service->is_definition) ||
				    certainty_of(service->certainty) != service->is_certainty);
}

static bool told_another(const struct subject *subject)
{
	return subject->there && subject->reasons && (!subject->has_hash || subject->hash != subject->is_hash);
}

bool subjects_changed(const struct subjects *subjects)
{
	for (size_t i = 0; i < subjects->count; i++) {
		const struct subject *subject = &subjects->subject[i];

		if (!subject->there || !subject->reasons)
			continue;
		if (told_another(subject) || subject->made || !subject->device != !subject->is_device)
			return true;
		for (const struct subject_service *service = subject->services; service;
		     service = service->next)
			if (is_another(service) || (service->concluded && service->decided != service->open))
				return true;
	}
	return false;
}

static bool write_services(const struct subjects *subjects, struct db_session *s, const char *network_id,
			   bool applications, bool *failed)
{
	struct buffer ids = {0}, definitions = {0}, certainties = {0};
	bool any;

	for (size_t i = 0; i < subjects->count; i++)
		for (const struct subject_service *service = subjects->subject[i].services; service;
		     service = service->next) {
			if (!is_another(service))
				continue;
			array_add_text(&ids, service->id);
			array_add_text(&definitions, service->is_definition);
			array_add_text(&certainties, certainty_text(service->is_certainty));
		}
	any = ids.length > 0;
	if (any) {
		const char *of_ids = array_text(&ids);

		DB_ADD(s, SQL_SERVICES_WRITE, network_id, of_ids, array_text(&definitions),
		       array_text(&certainties));
		if (applications)
			DB_ADD(s, SQL_RECOGNIZE_CLIENTS, network_id, of_ids);
	}
	*failed |= ids.failed || definitions.failed || certainties.failed;
	buffer_free(&ids);
	buffer_free(&definitions);
	buffer_free(&certainties);
	return any;
}

/* Services of hosts as a whole that come, that are there again, and that go. */
static bool write_whole(const struct subjects *subjects, struct db_session *s, const char *network_id,
			bool *failed)
{
	struct buffer made[4] = {{0}}, again = {0}, gone = {0};
	bool any;

	for (size_t i = 0; i < subjects->count; i++) {
		const struct subject *subject = &subjects->subject[i];

		if (!subject->there || !subject->reasons)
			continue;
		for (const struct subject_service *service = subject->made; service; service = service->next) {
			array_add_text(&made[0], service->id);
			array_add_text(&made[1], subject->host_id);
			array_add_text(&made[2], service->is_definition);
			array_add_text(&made[3], certainty_text(service->is_certainty));
		}
		for (const struct subject_service *service = subject->services; service;
		     service = service->next) {
			if (service->concluded && service->decided && !service->open)
				array_add_text(&again, service->id);
			if (service->concluded && !service->decided && service->open)
				array_add_text(&gone, service->id);
		}
	}
	any = made[0].length || again.length || gone.length;
	if (made[0].length)
		DB_ADD(s, SQL_CONCLUDED_ADD, network_id, array_text(&made[0]), array_text(&made[1]),
		       array_text(&made[2]), array_text(&made[3]));
	if (again.length)
		DB_ADD(s, SQL_CONCLUDED_OPEN, network_id, array_text(&again));
	if (gone.length)
		DB_ADD(s, SQL_CONCLUDED_REMOVE, network_id, array_text(&gone));
	for (size_t i = 0; i < 4; i++) {
		*failed |= made[i].failed;
		buffer_free(&made[i]);
	}
	*failed |= again.failed || gone.failed;
	buffer_free(&again);
	buffer_free(&gone);
	return any;
}

static bool write_hosts(const struct subjects *subjects, struct db_session *s, const char *network_id,
			bool *failed)
{
	struct buffer told[3] = {{0}}, ids = {0}, devices = {0};
	bool any;

	for (size_t i = 0; i < subjects->count; i++) {
		const struct subject *subject = &subjects->subject[i];

		if (!subject->there || !subject->reasons)
			continue;
		if (told_another(subject)) {
			array_add_text(&told[0], subject->host_id);
			array_add_integer(&told[1], subject->is_hash);
			array_add_text(&told[2], subject->reasons);
		}
		/* The statement compares them: it knows when two are the same. */
		if (told_another(subject) ? subject->device || subject->is_device
					  : !subject->device != !subject->is_device) {
			array_add_text(&ids, subject->host_id);
			array_add_text(&devices, subject->is_device);
		}
	}
	any = ids.length > 0;
	if (any)
		DB_ADD(s, SQL_DEVICES_WRITE, network_id, array_text(&ids), array_text(&devices));
	if (told[0].length)
		DB_ADD(s, SQL_CONCLUSIONS_WRITE, network_id, array_text(&told[0]), array_text(&told[1]),
		       array_text(&told[2]));
	*failed |= ids.failed || devices.failed || told[0].failed || told[1].failed || told[2].failed;
	buffer_free(&ids);
	buffer_free(&devices);
	for (size_t i = 0; i < 3; i++)
		buffer_free(&told[i]);
	return any;
}

bool subjects_write(const struct subjects *subjects, struct db_session *s, const char *network_id,
		    bool applications, bool *failed)
{
	bool any = write_services(subjects, s, network_id, applications, failed);

	any |= write_whole(subjects, s, network_id, failed);
	any |= write_hosts(subjects, s, network_id, failed);
	return any;
}
