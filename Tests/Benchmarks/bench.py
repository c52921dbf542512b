#!/usr/bin/env python3
"""Measures the exporter side by side with opentelemetry-python and with the bare C libraries, in one run.

    Tests/Benchmarks/bench.py [--runs 10] [--spans 400000] [--readme]

Two processes: the client on one core, the sink on the other. Every case runs `--runs` times, all sides in turn, and the
medians count. Figures of one run may be compared with each other, not with those of another machine or another day.
Writes .build/bench/results.json, prints a table, and with --readme puts it into README.md.
"""
import argparse
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build/bench"
HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = ["opentelemetry-sdk==1.45.2", "opentelemetry-exporter-otlp-proto-grpc==1.45.2"]
CORES = sorted(os.sched_getaffinity(0))
CLIENT_CORE, SINK_CORE = CORES[0], CORES[-1]


def build():
    BUILD.mkdir(parents=True, exist_ok=True)
    cotlp = ROOT / "Sources/COTLP"
    sources = [str(path) for path in cotlp.rglob("*.c")]
    run(["clang", "-O2", "-o", BUILD / "sink", HERE / "floor/sink.c", "-lnghttp2"])
    run(["clang", "-O2", f"-I{cotlp}/include", "-o", BUILD / "floor", HERE / "floor/floor.c", *sources,
         "-lprotobuf-c", "-lnghttp2"])
    run(["clang", "-O2", "-shared", "-fPIC", "-o", BUILD / "mallocs.so", HERE / "floor/mallocs.c"])
    run(["make", "--no-print-directory", "-C", ROOT, "otel-bench"])
    if not (BUILD / "venv/bin/python").exists():
        run([sys.executable, "-m", "venv", BUILD / "venv"])
    run([BUILD / "venv/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES])


def run(command):
    subprocess.run([str(part) for part in command], check=True, timeout=1800)


class Sink:
    """The collector: takes everything, counts it, and tells how much at its end."""

    def __enter__(self):
        self.process = subprocess.Popen([BUILD / "sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        preexec_fn=lambda: os.sched_setaffinity(0, {SINK_CORE}))
        self.port = self.process.stdout.readline().strip()
        return self

    def close(self):
        out, _ = self.process.communicate(timeout=60)
        return json.loads(out)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()


class Silent:
    """A port that accepts and never answers."""

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = str(self.socket.getsockname()[1])
        return self

    def __exit__(self, *_):
        self.socket.close()


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def timed(command, environment=None):
    """The command's JSON, and the milliseconds from its start to its end.

    By posix_spawn, as a fork would first copy this interpreter's page tables. The core is handed on to the child.
    """
    words = [str(part) for part in command]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        actions = [(os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, errors.fileno(), 2)]
        os.sched_setaffinity(0, {CLIENT_CORE})
        start = time.perf_counter()
        child = os.posix_spawn(words[0], words, environment or dict(os.environ), file_actions=actions)
        _, status = os.waitpid(child, 0)
        wall = time.perf_counter() - start
        os.sched_setaffinity(0, set(CORES))
        output.seek(0)
        errors.seek(0)
        text, complaints = output.read().decode(), errors.read().decode()
    if status != 0:
        sys.exit(f"bench: {' '.join(words)} ended with {status}: {complaints}")
    return (json.loads(text) if text.strip() else {}) | {"process_ms": wall * 1e3, "stderr": complaints}


class Bench:
    def __init__(self, runs, spans):
        self.runs, self.spans = runs, spans
        self.swift = BUILD / "otel-bench"
        self.python = [BUILD / "venv/bin/python", HERE / "bench_python.py"]
        self.samples = {}

    def note(self, key, value):
        self.samples.setdefault(key, []).append(value)

    def with_sink(self, command, *arguments):
        with Sink() as sink:
            result = timed([*command, sink.port, *arguments])
            result["sink"] = sink.close()
            return result

    def end_to_end(self):
        spans = self.spans
        full = self.with_sink([BUILD / "floor"], spans, "full")
        sent = self.with_sink([BUILD / "floor"], spans, "sent")
        ours = self.with_sink([self.swift], "endtoend", spans)
        theirs = self.with_sink(self.python, "endtoend", max(spans // 40, 1000))
        if ours["sink"]["items"] < spans:
            sys.exit(f"bench: {ours['sink']['items']} of {spans} spans arrived")
        for name, result in (("floor", full), ("ours", ours), ("python", theirs)):
            self.note(f"spans_per_second.{name}", result["spans"] / result["seconds"])
            self.note(f"cpu_us_per_span.{name}", result["cpu_seconds"] / result["spans"] * 1e6)
        self.note("send_ns.floor", sent["cpu_seconds"] / sent["spans"] * 1e9)
        self.note("fill_ns.floor", full["fill_ns"])
        self.note("pack_ns.floor", full["pack_ns"])

    def caller(self):
        ours = timed([self.swift, "0", "caller", 100_000])
        for key in ("own_ns", "generic_ns"):
            self.note(f"caller_{key}.ours", ours[key])
        self.note("caller_own_ns.python", timed([*self.python, "0", "caller", 10_000])["own_ns"])
        for count in (16, 32, 64, 128):
            self.note(f"caller_ns_{count}_attributes.ours", timed([self.swift, "0", "caller", 20_000, count])["grown_ns"])

    def counters(self):
        ours = timed([self.swift, "0", "counters", 2_000_000])
        for key in ("given_ns", "bound_ns", "swift_metrics_bound_ns", "swift_metrics_given_ns"):
            self.note(f"counter_{key}.ours", ours[key])
        self.note("counter_given_ns.python", timed([*self.python, "0", "counters", 100_000])["given_ns"])

    def processes(self):
        self.note("process_ms.true", timed(["/bin/true"])["process_ms"])
        for name, command in (("ours", [self.swift]), ("python", self.python)):
            result = self.with_sink(command, "process")
            self.note(f"process_ms.{name}", result["process_ms"])
            self.note(f"process_mib.{name}", result["mib"])
        spool = tempfile.mkdtemp(dir=BUILD)
        absent = timed([self.swift, closed_port(), "process", spool])
        self.note("absent_ms.ours", absent["process_ms"])
        self.note("absent_spans_kept.ours", absent["spooled"])
        with Silent() as silent:
            result = timed([self.swift, silent.port, "process", spool])
            self.note("silent_ms_over_bound.ours", result["process_ms"] - 2000)
            self.note("silent_spans_kept.ours", result["spooled"])
        shutil.rmtree(spool)

    def others(self):
        for spans in (25_000, 50_000, 100_000, 200_000):
            burst = self.with_sink([self.swift], "burst", spans)
            self.note(f"burst_ns_a_span_{spans}.ours", burst["seconds"] / spans * 1e9)
            if burst["delivered"] + burst["dropped"] != spans or not burst["balanced"]:
                sys.exit(f"bench: a burst of {spans} spans is not accounted for: {burst}")
        self.note("burst_200000_delivered.ours", burst["delivered"])
        rate = self.with_sink([self.swift], "rate", 20_000)
        self.note("rate_10000_cpu_percent.ours", rate["cpu_seconds"] / rate["seconds"] * 100)

    def mallocs(self):
        """How many more allocations twice as many spans take."""
        counts = []
        for spans in (50_000, 100_000):
            with Sink() as sink:
                environment = dict(os.environ, LD_PRELOAD=str(BUILD / "mallocs.so"))
                result = timed([self.swift, sink.port, "endtoend", spans], environment)
            counts.append(int(result["stderr"].split("mallocs")[-1]))
        self.note("mallocs_per_span.ours", (counts[1] - counts[0]) / 50_000)

    def all(self):
        for number in range(self.runs):
            print(f"bench: run {number + 1} of {self.runs}", file=sys.stderr)
            for part in (self.end_to_end, self.caller, self.counters, self.processes, self.others):
                part()
        self.mallocs()
        return {key: statistics.median(values) for key, values in self.samples.items()}


def table(medians):
    def value(key, digits=0):
        return f"{medians[key]:,.{digits}f}" if key in medians else ""

    def ratio(key, other):
        return f"{medians[key + '.ours'] / medians[key + '.' + other]:.2f}"

    rows = [
        ("end to end, batch processor, no drops: spans/s", "spans_per_second", 0),
        ("CPU, microseconds a span", "cpu_us_per_span", 2),
        ("caller: start + 8 attributes + end, ns", "caller_own_ns", 0),
        ("the same through `any Tracer` and `attributes[...]`, ns", "caller_generic_ns", 0),
        ("counter add, 3 attributes given, ns", "counter_given_ns", 0),
        ("counter add, bound, ns", "counter_bound_ns", 1),
        ("one process: 1 span, 3 counters, flush, exit: ms", "process_ms", 1),
        ("the same: MiB", "process_mib", 1),
    ]
    lines = ["| | OTelSDK | opentelemetry-python | C floor | OTelSDK : python | OTelSDK : floor |", "| --- | --- | --- | --- | --- | --- |"]
    for title, key, digits in rows:
        cells = [value(f"{key}.{side}", digits) for side in ("ours", "python", "floor")]
        ratios = [ratio(key, side) if f"{key}.{side}" in medians else "" for side in ("python", "floor")]
        lines.append(f"| {title} | " + " | ".join(cells + ratios) + " |")
    return "\n".join(lines)


def put_into_readme(text):
    readme = ROOT / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split("<!-- bench -->\n", 1)
    _, after = rest.split("<!-- /bench -->", 1)
    readme.write_text(f"{before}<!-- bench -->\n{text}\n<!-- /bench -->{after}", encoding="utf-8")


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--runs", type=int, default=10)
    options.add_argument("--spans", type=int, default=400_000)
    options.add_argument("--readme", action="store_true", help="put the table into README.md")
    options = options.parse_args()
    build()
    bench = Bench(options.runs, options.spans)
    medians = bench.all()
    (BUILD / "results.json").write_text(json.dumps({"runs": options.runs, "medians": medians, "samples": bench.samples}, indent=1))
    print(table(medians))
    print()
    for key in sorted(medians):
        print(f"{key:44} {medians[key]:14,.2f}")
    if options.readme:
        put_into_readme(table(medians))


if __name__ == "__main__":
    main()
