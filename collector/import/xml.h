/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reader of XML for files of programs: elements and their attributes, one after another. Text between them, comments and
 * instructions are passed over. Entities are those of XML itself and numbers; a document that declares its own is refused, so nothing
 * grows and nothing else is read. Bounded depth.
 */
#ifndef COLLECTOR_IMPORT_XML_H
#define COLLECTOR_IMPORT_XML_H

#include <stdbool.h>
#include <stddef.h>

enum { XML_DEPTH_MAX = 32, XML_NAME_MAX = 64 };

enum xml_event { XML_OPEN, XML_CLOSE, XML_END, XML_BAD };

struct xml {
	const char *start, *at, *end;
	const char *why; /* after XML_BAD: in a few words */
	size_t depth;
	char names[XML_DEPTH_MAX][XML_NAME_MAX]; /* that are open; names[depth - 1] is the event's */
	const char *attributes, *attributes_end; /* of the tag that was opened last */
	bool empty;				 /* it is its own end: XML_CLOSE comes next */
	bool closing;				 /* the event before was XML_CLOSE: its name still stands */
	const char *counted;			 /* up to where lines are counted */
	size_t lines;
};

/* The bytes are borrowed. */
void xml_begin(struct xml *, const char *bytes, size_t length);
/* XML_CLOSE comes for each XML_OPEN, for an empty element too. */
enum xml_event xml_next(struct xml *);
/* The name of the element that was opened or closed. */
const char *xml_name(const struct xml *);
bool xml_is(const struct xml *, const char *name);
/* An attribute of the tag that was opened, decoded, cut at size. False, and out is "", when it is not there. */
bool xml_attribute(const struct xml *, const char *name, char *out, size_t size);
/* Where it is, for people: 1 for the first line. */
size_t xml_line(struct xml *);

#endif
