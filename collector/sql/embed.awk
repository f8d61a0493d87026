# SPDX-License-Identifier: BSD-2-Clause
# SQL files → one C header. NNNN_name.sql are migrations, taken whole; the others hold statements, each after a
# line `-- name: statement`. -v part=header|source says which file is written.
function quote(line) {
	gsub(/\\/, "\\\\", line)
	gsub(/"/, "\\\"", line)
	return "\t\t\"" line "\\n\"\n"
}
function finish() {
	if (name == "")
		return
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
name != "" {
	if ($0 ~ /^[ \t]*(--.*)?$/)
		next
	text = text quote($0)
	rest = $0
	while (match(rest, /\$[0-9]+/)) {
		number = substr(rest, RSTART + 1, RLENGTH - 1) + 0
		if (number > highest)
			highest = number
		rest = substr(rest, RSTART + RLENGTH)
	}
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
		print "struct migration_text {\n\tint version;\n\tconst char *name, *sql;\n};\n"
		print "extern const struct statement_text statements[STATEMENT_COUNT];"
		print "extern const struct migration_text migrations[];\nextern const size_t migration_count;\n\n#endif"
		exit 0
	}
	print "/* Made from collector/sql by embed.awk. */\n#include \"collector/statements.h\"\n"
	print "const struct statement_text statements[STATEMENT_COUNT] = {"
	for (i = 1; i <= statement_count; i++)
		printf "\t{\"%s\",\n%s\t\t, %d},\n", statements[i], body[statements[i]], parameters[statements[i]]
	print "};\n\nconst struct migration_text migrations[] = {"
	for (i = 1; i <= file_count; i++)
		printf "\t{%d, \"%s\",\n%s\t},\n", substr(files[i], 1, 4) + 0, files[i], whole[files[i]]
	print "};\nconst size_t migration_count = sizeof(migrations) / sizeof(migrations[0]);"
}
