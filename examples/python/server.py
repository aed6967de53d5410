#!/usr/bin/python3
"""The service over HTTP. Prints `listening on URL` when it is ready, and with --conformance `controls on URL`."""

import argparse
import signal
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from interrupts import strict_json
from interrupts.errors import Refused
from interrupts.service import Service
from interrupts.stores import open_store
from interrupts.web import Api, Request, Site, controls, problem_answer

KEPT_MAX_BYTES = strict_json.REQUEST_MAX_BYTES + 1
READ_MAX_BYTES = 16 * KEPT_MAX_BYTES  # of a body that is refused: read to its end, so that the client sees the refusal


class Handler(BaseHTTPRequestHandler):
    site: Site  # given by a subclass
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet
    timeout = 60

    def answer(self) -> None:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.read_body()
        try:
            answer = self.site.answer(Request(self.command, path, query, headers, body))
        except Exception:
            traceback.print_exc()
            answer = problem_answer(500, Refused("internal", "the service failed"), {})
        content = b"" if answer.body is None else strict_json.dumps(answer.body).encode()
        self.send_response(answer.status)
        described = {} if answer.status == 204 else {"Content-Type": "application/json", "Content-Length": str(len(content))}
        for name, value in (described | answer.headers).items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else content)

    def __getattr__(self, name: str) -> object:
        """do_GET and the rest: what a path takes the site decides, whatever the method is called."""
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def read_body(self) -> bytes | None:
        """None for one that is too large, or whose length was not said."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal() or int(length) > READ_MAX_BYTES:
            self.close_connection = True
            return None
        body = self.rfile.read(int(length))
        return body if len(body) < KEPT_MAX_BYTES else None

    def log_message(self, format: str, *arguments: object) -> None:
        print(format % arguments, file=sys.stderr)


class Server(ThreadingHTTPServer):
    request_queue_size = 128

    def __init__(self, site: Site, host: str, port: int):
        super().__init__((host, port), type("SiteHandler", (Handler,), {"site": site}))
        self.url = f"http://{self.server_address[0]}:{self.server_address[1]}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=0, help="default: any that is free")
    options.add_argument("--prefix", default="/api/v1")
    options.add_argument("--operator-token", help="what the sweep wants to be shown")
    options.add_argument("--conformance", action="store_true", help="serve the controls, on a loopback port of their own")
    options.add_argument("--store", default="memory", help="memory, or postgres:CONNINFO")
    options.add_argument("--migrations", help="the folder whose *.sql make the tables, reference/sql")
    chosen = options.parse_args()
    service = Service(open_store(chosen.store, chosen.migrations))
    api = Server(Api(service, chosen.prefix, chosen.operator_token).site, chosen.host, chosen.port)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"listening on {api.url}{chosen.prefix}", flush=True)
    if chosen.conformance:
        control = Server(controls(service), "127.0.0.1", 0)
        threading.Thread(target=control.serve_forever, daemon=True).start()
        print(f"controls on {control.url}", flush=True)
    api.serve_forever()


if __name__ == "__main__":
    main()
