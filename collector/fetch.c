/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libcurl's door.
 */
#include <curl/curl.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/fetch.h"
#include "collector/secret.h"
#include "defs/addr.h"

static atomic_bool stopping;

struct taking {
	char *body;
	size_t length;
	bool too_large;
};

int fetch_open(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) ? -ENOMEM : 0;
}

void fetch_stop(void)
{
	atomic_store(&stopping, true);
}

void fetch_close(void)
{
	curl_global_cleanup();
}

/* The host of an URL: its place and length. It ends before a port; brackets of IPv6 belong to it. */
static const char *host_of(const char *url, size_t *length)
{
	const char *at = strstr(url, "://"), *end;

	if (!at)
		return NULL;
	at += 3;
	end = at + strcspn(at, "/?#");
	if (memchr(at, '@', (size_t)(end - at)))
		return NULL;
	*length = *at == '[' ? strcspn(at, "]") + 1 : strcspn(at, ":/?#");
	return *length <= (size_t)(end - at) ? at : NULL;
}

static bool is_loopback(const char *host, size_t length)
{
	char text[ADDR_TEXT_MAX];
	struct ip ip;

	if (length >= sizeof(text))
		return false;
	memcpy(text, host, length);
	text[length] = 0;
	/* libcurl never asks a name server for localhost. */
	if (strcasecmp(text, "localhost") == 0 || strcmp(text, "[::1]") == 0)
		return true;
	return ip_parse(text, &ip) == 0 && ip.version == 4 && ip.bytes[0] == 127;
}

bool fetch_url_allowed(const char *url, bool allow_http)
{
	size_t length = 0;
	const char *host = strlen(url) <= FETCH_URL_BYTES_MAX ? host_of(url, &length) : NULL;

	if (!host || !length)
		return false;
	if (strncasecmp(url, "https://", 8) == 0)
		return true;
	return strncasecmp(url, "http://", 7) == 0 && (allow_http || is_loopback(host, length));
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *arg)
{
	struct taking *taking = arg;
	size_t length = size * count;
	char *body;

	if (length > FETCH_BYTES_MAX - taking->length) {
		taking->too_large = true;
		return 0;
	}
	body = realloc(taking->body, taking->length + length + 1);
	if (!body)
		return 0;
	memcpy(body + taking->length, bytes, length);
	taking->body = body;
	taking->length += length;
	body[taking->length] = 0;
	return length;
}

static int on_progress(void *arg, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
	(void)arg;
	(void)down_all;
	(void)down;
	(void)up_all;
	(void)up;
	return atomic_load(&stopping);
}

static void prepare(CURL *curl, const struct fetch *fetch, struct taking *taking, char *problem)
{
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, problem);
	curl_easy_setopt(curl, CURLOPT_URL, fetch->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)FETCH_CONNECT_MS_MAX);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)FETCH_MS_MAX);
	curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, (long)FETCH_BYTES_MAX);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "netvisor-collector/" NETVISOR_VERSION);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, taking);
	if (fetch->ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, fetch->ca_file);
	if (fetch->form)
		curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, fetch->form);
	if (fetch->user) {
		curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(curl, CURLOPT_USERNAME, fetch->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, fetch->password);
	}
	if (fetch->bearer) {
		curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
		curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, fetch->bearer);
	}
}

int fetch(const struct fetch *fetch, struct fetch_answer *out, char why[static FETCH_WHY_MAX])
{
	char problem[CURL_ERROR_SIZE] = "";
	struct taking taking = {0};
	struct curl_slist *headers;
	long status = 0;
	CURLcode code;
	char *body;
	CURL *curl;

	if (!fetch_url_allowed(fetch->url, fetch->allow_http)) {
		snprintf(why, FETCH_WHY_MAX, "%.120s is not https (see --oidc-allow-http)", fetch->url);
		return -EPROTONOSUPPORT;
	}
	curl = curl_easy_init();
	headers = curl_slist_append(NULL, "Accept: application/json");
	if (!curl || !headers) {
		curl_slist_free_all(headers);
		curl_easy_cleanup(curl);
		snprintf(why, FETCH_WHY_MAX, "there is no memory");
		return -ENOMEM;
	}
	prepare(curl, fetch, &taking, problem);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	if (code || !status) {
		snprintf(why, FETCH_WHY_MAX, "%.120s: %.110s", fetch->url,
			 taking.too_large ? "the answer is too large"
			 : problem[0]	  ? problem
					  : curl_easy_strerror(code));
		free(taking.body);
		return -EIO;
	}
	body = taking.body ? taking.body : calloc(1, 1);
	if (!body) {
		snprintf(why, FETCH_WHY_MAX, "there is no memory");
		return -ENOMEM;
	}
	*out = (struct fetch_answer){.status = (int)status, .body = body, .length = taking.length};
	return 0;
}

void fetch_free(struct fetch_answer *answer)
{
	if (answer->body)
		secret_wipe(answer->body, answer->length);
	free(answer->body);
	*answer = (struct fetch_answer){0};
}
