"""Real runs of the built orchestrator for checks in Python: Claude Code, a scripted model, and an OTLP receiver.

All of it is on loopback, in one directory, and ends with it.
"""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

SUPPORT = pathlib.Path(__file__).resolve().parent
ROOT = SUPPORT.parents[1]
WITHIN = 120


class Failed(Exception):
    """A run did not end as the check needs it; says all that it said."""


def eventually(what, look, within=60):
    """Waits until `look()` gives something that is true, and returns it."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise Failed(f"waited {within} s for {what}")


class Runs:
    """A user's machine in small; use it as a context."""

    def __init__(self, directory, orchestrator, claude):
        self.directory = pathlib.Path(directory)
        self.orchestrator = orchestrator
        self.stack = contextlib.ExitStack()
        self.store = self.directory / "requests.jsonl"
        self.script = self.directory / "script.json"
        self.models = {}
        for name in ("home", "bin", "work"):
            (self.directory / name).mkdir()
        self.store.touch()
        (self.directory / "bin/claude").symlink_to(claude)

    def __enter__(self):
        self.port = self.start("otlp_receiver.py", "--store", self.store, "--script", self.script)
        return self

    def __exit__(self, *_):
        self.stack.close()

    def start(self, script, *arguments):
        """Starts a server of Tests/Support and returns its port; it ends with this context."""
        file = self.directory / f"port-{len(list(self.directory.glob('port-*')))}"
        command = [sys.executable, SUPPORT / script, "--port-file", file, "--until-stdin-closes", *arguments]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.stack.callback(process.wait, timeout=10)
        self.stack.callback(process.stdin.close)
        return int(eventually(f"{script} to listen", lambda: file.exists() and file.read_text()))

    def answer(self, script):
        """Has the receiver answer by a script from now on; see otlp_receiver.py."""
        part = self.script.with_suffix(".part")
        part.write_text(json.dumps(script))
        os.replace(part, self.script)

    def model(self, scenario):
        """The port of a model that plays a scenario: a built-in name, or a value that becomes a JSON scenario."""
        key = json.dumps(scenario)
        if key not in self.models:
            if not isinstance(scenario, str):
                file = self.directory / f"scenario-{len(self.models)}.json"
                file.write_text(json.dumps(scenario))
                scenario = file
            self.models[key] = self.start("scripted_model.py", "--scenario", scenario)
        return self.models[key]

    def run(self, arguments, environment=(), model=None):
        """Runs the program to its end; returns its exit code, what it printed and its complaints."""
        known = {
            "PATH": f"{self.directory}/bin:/usr/local/bin:/usr/bin:/bin",
            "HOME": f"{self.directory}/home",
            "ORCHESTRATOR_STATE_DIR": f"{self.directory}/state",
            "ORCHESTRATOR_TELEMETRY_TIMEOUT": "30s",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self.port}",
            "ANTHROPIC_API_KEY": "sk-ant-test",
            "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{model or 9}",
            "CLAUDE_CODE_MAX_RETRIES": "0",
            "ORCHESTRATOR_RETRIES": "0",
            **dict(environment),
        }
        end = subprocess.run(
            [self.orchestrator, *arguments], env=known, cwd=self.directory, capture_output=True, text=True, timeout=WITHIN
        )
        return end.returncode, end.stdout, end.stderr

    def task(self, scenario, *arguments, environment=()):
        """Runs task 1.1 of hello_world.md with Claude Code in a workspace of its own; returns the result as --json has it."""
        workspace = pathlib.Path(tempfile.mkdtemp(dir=self.directory / "work"))
        # One task at work twice at once would be refused.
        plan = workspace.with_suffix(".md")
        shutil.copy(ROOT / "TestPlans/hello_world.md", plan)
        code, output, complaints = self.run(
            ["task", plan, "1.1", "--sandbox", "none", "--workspace", workspace, "--json", *arguments],
            environment,
            self.model(scenario),
        )
        try:
            return json.loads(output)
        except ValueError:
            raise Failed(f"{scenario} ended with {code} and no result:\n{output}{complaints}") from None

    def tasks(self, scenarios):
        """Runs several, two at a time; each is a scenario or a list of the arguments of `task`."""
        # Models are started before, since threads would start them twice.
        each = [scenario if isinstance(scenario, list) else [scenario] for scenario in scenarios]
        for scenario, *_ in each:
            self.model(scenario)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return list(pool.map(lambda arguments: self.task(*arguments), each))
