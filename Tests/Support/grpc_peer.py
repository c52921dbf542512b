"""A gRPC peer on gRPC's C core, for GRPCTransportTests. Needs grpcio, no generated code.

grpc_peer.py server [--port P | --address A] [--max-streams N] [--certificate F --key F [--client-authorities F]]
    Prints the port, then serves until its standard input ends. An address is such as [::1]:0 or unix:/path.
grpc_peer.py client PORT SCENARIO [--authorities F [--certificate F --key F]]
    Calls the server on PORT and prints what it saw as one line of JSON.
grpc_peer.py tls --certificate F --key F [--newest 1.1|1.2|1.3] [--protocols h2,...]
    No gRPC: prints its port, and then what it saw of each TLS handshake as one line of JSON.
"""

import argparse
import concurrent.futures
import json
import socket
import ssl
import sys
import threading
import warnings

import grpc
import grpc_testing

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
            "/grpc.testing.TestService/EmptyCall": grpc_testing.empty_call,
            "/grpc.testing.TestService/UnaryCall": grpc_testing.unary_call,
        }

    def service(self, details):
        method = self.methods.get(details.method)
        return method and grpc.unary_unary_rpc_method_handler(method)


def serve(arguments):
    options = LIMITS + [("grpc.so_reuseport", 0)]
    if arguments.max_streams:
        options.append(("grpc.max_concurrent_streams", arguments.max_streams))
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(128), (Handlers(),), options=options)
    address = arguments.address or f"127.0.0.1:{arguments.port}"
    if arguments.certificate:
        authorities = contents(arguments.client_authorities)
        credentials = grpc.ssl_server_credentials(
            [(contents(arguments.key), contents(arguments.certificate))], authorities, authorities is not None
        )
        port = server.add_secure_port(address, credentials)
    else:
        port = server.add_insecure_port(address)
    print(port, flush=True)
    server.start()
    sys.stdin.read()
    server.stop(None)


def contents(path):
    if path is None:
        return None
    with open(path, "rb") as file:
        return file.read()


def serve_tls(arguments):
    warnings.simplefilter("ignore", DeprecationWarning)  # TLS 1.1 is what a test wants.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion["TLSv" + arguments.newest.replace(".", "_")]
    context.load_cert_chain(arguments.certificate, arguments.key)
    if arguments.protocols:
        context.set_alpn_protocols(arguments.protocols.split(","))
    named = []
    context.sni_callback = lambda connection, name, context: named.append(name)
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        accepted, _ = listener.accept()
        named.clear()
        seen = {"version": None, "protocol": None, "error": None}
        try:
            with context.wrap_socket(accepted, server_side=True) as connection:
                seen.update(version=connection.version(), protocol=connection.selected_alpn_protocol())
        except OSError as error:
            seen["error"] = getattr(error, "reason", None) or str(error)
        seen["name"] = named[0] if named else None
        print(json.dumps(seen), flush=True)


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
    options = LIMITS + [("grpc.enable_retries", 0)]
    if arguments.authorities:
        credentials = grpc.ssl_channel_credentials(
            contents(arguments.authorities), contents(arguments.key), contents(arguments.certificate)
        )
        channel = grpc.secure_channel(f"localhost:{arguments.port}", credentials, options)
    else:
        channel = grpc.insecure_channel(f"127.0.0.1:{arguments.port}", options)
    with channel:

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
    server.add_argument("--address")
    server.add_argument("--max-streams", type=int, default=0)
    server.add_argument("--certificate")
    server.add_argument("--key")
    server.add_argument("--client-authorities")
    server.set_defaults(run=serve)
    client = modes.add_parser("client")
    client.add_argument("port", type=int)
    client.add_argument("scenario")
    for name in ("--authorities", "--certificate", "--key"):
        client.add_argument(name)
    client.set_defaults(run=call_client)
    tls = modes.add_parser("tls")
    tls.add_argument("--certificate", required=True)
    tls.add_argument("--key", required=True)
    tls.add_argument("--newest", default="1.3")
    tls.add_argument("--protocols")
    tls.set_defaults(run=serve_tls)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
