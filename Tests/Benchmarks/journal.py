#!/usr/bin/env python3
"""Fills a journal with attempts, and measures how long each question to it takes.

    Tests/Benchmarks/journal.py [--attempts 100000] [--state DIR] [--probe .build/debug/JournalProbe] [COMMAND...]

The rows are as those of real attempts: last words of 1.5 kB, checks and changes of 1 kB, two models and four tools each;
one attempt in ten goes on with one before it, one in fifty is a replay, three are open. A COMMAND, such as
`orchestrator runs`, is measured as a whole process, with ORCHESTRATOR_STATE_DIR naming the journal. Medians of 20.
"""
import argparse
import json
import os
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
START = 1_767_225_600_000
WORDS = "I changed the module and ran its tests; all of them pass now. " * 25
CHECKS = json.dumps([{"kind": "command", "command": "swift test", "outcome": "passed", "output": "x" * 900}])
STATUSES = ["completed"] * 7 + ["failed"] * 2 + ["needs_human"]


def attempts(count):
    run = number = session = before = None
    for index in range(count):
        started = START + index * 60_000
        is_open = index >= count - 3
        continues = before if index % 10 == 1 else None
        if continues is None:
            stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(started / 1000))
            run, number, session = f"{stamp}-{index * 2654435761 % 16777216:06x}", 0, f"session-{index}"
        number += 1
        before = f"{run}.{number}"
        status = None if is_open else STATUSES[index % 10]
        # A question is answered by the next attempt, but for one in a hundred.
        if status == "needs_human" and index % 1000 != 9:
            status = "failed"
        yield {
            "id": before, "run_id": run, "number": number, "plan_file": f"plans/{index % 40}.md",
            "plan_path": f"/home/user/project/plans/{index % 40}.md", "milestone_id": "M1", "task_id": f"1.{index % 12}",
            "task_title": "Do what is to be done", "agent": "claude-code", "sandbox": "docker",
            "container": "ktrdr-sandbox", "replayed": index % 50 == 7, "process_id": 4242, "started_at": started,
            "trace_id": f"{index:032x}", "stream": f"/state/runs/{run}/stream.jsonl", "session_id": session,
            "continues": continues, "workspace": "/workspace", "program_version": "0.4.0", "agent_version": "2.1.0",
            "ended_at": None if is_open else started + 45_000, "duration_ms": None if is_open else index % 900_000,
            "status": status, "cause": status and "claimed", "exit_code": 0, "claim": status, "verdict": "passed",
            "cost_usd": 0.02, "turns": 3, "output": None if is_open else WORDS, "question": None, "notes": "[]",
            "cost_estimated": 0, "verification": CHECKS, "changes": "{}", "retries": 0, "fixes": 0,
        }


def fill(path, count):
    with sqlite3.connect(path) as database:
        rows = attempts(count)
        first = next(rows)
        sql = f"INSERT INTO attempt ({', '.join(first)}) VALUES ({', '.join(':' + name for name in first)})"
        database.execute(sql, first)
        database.executemany(sql, rows)
        for usage in ("'claude-opus-4-5', 10, 20, 3000, 400, 0.0175, 7", "'claude-haiku-4-5', 1, 2, 300, 40, 0.0025, NULL"):
            database.execute(f"INSERT INTO usage SELECT id, {usage} FROM attempt")
        for tool in ("Bash", "Read", "Write", "Edit"):
            database.execute("INSERT INTO tool_use SELECT id, ?, 5, 1, 0 FROM attempt WHERE ended_at IS NOT NULL", [tool])


def measure(command, state):
    environment = {**os.environ, "ORCHESTRATOR_STATE_DIR": str(state)}
    times = []
    for _ in range(20):
        start = time.perf_counter()
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        times.append((time.perf_counter() - start) * 1000)
    print(f"{statistics.median(times):9.2f} ms (at most {max(times):.2f})  {' '.join(command)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--attempts", type=int, default=100_000)
    parser.add_argument("--state", type=pathlib.Path)
    parser.add_argument("--probe", type=pathlib.Path, default=ROOT / ".build/debug/JournalProbe")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    state = options.state or pathlib.Path(tempfile.mkdtemp(prefix="journal-bench-"))
    try:
        if not (state / "journal.db").exists():
            subprocess.run([options.probe, "time", state], check=True)
            start = time.perf_counter()
            fill(state / "journal.db", options.attempts)
            size = (state / "journal.db").stat().st_size
            print(f"{options.attempts} attempts in {time.perf_counter() - start:.1f} s, {size >> 20} MB")
        subprocess.run([options.probe, "time", state], check=True)
        if options.command:
            measure(options.command, state)
    finally:
        if not options.state:
            shutil.rmtree(state)


if __name__ == "__main__":
    main()
