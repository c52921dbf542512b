#!/usr/bin/env bash
# Stops what setup.sh left running: our own Docker daemon, with its containers. Files stay, for a quick next start.
# A daemon that was there before is left alone. Safe to run at any time; `make clean` must run it before it removes .build.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
TOOLS="${ORCHESTRATOR_TEST_TOOLS:-$ROOT/.build/test-tools}"

say() { printf 'teardown: %s\n' "$*" >&2; }
die() {
    printf 'teardown: error: %s\n' "$*" >&2
    exit 1
}

# shellcheck source=Tests/Support/docker_daemon.sh
. "$ROOT/Tests/Support/docker_daemon.sh"
stop_daemon
