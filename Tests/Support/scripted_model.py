#!/usr/bin/env python3
"""A model endpoint on loopback that answers POST /v1/messages from a script (Python's standard library only).

    scripted_model.py --scenario hello_world --port-file FILE [--log FILE] [--port N] [--workspace DIR]

A scenario is a built-in name (--list), `status_NNN`, or a JSON file:

    {"usage": {"input": 1200, "output": 80, "cache_creation": 3000, "cache_read": 500},
     "turns": [{"text": "I will write it.", "tools": [{"name": "Write", "input": {…}}], "usage": {…}},
               {"fault": "pings"}]}

A turn has `text` (a string or several), `tools`, `thinking`, `usage`, `stop_reason`, `delay_ms` (before the answer),
`stream_ms` (in the answer's middle, before its last events) and `fault`:
`pings` (the stream opens and only pings come, for ever), `silence` (accepted, never answered), `break_off` (the
connection is reset in mid-stream), `status` (with `status`, `type`, `message`, `retry_after`, `headers`). The turn is the
number of assistant messages in the request, so that retries get the same answer again; after the last turn it is
repeated. `headers` ({name: value}) go with any answer; a value `now+N` is the time in N seconds since 1970. A fault with
`times` (K) strikes the first K requests only; after them its turn is answered as if it had no fault, or, if it says
nothing, is left out.
`agents` ([{"prompt": TEXT, "turns": […]}]) are conversations of their own, such as those of sub-agents: the requests whose
first message holds the text are answered from them. --answers writes a line for each answer: when its request came, and when
the answer began and was complete.
`{workspace}` in a tool's input is --workspace, or the working directory that the request itself names.
Ids and usage depend on scenario and turn only. Both streams and plain JSON are answered.
"""
import argparse
import hashlib
import json
import os
import re
import socket
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USAGE = {"input": 1200, "output": 80, "cache_creation": 3000, "cache_read": 500}

ERROR_TYPES = {
    400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error",
    429: "rate_limit_error", 500: "api_error", 529: "overloaded_error",
}


def tool(name, **arguments):
    return {"name": name, "input": arguments}


def bash(command, **arguments):
    return tool("Bash", command=command, **arguments)


def usage(uncached, output, cache_creation, cache_read):
    return {"input": uncached, "output": output, "cache_creation": cache_creation, "cache_read": cache_read}


QUESTION = """The task leaves open how the greeting is to be stored.

STATUS: needs_human
QUESTION: Which format shall the greeting file have?
OPTIONS: A) plain text B) JSON C) YAML
RECOMMENDATION: A, because nothing else in the workspace needs a parser."""

LOOP = "while :; do sleep 1; done"

SCENARIOS = {
    "hello_world": {"turns": [
        {"text": "I will create hello.py.", "usage": usage(400, 140, 1800, 0),
         "tools": [tool("Write", file_path="{workspace}/hello.py", content='print("Hello, World!")\n')]},
        {"text": "Now I run it.", "usage": usage(60, 80, 150, 200),
         "tools": [bash("python3 hello.py", description="Run hello.py")]},
        {"text": "hello.py exists in the workspace root and prints Hello, World!\n\nSTATUS: complete",
         "usage": usage(40, 80, 50, 200)},
    ]},
    "ask": {"turns": [{"text": QUESTION}]},
    "fail": {"turns": [
        {"text": "I look at the input first.", "tools": [bash("cat input/figures.csv", description="Read the input")]},
        {"text": "STATUS: failed\nERROR: input/figures.csv does not exist, and nothing tells where it comes from."},
    ]},
    "silent": {"turns": [{"text": "I had a look around and everything seems to be in order."}]},
    "empty": {"turns": [{"tools": [bash("true")]}, {"text": []}]},
    "hang": {"turns": [
        {"text": "I start a helper.",
         "tools": [bash("setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo started", description="Start a helper")]},
        {"fault": "pings"},
    ]},
    "hang_in_bash": {"turns": [{"text": "This takes a while.", "tools": [bash(LOOP, timeout=600000)]}]},
    "break_off": {"turns": [{"text": "This sentence will never be fin", "fault": "break_off"}]},
    "max_turns": {"turns": [{"tools": [bash("echo again")]}]},
    "ignore_task": {"turns": [{"text": "All done.\n\nSTATUS: complete"}]},
    "refusal": {"turns": [{"text": "", "stop_reason": "refusal"}]},
    "max_tokens": {"turns": [{"text": "and so on and so on", "stop_reason": "max_tokens"}]},
    "denied": {"turns": [
        {"tools": [tool("WebFetch", url="http://127.0.0.1:9/", prompt="what does it say")]},
        {"text": "STATUS: failed\nERROR: I may not fetch pages."},
    ]},
    "many": {"turns": [
        {"text": f"Step {step}.", "tools": [
            tool("Write", file_path=f"{{workspace}}/part_{step}.txt", content=f"part {step}\n"),
            bash(f"cat part_{step}.txt"),
        ]} for step in range(1, 21)
    ] + [{"text": "Twenty parts written.\n\nSTATUS: complete"}]},
}


def load(name):
    """The scenario of a built-in name, of `status_NNN`, or of a JSON file."""
    if name in SCENARIOS:
        return SCENARIOS[name]
    status = re.fullmatch(r"status_(\d{3})", name)
    if status:
        return {"turns": [{"fault": "status", "status": int(status.group(1))}]}
    with open(name, encoding="utf-8") as file:
        return json.load(file)


def working_directory(body):
    """The working directory that Claude Code names in its own prompt, or /workspace."""
    text = json.dumps([body.get("system"), body.get("messages")])
    found = re.search(r"working directory: ((?:[^\\\"]|\\\\)+)", text, re.IGNORECASE)
    return found.group(1).strip() if found else "/workspace"


class Strikes:
    """Counts the requests that faults with `times` have struck, and so tells which turn is due."""

    def __init__(self, turns):
        self.turns = turns
        self.left = [turn.get("times") for turn in turns]
        self.lock = threading.Lock()

    def turn(self, step):
        """The turn of a request with so many assistant messages."""
        with self.lock:
            due = [index for index, turn in enumerate(self.turns)
                   if self.left[index] != 0 or "text" in turn or "tools" in turn]
            index = due[min(step, len(due) - 1)]
            turn = self.turns[index]
            if self.left[index] == 0:
                return {name: value for name, value in turn.items() if name != "fault"}
            if self.left[index] is not None and "fault" in turn:
                self.left[index] -= 1
            return turn


class Conversations:
    """The scripts of the main conversation and of those that are known by a text in their first message."""

    def __init__(self, scenario):
        self.main = Strikes(scenario["turns"])
        self.agents = [(agent["prompt"], Strikes(agent["turns"])) for agent in scenario.get("agents", [])]

    def of(self, body):
        """The text that a request's conversation is known by (empty for the main one), and its script."""
        first = json.dumps((body.get("messages") or [{}])[0].get("content"), ensure_ascii=False)
        return next(((prompt, strikes) for prompt, strikes in self.agents if prompt in first), ("", self.main))


class Answer:
    """What one turn says, with ids that depend on scenario and turn alone."""

    def __init__(self, scenario_name, scenario, body, workspace, conversations):
        self.step = sum(1 for message in body.get("messages", []) if message.get("role") == "assistant")
        self.agent, strikes = conversations.of(body)
        self.turn = strikes.turn(self.step)
        self.model = body.get("model", "unknown")
        self.usage = {**USAGE, **scenario.get("usage", {}), **self.turn.get("usage", {})}
        seed = f"{scenario_name}/{self.step}" + (f"/{self.agent}" if self.agent else "")
        self.id = "msg_" + self.digest(seed)
        self.request_id = "req_" + self.digest("request/" + seed)
        self.blocks = list(self.make_blocks(seed, workspace or working_directory(body)))
        uses_tool = any(block["type"] == "tool_use" for block in self.blocks)
        self.stop_reason = self.turn.get("stop_reason") or ("tool_use" if uses_tool else "end_turn")

    @staticmethod
    def digest(seed):
        return hashlib.sha256(seed.encode()).hexdigest()[:24]

    def make_blocks(self, seed, workspace):
        if "thinking" in self.turn:
            yield {"type": "thinking", "thinking": self.turn["thinking"], "signature": "c2lnbmVk"}
        texts = self.turn.get("text", [])
        for text in [texts] if isinstance(texts, str) else texts:
            yield {"type": "text", "text": text}
        for index, call in enumerate(self.turn.get("tools", [])):
            arguments = json.loads(json.dumps(call["input"]).replace("{workspace}", json.dumps(workspace)[1:-1]))
            identifier = "toolu_" + self.digest(f"{seed}/{index}")
            yield {"type": "tool_use", "id": identifier, "name": call["name"], "input": arguments}

    def usage_record(self, output):
        return {
            "input_tokens": self.usage["input"],
            "output_tokens": output,
            "cache_creation_input_tokens": self.usage["cache_creation"],
            "cache_read_input_tokens": self.usage["cache_read"],
        }

    def message(self, content, stop_reason, output):
        return {
            "id": self.id, "type": "message", "role": "assistant", "model": self.model, "content": content,
            "stop_reason": stop_reason, "stop_sequence": None, "usage": self.usage_record(output),
        }

    def events(self):
        """The server-sent events of this answer, in order."""
        yield {"type": "message_start", "message": self.message([], None, 1)}
        yield {"type": "ping"}
        for index, block in enumerate(self.blocks):
            yield from self.block_events(index, block)
        delta = {"stop_reason": self.stop_reason, "stop_sequence": None}
        yield {"type": "message_delta", "delta": delta, "usage": {"output_tokens": self.usage["output"]}}
        yield {"type": "message_stop"}

    @staticmethod
    def block_events(index, block):
        kind = block["type"]
        if kind == "tool_use":
            start = {**block, "input": {}}
            deltas = [{"type": "input_json_delta", "partial_json": json.dumps(block["input"])}]
        elif kind == "thinking":
            start = {"type": "thinking", "thinking": "", "signature": ""}
            deltas = [{"type": "thinking_delta", "thinking": block["thinking"]},
                      {"type": "signature_delta", "signature": block["signature"]}]
        else:
            start = {"type": "text", "text": ""}
            deltas = [{"type": "text_delta", "text": block["text"]}]
        yield {"type": "content_block_start", "index": index, "content_block": start}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}


class Handler(BaseHTTPRequestHandler):
    """One connection to the endpoint; the server object carries the options."""

    server_version = "scripted-model"
    extra_headers = {}

    def log_message(self, format, *arguments):
        pass

    def do_GET(self):
        self.note(None, None)
        self.send_json(200, {"status": "ok"})

    def do_HEAD(self):
        self.note(None, None)
        self.send_response(200)
        self.end_headers()

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            body = json.loads(raw)
        except ValueError:
            body = {}
        path = self.path.split("?")[0]
        if path == "/v1/messages/count_tokens":
            self.note(body, None)
            self.send_json(200, {"input_tokens": len(raw) // 4})
        elif path == "/v1/messages":
            options = self.server.options
            self.arrival = time.time()
            answer = Answer(options.scenario, self.server.scenario, body, options.workspace, self.server.conversations)
            self.note(body, answer.step)
            self.give(answer, body.get("stream") is True)
            self.note_answer(answer)
        else:
            self.note(body, None)
            self.send_failure(404, "not_found_error", "no such path")

    def note(self, body, step):
        """Writes one line to the log: what arrived, headers included."""
        line = {
            "time": time.time(), "method": self.command, "path": self.path, "step": step,
            "headers": {name.lower(): value for name, value in self.headers.items()}, "body": body,
        }
        with self.server.log_lock:
            if self.server.log:
                self.server.log.write(json.dumps(line) + "\n")
                self.server.log.flush()

    def note_answer(self, answer):
        """Writes one line about an answer that has been given."""
        with self.server.log_lock:
            if self.server.answers:
                line = {"agent": answer.agent, "step": answer.step, "id": answer.id, "arrived": self.arrival,
                        "began": self.beginning, "complete": time.time(), "fault": answer.turn.get("fault")}
                self.server.answers.write(json.dumps(line) + "\n")
                self.server.answers.flush()

    def give(self, answer, streaming):
        time.sleep(answer.turn.get("delay_ms", 0) / 1000)
        self.beginning = time.time()
        self.extra_headers = answer.turn.get("headers", {})
        fault = answer.turn.get("fault")
        try:
            if fault == "status":
                self.give_status(answer.turn)
            elif fault == "silence":
                self.server.stopping.wait()
            elif fault == "pings":
                self.give_pings(answer)
            elif fault == "break_off":
                self.give_half(answer, streaming)
            elif streaming:
                self.start_stream(answer)
                for event in answer.events():
                    if event["type"] == "message_delta":
                        time.sleep(answer.turn.get("stream_ms", 0) / 1000)
                    self.send_event(event)
            else:
                self.send_json(200, answer.message(answer.blocks, answer.stop_reason, answer.usage["output"]),
                               answer.request_id)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def give_status(self, turn):
        status = turn["status"]
        kind = turn.get("type") or ERROR_TYPES.get(status, "api_error")
        self.send_failure(status, kind, turn.get("message") or f"scripted {status}", turn.get("retry_after"))

    def give_pings(self, answer):
        self.start_stream(answer)
        self.send_event(next(answer.events()))
        while not self.server.stopping.wait(1):
            self.send_event({"type": "ping"})

    def give_half(self, answer, streaming):
        if streaming:
            self.start_stream(answer)
            for event in answer.events():
                if event["type"] == "content_block_stop":
                    break
                self.send_event(event)
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def start_stream(self, answer):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("request-id", answer.request_id)
        self.end_headers()

    def end_headers(self):
        for name, value in self.extra_headers.items():
            ahead = re.fullmatch(r"now\+(\d+)", str(value))
            self.send_header(name, str(int(time.time()) + int(ahead.group(1))) if ahead else str(value))
        super().end_headers()

    def send_event(self, event):
        self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
        self.wfile.flush()

    def send_failure(self, status, kind, message, retry_after=None):
        error = {"type": "error", "error": {"type": kind, "message": message}}
        self.send_json(status, error, "req_failure", retry_after)

    def send_json(self, status, value, request_id=None, retry_after=None):
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        if request_id:
            self.send_header("request-id", request_id)
        if retry_after is not None:
            self.send_header("retry-after", str(retry_after))
        self.end_headers()
        self.wfile.write(data)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], (ConnectionError, ValueError)):
            super().handle_error(request, client_address)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenario", default="hello_world", help="a built-in name, status_NNN, or a JSON file")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--port-file", help="where the port is written once it listens; else it goes to stdout")
    parser.add_argument("--log", help="a JSONL file for the requests that arrive, headers included")
    parser.add_argument("--answers", help="a JSONL file for the answers that were given, with their times")
    parser.add_argument("--workspace", help="what {workspace} stands for; else the request's own working directory")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input ends")
    parser.add_argument("--list", action="store_true", help="print the names of the built-in scenarios")
    options = parser.parse_args()
    if options.list:
        print("\n".join([*SCENARIOS, "status_NNN"]))
        return

    server = Server((options.host, options.port), Handler)
    server.options = options
    server.scenario = load(options.scenario)
    server.conversations = Conversations(server.scenario)
    server.stopping = threading.Event()
    server.log_lock = threading.Lock()
    server.log = open(options.log, "a", encoding="utf-8") if options.log else None
    server.answers = open(options.answers, "a", encoding="utf-8") if options.answers else None
    announce(server.server_address[1], options.port_file)
    if options.until_stdin_closes:
        threading.Thread(target=wait_for_end_of_input, args=(server,), daemon=True).start()
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        pass
    server.stopping.set()


def announce(port, port_file):
    """Writes the port in one step, so that a reader never sees half of it."""
    if not port_file:
        print(port, flush=True)
        return
    with open(port_file + ".part", "w", encoding="ascii") as file:
        file.write(f"{port}\n")
    os.replace(port_file + ".part", port_file)


def wait_for_end_of_input(server):
    while sys.stdin.buffer.read(4096):
        pass
    server.stopping.set()
    server.shutdown()


if __name__ == "__main__":
    main()
