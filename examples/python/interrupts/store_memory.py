"""Interrupts in memory, behind one lock."""

import copy
import heapq
import threading
from collections.abc import Callable
from datetime import datetime, timezone

from . import rules
from .errors import invalid
from .models import KINDS, Change, Event, Filters, Interrupt, Place
from .store import Decide


class MemoryStore:
    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._interrupts: dict[str, Interrupt] = {}
            self._due: list[tuple[datetime, str]] = []  # a heap, so that a sweep costs what it expires
            self._events: list[Event] = []
            self._clock: datetime | None = None

    def set_clock(self, now: datetime) -> None:
        with self._lock:
            if self._clock is not None and now < self._clock:
                raise invalid("the clock does not run backwards", "/now")
            self._clock = now

    def now(self) -> datetime:
        return self._clock or datetime.now(timezone.utc)

    def create(self, make: Callable[[datetime], Change]) -> Interrupt:
        with self._lock:
            return self._keep(make(self.now()))

    def read(self, interrupt_id: str) -> Interrupt | None:
        with self._lock:
            found = self._interrupts.get(interrupt_id)
            return found and copy.deepcopy(rules.shown(found, self.now()))

    def change(self, interrupt_id: str, decide: Decide) -> Interrupt:
        with self._lock:
            return self._keep(decide(copy.deepcopy(self._interrupts.get(interrupt_id)), self.now()))

    def page(self, filters: Filters, after: Place | None, limit: int) -> tuple[list[Interrupt], int]:
        with self._lock:
            now = self.now()
            matches = [each for each in (rules.shown(each, now) for each in self._interrupts.values())
                       if matches_filters(each, filters)]
        rest = [each for each in matches if after is None or order(each) < (after.created_at, after.id)]
        return [copy.deepcopy(each) for each in heapq.nlargest(limit, rest, key=order)], len(matches)

    def sweep(self) -> list[str]:
        expired = []
        with self._lock:
            now = self.now()
            while self._due and self._due[0][0] < now:
                _, interrupt_id = heapq.heappop(self._due)
                if change := rules.expire(self._interrupts[interrupt_id], now):
                    self._keep(change)
                    expired.append(interrupt_id)
        return expired

    def drain(self) -> list[Event]:
        with self._lock:
            events, self._events = self._events, []
            return events

    def _keep(self, change: Change) -> Interrupt:
        interrupt = copy.deepcopy(change.interrupt)
        if interrupt.id not in self._interrupts and KINDS[interrupt.kind].expires and interrupt.expires_at:
            heapq.heappush(self._due, (interrupt.expires_at, interrupt.id))
        self._interrupts[interrupt.id] = interrupt
        self._events.append(copy.deepcopy(change.event))
        return change.interrupt


def order(interrupt: Interrupt) -> tuple[datetime, str]:
    return interrupt.created_at, interrupt.id


def matches_filters(interrupt: Interrupt, filters: Filters) -> bool:
    wanted = {name: getattr(filters, name) for name in ("user_id", "session_id", "request_id", "status")}
    return (all(value is None or value == getattr(interrupt, name) for name, value in wanted.items())
            and (filters.kinds is None or interrupt.kind in filters.kinds))
