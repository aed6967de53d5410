"""A child that speaks the wire, and has the one fault that its argument names. Without it ("none") it is a healthy adapter.

CALLS shows in the answer to interrupt.get, HELLOS in that to the hello, STARTS before anything is read; the others change
how lines are read, how they are written, or how it ends. Where HOLDPOINT_PIDS names a file, each process of it puts down
"group pid" there.
"""
import json
import os
import signal
import sys
import time

FAULT = sys.argv[1]
CAPABILITIES = ["create", "get", "describe"]
INTERRUPT = {name: None for name in (
    "envelope_id", "question", "message", "response", "expires_at", "resolved_at", "trace_id", "span_id")}
held = []  # what "buffers" keeps until the end


def say(text):
    data = text if isinstance(text, bytes) else text.encode()
    if FAULT == "crlf":
        data = data.replace(b"\n", b"\r\n")
    if FAULT == "buffers":
        held.append(data)
        return
    while data:
        data = data[os.write(1, data):]


def line(**members):
    return json.dumps(dict(jsonrpc="2.0", **members)) + "\n"


def put_down():
    path = os.environ.get("HOLDPOINT_PIDS")
    if path:
        with open(path, "a") as file:
            file.write("%d %d\n" % (os.getpgrp(), os.getpid()))


def wait_for_ever():
    while True:
        time.sleep(1000)


def die_by_signal(ident):
    os.kill(os.getpid(), signal.SIGKILL)


def hang(ident):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    wait_for_ever()


def leave_last_words(ident):
    sys.stderr.write("Traceback:\nKeyError: 'kind'\n")
    sys.stderr.flush()
    os._exit(1)


def write_half(ident):
    say('{"jsonrpc": "2.0", "id"')
    os._exit(0)


def hang_in_a_line(ident):
    say('{"jsonrpc": "2.0", "id"')
    wait_for_ever()


def answer_in_pieces(ident):
    for byte in line(id=ident, result={"pieces": "ä"}).encode():
        say(bytes([byte]))


def close_output(ident):
    os.close(1)
    wait_for_ever()


def close_input(ident):
    os.close(0)
    wait_for_ever()


def flood_errors(ident):
    for number in range(20000):
        os.write(2, b"%06d %s\n" % (number, b"x" * 50))
    say(line(id=ident, result={"flooded": True}))


def write_endless(ident):
    while True:
        say(b"x" * 65536)


def answer_late(ident):
    time.sleep(0.4)
    say(line(id=ident, result={"late": True}))


def answer_too_late(ident):
    time.sleep(10)
    say(line(id=ident, result={"late": True}))


def answer_twice_apart(ident):
    say(line(id=ident, result={}))
    time.sleep(0.1)
    say(line(id=ident, result={}))


def fork_child(ignores_term, keeps_output):
    if os.fork() == 0:
        put_down()
        if ignores_term:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if not keeps_output:
            os.close(1)
        wait_for_ever()


def leave_grandchild(ident):
    fork_child(True, True)
    os._exit(4)


def error(name="invalid", **data):
    return {"code": -32602, "message": "no", "data": dict(name=name, **data)}


CALLS = {
    "dies": lambda i: os._exit(3),
    "dies-by-signal": die_by_signal,
    "dies-with-last-words": leave_last_words,
    "dies-in-a-line": write_half,
    "hangs-in-a-line": hang_in_a_line,
    "leaves-grandchild": leave_grandchild,
    "hangs": hang,
    "stops-reading": lambda i: wait_for_ever(),
    "dies-afterwards": lambda i: (say(line(id=i, result={})), os._exit(3)),
    "late": answer_late,
    "too-late": answer_too_late,
    "closes-stdout": close_output,
    "closes-stdin": close_input,
    "endless": write_endless,
    "huge": lambda i: say(line(id=i, result={"text": "x" * (9 << 20)})),
    "floods-stderr": flood_errors,
    "pieces": answer_in_pieces,
    "babbles": lambda i: say("Starting up...\n"),
    "logs-first": lambda i: say("GET /interrupts\n" + line(id=i, result={})),
    "blank": lambda i: say("\n"),
    "not-utf8": lambda i: say(b'{"jsonrpc":"2.0","id":%d,"result":"\xff"}\n' % i),
    "nul": lambda i: say(b'{"jsonrpc":"2.0","id":%d,"result":{}}\0\n' % i),
    "mark": lambda i: say(b"\xef\xbb\xbf" + line(id=i, result={}).encode()),
    "pretty": lambda i: say(json.dumps({"jsonrpc": "2.0", "id": i, "result": {}}, indent=2) + "\n"),
    "quotes": lambda i: say("{'jsonrpc': '2.0', 'id': %d, 'result': {}}\n" % i),
    "deep": lambda i: say('{"jsonrpc":"2.0","id":%d,"result":%s1%s}\n' % (i, "[" * 100000, "]" * 100000)),
    "array": lambda i: say('[{"jsonrpc":"2.0","id":%d,"result":{}}]\n' % i),
    "scalar": lambda i: say("42\n"),
    "twice": lambda i: say(line(id=i, result={}) * 2),
    "twice-apart": answer_twice_apart,
    "never-asked": lambda i: say(line(id=4711, result={})),
    "also-never-asked": lambda i: say(line(id=i, result={}) + line(id=4711, result={})),
    "earlier-id": lambda i: say(line(id=1, result={})),
    "text-id": lambda i: say(line(id=str(i), result={})),
    "real-id": lambda i: say(line(id=i + 0.5, result={})),
    "no-id": lambda i: say(line(result={})),
    "null-id": lambda i: say(line(id=None, error=error())),
    "null-id-result": lambda i: say(line(id=None, result={})),
    "both": lambda i: say(line(id=i, result={}, error=error())),
    "neither": lambda i: say(line(id=i)),
    "null-beside": lambda i: say(line(id=i, result={}, error=None)),
    "no-jsonrpc": lambda i: say('{"id":%d,"result":{}}\n' % i),
    "wrong-jsonrpc": lambda i: say('{"jsonrpc":"1.0","id":%d,"result":{}}\n' % i),
    "error-text": lambda i: say(line(id=i, error="invalid")),
    "error-without-name": lambda i: say(line(id=i, error={"code": 1, "message": "boom"})),
    "error-unknown-name": lambda i: say(line(id=i, error=error("teapot"))),
    "error-bad-field": lambda i: say(line(id=i, error=error(field=7))),
    "error-good": lambda i: say(line(id=i, error=error("conflict", interrupt_status="resolved", field=None))),
    "unsupported": lambda i: say(line(id=i, error=error("unsupported"))),
    "twice-a-key": lambda i: say('{"jsonrpc":"2.0","id":%d,"result":{"a":1,"a":2}}\n' % i),
    "huge-integer": lambda i: say('{"jsonrpc":"2.0","id":%d,"result":{"n":10000000000000000000000}}\n' % i),
    "huge-real": lambda i: say('{"jsonrpc":"2.0","id":%d,"result":{"n":1e999}}\n' % i),
}


def hello(ident, nonce, **changes):
    result = {"protocol": 1, "nonce": nonce, "name": "faulty", "version": "1", "language": "Python",
              "capabilities": CAPABILITIES, "limits": {"endpoints": 2}}
    result.update(changes)
    say(line(id=ident, result=result))


def hello_late(ident, nonce):
    time.sleep(4)
    hello(ident, nonce)


HELLOS = {
    "hello-wrong-nonce": lambda i, n: hello(i, "0000"),
    "hello-no-nonce": lambda i, n: hello(i, None),
    "hello-wrong-protocol": lambda i, n: hello(i, n, protocol=2),
    "hello-no-capabilities": lambda i, n: hello(i, n, capabilities=None),
    "hello-bad-capability": lambda i, n: hello(i, n, capabilities=["get", 1]),
    "hello-misspelt": lambda i, n: hello(i, n, capabilities=CAPABILITIES + ["expire-pending"]),
    "hello-no-endpoint": lambda i, n: hello(i, n, limits={"endpoints": 0}),
    "hello-text": lambda i, n: say(line(id=i, result="hello")),
    "hello-refused": lambda i, n: say(line(id=i, error=error("unsupported"))),
    "hello-hangs": lambda i, n: hang(i),
    "hello-late": hello_late,
    "hello-then-deaf": lambda i, n: (hello(i, n), wait_for_ever()),
    "hello-babbles": lambda i, n: say("Listening on port 8080\n"),
    "hello-dies": lambda i, n: os._exit(9),
    "hello-dies-by-signal": lambda i, n: die_by_signal(i),
}

STARTS = {
    "start-dies": lambda: os._exit(3),
    "start-dies-by-signal": lambda: die_by_signal(0),
    "start-leaves-child": lambda: fork_child(True, True),
    "start-leaves-quiet-child": lambda: fork_child(False, False),
    "ignores-term": lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN),
    "ignores-all": lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN),
}

OTHERS = ["none", "crlf", "buffers", "ignores-end", "unknown-silent", "unknown-result", "dies-of-garbage", "dies-of-params",
          "first-line-only", "cuts-lines", "endpoints-apart"]


def lines():
    """The lines of stdin. One fault takes many that came together for one, another knows no line longer than one read."""
    if FAULT not in ("first-line-only", "cuts-lines"):
        yield from sys.stdin
        return
    rest = b""
    while True:
        data = os.read(0, 65536)
        if not data:
            return
        if FAULT == "cuts-lines" and len(rest) + len(data) > 65536:
            os._exit(1)
        *whole, rest = (rest + data).split(b"\n")
        if FAULT == "first-line-only" and len(whole) > 8:
            whole = whole[:1]
        yield from (each.decode() for each in whole)


def create(ident, params):
    made = dict(INTERRUPT, id="made", status="pending", created_at="2025-12-11T09:30:00.000000Z", data=params.get("data", {}))
    made.update({name: params[name] for name in ("kind", "request_id", "user_id", "session_id")})
    say(line(id=ident, result={"interrupt": made}))


def answer(request):
    ident, method = request["id"], request["method"]
    if method == "hello":
        HELLOS.get(FAULT, hello)(ident, request["params"]["nonce"])
    elif method == "interrupt.get" and FAULT in CALLS:
        CALLS[FAULT](ident)
    elif method == "interrupt.get" and FAULT == "endpoints-apart" and request.get("endpoint"):
        say(line(id=ident, error=error("not_found")))
    elif method == "interrupt.create":
        create(ident, request["params"])
    elif method.startswith("holdpoint.") and FAULT != "unknown-result":
        say("" if FAULT == "unknown-silent" else line(id=ident, error=error("unsupported")))
    else:
        say(line(id=ident, result={"method": method, "endpoint": request.get("endpoint", 0)}))


def main():
    os.write(2, b"group %d\n" % os.getpgrp())
    put_down()
    if not any(FAULT in faults for faults in (CALLS, HELLOS, STARTS, OTHERS)):
        sys.exit("no such fault: " + FAULT)
    STARTS.get(FAULT, lambda: None)()
    for text in lines():
        try:
            request = json.loads(text) if FAULT != "null-id" or "{{" not in text else {"id": 0, "method": "interrupt.get"}
        except ValueError:
            if FAULT == "dies-of-garbage":
                raise
            say(line(id=None, error=error()))
            continue
        try:
            answer(request)
        except KeyError:
            if FAULT == "dies-of-params":
                raise
            say(line(id=request["id"], error=error()))
    for data in held:
        os.write(1, data)
    if FAULT in ("ignores-end", "ignores-all"):
        wait_for_ever()


main()
