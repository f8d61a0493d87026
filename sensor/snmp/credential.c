// SPDX-License-Identifier: BSD-2-Clause
/* Credentials: their words, what is wrong with them, and the file that holds them. What stands in them is never said. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "defs/log.h"
#include "sensor/snmp/snmp.h"

enum { LINE_MAX_BYTES = 2048, WORDS_AT_MOST = 7 };

static int find(const char *const *names, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], text) == 0)
			return (int)i;
	return -EINVAL;
}

int snmp_version_parse(const char *text, enum snmp_version *out)
{
	static const char *const names[] = {"v1", "v2c", "v3"};
	int found = find(names, sizeof(names) / sizeof(names[0]), text);

	if (found < 0)
		return found;
	*out = (enum snmp_version)found;
	return 0;
}

int snmp_auth_parse(const char *text, enum snmp_auth *out)
{
	static const char *const names[] = {"none", "md5", "sha1", "sha224", "sha256", "sha384", "sha512"};
	int found = find(names, sizeof(names) / sizeof(names[0]), text);

	if (found < 0)
		return found;
	*out = (enum snmp_auth)found;
	return 0;
}

int snmp_priv_parse(const char *text, enum snmp_priv *out)
{
	static const char *const names[] = {"none", "des", "aes128", "aes192", "aes256"};
	int found = find(names, sizeof(names) / sizeof(names[0]), text);

	if (found < 0)
		return found;
	*out = (enum snmp_priv)found;
	return 0;
}

const char *snmp_credential_fault(const struct snmp_credential *c)
{
	if (c->version != SNMP_V3)
		return c->community[0] ? NULL : "v1 and v2c need a community";
	if (!c->user[0])
		return "v3 needs a user";
	if (strlen(c->user) > 32)
		return "the user of v3 has at most 32 bytes (RFC 3414)";
	if (c->auth == SNMP_AUTH_NONE && c->priv != SNMP_PRIV_NONE)
		return "v3 encrypts only what it authenticates: it needs an authentication too";
	if (c->auth != SNMP_AUTH_NONE && strlen(c->auth_passphrase) < SNMP_PASSPHRASE_MIN)
		return "the passphrase of v3's authentication needs at least 8 bytes (RFC 3414)";
	if (c->priv != SNMP_PRIV_NONE && strlen(c->priv_passphrase) < SNMP_PASSPHRASE_MIN)
		return "the passphrase of v3's encryption needs at least 8 bytes (RFC 3414)";
	return NULL;
}

/* Split in place; -EINVAL: too many words, or a quote without its end. */
static int split(char *line, char *words[WORDS_AT_MOST])
{
	int count = 0;

	for (char *at = line;;) {
		at += strspn(at, " \t\r\n");
		if (!*at || *at == '#')
			return count;
		if (count == WORDS_AT_MOST)
			return -EINVAL;
		if (*at == '"') {
			words[count++] = ++at;
			at = strchr(at, '"');
			if (!at)
				return -EINVAL;
		} else {
			words[count++] = at;
			at += strcspn(at, " \t\r\n");
		}
		if (*at)
			*at++ = 0;
	}
}

static int copy_word(char out[static SNMP_TEXT_MAX], const char *word)
{
	size_t length = strlen(word);

	if (length >= SNMP_TEXT_MAX)
		return -EINVAL;
	memcpy(out, word, length + 1);
	return 0;
}

static const char *read_words(char *const *words, int count, struct snmp_credential *out)
{
	static const char form[] =
		"a line is `v1 COMMUNITY`, `v2c COMMUNITY` or `v3 USER [AUTH PASSPHRASE [PRIV PASSPHRASE]]`";

	if (count < 2 || snmp_version_parse(words[0], &out->version))
		return form;
	if (out->version != SNMP_V3)
		return count > 2 || copy_word(out->community, words[1]) ? form : snmp_credential_fault(out);
	if ((count != 2 && count != 4 && count != 6) || copy_word(out->user, words[1]))
		return form;
	if (count >= 4 && snmp_auth_parse(words[2], &out->auth))
		return "an authentication is md5, sha1, sha224, sha256, sha384 or sha512";
	if (count >= 4 && copy_word(out->auth_passphrase, words[3]))
		return form;
	if (count == 6 && snmp_priv_parse(words[4], &out->priv))
		return "an encryption is des, aes128, aes192 or aes256";
	if (count == 6 && copy_word(out->priv_passphrase, words[5]))
		return form;
	return snmp_credential_fault(out);
}

static int read_line(const char *path, unsigned int number, char *line, struct snmp_credential *out)
{
	char *words[WORDS_AT_MOST];
	int count = split(line, words);
	const char *fault;

	if (count == 0)
		return 0;
	*out = (struct snmp_credential){};
	fault = count < 0 ? "a quotation mark has no end, or there are too many words"
			  : read_words(words, count, out);
	if (!fault)
		return 1;
	log_error("%s, line %u: %s.", path, number, fault);
	return -EINVAL;
}

int snmp_credentials_read(const char *path, struct snmp_credential *out, size_t max, size_t *count)
{
	FILE *file = fopen(path, "re");
	char line[LINE_MAX_BYTES];
	struct stat stat;
	size_t found = 0;
	int error = 0;

	if (!file || fstat(fileno(file), &stat)) {
		error = -errno;
		log_error("The file of SNMP credentials %s can't be read: %s.", path, strerror(errno));
	} else if (stat.st_mode & (S_IRGRP | S_IROTH)) {
		error = -EPERM;
		log_error(
			"%s holds secrets and may be read by others. Let its owner alone read it: chmod 600 %s",
			path, path);
	}
	for (unsigned int number = 1; !error && fgets(line, sizeof(line), file); number++) {
		struct snmp_credential one;
		int taken = read_line(path, number, line, &one);

		if (taken > 0 && found == max) {
			log_error("%s, line %u: more than %zu credentials.", path, number, max);
			taken = -E2BIG;
		}
		if (taken > 0)
			out[found++] = one;
		error = taken < 0 ? taken : 0;
		explicit_bzero(&one, sizeof(one));
	}
	explicit_bzero(line, sizeof(line));
	if (file)
		fclose(file);
	if (error)
		explicit_bzero(out, found * sizeof(*out));
	else
		*count = found;
	return error;
}
