// SPDX-License-Identifier: BSD-2-Clause
// Definitions → a C table on standard output. What only tests and people read of a definition is left out.
// usage: node builtin.mjs defs/services/*.json defs/devices/*.json
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";

const quoted = (text) => JSON.stringify(text).replace(/\?/g, "\\?");

function row(file) {
	const json = JSON.parse(readFileSync(file, "utf8"), (key, value) => (key === "tests" && value.yes ? undefined : value));
	// Beyond ASCII as JSON writes it, so that the text means the same in C.
	const text = JSON.stringify(json).replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
	const pieces = [];
	for (let i = 0; i < text.length; i += 120) pieces.push(quoted(text.slice(i, i + 120)));
	return `\t{${quoted(basename(file, ".json"))}, ${pieces.join("\n\t ")}, ${text.length}},`;
}

function table(name, count, files) {
	console.log(`const struct definition_text ${name}[] = {\n${files.map(row).join("\n")}\n\t{0},\n};\nconst size_t ${count} = ${files.length};`);
}

const files = process.argv.slice(2).filter((file) => !/\/(schema|categories)\.json$/.test(file)).sort();
console.log('#include "collector/recognize/builtin.h"\n');
for (const room of ["service", "device"])
	table(`builtin_${room}s`, `builtin_${room}_count`, files.filter((file) => basename(dirname(file)) === `${room}s`));
