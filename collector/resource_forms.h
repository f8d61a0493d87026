/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON Schema of what the parts of a host may hold in its body (host_child_check() of sql/0022_edit.sql), for forms.
 */
#ifndef COLLECTOR_RESOURCE_FORMS_H
#define COLLECTOR_RESOURCE_FORMS_H

#define CHILD_FORM                                                                                          \
	"\"id\":{\"type\":\"string\",\"format\":\"uuid\"},\"key\":{\"type\":\"string\",\"maxLength\":100}," \
	"\"deleted\":{\"type\":\"boolean\"}"
#define NAMED_FORM                                                      \
	",\"name\":{\"type\":[\"string\",\"null\"],\"maxLength\":100}," \
	"\"position\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":10000}"
#define INTERFACE_FORM                                                          \
	"\"items\":{\"type\":\"object\",\"properties\":{" CHILD_FORM NAMED_FORM \
	",\"ip_address\":{\"type\":[\"string\",\"null\"],\"format\":\"ip\"},"   \
	"\"mac_address\":{\"type\":[\"string\",\"null\"],\"format\":\"mac\"},"  \
	"\"subnet_id\":{\"type\":[\"string\",\"null\"],\"format\":\"uuid\"}}}"
#define PORT_FORM                                                             \
	"\"items\":{\"type\":\"object\",\"properties\":{" CHILD_FORM          \
	",\"number\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":65535}," \
	"\"protocol\":{\"type\":\"string\",\"enum\":[\"tcp\",\"udp\"]}}}"
#define SERVICE_FORM                                                                                           \
	"\"items\":{\"type\":\"object\",\"properties\":{" CHILD_FORM NAMED_FORM                                \
	",\"service_definition\":{\"type\":[\"string\",\"null\"],\"maxLength\":100},"                          \
	"\"virtualization\":{\"type\":[\"object\",\"null\"]},"                                                 \
	"\"tags\":{\"type\":\"array\",\"maxItems\":50,\"items\":{\"type\":\"string\",\"format\":\"uuid\"}},"   \
	"\"bindings\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"                     \
	"\"port_id\":{\"type\":[\"string\",\"null\"],\"format\":\"uuid\"},\"port_key\":{\"type\":\"string\"}," \
	"\"interface_id\":{\"type\":[\"string\",\"null\"],\"format\":\"uuid\"},\"interface_key\":{\"type\":"   \
	"\"string\"}}}}}}"

#endif
