#!/usr/bin/env bash
# Fuzzes everything that reads bytes which others wrote, with libFuzzer and the address sanitizer.
#
#   Tests/Support/fuzz.sh [SECONDS] [NAME...]   default: FUZZ_SECONDS or 60 for each, two at a time, all of them
#
# Targets are in Tests/FuzzTests, their corpora in Tests/FuzzTests/Corpus. A crash, an input of 10 s or 512 MiB of memory
# fails; the input is kept in the corpus, where CorpusTests replays it from then on.
#
# The three telemetry targets and the fuzz targets are compiled anew, a module at once, which takes seconds; what they
# depend on comes from the ordinary build: `swift build --build-tests` before this.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds="${1:-${FUZZ_SECONDS:-60}}"
shift || true
corpora="$PWD/Tests/FuzzTests/Corpus"
build="${FUZZ_BUILD:-$PWD/.build/debug}"
work="$PWD/.build/fuzz"
# Swift's own report of a crash would wait for a person.
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=detect_leaks=0

mkdir -p "$work"
objects=()
for name in COTLP CSystem Logging Tracing Instrumentation ServiceContextModule CoreMetrics ServiceLifecycle \
    ConcurrencyHelpers UnixSignals SystemPackage AsyncAlgorithms DequeModule OrderedCollections \
    InternalCollectionsUtilities BasicContainers ContainersPreview; do
    [ ! -d "$build/$name.build" ] || mapfile -t -O ${#objects[@]} objects < <(find "$build/$name.build" -name '*.o')
done

# Compiles the sources of one module, instrumented, for the modules after it to import.
compile() {
    local name="$1" folder="$2" sources
    mapfile -t sources < <(find "$folder" -name '*.swift' ! -name CorpusTests.swift)
    swiftc -c -swift-version 6 -enable-upcoming-feature InternalImportsByDefault \
        -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility \
        -package-name orchestrator -module-name "$name" -parse-as-library -Onone -wmo -enable-testing \
        -sanitize=address,fuzzer -emit-module -emit-module-path "$work/$name.swiftmodule" -I "$work" \
        -I "$build/Modules" -I Sources/CNghttp2 -I Sources/CZlib -I Sources/CProtobufC -I Sources/COTLP/include \
        -I "${build%/debug}/checkouts/swift-system/Sources/CSystem/include" "${sources[@]}" -o "$work/$name.o"
    objects+=("$work/$name.o")
}
compile OTLPWire Sources/OTLPWire
compile GRPCTransport Sources/GRPCTransport
compile OTelSDK Sources/OTelSDK
compile FuzzTests Tests/FuzzTests
swiftc -sanitize=address,fuzzer "${objects[@]}" -lnghttp2 -lz -lprotobuf-c -o "$work/fuzz" 2>&1 |
    { grep -v 'Cannot export local symbol' || true; }

fuzz() {
    local name="$1" log="$work/$1.log"
    mkdir -p "$work/$name"
    if ! FUZZ_TARGET="$name" timeout -k 5 $((seconds + 60)) "$work/fuzz" "$work/$name" "$corpora/$name" \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=512 -max_len=4096 -print_final_stats=1 \
        -artifact_prefix="$corpora/$name/" </dev/null >"$log" 2>&1; then
        echo "FAILED: $name; the input is in $corpora/$name"
        tail -n 30 "$log"
        return 1
    fi
    printf '%-16s %s inputs, %s\n' "$name" "$(sed -nE 's/^stat::number_of_executed_units: *//p' "$log")" \
        "$(grep -oE 'cov: [0-9]+ ft: [0-9]+' "$log" | tail -n 1)"
}

names=("$@")
[ ${#names[@]} != 0 ] || mapfile -t names < <(find "$corpora" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort)
failed=0
for place in "${!names[@]}"; do
    [ "$place" -lt 2 ] || wait -n || failed=1
    fuzz "${names[$place]}" &
done
for ((place = 0; place < 2 && place < ${#names[@]}; place++)); do wait -n || failed=1; done
exit $failed
