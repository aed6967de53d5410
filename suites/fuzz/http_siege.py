#!/usr/bin/env python3
"""A siege of `holdpoint serve`: 200 connections that send a byte now and then, bodies of 100 MB, 10,000 random requests, and
meanwhile a client that wants to be served. usage: http_siege.py HOLDPOINT [SEED]

Fails when the server crashes, a sanitizer reports anything, the client is refused or waits too long, a large body is
taken, an answer is 500, memory leaks, or the peak of resident memory is above its bound. Everything stays on the
loopback interface; the same seed sends the same requests. Exits with 1 when something of that was found, 3 when the siege
itself broke."""
import collections
import json
import multiprocessing
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

LORIS, REQUEST_SECONDS = 200, 5
BODY_BYTES, BODIES_OF_A_KIND = 100_000_000, 4
REQUESTS, FUZZ_THREADS, FUZZ_SECONDS = 10_000, 16, 400
ANSWER_WAIT_S = 0.3  # for what may be no whole request
PEAK_MAX_MB = 400  # eight bodies that were kept would be 800
WAIT_MAX_S = 5.0  # of the client's requests, on a machine that has others to serve; a loris takes as long
PATIENCE_S = 20
# Freed memory is kept back for a while by AddressSanitizer; a little of it is enough, and what is measured is ours.
SANITIZERS = "quarantine_size_mb=8:detect_leaks=1:exitcode=99:detect_stack_use_after_return=0"
NEW = {"kind": "clarification", "request_id": "r1", "user_id": "ann", "session_id": "s1"}


def connect(port, timeout=PATIENCE_S):
    return socket.create_connection(("127.0.0.1", port), timeout)


def request(method, target, body=None, headers=""):
    text = f"{method} {target} HTTP/1.1\r\nHost: siege\r\n{headers}"
    if body is not None:
        text += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return text.encode() + b"\r\n" + (body or b"")


class Line:
    """A connection that is kept."""

    def __init__(self, port):
        self.socket = connect(port)
        self.received = b""

    def ask(self, *what):
        self.socket.sendall(request(*what))
        return self.answer()

    def answer(self):
        while b"\r\n\r\n" not in self.received:
            self.more()
        head, _, self.received = self.received.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        length = int(length.group(1)) if length else 0
        while len(self.received) < length:
            self.more()
        body, self.received = self.received[:length], self.received[length:]
        return int(head.split()[1]), body

    def more(self):
        got = self.socket.recv(65536)
        if not got:
            raise ConnectionError("the server closed the connection")
        self.received += got


def live(line, waits):
    """An interrupt's whole life: created, read, answered, listed."""

    def ask(wanted, *what):
        began = time.monotonic()
        status, body = line.ask(*what)
        waits.append(time.monotonic() - began)
        if status != wanted:
            raise ValueError(f"{what[0]} {what[1]} was answered {status}: {body[:200]!r}")
        return json.loads(body)

    made = ask(201, "POST", "/api/v1/interrupts", json.dumps(NEW).encode())
    path = f"/api/v1/interrupts/{made['id']}"
    ask(200, "GET", path + "?user_id=ann")
    ask(200, "POST", path + "/respond?user_id=ann", b'{"text":"yes"}')
    ask(200, "GET", "/api/v1/interrupts?user_id=ann&limit=2")


def be_served(port, over, report):
    """The other client, in a process of its own; a new connection for each life in turn with one that is kept."""
    waits = []
    try:
        kept = Line(port)
        while not over.is_set():
            live(kept, waits)
            live(Line(port), waits)
            over.wait(0.02)
        report.put((waits, None))
    except Exception as error:
        report.put((waits, f"the client: {error!r}"))


def dawdle(port, over, counts):
    """All the slow connections: each sends a byte of its request in a while, and comes again when it was dropped."""
    text = request("GET", "/healthz", None, "X-Slow: " + "z" * 4000 + "\r\n")
    lines = {}
    while not over.wait(0.25):
        for number in range(LORIS):
            try:
                if number not in lines:
                    lines[number] = [connect(port), 0]
                    counts["connections"] += 1
                line = lines[number]
                line[0].sendall(text[line[1] : line[1] + 1])
                line[1] += 1
            except OSError:
                counts["dropped"] += number in lines
                if number in lines:
                    lines.pop(number)[0].close()
    for line, _ in lines.values():
        line.close()


def send_body(port, chunked, statuses):
    """A body of 100 MB, sent for as long as the server takes it."""
    piece = b"x" * 65536
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {BODY_BYTES}"
    line = connect(port)
    try:
        line.sendall(f"POST /api/v1/interrupts HTTP/1.1\r\nHost: siege\r\nContent-Type: application/json\r\n{length}\r\n\r\n".encode())
        for _ in range(BODY_BYTES // len(piece)):
            line.sendall(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
        line.sendall(b"0\r\n\r\n" if chunked else piece[: BODY_BYTES % len(piece)])
    except OSError:
        pass  # it was refused before its end
    try:
        statuses.append(status_of(line.recv(65536)))
    except OSError as error:
        statuses.append(repr(error))
    line.close()


def status_of(answer):
    found = re.match(rb"HTTP/1\.[01] (\d\d\d) ", answer)
    return int(found.group(1)) if found else "none"


def corpus(port):
    """Valid requests, on interrupts that exist."""
    line = Line(port)
    ids = [json.loads(line.ask("POST", "/api/v1/interrupts", json.dumps(NEW).encode())[1])["id"] for _ in range(20)]
    full = dict(NEW, envelope_id="e", question="Where?\u00e9\ud83d\ude00", message="m", trace_id="t", span_id="p", ttl_seconds=60, data={"a": [1, 2.5, None, {"b": "c"}]})
    base = "/api/v1/interrupts"
    seeds = [request("POST", base, json.dumps(body).encode(), "Idempotency-Key: k1\r\n" * keyed) for body in (NEW, full) for keyed in (0, 1)]
    for number, name in enumerate(ids):
        seeds += [
            request("GET", f"{base}/{name}?user_id=ann"),
            request("POST", f"{base}/{name}/respond?user_id=ann", b'{"text":"yes","data":{"deep":[[[]]]}}'),
            request("DELETE", f"{base}/{name}?user_id=ann&reason=%C3%A9") if number % 4 == 0 else request("HEAD", f"{base}/{name}?user_id=bob"),
        ]
    seeds += [
        request("GET", base + "?user_id=ann&status_filter=all&kind=clarification&kind=confirmation&limit=3"),
        request("POST", base + "/expire", b"", "Authorization: Bearer siege\r\n"),
        request("OPTIONS", base),
        request("GET", "/healthz"),
        request("GET", "/openapi.json"),
        request("GET", base + "?user_id=ann", None, "Connection: close\r\nExpect: 100-continue\r\n"),
        b"POST " + base.encode() + b" HTTP/1.1\r\nHost: siege\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"10\r\n{\"kind\":\"clarifi\r\n8\r\ncation\"}\r\n0\r\n\r\n",
    ]
    return seeds


def deep(chance):
    levels = chance.choice((63, 64, 65, 1000, 2047, 2048, 2049, 50_000))
    opens, closes = chance.choice(((b"[", b"]"), (b'{"a":', b"}")))
    body = b'{"data":' + opens * levels + b"1" + closes * levels * chance.randrange(2) + b"}"
    return request("POST", "/api/v1/interrupts", body)


TOKENS = [b"\0", b"\r", b"\n", b"\r\n\r\n", b"%00", b"%", b"\xff\xfe", b"\xed\xa0\x80", b"-1", b"18446744073709551616", b"1e999", b'"', b"\\ud800",
          b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Expect: 100-continue\r\n", b"ffffffffffffffff\r\n", b"../", b"://", b" ", b";", b"&user_id=ann", b"{", b"[", b"A" * 5000, b"HTTP/1.0", b"HTTP/9.9", b"TRACE"]


def mutate(chance, seeds):
    if chance.random() < 0.03:
        return deep(chance)
    text = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3, 8))):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.choice((1, 1, 2, 8, 40)))
        what = chance.randrange(7)
        if what == 0 and at < len(text):
            text[at] ^= 1 << chance.randrange(8)
        elif what == 1:
            text[at:end] = chance.choice(TOKENS)
        elif what == 2:
            text[at:at] = chance.choice(TOKENS)
        elif what == 3:
            del text[at:end]
        elif what == 4:
            text[at:at] = text[at:end] * chance.choice((1, 2, 300))
        elif what == 5:
            other = chance.choice(seeds)
            text[at:] = other[chance.randrange(len(other)) :]
        else:
            text[at:end] = bytes(chance.randrange(256) for _ in range(end - at))
    return bytes(text)


def send_random(port, text, half_closed):
    """One request on a connection of its own; the status of the first answer. What is no whole request has none."""
    try:
        line = connect(port)
    except OSError:
        return "not connected"
    try:
        line.sendall(text)
        if half_closed:
            line.shutdown(socket.SHUT_WR)
        line.settimeout(ANSWER_WAIT_S)
        return status_of(line.recv(65536))
    except TimeoutError:
        return "unanswered"
    except OSError:
        return "reset"
    finally:
        line.close()


def fuzz(port, texts, deadline, statuses):
    for number, text in enumerate(texts):
        if time.monotonic() > deadline or statuses["not connected"]:
            return
        statuses[send_random(port, text, number % 16 == 0)] += 1


def peak_mb(pid):
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(r"VmHWM:\s+(\d+) kB", file.read()).group(1)) / 1000


def start(holdpoint, log):
    environment = dict(os.environ, ASAN_OPTIONS=SANITIZERS, UBSAN_OPTIONS="print_stacktrace=1")
    server = subprocess.Popen(
        [holdpoint, "serve", "--request-timeout", str(REQUEST_SECONDS), "--operator-token", "siege"],
        stdout=subprocess.PIPE, stderr=log, env=environment)
    ready = server.stdout.readline().decode()
    found = re.match(r"listening on http://127\.0\.0\.1:(\d+)/", ready)
    if not found:
        server.kill()
        sys.exit(f"http_siege: the server did not start: {ready!r}")
    return server, int(found.group(1))


def quantiles(waits):
    waits = sorted(waits)
    return f"{len(waits)} requests served, median {waits[len(waits) // 2] * 1000:.1f} ms, 99 % within {waits[len(waits) * 99 // 100] * 1000:.1f} ms, the longest {waits[-1] * 1000:.1f} ms"


def besiege(port, seed, deadline):
    """Everything at once; what came of it."""
    slow_over, slow = threading.Event(), collections.Counter()
    seeds, chance = corpus(port), random.Random(seed)
    texts = [mutate(chance, seeds) for _ in range(REQUESTS)]
    bodies = {False: [], True: []}
    statuses = [collections.Counter() for _ in range(FUZZ_THREADS)]
    loris = threading.Thread(target=dawdle, args=(port, slow_over, slow))
    others = [threading.Thread(target=send_body, args=(port, chunked, bodies[chunked])) for chunked in bodies for _ in range(BODIES_OF_A_KIND)]
    others += [threading.Thread(target=fuzz, args=(port, texts[i::FUZZ_THREADS], deadline, statuses[i])) for i in range(FUZZ_THREADS)]
    for thread in [loris] + others:
        thread.start()
    for thread in others:
        thread.join()
    while slow["dropped"] < LORIS and not statuses[0]["not connected"] and time.monotonic() < deadline:
        slow_over.wait(0.25)
    slow_over.set()
    loris.join()
    return slow, bodies, sum(statuses, collections.Counter())


def judge(server, log, waits, complaint, slow, bodies, statuses, peak):
    faults = [complaint] if complaint else []

    def hold(true, sentence):
        if not true:
            faults.append(sentence)

    log.seek(0)
    said = log.read().decode(errors="replace")
    report = re.search(r"ERROR: \w+Sanitizer|runtime error:|DEADLYSIGNAL", said)
    hold(not report, f"a sanitizer reported: {said[report.start() : report.start() + 3000] if report else ''}")
    hold(server.returncode == 0, f"the server ended with {server.returncode}")
    hold(waits and max(waits) <= WAIT_MAX_S, f"the client waited for more than {WAIT_MAX_S} s")
    hold(slow["dropped"] >= LORIS, "slow connections were not dropped")
    for kind in bodies.values():
        hold(kind == [413] * BODIES_OF_A_KIND, f"large bodies were answered {kind}, not 413 each")
    hold(sum(statuses.values()) == REQUESTS, f"{sum(statuses.values())} of {REQUESTS} random requests were sent in time")
    hold(not statuses[500], "random requests were answered 500")
    hold(any(200 <= status < 300 for status in statuses if isinstance(status, int)) and statuses[400], "random requests came to nothing")
    hold(peak <= PEAK_MAX_MB, f"the peak of memory is above {PEAK_MAX_MB} MB")
    return faults


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: http_siege.py HOLDPOINT [SEED]")
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryFile() as log:
        server, port = start(sys.argv[1], log)
        try:
            calm = []
            line = Line(port)
            for _ in range(50):
                live(line, calm)
            before = peak_mb(server.pid)
            print(f"before: {quantiles(calm)}; peak of resident memory {before:.0f} MB", flush=True)
            over, report = multiprocessing.Event(), multiprocessing.Queue()
            client = multiprocessing.Process(target=be_served, args=(port, over, report))
            client.start()
            began = time.monotonic()
            try:
                slow, bodies, statuses = besiege(port, seed, began + FUZZ_SECONDS)
            finally:
                over.set()
            waits, complaint = report.get(timeout=2 * PATIENCE_S)
            client.join()
            took = time.monotonic() - began
            peak = peak_mb(server.pid) if server.poll() is None else 0
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)
        finally:
            if server.poll() is None:
                server.kill()
                server.wait()
        print(f"the siege took {took:.1f} s, seed {seed}")
        print(f"slow connections: {LORIS} at a time, {slow['connections']} in all, {slow['dropped']} dropped after {REQUEST_SECONDS} s")
        print(f"bodies of 100 MB: announced {bodies[False]}, chunked {bodies[True]}")
        print(f"random requests: {sum(statuses.values())}: " + ", ".join(f"{status} {count}" for status, count in statuses.most_common()))
        print(f"another client: {quantiles(waits) if waits else 'not served'}")
        print(f"peak of resident memory {peak:.0f} MB (bound {PEAK_MAX_MB}); ended with {server.returncode} at SIGTERM")
        faults = judge(server, log, waits, complaint, slow, bodies, statuses, peak)
    for fault in faults:
        print(f"FAULT: {fault}")
    print("the siege found nothing" if not faults else f"the siege found {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    try:
        status = main()
    except SystemExit as end:
        print(end, file=sys.stderr)
        status = 3
    except Exception as error:
        print(f"http_siege: {error!r}", file=sys.stderr)
        status = 3
    sys.exit(status)
