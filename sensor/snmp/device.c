// SPDX-License-Identifier: BSD-2-Clause
/* A device's lists, and what cells hold. */
#include <stdlib.h>
#include <string.h>

#include "sensor/snmp/tables.h"

void *device_more(void *items_at, size_t *count, size_t *room, size_t size, size_t most, struct device *device)
{
	void **items = items_at;

	if (*count == most) {
		device->cut++;
		return NULL;
	}
	if (*count == *room) {
		size_t wanted = *room ? 2 * *room : 16;
		void *grown = reallocarray(*items, wanted, size);

		if (!grown) {
			device->cut++;
			return NULL;
		}
		*items = grown;
		*room = wanted;
	}
	return memset((char *)*items + size * (*count)++, 0, size);
}

void device_free(struct device *device)
{
	free(device->ports);
	free(device->addresses);
	free(device->arps);
	free(device->bridge_ports);
	free(device->filters);
	free(device->stations);
	free(device->lldp_ports);
	free(device->remotes);
}

struct port *device_port(const struct device *device, uint32_t index)
{
	size_t low = 0, high = device->port_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (device->ports[middle].index == index)
			return &device->ports[middle];
		if (device->ports[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool cell_words(struct device *device, const struct cell *cell, struct words *out)
{
	size_t length = cell->length;

	if (cell->type != CELL_BYTES) {
		device->malformed++;
		return false;
	}
	while (length && (cell->bytes[length - 1] == 0 || cell->bytes[length - 1] == ' '))
		length--;
	if (length > WORDS_MAX)
		length = WORDS_MAX;
	out->length = (uint8_t)length;
	memcpy(out->bytes, cell->bytes, length);
	return true;
}

bool cell_number(struct device *device, const struct cell *cell, int64_t most, uint32_t *out)
{
	if (cell->type != CELL_NUMBER || cell->number < 0 || cell->number > most) {
		device->malformed++;
		return false;
	}
	*out = (uint32_t)cell->number;
	return true;
}

bool cell_mac(struct device *device, const struct cell *cell, struct mac *out)
{
	struct mac mac;

	if (cell->type != CELL_BYTES || (cell->length != 0 && cell->length != sizeof(mac.bytes))) {
		/* An address of another kind of link is none of ours, and nothing is wrong with it. */
		device->malformed += cell->type != CELL_BYTES;
		return false;
	}
	if (cell->length == 0)
		return false;
	memcpy(mac.bytes, cell->bytes, sizeof(mac.bytes));
	if (mac_is_zero(&mac) || mac_is_group(&mac))
		return false;
	*out = mac;
	return true;
}

bool index_ip(const uint32_t *index, size_t length, uint32_t family, struct ip *out)
{
	size_t bytes = family == IANA_IPV4 ? 4 : 16;

	if ((family != IANA_IPV4 && family != IANA_IPV6) || length != bytes)
		return false;
	*out = (struct ip){.version = family == IANA_IPV4 ? 4 : 6};
	for (size_t i = 0; i < bytes; i++) {
		if (index[i] > UINT8_MAX)
			return false;
		out->bytes[i] = (uint8_t)index[i];
	}
	return true;
}
