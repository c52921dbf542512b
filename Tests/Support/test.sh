#!/usr/bin/env bash
# Installs what the tests need, runs all of them, and stops what it started. Exits non-zero if anything failed; nothing
# is skipped. With arguments, only the targets that they name: `Tests/Support/test.sh PlansTests RunnerTests`.
#
# Each target runs in a process of its own, one after the other: some keep both cores busy for seconds, and others have
# deadlines. The end-to-end tests start programs and have limits of time each, so that only some of them run at once.
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
targets=("$@")
if [ ${#targets[@]} = 0 ]; then
    for folder in Tests/*Tests; do targets+=("$(basename "$folder")"); done
fi

trap Tests/Support/teardown.sh EXIT
Tests/Support/setup.sh || exit 1
# shellcheck disable=SC1091 # written by setup.sh
. .build/test-tools/env
swift build --build-tests || exit 1

failed=()
passed=0
for target in "${targets[@]}"; do
    echo "== $target"
    log=".build/test-tools/$target.log"
    width=()
    [ "$target" != EndToEndTests ] || width=(--experimental-maximum-parallelization-width 8)
    swift test --skip-build "${width[@]}" --filter "^$target\\." >"$log" 2>&1
    status=$?
    grep -E '^(✘|↳|error:|.*Fatal error)|recorded an issue' "$log"
    # A filter that matches nothing exits with 0, so the closing line has to count tests.
    if ! grep -E '^. Test run with [1-9][0-9]* tests? .* passed' "$log" || [ $status != 0 ]; then
        grep -E 'Test run with' "$log"
        tail -n 20 "$log"
        failed+=("$target")
    else
        passed=$((passed + $(sed -nE 's/^. Test run with ([0-9]+) tests? .* passed.*/\1/p' "$log")))
    fi
done

if [ $# = 0 ]; then
    echo "== Protos and deploy"
    Protos/generate.sh --check || failed+=("Protos/generate.sh --check")
    Tests/Support/deploy_check.sh || failed+=("Tests/Support/deploy_check.sh")
fi

if [ ${#failed[@]} != 0 ]; then
    printf 'FAILED: %s\n' "${failed[@]}"
    exit 1
fi
echo "$passed passed, 0 failed"
