"""A gRPC peer on gRPC's C core, for GRPCTransportTests. Needs grpcio, no generated code.

grpc_peer.py server [--port P] [--max-streams N]
    Prints the port, then serves until its standard input ends.
grpc_peer.py client PORT SCENARIO
    Calls the server on PORT and prints what it saw as one line of JSON.
"""

import argparse
import concurrent.futures
import json
import sys
import threading

import grpc

LIMITS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def echo(request, context):
    return request


def compressed(request, context):
    context.set_compression(grpc.Compression.Gzip)
    context.send_initial_metadata((("x-initial", "i"),))
    return request


def big(request, context):
    return b"\x5a" * int(request)


def status(request, context):
    wish = json.loads(request)
    context.set_trailing_metadata(tuple((k, bytes(v) if isinstance(v, list) else v) for k, v in wish["trailers"]))
    context.set_code(next(code for code in grpc.StatusCode if code.value[0] == wish["code"]))
    context.set_details(wish["message"])
    return b"" if wish["code"] == 0 else None


def metadata(request, context):
    fields = [[k, v.hex() if isinstance(v, bytes) else v] for k, v in context.invocation_metadata()]
    remaining = context.time_remaining()
    return json.dumps({"metadata": fields, "limited": remaining is not None and remaining < 1e9}).encode()


def never(request, context):
    gone = threading.Event()
    if context.add_callback(gone.set):
        gone.wait()
    return b""


class Meeting:
    """Answers nobody before `count` calls are under way at once, and so proves that they are."""

    def __init__(self):
        self.lock = threading.Lock()
        self.barrier = None

    def __call__(self, request, context):
        with self.lock:
            if self.barrier is None:
                self.barrier = threading.Barrier(int(request))
        self.barrier.wait(timeout=50)
        return request


class Handlers(grpc.GenericRpcHandler):
    def __init__(self):
        self.methods = {
            "/test.Peer/Echo": echo,
            "/test.Peer/Compressed": compressed,
            "/test.Peer/Big": big,
            "/test.Peer/Status": status,
            "/test.Peer/Metadata": metadata,
            "/test.Peer/Never": never,
            "/test.Peer/Meet": Meeting(),
        }

    def service(self, details):
        method = self.methods.get(details.method)
        return method and grpc.unary_unary_rpc_method_handler(method)


def serve(arguments):
    options = LIMITS + [("grpc.so_reuseport", 0)]
    if arguments.max_streams:
        options.append(("grpc.max_concurrent_streams", arguments.max_streams))
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(128), (Handlers(),), options=options)
    print(server.add_insecure_port(f"127.0.0.1:{arguments.port}"), flush=True)
    server.start()
    sys.stdin.read()
    server.stop(None)


def outcome(call):
    """Status, details, reply and trailers of a call that may fail."""
    try:
        reply, finished = call()
        code, details, trailers = grpc.StatusCode.OK, finished.details(), finished.trailing_metadata()
    except grpc.RpcError as error:
        reply, code, details, trailers = None, error.code(), error.details(), error.trailing_metadata()
    fields = [[k, v.hex() if isinstance(v, bytes) else v] for k, v in trailers or ()]
    return {
        "code": code.value[0],
        "details": details,
        "reply": None if reply is None else len(reply),
        "trailers": fields,
    }


def call_client(arguments):
    with grpc.insecure_channel(f"127.0.0.1:{arguments.port}", LIMITS + [("grpc.enable_retries", 0)]) as channel:

        def method(path, message=b"x", **keywords):
            stub = channel.unary_unary(path)
            return lambda: stub.with_call(message, timeout=keywords.pop("timeout", 50), **keywords)

        if arguments.scenario == "large":
            result = outcome(method("/test.Peer/Echo", b"\x01" * 271_828))
        elif arguments.scenario == "deadline":
            result = outcome(method("/test.Peer/Never", timeout=0.2))
        elif arguments.scenario == "many":
            stub = channel.unary_unary("/test.Peer/Echo")
            futures = [stub.future(b"x" * size, timeout=50) for size in range(200)]
            result = {"replies": sum(len(future.result()) == size for size, future in enumerate(futures))}
        elif arguments.scenario == "statuses":
            result = [outcome(method("/test.Peer/Status", str(code).encode())) for code in range(17)]
        elif arguments.scenario == "metadata":
            fields = (("x-text", "väl".encode("ascii", "replace").decode()), ("x-raw-bin", b"\x00\xff"))
            result = outcome(method("/test.Peer/Metadata", metadata=fields))
        else:
            result = outcome(method(arguments.scenario))
        print(json.dumps(result), flush=True)


def main():
    parser = argparse.ArgumentParser()
    modes = parser.add_subparsers(dest="mode", required=True)
    server = modes.add_parser("server")
    server.add_argument("--port", type=int, default=0)
    server.add_argument("--max-streams", type=int, default=0)
    server.set_defaults(run=serve)
    client = modes.add_parser("client")
    client.add_argument("port", type=int)
    client.add_argument("scenario")
    client.set_defaults(run=call_client)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
