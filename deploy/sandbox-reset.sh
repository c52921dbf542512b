#!/usr/bin/env bash
# Recreates the sandbox container with an empty workspace. Safe to run at any time, and again.
#
#   deploy/sandbox-reset.sh          new container, empty workspace; the agent's sessions stay
#   deploy/sandbox-reset.sh --home   new container, empty workspace, empty home: the sessions go as well
#
# A workspace that is a directory of yours (ORCHESTRATOR_SANDBOX_WORKSPACE) is never emptied: it says so and exits 1.
# COMPOSE_FILE, where set, names the compose files to use instead of deploy/environments/sandbox/docker-compose.yml.
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# These three names are fixed in the compose file.
CONTAINER=ktrdr-sandbox
WORKSPACE_VOLUME=ktrdr-sandbox-workspace
HOME_VOLUME=ktrdr-sandbox-home
export COMPOSE_FILE="${COMPOSE_FILE:-$HERE/environments/sandbox/docker-compose.yml}"

say() { printf 'sandbox-reset: %s\n' "$*"; }
die() {
    printf 'sandbox-reset: error: %s\n' "$*" >&2
    exit 1
}

# What is mounted at /workspace, as "volume NAME" or "bind PATH"; nothing if there is no such container.
workspace_mount() {
    timeout 30 docker inspect --format \
        '{{range .Mounts}}{{if eq .Destination "/workspace"}}{{.Type}} {{if eq .Type "bind"}}{{.Source}}{{else}}{{.Name}}{{end}}{{end}}{{end}}' \
        "$CONTAINER" 2>/dev/null || true
}

refuse_a_directory() {
    local mount
    mount="$(workspace_mount)"
    case "$mount" in
    bind\ *) die "the workspace is your directory ${mount#bind }: empty it yourself and start the container with '${COMPOSE[*]} up -d', or unset ORCHESTRATOR_SANDBOX_WORKSPACE" ;;
    esac
}

remove_volume() {
    if timeout 30 docker volume inspect "$1" >/dev/null 2>&1; then
        say "removing volume $1"
        timeout 60 docker volume rm "$1" >/dev/null
    fi
}

case "${1:-}" in
"" | --home) ;;
*) die "unknown argument $1; it is --home or nothing" ;;
esac
timeout 30 docker version >/dev/null 2>&1 || die "no Docker daemon answers; start Docker, or set DOCKER_HOST"
if timeout 30 docker compose version >/dev/null 2>&1; then
    COMPOSE=(docker compose)
elif command -v docker-compose >/dev/null; then
    COMPOSE=(docker-compose)
else
    die "neither 'docker compose' nor docker-compose is here; install one of them (Debian: apt install docker-compose)"
fi

# The container is made anew from the present settings first, so that its mount tells what the workspace is.
say "removing container $CONTAINER, if there is one"
timeout 60 docker rm --force "$CONTAINER" >/dev/null 2>&1 || true
timeout 1800 "${COMPOSE[@]}" up --no-start
refuse_a_directory
timeout 60 docker rm --force "$CONTAINER" >/dev/null
remove_volume "$WORKSPACE_VOLUME"
[ "${1:-}" != --home ] || remove_volume "$HOME_VOLUME"
say "starting container $CONTAINER"
timeout 120 "${COMPOSE[@]}" up --detach
timeout 30 docker exec "$CONTAINER" true || die "$CONTAINER does not run; see: docker logs $CONTAINER"
say "$CONTAINER runs, and its workspace is empty"
