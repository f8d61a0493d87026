/* SPDX-License-Identifier: BSD-2-Clause */
/* As much of XML as WS-Discovery's messages need. */
#ifndef SENSOR_DECODE_XML_H
#define SENSOR_DECODE_XML_H

#include <string.h>

#include "defs/facts.h"
#include "sensor/decode/decode.h"

/* The text between <any:NAME …> and the next "<"; empty when there is none. Not a reader of XML, only of this. */
static inline struct text xml_element(struct text xml, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 1; i + length < xml.length; i++) {
		const char *at = xml.bytes + i;
		size_t left = xml.length - i;

		if ((at[-1] != ':' && at[-1] != '<') || memcmp(at, name, length) != 0 ||
		    !strchr("> \t\r\n", at[length]))
			continue;

		const char *start = memchr(at, '>', left);
		const char *end = start ? memchr(start, '<', left - (size_t)(start - at)) : NULL;

		return end ? text_trim((struct text){start + 1, (size_t)(end - start - 1)})
			   : (struct text){"", 0};
	}
	return (struct text){"", 0};
}

#endif
