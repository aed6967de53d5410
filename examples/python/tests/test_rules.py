"""The rules by themselves: time is an argument, so nothing waits."""

import unittest
from datetime import datetime, timedelta, timezone

from interrupts import requests, rules
from interrupts.errors import Refused
from interrupts.models import KINDS, Interrupt

NOON = datetime(2025, 12, 11, 12, tzinfo=timezone.utc)
INSTANT = timedelta(microseconds=1)


def make(kind: str = "clarification", **more: object) -> Interrupt:
    params = {"kind": kind, "request_id": "r", "user_id": "ann", "session_id": "s", **more}
    return rules.create(requests.creation(params), NOON).interrupt


def answer(**given: object) -> dict:
    return requests.answer({"response": given})


class Creation(unittest.TestCase):
    def test_each_kind_has_its_time_and_its_event(self) -> None:
        for kind, row in KINDS.items():
            with self.subTest(kind):
                self.assertEqual(make(kind).expires_at, row.ttl and NOON + row.ttl)

    def test_null_is_for_ever_and_a_fraction_is_exact(self) -> None:
        self.assertIsNone(make(ttl_seconds=None).expires_at)
        self.assertEqual(make(ttl_seconds=0.000001).expires_at, NOON + INSTANT)
        for wrong in (0, -1, 0.0000004, "60", True, 1e300):
            with self.subTest(wrong), self.assertRaises(Refused) as refused:
                make(ttl_seconds=wrong)
            self.assertEqual(refused.exception.field, "/ttl_seconds")

    def test_an_empty_user_is_not_the_same_as_none(self) -> None:
        with self.assertRaises(Refused) as refused:
            make(user_id="")
        self.assertEqual(refused.exception.details(), {"name": "invalid", "field": "/user_id"})


class Transitions(unittest.TestCase):
    def refusal(self, act, *args: object) -> dict:
        with self.assertRaises(Refused) as refused:
            act(*args)
        return refused.exception.details()

    def test_open_at_its_last_instant_and_expired_behind_it(self) -> None:
        question = make(ttl_seconds=60)
        end = NOON + timedelta(seconds=60)
        self.assertEqual(rules.respond(question, "ann", answer(text="yes"), end).interrupt.status, "resolved")
        self.assertEqual(self.refusal(rules.respond, question, "ann", answer(text="yes"), end + INSTANT),
                         {"name": "conflict", "interrupt_status": "expired"})
        self.assertIsNone(rules.expire(question, end))
        self.assertEqual(rules.expire(question, end + INSTANT).event.event_type, "interrupt.expired")

    def test_the_owner_is_asked_before_the_state(self) -> None:
        answered = rules.respond(make(), "ann", answer(text="yes"), NOON).interrupt
        self.assertEqual(self.refusal(rules.cancel, answered, "bob", None, NOON), {"name": "forbidden"})
        self.assertEqual(self.refusal(rules.cancel, answered, "ann", None, NOON),
                         {"name": "conflict", "interrupt_status": "resolved"})
        self.assertEqual(self.refusal(rules.cancel, None, "ann", None, NOON), {"name": "not_found"})

    def test_an_answer_fits_its_kind(self) -> None:
        self.assertEqual(self.refusal(rules.respond, make("confirmation"), "ann", answer(text="yes"), NOON)["field"],
                         "/response/approved")
        self.assertEqual(self.refusal(rules.respond, make(), "ann", answer(text="yes", approved=True), NOON)["field"],
                         "/response/approved")
        denied = rules.respond(make("confirmation"), "ann", answer(approved=False), NOON).interrupt
        self.assertIs(denied.response.approved, False)
        self.assertFalse(rules.can_resume(denied))

    def test_a_reason_joins_the_data(self) -> None:
        question = make(data={"path": "/reports"})
        self.assertEqual(rules.cancel(question, "ann", "late", NOON).interrupt.data,
                         {"path": "/reports", "cancel_reason": "late"})
        self.assertEqual(rules.cancel(question, "ann", "", NOON).interrupt.data, {"path": "/reports"})


if __name__ == "__main__":
    unittest.main()
