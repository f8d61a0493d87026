// SPDX-License-Identifier: BSD-2-Clause
/* A door to OpenSSL: sessions over memory. See tls.h. */
#include "sensor/ask/tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/ask/certificate.h"

enum { CERTIFICATES_BYTES_MAX = 24576 };

struct tls_client {
	SSL_CTX *context;
};

struct tls {
	SSL *ssl;
	BIO *in, *out;	  /* owned by ssl */
	size_t taken;	  /* bytes received before it was up */
	uint8_t first[3]; /* of what the server sent: a record's type and version */
	size_t first_length;
};

static const uint8_t alpn_http[] = "\x08http/1.1";

int tls_client_open(struct tls_client **out)
{
	struct tls_client *client = calloc(1, sizeof(*client));

	if (!client)
		return -ENOMEM;
	client->context = SSL_CTX_new(TLS_client_method());
	if (!client->context) {
		free(client);
		return -ENOMEM;
	}
	/* It is to be seen what is there, however old: nothing secret is ever sent, and nothing that comes is trusted. */
	SSL_CTX_set_security_level(client->context, 0);
	SSL_CTX_set_min_proto_version(client->context, TLS1_VERSION);
	SSL_CTX_set_cipher_list(client->context, "ALL:!aNULL:!eNULL:@SECLEVEL=0");
	SSL_CTX_set_verify(client->context, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_options(client->context, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF |
						     SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION |
						     SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_mode(client->context, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(client->context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_max_cert_list(client->context, CERTIFICATES_BYTES_MAX);
	*out = client;
	return 0;
}

void tls_client_close(struct tls_client *client)
{
	if (!client)
		return;
	SSL_CTX_free(client->context);
	free(client);
}

int tls_open(struct tls_client *client, const char *name, bool http, struct tls **out)
{
	struct tls *tls = calloc(1, sizeof(*tls));

	if (!tls)
		return -ENOMEM;
	tls->ssl = SSL_new(client->context);
	tls->in = BIO_new(BIO_s_mem());
	tls->out = BIO_new(BIO_s_mem());
	if (!tls->ssl || !tls->in || !tls->out) {
		BIO_free(tls->in);
		BIO_free(tls->out);
		SSL_free(tls->ssl);
		free(tls);
		return -ENOMEM;
	}
	BIO_set_mem_eof_return(tls->in, -1);
	SSL_set_bio(tls->ssl, tls->in, tls->out);
	SSL_set_connect_state(tls->ssl);
	if (*name)
		SSL_set_tlsext_host_name(tls->ssl, name);
	if (http)
		SSL_set_alpn_protos(tls->ssl, alpn_http, sizeof(alpn_http) - 1);
	*out = tls;
	return 0;
}

void tls_close(struct tls *tls)
{
	if (!tls)
		return;
	SSL_free(tls->ssl);
	free(tls);
}

int tls_take(struct tls *tls, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length && tls->first_length < sizeof(tls->first); i++)
		tls->first[tls->first_length++] = bytes[i];
	if (!SSL_is_init_finished(tls->ssl)) {
		tls->taken += length;
		if (tls->taken > TLS_HANDSHAKE_BYTES_MAX)
			return -EBADMSG;
	}
	return BIO_write(tls->in, bytes, (int)length) == (int)length ? 0 : -EBADMSG;
}

int tls_step(struct tls *tls)
{
	int result = SSL_do_handshake(tls->ssl), error;

	if (result == 1)
		return 1;
	error = SSL_get_error(tls->ssl, result);
	ERR_clear_error();
	return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0 : -EBADMSG;
}

size_t tls_out(struct tls *tls, uint8_t *out, size_t size)
{
	int length = BIO_read(tls->out, out, (int)size);

	return length > 0 ? (size_t)length : 0;
}

int tls_write(struct tls *tls, const uint8_t *bytes, size_t length)
{
	int result = SSL_write(tls->ssl, bytes, (int)length);

	ERR_clear_error();
	return result == (int)length ? 0 : -EBADMSG;
}

ssize_t tls_read(struct tls *tls, uint8_t *out, size_t size)
{
	int result = SSL_read(tls->ssl, out, (int)size), error;

	if (result > 0)
		return result;
	error = SSL_get_error(tls->ssl, result);
	ERR_clear_error();
	if (error == SSL_ERROR_WANT_READ)
		return 0;
	return error == SSL_ERROR_ZERO_RETURN ? -EPIPE : -EBADMSG;
}

bool tls_spoken(const struct tls *tls)
{
	/* Alert or handshake, of SSL 3 to TLS 1.3 (RFC 8446, 5.1). */
	return tls->first_length == sizeof(tls->first) && (tls->first[0] == 0x15 || tls->first[0] == 0x16) &&
	       tls->first[1] == 3 && tls->first[2] <= 4;
}

void tls_alpn(const struct tls *tls, char out[static 32])
{
	const unsigned char *bytes;
	unsigned int length;

	SSL_get0_alpn_selected(tls->ssl, &bytes, &length);
	if (length > 31)
		length = 0;
	if (length)
		memcpy(out, bytes, length);
	out[length] = 0;
}

void tls_say(const struct tls *tls, const struct say *say)
{
	const char *version = SSL_get_version(tls->ssl);
	X509 *certificate = SSL_get0_peer_certificate(tls->ssl);
	char alpn[32];

	tls_alpn(tls, alpn);
	say_trait(say, "tls.version", (struct text){version, strlen(version)});
	say_trait(say, "tls.alpn", (struct text){alpn, strlen(alpn)});
	if (certificate)
		certificate_say(certificate, say);
	ERR_clear_error();
}
