#!/usr/bin/env python3
"""Makes link-order.txt anew: the functions of the toolchain and of packages that a run of the program goes through.

    deploy/release/make_link_order.py PROGRAM

PROGRAM is a release build with its symbols (`make build STRIP=`). It runs under valgrind's callgrind around an instant
replay; the functions that were called are written down, ours left out, since they change with every commit. The linker
lays these functions side by side, so that a run touches fewer pages of the program: a name that it does not know does
no harm, an old list only helps less.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
OURS = {path.name for path in (ROOT / "Sources").iterdir()}


def is_ours(name):
    module = re.match(r"\$s(\d+)(\w+)", name)
    return bool(module) and module[2][: int(module[1])] in OURS


def called_functions(trace, program):
    """The names of functions of the program in callgrind's output, where a name is given once and then numbered."""
    objects, functions, found, current = {}, {}, set(), ""
    for line in trace.read_text(errors="replace").splitlines():
        entry = re.match(r"c?(ob|fn)=\((\d+)\)(?: (.*))?", line)
        if not entry:
            continue
        table = objects if entry[1] == "ob" else functions
        if entry[3]:
            table[entry[2]] = entry[3].strip()
        if line.startswith("ob="):
            current = objects[entry[2]]
        elif line.startswith("fn=") and current.endswith(program.name):
            found.add(re.sub(r"'\d+$", "", functions[entry[2]]))
    return found


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        program, trace = work / "orchestrator-with-symbols", work / "trace"
        # valgrind 3.19 cannot read Swift's debug information.
        subprocess.run(["strip", "-g", "-o", program, sys.argv[1]], check=True)
        subprocess.run(
            [
                "valgrind", "--tool=callgrind", "--demangle=no", f"--callgrind-out-file={trace}", program, "task",
                ROOT / "TestPlans/hello_world.md", "1.1", "--sandbox", "none", "--workspace", work,
                "--agent", f"replay:{ROOT / 'TestPlans/recordings/hello_world.jsonl'}",
            ],
            check=True, timeout=300, env={"PATH": "/usr/bin:/bin", "ORCHESTRATOR_STATE_DIR": str(work / "state")},
        )
        names = sorted(name for name in called_functions(trace, program) if not is_ours(name))
    (ROOT / "deploy/release/link-order.txt").write_text("\n".join(names) + "\n")
    print(f"{len(names)} functions")


if __name__ == "__main__":
    main()
