#!/bin/sh
# Makes the C of Sources/COTLP from the .proto files beside this script.
#
#   Protos/generate.sh [DIR]      writes DIR (default Sources/COTLP) anew
#   Protos/generate.sh --check    fails, and shows where, if Sources/COTLP is not what the .proto files give
#
# protoc-c stamps nothing but the .proto's own name into its output, so that the same versions give the same bytes.
set -eu

protos=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
committed=$(dirname -- "$protos")/Sources/COTLP

generate() {
    rm -rf "$1/opentelemetry" "$1/include"
    mkdir -p "$1/include"
    (
        cd "$protos"
        files=$(find opentelemetry -name '*.proto' | LC_ALL=C sort)
        # shellcheck disable=SC2086  # names without spaces, one argument each
        protoc-c --proto_path=. --c_out="$1" $files
        cd "$1"
        # Headers go where SwiftPM's C targets expect them; #include "opentelemetry/…" is found there.
        find opentelemetry -name '*.pb-c.h' | while IFS= read -r header; do
            mkdir -p "include/$(dirname -- "$header")"
            mv "$header" "include/$header"
        done
        {
            echo '// Made by Protos/generate.sh: all of OTLP in one header, for the module map beside it.'
            echo '#ifndef COTLP_H'
            echo '#define COTLP_H'
            echo
            # shellcheck disable=SC2086
            printf '#include "%s"\n' $files | sed 's/\.proto"/.pb-c.h"/'
            echo
            echo '#endif'
        } > include/COTLP.h
        printf 'module COTLP {\n    umbrella header "COTLP.h"\n    export *\n}\n' > include/module.modulemap
    )
}

command -v protoc-c > /dev/null || {
    echo 'generate.sh: protoc-c is missing: apt-get install protobuf-c-compiler' >&2
    exit 69
}

case ${1-} in
--check)
    fresh=$(mktemp -d)
    trap 'rm -rf "$fresh"' EXIT
    generate "$fresh"
    if ! diff -r "$fresh" "$committed"; then
        echo 'generate.sh: Sources/COTLP is not what Protos gives: run make protos' >&2
        exit 1
    fi
    ;;
-*)
    echo "usage: generate.sh [DIR | --check]" >&2
    exit 64
    ;;
*)
    output=${1:-$committed}
    mkdir -p "$output"
    generate "$(CDPATH='' cd -- "$output" && pwd)"
    ;;
esac
