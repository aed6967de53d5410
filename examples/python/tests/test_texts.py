"""JSON, instants, cursors and envelopes: what comes in as text."""

import unittest
from datetime import datetime, timezone

from interrupts import cursors, envelope, instants, strict_json
from interrupts.errors import Refused
from interrupts.models import Filters, Place

NOON = datetime(2025, 12, 11, 12, tzinfo=timezone.utc)


class StrictJson(unittest.TestCase):
    def test_what_python_would_let_pass_is_refused(self) -> None:
        for text in (b'{"a":1,"a":1}', b"9223372036854775808", b"NaN", b"1e999", rb'"\u0000"', rb'"\ud800"', b"\xff",
                     b"[" * 5000 + b"]" * 5000, b"1" * 5000):
            with self.subTest(text[:30]), self.assertRaises(Refused):
                strict_json.loads(text)

    def test_what_is_right_comes_back(self) -> None:
        value = {"least": -2**63, "most": 2**63 - 1, "real": 5e-324, "text": 'a"\\u0000 \U0001f9f9', "list": [None, {}, []]}
        self.assertEqual(strict_json.loads(strict_json.dumps(value).encode()), value)

    def test_a_fault_does_not_hide_the_rest(self) -> None:
        value, fault = strict_json.read(b'{"id":7,"params":{"a":1,"a":2}}')
        self.assertEqual(value["id"], 7)
        self.assertEqual(fault.name, "invalid")

    def test_digits_of_jsonb_beyond_64_bits_are_a_double(self) -> None:
        self.assertEqual(strict_json.stored("[1" + "0" * 22 + ", -9223372036854775808]"), [1e22, -2**63])

    def test_depth(self) -> None:
        self.assertEqual([strict_json.depth_of(value) for value in (1, {}, {"a": [1]}, [{}, [[2]]])], [0, 1, 2, 3])


class Instants(unittest.TestCase):
    def test_one_instant_in_many_forms(self) -> None:
        for text in ("2025-12-11T12:00:00Z", "2025-12-11t17:45:00.000000999+05:45", "2025-12-11T00:00:00-12:00"):
            self.assertEqual(instants.parse(text, "/now"), NOON)
        self.assertEqual(instants.write(NOON), "2025-12-11T12:00:00.000000Z")
        self.assertEqual(instants.write(instants.parse("0001-01-01T00:00:00Z", "/now")), "0001-01-01T00:00:00.000000Z")

    def test_no_zone_is_guessed(self) -> None:
        for text in ("2025-12-11T12:00:00", "2025-12-11T23:59:60Z", "2025-02-29T00:00:00Z", "0001-01-01T00:00:00+00:01",
                     "2025-12-11T12:00:00+24:00", "2025-12-11 12:00:00Z", "2025-12-11T12:00:00.Z", 7, None):
            with self.subTest(text), self.assertRaises(Refused):
                instants.parse(text, "/now")


class Cursors(unittest.TestCase):
    def test_bound_to_its_filters(self) -> None:
        cursor = cursors.write(Place(NOON, "an-id"), Filters(user_id="ann"))
        self.assertEqual(cursors.read(cursor, Filters(user_id="ann")), Place(NOON, "an-id"))
        for text, filters in ((cursor, Filters(user_id="bob")), (cursor[:-4], Filters(user_id="ann")), ("é", Filters())):
            with self.subTest(text), self.assertRaises(Refused):
                cursors.read(text, filters)


class Envelopes(unittest.TestCase):
    def test_nothing_is_lost_and_the_rest_is_defaults(self) -> None:
        given = {"dag_mode": True, "active_stages": {"a": True}, "later_field": [1], "created_at": None}
        written = envelope.roundtrip(given, "/envelope", NOON)
        self.assertEqual({name: written[name] for name in given}, given)
        self.assertEqual(len(written), 38)
        self.assertEqual(envelope.roundtrip(written, "/envelope", NOON), written)

    def test_refusals_say_where(self) -> None:
        for given, path in (({"outputs": {"a/b": 1}}, "/outputs/a~1b"), ({"iteration": True}, "/iteration"),
                            ({"clarification_pending": True}, "/clarification_pending"),
                            ({"interrupt_pending": True}, "/interrupt_pending")):
            with self.subTest(given), self.assertRaises(Refused) as refused:
                envelope.roundtrip(given, "/envelope", NOON)
            self.assertEqual(refused.exception.field, "/envelope" + path)


if __name__ == "__main__":
    unittest.main()
