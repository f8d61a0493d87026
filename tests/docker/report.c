// SPDX-License-Identifier: BSD-2-Clause
/* Given these words of an engine, this report; given any others, nothing that is not one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/docker/engine.h"
#include "sensor/docker/report.h"
#include "tests/tap.h"

#define VERSION "{\"Version\":\"24.0.7\",\"ApiVersion\":\"1.43\",\"Os\":\"linux\",\"Arch\":\"amd64\"}"
#define GIVE(report, text) report, text, strlen(text)

static struct report *begun(void)
{
	struct report *report = report_new();

	if (report_engine(report, "unix:///e", "", VERSION, strlen(VERSION)))
		abort();
	return report;
}

/* The report's text, whose report is freed. */
static char *done(struct report *report)
{
	size_t length = 0;
	char *text = report_text(report, "1", &length);

	report_free(report);
	return text;
}

static void has(const char *text, const char *part, const char *what)
{
	if (!tap_ok(text && strstr(text, part), "%s", what))
		printf("# no %s\n# in %s\n", part, text);
}

static void hasnt(const char *text, const char *part, const char *what)
{
	if (!tap_ok(text && !strstr(text, part), "%s", what))
		printf("# %s\n# in %s\n", part, text);
}

static void test_engine(void)
{
	static const char podman[] = "{\"Version\":\"4.3.1\",\"Components\":[{\"Name\":\"Podman Engine\"}]}\n";
	static const char *const wrong[] = {"",
					    "[]",
					    "{}",
					    "{\"Version\":7}",
					    "\"x\"",
					    "{\"Version\":\"1\"",
					    "{\"Version\":\"\xff\"}",
					    "{\"Version\":\"1\"} {}"};
	struct report *report = report_new();
	char *text;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		tap_ok(report_engine(report, "u", "", wrong[i], strlen(wrong[i])) == -EINVAL,
		       "no engine says %s", wrong[i]);
	tap_ok(!report_engine(report, "unix:///p", "", podman, strlen(podman)),
	       "an answer may end with a line feed");
	tap_ok(!report_engine(report, "http://d:2375", "Docker of user 7", VERSION, strlen(VERSION)),
	       "one report has several engines");
	text = done(report);
	has(text,
	    "\"engines\":[{\"type\":\"Podman\",\"name\":\"Podman\",\"url\":\"unix:\\/\\/\\/"
	    "p\",\"version\":\"4.3.1\"},{\"type\":\"Docker\",\"name\":\"Docker of user 7\"",
	    "each with what it is and what it is called");
	free(text);
}

static void test_networks(void)
{
	static const char networks[] =
		"[{\"Name\":\"bridge\",\"Driver\":\"bridge\",\"IPAM\":{\"Config\":[{\"Subnet\":\"172.17.0.0/"
		"16\",\"Gateway\":\"172.17.0.1\"},"
		"{\"Subnet\":\"fd00::/64\"},{\"Subnet\":\"10.0.0.0/"
		"33\"},{\"Subnet\":\"nonsense\",\"Gateway\":\"x\"}]}},"
		"{\"Name\":\"lan\",\"Driver\":\"macvlan\",\"Options\":{\"parent\":\"eth0\"},\"IPAM\":{"
		"\"Config\":null}},{\"Name\":\"host\",\"Driver\":\"host\"},"
		"{\"Name\":\"none\",\"Driver\":\"null\"},7,null,{\"Driver\":\"bridge\",\"IPAM\":7}]";
	struct report *report = begun();
	char *text;

	tap_ok(!report_networks(GIVE(report, networks)), "networks are read");
	tap_ok(report_networks(GIVE(report, "{}")) == -EINVAL, "something else is none");
	text = done(report);
	has(text,
	    "\"driver\":\"bridge\",\"subnet_type\":\"DockerBridge\",\"prefixes\":[{\"prefix\":\"172.17.0.0\\/"
	    "16\",\"gateway\":\"172.17.0.1\"},{\"prefix\":\"fd00::\\/64\"}]}",
	    "with the prefixes that are some");
	has(text, "\"driver\":\"macvlan\",\"subnet_type\":\"MacVlan\",\"parent\":\"eth0\",\"prefixes\":[]}",
	    "and what they hang on");
	hasnt(text, "\"host\"", "the machine's own network is none of the engine's");
	free(text);
}

static void test_container(void)
{
	static const char container[] =
		"{\"Id\":\"c1\",\"Name\":\"/"
		"we\\u0000b\\n\",\"Image\":\"sha256:1\",\"Created\":\"2026-01-02T03:04:05.678Z\",\"Path\":\"/"
		"run-secret9\",\"Args\":[\"--key=secret9\"],"
		"\"State\":{\"Status\":\"running\",\"Running\":true,\"StartedAt\":\"0001-01-01T00:00:00Z\","
		"\"Health\":{\"Status\":\"unhealthy\"}},"
		"\"Config\":{\"Image\":\"nginx:1\",\"Env\":[\"PASSWORD=secret9\"],\"Cmd\":[\"secret9\"],"
		"\"ExposedPorts\":{\"80/tcp\":{},\"53/udp\":{},\"x/tcp\":{},\"70000/tcp\":{},\"1/icmp\":{}},"
		"\"Labels\":{\"com.docker.compose.project\":\"shop\",\"com.docker.compose.service\":\"web\","
		"\"com.docker.compose.config-hash\":\"secret9\",\"API_TOKEN\":\"secret9\",\"my.password\":"
		"\"secret9\",\"note\":\"a\\tb\",\"odd\":7}},"
		"\"HostConfig\":{\"NetworkMode\":\"shop_default\",\"Binds\":[\"/secret9:/"
		"x\"]},\"NetworkSettings\":{\"Ports\":{\"80/"
		"tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"8080\"},{\"HostIp\":\"::\",\"HostPort\":"
		"\"8080\"},{\"HostPort\":\"99999\"}],"
		"\"81/"
		"tcp\":null},\"Networks\":{\"shop_default\":{\"IPAddress\":\"172.18.0.2\",\"MacAddress\":\"02:"
		"42:ac:12:00:02\",\"GlobalIPv6Address\":\"\"},\"bad\":{\"IPAddress\":\"999.0.0.1\","
		"\"MacAddress\":\"ff:ff:ff:ff:ff:ff\"}}},"
		"\"Mounts\":[{\"Source\":\"/secret9\"}]}";
	static const char *const wrong[] = {
		"{}",	      "[]",	"{\"Id\":\"\"}", "{\"Id\":\"../../x\"}", "{\"Id\":\"a b\"}",
		"{\"Id\":7}", "nothing"};
	struct report *report = begun();
	char *text;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		tap_ok(report_container(report, wrong[i], strlen(wrong[i])) == -EINVAL, "no container is %s",
		       wrong[i]);
	tap_ok(!report_container(GIVE(report, container)), "a container is read");
	text = done(report);
	hasnt(text, "secret9", "no environment, command, mount, or label that may be secret is in the report");
	has(text, "\"id\":\"c1\",\"name\":\"we\"", "its name, as far as it is one");
	has(text, "\"compose_project\":\"shop\",\"compose_service\":\"web\",\"labels\":{\"note\":\"a b\"}",
	    "its project, and labels without control characters");
	has(text, "\"created\":\"2026-01-02T03:04:05.678Z\",\"state\":\"running\",\"health\":\"unhealthy\",",
	    "its state; what never was has no time");
	has(text,
	    "\"ports\":[{\"port\":80,\"proto\":\"tcp\",\"host_port\":8080,\"host_ip\":\"0.0.0.0\"},{\"port\":"
	    "80,\"proto\":\"tcp\",\"host_port\":8080,\"host_ip\":\"::\"},{\"port\":80,\"proto\":\"tcp\"},"
	    "{\"port\":81,\"proto\":\"tcp\"},{\"port\":53,\"proto\":\"udp\"}]",
	    "its ports, each once as it is published");
	has(text,
	    "\"networks\":[{\"name\":\"shop_default\",\"ip\":\"172.18.0.2\",\"mac\":\"02:42:ac:12:00:02\"},{"
	    "\"name\":\"bad\"}]",
	    "its addresses, those that are some");
	free(text);
}

static void test_list(void)
{
	static const char list[] = "[{\"Id\":\"off\",\"State\":\"exited\"},{\"Id\":\"on\",\"State\":"
				   "\"running\"},{\"Id\":\"a/b\"},{\"Id\":\"..\"},{},7]";
	const char(*ids)[READ_ID_MAX];
	struct report *report = begun();
	char *text;

	tap_ok(!report_list(GIVE(report, list)) && report_ids(report, &ids) == 2 && !strcmp(ids[0], "on") &&
		       !strcmp(ids[1], "off"),
	       "those that run come first, and what can't be asked for is left out");
	text = done(report);
	has(text, "\"left_out\":4", "and counted");
	free(text);
}

static void test_images(void)
{
	static const char images[] = "[{\"Id\":\"sha256:1\",\"RepoTags\":[\"nginx:1\",\"<none>:<none>\",7],"
				     "\"Created\":5,\"Size\":6},{\"Id\":7},null]";
	static const char container[] = "{\"Id\":\"c\",\"Name\":\"/"
					"c\",\"Image\":\"sha256:1\",\"HostConfig\":{\"NetworkMode\":\"host\"}}";
	struct report *report = begun();
	char id[READ_ID_MAX] = "", *text;

	tap_ok(!report_images(GIVE(report, images)) && !report_container(GIVE(report, container)),
	       "images are read");
	tap_ok(report_image_wanted(report, id) && !strcmp(id, "sha256:1"),
	       "the ports of what has the machine's network are its image's");
	tap_ok(!report_image(GIVE(report, "{\"Config\":{\"ExposedPorts\":{\"9100/tcp\":{}}}}")),
	       "which is asked");
	text = done(report);
	has(text, "\"image_tags\":[\"nginx:1\"],\"image_created\":5,\"image_size\":6}",
	    "a container has its image's names and age");
	has(text, "\"ports\":[{\"port\":9100,\"proto\":\"tcp\"}]", "and its ports");
	free(text);
}

/* A container with as much of everything as an engine likes to say. */
static char *large_container(int number)
{
	size_t size = 1 << 20, used;
	char *text = malloc(size);

	used = (size_t)snprintf(text, size,
				"{\"Id\":\"c%d\",\"Name\":\"/c%d\",\"Config\":{\"Labels\":{\"l0\":\"v\"",
				number, number);
	for (int i = 1; i < 500; i++)
		used += (size_t)snprintf(text + used, size - used, ",\"label%d\":\"%0300d\"", i, i);
	used += (size_t)snprintf(text + used, size - used, "},\"ExposedPorts\":{\"1/tcp\":{}");
	for (int i = 2; i < 3000; i++)
		used += (size_t)snprintf(text + used, size - used, ",\"%d/tcp\":{}", i);
	snprintf(text + used, size - used, "}}}");
	return text;
}

static void test_bounds(void)
{
	struct report *report = begun();
	size_t length = 0;
	char *text, *container;

	for (int i = 0; i < 300; i++) {
		container = large_container(i);
		if (report_container(report, container, strlen(container)))
			abort();
		free(container);
	}
	tap_ok(report_containers(report) > 10 && report_containers(report) < 300,
	       "of 300 huge containers %zu fit", report_containers(report));
	text = report_text(report, "1", &length);
	tap_ok(text && length <= REPORT_BYTES_MAX + 4096 && length <= 250 << 10, "the message has %zu bytes",
	       length);
	has(text, "\"ports_left_out\":2951", "ports over the limit are counted");
	hasnt(text, "\"left_out\":0", "and so are containers");
	free(text);
	report_engine_drop(report);
	tap_ok(!report_engines(report) && !report_containers(report),
	       "an engine that fails leaves with all that it said");
	report_free(report);
}

static void test_urls(void)
{
	static const char *const good[] = {"unix:///run/podman/podman.sock", "http://127.0.0.1:2375",
					   "https://docker.example:2376/", "http://[::1]:2375"};
	static const char *const bad[] = {"",
					  "/run/docker.sock",
					  "unix://run/docker.sock",
					  "ftp://x",
					  "http://",
					  "http://:2375",
					  "http://user:pw@host:1",
					  "http://a b",
					  "https://host/?x",
					  "tcp://host:2375"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		tap_ok(!engine_url_wrong(good[i]), "%s is a place to ask", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_ok(engine_url_wrong(bad[i]), "\"%s\" is none: %s", bad[i], engine_url_wrong(bad[i]));
}

int main(void)
{
	test_engine();
	test_networks();
	test_container();
	test_list();
	test_images();
	test_bounds();
	test_urls();
	return tap_end();
}
