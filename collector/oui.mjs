// SPDX-License-Identifier: BSD-2-Clause
// The IEEE's registries of MAC prefixes (MA-L, MA-M, MA-S) → a C table on standard output, sorted for oui.c.
// usage: node oui.mjs FILE…: index.json of the npm package oui-data, or the CSV files of Debian's ieee-data.
import { readFileSync } from "node:fs";

const vendors = new Map(); // prefix in hex (6, 7 or 9 digits) → name

function add(prefix, name) {
	const plain = name.split("\n")[0].replace(/\s+/g, " ").trim();
	if (/^([0-9A-F]{6}|[0-9A-F]{7}|[0-9A-F]{9})$/.test(prefix) && plain && plain !== "Private")
		vendors.set(prefix, plain);
}

// Registry,Assignment,Organization Name,Address: quoted where there is a comma.
function readCsv(text) {
	for (const line of text.split("\n")) {
		const match = /^[^,]*,([0-9A-F]+),(?:"((?:[^"]|"")*)"|([^,]*))/.exec(line);
		if (match) add(match[1], (match[2] ?? match[3]).replaceAll('""', '"'));
	}
}

for (const file of process.argv.slice(2)) {
	const text = readFileSync(file, "utf8");
	if (file.endsWith(".json")) for (const [prefix, name] of Object.entries(JSON.parse(text))) add(prefix, name);
	else readCsv(text);
}

const quote = (text) => JSON.stringify(text).replaceAll("?", "\\?");
const names = [...new Set(vendors.values())].sort();
const place = new Map(names.map((name, i) => [name, i]));
const rows = [...vendors].map(([prefix, name]) => [prefix.padEnd(9, "0"), prefix.length * 4, place.get(name)]);
rows.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]));

const out = ['/* Made by oui.mjs from the IEEE\'s registries. */\n#include "collector/oui_table.h"\n'];
out.push(`const char *const oui_names[] = {`, ...names.map((name) => `\t${quote(name)},`), "\t0\n};");
out.push("const struct oui_row oui_rows[] = {", ...rows.map((r) => `\t{0x${r[0]}, ${r[1]}, ${r[2]}},`), "\t{0, 0, 0}\n};");
out.push(`const size_t oui_count = ${rows.length};\n`);
process.stdout.write(out.join("\n"));
process.stderr.write(`MAC vendors: ${rows.length} prefixes\n`);
