// SPDX-License-Identifier: BSD-2-Clause
/* Given these first bytes of a connection, then these facts: HTTP, greetings, bytes out of order, and what proves nothing. */
#include "tests/decode/heads.h"

static struct talker t;

#define REQUEST "GET / HTTP/1.1\r\nHost: box.example\r\nUser-Agent: curl/8\r\n\r\n"
#define ANSWER                                                                                                 \
	"HTTP/1.1 200 OK\r\nServer: nginx\r\nX-Powered-By: PHP\r\nContent-Length: 27\r\n\r\n<title>Box &amp; " \
	"Co</title>"
#define ANSWER_FACTS                                                                                  \
	TALK_OF_CLIENT("http", "http.user_agent", "curl/8"),                                          \
		TALK_MEASURED_TRAIT("http", 8081, "http.host", "box.example"),                        \
		TALK_SERVICE("http", 8081, "http"), TALK_TRAIT("http", 8081, "http.status", "/ 200"), \
		TALK_TRAIT("http", 8081, "http.server", "nginx"),                                     \
		TALK_TRAIT("http", 8081, "http.header", "/ server: nginx"),                           \
		TALK_TRAIT("http", 8081, "http.header", "/ x-powered-by: PHP"),                       \
		TALK_TRAIT("http", 8081, "http.title", "Box & Co"),                                   \
		TALK_TRAIT("http", 8081, "http.body", "/ <title>Box &amp; Co</title>")

static void http(void)
{
	talk_begin(&t, 8081, true);
	CLIENT(&t, REQUEST);
	SERVER(&t, ANSWER);
	TELLS(&t, "http: a page, by whatever port", ANSWER_FACTS);

	talk_begin(&t, 8081, false);
	SERVER(&t, ANSWER);
	CLIENT(&t, REQUEST);
	TELLS(&t, "http: of a connection whose beginning was not seen, and the answer before the request",
	      ANSWER_FACTS);

	talk_begin(&t, 8081, true);
	talk_segment(&t, 1, TALK_SERVER_SEQ + 20, &ANSWER[20], sizeof(ANSWER) - 21);
	talk_segment(&t, 0, TALK_CLIENT_SEQ + 10, &REQUEST[10], sizeof(REQUEST) - 11);
	talk_segment(&t, 1, TALK_SERVER_SEQ, ANSWER, 30);
	talk_segment(&t, 1, TALK_SERVER_SEQ, ANSWER, 30);
	talk_segment(&t, 0, TALK_CLIENT_SEQ, REQUEST, 10);
	TELLS(&t, "http: segments out of order, twice and overlapping say the same", ANSWER_FACTS);

	talk_begin(&t, 8081, true);
	CLIENT(&t, "GET /me?token=s3cret HTTP/1.1\r\nCookie: id=7\r\nX-Forwarded-For: 10.9.9.9\r\n"
		   "User-Agent: someone else's\r\n\r\n");
	SERVER(&t,
	       "HTTP/1.1 200 OK\r\nServer: nginx\r\nSet-Cookie: session=abcdef\r\nContent-Length: 16\r\n\r\n"
	       "<title>Me</title");
	TELLS(&t,
	      "http: of somebody's own page neither its path nor what stands in it; a client behind a proxy "
	      "is measured there, not the proxy's own word",
	      TALK_MEASURED_OF_CLIENT("http", "http.user_agent", "someone else's"),
	      TALK_SERVICE("http", 8081, "http"), TALK_TRAIT("http", 8081, "http.status", "* 200"),
	      TALK_TRAIT("http", 8081, "http.server", "nginx"),
	      TALK_TRAIT("http", 8081, "http.header", "* server: nginx"),
	      TALK_TRAIT("http", 8081, "http.header", "* set-cookie: session"));

	talk_begin(&t, 8081, true);
	CLIENT(&t, "GET /cb?next=1 HTTP/1.1\r\nHost: ann:s3cret@box\r\n\r\n");
	SERVER(&t, "HTTP/1.1 302 Found\r\nLocation: https://app.example/done?code=s3cret#t=1\r\nLink: "
		   "<https://box/u/ann>\r\nX-Auth-Token: s3cret\r\nX-Remote-User: ann\r\n"
		   "Content-Length: 0\r\n\r\n");
	TELLS(&t, "http: not where it leads from somebody's own page, nor tokens and users in headers",
	      TALK_MEASURED_TRAIT("http", 8081, "http.host", "box"), TALK_SERVICE("http", 8081, "http"),
	      TALK_TRAIT("http", 8081, "http.status", "* 302"),
	      TALK_TRAIT("http", 8081, "http.header", "* x-auth-token: *"),
	      TALK_TRAIT("http", 8081, "http.header", "* x-remote-user: *"));

	talk_begin(&t, 8081, true);
	CLIENT(&t, "GET / HTTP/1.1\r\nHost: box\r\n\r\n");
	SERVER(&t, "HTTP/1.1 302 Found\r\nLocation: /web/?token=s3cret\r\nLink: <https://box/wp-json/?a=b>; "
		   "rel=\"https://api.w.org/\"\r\nContent-Length: 0\r\n\r\n");
	TELLS(&t, "http: where the first page leads, without the query",
	      TALK_MEASURED_TRAIT("http", 8081, "http.host", "box"), TALK_SERVICE("http", 8081, "http"),
	      TALK_TRAIT("http", 8081, "http.status", "/ 302"),
	      TALK_TRAIT("http", 8081, "http.header", "/ location: /web/"),
	      TALK_TRAIT("http", 8081, "http.header",
			 "/ link: <https://box/wp-json/>; rel=\\\"https://api.w.org/\\\""));

	talk_begin(&t, 8081, true);
	CLIENT(&t, "GET /ping?access_token=s3cret HTTP/1.1\r\nHost: box\r\n\r\n");
	SERVER(&t, "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n<title>Ann</titl");
	TELLS(&t, "http: nor the page of somebody who shows a ticket in the address",
	      TALK_MEASURED_TRAIT("http", 8081, "http.host", "box"), TALK_SERVICE("http", 8081, "http"),
	      TALK_TRAIT("http", 8081, "http.status", "/ping 200"));

	talk_begin(&t, 3128, true);
	CLIENT(&t, "GET http://elsewhere.example/ HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n");
	SERVER(&t,
	       "HTTP/1.1 200 OK\r\nServer: Apache\r\nVia: 1.1 gate (squid/6.1)\r\nContent-Length: 0\r\n\r\n");
	TELLS(&t, "http: what a proxy hands on is not its own word", TALK_SERVICE("http", 3128, "http"),
	      TALK_MEASURED_TRAIT("http", 3128, "http.server", "Apache"),
	      TALK_TRAIT("http", 3128, "http.header", "* via: 1.1 gate (squid/6.1)"));

	talk_begin(&t, 9000, true);
	CLIENT(&t, REQUEST);
	SERVER(&t, "SOMETHING ELSE\r\n");
	TELLS(&t, "http: a request that is answered otherwise proves nothing of the server",
	      TALK_OF_CLIENT("http", "http.user_agent", "curl/8"));

	talk_begin(&t, 9000, true);
	CLIENT(&t, REQUEST);
	TELLS(&t, "http: of one that is not answered the client is known",
	      TALK_OF_CLIENT("http", "http.user_agent", "curl/8"));

	talk_begin(&t, 8080, true);
	CLIENT(&t, "GET /chat HTTP/1.1\r\nHost: box\r\nUpgrade: websocket\r\n\r\n");
	SERVER(&t, "HTTP/1.1 101 Switching Protocols\r\nServer: x\r\n\r\n\x81\x05hello");
	TELLS(&t, "http: another protocol goes on from there", TALK_SERVICE("http", 8080, "http"),
	      TALK_TRAIT("http", 8080, "http.server", "x"),
	      TALK_MEASURED_TRAIT("http", 8080, "http.host", "box"));
}

#define SSH_OF_SERVER(line)                                                                \
	"{\"fact\":\"trait\",\"ip\":\"10.0.0.7\",\"key\":\"ssh.banner\",\"value\":\"" line \
	"\"," TALK_ANNOUNCED("ssh")

static void greetings(void)
{
	talk_begin(&t, 2222, true);
	SERVER(&t, "SSH-2.0-OpenSSH_9.2p1\r\n");
	CLIENT(&t, "SSH-2.0-PuTTY_0.78\r\n");
	TELLS(&t, "ssh: both ends name their program", TALK_SERVICE("ssh", 2222, "ssh"),
	      TALK_TRAIT("ssh", 2222, "ssh.banner", "SSH-2.0-OpenSSH_9.2p1"),
	      TALK_OF_CLIENT("ssh", "ssh.banner", "SSH-2.0-PuTTY_0.78"));

	talk_begin(&t, 2222, false);
	SERVER(&t, "SSH-2.0-OpenSSH_9.2p1\r\n");
	CLIENT(&t, "SSH-2.0-PuTTY_0.78\r\n");
	TELLS(&t,
	      "ssh: who is the server is not known when the beginning was not seen; both name their program",
	      TALK_OF_CLIENT("ssh", "ssh.banner", "SSH-2.0-PuTTY_0.78"),
	      SSH_OF_SERVER("SSH-2.0-OpenSSH_9.2p1"));

	talk_begin(&t, 2525, true);
	SERVER(&t, "220 box ESMTP mail here\r\n");
	CLIENT(&t, "EHLO me\r\n");
	TELLS(&t, "smtp: the client agrees", TALK_SERVICE("tcp", 2525, "smtp"),
	      TALK_TRAIT("tcp", 2525, "banner", "220 box ESMTP mail here"));

	talk_begin(&t, 2525, true);
	SERVER(&t, "220 box FTP for mail\r\n");
	CLIENT(&t, "XYZZY\r\n");
	TELLS(&t, "220: a client that speaks otherwise leaves no more than the greeting",
	      TALK_TRAIT("tcp", 2525, "banner", "220 box FTP for mail"));

	talk_begin(&t, 33060, true);
	SERVER(&t, "\x4a\0\0\0\x0a"
		   "8.0.30\0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	TELLS(&t, "mysql: its version", TALK_SERVICE("tcp", 33060, "mysql"),
	      TALK_TRAIT("tcp", 33060, "mysql.version", "8.0.30"));

	talk_begin(&t, 60000, true);
	SERVER(&t, "drwxr-xr-x 2 root secret\r\n");
	TELLS(&t, "what is sent to a client that never says a word is nobody's business");

	talk_begin(&t, 60000, false);
	SERVER(&t, "hello there\r\n");
	CLIENT(&t, "hello\r\n");
	TELLS(&t, "in the middle of a connection there are no greetings");
}

static void time_passes(void)
{
	static const char *const nothing[] = {NULL};

	talk_begin(&t, 2222, true);
	t.now_us += INT64_C(3600) * 1000000;
	heads_tick(t.heads, t.now_us);
	SERVER(&t, "SSH-2.0-late\r\n");
	CLIENT(&t, "SSH-2.0-too\r\n");
	TELLS(&t, "an hour of silence after the beginning", TALK_SERVICE("ssh", 2222, "ssh"),
	      TALK_TRAIT("ssh", 2222, "ssh.banner", "SSH-2.0-late"),
	      TALK_OF_CLIENT("ssh", "ssh.banner", "SSH-2.0-too"));

	talk_begin(&t, 2222, true);
	SERVER(&t, "SSH-2.0-alone\r\n");
	heads_tick(t.heads, t.now_us + 1000000);
	said_is(&t.said, "the client may speak yet", nothing);
	heads_tick(t.heads, t.now_us + 11000000);
	said_is(&t.said, "it may have to type what it says", nothing);
	heads_tick(t.heads, t.now_us + 61000000);
	said_is(&t.said, "after a while it is said without it",
		(const char *const[]){TALK_SERVICE("ssh", 2222, "ssh"),
				      TALK_TRAIT("ssh", 2222, "ssh.banner", "SSH-2.0-alone"), NULL});
}

/* More connections than there is room for: each says what it can before it goes. */
static void crowd(void)
{
	enum { CROWD = 20000 };
	static uint8_t much[9000];
	size_t said = 0;

	for (unsigned int i = 0; i < CROWD; i++) {
		talk_begin(&t, (uint16_t)(1024 + i % 3), true);
		t.key.addr[0][1] = (uint8_t)(i >> 8);
		t.key.addr[0][2] = (uint8_t)i;
		t.key.port_n[0] = (uint16_t)i;
		CLIENT(&t, REQUEST);
		SERVER(&t, "HTTP/1.0 200 OK\r\n\r\n");
		said += t.said.count > 0;
		said_clear(&t.said);
	}
	for (unsigned int i = 0; i < CROWD; i++) {
		t.key.port_n[0] = (uint16_t)i;
		t.key.addr[0][3] = (uint8_t)(i >> 8);
		talk_segment(&t, i & 1, i, much, sizeof(much));
		said_clear(&t.said);
	}
	tap_ok(heads_given_up(t.heads) > 0 && said > 0, "what finds no room is counted: %llu given up",
	       (unsigned long long)heads_given_up(t.heads));
	heads_tick(t.heads, 0);
	said_clear(&t.said);
}

int main(void)
{
	talk_open(&t);
	http();
	greetings();
	time_passes();
	crowd();
	heads_close(t.heads);
	return tap_end();
}
