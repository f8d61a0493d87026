/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The key's file: one line of 64 hex digits, readable by the collector's user alone. It is read when it is needed first.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/settings.h"
#include "collector/vault.h"
#include "defs/log.h"

enum { DIGITS = 2 * SEAL_KEY_BYTES, PATH_BYTES_MAX = 4096 };

struct vault {
	const struct settings *settings;
	char path[PATH_BYTES_MAX];
	uint8_t key[SEAL_KEY_BYTES];
	bool read;
};

int vault_open(const struct settings *settings, struct vault **out)
{
	struct vault *vault = calloc(1, sizeof(*vault));

	if (!vault)
		return -ENOMEM;
	vault->settings = settings;
	if (settings->secret_key_file)
		snprintf(vault->path, sizeof(vault->path), "%s", settings->secret_key_file);
	else
		snprintf(vault->path, sizeof(vault->path), "%s/secret.key", settings->data_dir);
	*out = vault;
	return 0;
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* 0; -ENOENT when there is no file; -EINVAL when it holds no key. */
static int key_read(struct vault *vault)
{
	char text[DIGITS + 1];
	int fd = open(vault->path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text));
	int error = length < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	if (!error && (length < DIGITS || (length > DIGITS && text[DIGITS] != '\n')))
		error = -EINVAL;
	for (size_t i = 0; !error && i < SEAL_KEY_BYTES; i++) {
		int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			error = -EINVAL;
		else
			vault->key[i] = (uint8_t)(high << 4 | low);
	}
	secret_wipe(text, sizeof(text));
	vault->read = !error;
	return error;
}

/* Under another name first, so that whoever reads it reads all of it; who comes second takes what is there. */
static int key_make(struct vault *vault)
{
	char part[PATH_BYTES_MAX + 8], text[DIGITS + 2];
	uint8_t key[SEAL_KEY_BYTES];
	int fd, error = 0;

	if (!vault->settings->secret_key_file)
		mkdir(vault->settings->data_dir, 0700);
	snprintf(part, sizeof(part), "%s.%d", vault->path, (int)getpid());
	fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	secret_random(key, sizeof(key));
	for (size_t i = 0; i < sizeof(key); i++)
		snprintf(text + 2 * i, 3, "%02x", key[i]);
	text[DIGITS] = '\n';
	if (write(fd, text, DIGITS + 1) != DIGITS + 1 || fsync(fd) < 0)
		error = errno ? -errno : -EIO;
	close(fd);
	if (!error && link(part, vault->path) < 0 && errno != EEXIST)
		error = -errno;
	unlink(part);
	secret_wipe(key, sizeof(key));
	secret_wipe(text, sizeof(text));
	if (!error)
		log_info("made the key that secrets are sealed with: %s. Keep a copy of it apart from the "
			 "backups of "
			 "the database, which need it.",
			 vault->path);
	return error ? error : key_read(vault);
}

static int key_ready(struct vault *vault, bool make, char why[static VAULT_WHY_MAX])
{
	int error = vault->read ? 0 : key_read(vault);

	if (error == -ENOENT && make)
		error = key_make(vault);
	if (!error)
		return 0;
	if (error == -EINVAL)
		snprintf(why, VAULT_WHY_MAX,
			 "%.200s holds no key: it must be 64 hex digits. Put the right file back; see "
			 "--secret-key-file of the collector.",
			 vault->path);
	else
		snprintf(
			why, VAULT_WHY_MAX,
			"the collector's key for secrets can't be %s: %.200s: %s. See --secret-key-file of the "
			"collector.",
			make && error != -EACCES ? "kept" : "read", vault->path, strerror(-error));
	return error;
}

const char *vault_seal(struct vault *vault, const char *about, const char *text,
		       char out[static SEALED_TEXT_MAX], char why[static VAULT_WHY_MAX])
{
	const char *sealed;

	if (key_ready(vault, true, why))
		return NULL;
	sealed = secret_seal(vault->key, about, text, out);
	if (!sealed)
		snprintf(why, VAULT_WHY_MAX, "a secret has at most %d bytes", SEAL_TEXT_MAX - 1);
	return sealed;
}

int vault_unseal(struct vault *vault, const char *about, const char *sealed, char out[static SEAL_TEXT_MAX],
		 char why[static VAULT_WHY_MAX])
{
	int error = key_ready(vault, false, why);

	if (error)
		return error;
	error = secret_unseal(vault->key, about, sealed, out);
	if (error) {
		/* It may have been put back meanwhile. */
		vault->read = false;
		snprintf(why, VAULT_WHY_MAX,
			 "it was sealed with another key than that of %.200s. Put the file back that the "
			 "collector had "
			 "then (--secret-key-file), or give the secret again.",
			 vault->path);
	}
	return error;
}

void vault_close(struct vault *vault)
{
	if (!vault)
		return;
	secret_wipe(vault, sizeof(*vault));
	free(vault);
}

const char *credential_about(const char *id, const char *field, char out[static CREDENTIAL_ABOUT_MAX])
{
	snprintf(out, CREDENTIAL_ABOUT_MAX, "snmp_credential/%.36s/%.32s", id, field);
	/* An id may come in capital letters. */
	for (char *at = out; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return out;
}
