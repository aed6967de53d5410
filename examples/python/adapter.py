#!/usr/bin/python3
"""The service over stdin and stdout, as docs/adapters.md describes it: what a conformance run starts.

    holdpoint run --target 'stdio:exec /usr/bin/python3 examples/python/adapter.py [postgres:CONNINFO [MIGRATIONS]]'"""

import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor

from interrupts import requests, strict_json
from interrupts.errors import Refused, invalid
from interrupts.service import Service
from interrupts.stores import open_store

CODES = {"invalid": -32602, "not_found": -32001, "forbidden": -32002, "conflict": -32003, "unavailable": -32004,
         "unsupported": -32005, "internal": -32006}
CAPABILITIES = ["create", "get", "list", "respond", "cancel", "expire_pending", "pending_for_request", "events",
                "describe", "envelope", "clock", "reset", "instants", "concurrent"]
store = open_store(*sys.argv[1:] or ["memory"])
database = {"database": {"conninfo": store.conninfo, "schema": "public"}} if hasattr(store, "conninfo") else {}
services = [Service(store), Service(store)]  # two endpoints over one state
writing = threading.Lock()


def call(request: dict, fault: Refused | None) -> dict:
    method, params = request.get("method"), request.get("params")
    if fault or not isinstance(params, dict):
        raise fault or invalid("the params must be an object")
    if strict_json.size_bytes(params) > strict_json.REQUEST_MAX_BYTES:
        raise invalid("the request has more than 1,200,000 bytes")
    if method == "hello":
        return {"protocol": 1, "nonce": requests.required(params, "nonce"), "name": "interrupts in Python",
                "version": "1.0", "language": "Python", "capabilities": CAPABILITIES + [*database],
                "limits": {"endpoints": len(services)}, **database}
    return services[request.get("endpoint", 0)].call(method, params)


def answer(line: bytes) -> None:
    message: dict = {"jsonrpc": "2.0", "id": None}
    try:
        request, fault = strict_json.read(line)
        message["id"] = request.get("id") if isinstance(request, dict) else None
        message["result"] = call(request if isinstance(request, dict) else {}, fault)
    except Exception as why:
        refused = why if isinstance(why, Refused) else Refused("internal", repr(why))
        if refused is not why:
            traceback.print_exc()
        message["error"] = {"code": CODES[refused.name], "message": str(refused), "data": refused.details()}
    with writing:
        print(strict_json.dumps(message), flush=True)


with ThreadPoolExecutor(32) as threads:
    for each in sys.stdin.buffer:
        threads.submit(answer, each)
