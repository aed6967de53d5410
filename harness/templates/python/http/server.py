"""The service over HTTP, by the routes of the contract, which profile.json names. What is yours is in service.py.

    PORT=8080 python3 server.py     prints the address; port 0 is one that is free"""
import json
import os
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import service
import strict_json

PREFIX = "/api/v1"
BODY_MAX = 1_200_000
STATUSES = {"invalid": 400, "forbidden": 403, "not_found": 404, "conflict": 409, "unsupported": 501, "unavailable": 503}


def only_result(result):
    return 200, result


# verb, path: method, the params that a body is ("" is all of them), what is answered; * stands for the id
ROUTES = {
    ("GET", "/describe"): ("describe", None, only_result),
    ("POST", "/interrupts"): ("interrupt.create", "", lambda result: (201, result["interrupt"])),
    ("GET", "/interrupts"): ("interrupt.list", None, only_result),
    ("GET", "/interrupts/*"): ("interrupt.get", None, lambda result: (200, result["interrupt"])),
    ("POST", "/interrupts/*/respond"): ("interrupt.respond", "response", only_result),
    ("DELETE", "/interrupts/*"): ("interrupt.cancel", None, lambda result: (204, None)),
}


def read_query(text):
    """kind=a&kind=b&limit=5 as the params of interrupt.list: kinds is a list, limit a number."""
    params = {}
    for name, values in parse_qs(text, keep_blank_values=True, errors="strict").items():
        if len(values) > 1 and name != "kind" or any("\0" in value for value in values):
            raise service.Refused("invalid", name + " is wrong", field="/" + name)
        params[name] = values[0]
    if params.pop("kind", None) is not None:
        params["kinds"] = parse_qs(text, keep_blank_values=True)["kind"]
    if "status_filter" in params:
        params["status"] = params.pop("status_filter")
    if params.get("limit", "").isdigit():
        params["limit"] = int(params["limit"])
    return params


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def find_route(self, path):
        if not path.startswith(PREFIX + "/"):
            raise service.Refused("not_found", "there is no such route")
        parts = path[len(PREFIX):].split("/")
        found = parts[2] if len(parts) > 2 else None
        shape = "/".join(parts[:2] + ["*"] * (found is not None) + parts[3:])
        route = ROUTES.get((self.command, shape))
        if route is None:
            raise service.Refused("not_found", "there is no such route")
        return route, {} if found is None else {"id": unquote(found, errors="strict")}

    def read_body(self):
        length = int(self.headers.get("Content-Length", 0))
        if length > BODY_MAX:
            self.close_connection = True
            raise service.Refused("invalid", "the body is too large")
        return self.rfile.read(length)

    def carry_out(self, raw):
        url = urlsplit(self.path)
        (method, part, shown), params = self.find_route(url.path)
        params.update(read_query(url.query))
        if part is not None:
            body = strict_json.read(raw)
            if part == "" and not isinstance(body, dict):
                raise strict_json.Invalid("the body is no object")
            params.update(body if part == "" else {part: body})
        if method not in service.METHODS:
            raise service.Refused("unsupported", "the service does not offer this")
        return shown(service.METHODS[method](params))

    def handle_one(self):
        try:
            status, value = self.carry_out(self.read_body())
        except service.Refused as refused:
            status = STATUSES.get(refused.data["name"], 500)
            value = {"detail": str(refused), **refused.data}
        except (strict_json.Invalid, UnicodeDecodeError) as why:
            status, value = 400, {"detail": str(why), "name": "invalid"}
        except Exception as why:  # a fault of ours: the next request is answered all the same
            traceback.print_exc()
            status, value = 500, {"detail": repr(why), "name": "internal"}
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        if value is not None:
            self.send_header("Content-Type", "application/json" if status < 300 else "application/problem+json")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

    do_GET = do_POST = do_DELETE = handle_one


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Handler)
    print(f"listening on http://127.0.0.1:{server.server_port}{PREFIX}", flush=True)
    server.serve_forever()
