# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# TAP for scripts: `ok WHAT COMMAND…` passes when the command does; `finish` says the plan.
# A failed command's output is shown as comments. Sourced by the tests of this folder.

tap_count=0 tap_failed=0

tap_result() {
	local status=$1 what=$2 output=$3

	tap_count=$((tap_count + 1))
	if [ "$status" -eq 0 ]; then
		echo "ok $tap_count - $what"
		return
	fi
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $what"
	[ -z "$output" ] || sed 's/^/# /' <<<"$output"
}

ok() {
	local what=$1 output

	shift
	output=$("$@" 2>&1)
	tap_result $? "$what" "$output"
}

skip() { tap_count=$((tap_count + 1)); echo "ok $tap_count - $1 # SKIP $2"; }

finish() {
	echo "1..$tap_count"
	[ $tap_failed -eq 0 ]
}

is() { [ "$1" = "$2" ] || { echo "there is: $1"; echo "wanted:   $2"; return 1; }; }

# within SECONDS COMMAND…: the command succeeds before the time is over; PATIENCE times that on a machine that is
# known to be slow.
within() {
	local deadline=$((${EPOCHREALTIME/./} + $1 * ${PATIENCE:-1} * 1000000))

	shift
	while ! "$@"; do
		[ "${EPOCHREALTIME/./}" -lt $deadline ] || return 1
		sleep 0.1
	done
}
