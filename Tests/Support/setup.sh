#!/usr/bin/env bash
# Installs what building and testing need on Debian 12 (also Ubuntu), as root or with sudo. Safe to run again: what is
# there stays, and a second run takes seconds.
#
#   Tests/Support/setup.sh build   packages for building and for `make demo`
#   Tests/Support/setup.sh         the same, and all that the tests need: tools, Python packages, Claude Code, a Docker
#                                  daemon, the sandbox image. Then `. .build/test-tools/env` before the tests run.
#   Tests/Support/teardown.sh      stops the Docker daemon, if setup.sh had to start one
#
# Environment:
#   ORCHESTRATOR_TEST_CACHE   directory for downloads that other checkouts can share (default .build/test-tools/cache)
#   ORCHESTRATOR_TEST_CLAUDE  a `claude` binary to use instead of downloading the pinned one (160 MB)
#   ORCHESTRATOR_TEST_DOCKER  `no` leaves out the daemon and the images (the tests that need them then fail, loudly)
#   DOCKER_HOST               a daemon to use; without one that answers, setup.sh starts its own
set -Eeuo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
TOOLS="${ORCHESTRATOR_TEST_TOOLS:-$ROOT/.build/test-tools}"
CACHE="${ORCHESTRATOR_TEST_CACHE:-$TOOLS/cache}"
STARTED=$SECONDS

# pkg-config and the C libraries are for the build; bubblewrap for the local sandbox, python for the demo and its check.
BUILD_PACKAGES=(bubblewrap ca-certificates git libnghttp2-dev zlib1g-dev libprotobuf-c-dev libsqlite3-dev pkg-config
    protobuf-c-compiler protobuf-compiler python3 python-is-python3)
TEST_PACKAGES=(chromium curl debootstrap docker-compose docker.io jq nghttp2-proxy openssl procps python3-venv shellcheck tmux
    util-linux)

say() { printf 'setup: [%3ds] %s\n' "$((SECONDS - STARTED))" "$*" >&2; }
die() {
    printf 'setup: error: %s\n' "$*" >&2
    exit 1
}
trap 'printf "setup: error: line %s failed: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR

# Runs a command as root, bounded in time.
as_root() {
    local limit="$1"
    shift
    if [ "$(id -u)" = 0 ]; then
        timeout "$limit" "$@"
    else
        sudo -n timeout "$limit" "$@" || die "this needs root: run as root, or allow sudo without a password: $*"
    fi
}

# While this file answers 101, Debian's packages start no services. Ours goes away again, however the script ends.
POLICY=/usr/sbin/policy-rc.d
forbid_services() {
    [ ! -e "$POLICY" ] || return 0
    trap allow_services EXIT
    as_root 10 sh -c "printf '#!/bin/sh\nexit 101\n' >$POLICY && chmod 755 $POLICY"
}
allow_services() {
    as_root 10 rm -f "$POLICY"
    trap - EXIT
}

# Installs those of the named packages that are missing.
install_packages() {
    local package missing=() failed=""
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    if [ "${#missing[@]}" = 0 ]; then
        say "packages: all there"
        return
    fi
    say "packages: installing ${missing[*]}"
    forbid_services
    as_root 300 apt-get -qq update || say "packages: apt-get update failed; trying with the lists that are there"
    as_root 900 env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -y --no-install-recommends install "${missing[@]}" </dev/null >&2 || failed=1
    [ -z "$(trap -p EXIT)" ] || allow_services
    [ -z "$failed" ] || die "apt-get could not install: ${missing[*]}"
}

# Unpacks Debian's Prometheus without installing it: installed, it would run as a service on port 9090.
install_prometheus() {
    if command -v prometheus >/dev/null && command -v promtool >/dev/null; then
        PROMETHEUS="$(command -v prometheus)" PROMTOOL="$(command -v promtool)"
        return
    fi
    PROMETHEUS="$TOOLS/prometheus/usr/bin/prometheus" PROMTOOL="$TOOLS/prometheus/usr/bin/promtool"
    [ -x "$PROMTOOL" ] && return
    say "prometheus: unpacking Debian's package into $TOOLS/prometheus"
    rm -rf "$TOOLS/prometheus"
    mkdir -p "$TOOLS/prometheus/deb"
    (cd "$TOOLS/prometheus/deb" && timeout 300 apt-get -qq -o APT::Sandbox::User=root download prometheus) ||
        die "apt-get could not download prometheus"
    dpkg-deb -x "$TOOLS"/prometheus/deb/prometheus_*.deb "$TOOLS/prometheus"
    "$PROMTOOL" --version >/dev/null || die "$PROMTOOL does not run"
}

# Reports are looked at in a real browser.
find_chromium() {
    CHROMIUM="$(command -v chromium)" || die "chromium is not on PATH, although its package is installed"
    say "chromium: $(timeout 60 "$CHROMIUM" --version 2>/dev/null || die "$CHROMIUM does not run")"
}

install_python() {
    local venv="$TOOLS/venv" wanted
    wanted="$(sha256sum "$ROOT/Tests/Support/requirements.txt")"
    PYTHON="$venv/bin/python"
    if [ "$(cat "$venv/installed" 2>/dev/null)" = "$wanted" ] && "$PYTHON" -c 'import grpc, grpc_status, yaml' 2>/dev/null
    then
        say "python: $PYTHON has what it needs"
        return
    fi
    say "python: installing requirements.txt into $venv"
    rm -rf "$venv"
    timeout 120 /usr/bin/python3 -m venv "$venv"
    timeout 600 "$PYTHON" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
        -r "$ROOT/Tests/Support/requirements.txt" >&2 || die "pip could not install requirements.txt"
    printf '%s\n' "$wanted" >"$venv/installed"
}

# The value of an ARG of the sandbox's Dockerfile, which is the one place where the agent's version is pinned.
dockerfile_argument() {
    sed -n "s/^ARG $1=//p" "$ROOT/deploy/environments/sandbox/Dockerfile"
}

install_claude() {
    local version directory
    if [ -n "${ORCHESTRATOR_TEST_CLAUDE:-}" ]; then
        CLAUDE="$ORCHESTRATOR_TEST_CLAUDE"
        [ -x "$CLAUDE" ] || die "ORCHESTRATOR_TEST_CLAUDE=$CLAUDE is not an executable file"
        say "claude: using $CLAUDE"
        return
    fi
    version="$(dockerfile_argument CLAUDE_AGENT_SDK_VERSION)"
    directory="$TOOLS/claude/$version"
    CLAUDE="$directory/claude_agent_sdk/_bundled/claude"
    if [ ! -x "$CLAUDE" ]; then
        download_wheel "$version"
        say "claude: unpacking into $directory"
        rm -rf "$directory" "$directory.part"
        mkdir -p "$directory.part"
        timeout 300 "$PYTHON" -m zipfile -e "$WHEELS"/claude_agent_sdk-"$version"-*.whl "$directory.part"
        chmod 755 "$directory.part/claude_agent_sdk/_bundled/claude"
        mv "$directory.part" "$directory"
    fi
    say "claude: $(HOME="$TOOLS" timeout 60 "$CLAUDE" --version) in $CLAUDE"
}

# Sets WHEELS to the directory where the pinned wheel lies, its hash checked by pip.
download_wheel() {
    local version="$1" requirement="$CACHE/claude-agent-sdk.txt"
    WHEELS="$CACHE/wheels"
    mkdir -p "$WHEELS"
    printf 'claude-agent-sdk==%s --hash=sha256:%s --hash=sha256:%s\n' "$version" \
        "$(dockerfile_argument CLAUDE_AGENT_SDK_SHA256_X86_64)" \
        "$(dockerfile_argument CLAUDE_AGENT_SDK_SHA256_AARCH64)" >"$requirement"
    say "claude: downloading claude-agent-sdk $version from PyPI, unless it lies in $WHEELS"
    timeout 900 "$PYTHON" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --require-hashes --find-links "$WHEELS" --dest "$WHEELS" -r "$requirement" >&2 ||
        die "pip could not download claude-agent-sdk $version"
}

write_environment() {
    {
        printf '# Written by Tests/Support/setup.sh; source it before running the tests.\n'
        printf 'export ORCHESTRATOR_TEST_PYTHON=%q\n' "$PYTHON"
        printf 'export ORCHESTRATOR_TEST_CLAUDE=%q\n' "$CLAUDE"
        printf 'export ORCHESTRATOR_TEST_PROMETHEUS=%q\n' "$PROMETHEUS"
        printf 'export ORCHESTRATOR_TEST_PROMTOOL=%q\n' "$PROMTOOL"
        printf 'export ORCHESTRATOR_TEST_CHROMIUM=%q\n' "$CHROMIUM"
        [ -z "${IMAGE:-}" ] || printf 'export ORCHESTRATOR_TEST_IMAGE=%q\n' "$IMAGE"
        [ -z "${DOCKER_HOST:-}" ] || printf 'export DOCKER_HOST=%q\n' "$DOCKER_HOST"
    } >"$TOOLS/env.new"
    mv "$TOOLS/env.new" "$TOOLS/env"
}

command -v apt-get >/dev/null || die "apt-get is not here: this script is for Debian 12 or Ubuntu"
case "${1:-test}" in
build)
    install_packages "${BUILD_PACKAGES[@]}"
    exit
    ;;
test) ;;
*) die "unknown argument $1; it is 'build', 'test' or nothing" ;;
esac

install_packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
mkdir -p "$TOOLS" "$CACHE"
exec 9>"$TOOLS/lock"
flock -w 1200 9 || die "another setup.sh has held $TOOLS/lock for 20 minutes"
install_prometheus
find_chromium
install_python
install_claude
if [ "${ORCHESTRATOR_TEST_DOCKER:-}" != no ]; then
    # shellcheck source=Tests/Support/docker_daemon.sh
    . "$ROOT/Tests/Support/docker_daemon.sh"
    # shellcheck source=Tests/Support/docker_images.sh
    . "$ROOT/Tests/Support/docker_images.sh"
    find_or_start_daemon
    make_base_image
    make_sandbox_image
fi
write_environment
say "done; next: . ${TOOLS#"$PWD"/}/env"
