#!/usr/bin/env python3
"""A webhook's receiver on loopback that takes or refuses what is posted (Python's standard library only).

    webhook_receiver.py --store posts.jsonl --port-file port [--mode ok] [--until-stdin-closes]

Each request becomes one line of JSON in --store, before it is answered: {"method": "POST", "path": "/x",
"headers": {"content-type": "…"}, "body": "…"}. The modes:

    ok          200 for every request
    flaky       500 for the first request, 200 from then on
    broken      500 for every request
    refusing    404 for every request
    breaking    the connection is closed without an answer, for every request
    moved       302 to another path of this server
    hang        the request is read and never answered
"""
import argparse
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODES = ("ok", "flaky", "broken", "refusing", "breaking", "moved", "hang")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.keep(self, body)
        self.close_connection = True
        mode = self.server.mode
        if mode == "breaking":
            return
        if mode == "hang":
            # Until the client goes away.
            self.rfile.read(1)
            return
        is_refused = mode == "broken" or mode == "flaky" and self.server.count == 1
        self.send_response(500 if is_refused else {"refusing": 404, "moved": 302}.get(mode, 200))
        if mode == "moved":
            self.send_header("location", "/elsewhere")
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_GET = do_POST

    def log_message(self, *_):
        pass


class Receiver(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port, store, mode):
        super().__init__(("127.0.0.1", port), Handler)
        self.mode = mode
        self.count = 0
        self.store = store
        self.lock = threading.Lock()

    def keep(self, request, body):
        headers = {name.lower(): value for name, value in request.headers.items()}
        line = json.dumps({"method": request.command, "path": request.path, "headers": headers,
                           "body": body.decode("utf-8")})
        with self.lock:
            self.count += 1
            with open(self.store, "a", encoding="utf-8") as store:
                store.write(line + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0 for a free one")
    parser.add_argument("--port-file", required=True, help="where the port is written once it listens")
    parser.add_argument("--store", required=True, help="a JSONL file for the requests that arrive")
    parser.add_argument("--mode", choices=MODES, default="ok")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input ends")
    options = parser.parse_args()
    server = Receiver(options.port, options.store, options.mode)
    with open(options.port_file + ".new", "w", encoding="utf-8") as file:
        file.write(f"{server.server_address[1]}\n")
    os.replace(options.port_file + ".new", options.port_file)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if options.until_stdin_closes:
        sys.stdin.read()
    else:
        threading.Event().wait()


if __name__ == "__main__":
    main()
