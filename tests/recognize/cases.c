/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Given these definitions and this evidence, then these conclusions: how sure, at which ports, which of them names the port, and why.
 * Each case is a few rules, clues one a line ("PLACE PORT KEY VALUE"), and what has to come of it.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/recognize/recognize.h"
#include "tests/tap.h"

enum { CLUES_MAX = 64, TEXTS_MAX = 12, ROOM = 4000 };

struct rule {
	const char *id, *flags, *match; /* flags: g generic; 1…4 the most certain that it may be */
};

struct host {
	const char *name;
	const struct rule *rules;
	const char *clues, *expect;
};

/* "1 80/tcp http.title Grafana": the place, the port or -, the key, the value. */
static size_t read_clues(const char *text, struct arena *arena, struct clue *out)
{
	size_t count = 0;

	while (*text && count < CLUES_MAX) {
		size_t length = strcspn(text, "\n");
		char *line = arena_text(arena, text, length), *place = strsep(&line, " "),
		     *port = strsep(&line, " "), *end;
		struct clue *clue = &out[count++];

		text += length + (text[length] == '\n');
		*clue = (struct clue){
			.place = (uint32_t)strtoul(place, NULL, 10), .source = "probe", .evidence = "7"};
		clue->port_h = (uint16_t)strtoul(port, &end, 10);
		clue->udp = strcmp(end, "/udp") == 0;
		clue->key = strsep(&line, " ");
		clue->value = line ? line : "";
		clue->length = strlen(clue->value);
	}
	return count;
}

static size_t write_definitions(const struct rule *rules, struct definition_text *out, char (*room)[ROOM])
{
	size_t count = 0;

	for (; rules[count].id; count++) {
		static const char *const words[] = {"", "\"certainty\": \"low\",", "\"certainty\": \"medium\",",
						    "\"certainty\": \"high\",", ""};
		const char *flags = rules[count].flags;
		const char *digit = strpbrk(flags, "1234");
		int length = snprintf(room[count], ROOM,
				      "{\"name\": \"N\", \"description\": \"d\", \"category\": \"Web\", "
				      "\"icon\": \"world\", \"is_generic\": %s, %s "
				      "\"match\": %s}",
				      strchr(flags, 'g') ? "true" : "false", words[digit ? *digit - '0' : 0],
				      rules[count].match);

		out[count] = (struct definition_text){rules[count].id, room[count], (size_t)length};
	}
	return count;
}

/* "grafana high 1:80/tcp* ; ssh …": the best of a port has a star. */
static void say(const struct conclusions *conclusions, char *out, size_t size)
{
	size_t used = 0;

	out[0] = 0;
	for (size_t i = 0; i < conclusions->services; i++) {
		const struct conclusion *it = &conclusions->service[i];

		used += (size_t)snprintf(out + used, size - used, "%s%s %s", i ? "; " : "", it->definition,
					 certainty_name(it->certainty));
		for (size_t n = 0; n < it->ports; n++)
			used += (size_t)snprintf(out + used, size - used, " %u:%u%s%s", it->port[n].place,
						 it->port[n].port_h, it->port[n].udp ? "u" : "",
						 it->port[n].best ? "*" : "");
	}
}

static void check(const struct host *host)
{
	static char room[TEXTS_MAX][ROOM];
	struct definition_text texts[TEXTS_MAX];
	struct definitions *definitions = NULL;
	struct conclusions conclusions = {0};
	struct clue clues[CLUES_MAX];
	struct arena arena = {0};
	const struct definition_fault *fault;
	char said[1000];
	size_t count = write_definitions(host->rules, texts, room), left_out = 0;

	if (definitions_compile(texts, count, NULL, 0, &definitions) != 0 ||
	    definitions_faults(definitions, &fault))
		printf("# %s: %s\n", definitions ? fault->id : "", definitions ? fault->why : "no memory");
	count = read_clues(host->clues, &arena, clues);
	recognize(definitions, clues, count, &arena, &conclusions, &left_out);
	say(&conclusions, said, sizeof(said));
	if (!tap_ok(strcmp(said, host->expect) == 0, "%s", host->name))
		printf("# said:   %s\n# expect: %s\n", said, host->expect);
	arena_free(&arena);
	definitions_free(definitions);
}

static const struct rule brand[] = {
	{"ssh", "g", "{\"any\": [{\"speaks\": \"ssh\"}, {\"port\": \"22/tcp\"}]}"},
	{"web", "g", "{\"any\": [{\"speaks\": \"http\"}, {\"speaks\": \"https\"}, {\"port\": \"80/tcp\"}]}"},
	{"nginx", "", "{\"http\": {\"header\": \"server: nginx\"}}"},
	{"grafana", "", "{\"any\": [{\"http\": {\"title\": \"Grafana\"}}, {\"port\": \"3000/tcp\"}]}"},
	{"gitea", "",
	 "{\"any\": [{\"http\": {\"path\": \"/explore/repos\", \"body\": \"powered by gitea\"}}, {\"port\": "
	 "\"3000/tcp\"}]}"},
	{"export", "g", "{\"http\": {\"path\": \"/metrics\", \"body\": \"# HELP\"}}"},
	{"pfsense", "", "{\"all\": [{\"port\": \"22/tcp\"}, {\"http\": {\"title\": \"pfSense\"}}]}"},
	{"cast", "", "{\"any\": [{\"mdns\": \"_googlecast._tcp\"}, {\"port\": \"8009/tcp\"}]}"},
	{0}};

static const struct rule logic[] = {
	{"together", "", "{\"together\": [{\"speaks\": \"http\"}, {\"banner\": \"abc\"}]}"},
	{"all", "",
	 "{\"all\": [{\"port\": \"53/udp\"}, {\"port\": \"53/tcp\"}, {\"vendor\": \"Acme Networks\"}]}"},
	{"without", "", "{\"all\": [{\"vendor\": \"TP-Link\"}, {\"not\": {\"gateway\": true}}]}"},
	{"inside", "", "{\"all\": [{\"vendor\": \"TP-LINK\"}, {\"gateway\": true}]}"},
	{"capped", "2", "{\"speaks\": \"redis\"}"},
	{"regex", "", "{\"tls\": {\"subject\": \"/CN=([a-z]+)\\\\.example/\", \"issuer\": \"acme\"}}"},
	{"net", "", "{\"all\": [{\"address\": \"10.65.0.0/16\"}, {\"hostname\": \"gate\"}]}"},
	{"oid", "", "{\"snmp\": {\"object_id\": \"1.3.6.1.4.1.9\"}}"},
	{"txt", "", "{\"mdns\": {\"type\": \"_hap._tcp\", \"txt\": \"ci=5\"}}"},
	{"favicon", "", "{\"http\": {\"favicon\": \"-1616143106\"}}"},
	{0}};

static const struct rule pages[] = {
	{"echo", "", "{\"http\": {\"path\": \"/zabbix\", \"body\": \"zabbix\", \"status\": \"200-499\"}}"},
	{"other", "", "{\"http\": {\"path\": \"/login\", \"title\": \"Panel\"}}"},
	{"status", "", "{\"http\": {\"path\": \"/v1/allow\", \"status\": \"401\"}}"},
	{"whole", "", "{\"http\": {\"path\": \"/\", \"header\": \"x-one: two\", \"body\": \"three four\"}}"},
	{"cookie", "", "{\"http\": {\"header\": \"set-cookie: panel_session\"}}"},
	{"there", "", "{\"http\": {\"header\": \"x-plex-protocol:\"}}"},
	{0}};

static const struct host hosts[] = {
	{"a protocol that was heard is certain, on any port", brand, "1 2222/tcp port\n1 2222/tcp speaks ssh",
	 "ssh certain 1:2222*"},
	{"a port alone is a guess", brand, "1 22/tcp port", "ssh low 1:22*"},
	{"a port that speaks something else is no guess", brand, "1 22/tcp port\n1 22/tcp speaks http",
	 "web certain 1:22*"},
	{"a maker's program goes before its protocol and its server", brand,
	 "1 8080/tcp port\n1 8080/tcp speaks http\n1 8080/tcp http.server nginx/1.22\n1 8080/tcp http.title "
	 "Grafana",
	 "web certain 1:8080; nginx high 1:8080; grafana high 1:8080*"},
	{"what is spoken in HTTP goes before HTTP", brand,
	 "1 9/tcp port\n1 9/tcp speaks http\n1 9/tcp http.status /metrics 200\n1 9/tcp http.body /metrics # "
	 "HELP x",
	 "web certain 1:9; export high 1:9*"},
	{"known, others are not guessed at its port", brand,
	 "1 3000/tcp port\n1 3000/tcp speaks http\n1 3000/tcp http.title Grafana",
	 "web certain 1:3000; grafana high 1:3000*"},
	{"of guesses that are as good as each other none names the port", brand, "1 3000/tcp port",
	 "grafana low 1:3000; gitea low 1:3000"},
	{"a page that would have shown it belies the guess", brand,
	 "1 3000/tcp port\n1 3000/tcp speaks http\n1 3000/tcp http.status /explore/repos 200\n1 3000/tcp "
	 "http.body /explore/repos other things\n"
	 "1 3000/tcp http.status / 500",
	 "web certain 1:3000*; grafana low 1:3000"},
	{"a guess does not take a port from what it speaks", brand,
	 "1 22/tcp port\n1 22/tcp speaks ssh\n1 443/tcp port\n1 443/tcp speaks https\n1 443/tcp http.title "
	 "pfSense - Login",
	 "ssh certain 1:22*; web certain 1:443; pfsense high 1:22 1:443*"},
	{"what a host announces makes its usual port known", brand,
	 "0 - mdns.type _googlecast._tcp\n1 8009/tcp port", "cast high 1:8009*"},
	{"what it announces without a port is of the host", brand, "0 - mdns.type _googlecast._tcp",
	 "cast high"},
	{"two addresses are two places", brand,
	 "1 80/tcp port\n1 80/tcp speaks http\n2 80/tcp port\n2 80/tcp speaks http",
	 "web certain 1:80*; web certain 2:80*"},
	{"together is of one port", logic, "1 80/tcp speaks http\n1 81/tcp banner xABCx", ""},
	{"together holds at that port", logic,
	 "1 80/tcp speaks http\n1 81/tcp banner xABCx\n1 81/tcp speaks http", "together certain 1:81*"},
	{"all needs all, as sure as the surest", logic,
	 "1 53/udp port\n1 53/tcp port\n0 - vendor ACME Networks, Inc.", "all medium 1:53u* 1:53*"},
	{"a part is missing", logic, "1 53/udp port\n0 - vendor ACME Networks, Inc.", ""},
	{"a maker's first words, whole ones", logic,
	 "1 53/udp port\n1 53/tcp port\n0 - vendor Acme Networksolutions", ""},
	{"what is not there", logic, "0 - vendor TP-LINK TECHNOLOGIES CO.,LTD.", "without medium"},
	{"what is there after all", logic, "0 - vendor TP-Link Systems Inc\n0 - gateway true", "inside medium"},
	{"no surer than the definition allows", logic, "1 6379/tcp speaks redis", "capped medium 1:6379*"},
	{"an expression, and another part at the same port", logic,
	 "1 443/tcp tls.subject O=x,CN=Files.Example\n1 443/tcp tls.issuer CN=Acme CA", "regex high 1:443*"},
	{"the parts at two ports", logic,
	 "1 443/tcp tls.subject CN=files.example\n1 444/tcp tls.issuer CN=Acme CA", ""},
	{"a network that the address is in, and not its neighbour", logic,
	 "1 - address 10.65.1.2\n0 - name Gateway-1\n2 - address 10.97.1.2", "net medium"},
	{"the neighbouring network", logic, "2 - address 10.97.1.2\n0 - name gate", ""},
	{"an object id below", logic, "0 - snmp.object_id 1.3.6.1.4.1.9.1.1208", "oid high"},
	{"an object id that only looks alike", logic, "0 - snmp.object_id 1.3.6.1.4.1.99.1", ""},
	{"a line of TXT of that type", logic, "0 - mdns.txt _hap._tcp ci=5", "txt high"},
	{"the same line of another type", logic, "0 - mdns.txt _http._tcp ci=5", ""},
	{"an icon", logic, "1 80/tcp http.favicon -1616143106", "favicon high 1:80*"},
	{"a page that repeats what was asked for says nothing", pages,
	 "1 80/tcp http.status /zabbix 404\n1 80/tcp http.body /zabbix The page /zabbix was not found", ""},
	{"a page that says it beside", pages,
	 "1 80/tcp http.status /zabbix 200\n1 80/tcp http.body /zabbix /zabbix is Zabbix of Example",
	 "echo high 1:80*"},
	{"the title of that page", pages,
	 "1 80/tcp http.status /login 200\n1 80/tcp http.body /login <html><title>My panel</title>",
	 "other high 1:80*"},
	{"the title of another page", pages, "1 80/tcp http.status / 200\n1 80/tcp http.title My panel", ""},
	{"the status alone", pages, "1 80/tcp http.status /v1/allow 401", "status high 1:80*"},
	{"another status", pages, "1 80/tcp http.status /v1/allow 404", ""},
	{"a body in pieces, and a header of the same page", pages,
	 "1 80/tcp http.status / 200\n1 80/tcp http.body / one th\n1 80/tcp http.body / ree four\n1 80/tcp "
	 "http.header / x-one: Two",
	 "whole high 1:80*"},
	{"the header of another port", pages,
	 "1 80/tcp http.status / 200\n1 80/tcp http.body / three four\n1 81/tcp http.header / x-one: two", ""},
	{"a cookie's name", pages, "1 80/tcp http.header /x set-cookie: PANEL_session", "cookie high 1:80*"},
	{"a header of a page whose path nobody asked for", pages, "1 80/tcp http.header * x-plex-protocol: 1.0",
	 "there high 1:80*"},
	{"such a page is none with a path", pages,
	 "1 80/tcp http.status * 200\n1 80/tcp http.header * x-one: two\n1 80/tcp http.body * three four", ""},
	{"a header that is there", pages, "1 80/tcp http.header / x-plex-protocol: 1.0", "there high 1:80*"},
};

/* --- Refusals --- */

static const struct {
	const char *match, *why;
} wrong[] = {
	{"{\"not\": {\"port\": \"80/tcp\"}}", "match: `not`"},
	{"{\"any\": [{\"port\": \"80/tcp\"}, {\"gateway\": false}]}", "match: `not`"},
	{"{\"port\": \"80\"}", "match.port: has to be a number"},
	{"{\"port\": \"70000/tcp\"}", "match.port: has to be a number"},
	{"{\"http\": {\"path\": \"/#/login\", \"title\": \"ab\"}}", "match.http: path"},
	{"{\"http\": {\"status\": \"401-400\"}}", "match.http: status"},
	{"{\"http\": {\"titel\": \"ab\"}}", "match.http: titel is no key"},
	{"{\"any\": [{\"banner\": \"/(a/\"}]}", "match.any[0].banner: the regular expression is wrong"},
	{"{\"banner\": \"a\"}", "match.banner: has to have 2 to 199 bytes"},
	{"{\"service\": \"ssh\"}", "match.service: only claims"},
	{"{\"vendr\": \"x\"}", "match.vendr: there is no such kind"},
	{"{\"any\": []}", "match.any: has to be a list"},
	{"{\"port\": \"80/tcp\", \"speaks\": \"http\"}", "match: a rule is an object with one key"},
	{"{\"address\": \"10.0.0.0/33\"}", "match.address: has to be a network"},
	{"{\"mdns\": \"http\"}", "match.mdns: has to have"},
	{"{\"banner\": \"/((((((((((((((((((((((a))))))))))))))))))))))/\"}",
	 "match.banner: the regular expression"},
	{"{\"banner\": \"/((a|b){1,100}c){1,100}/\"}", "match.banner: the regular expression"},
	{"7", "match: a rule is an object"},
};

static void check_wrong(void)
{
	static char room[TEXTS_MAX][ROOM];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const struct rule rules[] = {
			{"it", "", wrong[i].match}, {"well", "", "{\"port\": \"1/tcp\"}"}, {0}};
		struct definition_text texts[TEXTS_MAX];
		const struct definition_fault *fault;
		struct definitions *definitions;
		size_t count = write_definitions(rules, texts, room);
		bool is = definitions_compile(texts, count, NULL, 0, &definitions) == 0 &&
			  definitions_faults(definitions, &fault) == 1 &&
			  strncmp(fault->why, wrong[i].why, strlen(wrong[i].why)) == 0;

		if (!tap_ok(is, "refused, with the place: %s", wrong[i].why) &&
		    definitions_faults(definitions, &fault))
			printf("# %s\n", fault->why);
		definitions_free(definitions);
	}
}

/* --- Reasons, devices, bounds --- */

static void check_reasons(void)
{
	static char room[TEXTS_MAX][ROOM];
	struct definition_text texts[TEXTS_MAX];
	struct conclusions conclusions = {0};
	struct definitions *definitions;
	struct clue clues[CLUES_MAX];
	struct arena arena = {0};
	bool matched = false;
	const char *tree;
	size_t count;
	static const char expect[] =
		"{\"is\":\"any\",\"met\":true,\"of\":[{\"is\":\"http\",\"want\":{\"title\":\"Grafana\"},"
		"\"met\":true,"
		"\"port\":\"3000/"
		"tcp\",\"found\":\"Grafana\",\"evidence\":[\"7\"]},{\"is\":\"port\",\"want\":\"3000/tcp\","
		"\"met\":true,\"port\":\"3000/tcp\",\"evidence\":[\"7\"]}]}";

	definitions_compile(texts, write_definitions(brand, texts, room), NULL, 0, &definitions);
	count = read_clues("1 3000/tcp port\n1 3000/tcp http.title Grafana", &arena, clues);
	recognize(definitions, clues, count, &arena, &conclusions, NULL);
	if (!tap_ok(conclusions.services == 1 && strcmp(conclusions.service[0].reasons, expect) == 0,
		    "the tree of reasons, of what is met"))
		printf("# %s\n", conclusions.services ? conclusions.service[0].reasons : "nothing");
	tree = recognize_explain(definitions, "gitea", clues, count, &arena, &matched);
	tap_ok(tree && strstr(tree, "\"body\":\"powered by gitea\"") && strstr(tree, "\"met\":false"),
	       "the whole tree of a definition says what was not met");
	tap_ok(!recognize_explain(definitions, "nobody", clues, count, &arena, &matched),
	       "there is no tree of no definition");
	arena_free(&arena);
	definitions_free(definitions);
}

static const char claims[] =
	"{\"description\": \"d\", \"claims\": ["
	"{\"kind\": \"router\", \"match\": {\"all\": [{\"neighbor\": {\"capability\": \"router\"}}, {\"not\": "
	"{\"neighbor\": {\"capability\": "
	"\"bridge\"}}}]}},"
	"{\"kind\": \"computer\", \"match\": {\"trait\": {\"key\": \"dhcp.vendor_class\", \"value\": "
	"\"MSFT\"}}, \"os\": \"Windows\"},"
	"{\"kind\": \"laptop\", \"certainty\": \"medium\", \"match\": {\"hostname\": \"laptop\"}},"
	"{\"kind\": \"printer\", \"match\": {\"mdns\": \"_ipp._tcp\"}},"
	"{\"vendor\": \"Acme\", \"match\": {\"vendor\": \"Acme\"}},"
	"{\"model\": \"$1\", \"vendor\": \"Bolt\", \"match\": {\"snmp\": {\"description\": \"/^Bolt "
	"([A-Z0-9-]+)/\"}}},"
	"{\"kind\": \"server\", \"match\": {\"service\": \"ssh\"}}]}";
static const char kinds[] = "[{\"id\": \"laptop\", \"broader\": \"computer\"}]";

static const struct {
	const char *name, *clues, *expect;
} devices[] = {
	{"a kind, with its source", "0 - neighbor.capability router", "router high probe; ; ; "},
	{"an exception", "0 - neighbor.capability router\n0 - neighbor.capability bridge", "; ; ; "},
	{"what is equally sure and different is not known",
	 "0 - neighbor.capability router\n0 - mdns.type _ipp._tcp", "?; ; ; "},
	{"a laptop is a computer", "0 - dhcp.vendor_class MSFT 5.0\n0 - name anns-laptop",
	 "laptop medium probe; ; ; Windows"},
	{"the surer one counts", "0 - mdns.type _ipp._tcp\n0 - name my-laptop", "printer high probe; ; ; "},
	{"a maker alone is no kind", "0 - vendor Acme Ltd", "; Acme; ; "},
	{"what an expression captures", "0 - snmp.description Bolt XR-500 switch", "; Bolt; XR-500; "},
	{"two answers for one capture", "0 - snmp.description Bolt XR-500\n0 - snmp.description Bolt XR-600",
	 "; Bolt; ?; "},
	{"a service that is known", "1 2222/tcp speaks ssh", "server certain probe; ; ; "},
	{"a service that is guessed", "1 22/tcp port", "; ; ; "},
};

static void check_devices(void)
{
	static char room[TEXTS_MAX][ROOM];
	const struct definition_text texts[] = {{"d", claims, sizeof(claims) - 1},
						{"kinds", kinds, sizeof(kinds) - 1}};
	struct definition_text services[TEXTS_MAX];
	size_t count = write_definitions(brand, services, room);
	const struct definition_fault *fault;
	struct definitions *definitions;

	tap_ok(definitions_compile(services, count, texts, 2, &definitions) == 0 &&
		       !definitions_faults(definitions, &fault),
	       "claims compile");
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		struct conclusions conclusions = {0};
		const struct device *d = &conclusions.device;
		struct clue clues[CLUES_MAX];
		struct arena arena = {0};
		char said[300];

		count = read_clues(devices[i].clues, &arena, clues);
		recognize(definitions, clues, count, &arena, &conclusions, NULL);
		snprintf(said, sizeof(said), "%s%s%s%s%s; %s; %s; %s",
			 d->kind.value	   ? d->kind.value
			 : d->kind.reasons ? "?"
					   : "",
			 d->kind.value ? " " : "", d->kind.value ? certainty_name(d->kind.certainty) : "",
			 d->kind.value ? " " : "", d->kind.value ? d->kind.source : "",
			 d->vendor.value ? d->vendor.value : "",
			 d->model.value	    ? d->model.value
			 : d->model.reasons ? "?"
					    : "",
			 d->os.value ? d->os.value : "");
		if (!tap_ok(strcmp(said, devices[i].expect) == 0, "device: %s", devices[i].name))
			printf("# said:   %s\n# expect: %s\n", said, devices[i].expect);
		arena_free(&arena);
	}
	definitions_free(definitions);
}

static void check_bounds(void)
{
	static struct clue many[RECOGNIZE_CLUES_MAX + 5];
	static char room[TEXTS_MAX][ROOM], text[3000];
	const struct rule rules[] = {{"steps", "", "{\"banner\": \"/^(a+)+$/\"}"}, {0}};
	struct definition_text texts[TEXTS_MAX];
	struct conclusions conclusions = {0};
	struct definitions *definitions;
	struct arena arena = {0};
	size_t left_out = 0;

	memset(text, 'a', sizeof(text) - 2);
	text[sizeof(text) - 2] = '!';
	for (size_t i = 0; i < sizeof(many) / sizeof(many[0]); i++)
		many[i] = (struct clue){.key = "port", .value = "", .place = 1, .port_h = (uint16_t)i};
	definitions_compile(texts, write_definitions(rules, texts, room), NULL, 0, &definitions);
	tap_ok(recognize(definitions, many, sizeof(many) / sizeof(many[0]), &arena, &conclusions, &left_out) ==
			       0 &&
		       left_out == 5,
	       "clues beyond the bound are counted");
	many[0] = (struct clue){
		.key = "banner", .value = text, .length = sizeof(text) - 1, .place = 1, .port_h = 9};
	tap_ok(recognize(definitions, many, 1, &arena, &conclusions, &left_out) == 0 && !conclusions.services &&
		       left_out == 1,
	       "an expression that would take forever is given up, and counted");
	arena_free(&arena);
	definitions_free(definitions);
}

static void check_own(void)
{
	static char room[TEXTS_MAX][ROOM];
	const struct rule rules[] = {{"it", "", "{\"speaks\": \"ssh\"}"},
				     {"it", "", "{\"speaks\": \"ftp\"}"},
				     {"it", "", "{\"nothing\": 1}"},
				     {0}};
	struct definition_text texts[TEXTS_MAX];
	struct conclusions conclusions = {0};
	struct definitions *definitions;
	struct clue clues[CLUES_MAX];
	struct arena arena = {0};
	size_t count = read_clues("1 22/tcp speaks ssh\n1 21/tcp speaks ftp", &arena, clues);

	definitions_compile(texts, write_definitions(rules, texts, room), NULL, 0, &definitions);
	recognize(definitions, clues, count, &arena, &conclusions, NULL);
	tap_ok(conclusions.services == 1 && conclusions.service[0].port[0].port_h == 21,
	       "a later definition of the same id takes the place of an earlier one, unless it can't be used");
	arena_free(&arena);
	definitions_free(definitions);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		check(&hosts[i]);
	check_wrong();
	check_reasons();
	check_devices();
	check_bounds();
	check_own();
	return tap_end();
}
