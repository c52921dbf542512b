#!/usr/bin/env python3
"""Makes a package of the three telemetry targets and their tests alone, for builds with sanitizers and fuzzers.

    otel_package.py FOLDER

Writes FOLDER/Package.swift, cut out of the one at the top, and links Sources, Tests and Protos beside it. What else the
project has, and the packages that only that needs, would triple the time of such a build.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOTS = ["OTLPWireTests", "GRPCTransportTests", "OTelSDKTests", "FuzzTests"]
PACKAGES = ["swift-distributed-tracing", "swift-log", "swift-metrics", "swift-system", "swift-service-lifecycle"]


def declaration(manifest, name):
    """The call that declares the target, up to its closing parenthesis; nothing if there is no such target."""
    start = re.search(rf'^ {{8}}\.(?:target|testTarget|executableTarget|systemLibrary)\(\s*name: "{name}"', manifest, re.MULTILINE)
    if not start:
        return ""
    depth = 0
    for place in range(start.start(), len(manifest)):
        depth += {"(": 1, ")": -1}.get(manifest[place], 0)
        if manifest[place] == ")" and depth == 0:
            return manifest[start.start():place + 1] + ",\n"
    raise SystemExit(f"otel_package: the declaration of {name} has no end")


def needed(manifest):
    """The declarations of the tests and of all that they need."""
    found = {}
    waiting = list(ROOTS)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = declaration(manifest, name)
            waiting += re.findall(r'"(\w+)"', found[name])
    return "".join(found.values())


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    manifest = (ROOT / "Package.swift").read_text(encoding="utf-8")
    packages = [line for line in manifest.split("\n") if ".package(url" in line and any(p in line for p in PACKAGES)]
    text = manifest[:manifest.index("let package =")] + (
        'let package = Package(\n    name: "orchestrator",\n    dependencies: [\n'
        + "\n".join(packages)
        + "\n    ],\n    targets: [\n"
        + needed(manifest)
        + "    ],\n    swiftLanguageModes: [.v6]\n)\n"
    )
    target = folder / "Package.swift"
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        target.write_text(text, encoding="utf-8")
    for name in ["Sources", "Tests", "Protos", "TestPlans", "deploy"]:
        link = folder / name
        if not link.is_symlink():
            link.symlink_to(ROOT / name)
    resolved = ROOT / "Package.resolved"
    if resolved.exists():
        (folder / "Package.resolved").write_bytes(resolved.read_bytes())


if __name__ == "__main__":
    main()
