"""What a service asks of a store. A store owns the clock, since `now` counts only when it was read behind the lock of the
record; it keeps an interrupt and the event that tells of it in one step; what it hands out is its caller's own."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from .models import Change, Event, Filters, Interrupt, Place

Decide = Callable[[Interrupt | None, datetime], Change]  # raises Refused: nothing changes then


class Store(Protocol):
    def now(self) -> datetime: ...

    def create(self, make: Callable[[datetime], Change]) -> Interrupt: ...

    def read(self, interrupt_id: str) -> Interrupt | None:
        """As it is shown now."""

    def change(self, interrupt_id: str, decide: Decide) -> Interrupt: ...

    def page(self, filters: Filters, after: Place | None, limit: int) -> tuple[list[Interrupt], int]:
        """Up to so many behind a place, as they are shown now, and how many match in all."""

    def sweep(self) -> list[str]:
        """Expires all that is due, waiting for what others hold."""

    def drain(self) -> list[Event]: ...

    def reset(self) -> None: ...

    def set_clock(self, now: datetime) -> None:
        """For tests: from now on it stands still. Raises Refused when it would run backwards."""
