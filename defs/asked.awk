# SPDX-License-Identifier: BSD-2-Clause
# What definitions of services ask a network for, as tables in C (defs/asked.h): awk -f defs/asked.awk defs/services/*.json
#
# Reads their JSON by tokens. A port is any {"port": "80/tcp"} or the port of an {"http": {"port": 80, "path": "/x"}},
# wherever it stands in a rule. A page of port 80 is also asked for at 443; one without a port at every web server, which the tables
# call port 0. What has no form that schema.json allows stops the build.

function fail(why) {
	print file ": " why >"/dev/stderr"
	failed = 1
	exit 1
}

# The next token of text into token: punctuation, a number or word, or a string with its quotes. 0 at the end.
function next_token() {
	sub(/^[ \t\r\n]+/, "", text)
	if (text == "")
		return 0
	if (!match(text, /^("([^"\\]|\\.)*"|[][{}:,]|[-+.A-Za-z0-9]+)/))
		fail("no JSON at " substr(text, 1, 40))
	token = substr(text, 1, RLENGTH)
	text = substr(text, RLENGTH + 1)
	return 1
}

function port(number, proto) {
	if (number !~ /^[1-9][0-9]*$/ || number + 0 > 65535)
		fail("port " number)
	ports[proto, number + 0] = 1
}

function page(number, path) {
	if (path == "") # any page
		path = "/"
	if (path !~ /^\/[!-~]*$/ || path ~ /[\\"#]/)
		fail("path " path " (no space, quote, backslash or fragment goes over the wire)")
	if (number != "")
		port(number, "tcp")
	if (path != "/")
		pages[number + 0, path] = 1
	if (path != "/" && number == 80)
		page(443, path)
}

# One file, whole, in text.
function read_file(   key, depth, http_depth, http_port, http_path) {
	depth = http_depth = 0
	key = ""
	while (next_token()) {
		if (token == "{") {
			depth++
			if (key == "\"http\"") {
				http_depth = depth
				http_port = http_path = ""
			}
			key = ""
		} else if (token == "}") {
			if (depth == http_depth) {
				page(http_port, http_path)
				http_depth = 0
			}
			depth--
		} else if (token ~ /^[][,]$/) {
			key = ""
		} else if (token == ":") {
			key = last
		} else if (key == "\"port\"" && http_depth) {
			http_port = token
		} else if (key == "\"port\"") {
			if (token !~ /^"[0-9]+\/(tcp|udp)"$/)
				fail("port " token)
			split(substr(token, 2, length(token) - 2), part, "/")
			port(part[1], part[2])
		} else if (key == "\"path\"" && http_depth) {
			http_path = substr(token, 2, length(token) - 2)
		}
		last = token
	}
	if (depth != 0)
		fail("its braces do not close")
}

function print_ports(proto,   number, count) {
	print "\nconst uint16_t asked_" proto "_ports[] = {"
	for (number = 1; number <= 65535; number++)
		if ((proto, number) in ports) {
			count++
			print "\t" number ","
		}
	print "};\nconst size_t asked_" proto "_port_count = " count + 0 ";"
}

# In the order of the port, then of the path.
function print_pages(   pair, part, sorted, count, i, j, swap) {
	for (pair in pages) {
		split(pair, part, SUBSEP)
		sorted[++count] = sprintf("%05d %s", part[1], part[2])
	}
	for (i = 2; i <= count; i++)
		for (j = i; j > 1 && sorted[j - 1] > sorted[j]; j--) {
			swap = sorted[j]
			sorted[j] = sorted[j - 1]
			sorted[j - 1] = swap
		}
	print "\nconst uint16_t asked_path_ports[] = {"
	for (i = 1; i <= count; i++)
		print "\t" substr(sorted[i], 1, 5) + 0 ","
	print "};\nconst char *const asked_path_texts[] = {"
	for (i = 1; i <= count; i++)
		print "\t\"" substr(sorted[i], 7) "\","
	print "};\nconst size_t asked_path_count = " count + 0 ";"
}

FNR == 1 {
	if (text != "")
		read_file()
	file = FILENAME
}
{ text = text $0 "\n" }

END {
	if (failed)
		exit 1
	read_file()
	print "/* SPDX-License-Identifier: BSD-2-Clause */"
	print "/* Made by defs/asked.awk from defs/services/. */"
	print "#include \"defs/asked.h\""
	print_ports("tcp")
	print_ports("udp")
	print_pages()
}
