// SPDX-License-Identifier: BSD-2-Clause
/*
 * The list with its reasons. Printers put what they are sent on paper. Controllers of machines often have room for a handful of connections, and
 * some stop when a connection is left half open or a message is not what they expect; what they move may hurt somebody.
 */
#include "sensor/probe/never.h"

#define PRINTS "whatever arrives there is printed"
#define MOVES "controllers have room for a few connections and may stop at what they do not expect"

static const struct never_row table[] = {
	{515, 515, true, false, NEVER_PRINT, "LPD", PRINTS},
	{9100, 9107, true, false, NEVER_PRINT, "raw print", PRINTS},
	{102, 102, true, false, NEVER_INDUSTRIAL, "S7, IEC 61850 MMS", MOVES},
	{502, 502, true, true, NEVER_INDUSTRIAL, "Modbus", MOVES},
	{789, 789, true, false, NEVER_INDUSTRIAL, "Red Lion Crimson", MOVES},
	{802, 802, true, true, NEVER_INDUSTRIAL, "Modbus over TLS", MOVES},
	{1089, 1091, true, true, NEVER_INDUSTRIAL, "Foundation Fieldbus HSE", MOVES},
	{1153, 1153, true, true, NEVER_INDUSTRIAL, "ANSI C12.22 meters", MOVES},
	{1541, 1541, true, true, NEVER_INDUSTRIAL, "Foxboro I/A", MOVES},
	{1911, 1911, true, false, NEVER_INDUSTRIAL, "Niagara Fox", MOVES},
	{1962, 1962, true, false, NEVER_INDUSTRIAL, "PCWorx", MOVES},
	{2222, 2222, false, true, NEVER_INDUSTRIAL, "EtherNet/IP I/O", MOVES},
	{2404, 2404, true, false, NEVER_INDUSTRIAL, "IEC 60870-5-104", MOVES},
	{2455, 2455, true, true, NEVER_INDUSTRIAL, "WAGO, CODESYS", MOVES},
	{3671, 3671, true, true, NEVER_INDUSTRIAL, "KNXnet/IP", MOVES},
	{4000, 4000, false, true, NEVER_INDUSTRIAL, "Emerson ROC", MOVES},
	{4840, 4840, true, true, NEVER_INDUSTRIAL, "OPC UA", MOVES},
	{4843, 4843, true, false, NEVER_INDUSTRIAL, "OPC UA over TLS", MOVES},
	{4911, 4911, true, false, NEVER_INDUSTRIAL, "Niagara Fox over TLS", MOVES},
	{5006, 5006, false, true, NEVER_INDUSTRIAL, "MELSEC", MOVES},
	{5007, 5007, true, true, NEVER_INDUSTRIAL, "MELSEC", MOVES},
	{5094, 5094, true, true, NEVER_INDUSTRIAL, "HART-IP", MOVES},
	{9600, 9600, true, true, NEVER_INDUSTRIAL, "OMRON FINS", MOVES},
	{11740, 11743, true, true, NEVER_INDUSTRIAL, "CODESYS gateway", MOVES},
	{18245, 18246, true, true, NEVER_INDUSTRIAL, "GE SRTP", MOVES},
	{20000, 20000, true, true, NEVER_INDUSTRIAL, "DNP3", MOVES},
	{20547, 20547, true, true, NEVER_INDUSTRIAL, "ProConOS", MOVES},
	{34962, 34964, true, true, NEVER_INDUSTRIAL, "PROFINET", MOVES},
	{34980, 34980, true, true, NEVER_INDUSTRIAL, "EtherCAT", MOVES},
	{44818, 44818, true, true, NEVER_INDUSTRIAL, "EtherNet/IP", MOVES},
	{45678, 45678, true, true, NEVER_INDUSTRIAL, "Foxboro AIMAPI", MOVES},
	{47808, 47808, true, true, NEVER_INDUSTRIAL, "BACnet/IP", MOVES},
	{47809, 47823, false, true, NEVER_INDUSTRIAL, "BACnet/IP", MOVES},
	{55000, 55003, false, true, NEVER_INDUSTRIAL, "FL-net", MOVES},
};

const struct never_row *never_find(uint16_t port_h, bool udp)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (port_h >= table[i].first_h && port_h <= table[i].last_h &&
		    (udp ? table[i].udp : table[i].tcp))
			return &table[i];
	return NULL;
}

bool never_ask(uint16_t port_h, bool udp, enum never_class allow)
{
	const struct never_row *row = never_find(port_h, udp);

	return row && !(row->class & allow);
}

const struct never_row *never_table(size_t *count)
{
	*count = sizeof(table) / sizeof(table[0]);
	return table;
}
