// SPDX-License-Identifier: BSD-2-Clause
/* Any bytes to one decoder, FUZZ_DECODER. The first byte chooses what is around them; all facts are written as JSON. */
#include <stdlib.h>

#include "sensor/decode/decode.h"
#include "sensor/fact_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct fact_list list;
	struct decode_context ctx = {.time_us = 1, .hop_limit = 255, .mac_src = {{2, 0, 0, 0, 0, 5}}};
	size_t size;

	if (length == 0)
		return 0;
	ctx.cut = bytes[0] & 1;
	ctx.ip_src = ip_from_v6(bytes[0] & 2 ? "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1"
					     : "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
	if (bytes[0] & 4) /* a question, the start of which is like the answer's, as such are */
		ctx.asked = wire_over(bytes + 1, length < 65 ? length - 1 : 64);
	fact_list_reset(&list);
	if (FUZZ_DECODER(&ctx, wire_over(bytes + 1, length - 1), &list))
		return 0;
	for (size_t i = 0; i < list.count; i++)
		free(fact_json(&list.item[i], &size));
	return 0;
}
