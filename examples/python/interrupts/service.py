"""The operations, by the names and shapes of docs/adapters.md: params in, result out, Refused where the answer is no."""

from . import cursors, envelope, instants, requests, rules
from .errors import Refused
from .models import DECISIONS, KINDS, STATUSES, Place
from .store import Store


class Service:
    """Any number of these over one store are one service; it may be called from any number of threads."""

    def __init__(self, store: Store):
        self.store = store
        self.methods = {
            "interrupt.create": self.create, "interrupt.get": self.get, "interrupt.list": self.list,
            "interrupt.pending_for_request": self.pending_for_request, "interrupt.respond": self.respond,
            "interrupt.cancel": self.cancel, "interrupt.expire_pending": self.expire_pending,
            "events.drain": self.drain, "envelope.roundtrip": self.roundtrip, "describe": self.describe,
            "clock.set": self.set_clock, "reset": self.reset,
        }

    def call(self, method: str, params: object) -> dict:
        if method not in self.methods:
            raise Refused("unsupported", "there is no such method")
        if not isinstance(params, dict):
            raise Refused("invalid", "the params must be an object")
        return self.methods[method](params)

    def create(self, params: dict) -> dict:
        given = requests.creation(params)
        return {"interrupt": self.store.create(lambda now: rules.create(given, now)).to_wire()}

    def get(self, params: dict) -> dict:
        interrupt_id, user_id = requests.interrupt_id(params), requests.filled(params, "user_id")
        found = interrupt_id and self.store.read(interrupt_id)
        return {"interrupt": rules.check_owner(found or None, user_id).to_wire()}

    def list(self, params: dict) -> dict:
        filters, limit = requests.filters(params), requests.limit(params)
        after = cursors.read(requests.text(params, "cursor"), filters)
        rows, total = self.store.page(filters, after, limit + 1)
        more = len(rows) > limit
        last = rows[limit - 1] if more else None
        return {"interrupts": [row.to_wire() for row in rows[:limit]], "total": total,
                "next_cursor": cursors.write(Place(last.created_at, last.id), filters) if last else None}

    def pending_for_request(self, params: dict) -> dict:
        requests.required(params, "request_id")
        asked = {name: params.get(name) for name in ("request_id", "user_id")}
        rows, _ = self.store.page(requests.filters(asked), None, 1)
        return {"interrupt": rows[0].to_wire() if rows else None}

    def respond(self, params: dict) -> dict:
        interrupt_id, user_id = requests.interrupt_id(params), requests.required(params, "user_id")
        answer = requests.answer(params)
        interrupt = self._change(interrupt_id, lambda found, now: rules.respond(found, user_id, answer, now))
        return {"interrupt": interrupt.to_wire(), "request_can_resume": rules.can_resume(interrupt)}

    def cancel(self, params: dict) -> dict:
        interrupt_id, user_id = requests.interrupt_id(params), requests.required(params, "user_id")
        reason = requests.text(params, "reason")
        return {"interrupt": self._change(
            interrupt_id, lambda found, now: rules.cancel(found, user_id, reason, now)).to_wire()}

    def expire_pending(self, params: dict) -> dict:
        return {"ids": self.store.sweep()}

    def drain(self, params: dict) -> dict:
        return {"events": [event.to_wire() for event in self.store.drain()]}

    def roundtrip(self, params: dict) -> dict:
        return {"envelope": envelope.roundtrip(params.get("envelope"), "/envelope", self.store.now())}

    def describe(self, params: dict) -> dict:
        return {"kinds": [*KINDS], "statuses": [*STATUSES], "decisions": [*DECISIONS]}

    def set_clock(self, params: dict) -> dict:
        now = instants.parse(params.get("now"), "/now")
        self.store.set_clock(now)
        return {"now": instants.write(now)}

    def reset(self, params: dict) -> dict:
        self.store.reset()
        return {}

    def _change(self, interrupt_id: str | None, decide):
        if interrupt_id is None:
            raise Refused("not_found", "there is no such interrupt")
        return self.store.change(interrupt_id, decide)
