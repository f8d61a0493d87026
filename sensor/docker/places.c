// SPDX-License-Identifier: BSD-2-Clause
/* See places.h. Engines of users have their sockets under /run/user/UID, where the sensor may or may not look. */
#include "sensor/docker/places.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { USERS_MAX = 256, PATH_BYTES = 100 }; /* directories looked into */

struct finding {
	struct place *out;
	size_t count;
	struct {
		dev_t device;
		ino_t number;
	} seen[PLACES_MAX];
};

static bool listens(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool reachable;

	if (fd < 0)
		return false;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	reachable = !connect(fd, (const struct sockaddr *)&address, sizeof(address));
	close(fd);
	return reachable;
}

static void look(struct finding *f, const char *path, const char *name)
{
	struct place *place = &f->out[f->count];
	struct stat about;

	if (f->count == PLACES_MAX || stat(path, &about) || !S_ISSOCK(about.st_mode))
		return;
	for (size_t i = 0; i < f->count; i++)
		if (f->seen[i].device == about.st_dev && f->seen[i].number == about.st_ino)
			return;
	*place = (struct place){.reachable = listens(path)};
	snprintf(place->url, sizeof(place->url), "unix://%s", path);
	snprintf(place->name, sizeof(place->name), "%s", name);
	f->seen[f->count].device = about.st_dev;
	f->seen[f->count].number = about.st_ino;
	f->count++;
}

static void look_at_user(struct finding *f, const char *uid)
{
	static const struct {
		const char *path, *name;
	} kinds[] = {{"docker.sock", "Docker"}, {"podman/podman.sock", "Podman"}};
	char path[PATH_BYTES], name[PLACE_NAME_MAX];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(path, sizeof(path), "/run/user/%.20s/%s", uid, kinds[i].path);
		snprintf(name, sizeof(name), "%s of user %.20s", kinds[i].name, uid);
		look(f, path, name);
	}
}

size_t places_find(struct place out[static PLACES_MAX])
{
	struct finding f = {.out = out};
	DIR *users = opendir("/run/user");
	const struct dirent *entry;

	look(&f, "/var/run/docker.sock", "");
	look(&f, "/run/podman/podman.sock", "");
	for (int i = 0; users && i < USERS_MAX && (entry = readdir(users)); i++)
		if (entry->d_name[0] && !entry->d_name[strspn(entry->d_name, "0123456789")])
			look_at_user(&f, entry->d_name);
	if (users)
		closedir(users);
	return f.count;
}
