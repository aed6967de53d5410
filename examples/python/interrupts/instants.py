"""Instants: RFC 3339 text to aware datetimes in UTC, and back. A datetime holds the years 1 to 9999 to the microsecond."""

import re
from datetime import datetime, timedelta, timezone
from fractions import Fraction

from .errors import invalid

RFC_3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII)


def parse(text: object, field: str) -> datetime:
    """Anything finer than a microsecond is cut off; a time without an offset, or with a leap second, is none."""
    found = RFC_3339.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise invalid("it must be an RFC 3339 time with an offset", field)
    *numbers, fraction, sign, hours, minutes = found.groups()
    try:
        written = datetime(*map(int, numbers), int((fraction or "0").ljust(6, "0")[:6]), timezone.utc)
        if sign is None:
            return written
        if int(hours) > 23 or int(minutes) > 59:
            raise ValueError("an offset has at most 23 hours and 59 minutes")
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return written - offset if sign == "+" else written + offset
    except (ValueError, OverflowError) as why:
        raise invalid(f"there is no such time: {why}", field) from None


def write(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat(timespec="microseconds").replace("+00:00", "Z")


def after(instant: datetime, seconds: int | float, field: str) -> datetime:
    """Exact: a double is taken for the number that it is, and rounded once, to the nearest microsecond."""
    microseconds = round(Fraction(seconds) * 1_000_000)
    if microseconds <= 0:
        raise invalid("it must be more than zero microseconds", field)
    try:
        return instant + timedelta(microseconds=microseconds)
    except OverflowError:
        raise invalid("it must end before the year 10000", field) from None
