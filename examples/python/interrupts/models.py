"""What an interrupt is: the vocabulary of the contract, and the records that carry it."""

import uuid
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from . import instants


@dataclass(frozen=True)
class Kind:
    event: str
    ttl: timedelta | None
    needs: str | None = None  # the field that its response must have
    expires: bool = True


KINDS = {
    "clarification": Kind("interrupt.clarification_needed", timedelta(hours=24), needs="text"),
    "confirmation": Kind("interrupt.confirmation_needed", timedelta(hours=1), needs="approved"),
    "critic_review": Kind("interrupt.critic_review", timedelta(minutes=30), needs="decision"),
    "checkpoint": Kind("interrupt.checkpoint", None, expires=False),
    "resource_exhausted": Kind("interrupt.resource_exhausted", timedelta(minutes=5)),
    "timeout": Kind("interrupt.timeout", timedelta(minutes=5)),
    "system_error": Kind("interrupt.system_error", timedelta(hours=1)),
}
STATUSES = ("pending", "resolved", "expired", "cancelled")
DECISIONS = ("approve", "reject", "modify")


@dataclass(frozen=True)
class Response:
    received_at: datetime
    text: str | None = None
    approved: bool | None = None
    decision: str | None = None
    data: dict | None = None

    def to_wire(self) -> dict:
        return {field.name: getattr(self, field.name) for field in fields(self)} | {
            "received_at": instants.write(self.received_at)}

    @classmethod
    def from_wire(cls, value: dict) -> "Response":
        """An omitted member is an absent one."""
        return cls(**value | {"received_at": instants.parse(value["received_at"], "/response/received_at")})


@dataclass(frozen=True)
class Interrupt:
    id: str
    kind: str
    request_id: str
    user_id: str
    session_id: str
    created_at: datetime
    envelope_id: str | None = None
    question: str | None = None
    message: str | None = None
    data: dict | None = None
    response: Response | None = None
    status: str = "pending"
    expires_at: datetime | None = None
    resolved_at: datetime | None = None
    trace_id: str | None = None
    span_id: str | None = None

    def to_wire(self) -> dict:
        """All 16 fields, those that are absent as None."""
        return {field.name: getattr(self, field.name) for field in fields(self)} | {
            "response": self.response and self.response.to_wire(),
            "created_at": instants.write(self.created_at),
            "expires_at": instants.write(self.expires_at),
            "resolved_at": instants.write(self.resolved_at)}

    @classmethod
    def from_wire(cls, value: dict) -> "Interrupt":
        times = {name: value[name] and instants.parse(value[name], "/" + name)
                 for name in ("created_at", "expires_at", "resolved_at")}
        return cls(**value | times | {"response": value["response"] and Response.from_wire(value["response"])})


@dataclass(frozen=True)
class Event:
    event_id: str
    event_type: str
    timestamp: datetime
    request_id: str
    data: dict  # the whole interrupt after the change, as it goes over the wire

    def to_wire(self) -> dict:
        return {field.name: getattr(self, field.name) for field in fields(self)} | {
            "timestamp": instants.write(self.timestamp)}


@dataclass(frozen=True)
class Change:
    """An interrupt as it is from now on, and the one event that tells of it. Stores keep both or neither."""
    interrupt: Interrupt
    event: Event


def change(interrupt: Interrupt, event_type: str, now: datetime) -> Change:
    return Change(interrupt, Event(str(uuid.uuid4()), event_type, now, interrupt.request_id, interrupt.to_wire()))


@dataclass(frozen=True)
class Filters:
    """Of a list. `status` is what an interrupt shows, None for any; `kinds` is None for all."""
    user_id: str | None = None
    session_id: str | None = None
    request_id: str | None = None
    status: str | None = "pending"
    kinds: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Place:
    """Of a row in a list, whose order is this: newest first, of the same instant the greater id first."""
    created_at: datetime
    id: str
