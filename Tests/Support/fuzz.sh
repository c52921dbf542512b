#!/usr/bin/env bash
# Fuzzes everything that reads bytes which others wrote, with libFuzzer and the address sanitizer.
#
#   Tests/Support/fuzz.sh [SECONDS] [NAME...]   default: FUZZ_SECONDS or 60 for each, two at a time, all of them
#
# Targets are in Tests/FuzzTests, their corpora in Tests/FuzzTests/Corpus. A crash, a hang of 10 s or 512 MiB of memory
# fails; the input is kept beside the corpus, where CorpusTests replays it from then on. Interesting inputs that were
# found otherwise stay in .build/fuzz; `fuzz.sh merge` takes those that add coverage into the corpora.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cd "$ROOT"
seconds="${1:-${FUZZ_SECONDS:-60}}"
shift || true
corpora="$ROOT/Tests/FuzzTests/Corpus"
work="$ROOT/.build/fuzz"
folder="$ROOT/.build/sanitize/address"
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=detect_leaks=0

# One build for the sanitized tests and for all fuzz targets; the tests' own main and Testing stay out of the fuzzer.
Tests/Support/sanitize.sh address build
mkdir -p "$work"
objects="$folder/.build/debug"
find "$objects" -name '*.o' ! -name 'CorpusTests*' ! -name 'runner*' ! -path '*Tests.build/*' ! -path '*TestKit.build/*' \
    ! -path '*.derived/*' >"$work/objects"
find "$objects/FuzzTests.build" -name '*.o' ! -name 'CorpusTests*' ! -name '*wrapped*' >>"$work/objects"
swiftc -sanitize=address,fuzzer @"$work/objects" -lnghttp2 -lz -lprotobuf-c -o "$work/fuzz" 2>&1 |
    grep -v 'Cannot export local symbol' || true

fuzz() {
    local name="$1" log="$work/$1.log"
    mkdir -p "$work/$name"
    if ! (cd "$work" && FUZZ_TARGET="$name" timeout -k 5 $((seconds + 60)) ./fuzz "$name" "$corpora/$name" \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=512 -max_len=4096 -print_final_stats=1 \
        -artifact_prefix="$corpora/$name/" </dev/null >"$log" 2>&1); then
        echo "FAILED: $name; the input is in $corpora/$name"
        tail -n 30 "$log"
        return 1
    fi
    printf '%-16s %s inputs, %s\n' "$name" \
        "$(sed -nE 's/^stat::number_of_executed_units: *//p' "$log")" \
        "$(grep -oE 'cov: [0-9]+ ft: [0-9]+' "$log" | tail -n 1)"
}

names=("$@")
if [ "$seconds" = merge ]; then
    for name in $(ls "$corpora"); do
        (cd "$work" && FUZZ_TARGET="$name" ./fuzz -merge=1 -max_len=4096 "$corpora/$name" "$name" 2>&1 | tail -n 1)
    done
    exit
fi
[ ${#names[@]} != 0 ] || mapfile -t names < <(ls "$corpora")
failed=0
running=0
for name in "${names[@]}"; do
    fuzz "$name" &
    running=$((running + 1))
    if [ $running -ge 2 ]; then
        wait -n || failed=1
        running=$((running - 1))
    fi
done
while [ $running -gt 0 ]; do
    wait -n || failed=1
    running=$((running - 1))
done
exit $failed
