// SPDX-License-Identifier: BSD-2-Clause
/*
 * Files of other programs, as they write them: given this, then these facts, or why not.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/import/import.h"
#include "collector/import/xml.h"
#include "tests/tap.h"

#define AT INT64_C(1700000000000000)
#define A(mac, ip) "address " mac " " ip "\n"
#define HEAD                                                                                       \
	"<?xml version=\"1.0\"?>\n<!DOCTYPE nmaprun>\n<?xml-stylesheet href=\"x\"?>\n<!-- <host> " \
	"-->\n<nmaprun scanner=\"nmap\" start=\"1600000000\">"

static const struct {
	const char *what, *file, *facts; /* or why not, when it begins with ! */
	enum import_format is;
	size_t skipped;
} cases[] = {
	{"ip neigh",
	 "10.0.0.1 dev eth0 lladdr 00:1b:21:00:00:01 REACHABLE\n10.0.0.2 dev eth0  FAILED\nfe80::1 dev eth0 "
	 "lladdr 00:1b:21:00:00:01 router STALE\n",
	 A("00:1b:21:00:00:01", "10.0.0.1") A("00:1b:21:00:00:01", "fe80::1"), IMPORT_ARP, 0},
	{"arp -a of Linux",
	 "nas.lan (10.0.0.1) at 00:1b:21:00:00:01 [ether] on eth0\n? (10.0.0.2) at <incomplete> on eth0\n? "
	 "(10.0.0.3) at 00:1b:21:00:00:03 [ether] on eth0\n",
	 A("00:1b:21:00:00:01",
	   "10.0.0.1") "name nas.lan fqdn 00:1b:21:00:00:01 10.0.0.1\n" A("00:1b:21:00:00:03", "10.0.0.3"),
	 IMPORT_ARP, 0},
	{"arp -a of macOS, without zeros",
	 "tv (192.168.1.7) at 0:1b:21:0:a:5 on en0 ifscope [ethernet]\n? (224.0.0.251) at 1:0:5e:0:0:fb on en0 "
	 "permanent [ethernet]\n",
	 A("00:1b:21:00:0a:05", "192.168.1.7") "name tv hostname 00:1b:21:00:0a:05 192.168.1.7\n", IMPORT_ARP,
	 1},
	{"arp -n",
	 "Address                  HWtype  HWaddress           Flags Mask            Iface\n10.0.0.1           "
	 "      ether   00:1b:21:00:00:01   C                     eth0\n",
	 A("00:1b:21:00:00:01", "10.0.0.1"), IMPORT_ARP, 0},
	{"arp -a of Windows",
	 "\r\nInterface: 10.0.0.9 --- 0x4\r\n  Internet Address      Physical Address      Type\r\n  10.0.0.1  "
	 "            00-1b-21-00-00-01     dynamic   \r\n  10.0.0.255            ff-ff-ff-ff-ff-ff     static "
	 "   \r\n",
	 A("00:1b:21:00:00:01", "10.0.0.1"), IMPORT_ARP, 1},
	{"show ip arp",
	 "Protocol  Address          Age (min)  Hardware Addr   Type   Interface\nInternet  10.1.1.1           "
	 "     -   001b.2100.00ab  ARPA   Vlan10\nInternet  10.1.1.7                0   Incomplete      "
	 "ARPA\nInternet  10.1.1.9               12   001b.2100.00ac  ARPA   GigabitEthernet0/1\n",
	 A("00:1b:21:00:00:ab", "10.1.1.1") A("00:1b:21:00:00:ac", "10.1.1.9"), IMPORT_ARP, 0},
	{"Juniper, Huawei, Aruba, MikroTik",
	 "00:1b:21:00:00:01 10.0.0.1        10.0.0.1                  ge-0/0/0.0           none\n10.0.0.2   "
	 "001b-2100-0002  20  D-0  GE1/0/1\n10.0.0.3  001b21-000003 dynamic 5\n 0 DC address=10.0.0.4 "
	 "mac-address=00:1B:21:00:00:04 interface=bridge\n",
	 A("00:1b:21:00:00:02", "10.0.0.2") A("00:1b:21:00:00:03", "10.0.0.3")
		 A("00:1b:21:00:00:04", "10.0.0.4"),
	 IMPORT_ARP, 1},
	{"an ARP table without one", "hello\nworld\n", "!no line of the file holds an address and a MAC",
	 IMPORT_ARP, 0},
	{"CSV",
	 "IP Address,MAC Address,Host name,Manufacturer\n10.0.0.1,00:1B:21:00:00:01,\"files, "
	 "\"\"old\"\"\",Intel\n,00:1b:21:00:00:02,,\n10.0.0.3,,printer.lan,\n",
	 A("00:1b:21:00:00:01",
	   "10.0.0.1") "name files, \"old\" hostname 00:1b:21:00:00:01 10.0.0.1\nhost 00:1b:21:00:00:02\nhost "
		       "10.0.0.3\nname printer.lan fqdn 10.0.0.3\n",
	 IMPORT_CSV, 0},
	{"CSV by semicolons, of OPNsense",
	 "\"ip\";\"mac\";\"hostname\";\"intf\"\r\n\"10.0.0.1\";\"00:1b:21:00:00:01\";\"\";\"em0\"\r\n",
	 A("00:1b:21:00:00:01", "10.0.0.1"), IMPORT_CSV, 0},
	{"CSV of ports",
	 "ip\tport\tproto\tservice\n10.0.0.1\t22\ttcp\tssh\n10.0.0.1\t53\tUDP\t\n10.0.0.1\t99999\ttcp\t\n",
	 "host 10.0.0.1\nservice 10.0.0.1 22 tcp open ssh\nhost 10.0.0.1\nservice 10.0.0.1 53 udp open\nhost "
	 "10.0.0.1\n",
	 IMPORT_CSV, 1},
	{"CSV of this program's own hosts",
	 "id,name,addresses,macs\n1,nas,\"[\"\"10.0.0.1\"\", "
	 "\"\"fe80::1\"\"]\",\"[\"\"00:1b:21:00:00:01\"\"]\"\n2,,\"[\"\"10.0.0.2\"\",\"\"10.0.0.3\"\",\"\"10.0."
	 "0.4\"\"]\",\"[\"\"00:1b:21:00:00:02\"\",\"\"00:1b:21:00:00:03\"\"]\"\n",
	 A("00:1b:21:00:00:01", "10.0.0.1") "name nas hostname 00:1b:21:00:00:01 10.0.0.1\n" A(
		 "00:1b:21:00:00:01", "fe80::1") "name nas hostname 00:1b:21:00:00:01 fe80::1\n",
	 IMPORT_CSV, 1},
	{"CSV with what is none",
	 "mac,ip\nzz:zz,10.0.0.1\n00:00:00:00:00:00,10.0.0.2\n00:1b:21:00:00:05,127.0.0.1\n00:1b:21:00:00:06,"
	 "10.0.0.6/24\n",
	 A("00:1b:21:00:00:06", "10.0.0.6"), IMPORT_CSV, 3},
	{"Nmap",
	 HEAD
	 "<host starttime=\"1650000000\" endtime=\"1650000100\"><status state=\"up\"/><address "
	 "addr=\"10.0.0.1\" addrtype=\"ipv4\"/><address addr=\"00:1B:21:00:00:01\" addrtype=\"mac\" "
	 "vendor=\"Intel\"/>"
	 "<hostnames><hostname name=\"typed\" type=\"user\"/><hostname name=\"nas.lan\" "
	 "type=\"PTR\"/></hostnames><ports><extraports state=\"closed\" count=\"995\"/>"
	 "<port protocol=\"tcp\" portid=\"22\"><state state=\"open\"/><service name=\"ssh\" "
	 "product=\"OpenSSH\" version=\"9.2p1 Debian 2\" extrainfo=\"protocol 2.0\" method=\"probed\" "
	 "conf=\"10\"/></port>"
	 "<port protocol=\"tcp\" portid=\"80\"><state state=\"open\"/><service name=\"http\" method=\"table\" "
	 "conf=\"3\"/><script id=\"http-title\" output=\"Files &amp; more\"/></port>"
	 "<port protocol=\"tcp\" portid=\"443\"><state state=\"open\"/><service name=\"http\" tunnel=\"ssl\" "
	 "method=\"probed\"/></port><port protocol=\"tcp\" portid=\"25\"><state state=\"closed\"/></port>"
	 "<port protocol=\"udp\" portid=\"53\"><state state=\"open\"/><service name=\"domain\" "
	 "method=\"probed\"/></port></ports>"
	 "<os><osmatch name=\"Linux 5.0 - 6.2\" accuracy=\"98\"/></os></host><host><status "
	 "state=\"down\"/><address addr=\"10.0.0.2\" addrtype=\"ipv4\"/></host></nmaprun>\n",
	 A("00:1b:21:00:00:01",
	   "10.0.0.1") "name nas.lan fqdn 00:1b:21:00:00:01 10.0.0.1\nservice 10.0.0.1 22 tcp open ssh\n"
		       "trait nmap.product OpenSSH 9.2p1 Debian 2 (protocol 2.0) 10.0.0.1 22\nservice 10.0.0.1 "
		       "80 tcp open\ntrait http.title Files & more 10.0.0.1 80\n"
		       "service 10.0.0.1 443 tcp open https\nservice 10.0.0.1 53 udp open dns\ntrait nmap.os "
		       "Linux 5.0 - 6.2 10.0.0.1\n",
	 IMPORT_NMAP, 0},
	{"Nmap, cut off",
	 HEAD "<host><status state=\"up\"/><address addr=\"10.0.0.1\" addrtype=\"ipv4\"/></host><host>",
	 "!the file is no whole XML: it ends too early", IMPORT_NMAP, 0},
	{"other XML", "<html><body/></html>", "!the file is XML, but none of Nmap (nmap -oX)", IMPORT_NMAP, 0},
	{"XML that declares entities",
	 "<?xml version=\"1.0\"?><!DOCTYPE n [<!ENTITY a \"aaaa\"><!ENTITY b "
	 "\"&a;&a;\">]><nmaprun>&b;</nmaprun>",
	 "!the file is no whole XML: it declares entities of its own, which are not read", IMPORT_NMAP, 0},
	{"XML that is not nested well", "<nmaprun><host></nmaprun></host>",
	 "!the file is no whole XML: an end that has no beginning", IMPORT_NMAP, 0},
	{"nothing", "", "!no line of the file holds an address and a MAC", IMPORT_ARP, 0},
};

/* Values of a fact in a line, without what all have in common. */
static void append_fact(const char *at, size_t length, char *out, size_t size)
{
	const char *end = at + length;
	size_t used = strlen(out);
	int skip = 0;
	bool value = false, first = true;

	while (at < end && used + 2 < size) {
		const char *word;
		size_t n;

		if (*at == ':' || *at == ',' || *at == '{' || *at == '}') {
			value = *at++ == ':';
			continue;
		}
		word = at;
		if (*at == '"') {
			for (at++; *at != '"'; at++)
				at += *at == '\\';
			at++;
		} else {
			at += strcspn(at, ",}");
		}
		n = (size_t)(at - word);
		if (!value) {
			static const char *const common[] = {"\"first\"", "\"last\"",	"\"count\"",
							     "\"vlan\"",  "\"source\"", "\"confidence\""};

			skip = 0;
			for (size_t i = 0; i < 6; i++)
				skip |= n == strlen(common[i]) && memcmp(word, common[i], n) == 0;
			continue;
		}
		for (size_t i = 0; !skip && i < n && used + 3 < size; i++) {
			if (!i && !first)
				out[used++] = ' ';
			if (word[i] == '\\' && word[i + 1] == '"')
				i++;
			else if (word[i] == '"')
				continue;
			out[used++] = word[i];
		}
		first = first && skip;
		value = false;
	}
	out[used++] = '\n';
	out[used] = 0;
}

static void facts_of(const struct import *im, char *out, size_t size)
{
	out[0] = 0;
	for (const struct import_message *message = im->first; message; message = message->next) {
		const char *at = strchr(message->json.bytes, '[') + 1;

		while (*at == '{' || *at == ',') {
			const char *begin = at + (*at == ',');
			bool quoted = false;

			for (at = begin + 1; quoted || *at != '}'; at++) {
				if (*at == '\\')
					at++;
				else if (*at == '"')
					quoted = !quoted;
			}
			at++;
			append_fact(begin, (size_t)(at - begin), out, size);
		}
	}
}

static void run_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char why[IMPORT_WHY_MAX], said[8192];
		struct import im;
		int error = import_read(IMPORT_AUTO, cases[i].file, strlen(cases[i].file), AT, 0, &im, why);

		if (cases[i].facts[0] == '!') {
			tap_ok(error == -EINVAL && strcmp(why, cases[i].facts + 1) == 0, "%s is refused: %s",
			       cases[i].what, why);
			if (!error)
				import_free(&im);
			continue;
		}
		if (error) {
			tap_ok(false, "%s: %s", cases[i].what, why);
			continue;
		}
		facts_of(&im, said, sizeof(said));
		if (!tap_ok(strcmp(said, cases[i].facts) == 0 && im.skipped == cases[i].skipped &&
				    im.format == cases[i].is,
			    "%s", cases[i].what))
			printf("# format %d, left out %zu\n# have %s\n# want %s\n", im.format, im.skipped, said,
			       cases[i].facts);
		import_free(&im);
	}
}

static void test_macs(void)
{
	static const char *const good[] = {"00:1b:21:00:00:0f", "00-1B-21-00-00-0F", "001b.2100.000f",
					   "001b-2100-000f",	"001b21-00000f",     "001B2100000F",
					   "0:1b:21:0:0:f"};
	static const char *const bad[] = {
		"",	    "00:1b:21:00:00", "00:1b:21:00:00:0f:00", "00:1b:21-00-00-0f", "001b2100000",
		"10.0.0.1", "0.1.2.3.4.5",    "g0:1b:21:00:00:0f",    "00::21:00:00:0f",   ":::::"};
	struct mac mac;
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		tap_ok(import_mac(good[i], &mac) && strcmp(mac_text(&mac, text), "00:1b:21:00:00:0f") == 0,
		       "%s is a MAC", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_ok(!import_mac(bad[i], &mac), "\"%s\" is none", bad[i]);
}

static void test_times(void)
{
	static const char file[] =
		HEAD "<host endtime=\"1650000100\"><address addr=\"10.0.0.1\" addrtype=\"ipv4\"/></host><host "
		     "endtime=\"9650000100\"><address addr=\"10.0.0.2\" addrtype=\"ipv4\"/></host>"
		     "<host><address addr=\"10.0.0.3\" addrtype=\"ipv4\"/></host></nmaprun>";
	char why[IMPORT_WHY_MAX];
	struct import im;

	if (!tap_ok(import_read(IMPORT_NMAP, file, strlen(file), AT, 7, &im, why) == 0,
		    "a file with times of its own"))
		return;
	tap_ok(strstr(im.first->json.bytes, "\"first\":1650000100,") &&
		       strstr(im.first->json.bytes, "\"first\":1600000000,"),
	       "a host's time, else the run's");
	tap_ok(!strstr(im.first->json.bytes, "9650000100") &&
		       strstr(im.first->json.bytes, "\"first\":1700000000,"),
	       "nothing is of the future");
	tap_ok(strstr(im.first->json.bytes, "\"vlan\":[7]") != NULL, "in the VLAN that was given");
	import_free(&im);
}

static void test_forms(void)
{
	static const char utf16[] =
		"\xff\xfe"
		"1\0000\0.\0000\0.\0000\0.\0001\0 "
		"\0000\0000\0-\0001\0b\0-\0002\0001\0-\0000\0000\0-\0000\0000\0-\0000\0001\0\n";
	static const char bad[] = "name,ip\n\xc3\xa9\xff\x01,10.0.0.1\n";
	char why[IMPORT_WHY_MAX];
	struct import im;

	tap_ok(import_read(IMPORT_AUTO, utf16, sizeof(utf16), AT, 0, &im, why) == 0 && im.hosts == 1,
	       "a table in UTF-16, as Windows writes it");
	import_free(&im);
	tap_ok(import_read(IMPORT_AUTO, bad, strlen(bad), AT, 0, &im, why) == 0 &&
		       strstr(im.first->json.bytes, "\"\xc3\xa9\\\\xff \""),
	       "what is no UTF-8 is escaped");
	import_free(&im);
	tap_ok(import_read(IMPORT_AUTO, "ip\n10.0.0.1\0", 12, AT, 0, &im, why) == -EINVAL &&
		       strcmp(why, "the file is no text") == 0,
	       "bytes are no text");
}

static void test_bounds(void)
{
	const size_t rows = IMPORT_HOSTS_MAX + 1;
	char why[IMPORT_WHY_MAX], *file = malloc(rows * 16 + 8);
	size_t used = (size_t)sprintf(file, "ip\n"), messages = 0;
	struct import im;

	for (size_t i = 0; i < rows; i++)
		used += (size_t)sprintf(file + used, "10.%zu.%zu.%zu\n", i >> 16, i >> 8 & 255, i & 255);
	tap_ok(import_read(IMPORT_CSV, file, used, AT, 0, &im, why) == -EFBIG && strstr(why, "in parts"),
	       "more than may be is refused in words");
	tap_ok(import_read(IMPORT_CSV, file, used / 4, AT, 0, &im, why) == 0, "less is not");
	for (const struct import_message *m = im.first; m; m = m->next)
		messages++;
	tap_ok(messages == (im.facts + 999) / 1000 && im.shown_hosts == IMPORT_SHOWN,
	       "in messages of a thousand facts; a preview shows the first of them");
	import_free(&im);
	free(file);
}

int main(void)
{
	run_cases();
	test_macs();
	test_times();
	test_forms();
	test_bounds();
	return tap_end();
}
