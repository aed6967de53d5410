"""JSON as the contract has it, which is stricter than Python's reader: no key twice, no NaN, no integer beyond 64 bits,
no U+0000, no half of a surrogate pair.

What such text says besides can still be wanted, a request's id above all. So `read` gives the value and what is wrong
with it; only text that is no JSON at all raises."""

import json
import math
import re
import sys
from collections.abc import Iterator

from .errors import Refused, invalid

DEPTH_MAX = 2_000  # of any text: far beyond what a request may have, and within what Python's own reader can do
REQUEST_MAX_BYTES = 1_200_000
sys.setrecursionlimit(DEPTH_MAX + 1_000)
TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


def read(text: bytes) -> tuple[object, Refused | None]:
    faults: list[str] = []

    def integer(digits: str) -> int:
        number = int(digits) if len(digits) <= 20 else 2**64
        if not -2**63 <= number < 2**63:
            faults.append("an integer does not fit into 64 bits")
        return number

    def real(digits: str) -> float:
        if not math.isfinite(number := float(digits)):
            faults.append("a number is too large")
        return number

    def constant(word: str) -> None:
        raise ValueError(word + " is no JSON")

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        value = dict(pairs)
        if len(value) < len(pairs):
            faults.append("a key comes twice")
        return value

    try:
        if depth_of_text(text) > DEPTH_MAX:
            raise ValueError("it nests too deep")
        value = json.loads(text.decode("utf-8"), parse_int=integer, parse_float=real, parse_constant=constant,
                           object_pairs_hook=members)
    except ValueError as why:
        raise invalid(f"that is no JSON: {why}") from None
    if any("\0" in found or not is_unicode(found) for found in texts(value)):
        faults.append("a text holds U+0000 or half a surrogate pair")
    return value, invalid(faults[0]) if faults else None


def loads(text: bytes) -> object:
    value, fault = read(text)
    if fault:
        raise fault
    return value


def stored(text: str) -> object:
    """What PostgreSQL's jsonb gives back: there a double may be written out as an integer of hundreds of digits."""
    def integer(digits: str) -> int | float:
        return int(digits) if len(digits) <= 20 and -2**63 <= int(digits) < 2**63 else float(digits)
    return json.loads(text, parse_int=integer)


def dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def size_bytes(value: object) -> int:
    return len(dumps(value).encode())


def depth_of_text(text: bytes) -> int:
    deepest = depth = 0
    for token in TOKENS.finditer(text):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(token.group(), 0)
        deepest = max(deepest, depth)
    return deepest


def depth_of(value: object) -> int:
    """How many levels of objects and lists: 1 for {} and 0 for a number."""
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, (dict, list))]:
        depth += 1
        level = [child for each in level for child in (each.values() if isinstance(each, dict) else each)]
    return depth


def texts(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            yield from each
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)


def is_unicode(text: str) -> bool:
    try:
        text.encode()
        return True
    except UnicodeEncodeError:
        return False
