// SPDX-License-Identifier: BSD-2-Clause
/* See resume.h. The text: `netvisor-scan 1 FINGERPRINT KEY KEY BLOCK NEXT`, numbers in hex, padded so that each is as long as the last. */
#include "sensor/scan/resume.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "defs/asked.h"
#include "defs/log.h"
#include "sensor/scan/scan.h"

struct resume {
	int fd;
	uint64_t fingerprint;
	bool failed; /* to write; said once */
	char path[];
};

static uint64_t mix(uint64_t hash, const void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(1099511628211); /* FNV-1a */
	return hash;
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
	return mix(hash, text ? text : "", text ? strlen(text) + 1 : 1);
}

uint64_t resume_fingerprint(const struct scan_options *o)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	uint8_t flags[] = {o->full, o->skip_alive, o->raw_print, o->industrial};

	for (size_t i = 0; i < o->target_count; i++)
		hash = mix_text(hash, o->targets[i]);
	hash = mix_text(hash, "-");
	for (size_t i = 0; i < o->exclude_count; i++)
		hash = mix_text(hash, o->excludes[i]);
	hash = mix_text(hash, o->ports);
	hash = mix(hash, flags, sizeof(flags));
	hash = mix(hash, &o->shard, sizeof(o->shard));
	hash = mix(hash, &o->shards, sizeof(o->shards));
	/* Another version's definitions may name other ports. */
	if (!o->ports && !o->full)
		hash = mix(hash, asked_tcp_ports, asked_tcp_port_count * sizeof(asked_tcp_ports[0]));
	return hash;
}

void resume_text(const struct prober_position *p, uint64_t fingerprint, char out[static RESUME_TEXT_MAX])
{
	snprintf(out, RESUME_TEXT_MAX,
		 "netvisor-scan 1 %016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %016" PRIx64,
		 fingerprint, p->key[0], p->key[1], p->block, p->next);
}

/* Sixteen hex digits after a blank; NULL when there are none. */
static const char *take_number(const char *text, uint64_t *out)
{
	char digits[17] = "";

	if (*text++ != ' ' || strspn(text, "0123456789abcdef") != 16)
		return NULL;
	memcpy(digits, text, 16);
	*out = strtoull(digits, NULL, 16);
	return text + 16;
}

int resume_parse(const char *text, uint64_t fingerprint, struct prober_position *out)
{
	static const char head[] = "netvisor-scan 1";
	uint64_t numbers[5];

	if (strncmp(text, head, sizeof(head) - 1) != 0)
		return -EINVAL;
	text += sizeof(head) - 1;
	for (size_t i = 0; i < 5; i++) {
		text = take_number(text, &numbers[i]);
		if (!text)
			return -EINVAL;
	}
	if (*text && *text != '\n')
		return -EINVAL;
	if (numbers[0] != fingerprint)
		return -ESTALE;
	*out = (struct prober_position){
		.key = {numbers[1], numbers[2]}, .block = numbers[3], .next = numbers[4]};
	return 0;
}

static int read_position(struct resume *r, struct prober_position *out)
{
	char text[RESUME_TEXT_MAX];
	ssize_t length = pread(r->fd, text, sizeof(text) - 1, 0);

	if (length < 0)
		return -errno;
	text[length] = 0;
	return length ? resume_parse(text, r->fingerprint, out) : 0;
}

int resume_open(const char *path, uint64_t fingerprint, struct resume **out, struct prober_position *position,
		char *why, size_t why_size)
{
	size_t length = strlen(path) + 1;
	struct resume *r = calloc(1, sizeof(*r) + length);
	struct stat status;
	int error;

	if (!r)
		return -ENOMEM;
	memcpy(r->path, path, length);
	r->fingerprint = fingerprint;
	r->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	error = r->fd < 0 || fstat(r->fd, &status) ? -errno : S_ISREG(status.st_mode) ? 0 : -EINVAL;
	*position = (struct prober_position){0};
	if (!error)
		error = read_position(r, position);
	if (!error) {
		*out = r;
		return 0;
	}
	if (error == -EINVAL)
		snprintf(why, why_size,
			 "--resume: %.200s holds something else than the position of a scan; name another file",
			 path);
	else if (error == -ESTALE)
		snprintf(why, why_size,
			 "--resume: %.200s is of a scan with other targets, ports or shard; give the same "
			 "ones, or remove it",
			 path);
	else
		snprintf(why, why_size, "--resume: %.200s can't be used: %s", path, strerror(-error));
	if (r->fd >= 0)
		close(r->fd);
	free(r);
	return error;
}

void resume_save(struct resume *r, const struct prober_position *position)
{
	char text[RESUME_TEXT_MAX];
	size_t length;

	resume_text(position, r->fingerprint, text);
	length = strlen(text);
	text[length++] = '\n';
	if (pwrite(r->fd, text, length, 0) == (ssize_t)length) {
		r->failed = false;
		return;
	}
	if (!r->failed)
		log_warn("--resume: %s can't be written: %s; the scan goes on without", r->path,
			 strerror(errno));
	r->failed = true;
}

void resume_close(struct resume *r, bool finished)
{
	if (!r)
		return;
	if (finished && unlink(r->path) && ftruncate(r->fd, 0))
		log_warn("--resume: %s can't be removed: %s; the scan is finished", r->path, strerror(errno));
	close(r->fd);
	free(r);
}
