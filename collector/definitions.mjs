// SPDX-License-Identifier: BSD-2-Clause
// What tells services by the pages of their web servers → a C table on standard output, for sql/0027_definition.sql.
// usage: node definitions.mjs defs/services/*.json
//
// A rule becomes its alternatives: [{d: definition's id, g: generic?, l: [leaf]}], all leaves of one of which have to hold. A leaf is a port,
// {p, proto}, or a page, {port, path, low, high (status), title?, header? [name, part], body?}; texts in small letters. Alternatives without a
// page are told by their port, which needs no evidence, and are left out, as are those with an announcement.
import { readFileSync } from "node:fs";
import { basename } from "node:path";

const small = (text) => text.toLowerCase();

function page({ port, path, status = "200-399", title, header, body }) {
	const [low, high = low] = status.split("-").map(Number);
	const at = header?.indexOf(":");
	return { port, path, low, high, ...(title && { title: small(title) }), ...(body && { body: small(body) }),
		...(header && { header: [small(header.slice(0, at)), small(header.slice(at + 1).trim())] }) };
}

// Alternatives of leaves.
function expand(rule) {
	if (rule.any) return rule.any.flatMap(expand);
	if (rule.all) return rule.all.map(expand).reduce((before, next) => before.flatMap((some) => next.map((more) => [...some, ...more])), [[]]);
	if (rule.http) return [[page(rule.http)]];
	if (rule.port) return [[{ p: Number(rule.port.split("/")[0]), proto: rule.port.split("/")[1] }]];
	return [[null]];
}

const rules = process.argv.slice(2).filter((file) => !/\/(schema|categories)\.json$/.test(file)).sort().flatMap((file) => {
	const definition = JSON.parse(readFileSync(file, "utf8"));
	return (definition.match ? expand(definition.match) : []).filter((leaves) => leaves.every(Boolean) && leaves.some((leaf) => leaf.path))
		.map((l) => ({ d: basename(file, ".json"), g: definition.is_generic, l }));
});
if (!rules.length) throw new Error("no definition asks for a page");
const text = JSON.stringify(rules).replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
console.log(`#include "collector/definitions.h"\n\nconst char definition_rules[] =`);
for (let i = 0; i < text.length; i += 100) console.log(`\t${JSON.stringify(text.slice(i, i + 100)).replace(/\?/g, "\\?")}`);
console.log(";");
