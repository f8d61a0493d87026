// SPDX-License-Identifier: BSD-2-Clause
/* Writes what servers say as seeds of tests/fuzz/conversation.c into the folder that it is given. */
#include <stdio.h>
#include <string.h>

#define SEED(port, text)                     \
	{                                    \
		port, text, sizeof(text) - 1 \
	}

static const struct {
	unsigned int port;
	const char *bytes;
	size_t length;
} seeds[] = {
	SEED(40000, "SSH-2.0-OpenSSH_9.2\r\n"),
	SEED(25, "220-a ESMTP\r\n220 b\r\n"),
	SEED(110, "+OK ready\r\n"),
	SEED(3306, "\x4a\0\0\0\x0a"
		   "8.0.36\0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	SEED(23, "\xff\xfd\x18\xff\xfd\x20login: "),
	SEED(80, "HTTP/1.1 200 OK\r\nServer: x\r\nSet-Cookie: a=b\r\nContent-Length: 70\r\n\r\n"
		 "<title>A &amp; B</title><link rel='icon' href='/i.png'> a1b2c3d4e5f6a7b8c9d0e1"),
	SEED(80, "HTTP/1.1 302 F\r\nLocation: http://10.0.0.1/x\r\nTransfer-Encoding: "
		 "chunked\r\n\r\n5;e\r\nabcde\r\n0\r\n\r\n"),
	SEED(80, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
		 "33\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\3\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x27\0"),
	SEED(80, "HTTP/1.1 400 B\r\nContent-Length: 5\r\n\r\nhttps"),
	SEED(443, "\x15\x03\x03\0\2\2\x28"),
	SEED(443, "\x16\x03\x03\0\x2a\2\0\0\x26\x03\x03"
		  "01234567890123456789012345678901\0\xc0\x2f\0"),
	SEED(6379, "+PONG\r\n"),
	SEED(6379, "-NOAUTH Authentication required.\r\n"),
	SEED(11211, "VERSION 1.6.18\r\n"),
	SEED(554, "RTSP/1.0 200 OK\r\nServer: Cam\r\n\r\n"),
	SEED(5060, "SIP/2.0 200 OK\r\nUser-Agent: A\r\n\r\n"),
	SEED(5222, "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams'>"),
	SEED(5432, "S"),
	SEED(27017,
	     "\x60\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\2version\0\6\0\0\0"
	     "7.0.1\0"),
	SEED(1433, "\4\1\0\x1b\0\0\1\0\0\0\6\0\6\xff\x0f\0\x07\xd0\0\0\0\0\0\0\0\0\0"),
	SEED(1521, "\0\x45\0\0\4\0\0\0\"\0\0\x39(DESCRIPTION=(TMP=)(VSNNUM=318767104)(ERR=12514))"),
	SEED(389, "\x30\x32\2\1\1\x64\x2d\4\0\x30\x29\x30\x12\4\x0bvendorName \x31\3\4\1v\x30\x13\4\x0b"
		  "dnsHostName\x31\4\4\2dc"),
	SEED(445, "\0\0\0\x70\xfeSMB\x40\0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	SEED(3389, "\3\0\0\x13\x0e\xd0\0\0\x12\x34\0\2\x1f\x08\0\2\0\0\0"),
	SEED(548, "\1\3\0\1\0\0\0\0\0\0\0\x10\0\0\0\0\0\4\0\0\5Xserv"),
	SEED(1883, "\x20\2\0\0"),
	SEED(1883, "\x90\3\0\1\0\x30\x22\0\x13$SYS/broker/version"
		   "mosquitto 2.0\xd0\0"),
	SEED(9102, "\0\0\0\x1c"
		   "2999 Authentication failed.\n"),
	SEED(88, "\0\0\0\x0e\x7e\x0c\x30\x0a\xa0\3\2\1\5\xa1\3\2\1\x1e"),
	SEED(5672, "\1\0\0\0\0\0\x30\0\x0a\0\x0a\0\x09\0\0\0\x20\7productS\0\0\0\x08RabbitMQ\7versionS\0\0\0\3"
		   "3.9\xce"),
	SEED(1723, "\0\x9c\0\1\x1a\x2b\x3c\x4d\0\2"),
	SEED(4369, "\0\0\x11\x11name rabbit at port 25672\n"),
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(seeds) / sizeof(seeds[0]); i++) {
		char path[4096];
		FILE *file;

		snprintf(path, sizeof(path), "%s/%zu", argv[1], i);
		file = fopen(path, "wb");
		if (!file ||
		    fprintf(file, "%c%c", (int)(seeds[i].port >> 8), (int)(seeds[i].port & 255)) != 2 ||
		    fprintf(file, "%c%c", 0x0f, (int)seeds[i].length - 1) != 2 ||
		    fwrite(seeds[i].bytes, 1, seeds[i].length, file) != seeds[i].length || fclose(file)) {
			perror(path);
			return 1;
		}
	}
	return argc != 2;
}
