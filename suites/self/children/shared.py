"""A child that speaks the wire and shares its state, clock included, with the other children of its command: all of it
is in the file that its first argument names. The second is what is odd about it: none, or other-limits (a child that is
not the first says that there are three processes).

describe gives the process that answers and the endpoint that was asked; interrupt.get dies.
"""
import fcntl
import json
import os
import sys

PATH, ODDITY = sys.argv[1], sys.argv[2]


def change_state(change):
    """Reads the state, lets it be changed, and writes it back, alone in the file meanwhile."""
    with open(PATH, "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        text = file.read()
        state = json.loads(text) if text else {"children": 0, "now": None, "interrupts": []}
        result = change(state)
        file.seek(0)
        file.truncate()
        file.write(json.dumps(state))
        file.flush()
        return result


def count_child(state):
    state["children"] += 1
    return state["children"]


def reset(state):
    state.update(now=None, interrupts=[])
    return {}


def create(state, params):
    state["interrupts"].append(params)
    return {"interrupt": dict(params, created_at=state["now"])}


def answer(request):
    method, params = request["method"], request["params"]
    if method == "hello":
        processes = 3 if ODDITY == "other-limits" and NUMBER > 1 else 2
        return {"protocol": 1, "nonce": params["nonce"], "capabilities": ["concurrent", "describe"],
                "limits": {"endpoints": 4, "processes": processes, "clock_error_us": 2500}}
    if method == "describe":
        return {"process": os.getpid(), "endpoint": request.get("endpoint", 0)}
    if method == "interrupt.get":
        os._exit(7)
    if method == "interrupt.list":
        return change_state(lambda state: {"total": len(state["interrupts"])})
    if method == "interrupt.create":
        return change_state(lambda state: create(state, params))
    if method == "clock.set":
        return change_state(lambda state: state.update(now=params["now"]) or {"now": params["now"]})
    return change_state(reset)


NUMBER = change_state(count_child)
os.write(2, b"child %d\n" % NUMBER)
for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": answer(asked)}), flush=True)
