#!/usr/bin/env bash
# Runs the tests of the telemetry targets under a sanitizer: `Tests/Support/sanitize.sh address` or `thread`.
#
# The build lies in .build/sanitize/NAME. Leaks are not looked for: the runtimes of
# Swift and of the tests keep things on purpose.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cd "$ROOT"
skipped=()
case "${1:-}" in
address) flags=(--sanitize=address) ;;
thread)
    # Many rounds of one thread or of many processes, minutes long when instrumented: nothing for this sanitizer to find.
    # The processes of TLSLoadingTests have an environment of their own, without our options.
    flags=(--sanitize=thread)
    skipped=(--skip KillTests --skip TLSLoadingTests --skip SpoolDamageTests --skip OTelSDKTests.RecoveryTests/damage)
    ;;
*)
    echo "sanitize: the argument is 'address' or 'thread'" >&2
    exit 64
    ;;
esac
folder="$ROOT/.build/sanitize/$1"
python3 Tests/Support/otel_package.py "$folder"
# shellcheck disable=SC1091 # written by setup.sh
[ ! -e .build/test-tools/env ] || . .build/test-tools/env
# A crash must end the program at once; Swift's own report of it takes minutes for an instrumented one.
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=1
# What the thread sanitizer reports is judged by tsan_reports.py.
export TSAN_OPTIONS="halt_on_error=0:exitcode=0"

swift build --package-path "$folder" --build-tests "${flags[@]}" 2>&1 | grep -E 'error|Build complete' || true
failed=()
for target in OTLPWireTests GRPCTransportTests OTelSDKTests FuzzTests; do
    echo "== $target, $1 sanitizer"
    log="$folder/$target.log"
    status=0
    swift test --package-path "$folder" --skip-build "${flags[@]}" "${skipped[@]}" \
        --filter "^$target\\." >"$log" 2>&1 || status=$?
    grep -E '^(✘|↳|error:|.*Fatal error)|recorded an issue|SUMMARY: Addr' "$log" | sort | uniq -c | head -n 40 || true
    [ "$1" != thread ] || python3 Tests/Support/tsan_reports.py "$log" || status=66
    if [ $status != 0 ] || ! grep -E '^. Test run with [1-9][0-9]* tests? .* passed' "$log"; then
        tail -n 20 "$log"
        failed+=("$target")
    fi
done
if [ ${#failed[@]} != 0 ]; then
    echo "FAILED under the $1 sanitizer: ${failed[*]}"
    exit 1
fi
