# Sourced by setup.sh and teardown.sh: finds a Docker daemon, or starts and stops one of our own.
#
# Our own daemon has no bridge and touches no firewall, so containers run with `--network host` or `none`. Its data lies
# in $TOOLS/docker, its socket in a short directory below /tmp, because the path of a Unix socket is limited to 108 bytes.
# Expects: TOOLS (directory), say and die (functions).

DAEMON_DIR="$TOOLS/docker"
DAEMON_STATE="$DAEMON_DIR/daemon.env"

# Does the daemon that the client would talk to answer?
daemon_answers() {
    timeout 20 docker version --format '{{.Server.Version}}' >/dev/null 2>&1
}

# Prints the process id of our own daemon if it lives and really is ours.
own_daemon_pid() {
    local pid
    pid="$(cat "$DAEMON_DIR/dockerd.pid" 2>/dev/null)" || return 1
    [ -n "$pid" ] && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "--data-root=$DAEMON_DIR/data" || return 1
    printf '%s\n' "$pid"
}

# Leaves DOCKER_HOST set when the daemon is our own, unset or as given when another one answered.
find_or_start_daemon() {
    if daemon_answers; then
        say "docker: the daemon at ${DOCKER_HOST:-the default socket} answers"
        return
    fi
    if own_daemon_pid >/dev/null && [ -r "$DAEMON_STATE" ]; then
        # shellcheck disable=SC1090 # written by start_daemon below
        . "$DAEMON_STATE"
        if daemon_answers; then
            say "docker: our own daemon at $DOCKER_HOST answers"
            return
        fi
        stop_daemon
    fi
    start_daemon
}

start_daemon() {
    [ "$(id -u)" = 0 ] || die "no Docker daemon answers, and starting one needs root: start Docker, or run as root"
    local runtime deadline pid driver=()
    runtime="$(mktemp -d /tmp/orchestrator-docker.XXXXXX)"
    mkdir -p "$DAEMON_DIR"
    rm -f "$DAEMON_DIR/dockerd.pid"
    export DOCKER_HOST="unix://$runtime/docker.sock"
    printf 'export DOCKER_HOST=%q\nDAEMON_RUNTIME=%q\n' "$DOCKER_HOST" "$runtime" >"$DAEMON_STATE"
    overlay_works "$DAEMON_DIR" || driver=(--storage-driver=vfs)
    say "docker: starting a daemon of our own at $DOCKER_HOST (log: $DAEMON_DIR/dockerd.log)"
    # The lock of setup.sh must not live as long as the daemon does: close its descriptor.
    setsid nohup dockerd --iptables=false --ip6tables=false --bridge=none \
        --data-root="$DAEMON_DIR/data" --exec-root="$runtime/exec" --pidfile="$DAEMON_DIR/dockerd.pid" \
        --host="$DOCKER_HOST" "${driver[@]}" </dev/null >"$DAEMON_DIR/dockerd.log" 2>&1 9>&- &
    pid=$!
    deadline=$((SECONDS + 60))
    until daemon_answers; do
        if ! kill -0 "$pid" 2>/dev/null || [ "$SECONDS" -ge "$deadline" ]; then
            tail -n 20 "$DAEMON_DIR/dockerd.log" >&2
            stop_daemon
            die "the Docker daemon did not start; its last lines are above, its log is $DAEMON_DIR/dockerd.log"
        fi
        sleep 0.2
    done
}

# Is the directory on a file system that overlay mounts can lie on?
overlay_works() {
    local probe works=1
    probe="$(mktemp -d "$1/overlay.XXXXXX")"
    mkdir "$probe/lower" "$probe/upper" "$probe/work" "$probe/merged"
    if mount -t overlay overlay -o "lowerdir=$probe/lower,upperdir=$probe/upper,workdir=$probe/work" "$probe/merged" \
        2>/dev/null; then
        umount "$probe/merged" && works=0
    fi
    rm -rf "$probe"
    return "$works"
}

# Stops our own daemon with its containers; quietly does nothing when there is none.
stop_daemon() {
    local pid deadline
    if pid="$(own_daemon_pid)"; then
        say "docker: stopping our own daemon, process $pid"
        kill -TERM "$pid"
        deadline=$((SECONDS + 40))
        while kill -0 "$pid" 2>/dev/null; do
            if [ "$SECONDS" -ge "$deadline" ]; then
                say "docker: process $pid did not end within 40 s and is killed"
                kill -KILL "$pid"
                break
            fi
            sleep 0.2
        done
    fi
    if [ -r "$DAEMON_STATE" ]; then
        # shellcheck disable=SC1090 # written by start_daemon above
        (. "$DAEMON_STATE" && remove_runtime "$DAEMON_RUNTIME")
    fi
    rm -f "$DAEMON_STATE" "$DAEMON_DIR/dockerd.pid"
}

# Removes the daemon's directory below /tmp; it leaves the mount of a network namespace behind there.
remove_runtime() {
    local mount
    case "$1" in
    /tmp/orchestrator-docker.*) ;;
    *) return ;;
    esac
    while read -r mount; do
        umount "$mount" || umount --lazy "$mount"
    done < <(awk -v "below=$1/" 'index($2, below) == 1 { print $2 }' /proc/self/mounts | sort -r)
    rm -rf "$1"
}
