// SPDX-License-Identifier: BSD-2-Clause
/* netvisor-sensor: which command, its options, and then the part that does it. */
#include <string.h>

#include "defs/log.h"
#include "defs/options.h"
#include "sensor/check.h"
#include "sensor/replay.h"
#include "sensor/scan/command.h"
#include "sensor/settings.h"
#include "sensor/watch.h"

int main(int argc, char **argv)
{
	struct settings settings = {0};
	bool check = argc > 1 && !strcmp(argv[1], "check");
	enum log_level level = LOG_INFO;
	int result;

	if (argc > 1 && !strcmp(argv[1], "scan"))
		return scan_command(argc - 1, argv + 1);
	result = options_read(check ? &settings_check : &settings_watch, argc - check, argv + check, &settings,
			      NULL);

	if (result != OPTIONS_RUN)
		return result == OPTIONS_DONE ? 0 : 2;
	log_level_parse(settings.log_level, &level);
	log_setup(level, NULL);
	if (check)
		return check_run(settings.interface);
	return settings.read ? replay_run(&settings) : watch_run(&settings);
}
