// SPDX-License-Identifier: BSD-2-Clause
/* For each port its number or "not in the set"; the list of those that are in it is made anew when something changes. */
#include "sensor/probe/ports.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct ports {
	bool has[PORTS_ALL + 1];
	uint16_t list[PORTS_ALL], number[PORTS_ALL + 1];
	size_t count;
};

int ports_open(struct ports **out)
{
	struct ports *ports = calloc(1, sizeof(*ports));

	if (!ports)
		return -ENOMEM;
	*out = ports;
	return 0;
}

static void count_again(struct ports *ports)
{
	ports->count = 0;
	for (uint32_t port_h = 1; port_h <= PORTS_ALL; port_h++)
		if (ports->has[port_h]) {
			ports->number[port_h] = (uint16_t)ports->count;
			ports->list[ports->count++] = (uint16_t)port_h;
		}
}

/* A decimal number from 1 to 65535 at *at, which is moved behind it; 0 when there is none. */
static uint16_t read_port(const char **at)
{
	uint32_t value = 0;

	while (**at >= '0' && **at <= '9' && value <= PORTS_ALL)
		value = value * 10 + (uint32_t)(*(*at)++ - '0');
	return value <= PORTS_ALL ? (uint16_t)value : 0;
}

static bool parse(bool has[PORTS_ALL + 1], const char *text)
{
	if (!strcmp(text, "all"))
		text = "1-65535";
	for (;; text++) {
		uint16_t first, last;

		text += strspn(text, " ");
		first = last = read_port(&text);
		if (*text == '-') {
			text++;
			last = read_port(&text);
			if (last < first)
				return false;
		}
		if (!first || !last)
			return false;
		for (uint32_t port_h = first; port_h <= last; port_h++)
			has[port_h] |= first == last || !never_find((uint16_t)port_h, false);
		text += strspn(text, " ");
		if (!*text)
			return true;
		if (*text != ',')
			return false;
	}
}

int ports_parse(struct ports *ports, const char *text)
{
	bool *has = malloc(sizeof(ports->has));
	int error = -EINVAL;

	if (!has)
		return -ENOMEM;
	memcpy(has, ports->has, sizeof(ports->has));
	if (parse(has, text)) {
		memcpy(ports->has, has, sizeof(ports->has));
		count_again(ports);
		error = 0;
	}
	free(has);
	return error;
}

bool ports_add(struct ports *ports, uint16_t port_h, enum never_class allow)
{
	size_t at;

	if (!port_h || ports->has[port_h])
		return port_h;
	if (never_ask(port_h, false, allow))
		return false;
	at = ports->count++;
	for (; at && ports->list[at - 1] > port_h; at--) {
		ports->list[at] = ports->list[at - 1];
		ports->number[ports->list[at]] = (uint16_t)at;
	}
	ports->list[at] = port_h;
	ports->number[port_h] = (uint16_t)at;
	ports->has[port_h] = true;
	return true;
}

void ports_remove(struct ports *ports, uint16_t port_h)
{
	ports->has[port_h] = false;
	count_again(ports);
}

size_t ports_keep(struct ports *ports, enum never_class allow)
{
	size_t before = ports->count;

	for (uint32_t port_h = 1; port_h <= PORTS_ALL; port_h++)
		ports->has[port_h] &= !never_ask((uint16_t)port_h, false, allow);
	count_again(ports);
	return before - ports->count;
}

size_t ports_count(const struct ports *ports)
{
	return ports->count;
}

uint16_t ports_at(const struct ports *ports, size_t number)
{
	return ports->list[number];
}

int ports_number(const struct ports *ports, uint16_t port_h)
{
	return ports->has[port_h] ? ports->number[port_h] : -1;
}

bool ports_has(const struct ports *ports, uint16_t port_h)
{
	return ports->has[port_h];
}

void ports_close(struct ports *ports)
{
	free(ports);
}
