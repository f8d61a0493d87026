// SPDX-License-Identifier: BSD-2-Clause
/* What one end says by itself: half a connection, a part of it, what comes after its first exchange, and what stands inside another protocol. */
#include "tests/decode/heads.h"
#include "tests/decode/tls_messages.h"

static struct talker t;

#define REQUEST "GET / HTTP/1.1\r\nHost: box\r\nUser-Agent: curl/8\r\n\r\n"
#define SECOND "GET /b HTTP/1.1\r\nHost: box\r\nUser-Agent: wget/1\r\n\r\n"
#define CURL TALK_OF_CLIENT("http", "http.user_agent", "curl/8")
#define WGET TALK_OF_CLIENT("http", "http.user_agent", "wget/1")
#define SERVER_IS(port, name) TALK_TRAIT("http", port, "http.server", name)
#define SERVER_SEEMS(port, name) TALK_MEASURED_TRAIT("http", port, "http.server", name)
#define NO_PAGE "HTTP/1.1 304 Not Modified\r\nServer: "

static void halves(void)
{
	talk_begin(&t, 8081, false);
	CLIENT(&t, REQUEST);
	TELLS(&t, "a request without its answer: the client", CURL);

	talk_begin(&t, 8081, false);
	SERVER(&t, "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 1000\r\n\r\n<html>");
	TELLS(&t, "an answer without its request: the server's program, and no service",
	      SERVER_IS(8081, "nginx"));

	talk_begin(&t, 8081, false);
	SERVER(&t, "HTTP/1.1 200 OK\r\nVia: 1.1 cache\r\nServer: nginx\r\n\r\n");
	TELLS(&t, "one that came through a proxy is not the sender's own word", SERVER_SEEMS(8081, "nginx"));

	talk_begin(&t, 8081, true);
	SERVER(&t, "HTTP/1.1 200 OK\r\nServer: nginx\r\nX-Cut: off in the mid");
	TELLS(&t, "a head that the capture has cut says what stands in whole lines", SERVER_IS(8081, "nginx"));

	talk_begin(&t, 8081, true);
	CLIENT(&t, REQUEST);
	SERVER(&t, "HTTP/1.1 200 OK\r\nServer: ngi");
	TELLS(&t, "and nothing of a line that is not whole", CURL,
	      TALK_MEASURED_TRAIT("http", 8081, "http.host", "box"), TALK_SERVICE("http", 8081, "http"),
	      TALK_TRAIT("http", 8081, "http.status", "/ 200"));

	talk_begin(&t, 6001, false);
	CLIENT(&t, "RPC_IN_DATA /rpc/rpcproxy.dll?box:6001 HTTP/1.1\r\nUser-Agent: MSRPC\r\n\r\n");
	TELLS(&t, "RPC over HTTP has a line in its method", TALK_OF_CLIENT("http", "http.user_agent", "MSRPC"));

	talk_begin(&t, 8081, true);
	t.seq[0] += 100;
	CLIENT(&t, REQUEST);
	TELLS(&t, "a request behind a gap", CURL);

	talk_begin(&t, 2222, true);
	CLIENT(&t, "SSH-2.0-PuTTY_0.78\r\n");
	TELLS(&t, "ssh: of one direction who sends it",
	      TALK_OF_CLIENT("ssh", "ssh.banner", "SSH-2.0-PuTTY_0.78"));

	talk_begin(&t, 2222, true);
	CLIENT(&t, REQUEST);
	SERVER(&t, "SSH-2.0-OpenSSH_9.2p1\r\n");
	TELLS(&t, "ssh: asked for a page", TALK_SERVICE("ssh", 2222, "ssh"),
	      TALK_TRAIT("ssh", 2222, "ssh.banner", "SSH-2.0-OpenSSH_9.2p1"));

#define REST "ary=1 HTTP/1.1\r\nHost: box\r\nUser-Agent: curl/8\r\nAccept: */*\r\n\r\n"
	talk_begin(&t, 8080, false);
	CLIENT(&t, REST);
	TELLS(&t, "the rest of a head, at a port of the web: seen, but not whose it is",
	      TALK_MEASURED_OF_CLIENT("http", "http.user_agent", "curl/8"));

	talk_begin(&t, 8080, false);
	CLIENT(&t, "Dear all,\r\nUser-Agent: curl/8\r\nthat is how I ask\r\nX: y\r\nZ: a\r\n\r\n");
	TELLS(&t, "lines among which there are others are no head");

	talk_begin(&t, 2525, false);
	CLIENT(&t, REST);
	TELLS(&t, "nor is it at any port");

	talk_begin(&t, 9000, true);
	CLIENT(&t, "HELLO THERE HTTP\r\n\r\n");
	SERVER(&t, "HTTP is fun\r\nServer: no\r\n\r\n");
	TELLS(&t, "words that are no heads");
}

static void later(void)
{
	talk_begin(&t, 8081, true);
	CLIENT(&t, REQUEST);
	SERVER(&t, NO_PAGE "one\r\n\r\n");
	said_clear(&t.said);
	CLIENT(&t, SECOND);
	SERVER(&t, NO_PAGE "two\r\n\r\n");
	t.seq[1] += 100000;
	SERVER(&t, "HTTP/1.0 404 Not Found\r\nServer: three\r\n\r\n");
	SERVER(&t, "the rest of a page, HTTP/1.1 200 OK\r\nServer: none\r\n");
	TELLS(&t, "requests and answers after the first", WGET, SERVER_IS(8081, "two"),
	      SERVER_IS(8081, "three"));

	talk_begin(&t, 8081, true);
	CLIENT(&t, REQUEST SECOND);
	SERVER(&t, "HTTP/1.1 200 OK\r\nServer: one\r\nContent-Length: 3\r\n\r\nabc" NO_PAGE "two\r\n\r\n");
	TELLS(&t, "several in one segment", CURL, WGET, TALK_MEASURED_TRAIT("http", 8081, "http.host", "box"),
	      TALK_SERVICE("http", 8081, "http"), TALK_TRAIT("http", 8081, "http.status", "/ 200"),
	      SERVER_IS(8081, "one"), TALK_TRAIT("http", 8081, "http.header", "/ server: one"),
	      TALK_TRAIT("http", 8081, "http.body", "/ abc"), SERVER_IS(8081, "two"));

	talk_begin(&t, 2525, true);
	SERVER(&t, "220 box ESMTP mail here\r\n");
	CLIENT(&t, "EHLO me\r\n");
	said_clear(&t.said);
	CLIENT(&t, REQUEST);
	SERVER(&t, NO_PAGE "one\r\n\r\n");
	TELLS(&t, "what is sent by mail is not what mail is sent by");

	talk_begin(&t, 1080, true);
	CLIENT(&t, "\5\1\0");
	SERVER(&t, "\5\0");
	CLIENT(&t, "\5\1\0\1\x0a\0\0\x09\0\x50");
	said_clear(&t.said);
	SERVER(&t, "\5\0\0\1\x0a\0\0\x09\0\x50");
	CLIENT(&t, REQUEST);
	SERVER(&t, NO_PAGE "far\r\n\r\n");
	TELLS(&t, "behind SOCKS the client speaks for itself, the server for another", CURL,
	      SERVER_SEEMS(1080, "far"));
}

static void says(unsigned int from, const struct message *m)
{
	talk_says(&t, from, m->bytes, m->length);
}

#define JA4                                                                                                \
	"{\"fact\":\"trait\",\"ip\":\"10.0.0.5\",\"key\":\"tls.ja4\",\"value\":\"t13d1516h2_8daaf6152771_" \
	"e5627efa2ab1\"," TALK_MEASURED("tls")

static void hellos(void)
{
	struct message hello = chrome(), answer = server_hello(0, "\0\5\4smtp", 7),
		       done = record(14, &(struct message){});

	talk_begin(&t, 4433, false);
	talk_says(&t, 0, hello.bytes, 200);
	TELLS(&t, "tls: a hello that is cut still names the server, and has no fingerprint",
	      TALK_MEASURED_TRAIT("tls", 4433, "tls.sni", "box.example"));

	talk_begin(&t, 2525, true);
	SERVER(&t, "220 box ESMTP mail here\r\n");
	CLIENT(&t, "EHLO me\r\n");
	said_clear(&t.said);
	SERVER(&t, "250 STARTTLS\r\n");
	CLIENT(&t, "STARTTLS\r\n");
	SERVER(&t, "220 go on\r\n");
	talk_says(&t, 0, hello.bytes, 100);
	talk_says(&t, 0, hello.bytes + 100, hello.length - 100);
	says(1, &answer);
	says(1, &done);
	TELLS(&t, "tls: after STARTTLS, whatever pieces it comes in; the service has its name", JA4,
	      TALK_MEASURED_TRAIT("tls", 2525, "tls.sni", "box.example"),
	      TALK_MEASURED_TRAIT("tls", 2525, "tls.version", "TLSv1.2"),
	      TALK_MEASURED_TRAIT("tls", 2525, "tls.alpn", "smtp"));

	talk_begin(&t, 3128, true);
	CLIENT(&t, "CONNECT box.example:443 HTTP/1.1\r\nUser-Agent: curl/8\r\n\r\n");
	SERVER(&t, "HTTP/1.1 200 Connection established\r\n\r\n");
	said_clear(&t.said);
	says(0, &hello);
	says(1, &answer);
	says(1, &done);
	TELLS(&t, "tls: what a proxy is told to connect to is not the proxy", JA4);

	talk_begin(&t, 4433, true);
	CLIENT(&t, "?");
	says(0, &hello);
	TELLS(&t, "tls: after something that nobody knows", JA4,
	      TALK_MEASURED_TRAIT("tls", 4433, "tls.sni", "box.example"));
}

static void speaks(const char *story, const char *app)
{
	heads_tick(t.heads, 0);
	tap_ok(!strcmp(t.app, app), "%s: %s", story, *t.app ? t.app : "not known");
	said_clear(&t.said);
}

static void apps(void)
{
	struct message hello = chrome();

	talk_begin(&t, 8081, true);
	CLIENT(&t, REQUEST);
	SERVER(&t, NO_PAGE "one\r\n\r\n");
	speaks("a connection speaks what its server has answered in", "http");

	talk_begin(&t, 2222, false);
	CLIENT(&t, "SSH-2.0-PuTTY_0.78\r\n");
	speaks("what one end says, when the other is not heard", "ssh");

	talk_begin(&t, 8081, true);
	says(0, &hello);
	SERVER(&t, "HTTP/1.1 400 Bad Request\r\n\r\n");
	speaks("not what the other end does not understand", "");

	talk_begin(&t, 60000, true);
	SERVER(&t, "hello there\r\n");
	CLIENT(&t, "hello\r\n");
	speaks("nor what nobody knows", "");
}

int main(void)
{
	talk_open(&t);
	halves();
	later();
	hellos();
	apps();
	heads_close(t.heads);
	return tap_end();
}
