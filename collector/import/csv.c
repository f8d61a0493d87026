/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CSV (RFC 4180) with a first line of names, separated by commas, semicolons or tabs: tables of leases, inventories, ARP tables of pfSense and
 * OPNsense. What a column means is told by its name; those that mean nothing here are listed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/import/import.h"

enum { CELL_MAX = 512, COLUMNS_MAX = 64, LISTED_MAX = 16 };

enum column {
	COLUMN_NONE,
	COLUMN_IP,
	COLUMN_MAC,
	COLUMN_NAME,
	COLUMN_PORT,
	COLUMN_PROTO,
	COLUMN_SERVICE,
	COLUMN_KINDS
};

/* Letters and digits of a heading, in lower case. */
static const struct {
	const char *heading;
	enum column is;
} headings[] = {
	{"ip", COLUMN_IP},
	{"ips", COLUMN_IP},
	{"ipaddress", COLUMN_IP},
	{"ipaddresses", COLUMN_IP},
	{"address", COLUMN_IP},
	{"addresses", COLUMN_IP},
	{"ipv4", COLUMN_IP},
	{"ipv4address", COLUMN_IP},
	{"ipv6", COLUMN_IP},
	{"ipv6address", COLUMN_IP},
	{"host", COLUMN_IP},
	{"mac", COLUMN_MAC},
	{"macs", COLUMN_MAC},
	{"macaddress", COLUMN_MAC},
	{"macaddresses", COLUMN_MAC},
	{"hwaddr", COLUMN_MAC},
	{"hwaddress", COLUMN_MAC},
	{"hardwareaddress", COLUMN_MAC},
	{"physicaladdress", COLUMN_MAC},
	{"lladdr", COLUMN_MAC},
	{"ethernet", COLUMN_MAC},
	{"name", COLUMN_NAME},
	{"hostname", COLUMN_NAME},
	{"dnsname", COLUMN_NAME},
	{"fqdn", COLUMN_NAME},
	{"computername", COLUMN_NAME},
	{"clienthostname", COLUMN_NAME},
	{"devicename", COLUMN_NAME},
	{"port", COLUMN_PORT},
	{"portnumber", COLUMN_PORT},
	{"proto", COLUMN_PROTO},
	{"protocol", COLUMN_PROTO},
	{"transport", COLUMN_PROTO},
	{"service", COLUMN_SERVICE},
	{"servicename", COLUMN_SERVICE},
};

struct csv {
	const char *at, *end;
	char separator;
	size_t line;
};

struct record {
	char cell[COLUMNS_MAX][CELL_MAX];
	size_t count;
	bool cut; /* a cell or a row was longer */
};

/* One cell, without its quotes; false after the last of its row. */
static bool read_cell(struct csv *csv, char out[static CELL_MAX], bool *cut)
{
	bool quoted = csv->at < csv->end && *csv->at == '"';
	size_t used = 0;

	csv->at += quoted;
	while (csv->at < csv->end) {
		if (quoted && *csv->at == '"' && csv->at + 1 < csv->end && csv->at[1] == '"')
			csv->at++;
		else if (quoted && *csv->at == '"') {
			quoted = false;
			csv->at++;
			continue;
		} else if (!quoted && (*csv->at == csv->separator || *csv->at == '\n'))
			break;
		csv->line += *csv->at == '\n';
		if (used + 1 < CELL_MAX)
			out[used++] = *csv->at;
		else
			*cut = true;
		csv->at++;
	}
	while (used && strchr(" \t\r", out[used - 1]))
		used--;
	out[used] = 0;
	if (csv->at < csv->end && *csv->at == csv->separator) {
		csv->at++;
		return true;
	}
	csv->line += csv->at < csv->end;
	csv->at += csv->at < csv->end;
	return false;
}

static void read_record(struct csv *csv, struct record *record)
{
	char space[CELL_MAX] = "";
	bool more;

	record->count = 0;
	record->cut = false;
	do {
		more = read_cell(csv, record->count < COLUMNS_MAX ? record->cell[record->count] : space,
				 &record->cut);
		if (record->count < COLUMNS_MAX)
			record->count++;
		else
			record->cut = true;
	} while (more);
}

static enum column column_of(const char *heading)
{
	char plain[40];
	size_t used = 0;

	for (const char *at = heading; *at && used + 1 < sizeof(plain); at++)
		if ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9'))
			plain[used++] = (char)(*at >= 'A' && *at <= 'Z' ? *at + 32 : *at);
	plain[used] = 0;
	for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++)
		if (strcmp(plain, headings[i].heading) == 0)
			return headings[i].is;
	return COLUMN_NONE;
}

static char separator_of(const char *bytes, size_t length)
{
	static const char candidates[] = ",;\t";
	const char *end = memchr(bytes, '\n', length);
	size_t most = 0;
	char best = 0;

	for (const char *c = candidates; *c; c++) {
		size_t count = 0;

		for (const char *at = bytes; at < (end ? end : bytes + length); at++)
			count += *at == *c;
		if (count > most) {
			most = count;
			best = *c;
		}
	}
	return best ? best : ',';
}

/* What the columns are; whether an address or a MAC is among them. */
static bool read_heading(struct csv *csv, struct record *record, enum column columns[static COLUMNS_MAX])
{
	bool has = false;

	read_record(csv, record);
	for (size_t i = 0; i < record->count; i++) {
		columns[i] = column_of(record->cell[i]);
		has |= columns[i] == COLUMN_IP || columns[i] == COLUMN_MAC;
	}
	return has;
}

bool import_csv_looks(const char *bytes, size_t length)
{
	struct csv csv = {
		.at = bytes, .end = bytes + length, .separator = separator_of(bytes, length), .line = 1};
	struct record *record = malloc(sizeof(*record));
	enum column columns[COLUMNS_MAX];
	bool looks = record && read_heading(&csv, record, columns);

	free(record);
	return looks;
}

struct row {
	struct mac macs[LISTED_MAX];
	struct ip ips[LISTED_MAX];
	size_t mac_count, ip_count, line;
	const char *name, *proto, *service;
	unsigned long port;
};

/* Addresses or MACs of a cell, which may hold several: "10.0.0.1, 10.0.0.2", ["10.0.0.1"]. False: something in it is neither. */
static bool read_list(const char *cell, bool of_macs, struct row *row)
{
	while (*cell) {
		char word[64];
		size_t length;

		cell += strspn(cell, " ,;[]\"'\t");
		length = strcspn(cell, " ,;[]\"'\t");
		if (!length)
			break;
		if (length >= sizeof(word) || (of_macs ? row->mac_count : row->ip_count) >= LISTED_MAX)
			return false;
		memcpy(word, cell, length);
		word[length] = 0;
		word[strcspn(word, "/%")] = 0; /* a prefix length, a zone */
		if (of_macs ? !import_mac(word, &row->macs[row->mac_count])
			    : ip_parse(word, &row->ips[row->ip_count]) < 0)
			return false;
		*(of_macs ? &row->mac_count : &row->ip_count) += 1;
		cell += length;
	}
	return true;
}

/* "host" may head names as well as addresses. */
static bool read_row(const struct record *record, const enum column *columns, struct row *row)
{
	bool well = true;

	*row = (struct row){.name = "", .proto = "tcp", .service = "", .line = row->line};
	for (size_t i = 0; i < record->count && well; i++) {
		const char *cell = record->cell[i];
		size_t had = row->ip_count;

		if (!*cell)
			continue;
		if (columns[i] == COLUMN_MAC) {
			well = read_list(cell, true, row);
		} else if (columns[i] == COLUMN_IP && !read_list(cell, false, row)) {
			row->ip_count = had;
			row->name = cell;
		} else if (columns[i] == COLUMN_NAME) {
			row->name = cell;
		} else if (columns[i] == COLUMN_PORT) {
			row->port = strtoul(cell, NULL, 10);
		} else if (columns[i] == COLUMN_PROTO) {
			row->proto = cell[0] == 'u' || cell[0] == 'U' ? "udp" : "tcp";
		} else if (columns[i] == COLUMN_SERVICE) {
			row->service = cell;
		}
	}
	return well;
}

static void tell_row(struct import *im, const struct row *row)
{
	struct import_who who = {.name = row->name,
				 .name_kind = strchr(row->name, '.') ? "fqdn" : "hostname",
				 .line = row->line};
	bool pairs = row->mac_count == row->ip_count;
	size_t most = row->mac_count > row->ip_count ? row->mac_count : row->ip_count;

	if (!most || (row->mac_count > 1 && row->ip_count && !pairs)) {
		import_skip(im, row->line,
			    most ? "which address belongs to which MAC is not said"
				 : "neither an address nor a MAC");
		return;
	}
	for (size_t i = 0; i < most; i++) {
		who.mac = row->mac_count ? &row->macs[pairs ? i : row->mac_count == 1 ? 0 : i] : NULL;
		who.ip = row->ip_count ? &row->ips[i] : NULL;
		if (import_host(im, &who) && row->port && !i)
			import_service(im, &who, row->port > 65535 ? 0 : (unsigned int)row->port, row->proto,
				       row->service);
	}
}

static void list_unused(struct import *im, const struct record *record, const enum column *columns)
{
	for (size_t i = 0; i < record->count; i++) {
		if (columns[i] != COLUMN_NONE || !record->cell[i][0])
			continue;
		/* Only what can be shown as it is. */
		for (const char *at = record->cell[i];; at++) {
			if (!*at) {
				buffer_text(&im->columns, im->columns.length ? "," : "");
				buffer_json(&im->columns, record->cell[i], strlen(record->cell[i]));
				break;
			}
			if (*at < 0x20 || *at > 0x7e)
				break;
		}
	}
}

int import_csv(struct import *im, const char *bytes, size_t length, char why[static IMPORT_WHY_MAX])
{
	struct csv csv = {
		.at = bytes, .end = bytes + length, .separator = separator_of(bytes, length), .line = 1};
	struct record *record = malloc(sizeof(*record));
	enum column columns[COLUMNS_MAX] = {COLUMN_NONE};
	struct row row;

	if (!record)
		return -ENOMEM;
	if (!read_heading(&csv, record, columns)) {
		snprintf(
			why, IMPORT_WHY_MAX,
			"the first line names no column of addresses (ip, address) or MACs (mac, mac_address)");
		free(record);
		return -EINVAL;
	}
	list_unused(im, record, columns);
	for (size_t i = record->count; i < COLUMNS_MAX; i++)
		columns[i] = COLUMN_NONE;
	while (csv.at < csv.end && !im->full) {
		row.line = csv.line;
		read_record(&csv, record);
		if (record->count == 1 && !record->cell[0][0])
			continue;
		if (record->cut)
			import_skip(im, row.line,
				    "a row with more than 64 cells, or a cell of more than 511 bytes");
		else if (read_row(record, columns, &row))
			tell_row(im, &row);
		else
			import_skip(im, row.line, "a MAC that is none");
	}
	free(record);
	return 0;
}
