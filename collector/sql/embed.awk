# SPDX-License-Identifier: BSD-2-Clause
# SQL files → one C header. NNNN_name.sql are migrations, taken whole; the others hold statements, each after a
# line `-- name: statement`. A line `-- orders: NAME EXPRESSION | NAME EXPRESSION` makes of a statement one for each
# order, up and down, in place of `:order` (the whole of it) or of `:key` and `:way` (its parts): prepared statements cannot be told by a parameter. Lines `-- filter: CONDITION`
# stand, joined by AND, in place of each `:filter`. -v part=header|source says which file is written.
function quote(line) {
	gsub(/\\/, "\\\\&", line)
	gsub(/"/, "\\\"", line)
	return "\t\t\"" line "\\n\"\n"
}
function count_parameters(rest,   number) {
	while (match(rest, /\$[0-9]+/)) {
		number = substr(rest, RSTART + 1, RLENGTH - 1) + 0
		if (number > highest)
			highest = number
		rest = substr(rest, RSTART + RLENGTH)
	}
}
# The statement once for each order; the first of them is called by the statement's own name.
function finish_ordered(   i, count, list, order, expression, up, base, whole_text, most) {
	count = split(orders, list, /[ \t]*\|[ \t]*/)
	base = name
	whole_text = text
	most = highest
	orders = ""
	for (i = 1; i <= count; i++) {
		sub(/^[ \t]+/, "", list[i])
		order = list[i]
		sub(/[ \t].*/, "", order)
		expression = list[i]
		sub(/^[^ \t]+[ \t]+/, "", expression)
		ordered[++ordered_count] = base " " order
		for (up = 1; up >= 0; up--) {
			name = i == 1 && up ? base : base "_by_" order (up ? "" : "_down")
			text = whole_text
			highest = most
			gsub(/:order/, expression (up ? " ASC" : " DESC") ", id" (up ? "" : " DESC"), text)
			gsub(/:key/, expression, text)
			gsub(/:way/, up ? "ASC" : "DESC", text)
			finish()
		}
	}
}
function finish() {
	if (name == "")
		return
	if (filter != "") {
		gsub(/&/, "\\\\&", filter)
		gsub(/:filter/, filter, text)
		filter = ""
	}
	if (orders != "") {
		finish_ordered()
		return
	}
	if (name in seen) {
		print FILENAME ": statement " name " has been named before" > "/dev/stderr"
		failed = 1
		exit 1
	}
	seen[name] = 1
	statements[++statement_count] = name
	body[name] = text
	parameters[name] = highest
	name = ""
}
FNR == 1 {
	finish()
	base = FILENAME
	sub(/.*\//, "", base)
	migration = base ~ /^[0-9]+_/
	if (migration)
		files[++file_count] = base
}
migration { whole[base] = whole[base] quote($0); next }
/^-- name: / { finish(); name = $3; text = ""; highest = 0; next }
name != "" && /^-- filter: / { filter = filter (filter == "" ? "" : " AND ") substr($0, 12); count_parameters($0); next }
name != "" && /^-- orders: / { orders = substr($0, 12); next }
name != "" {
	if ($0 ~ /^[ \t]*(--.*)?$/)
		next
	text = text quote($0)
	count_parameters($0)
}
END {
	if (failed)
		exit 1
	finish()
	if (part == "header") {
		print "/* Made from collector/sql by embed.awk. */\n#ifndef COLLECTOR_STATEMENTS_H\n#define COLLECTOR_STATEMENTS_H\n\n#include <stddef.h>\n"
		print "enum statement {"
		for (i = 1; i <= statement_count; i++)
			print "\tSQL_" toupper(statements[i]) ","
		print "\tSTATEMENT_COUNT,\n};\n"
		print "struct statement_text {\n\tconst char *name, *sql;\n\tint parameters;\n};\n"
		print "/* A list in an order: statement base, base + 1 downwards, are its first order; the next two its second; … */"
		print "struct statement_order {\n\tenum statement base;\n\tconst char *name;\n};\n"
		print "extern const struct statement_order statement_orders[];\nextern const size_t statement_order_count;\n"
		print "struct migration_text {\n\tint version;\n\tconst char *name, *sql;\n};\n"
		print "extern const struct statement_text statements[STATEMENT_COUNT];"
		print "extern const struct migration_text migrations[];\nextern const size_t migration_count;\n\n#endif"
		exit 0
	}
	print "/* Made from collector/sql by embed.awk. */\n#include \"collector/statements.h\"\n"
	print "const struct statement_text statements[STATEMENT_COUNT] = {"
	for (i = 1; i <= statement_count; i++)
		printf "\t{\"%s\",\n%s\t\t, %d},\n", statements[i], body[statements[i]], parameters[statements[i]]
	print "};\n\nconst struct statement_order statement_orders[] = {"
	for (i = 1; i <= ordered_count; i++) {
		split(ordered[i], part_of, " ")
		printf "\t{SQL_%s, \"%s\"},\n", toupper(part_of[1]), part_of[2]
	}
	print "};\nconst size_t statement_order_count = sizeof(statement_orders) / sizeof(statement_orders[0]);"
	print "\nconst struct migration_text migrations[] = {"
	for (i = 1; i <= file_count; i++)
		printf "\t{%d, \"%s\",\n%s\t},\n", substr(files[i], 1, 4) + 0, files[i], whole[files[i]]
	print "};\nconst size_t migration_count = sizeof(migrations) / sizeof(migrations[0]);"
}
