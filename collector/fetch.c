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
#include <sys/socket.h>

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

/* The address that is connected to, whatever names led there. */
static curl_socket_t on_socket(void *reach, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)purpose;
	if (!reach_allowed(*(const enum reach *)reach, &address->addr))
		return CURL_SOCKET_BAD;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* What every request has; url, problem and reach are borrowed. */
static void prepare_any(CURL *curl, const char *url, const enum reach *reach, const char *ca_pem, char *problem)
{
	struct curl_blob authorities;

	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, problem);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)FETCH_CONNECT_MS_MAX);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)FETCH_MS_MAX);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	if (*reach != REACH_ALL) {
		/* A proxy would connect to what may not be connected to. */
		curl_easy_setopt(curl, CURLOPT_PROXY, "");
		curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_socket);
		curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, reach);
	}
	if (ca_pem && *ca_pem) {
		authorities = (struct curl_blob){
			.data = (void *)(uintptr_t)ca_pem, .len = strlen(ca_pem), .flags = CURL_BLOB_COPY};
		curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &authorities);
	}
}

static void prepare(CURL *curl, const struct fetch *fetch, struct taking *taking, char *problem)
{
	prepare_any(curl, fetch->url, &fetch->reach, fetch->ca_pem, problem);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	if (fetch->reach == REACH_ALL)
		curl_easy_setopt(curl, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, (long)FETCH_BYTES_MAX);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "netvisor-collector/" NETVISOR_VERSION);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, taking);
	if (fetch->ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, fetch->ca_file);
	if (fetch->form || fetch->json)
		curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, fetch->form ? fetch->form : fetch->json);
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

static struct curl_slist *headers_of(const struct fetch *fetch)
{
	struct curl_slist *all = curl_slist_append(NULL, "Accept: application/json"), *more;

	if (all && fetch->json) {
		more = curl_slist_append(all, "Content-Type: application/json");
		if (!more)
			curl_slist_free_all(all);
		all = more;
	}
	for (const char *const *header = fetch->headers; all && header && *header; header++) {
		more = curl_slist_append(all, *header);
		if (!more)
			curl_slist_free_all(all);
		all = more;
	}
	return all;
}

/* How a URL is named in words: as it is, or without what may be secret in it. */
static int shown_length(const struct fetch *fetch)
{
	size_t length = 0;
	const char *host = fetch->hide_url ? host_of(fetch->url, &length) : NULL;

	return host ? (int)(host - fetch->url) + (int)length : 120;
}

static void say_failed(const struct fetch *fetch, CURLcode code, const char *problem, bool too_large, char *why)
{
	snprintf(why, FETCH_WHY_MAX, "%.*s: %.110s", shown_length(fetch) > 120 ? 120 : shown_length(fetch),
		 fetch->url,
		 too_large    ? "the answer is too large"
		 : problem[0] ? problem
			      : curl_easy_strerror(code));
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
	headers = headers_of(fetch);
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
		say_failed(fetch, code, problem, taking.too_large, why);
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

struct giving {
	const char *text;
	size_t left;
};

static size_t on_wanted(char *out, size_t size, size_t count, void *arg)
{
	struct giving *giving = arg;
	size_t length = size * count < giving->left ? size * count : giving->left;

	memcpy(out, giving->text, length);
	giving->text += length;
	giving->left -= length;
	return length;
}

static int mail_send(CURL *curl, const struct fetch_mail *mail, struct curl_slist *to,
		     char why[static FETCH_WHY_MAX])
{
	bool tls = strcmp(mail->tls, "tls") == 0, starttls = strcmp(mail->tls, "starttls") == 0;
	char url[320], problem[CURL_ERROR_SIZE] = "";
	struct giving giving = {mail->text, strlen(mail->text)};
	long status = 0;
	CURLcode code;

	snprintf(url, sizeof(url), strchr(mail->host, ':') ? "%s://[%s]:%ld" : "%s://%s:%ld",
		 tls ? "smtps" : "smtp", mail->host,
		 mail->port ? mail->port
		 : tls	    ? 465L
		 : starttls ? 587L
			    : 25L);
	prepare_any(curl, url, &mail->reach, mail->ca_pem, problem);
	/* Signing in belongs to it, and servers are slow on purpose when a password is wrong. */
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)FETCH_MAIL_MS_MAX);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)FETCH_MAIL_MS_MAX);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(tls || starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, mail->from);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
	if (mail->user) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, mail->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, mail->password ? mail->password : "");
	}
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_wanted);
	curl_easy_setopt(curl, CURLOPT_READDATA, &giving);
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (!code)
		return 0;
	snprintf(why, FETCH_WHY_MAX, "%.100s: %.130s", mail->host,
		 problem[0] ? problem : curl_easy_strerror(code));
	/* 5xx to the addresses or the text: of this mail it will be the same tomorrow (RFC 5321, section 4.2.1). */
	return status >= 550 && status < 560 && code != CURLE_LOGIN_DENIED ? -EBADMSG : -EIO;
}

int fetch_mail(const struct fetch_mail *mail, char why[static FETCH_WHY_MAX])
{
	CURL *curl = curl_easy_init();
	struct curl_slist *to = NULL;
	int error = curl ? 0 : -ENOMEM;

	for (const char *const *each = mail->to; !error && *each; each++) {
		struct curl_slist *more = curl_slist_append(to, *each);

		if (more)
			to = more;
		else
			error = -ENOMEM;
	}
	if (error)
		snprintf(why, FETCH_WHY_MAX, "there is no memory");
	else
		error = mail_send(curl, mail, to, why);
	curl_slist_free_all(to);
	curl_easy_cleanup(curl);
	return error;
}

void fetch_free(struct fetch_answer *answer)
{
	if (answer->body)
		secret_wipe(answer->body, answer->length);
	free(answer->body);
	*answer = (struct fetch_answer){0};
}
