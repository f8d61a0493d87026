// SPDX-License-Identifier: BSD-2-Clause
/*
 * Any bytes as the arguments of a Network discovery: what is let through is within its bounds, and what is not gets a reason.
 * The same bytes as what a server has sent: made clean, a terminal and an XML reader find nothing in them to obey.
 */
#include <stdlib.h>
#include <string.h>

#include "sensor/scan/clean.h"
#include "sensor/scan/request.h"
#include "sensor/scan/resume.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_request(const char *text)
{
	struct prober_position position;
	struct scan_request request;
	char why[SCAN_WHY_MAX] = "";

	if (request_read(text, &request, why, sizeof(why))) {
		if (!why[0])
			abort();
		return;
	}
	if (!request.options.target_count || request.options.target_count > REQUEST_TARGETS_MAX ||
	    request.options.exclude_count > REQUEST_EXCLUDES_MAX || !request.options.rate ||
	    !request.options.host_rate || request.options.credential_count > SNMP_CREDENTIALS_MAX)
		abort();
	for (size_t i = 0; i < request.options.target_count; i++)
		if (!request.options.targets[i])
			abort();
	if (request.resume)
		resume_parse(request.resume, resume_fingerprint(&request.options), &position);
	request_free(&request);
}

static void check_clean(const uint8_t *bytes, size_t length)
{
	char *clean = clean_copy((struct text){(const char *)bytes, length}, 300);

	if (!clean)
		return;
	for (const unsigned char *at = (const unsigned char *)clean; *at; at++)
		if (*at < 0x20 || *at == 0x7f || (at[0] == 0xc2 && at[1] < 0xa0))
			abort();
	free(clean);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = malloc(length + 1);

	if (!text)
		return 0;
	memcpy(text, bytes, length);
	text[length] = 0;
	check_request(text);
	check_clean(bytes, length);
	free(text);
	return 0;
}
