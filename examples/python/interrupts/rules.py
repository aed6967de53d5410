"""The rules, without clock and store: what becomes of an interrupt at an instant, or why nothing does."""

import uuid
from dataclasses import replace
from datetime import datetime

from . import instants, strict_json
from .errors import Refused, invalid
from .models import KINDS, Change, Interrupt, Response, change

INTERRUPT_MAX_BYTES = 1_200_000


def has_expired(interrupt: Interrupt, now: datetime) -> bool:
    """At the very instant of expires_at it is still open."""
    return (interrupt.status == "pending" and KINDS[interrupt.kind].expires
            and interrupt.expires_at is not None and interrupt.expires_at < now)


def shown(interrupt: Interrupt, now: datetime) -> Interrupt:
    """As a reader sees it: expired from the instant on, swept or not."""
    return replace(interrupt, status="expired") if has_expired(interrupt, now) else interrupt


def create(given: dict, now: datetime) -> Change:
    """`given` went through requests.creation."""
    ttl_seconds = given.pop("ttl_seconds", "default")
    expires_at = None
    if ttl_seconds == "default":
        ttl = KINDS[given["kind"]].ttl
        expires_at = ttl and instants.after(now, ttl.total_seconds(), "/ttl_seconds")
    elif ttl_seconds is not None:
        expires_at = instants.after(now, ttl_seconds, "/ttl_seconds")
    interrupt = Interrupt(id=str(uuid.uuid4()), created_at=now, expires_at=expires_at, **given)
    return change(interrupt, KINDS[interrupt.kind].event, now)


def check_owner(interrupt: Interrupt | None, user_id: str | None) -> Interrupt:
    """A user_id of None is a trusted caller's; no empty one gets here."""
    if interrupt is None:
        raise Refused("not_found", "there is no such interrupt")
    if user_id is not None and user_id != interrupt.user_id:
        raise Refused("forbidden", "the interrupt belongs to another user")
    return interrupt


def check_pending(interrupt: Interrupt | None, user_id: str, now: datetime) -> Interrupt:
    interrupt = shown(check_owner(interrupt, user_id), now)
    if interrupt.status != "pending":
        raise Refused("conflict", f"the interrupt is {interrupt.status}, not pending", status=interrupt.status)
    return interrupt


def respond(interrupt: Interrupt | None, user_id: str, answer: dict, now: datetime) -> Change:
    interrupt = check_pending(interrupt, user_id, now)
    needed = KINDS[interrupt.kind].needs
    if needed and answer[needed] is None:
        raise invalid(f"a {interrupt.kind} needs {needed}", f"/response/{needed}")
    for name in ("text", "approved", "decision") if needed else ():
        if name != needed and answer[name] is not None:
            raise invalid(f"{name} is no answer to a {interrupt.kind}", f"/response/{name}")
    resolved = replace(interrupt, status="resolved", resolved_at=now, response=Response(received_at=now, **answer))
    return change(check_size(resolved, "/response"), "interrupt.resolved", now)


def can_resume(interrupt: Interrupt) -> bool:
    """Whether the request goes on behind this answer: it does unless it was denied."""
    return not (interrupt.kind == "confirmation" and interrupt.response.approved is False)


def cancel(interrupt: Interrupt | None, user_id: str, reason: str | None, now: datetime) -> Change:
    interrupt = check_pending(interrupt, user_id, now)
    data = {**interrupt.data, "cancel_reason": reason} if reason else interrupt.data
    return change(check_size(replace(interrupt, status="cancelled", data=data), "/reason"), "interrupt.cancelled", now)


def expire(interrupt: Interrupt, now: datetime) -> Change | None:
    return change(shown(interrupt, now), "interrupt.expired", now) if has_expired(interrupt, now) else None


def check_size(interrupt: Interrupt, field: str) -> Interrupt:
    if strict_json.size_bytes(interrupt.to_wire()) > INTERRUPT_MAX_BYTES:
        raise invalid("the interrupt would take more than 1,200,000 bytes", field)
    return interrupt
