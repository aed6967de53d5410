"""The service over the store in memory, from many threads."""

import threading
import unittest

from interrupts.errors import Refused
from interrupts.service import Service
from interrupts.store_memory import MemoryStore

QUESTION = {"kind": "clarification", "request_id": "r", "user_id": "ann", "session_id": "s", "data": {"list": []}}


class OverMemory(unittest.TestCase):
    def setUp(self) -> None:
        self.store = MemoryStore()
        self.service = Service(self.store)

    def create(self, **more: object) -> dict:
        return self.service.create({**QUESTION, **more})["interrupt"]

    def test_one_of_many_wins_and_one_event_tells(self) -> None:
        interrupt, outcomes = self.create(), []
        start = threading.Barrier(16)

        def act(number: int) -> None:
            start.wait()
            params = {"id": interrupt["id"], "user_id": "ann", "response": {"text": str(number)}}
            try:
                outcomes.append(Service(self.store).respond(params)["interrupt"]["response"]["text"])
            except Refused as refused:
                outcomes.append(refused.status)

        threads = [threading.Thread(target=act, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(outcomes.count("resolved"), 15)
        stored = self.service.get({"id": interrupt["id"]})["interrupt"]
        self.assertIn(stored["response"]["text"], outcomes)
        self.assertEqual([event["event_type"] for event in self.service.drain({})["events"]],
                         ["interrupt.clarification_needed", "interrupt.resolved"])

    def test_what_a_caller_got_is_his(self) -> None:
        interrupt = self.create()
        interrupt["data"]["list"].append("mine")
        self.assertEqual(self.service.get({"id": interrupt["id"]})["interrupt"]["data"], {"list": []})
        self.assertEqual(self.service.drain({})["events"][0]["data"]["data"], {"list": []})

    def test_pages_hold_every_row_once(self) -> None:
        self.service.set_clock({"now": "2025-12-11T12:00:00Z"})
        made = {self.create()["id"] for _ in range(7)}
        seen, cursor = [], None
        while cursor or not seen:
            page = self.service.list({"user_id": "ann", "limit": 3, "cursor": cursor})
            self.assertEqual(page["total"], 7)
            seen += [row["id"] for row in page["interrupts"]]
            cursor = page["next_cursor"]
        self.assertEqual(seen, sorted(made, reverse=True))

    def test_a_sweep_tells_once_of_what_was_shown_before(self) -> None:
        self.service.set_clock({"now": "2025-12-11T12:00:00Z"})
        due, kept = self.create(ttl_seconds=1), self.create(kind="checkpoint", ttl_seconds=1)
        self.service.drain({})
        self.service.set_clock({"now": "2025-12-11T12:00:02Z"})
        self.assertEqual(self.service.get({"id": due["id"]})["interrupt"]["status"], "expired")
        self.assertEqual(self.service.drain({})["events"], [])
        self.assertEqual([self.service.expire_pending({})["ids"] for _ in range(2)], [[due["id"]], []])
        self.assertEqual(self.service.get({"id": kept["id"]})["interrupt"]["status"], "pending")


if __name__ == "__main__":
    unittest.main()
