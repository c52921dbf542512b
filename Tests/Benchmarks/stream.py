#!/usr/bin/env python3
"""Measures how fast an agent's stream is followed, and whether the memory for it grows.

    swift build -c release --product StreamProbe
    Tests/Benchmarks/stream.py [--probe .build/release/StreamProbe] [--megabytes 100]

The stream is like a real one of Claude Code with partial messages: responses in pieces of some words, tool calls with
arguments, results of 1 kB on average, 500 bytes a line. It is read once, as one session. Compared side by side with what
Python's json needs to parse the same lines, and with how fast they can be read at all.
"""
import argparse
import json
import pathlib
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SESSION = {"session_id": "5c1f1d0a-6a51-4d0e-9b77-0b8f5c2f1a01", "uuid": "8bb32ee2-38d3-46ae-8f16-11a904dd62fc"}
WORDS = "and then the next few words of what the model is saying here, a \"quoted\" one\\n among them, "


def response(number):
    """The lines of one response with a tool call, and its result."""
    message, call = f"msg_{number:024d}", f"toolu_{number:024d}"
    usage = {"input_tokens": 1200, "output_tokens": 1, "cache_read_input_tokens": 500, "cache_creation_input_tokens": 3000}
    head = {"id": message, "type": "message", "role": "assistant", "model": "claude-opus-5-5", "usage": usage}

    def event(value):
        return {"type": "stream_event", "event": value, "parent_tool_use_id": None, "api_message_id": message, **SESSION}

    yield {"type": "system", "subtype": "status", "status": "requesting", **SESSION}
    yield event({"type": "message_start", "message": {**head, "content": []}})
    for _ in range(14):
        delta = {"type": "text_delta", "text": WORDS * 3}
        yield event({"type": "content_block_delta", "index": 0, "delta": delta})
    call_block = {"type": "tool_use", "id": call, "name": "Read", "input": {"file_path": f"/workspace/file_{number}.txt"}}
    for block in ({"type": "text", "text": WORDS * 12}, call_block):
        yield {"type": "assistant", "message": {**head, "content": [block]}, "parent_tool_use_id": None,
               "timestamp": "2026-11-30T00:47:41.189Z", **SESSION}
    yield event({"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 80}})
    result = {"type": "tool_result", "tool_use_id": call, "content": WORDS * 11, "is_error": False}
    yield {"type": "user", "message": {"role": "user", "content": [result]}, "parent_tool_use_id": None,
           "timestamp": "2026-11-30T00:47:42.167Z", "tool_use_result": {"type": "text", "file": {"numLines": 3}}, **SESSION}


def write(path, megabytes):
    lines = size = number = 0
    with open(path, "w", encoding="utf-8") as file:
        init = {"type": "system", "subtype": "init", "model": "claude-opus-5-5", "cwd": "/workspace", **SESSION}
        file.write(json.dumps(init) + "\n")
        while size < megabytes << 20:
            for record in response(number):
                line = json.dumps(record) + "\n"
                size += len(line)
                lines += 1
                file.write(line)
            number += 1
    return lines, size


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--probe", default=ROOT / ".build/release/StreamProbe")
    parser.add_argument("--megabytes", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory) / "stream.jsonl"
        lines, size = write(path, options.megabytes)
        start = time.monotonic()
        path.read_bytes()
        reading = time.monotonic() - start
        start = time.monotonic()
        with open(path, "rb") as file:
            for line in file:
                json.loads(line)
        parsing = time.monotonic() - start
        once = json.loads(subprocess.check_output([options.probe, path, "1"]))
        ten = json.loads(subprocess.check_output([options.probe, path, "10"]))
    print(f"{lines} lines, {size / 1e6:.0f} MB; ratios are of speed, side by side")
    print(f"followed:            {size / 1e6 / once['seconds']:.0f} MB/s, {lines / once['seconds']:,.0f} lines/s")
    print(f"over Python's json:  {parsing / once['seconds']:.2f}")
    print(f"over reading alone:  {reading / once['seconds']:.3f}")
    print(f"peak memory:         {once['peak'] / 1e6:.1f} MB, ten times the stream {ten['peak'] / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
