"""A scriptable OTLP/gRPC receiver on gRPC's C core and the official protobuf classes: tests are judged by code that is
not ours.

    otlp_receiver.py --store requests.jsonl --port-file port [--port 0] [--script script.json] [--only traces]

It listens on loopback, writes its port to --port-file (whole, by rename, once it listens) and ends on SIGTERM, or when
standard input closes with --until-stdin-closes. Each request becomes one line of JSON in --store, before it is answered:

    {"signal": "traces", "received_unix_nano": 1, "size": 123, "metadata": {"user-agent": "…"}, "timeout": 9.9,
     "reply": "ok", "request": {"resourceSpans": […]}}

`request` is OTLP's JSON form (lowerCamelCase, 64-bit integers as strings), ids in hexadecimal; `unknown_fields` is added
and true if the message holds fields that the official definition lacks; a message that cannot be decoded has `malformed`
instead of `request`, and is answered INTERNAL, as a collector does (`reply` is then malformed).

The script says how requests are answered; it is read again whenever the file changes, and then starts from its top:

    {"traces": [{"reply": "error", "code": "UNAVAILABLE", "message": "later", "retry_after": 0.2, "times": 2},
                {"reply": "partial", "rejected": 3, "message": "too old"}, {"reply": "ok"}],
     "*": [{"reply": "never"}]}

A signal's steps, or those of "*", are taken in order, each `times` times (default 1); the last one stays for ever.
Replies: ok, partial (rejected, message), error (code, message, retry_after in seconds as RetryInfo), never (until the
caller gives up), garbage (an answer that is no protobuf). `delay` in seconds comes before any of them.
"""

import argparse
import base64
import json
import os
import pathlib
import signal
import sys
import threading
import time
from concurrent import futures

import grpc
from google.protobuf import json_format, unknown_fields
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

PACKAGE = "opentelemetry.proto.collector"

# signal: (service, request, response, partial success, name of its counter of what was rejected)
SERVICES = {
    "traces": (
        f"{PACKAGE}.trace.v1.TraceService",
        trace_service_pb2.ExportTraceServiceRequest,
        trace_service_pb2.ExportTraceServiceResponse,
        "rejected_spans",
    ),
    "metrics": (
        f"{PACKAGE}.metrics.v1.MetricsService",
        metrics_service_pb2.ExportMetricsServiceRequest,
        metrics_service_pb2.ExportMetricsServiceResponse,
        "rejected_data_points",
    ),
    "logs": (
        f"{PACKAGE}.logs.v1.LogsService",
        logs_service_pb2.ExportLogsServiceRequest,
        logs_service_pb2.ExportLogsServiceResponse,
        "rejected_log_records",
    ),
}


class Script:
    """The steps of each signal, read again when the file changes."""

    def __init__(self, path):
        self.path = path
        self.lock = threading.Lock()
        self.text = None
        self.steps = {}
        self.taken = {}

    def next_step(self, signal_name):
        with self.lock:
            self.reload()
            key = signal_name if signal_name in self.steps else "*"
            steps = self.steps.get(key, [])
            taken = self.taken[key] = self.taken.get(key, 0) + 1
            for step in steps[:-1]:
                taken -= step.get("times", 1)
                if taken <= 0:
                    return step
            return steps[-1] if steps else {"reply": "ok"}

    def reload(self):
        text = self.path.read_text() if self.path and self.path.exists() else "{}"
        if text != self.text:
            self.steps, self.taken, self.text = json.loads(text), {}, text


class Store:
    """The file that every request is written to, one line each."""

    def __init__(self, path):
        self.lock = threading.Lock()
        self.file = open(path, "a", encoding="utf-8")

    def add(self, record):
        line = json.dumps(record, ensure_ascii=False) + "\n"
        with self.lock:
            self.file.write(line)
            self.file.flush()


class Receiver:
    def __init__(self, store, script):
        self.store = store
        self.script = script
        self.stopping = threading.Event()

    def handler(self, signal_name):
        service, request_type, response_type, rejected_field = SERVICES[signal_name]

        def export(raw, context):
            step = self.script.next_step(signal_name)
            record = {
                "signal": signal_name,
                "received_unix_nano": time.time_ns(),
                "size": len(raw),
                "metadata": {key: text(value) for key, value in context.invocation_metadata()},
                "timeout": context.time_remaining(),
                "reply": step.get("reply", "ok"),
            }
            malformed = decode(raw, request_type, record)
            self.store.add(record)
            if malformed:
                context.abort(grpc.StatusCode.INTERNAL, "grpc: error unmarshalling request: " + malformed)
            return self.answer(step, context, response_type, rejected_field)

        method = grpc.unary_unary_rpc_method_handler(export)
        return grpc.method_handlers_generic_handler(service, {"Export": method})

    def answer(self, step, context, response_type, rejected_field):
        if step.get("delay"):
            self.wait(context, step["delay"])
        reply = step.get("reply", "ok")
        if reply == "ok":
            return response_type(partial_success={}).SerializeToString()
        if reply == "partial":
            values = {rejected_field: step.get("rejected", 1), "error_message": step.get("message", "")}
            return response_type(partial_success=values).SerializeToString()
        if reply == "garbage":
            return b"\xff\xff\xff\xff"
        if reply == "never":
            self.wait(context, None)
            context.abort(grpc.StatusCode.CANCELLED, "nobody waits any more")
        if reply == "error":
            abort(step, context)
        context.abort(grpc.StatusCode.UNKNOWN, f"the script has an unknown reply: {reply}")

    def wait(self, context, seconds):
        """Waits, but no longer than the caller does and the receiver lives."""
        ended = threading.Event()
        if context.add_callback(ended.set):
            deadline = None if seconds is None else time.monotonic() + seconds
            while not ended.is_set() and not self.stopping.is_set():
                left = 0.1 if deadline is None else min(0.1, deadline - time.monotonic())
                if left <= 0:
                    return
                ended.wait(left)


def abort(step, context):
    code = grpc.StatusCode[step["code"]]
    status = status_pb2.Status(code=code.value[0], message=step.get("message", ""))
    if "retry_after" in step:
        seconds, rest = divmod(round(step["retry_after"] * 1e9), 10**9)
        info = error_details_pb2.RetryInfo(retry_delay=Duration(seconds=seconds, nanos=rest))
        status.details.add().Pack(info)
        context.abort_with_status(rpc_status.to_status(status))
    context.abort(code, status.message)


def decode(raw, request_type, record):
    """Adds the decoded request to the record; returns what is wrong with it, or None."""
    try:
        message = request_type.FromString(raw)
    except DecodeError as error:
        record["malformed"], record["reply"] = str(error), "malformed"
        return str(error)
    record["request"] = hexadecimal_ids(json_format.MessageToDict(message))
    if has_unknown_fields(message):
        record["unknown_fields"] = True
    return None


def has_unknown_fields(message):
    if len(unknown_fields.UnknownFieldSet(message)):
        return True
    for field, value in message.ListFields():
        if field.message_type:
            values = [value] if hasattr(value, "ListFields") else value
            if any(has_unknown_fields(each) for each in values):
                return True
    return False


def hexadecimal_ids(value):
    """protobuf's JSON has bytes in base64; OTLP's JSON has ids in hexadecimal."""
    if isinstance(value, list):
        return [hexadecimal_ids(each) for each in value]
    if not isinstance(value, dict):
        return value
    ids = {"traceId", "spanId", "parentSpanId"}
    return {
        key: base64.b64decode(each).hex() if key in ids and isinstance(each, str) else hexadecimal_ids(each)
        for key, each in value.items()
    }


def text(value):
    return value if isinstance(value, str) else base64.b64encode(value).decode()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--port-file", type=pathlib.Path)
    parser.add_argument("--store", type=pathlib.Path, required=True)
    parser.add_argument("--script", type=pathlib.Path)
    parser.add_argument("--only", choices=sorted(SERVICES), action="append", help="the signals that are known here")
    parser.add_argument("--max-receive", type=int, default=4 << 20, help="bytes; gRPC's and the collector's default")
    parser.add_argument("--until-stdin-closes", action="store_true")
    return parser.parse_args()


def main():
    options = arguments()
    receiver = Receiver(Store(options.store), Script(options.script))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: receiver.stopping.set())
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=64),
        options=[("grpc.max_receive_message_length", options.max_receive), ("grpc.so_reuseport", 0)],
    )
    server.add_generic_rpc_handlers([receiver.handler(name) for name in options.only or SERVICES])
    port = server.add_insecure_port(f"{options.host}:{options.port}")
    server.start()
    if options.port_file:
        part = options.port_file.with_name(options.port_file.name + ".part")
        part.write_text(f"{port}\n")
        os.replace(part, options.port_file)
    print(f"listening on {options.host}:{port}", flush=True)
    if options.until_stdin_closes:
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), receiver.stopping.set()), daemon=True).start()
    while not receiver.stopping.wait(0.2):
        pass
    server.stop(grace=0.5).wait(timeout=2)
    # Threads that wait for callers must not keep the process alive.
    os._exit(0)


if __name__ == "__main__":
    main()
