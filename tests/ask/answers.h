/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What servers answer to the dialogues by UDP, and what is to be learnt of it. The tests read it, and the fuzzer begins with it.
 * Bytes are hex, 'text' stands for itself, *9 for nine zeros. Asked was 10.0.0.7 from 10.0.0.1 with the nonce below; about is 10.0.0.9.
 */
#ifndef TESTS_ASK_ANSWERS_H
#define TESTS_ASK_ANSWERS_H

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/ask/udp.h"

#define TEST_NONCE UINT64_C(0x1122334455667788)
enum { TEST_ANSWER_BYTES_MAX = 2048 };

struct test_answer {
	const struct dialogue *row;
	uint16_t port_h; /* 0: the row's first */
	const char *what, *bytes;
	const char *facts; /* as tests/ask/udp.c writes them, a line each; NULL: refused */
};

/* The length in bytes. */
static inline size_t test_bytes(const char *text, uint8_t out[static TEST_ANSWER_BYTES_MAX])
{
	size_t length = 0;

	while (*text) {
		char *end = (char *)text + 1;

		if (*text == '\'') {
			for (text++; *text != '\''; text++)
				out[length++] = (uint8_t)*text;
			end = (char *)text + 1;
		} else if (*text == '*') {
			size_t zeros = strtoul(text + 1, &end, 10);

			memset(out + length, 0, zeros);
			length += zeros;
		} else if (isxdigit((unsigned char)*text)) {
			out[length++] = (uint8_t)strtoul((char[]){text[0], text[1], 0}, NULL, 16);
			end++;
		}
		text = end;
	}
	return length;
}

static inline struct dialogue_context test_context(const struct dialogue *row, uint16_t port_h)
{
	return (struct dialogue_context){.ip = ip_from_v4("\x0a\0\0\x07"),
					 .local = ip_from_v4("\x0a\0\0\x01"),
					 .about = ip_from_v4("\x0a\0\0\x09"),
					 .port_h = port_h ? port_h : row->port_h[0],
					 .udp = true,
					 .time_us = 1,
					 .nonce = TEST_NONCE,
					 .name = ""};
}

static const struct test_answer test_answers[] = {
	{&udp_dns, 0, "a version",
	 "7788 8580 0001 0001 0000 0000 07'version'04'bind'00 0010 0003 c00c 0010 0003 00000000 000d "
	 "0c'dnsmasq-2.89'",
	 "dns.version=dnsmasq-2.89 :53\n"},
	{&udp_dns, 0, "nobody's version", "7788 8185 0001 0000 0000 0000 07'version'04'bind'00 0010 0003", ""},
	{&udp_dns, 0, "a refusal without the question", "7789 8001 0000 0000 0000 0000",
	 "dns.recursion=none :53\n"},
	{&udp_dns, 0, "a resolver", "7789 8180 0001 0000 0000 0000 00 0002 0001",
	 "dns.recursion=available :53\n"},
	{&udp_dns, 0, "one that knows its own names only", "7789 8105 0001 0000 0000 0000 00 0002 0001",
	 "dns.recursion=none :53\n"},
	{&udp_dns, 0, "the answer to another's question", "7790 8180 0001 0000 0000 0000 00 0002 0001", NULL},
	{&udp_dns, 0, "our question itself", "7789 0000 0001 0000 0000 0000 00 0002 0001", NULL},
	{&udp_ptr, 53, "a name",
	 "7788 8580 0001 0001 0000 0000 01'9'01'0'01'0'02'10'07'in-addr'04'arpa'00 000c 0001 c00c 000c 0001 "
	 "00000e10 000e 05'attic'04'home'01'x'00",
	 "name fqdn attic.home.x 10.0.0.9\n"},
	{&udp_ptr, 53, "a name by way of an alias (RFC 2317)",
	 "7788 8180 0001 0002 0000 0000 01'9'01'0'01'0'02'10'07'in-addr'04'arpa'00 000c 0001"
	 " c00c 0005 0001 00000e10 0004 01'9' c00c 01'9'c00c 000c 0001 00000e10 0007 05'attic'00",
	 "name fqdn attic 10.0.0.9\n"},
	{&udp_ptr, 53, "no such name",
	 "7788 8183 0001 0000 0000 0000 01'9'01'0'01'0'02'10'07'in-addr'04'arpa'00 000c 0001", ""},
	{&udp_ptr, 53, "a name of another address",
	 "7788 8580 0001 0001 0000 0000 01'8'01'0'01'0'02'10'07'in-addr'04'arpa'00 000c 0001 c00c 000c 0001 "
	 "00000e10 0007 05'attic'00",
	 NULL},
	{&udp_ntp, 0, "the second stratum",
	 "24 02 06 e9 00000100 00000200 c0a80001 e000000000000000 1122334455667788 e000000000000001 "
	 "e000000000000002",
	 "ntp.stratum=2 :123\nntp.reference=192.168.0.1 :123\n"},
	{&udp_ntp, 0, "a clock of its own",
	 "24 01 06 e9 00000100 00000200 'GPS'00 e000000000000000 1122334455667788 e000000000000001 "
	 "e000000000000002",
	 "ntp.stratum=1 :123\nntp.reference=GPS :123\n"},
	{&udp_ntp, 0, "another's time",
	 "24 02 06 e9 00000100 00000200 c0a80001 e000000000000000 1122334455667789 e000000000000001 "
	 "e000000000000002",
	 NULL},
	{&udp_snmp, 0, "an engine",
	 "30 35 02 01 03 30 10 02 04 55667788 02 02 05dc 04 01 00 02 01 03 04 16 30 14 04 05 80001f8804 02 01 "
	 "03 02 02 1234 04 00 04 00"
	 " 04 00 30 06 04 00 04 00 a8 00",
	 "snmp.version=3 :161\nsnmp.engine=80:00:1f:88:04 :161\n"},
	{&udp_snmp, 0, "version 2c, with the kind of device",
	 "30 2f 02 01 01 04 06 'public' a2 22 02 04 55667789 02 01 00 02 01 00 30 14 30 12 06 08 "
	 "2b06010201010200 06 06 2b0601040109",
	 "snmp.version=2c :161\nsnmp.community=public :161\nsnmp.object_id=1.3.6.1.4.1.9 :161\n"},
	{&udp_snmp, 0, "version 1 that has no such thing",
	 "30 29 02 01 00 04 06 'public' a2 1c 02 04 5566778a 02 01 02 02 01 01 30 0e 30 0c 06 08 "
	 "2b06010201010200 05 00",
	 "snmp.version=1 :161\nsnmp.community=public :161\n"},
	{&udp_mdns, 0, "a name",
	 "7788 8400 0000 0001 0000 0000 01'7'01'0'01'0'02'10'07'in-addr'04'arpa'00 000c 0001 0000000a 000c "
	 "04'hall'05'local'00",
	 "name hostname hall.local 10.0.0.7\n"},
	{&udp_mdns, 0, "an instance, without its id",
	 "0000 8400 0000 0002 0000 0000 04'_ipp'04'_tcp'05'local'00 000c 0001 0000000a 0007 04'Hall'c00c"
	 " 04'Hall'c00c 0021 0001 0000000a 0013 0000 0000 0277 05'print'05'local'00",
	 "mdns.type=_ipp._tcp\nservice 631/tcp Hall._ipp._tcp.local\nname instance Hall 10.0.0.7\n"},
	{&udp_mdns, 0, "a type",
	 "7788 8400 0000 0001 0000 0000 09'_services'07'_dns-sd'04'_udp'05'local'00 000c 0001 0000000a 0011 "
	 "04'_ssh'04'_tcp'05'local'00",
	 "mdns.type=_ssh._tcp\n"},
	{&udp_llmnr, 0, "a name",
	 "7788 8000 0001 0001 0000 0000 01'7'01'0'01'0'02'10'07'in-addr'04'arpa'00 000c 0001 c00c 000c 0001 "
	 "0000001e 0006 04'DESK'00",
	 "name hostname DESK 10.0.0.7\n"},
	{&udp_ssdp, 0, "a router",
	 "'HTTP/1.1 200 OK'0d0a'CACHE-CONTROL: max-age=120'0d0a'st: upnp:rootdevice'0d0a'USN: "
	 "uuid:1::upnp:rootdevice'0d0a'EXT:'0d0a"
	 "'SERVER: Linux UPnP/1.1 MiniUPnPd/2.2'0d0a'LOCATION: http://10.0.0.7:5000/rootDesc.xml'0d0a0d0a",
	 "ssdp.server=Linux UPnP/1.1 "
	 "MiniUPnPd/2.2\nssdp.usn=uuid:1::upnp:rootdevice\nssdp.location=http://10.0.0.7:5000/rootDesc.xml\n"},
	{&udp_ssdp, 0, "an answer to another search", "'HTTP/1.1 200 OK'0d0a'ST: ssdp:all'0d0a0d0a", NULL},
	{&udp_plex, 0, "a server",
	 "'HTTP/1.0 200 OK'0d0a'Content-Type: plex/media-server'0d0a'Name: Cellar'0d0a'Version: 1.40'0d0a0d0a",
	 "name instance Cellar 10.0.0.7\nplex.version=1.40 :32414\n"},
	{&udp_nbns, 0, "a table of names",
	 "7788 8400 0000 0001 0000 0000 20'CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'00 0021 0001 00000000 0053 04"
	 " 'FILES          '00 0400 'FILES          '20 0400 'OFFICE         '00 8400 0102'__MSBROWSE__'02 01 "
	 "8400 020000000005 00000000",
	 "name netbios FILES 10.0.0.7\nnbns.name=FILES<00>\nnbns.name=FILES<20>\nname workgroup OFFICE "
	 "10.0.0.7\n"
	 "nbns.name=OFFICE<00> group\naddress 02:00:00:00:00:05 10.0.0.7\n"},
	{&udp_nbns, 0, "a table longer than its message",
	 "7788 8400 0000 0001 0000 0000 20'CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'00 0021 0001 00000000 0013 09 "
	 "'FILES          '00 0400",
	 NULL},
	{&udp_sip, 0, "an exchange",
	 "'SIP/2.0 200 OK'0d0a'Via: SIP/2.0/UDP netvisor.invalid;rport=40000'0d0a'Call-ID: "
	 "1122334455667788'0d0a'Server: Asterisk PBX 18'0d0a0d0a",
	 "sip.server=Asterisk PBX 18 :5060\n"},
	{&udp_sip, 0, "a telephone",
	 "'SIP/2.0 404 Not found'0d0a'i: 1122334455667788'0d0a'User-Agent: Yealink T46'0d0a0d0a",
	 "sip.user_agent=Yealink T46 :5060\n"},
	{&udp_sip, 0, "another's call", "'SIP/2.0 200 OK'0d0a'Call-ID: 1122334455667789'0d0a0d0a", NULL},
	{&udp_ike, 0, "version 2 refuses",
	 "1122334455667788 0000000000000000 29 20 22 20 00000000 00000024 00 00 0008 00 00 000e",
	 "ike.version=2 :500\nike.notify=NO_PROPOSAL_CHOSEN :500\n"},
	{&udp_ike, 4500, "version 2 behind NAT wants another group",
	 "00000000 1122334455667788 0000000000000000 29 20 22 20 00000000 00000026 00 00 000a 00 00 0011 000e",
	 "ike.version=2 :4500\nike.notify=INVALID_KE_PAYLOAD :4500\n"},
	{&udp_ike, 0, "version 1 with its maker",
	 "1122334455667788 99aabbccddeeff00 01 10 02 00 00000000 00000030 0d 00 0008 00000001 00 00 000c "
	 "afcad71368a1f1c9",
	 "ike.version=1 :500\nike.vendor=afcad71368a1f1c9 :500\n"},
	{&udp_ike, 0, "another's handshake",
	 "1122334455667789 0000000000000000 29 20 22 20 00000000 00000024 00 00 0008 00 00 000e", NULL},
	{&udp_bacnet, 0, "a device", "81 0a 0014 01 00 10 00 c4 020004d2 22 05c4 91 03 21 18",
	 "bacnet.device=1234 :47808\nbacnet.vendor_id=24 :47808\n"},
	{&udp_bacnet, 0, "a name", "81 0a 001c 01 00 30 88 0c 0c 020004d2 19 4d 3e 75 08 00 'Boiler1' 3f",
	 "bacnet.name=Boiler1 :47808\n"},
	{&udp_bacnet, 0, "a property that it has not", "81 0a 000d 01 00 50 88 0c 91 02 91 20", ""},
	{&udp_bacnet, 0, "a length that is not its own",
	 "81 0a 0099 01 00 10 00 c4 020004d2 22 05c4 91 03 21 18", NULL},
	{&udp_tftp, 0, "no such file", "0005 0001 'File not found'00", "tftp.error=File not found :69\n"},
	{&udp_tftp, 0, "an error without its end", "0005 0001 'File not found'", NULL},
	{&udp_openvpn, 0, "a handshake", "40 aabbccddeeff0011 01 00000000 1122334455667788 00000000", ""},
	{&udp_openvpn, 0, "another's handshake", "40 aabbccddeeff0011 01 00000000 1122334455667789 00000000",
	 NULL},
	{&udp_quic, 0, "its versions",
	 "80 00000000 08 eeddccbbaa998877 08 1122334455667788 00000001 6b3343cf 0a1a2a3a",
	 "quic.versions=1 6b3343cf :443\n"},
	{&udp_quic, 0, "a version of its own", "c0 00000001 08 eeddccbbaa998877 08 1122334455667788", NULL},
	{&udp_stun, 0, "a server", "0101 000c 2112a442 1122334455667788 00000000 8022 0006 'coturn' 0000",
	 "stun.software=coturn :3478\n"},
	{&udp_rpc, 0, "NFS",
	 "55667788 00000001 00000000 00000000 00000000 00000000 00000001 000186a3 00000003 00000006 00000801"
	 " 00000001 000186a3 00000004 00000006 00000801 00000001 000186a5 00000003 00000011 00004e50 00000000",
	 "service 2049/tcp nfs\nservice 20048/udp mountd\n"},
	{&udp_rpc, 0, "noise behind what we sent", "55667788 00000001 8f00aa17 1200bb00 00000099", NULL},
	{&udp_rpc, 0, "a refusal", "55667788 00000001 00000001 00000001 00000005", ""},
	{&udp_ipmi, 0, "a pong", "06 00 ff 06 000011be 40 88 00 10 000011be 00000000 81 00 000000000000", ""},
	{&udp_ipmi, 0, "version 2.0",
	 "06 00 ff 07 00 00000000 00000000 10 81 1c 63 20 00 38 00 01 97 04 03 00 00 00 00 00",
	 "ipmi.version=2.0 :623\n"},
	{&udp_coap, 0, "its resources", "64 45 7788 11223344 c1 28 ff '</lamp>;rt=light'",
	 "coap.resources=</lamp>;rt=light :5683\n"},
	{&udp_coap, 0, "a refusal", "70 00 7788", ""},
	{&udp_wsd, 0, "a camera",
	 "'<e:Envelope><e:Header><w:RelatesTo>urn:uuid:11223344-7788-4000-8000-000000000000</w:RelatesTo></"
	 "e:Header><e:Body><d:ProbeMatches>"
	 "<d:ProbeMatch><d:Types>dn:NetworkVideoTransmitter</d:Types><d:XAddrs> http://10.0.0.7/onvif "
	 "</d:XAddrs></d:ProbeMatch>"
	 "</d:ProbeMatches></e:Body></e:Envelope>'",
	 "wsd.types=dn:NetworkVideoTransmitter\nwsd.addresses=http://10.0.0.7/onvif\n"},
	{&udp_ubiquiti, 0, "an access point",
	 "01 00 0021 02 000a 020000000007 0a000007 0b 0005 'Attic' 03 0003 '6.5' 14 0003 'U6P'",
	 "address 02:00:00:00:00:07 10.0.0.7\nname hostname Attic "
	 "10.0.0.7\nubiquiti.firmware=6.5\nubiquiti.model=U6P\n"},
	{&udp_natpmp, 0, "an address outside", "00 80 0000 00000100 cb007109",
	 "natpmp.external=203.0.113.9 :5351\n"},
	{&udp_mssql, 0, "two instances", "05 2e00 'ServerName;A;tcp;1433;;ServerName;A;tcp;1444;;'",
	 "mssql.instance=ServerName;A;tcp;1433 :1434\nmssql.instance=ServerName;A;tcp;1444 :1434\n"},
	{&udp_mssql, 0, "an instance", "05 1700 'ServerName;A;tcp;1433;;'",
	 "mssql.instance=ServerName;A;tcp;1433 :1434\n"},
	{&udp_jellyfin, 0, "a server",
	 "'{\"Address\":\"http://10.0.0.7:8096\",\"Id\":\"ab\",\"Name\":\"Attic\"}'",
	 "name instance Attic 10.0.0.7\n"},
	{&udp_wireguard, 0, "anything", "02000000 00000000", NULL},
	{&udp_tailscale, 0, "anything", "02000000 00000000", NULL},
	{&udp_dhcp, 0, "routers and resolvers",
	 "02 01 06 00 55667788 0000 0000 0a000001 00000000 00000000 00000000 0200 11223344 "
	 "00000000000000000000 *192"
	 " 63825363 35 01 05 03 04 0a000001 06 04 0a000007 01 04 ffffff00 ff",
	 "route 10.0.0.1 0.0.0.0/0 dns=10.0.0.7\n"},
};

#endif
