/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A request's head, from libwebsockets into texts of fixed size; which of them is not there, or is too long, is empty.
 */
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>

#include "collector/http.h"
#include "defs/addr.h"

enum { QUERY_PART_MAX = 4096 };

void http_header_copy(struct lws *wsi, int token, char *out, size_t size)
{
	if (lws_hdr_copy(wsi, out, (int)size, (enum lws_token_indexes)token) < 0)
		out[0] = 0;
}

/* The client's address. A proxy adds the one that it sees at the end of the list; whatever stands before may be made up. */
static void peer_read(struct lws *wsi, struct http_head *out)
{
	const struct http *http = lws_context_user(lws_get_context(wsi));
	char list[512], *last;
	struct ip ip;

	lws_get_peer_simple(wsi, out->peer, sizeof(out->peer));
	if (!http_forwarded(http))
		return;
	http_header_copy(wsi, WSI_TOKEN_X_FORWARDED_FOR, list, sizeof(list));
	last = strrchr(list, ',') ? strrchr(list, ',') + 1 : list;
	last += strspn(last, " \t");
	last[strcspn(last, " \t")] = 0;
	if (ip_parse(last, &ip) == 0)
		snprintf(out->peer, sizeof(out->peer), "%s", last);
}

/*
 * libwebsockets decodes a query and splits it at its `&`. What was decoded to a sign that has a meaning is written
 * encoded again, so that http_query() gives each value as it was meant.
 */
static void query_read(struct lws *wsi, char *out, size_t size)
{
	char part[QUERY_PART_MAX];
	size_t used = 0;

	for (int i = 0;; i++) {
		int length = lws_hdr_copy_fragment(wsi, part, sizeof(part), WSI_TOKEN_HTTP_URI_ARGS, i);

		if (length < 0)
			break;
		for (int k = 0; k < length; k++) {
			bool sign = part[k] == '&' || part[k] == '%';

			if (used + 4 >= size)
				return;
			used += (size_t)snprintf(out + used, size - used, sign ? "%%%02X" : "%c", part[k]);
		}
		out[used++] = '&';
	}
}

void http_head_read(struct lws *wsi, struct http_head *out)
{
	static const enum http_method methods[] = {
		[LWSHUMETH_GET] = HTTP_GET,	  [LWSHUMETH_POST] = HTTP_POST,
		[LWSHUMETH_OPTIONS] = HTTP_OTHER, [LWSHUMETH_PUT] = HTTP_PUT,
		[LWSHUMETH_PATCH] = HTTP_OTHER,	  [LWSHUMETH_DELETE] = HTTP_DELETE,
		[LWSHUMETH_CONNECT] = HTTP_OTHER, [LWSHUMETH_HEAD] = HTTP_HEAD,
	};
	char *uri = NULL;
	int length = 0, method = lws_http_get_uri_and_method(wsi, &uri, &length);

	memset(out, 0, sizeof(*out));
	out->method = method >= 0 && method <= LWSHUMETH_HEAD ? methods[method] : HTTP_OTHER;
	if (uri && length > 0 && (size_t)length < sizeof(out->path))
		memcpy(out->path, uri, (size_t)length);
	query_read(wsi, out->query, sizeof(out->query));
	http_header_copy(wsi, WSI_TOKEN_HOST, out->host, sizeof(out->host));
	http_header_copy(wsi, WSI_TOKEN_ORIGIN, out->origin, sizeof(out->origin));
	http_header_copy(wsi, WSI_TOKEN_HTTP_COOKIE, out->cookie, sizeof(out->cookie));
	http_header_copy(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, out->authorization, sizeof(out->authorization));
	http_header_copy(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, out->accept_encoding,
			 sizeof(out->accept_encoding));
	http_header_copy(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, out->if_none_match, sizeof(out->if_none_match));
	http_header_copy(wsi, WSI_TOKEN_HTTP_IF_MATCH, out->if_match, sizeof(out->if_match));
	http_header_copy(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, out->content_type, sizeof(out->content_type));
	http_header_copy(wsi, WSI_TOKEN_HTTP_USER_AGENT, out->user_agent, sizeof(out->user_agent));
	/* It is kept and shown: nothing but what can be read. */
	for (char *at = out->user_agent; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	if (lws_hdr_custom_copy(wsi, out->sec_fetch_site, sizeof(out->sec_fetch_site), "sec-fetch-site:", 15) <
	    0)
		out->sec_fetch_site[0] = 0;
	peer_read(wsi, out);
	out->tls = lws_is_ssl(wsi);
}
