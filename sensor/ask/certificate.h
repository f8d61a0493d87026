/* SPDX-License-Identifier: BSD-2-Clause */
/* What a server's certificate says, whoever received it; and digests. Pure. */
#ifndef SENSOR_ASK_CERTIFICATE_H
#define SENSOR_ASK_CERTIFICATE_H

#include <stddef.h>
#include <stdint.h>

#include "sensor/ask/dialogue.h"

enum { CERTIFICATE_SAN_MAX = 32 }; /* names said of one certificate */

struct x509_st; /* OpenSSL's X509 */

/* tls.subject, tls.issuer, tls.not_after, tls.fingerprint, tls.san: each a trait. */
void certificate_say(struct x509_st *, const struct say *);
/* Of one that stands at the front of these bytes, in DER. 0, or -EBADMSG: then nothing is said. */
int certificate_read(const uint8_t *der, size_t length, const struct say *);

/* SHA-256 as hex, terminated. */
void digest_sha256(const void *bytes, size_t length, char out[static 65]);

#endif
