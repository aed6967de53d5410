"""The state of a flow: what was given comes back, what is missing takes its default, and what is wrong is refused where
it stands. An envelope stays a dictionary here: that keeps what this service knows nothing of."""

import copy
import uuid
from collections.abc import Callable
from datetime import datetime

from . import instants
from .errors import invalid
from .models import KINDS, STATUSES

Check = Callable[[object, str], object]  # a value and its path; gives back the value as it is written


def of(kind: type, words: str) -> Check:
    def check(value: object, path: str) -> object:
        if not isinstance(value, kind):
            raise invalid(f"it must be {words}", path)
        return value
    return check


def list_of(member: Check) -> Check:
    def check(value: object, path: str) -> object:
        return [member(each, f"{path}/{i}") for i, each in enumerate(a_list(value, path))]
    return check


def map_of(member: Check) -> Check:
    def check(value: object, path: str) -> object:
        return {key: member(each, f"{path}/{escape(key)}") for key, each in an_object(value, path).items()}
    return check


def or_null(inner: Check) -> Check:
    return lambda value, path: None if value is None else inner(value, path)


def escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def counter(value: object, path: str) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise invalid("it must be a whole number, 0 or more", path)
    return value


def embedded(value: object, path: str) -> object:
    interrupt = an_object(value, path)
    if not isinstance(interrupt.get("id"), str) or not interrupt["id"]:
        raise invalid("it must have an id", path + "/id")
    if not isinstance(interrupt.get("kind"), str) or interrupt["kind"] not in KINDS:
        raise invalid("it must be of one of the seven kinds", path + "/kind")
    if interrupt.get("status") not in (None, *STATUSES):
        raise invalid("there is no such status", path + "/status")
    return interrupt


text, flag = of(str, "text"), of(bool, "true or false")
a_list, an_object = of(list, "a list"), of(dict, "an object")
instant = or_null(lambda value, path: instants.write(instants.parse(value, path)))
texts, objects, flags, named_texts = list_of(text), list_of(an_object), map_of(flag), map_of(text)

FRESH_ID = object()
NOW = object()
# Each field: how it is checked, and what a new envelope has there.
FIELDS: dict[str, tuple[Check, object]] = {
    "envelope_id": (text, FRESH_ID), "request_id": (text, FRESH_ID), "user_id": (text, "anonymous"),
    "session_id": (text, FRESH_ID), "raw_input": (text, ""), "received_at": (instant, NOW),
    "outputs": (map_of(an_object), {}), "current_stage": (text, "start"), "stage_order": (texts, []),
    "iteration": (counter, 0), "max_iterations": (counter, 3),
    "active_stages": (flags, {}), "completed_stage_set": (flags, {}), "failed_stages": (named_texts, {}),
    "dag_mode": (flag, False), "llm_call_count": (counter, 0), "max_llm_calls": (counter, 10),
    "agent_hop_count": (counter, 0), "max_agent_hops": (counter, 21), "terminal_reason": (or_null(text), None),
    "terminated": (flag, False), "termination_reason": (or_null(text), None), "interrupt_pending": (flag, None),
    "interrupt": (or_null(embedded), None), "completed_stages": (objects, []), "current_stage_number": (counter, 1),
    "max_stages": (counter, 5), "all_goals": (texts, []), "remaining_goals": (texts, []),
    "goal_completion_status": (named_texts, {}), "prior_plans": (objects, []), "critic_feedback": (texts, []),
    "processing_history": (objects, []), "errors": (objects, []), "created_at": (instant, NOW),
    "completed_at": (instant, None), "metadata": (an_object, {}),
}
KNOW_NULL = ("received_at", "created_at", "completed_at", "terminal_reason", "termination_reason", "interrupt")
LEGACY = ("clarification_pending", "confirmation_pending")


def roundtrip(value: object, path: str, now: datetime) -> dict:
    given = an_object(value, path)
    for name in LEGACY:
        if given.get(name) not in (None, False, "", {}, []):
            raise invalid("its question would be lost; carry it over to interrupt", f"{path}/{name}")
    written = {name: field(given, name, path, now) for name in FIELDS}
    pending = is_pending(written["interrupt"])
    if written["interrupt_pending"] not in (None, pending):
        raise invalid("it contradicts the interrupt", path + "/interrupt_pending")
    unknown = {name: each for name, each in given.items() if name not in FIELDS and name not in LEGACY}
    return written | {"interrupt_pending": pending} | unknown


def field(given: dict, name: str, path: str, now: datetime) -> object:
    check, default = FIELDS[name]
    if name not in given or (given[name] is None and name not in KNOW_NULL):
        if default is FRESH_ID:
            return str(uuid.uuid4())
        return instants.write(now) if default is NOW else copy.copy(default)
    return check(given[name], f"{path}/{name}")


def is_pending(interrupt: dict | None) -> bool:
    """One that names no status is pending while it has no response."""
    if interrupt is None:
        return False
    status = interrupt.get("status")
    return interrupt.get("response") is None if status is None else status == "pending"
