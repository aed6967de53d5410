#!/usr/bin/env python3
"""A storm over two servers on one database: 64 clients, a receiver of webhooks that fails a third of the time, and one
server that is killed with SIGKILL and started again, twice. usage: http_storm.py HOLDPOINT [SECONDS [SEED [FAULT]]]

Afterwards three records that know nothing of each other must agree: what the clients were answered (judged too by
`holdpoint judge`), the rows of the database, and what the receiver wrote down. None is lost, none invented, and no
interrupt has two winners. With a FAULT of `serve --fault` they must not agree, which shows that this can fail. Everything stays on the loopback interface, and the database is one of its own.
Exits with 1 when the records disagree, 3 when the storm itself broke."""
import collections
import http.client
import http.server
import itertools
import json
import os
import pwd
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

CLIENTS, KILLS, HOT = 64, 2, 24
TRY_SECONDS, LEASE_SECONDS = 5, 35  # of a delivery; what a dead server took comes back after its lease
PATIENCE_S = 20
TOKEN = "storm"


class Database:
    """A throwaway PostgreSQL server on a socket in a folder of its own. It does not run as root."""

    def __init__(self, folder):
        self.bin = subprocess.check_output(["pg_config", "--bindir"], text=True).strip()
        self.folder, self.user = folder, pwd.getpwuid(os.getuid()).pw_name
        self.as_user = []
        if os.getuid() == 0:
            self.user, self.as_user = "postgres", ["runuser", "-u", "postgres", "--"]
            shutil.chown(folder, "postgres")
        self.run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", self.user, "--no-sync")
        self.run("pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-w", "start", "-o",
                 f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=300")  # fmt: skip
        self.dsn = f"host={folder} user={self.user} dbname=postgres"

    def run(self, program, *arguments):
        subprocess.run(self.as_user + [f"{self.bin}/{program}", *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/")

    def rows(self, sql):
        command = ["psql", self.dsn, "-At", "-v", "ON_ERROR_STOP=1", "-c", f"select row_to_json(r) from ({sql}) r"]
        return [json.loads(line) for line in subprocess.check_output(command, text=True).splitlines()]

    def stop(self):
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")


class Server:
    """One `holdpoint serve`, which may be killed and started again."""

    def __init__(self, holdpoint, dsn, fault):
        self.command = [holdpoint, "serve", "--store", f"postgres:{dsn}", "--conformance", "--webhook-thread",
                        "--webhook-allow-private", "--keep-events", "--operator-token", TOKEN, "--quiet",
                        *(["--fault", fault] if fault else [])]  # fmt: skip
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        listening = self.process.stdout.readline()
        controls = self.process.stdout.readline()
        if "listening on" not in listening or "controls on" not in controls:
            raise RuntimeError(f"the server does not start: {listening}{controls}")
        self.port = int(listening.split(":")[2].split("/")[0])
        self.controls = int(controls.split(":")[2].split("/")[0])

    def kill(self, how=signal.SIGKILL):
        self.process.send_signal(how)
        self.process.wait(PATIENCE_S)
        self.process.stdout.close()

    def call(self, method, params):
        line = http.client.HTTPConnection("127.0.0.1", self.controls, timeout=PATIENCE_S)
        line.request("POST", "/call", json.dumps({"method": method, "params": params}), {"Content-Type": "application/json"})
        answer = json.loads(line.getresponse().read())
        line.close()
        return answer["result"]


class Receiver:
    """Fails a third of what it gets, and writes everything down: (when, event id, type, interrupt, status)."""

    def __init__(self, chance):
        self.got, self.mutex = [], threading.Lock()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with receiver.mutex:
                    status = 500 if chance.random() < 1 / 3 else 200
                    receiver.got.append((time.monotonic(), body["event_id"], body["event_type"], body["data"]["id"], status))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Quick(http.server.ThreadingHTTPServer):
            request_queue_size, daemon_threads = 1024, True

        self.server = Quick(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Client(threading.Thread):
    """Does what chance says until the time is over, and writes down what it asked and what it was answered."""

    def __init__(self, number, servers, hot, until, seed):
        super().__init__(daemon=True)
        self.number, self.servers, self.hot, self.until = number, servers, hot, until
        self.chance = random.Random(f"{seed} {number}")
        self.names, self.requests = itertools.count(), itertools.count()
        self.name = f"c{number}.{next(self.names)}"
        self.line, self.history, self.asked, self.broken = None, [], 0, None

    def connect(self):
        """A line to the server of this client, or, when that refuses, to the other; a server that is down was asked nothing."""
        for which in (self.number % 2, (self.number + 1) % 2):
            line = http.client.HTTPConnection("127.0.0.1", self.servers[which].port, timeout=PATIENCE_S)
            try:
                line.connect()
                return line
            except (ConnectionRefusedError, ConnectionResetError):
                line.close()
        raise RuntimeError("no server listens")

    def ask(self, method, path, body=None):
        """The status and body of the answer; None: it never came."""
        self.line = self.line or self.connect()
        try:
            self.line.request(method, "/api/v1/interrupts" + path, json.dumps(body) if body is not None else None,
                              {"Content-Type": "application/json"} if body is not None else {})  # fmt: skip
            answer = self.line.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        except (OSError, http.client.HTTPException):
            self.line.close()
            self.line = None
            return None

    def note(self, key, op, args, result, began_ns):
        self.asked += 1
        lost = result == "unknown"
        self.history.append({"client": self.name, "key": key, "op": op, "args": args, "result": result,
                             "invoke_ns": began_ns, "return_ns": None if lost else time.monotonic_ns()})  # fmt: skip
        if lost:
            self.name = f"c{self.number}.{next(self.names)}"

    def create(self):
        request = f"r{self.number}.{next(self.requests)}"
        body = {"kind": "clarification", "request_id": request, "user_id": "ann", "session_id": "storm", "ttl_seconds": None}
        began_ns = time.monotonic_ns()
        answer = self.ask("POST", "", body)
        if answer and answer[0] == 201:
            self.note(answer[1]["id"], "create", {"owner": "ann", "expires_ns": None, "checkpoint": False}, "ok", began_ns)
            self.hot.append(answer[1]["id"])
        elif answer and answer[0] not in (500, 503):
            raise ValueError(f"a creation was answered {answer}")
        else:
            self.lost_creations.append(request)
            self.name = f"c{self.number}.{next(self.names)}"

    def end(self, key, op):
        by = self.name
        began_ns = time.monotonic_ns()
        if op == "respond":
            answer = self.ask("POST", f"/{key}/respond?user_id=ann", {"text": by})
        else:
            answer = self.ask("DELETE", f"/{key}?user_id=ann&reason={by}")
        result = "unknown"
        if answer and answer[0] in (200, 204):
            result = "ok"
        elif answer and answer[0] == 409:
            result = "conflict:" + answer[1]["interrupt_status"]
        elif answer and answer[0] not in (500, 503):
            raise ValueError(f"{op} was answered {answer}")
        self.note(key, op, {"by": by, "user": "ann"}, result, began_ns)

    def get(self, key):
        began_ns = time.monotonic_ns()
        answer = self.ask("GET", f"/{key}?user_id=ann")
        result = "unknown"
        if answer and answer[0] == 200:
            result = answer[1]["status"]
            if result == "resolved":
                result += ":" + answer[1]["response"]["text"]
        elif answer and answer[0] not in (500, 503):
            raise ValueError(f"a get was answered {answer}")
        self.note(key, "get", {}, result, began_ns)

    def run(self):
        self.lost_creations = []
        try:
            while time.monotonic() < self.until:
                key = self.chance.choice(list(self.hot)[-HOT:] or [None])
                what = self.chance.random()
                if key is None or what < 0.05:
                    self.create()
                elif what < 0.3:
                    self.end(key, "respond")
                elif what < 0.45:
                    self.end(key, "cancel")
                else:
                    self.get(key)
        except Exception as error:  # pylint: disable=broad-except
            self.broken = error


def rage(servers, clients, until, seconds):
    """Kills the first server and starts it again, KILLS times; returns when it was killed."""
    killed = []
    for kill in range(KILLS):
        time.sleep(max(0.0, until - seconds + seconds * (kill + 1) / (KILLS + 1) - time.monotonic()))
        servers[0].kill()
        killed.append(time.monotonic())
        servers[0].start()
    for client in clients:
        client.join()
    return killed


def settle(receiver, expected):
    """Waits until the receiver has taken every event; no longer without any than what a dead server took needs to come back."""
    taken, until = set(), time.monotonic() + LEASE_SECONDS + PATIENCE_S
    while not taken >= expected and time.monotonic() < until:
        time.sleep(0.2)
        with receiver.mutex:
            now = {event for _, event, _, _, status in receiver.got if status == 200}
        until = time.monotonic() + LEASE_SECONDS + PATIENCE_S if len(now) > len(taken) else until
        taken = now


def judge(holdpoint, clients, folder):
    path = f"{folder}/history.jsonl"
    lines = sorted((line for client in clients for line in client.history), key=lambda line: (line["invoke_ns"], line["client"]))
    with open(path, "w") as file:
        file.writelines(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    judged = subprocess.run([holdpoint, "judge", "--explain", path], stdout=subprocess.PIPE, text=True)
    bad = [line for line in judged.stdout.splitlines() if " illegal" in line or " undecided" in line]
    return judged.returncode, bad


class Account:
    """What disagrees."""

    def __init__(self):
        self.faults = []

    def check(self, holds, text):
        if not holds:
            self.faults.append(text)


def compare_clients(account, clients, rows):
    """The clients' histories against the rows of the database."""
    by_id = {row["id"]: row for row in rows}
    lost = {request for client in clients for request in client.lost_creations}
    created, ended, tried = set(), collections.defaultdict(list), collections.defaultdict(set)
    for client in clients:
        for line in client.history:
            if line["op"] == "create":
                created.add(line["key"])
            elif line["op"] in ("respond", "cancel"):
                tried[line["key"]].add((line["op"], line["args"]["by"]))
                if line["result"] == "ok":
                    ended[line["key"]].append((line["op"], line["args"]["by"]))
    for key in created - set(by_id):
        account.check(False, f"lost: {key} was created, and is in no row")
    for key, row in by_id.items():
        account.check(key in created or row["request_id"] in lost, f"invented: no client created {key}")
        account.check(len(ended[key]) <= 1, f"two winners of {key}: {ended[key]}")
        final = None if row["status"] == "pending" else ("respond" if row["status"] == "resolved" else "cancel", row["by"])
        account.check(not ended[key] or ended[key][0] == final, f"lost: {ended[key]} ended {key}, and the row says {final}")
        account.check(final is None or final in tried[key], f"invented: {final} ended {key}, and no client asked for it")
    return len(created), sum(map(len, ended.values())), len(lost)


def excused(whens, killed):
    """Only a server that died over a delivery may lead to a second one, which comes when its lease has run out. The
    receiver may read a moment after the kill what was sent a moment before it."""
    died = any(abs(at - whens[0]) <= TRY_SECONDS for at in killed)
    return died and all(later - sooner >= LEASE_SECONDS - TRY_SECONDS for sooner, later in zip(whens, whens[1:]))


def compare_receiver(account, got, rows, events, killed):
    """The receiver's log against rows and outbox."""
    known = {event["id"]: event for event in events}
    wanted = collections.Counter({row["id"]: 1 + (row["status"] != "pending") for row in rows})
    in_outbox = collections.Counter(event["interrupt_id"] for event in events)
    account.check(wanted == in_outbox, "the outbox does not hold one event for each creation and each end")
    taken, repeats = collections.defaultdict(list), 0
    for when, event, kind, interrupt, status in got:
        known_event = known.get(event)
        account.check(known_event and known_event["event_type"] == kind and known_event["interrupt_id"] == interrupt,
                      f"invented: the receiver got {event} ({kind} of {interrupt})")  # fmt: skip
        if status == 200:
            taken[event].append(when)
    for event in known:
        account.check(event in taken, f"lost: the receiver never took {event}")
    for event, whens in taken.items():
        repeats += len(whens) - 1
        account.check(len(whens) == 1 or excused(whens, killed),
                      f"{event} came again: {[round(when - whens[0], 1) for when in whens]} s after it had been taken, "
                      f"kills {[round(at - whens[0], 1) for at in killed]} s after it")  # fmt: skip
    first = {event: whens[0] for event, whens in taken.items()}
    for interrupt in in_outbox:
        own = sorted((event for event in events if event["interrupt_id"] == interrupt), key=lambda event: event["number"])
        times = [first.get(event["id"], 0) for event in own]
        account.check(times == sorted(times), f"the events of {interrupt} came out of order")
    return len(taken), repeats


def main():
    holdpoint = os.path.abspath(sys.argv[1])
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 30.0
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    fault = sys.argv[4] if len(sys.argv) > 4 else None
    folder = tempfile.mkdtemp(prefix="holdpoint-storm-")
    database, servers = None, []
    try:
        os.makedirs(f"{folder}/pg")
        os.chmod(folder, 0o755)
        database = Database(f"{folder}/pg")
        servers = [Server(holdpoint, database.dsn, fault) for _ in range(2)]
        receiver = Receiver(random.Random(seed))
        servers[1].call("webhook.subscribe", {"url": receiver.url, "events": ["*"], "max_tries": 40,
                                              "base_delay_seconds": 0.01, "timeout_seconds": TRY_SECONDS})  # fmt: skip
        until, hot = time.monotonic() + seconds, collections.deque()
        clients = [Client(number, servers, hot, until, seed) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        killed = rage(servers, clients, until, seconds)
        events = database.rows("select id, number, interrupt_id, event_type from flow_interrupt_events")
        settle(receiver, {event["id"] for event in events})
        return report(holdpoint, folder, seconds, clients, database, receiver, killed)
    finally:
        for server in servers:
            server.kill(signal.SIGTERM)
        if database:
            database.stop()
        shutil.rmtree(folder, ignore_errors=True)


def report(holdpoint, folder, seconds, clients, database, receiver, killed):
    broken = [f"client {client.number}: {client.broken}" for client in clients if client.broken]
    if broken:
        raise RuntimeError("; ".join(broken[:3]))
    events = database.rows("select id, number, interrupt_id, event_type from flow_interrupt_events")
    rows = database.rows("select id, request_id, status, coalesce(response->>'text', data->>'cancel_reason') as by from flow_interrupts")
    with receiver.mutex:
        got = list(receiver.got)
    account = Account()
    code, bad = judge(holdpoint, clients, folder)
    account.check(code == 0, f"the clients' history: {bad[:3] or code}")
    created, ended, lost_creations = compare_clients(account, clients, rows)
    taken, repeats = compare_receiver(account, got, rows, events, killed)
    asked = sum(client.asked for client in clients)
    unknown = sum(line["result"] == "unknown" for client in clients for line in client.history) + lost_creations
    final = sum(row["status"] != "pending" for row in rows)
    print(f"{CLIENTS} clients, {seconds:.0f} s, 2 servers, one of them killed {KILLS} times")
    print(f"  clients   {asked} operations, {created} creations and {ended} ends acknowledged, {unknown} answers lost; their history "
          f"{'has an order' if code == 0 else 'has none'}")  # fmt: skip
    print(f"  database  {len(rows)} interrupts, {final} of them ended, {len(events)} events")
    print(f"  receiver  {len(got)} requests, {sum(status != 200 for *_, status in got)} of them refused on purpose; {taken} events taken, "
          f"{repeats} again after a server had died over them")  # fmt: skip
    for fault in account.faults[:20]:
        print(f"  {fault}")
    print(f"{'the three records agree: none lost, none invented, no second winner' if not account.faults else f'{len(account.faults)} disagreements'}")
    return 1 if account.faults else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        print(f"http_storm: {error}", file=sys.stderr)
        sys.exit(3)
