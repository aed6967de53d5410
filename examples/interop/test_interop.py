#!/usr/bin/python3
"""One database, two services of different make: what one writes the other reads, goes on with, and tells of.

    examples/interop/throwaway.py /usr/bin/python3 examples/interop/test_interop.py

HOLDPOINT names the program (default build/holdpoint); to be run from the repository's root."""

import json
import os
import subprocess
import threading
import unittest
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import psycopg2
from psycopg2.extensions import make_dsn

HOLDPOINT = os.environ.get("HOLDPOINT", "build/holdpoint")
REFERENCE = [HOLDPOINT, "serve", "--conformance"]
PYTHON = ["/usr/bin/python3", "examples/python/server.py", "--conformance", "--migrations", "reference/sql"]
KINDS = {"clarification": {"text": "eine für \U0001f9f9"}, "confirmation": {"approved": False},
         "critic_review": {"decision": "modify", "data": {"why": [1e22, -0.5]}}, "checkpoint": {}, "timeout": {},
         "resource_exhausted": {"text": "more", "approved": True}, "system_error": {"data": {}}}
DATA = {"least": -2**63, "most": 2**63 - 1, "large": 1e22, "tiny": 5e-324, "whole": 1.0, "zero": -0.0, "text": "a\n\"\\ \u00e9 \U0001f9f9",
        "": None, "deep": {"list": [[], {}, [None, True]]}}
START, LATER = "2025-12-11T09:30:00.123456Z", "2025-12-11T09:31:00.123457Z"
PATIENCE_S = 60


class Server:
    def __init__(self, command: list[str], conninfo: str):
        self.child = subprocess.Popen([*command, "--store", f"postgres:{conninfo}"], stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, text=True)
        said = [self.child.stdout.readline().split(" on ") for _ in range(2)]
        self.controls = dict(words for words in said if len(words) == 2)["controls"].strip()

    def call(self, method: str, **params: object) -> dict:
        """The result, or the refusal's name and status."""
        body = json.dumps({"method": method, "params": params}).encode()
        request = urllib.request.Request(self.controls + "/call", body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return json.load(answer)["result"]
        except urllib.error.HTTPError as refusal:
            problem = json.load(refusal)
            return {name: problem[name] for name in ("name", "interrupt_status") if name in problem}

    def create(self, **more: object) -> dict:
        return self.call("interrupt.create", **{"kind": "clarification", "request_id": "r", "user_id": "ann", "session_id": "s",
                                                "ttl_seconds": 60, "data": DATA, **more})["interrupt"]

    def end(self) -> None:
        self.child.terminate()
        self.child.wait()
        self.child.stdout.close()


class Receiver:
    """An endpoint for webhooks."""

    def __init__(self) -> None:
        self.got: list[dict] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler) -> None:  # noqa: N805
                self.got.append(json.loads(handler.rfile.read(int(handler.headers["Content-Length"]))))
                handler.send_response(200)
                handler.end_headers()

            def log_message(handler, *_: object) -> None:  # noqa: N805
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def end(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Shared:
    """Each test for one who writes and one who reads; which made the tables is the first."""
    first: list[str]
    second: list[str]

    @classmethod
    def setUpClass(cls) -> None:
        connection = psycopg2.connect(os.environ["DATABASE"])
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'create database "{cls.__name__}"')
        connection.close()
        conninfo = make_dsn(os.environ["DATABASE"], dbname=cls.__name__)
        cls.writer = Server(cls.first, conninfo)
        cls.addClassCleanup(cls.writer.end)
        cls.reader = Server(cls.second, conninfo)
        cls.addClassCleanup(cls.reader.end)

    def setUp(self) -> None:
        for server in (self.writer, self.reader):
            self.assertEqual(server.call("reset"), {})
            self.assertEqual(server.call("clock.set", now=START), {"now": START})

    def test_every_field_of_every_kind_and_status_is_read_as_it_was_written(self) -> None:
        made = []
        for kind, response in KINDS.items():
            for act, more in (("respond", {"response": response}), ("cancel", {"reason": "no \u00fcse"}), (None, {})):
                interrupt = self.writer.create(kind=kind, question="q\u00e9", message="", trace_id="t", envelope_id="e")
                if act:
                    interrupt = self.writer.call("interrupt." + act, id=interrupt["id"], user_id="ann", **more)["interrupt"]
                made.append(interrupt)
        for interrupt in made:
            self.assertEqual(self.reader.call("interrupt.get", id=interrupt["id"]), {"interrupt": interrupt})
        pages = [server.call("interrupt.list", user_id="ann", status="all", limit=200) for server in (self.writer, self.reader)]
        self.assertEqual(pages[0], pages[1])
        self.assertEqual(pages[0]["total"], len(made))

    def test_what_one_asked_the_other_answers_once(self) -> None:
        interrupt = self.writer.create()
        answer = {"id": interrupt["id"], "user_id": "ann", "response": {"text": "yes"}}
        self.assertEqual(self.reader.call("interrupt.respond", **answer | {"user_id": "bob"}), {"name": "forbidden"})
        resolved = self.reader.call("interrupt.respond", **answer)["interrupt"]
        self.assertEqual(self.writer.call("interrupt.respond", **answer), {"name": "conflict", "interrupt_status": "resolved"})
        self.assertEqual(self.writer.call("interrupt.get", id=interrupt["id"]), {"interrupt": resolved})

    def test_what_one_asked_the_other_expires_once(self) -> None:
        ids = {self.writer.create()["id"] for _ in range(3)}
        lasting = self.writer.create(kind="checkpoint")
        for server in (self.writer, self.reader):
            server.call("clock.set", now=LATER)
        self.assertEqual(set(self.reader.call("interrupt.expire_pending")["ids"]), ids)
        self.assertEqual(self.writer.call("interrupt.expire_pending"), {"ids": []})
        self.assertEqual(self.writer.call("interrupt.get", id=lasting["id"])["interrupt"]["status"], "pending")

    def test_what_one_tells_the_other_hands_out_once(self) -> None:
        interrupt = self.writer.create()
        cancelled = self.writer.call("interrupt.cancel", id=interrupt["id"], user_id="ann")["interrupt"]
        events = self.reader.call("events.drain")["events"]
        self.assertEqual([event["data"] for event in events], [interrupt, cancelled])
        self.assertEqual([event["event_type"] for event in events], ["interrupt.clarification_needed", "interrupt.cancelled"])
        self.assertEqual(self.writer.call("events.drain"), {"events": []})

    def test_subscriptions_of_the_reference_are_served_whoever_acts(self) -> None:
        receiver = Receiver()
        self.addCleanup(receiver.end)
        reference = self.writer if self.first is REFERENCE else self.reader
        for events, request_id in (["interrupt.*"], None), (["interrupt.resolved"], "r"), (["interrupt.*"], "another"), (["other.*"], None):
            reference.call("webhook.subscribe", url=receiver.url, events=events, request_id=request_id)
        for server in (self.writer, self.reader):
            interrupt = server.create()
            server.call("interrupt.respond", id=interrupt["id"], user_id="ann", response={"text": "yes"})
        self.assertEqual(reference.call("webhook.flush")["delivered"], 6)
        drained = {event["event_id"]: event for event in self.reader.call("events.drain")["events"]}
        self.assertEqual(len(drained), 4)
        for event in receiver.got:
            self.assertEqual(event, drained[event["event_id"]])


class ReferenceFirst(Shared, unittest.TestCase):
    first, second = REFERENCE, PYTHON


class PythonFirst(Shared, unittest.TestCase):
    first, second = PYTHON, REFERENCE


if __name__ == "__main__":
    unittest.main()
