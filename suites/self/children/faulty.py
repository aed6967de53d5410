"""A child that speaks the wire, and has the one fault that its argument names.

A fault called hello-... shows in the answer to the hello, any other in the answer to interrupt.get. Every other
method is answered well, with {"method": its name}.
"""
import json
import os
import signal
import sys
import time

FAULT = sys.argv[1]
CAPABILITIES = ["get", "describe"]


def say(text):
    os.write(1, text if isinstance(text, bytes) else text.encode())


def line(**members):
    return json.dumps(dict(jsonrpc="2.0", **members)) + "\n"


def die_by_signal(ident):
    os.kill(os.getpid(), signal.SIGKILL)


def hang(ident):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(1000)


def leave_last_words(ident):
    sys.stderr.write("Traceback:\nKeyError: 'kind'\n")
    sys.stderr.flush()
    os._exit(1)


def write_half(ident):
    say('{"jsonrpc": "2.0", "id"')
    os._exit(0)


def answer_in_pieces(ident):
    for byte in line(id=ident, result={"pieces": "ä"}).encode():
        say(bytes([byte]))


def close_output(ident):
    os.close(1)
    time.sleep(1000)


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


def answer_twice_apart(ident):
    say(line(id=ident, result={}))
    time.sleep(0.1)
    say(line(id=ident, result={}))


def leave_grandchild(ident):
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(1000)
    os._exit(4)


def error(name="invalid", **data):
    return {"code": -32602, "message": "no", "data": dict(name=name, **data)}


CALLS = {
    "dies": lambda i: os._exit(3),
    "dies-by-signal": die_by_signal,
    "dies-with-last-words": leave_last_words,
    "dies-in-a-line": write_half,
    "leaves-grandchild": leave_grandchild,
    "hangs": hang,
    "late": answer_late,
    "closes-stdout": close_output,
    "endless": write_endless,
    "floods-stderr": flood_errors,
    "pieces": answer_in_pieces,
    "babbles": lambda i: say("Starting up...\n"),
    "blank": lambda i: say("\n"),
    "not-utf8": lambda i: say(b'{"jsonrpc":"2.0","id":%d,"result":"\xff"}\n' % i),
    "array": lambda i: say('[{"jsonrpc":"2.0","id":%d,"result":{}}]\n' % i),
    "scalar": lambda i: say("42\n"),
    "twice": lambda i: say(line(id=i, result={}) * 2),
    "twice-apart": answer_twice_apart,
    "never-asked": lambda i: say(line(id=4711, result={})),
    "earlier-id": lambda i: say(line(id=1, result={})),
    "text-id": lambda i: say(line(id=str(i), result={})),
    "no-id": lambda i: say(line(result={})),
    "null-id": lambda i: say(line(id=None, error=error())),
    "null-id-result": lambda i: say(line(id=None, result={})),
    "both": lambda i: say(line(id=i, result={}, error=error())),
    "neither": lambda i: say(line(id=i)),
    "no-jsonrpc": lambda i: say('{"id":%d,"result":{}}\n' % i),
    "wrong-jsonrpc": lambda i: say('{"jsonrpc":"1.0","id":%d,"result":{}}\n' % i),
    "error-text": lambda i: say(line(id=i, error="invalid")),
    "error-without-name": lambda i: say(line(id=i, error={"code": 1, "message": "boom"})),
    "error-unknown-name": lambda i: say(line(id=i, error=error("teapot"))),
    "error-bad-field": lambda i: say(line(id=i, error=error(field=7))),
    "error-good": lambda i: say(line(id=i, error=error("conflict", interrupt_status="resolved", field=None))),
    "twice-a-key": lambda i: say('{"jsonrpc":"2.0","id":%d,"result":{"a":1,"a":2}}\n' % i),
    "huge-integer": lambda i: say('{"jsonrpc":"2.0","id":%d,"result":{"n":10000000000000000000000}}\n' % i),
    "huge-real": lambda i: say('{"jsonrpc":"2.0","id":%d,"result":{"n":1e999}}\n' % i),
}


def hello(ident, nonce, **changes):
    result = {"protocol": 1, "nonce": nonce, "name": "faulty", "version": "1", "language": "Python",
              "capabilities": CAPABILITIES, "limits": {"endpoints": 2}}
    result.update(changes)
    say(line(id=ident, result=result))


HELLOS = {
    "hello-wrong-nonce": lambda i, n: hello(i, "0000"),
    "hello-no-nonce": lambda i, n: hello(i, None),
    "hello-wrong-protocol": lambda i, n: hello(i, n, protocol=2),
    "hello-no-capabilities": lambda i, n: hello(i, n, capabilities=None),
    "hello-bad-capability": lambda i, n: hello(i, n, capabilities=["get", 1]),
    "hello-no-endpoint": lambda i, n: hello(i, n, limits={"endpoints": 0}),
    "hello-text": lambda i, n: say(line(id=i, result="hello")),
    "hello-refused": lambda i, n: say(line(id=i, error=error("unsupported"))),
    "hello-hangs": lambda i, n: hang(i),
    "hello-babbles": lambda i, n: say("Listening on port 8080\n"),
    "hello-dies": lambda i, n: os._exit(9),
}


def main():
    os.write(2, b"group %d\n" % os.getpgrp())
    if FAULT not in CALLS and FAULT not in HELLOS and FAULT != "none":
        sys.exit("no such fault: " + FAULT)
    for text in sys.stdin:
        request = json.loads(text) if FAULT != "null-id" or "{{" not in text else {"id": 0, "method": "interrupt.get"}
        ident, method = request["id"], request["method"]
        if method == "hello":
            HELLOS.get(FAULT, hello)(ident, request["params"]["nonce"])
        elif method == "interrupt.get" and FAULT in CALLS:
            CALLS[FAULT](ident)
        else:
            say(line(id=ident, result={"method": method, "endpoint": request.get("endpoint", 0)}))


main()
