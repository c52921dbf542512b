#!/usr/bin/env python3
"""Makes link-order.txt anew: the functions that a run of the program goes through.

    deploy/release/make_link_order.py PROGRAM OTEL_BENCH

Both are release builds with their symbols (`make build otel-bench STRIP=`); the sink of `make bench` must be there too.
They run under valgrind's callgrind: OTEL_BENCH exports one span and three counters, and all that this calls comes first, as
the exporter is in every program; PROGRAM runs an instant replay, from which our own functions are left out, since they
change with every commit. The linker lays the functions side by side, so that a run touches fewer pages of the program: a
name that it does not know does no harm, an old list only helps less.
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


def trace(work, program, *arguments, environment=None):
    """The functions of the program that a run with these arguments calls."""
    stripped, trace = work / f"{pathlib.Path(program).name}-with-symbols", work / "trace"
    # valgrind 3.19 cannot read Swift's debug information.
    subprocess.run(["strip", "-g", "-o", stripped, program], check=True)
    subprocess.run(
        ["valgrind", "--tool=callgrind", "--demangle=no", f"--callgrind-out-file={trace}", stripped, *arguments],
        check=True, timeout=300, env=environment,
    )
    return called_functions(trace, stripped)


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        with subprocess.Popen([ROOT / ".build/bench/sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sink:
            exporter = trace(work, sys.argv[2], sink.stdout.readline().strip(), "process")
            sink.communicate()
        program = trace(
            work, sys.argv[1], "task", ROOT / "TestPlans/hello_world.md", "1.1", "--sandbox", "none", "--workspace", work,
            "--agent", f"replay:{ROOT / 'TestPlans/recordings/hello_world.jsonl'}",
            environment={"PATH": "/usr/bin:/bin", "ORCHESTRATOR_STATE_DIR": str(work / "state")},
        )
        exporter = sorted(name for name in exporter if not name.startswith("0x"))
        others = sorted(name for name in program.difference(exporter) if not is_ours(name))
    (ROOT / "deploy/release/link-order.txt").write_text("\n".join(exporter + others) + "\n")
    print(f"{len(exporter)} functions of the exporter, {len(others)} others")


if __name__ == "__main__":
    main()
