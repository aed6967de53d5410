"""The wire: Holdpoint writes a request a line to stdin, this writes an answer a line to stdout. What is yours is in service.py.
Logs go to stderr; Holdpoint shows them with a failure."""
import json
import sys
import traceback

import service
import strict_json


def capability_of(method):  # "interrupt.create" -> create, "webhook.dead" -> webhooks, "clock.set" -> clock
    group, _, name = method.partition(".")
    return {"interrupt": name, "webhook": "webhooks"}.get(group, group)


def hello(params):
    declared = {capability_of(method) for method in service.METHODS} | set(service.ALSO)
    return {"protocol": 1, "nonce": params["nonce"], "name": "@NAME@", "version": service.VERSION, "language": "Python",
            "capabilities": sorted(declared)}


def carry_out(method, params):
    if method == "hello":
        return hello(params)
    if method not in service.METHODS:
        raise service.Refused("unsupported", "there is no such method")
    return service.METHODS[method](params)


def answer(line):
    request_id = strict_json.find_id(line)
    try:
        request = strict_json.read(line)
        if not isinstance(request, dict) or not isinstance(request.get("params"), dict):
            raise strict_json.Invalid("params is no object")
        return {"jsonrpc": "2.0", "id": request_id, "result": carry_out(request.get("method"), request["params"])}
    except service.Refused as refused:
        error = {"code": -32000, "message": str(refused), "data": refused.data}
    except strict_json.Invalid as why:
        error = {"code": -32602, "message": str(why), "data": {"name": "invalid"}}
    except Exception as why:  # a fault of ours: the next request is answered all the same
        traceback.print_exc()
        error = {"code": -32006, "message": repr(why), "data": {"name": "internal"}}
    return {"jsonrpc": "2.0", "id": request_id, "error": error}


if __name__ == "__main__":
    for line in sys.stdin.buffer:
        print(json.dumps(answer(line)), flush=True)
