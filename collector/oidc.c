/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The providers, from the options and from the file of --oidc-providers.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/oidc.h"
#include "collector/secret.h"
#include "collector/settings.h"
#include "defs/log.h"

enum { FILE_BYTES_MAX = 64 << 10 };

static int wrong(const char *where, const char *what)
{
	log_error("%s: %s. See --oidc-issuer-url and --oidc-providers.", where, what);
	return -EINVAL;
}

/* It is a part of a path, beside two words that have a meaning there. */
static bool slug_valid(const char *slug)
{
	return *slug && strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(slug) &&
	       strcmp(slug, "authorize") != 0 && strcmp(slug, "callback") != 0;
}

static int check(const struct oidc *oidc, const struct oidc_provider *p, const char *where)
{
	if (!slug_valid(p->slug))
		return wrong(where, "a slug is made of a-z, 0-9 and -, and is neither authorize nor callback");
	if (oidc_find(oidc, p->slug))
		return wrong(where, "two providers have the same slug");
	if (!p->name[0] || !p->client_id[0])
		return wrong(where, "a provider needs a name, an issuer URL and a client id");
	if (!fetch_url_allowed(p->issuer, oidc->allow_http))
		return wrong(where, "the issuer's URL must be https (see --oidc-allow-http)");
	if (p->redirect_url[0] && strncmp(p->redirect_url, "https://", 8) != 0 &&
	    strncmp(p->redirect_url, "http://", 7) != 0)
		return wrong(where, "the redirect URL must be a whole URL");
	return 0;
}

static int add(struct oidc *oidc, const struct oidc_provider *provider, const char *where)
{
	struct oidc_provider *providers;
	int error;

	if (oidc->count == OIDC_PROVIDERS_MAX)
		return wrong(where, "these are too many providers");
	error = check(oidc, provider, where);
	if (error)
		return error;
	providers = realloc(oidc->providers, (oidc->count + 1) * sizeof(*providers));
	if (!providers)
		return -ENOMEM;
	oidc->providers = providers;
	providers[oidc->count++] = *provider;
	return 0;
}

static int add_options(struct oidc *oidc, const struct settings *settings)
{
	struct oidc_provider provider = {.slug = "oidc"};
	struct {
		const char *from;
		char *to;
		size_t size;
	} texts[] = {
		{settings->oidc.issuer_url, provider.issuer, sizeof(provider.issuer)},
		{settings->oidc.client_id, provider.client_id, sizeof(provider.client_id)},
		{settings->oidc.client_secret, provider.client_secret, sizeof(provider.client_secret)},
		{settings->oidc.name, provider.name, sizeof(provider.name)},
		{settings->oidc.redirect_url, provider.redirect_url, sizeof(provider.redirect_url)},
	};
	int error = 0;

	if (!settings->oidc.issuer_url && !settings->oidc.client_id)
		return 0;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && !error; i++)
		if (snprintf(texts[i].to, texts[i].size, "%s", texts[i].from ? texts[i].from : "") >=
		    (int)texts[i].size)
			error = wrong("--oidc-…", "a text is too long");
	if (!error)
		error = add(oidc, &provider, "--oidc-issuer-url");
	secret_wipe(&provider, sizeof(provider));
	return error;
}

/* A whole file, terminated; NULL after saying why. */
static char *file_read(const char *path, size_t *length)
{
	FILE *file = fopen(path, "re");
	char *bytes = file ? calloc(1, FILE_BYTES_MAX + 2) : NULL;

	if (!bytes) {
		log_error("%s can't be read: %s. See --oidc-providers.", path, strerror(errno));
		if (file)
			fclose(file);
		return NULL;
	}
	setvbuf(file, NULL, _IONBF, 0); /* no other copy of secrets */
	*length = fread(bytes, 1, FILE_BYTES_MAX + 1, file);
	fclose(file);
	if (*length <= FILE_BYTES_MAX)
		return bytes;
	log_error("%s is longer than %d bytes. See --oidc-providers.", path, FILE_BYTES_MAX);
	free(bytes);
	return NULL;
}

/* A text of an object; "" when it is not there. */
static int text_read(const struct json *object, const char *key, char *out, size_t size, const char *where)
{
	const struct json *value = json_get(object, key);
	const char *text = "";
	size_t length = 0;

	if (value && (!json_text(value, &text, &length) || length >= size || memchr(text, 0, length)))
		return wrong(where, "a value is not a text, or is too long");
	memcpy(out, text, length);
	out[length] = 0;
	return 0;
}

static int secret_read(const struct json *object, struct oidc_provider *provider, const char *where)
{
	char path[1024], *bytes;
	size_t length;
	int error = text_read(object, "client_secret_file", path, sizeof(path), where);

	if (error || !path[0])
		return error;
	if (provider->client_secret[0])
		return wrong(where, "client_secret and client_secret_file exclude each other");
	bytes = file_read(path, &length);
	if (!bytes)
		return -EINVAL;
	bytes[strcspn(bytes, "\r\n")] = 0;
	if (strlen(bytes) < sizeof(provider->client_secret))
		memcpy(provider->client_secret, bytes, strlen(bytes) + 1);
	secret_wipe(bytes, length);
	free(bytes);
	return provider->client_secret[0] ? 0 : wrong(path, "it does not begin with a secret");
}

static int add_object(struct oidc *oidc, const struct json *object, const char *where)
{
	struct oidc_provider p = {0};
	int error = json_kind(object) == JSON_OBJECT ? 0 : wrong(where, "each provider must be a JSON object");

	error = error ? error : text_read(object, "slug", p.slug, sizeof(p.slug), where);
	error = error ? error : text_read(object, "name", p.name, sizeof(p.name), where);
	error = error ? error : text_read(object, "issuer_url", p.issuer, sizeof(p.issuer), where);
	error = error ? error : text_read(object, "client_id", p.client_id, sizeof(p.client_id), where);
	error = error ? error
		      : text_read(object, "client_secret", p.client_secret, sizeof(p.client_secret), where);
	error = error ? error
		      : text_read(object, "redirect_url", p.redirect_url, sizeof(p.redirect_url), where);
	error = error ? error : secret_read(object, &p, where);
	error = error ? error : add(oidc, &p, where);
	secret_wipe(&p, sizeof(p));
	return error;
}

static int add_file(struct oidc *oidc, const char *path)
{
	struct json *document = NULL;
	size_t length = 0;
	char *bytes = file_read(path, &length);
	const char *why;
	int error = bytes ? 0 : -EINVAL;

	if (!error && (json_read(bytes, length, &document, &why) || json_kind(document) != JSON_ARRAY))
		error = wrong(path, "it must be a JSON array of providers");
	for (size_t i = 0; !error && i < json_count(document); i++)
		error = add_object(oidc, json_at(document, i), path);
	json_free(document);
	if (bytes)
		secret_wipe(bytes, length);
	free(bytes);
	return error;
}

int oidc_open(const struct settings *settings, struct oidc **out)
{
	struct oidc *oidc = calloc(1, sizeof(*oidc));
	int error;

	if (!oidc)
		return -ENOMEM;
	oidc->allow_http = settings->oidc_allow_http;
	oidc->ca_file = settings->oidc_ca_file;
	error = add_options(oidc, settings);
	if (!error && settings->oidc_providers)
		error = add_file(oidc, settings->oidc_providers);
	if (!error && settings->disable_password_login && !oidc->count)
		error = wrong("--disable-password-login", "there is no provider, so that nobody could sign in");
	if (error)
		oidc_close(oidc);
	else
		*out = oidc;
	return error;
}

struct oidc_provider *oidc_find(const struct oidc *oidc, const char *slug)
{
	for (size_t i = 0; i < oidc->count; i++)
		if (!*slug || strcmp(oidc->providers[i].slug, slug) == 0)
			return &oidc->providers[i];
	return NULL;
}

void oidc_close(struct oidc *oidc)
{
	if (!oidc)
		return;
	for (size_t i = 0; i < oidc->count; i++) {
		json_free(oidc->providers[i].known.key_set);
		secret_wipe(&oidc->providers[i], sizeof(oidc->providers[i]));
	}
	free(oidc->providers);
	free(oidc);
}
