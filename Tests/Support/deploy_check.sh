#!/usr/bin/env bash
# Checks everything in deploy/ that can be checked without an image registry: the compose files under every compose that
# is installed, Prometheus' files and the alerts with promtool, the YAML, what deploy_check.py demands, every query of the
# dashboards against metrics of real runs (dashboards_check.py), and the shell scripts.
# Needs what setup.sh installs, and .build/debug/orchestrator; what is missing is a failure, not a skip. Exits 1 after naming
# all that is wrong.
set -uo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
TOOLS="${ORCHESTRATOR_TEST_TOOLS:-$ROOT/.build/test-tools}"
# shellcheck disable=SC1091 # written by setup.sh
[ ! -r "$TOOLS/env" ] || . "$TOOLS/env"
PYTHON="${ORCHESTRATOR_TEST_PYTHON:-$TOOLS/venv/bin/python}"
PROMTOOL="${ORCHESTRATOR_TEST_PROMTOOL:-promtool}"
WORK="$(mktemp -d)"
trap 'rm -rf "$WORK"' EXIT
FAILED=0

# Runs a command, bounded in time; shows what it said if it failed.
check() {
    local name="$1" log="$WORK/log"
    shift
    if timeout 300 "$@" >"$log" 2>&1; then
        printf 'ok      %s\n' "$name"
    else
        printf 'FAILED  %s\n' "$name"
        sed 's/^/        /' "$log"
        FAILED=1
    fi
}

# Renders a compose file with nothing from this environment in it, and has the result judged.
check_compose() {
    local environment="$1" rendered="$WORK/rendered.yml" compose
    shift
    compose="$*"
    # shellcheck disable=SC2016 # expanded by the inner shell
    check "$compose config: $environment" env -i PATH="$PATH" HOME="$WORK" sh -c 'out="$1"; shift; "$@" config >"$out"' sh \
        "$rendered" "$@" -f "$ROOT/deploy/environments/$environment/docker-compose.yml"
    check "policy ($compose): $environment" \
        "$PYTHON" "$ROOT/Tests/Support/deploy_check.py" "$ROOT/deploy/environments/$environment" "$rendered"
}

composes=0
if command -v docker-compose >/dev/null; then
    composes=1
    check_compose sandbox docker-compose
    check_compose observability docker-compose
fi
if env -i PATH="$PATH" HOME="$WORK" docker compose version >/dev/null 2>&1; then
    composes=1
    check_compose sandbox docker compose
    check_compose observability docker compose
fi
[ "$composes" = 1 ] || check "docker compose is installed" false
check "promtool check config" "$PROMTOOL" check config "$ROOT/deploy/environments/observability/prometheus.yml"
check "promtool test rules" "$PROMTOOL" test rules "$ROOT/Tests/Support/alerts_test.yml"
check "doctests of the dashboards' check" "$PYTHON" -m doctest "$ROOT/Tests/Support/scrape_bridge.py" "$ROOT/Tests/Support/promql.py"
check "dashboards and alerts against real metrics" "$PYTHON" "$ROOT/Tests/Support/dashboards_check.py"
mapfile -t scripts < <(find "$ROOT/deploy" "$ROOT/Tests/Support" -name '*.sh' | sort)
for script in "${scripts[@]}"; do
    check "shellcheck ${script#"$ROOT"/}" shellcheck --shell="$(case "$script" in */entrypoint.sh) echo sh ;; *) echo bash ;; esac)" \
        --source-path="$ROOT" --external-sources "$script"
done
if [ "$FAILED" != 0 ]; then
    echo "deploy_check: something above FAILED" >&2
    exit 1
fi
