/* SPDX-License-Identifier: BSD-2-Clause */
/* How clients and servers of each protocol begin to talk, byte by byte, and what the server then is. */
#ifndef TESTS_DECODE_TALKS_H
#define TESTS_DECODE_TALKS_H

#include <stddef.h>

struct talk_line {
	const char *bytes;
	size_t length;
};

#define LINE(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}

struct test_talk {
	const char *name; /* of the protocol */
	struct talk_line asks, says;
	const char *tells; /* "key=value" of one trait, or NULL */
};

static const struct test_talk test_talks[] = {
	{"redis", LINE("*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n"), LINE("%1\r\n$6\r\nserver\r\n$5\r\nredis\r\n"),
	 NULL},
	{"redis", LINE("*1\r\n$4\r\nINFO\r\n"),
	 LINE("$40\r\n# Server\r\nredis_version:7.0.15\r\nos:Linux\r\n\r\n"), "redis.version=7.0.15"},
	{"memcached", LINE("get somekey\r\n"), LINE("END\r\n"), NULL},
	{"memcached", LINE("version\r\n"), LINE("VERSION 1.6.18\r\n"), "memcached.version=1.6.18"},
	{"memcached", LINE("\x80\x0b\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
	 LINE("\x81\x0b\0\0\0\0\0\0\0\0\0\6\0\0\0\0\0\0\0\0\0\0\0\0001.6.18"), NULL},
	{"rtsp", LINE("OPTIONS rtsp://cam/1 RTSP/1.0\r\nCSeq: 1\r\n\r\n"),
	 LINE("RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: Camera\r\n\r\n"), "rtsp.server=Camera"},
	{"sip", LINE("OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP c\r\n\r\n"),
	 LINE("SIP/2.0 200 OK\r\nServer: kamailio\r\n\r\n"), "sip.server=kamailio"},
	{"xmpp", LINE("<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams'>"),
	 LINE("<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' id='1'>"),
	 NULL},
	{"irc", LINE("NICK me\r\nUSER me 0 * :me\r\n"), LINE(":irc.box NOTICE * :*** Looking up\r\n"), NULL},
	{"stomp", LINE("CONNECT\naccept-version:1.2\n\n\0"), LINE("CONNECTED\nversion:1.2\n\n\0"), NULL},
	{"zookeeper", LINE("ruok"), LINE("imok"), NULL},
	{"zookeeper",
	 LINE("\0\0\0\x2d\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x75\x30\0\0\0\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\0\0\0\0\0"
	      "\0\0\0\0\0"),
	 LINE("\0\0\0\x25\0\0\0\0\0\0\x75\x30\1\0\0\0\0\0\0\1\0\0\0\x10\1\2\3\4\5\6\7\x08\1\2\3\4\5\6\7\x08\0"),
	 NULL},
	{"nut", LINE("LIST UPS\n"), LINE("BEGIN LIST UPS\nUPS ups \"x\"\nEND LIST UPS\n"), NULL},
	{"zabbix-agent", LINE("ZBXD\1\x0a\0\0\0\0\0\0\0agent.ping"), LINE("ZBXD\1\1\0\0\0\0\0\0\0001"), NULL},
	{"zabbix-server", LINE("ZBXD\1\x30\0\0\0\0\0\0\0{\"request\":\"active checks\",\"host\":\"box\"}"),
	 LINE("ZBXD\1\x16\0\0\0\0\0\0\0{\"response\":\"success\"}"), NULL},
	{"git", LINE("0033git-upload-pack /project.git\0host=myserver.com\0"),
	 LINE("00887217a7c7e582c46cec22a130"), NULL},
	{"postgresql", LINE("\0\0\0\x08\4\xd2\x16\x2f"), LINE("N"), "postgresql.tls=false"},
	{"postgresql", LINE("\0\0\0\x21\0\3\0\0user\0me\0database\0mydb\0\0"),
	 LINE("R\0\0\0\x08\0\0\0\0S\0\0\0\x19server_version\00015.5\0"), "postgresql.version=15.5"},
	{"mongodb", LINE("\x3a\0\0\0\7\0\0\0\0\0\0\0\xd4\7\0\0\0\0\0\0admin.$cmd\0"),
	 LINE("\x40\0\0\0\1\0\0\0\7\0\0\0\1\0\0\0\x08\0\0\0"), NULL},
	{"mssql", LINE("\x12\1\0\x1a\0\0\0\0\0\0\x0b\0\6\1\0\x11\0\1\xff\x09\0\0\0\0\0\2"),
	 LINE("\4\1\0\x1a\0\0\1\0\0\0\x0b\0\6\1\0\x11\0\1\xff\x10\0\x03\xe8\0\0\2"), "mssql.version=16.0.1000"},
	{"oracle", LINE("\0\x5a\0\0\1\0\0\0\1\x36\1\x2c\0\0\x08\0\x7f\xff(DESCRIPTION=(CONNECT_DATA=(SID=x)))"),
	 LINE("\0\x08\0\0\x0b\0\0\0"), NULL},
	{"cassandra", LINE("\4\0\0\1\5\0\0\0\0"), LINE("\x84\0\0\1\6\0\0\0\2\0\0"), NULL},
	{"kafka", LINE("\0\0\0\x12\0\x12\0\0\0\0\0\5\0\x08librdkaf"), LINE("\0\0\0\x0a\0\0\0\5\0\0\0\0\0\0"),
	 NULL},
	{"bolt", LINE("\x60\x60\xb0\x17\0\0\0\5\0\0\4\4\0\0\0\4\0\0\0\3"), LINE("\0\0\4\4"), NULL},
	{"epmd", LINE("\0\7zrabbit"), LINE("w\1"), NULL},
	{"mqtt", LINE("\x10\x10\0\4MQTT\4\2\0\x3c\0\4name"), LINE("\x20\2\0\5"), "mqtt.connect=not authorized"},
	{"mqtt", LINE("\x10\x13\0\4MQTT\5\2\0\x3c\0\0\4name"), LINE("\x20\3\0\0\0"), "mqtt.connect=accepted"},
	{"amqp", LINE("AMQP\0\0\x09\1"),
	 LINE("\1\0\0\0\0\0\x1b\0\x0a\0\x0a\0\x09\0\0\0\x13\7productS\0\0\0\6Rabbit\xce"),
	 "amqp.product=Rabbit"},
	{"clickhouse",
	 LINE("\0\x11"
	      "ClickHouse client\x17"),
	 LINE("\0\x0a"
	      "ClickHouse\x17"),
	 NULL},
	{"smb", LINE("\0\0\0\x54\xffSMBr\0\0\0\0\0\0\0\0\0\0\0\0"), LINE("\0\0\0\x54\xffSMBr\0\0\0\0"),
	 "smb.version=1"},
	{"rdp", LINE("\3\0\0\x13\x0e\xe0\0\0\0\0\0\1\0\x08\0\3\0\0\0"),
	 LINE("\3\0\0\x13\x0e\xd0\0\0\x12\x34\0\2\0\x08\0\2\0\0\0"), "rdp.security=credssp"},
	{"ldap", LINE("\x30\x0c\2\1\1\x60\7\2\1\3\4\0\x80\0"), LINE("\x30\x0c\2\1\1\x61\7\x0a\1\0\4\0\4\0"),
	 NULL},
	{"msrpc", LINE("\5\0\x0b\3\x10\0\0\0\x48\0\0\0"), LINE("\5\0\x0c\3\x10\0\0\0\x3c\0\0\0"), NULL},
	{"kerberos", LINE("\0\0\0\x20\x6a\x1e\x30\x1c\xa1\3\2\1\5"),
	 LINE("\0\0\0\x20\x7e\x1e\x30\x1c\xa0\3\2\1\5"), NULL},
	{"portmapper", LINE("\x80\0\0\x28\1\2\3\4\0\0\0\0\0\0\0\2\0\1\x86\xa0\0\0\0\2\0\0\0\4"),
	 LINE("\x80\0\0\x1c\1\2\3\4\0\0\0\1\0\0\0\0"), NULL},
	{"nfs", LINE("\x80\0\0\x28\1\2\3\4\0\0\0\0\0\0\0\2\0\1\x86\xa3\0\0\0\4\0\0\0\0"),
	 LINE("\x80\0\0\x18\1\2\3\4\0\0\0\1\0\0\0\0"), NULL},
	{"x11", LINE("l\0\x0b\0\0\0\0\0\0\0\0\0"), LINE("\1\0\x0b\0\0\0\x10\0"), NULL},
	{"afp", LINE("\0\4\0\1\0\0\0\0\0\0\0\6\0\0\0\0\1\4\0\1\0\0"),
	 LINE("\1\4\0\1\0\0\0\0\0\0\0\6\0\0\0\0\0\4\0\1\0\0"), NULL},
	{"iscsi", LINE("\x43\x87\0\0InitiatorName=iqn.2001-04.com.example:box\0"), LINE("\x23\x87\0\0\0\0"),
	 NULL},
	{"modbus", LINE("\0\1\0\0\0\6\1\3\0\0\0\2"), LINE("\0\1\0\0\0\7\1\3\4\0\1\0\2"), NULL},
	{"s7comm",
	 LINE("\3\0\0\x16\x11\xe0\0\0\0\1\0\xc1\2\1\0\xc2\2\1\2\xc0\1\x0a\3\0\0\x19\2\xf0\x80\x32\1\0\0\0\0\0"
	      "\x08"),
	 LINE("\3\0\0\x16\x11\xd0\0\1\0\2\0\xc0\1\x0a\xc1\2\1\0\xc2\2\1\2"), NULL},
	{"ethernet-ip", LINE("\x65\0\4\0\0\0\0\0\0\0\0\0abcdefgh\0\0\0\0\1\0\0\0"),
	 LINE("\x65\0\4\0\7\0\0\0\0\0\0\0abcdefgh\0\0\0\0\1\0\0\0"), NULL},
	{"modbus",
	 LINE("\000\001\000\000\000\006\001\003\000\000\000\002\000\002\000\000\000\005\001+\016\001\000"),
	 LINE("\000\001\000\000\000\007\001\003\004\000\001\000\002\000\002\000\000\000\033\001+"
	      "\016\001\001\000\000\003\000\004Acme\001\005PLC-5\002\004v2.1"),
	 "modbus.product_code=PLC-5"},
	{"s7comm",
	 LINE("\003\000\000\026\021\340\000\000\000\001\000\301\002\001\000\302\002\001\002\300\001\012\003\000"
	      "\000!"
	      "\002\360\2002\007\000\000\002\000\000\010\000\010\000\001\022\004\021D\001\000\377\011\000\004"
	      "\000\021\000\000"),
	 LINE("\003\000\000\026\021\320\000\001\000\002\000\300\001\012\301\002\001\000\302\002\001\002\003\000"
	      "\000a\002\360\2002\007\000\000\002\000\000\014\000D\000\001\022\010\022\204\001\001\000\000\000"
	      "\000\377\011\000@\000\021\000\000\000\034\000\002\000\0016ES7 315-2EH14-0AB0 "
	      "\000\300\000\004\000\001\000\007                    \000\300V\003\002\006"),
	 "s7.firmware=3.2.6"},
	{"s7comm",
	 LINE("\003\000\000\026\021\340\000\000\000\001\000\301\002\001\000\302\002\001\002\300\001\012\003\000"
	      "\000!"
	      "\002\360\2002\007\000\000\002\000\000\010\000\010\000\001\022\004\021D\001\000\377\011\000\004"
	      "\000\021\000\000"),
	 LINE("\003\000\000\026\021\320\000\001\000\002\000\300\001\012\301\002\001\000\302\002\001\002\003\000"
	      "\000a\002\360\2002\007\000\000\002\000\000\014\000D\000\001\022\010\022\204\001\001\000\000\000"
	      "\000\377\011\000@\000\021\000\000\000\034\000\002\000\0016ES7 315-2EH14-0AB0 "
	      "\000\300\000\004\000\001\000\007                    "
	      "\000\300V\003\002\006\003\000\000m\002\360\2002\007\000\000\002\000\000\014\000P\000\001\022\010"
	      "\022\204\001\001\000\000\000\000\377\011\000L\000\034\000\000\000\042\000\002\000\001Boiler\000"
	      "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
	      "\000\000\005S C-X4U421302009\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"),
	 "s7.serial=S C-X4U421302009"},
	{"ethernet-ip", LINE("c\000\000\000\000\000\000\000\000\000\000\000abcdefgh\000\000\000\000"),
	 LINE("c\0001\000\000\000\000\000\000\000\000\000abcdefgh\000\000\000\000\001\000\014\000+"
	      "\000\001\000\000\002\257\022\000\000\000\000\000\000\000\000\000\000\000\000\001\000\016\000\246"
	      "\000\024\013`\000\357\276\255\336\0111756-L71 \003"),
	 "enip.serial=deadbeef"},
	{"dnp3", LINE("\5\x64\x05\xc0\1\0\0\0\1\2"), LINE("\5\x64\x05\x40\0\0\1\0\3\4"), NULL},
	{"iec104", LINE("\x68\4\7\0\0\0"), LINE("\x68\4\x0b\0\0\0"), NULL},
	{"opcua", LINE("HELF\x20\0\0\0\0\0\0\0"), LINE("ACKF\x1c\0\0\0\0\0\0\0"), NULL},
	{"socks", LINE("\4\1\0\x50\x0a\0\0\x09me\0"), LINE("\0\x5a\0\x50\x0a\0\0\x09"), NULL},
	{"socks", LINE("\4\1\1\xbb\0\0\0\1me\0box.example\0"), LINE("\0\x5b\0\0\0\0\0\0"), NULL},
	{"socks", LINE("\5\1\0\5\1\0\1\x0a\0\0\1\0\x50"), LINE("\5\0\5\0\0\1\0\0\0\0\0\0"), "socks.open=true"},
	{"dns", LINE("\0\x11\1\2\1\0\0\1\0\0\0\0\0\0\0\0\2\0\1"),
	 LINE("\0\x11\1\2\x81\x80\0\1\0\0\0\0\0\0\0\0\2\0\1"), NULL},
	{"ajp", LINE("\x12\x34\0\1\x0a"), LINE("AB\0\1\x09"), NULL},
	{"openvpn", LINE("\0\x0e\x38\1\2\3\4\5\6\7\x08\0\0\0\0\0"),
	 LINE("\0\x1a\x40\x09\x09\x09\x09\x09\x09\x09\x09\1\0\0\0\0\1\2\3\4\5\6\7\x08\0\0\0\0"), NULL},
	{"bgp", LINE("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\x1d\1\4\0\1"),
	 LINE("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\x1d\1\4\0\2"), NULL},
	{"tacacs", LINE("\xc0\1\1\0\1\2\3\4\0\0\0\4abcd"), LINE("\xc0\1\2\0\1\2\3\4\0\0\0\6efghij"), NULL},
	{"http2", LINE("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"),
	 LINE("\0\0\x06\4\0\0\0\0\0\0\3\0\0\0\x64"), NULL},
	{"bittorrent",
	 LINE("\x13"
	      "BitTorrent protocol\0\0\0\0"),
	 LINE("\x13"
	      "BitTorrent protocol\0\0\0\0"),
	 NULL},
	{"adb", LINE("CNXN\1\0\0\1\0\0\4\0"), LINE("AUTH\1\0\0\0\0\0\0\0"), NULL},
	{"esphome", LINE("\0\6\1\x0a\4home"), LINE("\0\x08\2\x08\1\x10\x0a\x1a\2ok"), NULL},
};

enum { TEST_TALKS = sizeof(test_talks) / sizeof(test_talks[0]) };

#endif
