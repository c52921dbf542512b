#!/usr/bin/env python3
"""Makes TestPlans/recordings anew: the real Claude Code, run against scripted_model.py with no account and no network.

    make_recordings.py --claude PATH [--only NAME]

Each recording is Claude Code's own standard output, byte for byte. It is made in a bubblewrap namespace with a network
of its own (loopback only, the endpoint inside it), an empty HOME at /home/agent and an empty workspace at /workspace,
so that nothing of the machine gets into it. Needs bubblewrap and python3.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SUPPORT = pathlib.Path(__file__).resolve().parent
RECORDINGS = SUPPORT.parent.parent / "TestPlans" / "recordings"

RECORDING_SCENARIOS = {"hello_world": "hello_world", "needs_human": "ask", "failed": "fail"}

SESSIONS = {
    "hello_world": "5c1f1d0a-6a51-4d0e-9b77-0b8f5c2f1a01",
    "needs_human": "5c1f1d0a-6a51-4d0e-9b77-0b8f5c2f1a02",
    "failed": "5c1f1d0a-6a51-4d0e-9b77-0b8f5c2f1a03",
}

TASKS = {
    "hello_world": "Create a Python file hello.py in the workspace root that prints \"Hello, World!\" when executed.",
    "needs_human": "Write a greeting file into the workspace root.",
    "failed": "Sum up the figures in input/figures.csv and write the sum into total.txt.",
}

CLOSING = """
When complete, include in your final message:
- STATUS: complete | needs_human | failed
- If needs_human: QUESTION: <question> OPTIONS: <options> RECOMMENDATION: <rec>
- If failed: ERROR: <what went wrong>
"""

INSIDE = """
python3 /support/scripted_model.py --scenario "$1" --port-file /tmp/port &
model=$!
while [ ! -s /tmp/port ]; do sleep 0.05; done
ANTHROPIC_BASE_URL="http://127.0.0.1:$(cat /tmp/port)"
export ANTHROPIC_BASE_URL
shift
"$@"
code=$?
kill "$model"
exit "$code"
"""

VARIABLES = {
    "HOME": "/home/agent",
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "ANTHROPIC_API_KEY": "dummy",
    "CLAUDE_CODE_DISABLE_BACKGROUND_TASKS": "1",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_AUTOUPDATER": "1",
}


def namespace(claude, workspace):
    """The bubblewrap command line: system directories read-only, everything else empty."""
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--clearenv", "--hostname", "sandbox"]
    for path in ["/usr", "/bin", "/lib", "/lib64", "/etc/alternatives", "/etc/ld.so.cache"]:
        if os.path.exists(path):
            command += ["--ro-bind", path, path]
    command += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/home", "--dir", "/home/agent"]
    command += ["--uid", "1000", "--gid", "1000"]
    command += ["--ro-bind", str(SUPPORT), "/support", "--ro-bind", str(claude), "/opt/claude"]
    command += ["--bind", str(workspace), "/workspace", "--chdir", "/workspace"]
    for name, value in VARIABLES.items():
        command += ["--setenv", name, value]
    return command


def record(name, claude):
    agent = [
        "/opt/claude", "-p", "--output-format", "stream-json", "--verbose", "--permission-mode", "acceptEdits",
        "--max-turns", "50", "--allowedTools", "Bash,Read,Write,Edit,Glob,Grep", "--session-id", SESSIONS[name],
        "--setting-sources", "user", "--strict-mcp-config",
    ]
    with tempfile.TemporaryDirectory() as workspace:
        command = namespace(claude, workspace) + ["sh", "-c", INSIDE, "sh", RECORDING_SCENARIOS[name], *agent]
        prompt = (TASKS[name] + "\n" + CLOSING).encode()
        result = subprocess.run(command, input=prompt, stdout=subprocess.PIPE, timeout=120, check=False)
    if result.returncode != 0 or b'"type":"result"' not in result.stdout:
        sys.exit(f"{name}: exit {result.returncode}, {len(result.stdout)} bytes, no recording made")
    target = RECORDINGS / f"{name}.jsonl"
    target.write_bytes(result.stdout)
    print(f"{target}: {len(result.stdout)} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claude", required=True, type=pathlib.Path, help="the Claude Code executable")
    parser.add_argument("--only", choices=sorted(RECORDING_SCENARIOS), help="make this one only")
    options = parser.parse_args()
    if not shutil.which("bwrap"):
        sys.exit("bubblewrap is missing: apt-get install bubblewrap")
    RECORDINGS.mkdir(parents=True, exist_ok=True)
    for name in [options.only] if options.only else RECORDING_SCENARIOS:
        record(name, options.claude.resolve())


if __name__ == "__main__":
    main()
