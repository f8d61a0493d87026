/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A list of compiled sets, the base first. A set that was replaced goes when nobody reads it any more.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/app.h"
#include "collector/definition_files.h"
#include "collector/recognize/builtin.h"
#include "collector/rulebook.h"
#include "defs/log.h"

enum { SETS_MAX = 16 }; /* of organizations with definitions of their own; the one that was made first goes */

struct rulebook {
	const char *directory; /* NULL: none */
	uint64_t stamp;
	struct definition_files files;
	struct definition_text *services, *devices; /* all that everybody has */
	struct rulebook_text *texts;
	size_t service_count, device_count;
	struct ruleset *sets; /* the newest first; the base is among them */
	struct ruleset *base;
};

static void set_free(struct ruleset *set)
{
	definitions_free(set->definitions);
	free(set);
}

/* Take it out of the list; it is freed by who holds it last. */
static void set_drop(struct rulebook *book, struct ruleset *set)
{
	for (struct ruleset **at = &book->sets; *at; at = &(*at)->next)
		if (*at == set) {
			*at = set->next;
			break;
		}
	set->old = true;
	if (!set->users)
		set_free(set);
}

void ruleset_hold(struct ruleset *set)
{
	set->users++;
}

void ruleset_release(struct rulebook *book, struct ruleset *set)
{
	(void)book;
	if (!--set->users && set->old)
		set_free(set);
}

struct hashing {
	uint64_t a, b;
};

static void hash_bytes(struct hashing *hash, const void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		hash->a = (hash->a ^ ((const unsigned char *)bytes)[i]) * UINT64_C(1099511628211);
		hash->b = (hash->b + ((const unsigned char *)bytes)[i]) * UINT64_C(0x9e3779b97f4a7c15);
		hash->b ^= hash->b >> 29;
	}
}

static void hash_texts(struct hashing *hash, const struct definition_text *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		hash_bytes(hash, texts[i].id, strlen(texts[i].id) + 1);
		hash_bytes(hash, texts[i].json, texts[i].length);
	}
	hash_bytes(hash, &count, sizeof(count));
}

static bool asks_applications(const struct definition_text *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (memmem(texts[i].json, texts[i].length, "\"application\"", 13))
			return true;
	return false;
}

static void log_faults(const struct ruleset *set, const char *whose)
{
	const struct definition_fault *faults;
	size_t count = definitions_faults(set->definitions, &faults);

	for (size_t i = 0; i < count; i++)
		log_warn("%s: the definition %s is left out: %s", whose, faults[i].id, faults[i].why);
}

/* All that everybody has, and own ones. */
static struct ruleset *make_set(struct rulebook *book, const struct definition_text *own, size_t count)
{
	size_t total = book->service_count + count;
	struct definition_text *all = calloc(total + 1, sizeof(*all));
	struct ruleset *set = calloc(1, sizeof(*set));
	struct hashing hash = {UINT64_C(14695981039346656037), 0};

	if (all && set) {
		memcpy(all, book->services, book->service_count * sizeof(*all));
		if (count)
			memcpy(all + book->service_count, own, count * sizeof(*all));
		hash_texts(&hash, all, total);
		hash_texts(&hash, book->devices, book->device_count);
		snprintf(set->hash, sizeof(set->hash), "%016" PRIx64 "%016" PRIx64, hash.a, hash.b);
		set->applications =
			asks_applications(all, total) || asks_applications(book->devices, book->device_count);
		if (definitions_compile(all, total, book->devices, book->device_count, &set->definitions)) {
			free(set);
			set = NULL;
		}
	} else {
		free(set);
		set = NULL;
	}
	free(all);
	return set;
}

static void keep_set(struct rulebook *book, struct ruleset *set)
{
	size_t count = 0;

	set->next = book->sets;
	book->sets = set;
	for (struct ruleset *at = book->sets, *next; at; at = next) {
		next = at->next;
		if (at != book->base && ++count > SETS_MAX)
			set_drop(book, at);
	}
}

/* Built-in texts, then those of the directory. */
static int gather(struct rulebook *book)
{
	const struct definition_files *files = &book->files;
	size_t services = builtin_service_count + files->service_count,
	       devices = builtin_device_count + files->device_count;

	free(book->services);
	free(book->devices);
	free(book->texts);
	book->services = calloc(services + 1, sizeof(*book->services));
	book->devices = calloc(devices + 1, sizeof(*book->devices));
	book->texts = calloc(services + 1, sizeof(*book->texts));
	book->service_count = book->device_count = 0;
	if (!book->services || !book->devices || !book->texts)
		return -ENOMEM;
	for (size_t i = 0; i < services; i++) {
		bool own = i >= builtin_service_count;

		book->services[i] = own ? files->services[i - builtin_service_count] : builtin_services[i];
		book->texts[i] = (struct rulebook_text){.text = book->services[i], .from_directory = own};
		for (size_t k = 0; own && k < builtin_service_count; k++)
			if (strcmp(book->texts[k].text.id, book->services[i].id) == 0)
				book->texts[k].replaced = true;
	}
	for (size_t i = 0; i < devices; i++)
		book->devices[i] = i < builtin_device_count ? builtin_devices[i]
							    : files->devices[i - builtin_device_count];
	book->service_count = services;
	book->device_count = devices;
	return 0;
}

static int load(struct rulebook *book)
{
	struct ruleset *base;
	int error = 0;

	if (book->directory) {
		struct definition_files fresh;

		book->stamp = definition_files_stamp(book->directory);
		error = definition_files_read(book->directory, &fresh);
		if (error) {
			definition_files_free(&fresh);
			return error;
		}
		/* The texts of before are borrowed until gather() has let go of them. */
		struct definition_files before = book->files;

		book->files = fresh;
		error = gather(book);
		definition_files_free(&before);
	} else {
		error = gather(book);
	}
	base = error ? NULL : make_set(book, NULL, 0);
	if (!base)
		return error ? error : -ENOMEM;
	while (book->sets)
		set_drop(book, book->sets);
	book->base = base;
	keep_set(book, base);
	log_faults(base, "definitions");
	return 0;
}

int rulebook_open(struct app *app, struct rulebook **out)
{
	struct rulebook *book = calloc(1, sizeof(*book));
	int error;

	if (!book)
		return -ENOMEM;
	book->directory = app->settings->definitions;
	error = load(book);
	if (error) {
		rulebook_close(book);
		return error;
	}
	log_debug("%zu definitions of services take %zu bytes", book->service_count,
		  definitions_bytes(book->base->definitions));
	*out = book;
	return 0;
}

void rulebook_close(struct rulebook *book)
{
	if (!book)
		return;
	for (struct ruleset *set = book->sets, *next; set; set = next) {
		next = set->next;
		set_free(set);
	}
	definition_files_free(&book->files);
	free(book->services);
	free(book->devices);
	free(book->texts);
	free(book);
}

struct ruleset *rulebook_find(struct rulebook *book, const char *organization, int64_t version)
{
	if (!version)
		return book->base;
	for (struct ruleset *set = book->sets; set; set = set->next)
		if (set->version == version && strcmp(set->organization, organization) == 0)
			return set;
	return NULL;
}

struct ruleset *rulebook_make(struct rulebook *book, const char *organization, int64_t version,
			      const struct definition_text *own, size_t count)
{
	struct ruleset *set = make_set(book, own, count);

	if (!set)
		return NULL;
	snprintf(set->organization, sizeof(set->organization), "%s", organization);
	set->version = version;
	for (struct ruleset *at = book->sets, *next; at; at = next) {
		next = at->next;
		if (at != book->base && strcmp(at->organization, organization) == 0)
			set_drop(book, at);
	}
	keep_set(book, set);
	log_faults(set, "an organization's own definitions");
	return set;
}

const struct rulebook_text *rulebook_texts(const struct rulebook *book, size_t *count)
{
	*count = book->service_count;
	return book->texts;
}

const struct ruleset *rulebook_base(const struct rulebook *book)
{
	return book->base;
}

bool rulebook_applications(const struct rulebook *book)
{
	for (const struct ruleset *set = book->sets; set; set = set->next)
		if (set->applications)
			return true;
	return false;
}

bool rulebook_refresh(struct rulebook *book)
{
	if (!book->directory || definition_files_stamp(book->directory) == book->stamp)
		return false;
	if (load(book)) {
		log_warn("the definitions of before stay in use");
		return false;
	}
	log_info("definitions were read again from %s: %zu services, %zu files about devices", book->directory,
		 book->files.service_count, book->files.device_count);
	return true;
}
