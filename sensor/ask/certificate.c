// SPDX-License-Identifier: BSD-2-Clause
/* A door to OpenSSL: certificates and digests. See certificate.h. */
#include "sensor/ask/certificate.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { NAME_BYTES_MAX = 512 };

static void say_hex(const struct say *say, const char *key, const uint8_t *bytes, size_t length)
{
	char text[2 * EVP_MAX_MD_SIZE + 1];

	for (size_t i = 0; i < length; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	say_trait(say, key, (struct text){text, 2 * length});
}

static void say_name_of(const struct say *say, const char *key, const X509_NAME *name)
{
	BIO *memory = BIO_new(BIO_s_mem());
	char *bytes;
	long length;

	if (!memory)
		return;
	/* RFC 2253's form, UTF-8 as it is. */
	X509_NAME_print_ex(memory, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
	length = BIO_get_mem_data(memory, &bytes);
	if (length > NAME_BYTES_MAX)
		length = NAME_BYTES_MAX;
	if (length > 0)
		say_trait(say, key, (struct text){bytes, (size_t)length});
	BIO_free(memory);
}

static void say_not_after(const struct say *say, const X509 *certificate)
{
	struct tm tm;
	char text[32];

	if (!ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &tm))
		return;
	say_trait(say, "tls.not_after",
		  (struct text){text, strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm)});
}

static void say_san(const struct say *say, const GENERAL_NAME *name)
{
	int type;
	const ASN1_STRING *string = GENERAL_NAME_get0_value(name, &type);
	const unsigned char *bytes;
	size_t length;

	if (!string || (type != GEN_DNS && type != GEN_IPADD))
		return;
	bytes = ASN1_STRING_get0_data(string);
	length = (size_t)ASN1_STRING_length(string);
	if (type == GEN_DNS) {
		say_trait(
			say, "tls.san",
			(struct text){(const char *)bytes, length > NAME_BYTES_MAX ? NAME_BYTES_MAX : length});
	} else if (length == 4 || length == 16) {
		struct ip ip = length == 4 ? ip_from_v4(bytes) : ip_from_v6(bytes);
		char text[ADDR_TEXT_MAX];

		ip_text(&ip, text);
		say_trait(say, "tls.san", (struct text){text, strlen(text)});
	}
}

void certificate_say(X509 *certificate, const struct say *say)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int length;

	say_name_of(say, "tls.subject", X509_get_subject_name(certificate));
	say_name_of(say, "tls.issuer", X509_get_issuer_name(certificate));
	say_not_after(say, certificate);
	if (X509_digest(certificate, EVP_sha256(), digest, &length))
		say_hex(say, "tls.fingerprint", digest, length);
	for (int i = 0; i < sk_GENERAL_NAME_num(names) && i < CERTIFICATE_SAN_MAX; i++)
		say_san(say, sk_GENERAL_NAME_value(names, i));
	GENERAL_NAMES_free(names);
}

int certificate_read(const uint8_t *der, size_t length, const struct say *say)
{
	const unsigned char *at = der;
	X509 *certificate = d2i_X509(NULL, &at, (long)length);

	if (!certificate) {
		ERR_clear_error();
		return -EBADMSG;
	}
	certificate_say(certificate, say);
	X509_free(certificate);
	ERR_clear_error();
	return 0;
}

void digest_sha256(const void *bytes, size_t length, char out[static 65])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int size = 0;

	EVP_Digest(bytes, length, digest, &size, EVP_sha256(), NULL);
	for (size_t i = 0; i < 32; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
}
