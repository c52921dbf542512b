#!/usr/bin/env python3
"""Holds the sources against the rules of the design: who may import what, where C may be, how large a file may be.

    Tests/Support/architecture_check.py

Names every violation with file and line, and exits 1 if there is one.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

STANDARD = {"Swift", "Synchronization"}
LIBC = {"Glibc", "Musl"}
TRACING = {"Tracing", "Instrumentation", "ServiceContextModule"}

# What each target may import besides the standard library.
ALLOWED = {
    "OTLPWire": {"COTLP", "CProtobufC"} | LIBC,
    "GRPCTransport": {"CNghttp2", "CZlib", "COpenSSL", "SystemPackage"} | LIBC,
    "OTelSDK": TRACING | LIBC | {
        "OTLPWire", "GRPCTransport", "CoreMetrics", "Logging", "ServiceLifecycle", "FoundationEssentials", "Dispatch",
        "SystemPackage",
    },
    "Plans": set(),
    "Sandbox": {"Subprocess", "SystemPackage", "FoundationEssentials"} | LIBC,
    "Agents": {"Sandbox", "FoundationEssentials"},
    "Journal": {"GRDB", "Foundation", "SystemPackage"} | LIBC,
    "Runner": TRACING | {"Plans", "Sandbox", "Agents", "Journal", "FoundationEssentials"},
    "orchestrator": TRACING | LIBC | {
        "Plans", "Sandbox", "Agents", "Journal", "Runner", "OTelSDK", "OTLPWire", "GRPCTransport", "ArgumentParser",
        "Configuration", "UnixSignals", "Subprocess", "SystemPackage", "Yams", "Foundation", "Dispatch",
    },
}

IMPORT = re.compile(r"^\s*(?:@\w+\s+)*(?:public|package|internal|fileprivate|private)?\s*import\s+(?:\w+\s+)?([A-Za-z0-9_]+)")
LONGEST = 300

# Libraries never print and never end the program.
FORBIDDEN_IN_LIBRARIES = re.compile(r"(?<![\w.])(print|exit|fatalError|abort)\(")


def violations_in(target, path):
    name = path.relative_to(ROOT)
    lines = path.read_text(encoding="utf-8").split("\n")
    if len(lines) - 1 > LONGEST:
        yield f"{name}: {len(lines) - 1} lines; {LONGEST} is the limit"
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0]
        imported = IMPORT.match(code)
        if imported and imported[1] not in ALLOWED[target] | STANDARD:
            yield f"{name}:{number}: {target} may not import {imported[1]}"
        if target != "OTelSDK" and re.match(r"\s*(public|open)\s+(?!import)", code):
            yield f"{name}:{number}: only OTelSDK has public declarations"
        if target != "orchestrator" and FORBIDDEN_IN_LIBRARIES.search(code):
            yield f"{name}:{number}: a library never prints, exits or traps this way"


def main():
    found = []
    for target in sorted(ALLOWED):
        for path in sorted((ROOT / "Sources" / target).rglob("*.swift")):
            found.extend(violations_in(target, path))
    swift_targets = {path.relative_to(ROOT / "Sources").parts[0] for path in (ROOT / "Sources").rglob("*.swift")}
    found.extend(f"Sources/{target}: unknown to this check" for target in sorted(swift_targets - set(ALLOWED)))
    for violation in found:
        print(violation)
    print(f"architecture: {len(swift_targets)} targets, {len(found)} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
