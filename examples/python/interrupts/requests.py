"""The first check of each operation: the request by itself, before anybody looks at a store.

In a request null equals absent, and a member that nobody knows is left alone."""

import re

from . import strict_json
from .errors import invalid
from .models import DECISIONS, KINDS, STATUSES, Filters

ID_MAX_BYTES = 255
TEXT_MAX = 10_000
DATA_MAX_DEPTH = 64
CANONICAL_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def text(params: dict, name: str) -> str | None:
    value = params.get(name)
    if value is not None and not isinstance(value, str):
        raise invalid("it must be text", "/" + name)
    return value


def identifier(params: dict, name: str) -> str | None:
    value = text(params, name)
    if value is not None and len(value.encode()) > ID_MAX_BYTES:
        raise invalid(f"it must have at most {ID_MAX_BYTES} bytes", "/" + name)
    return value


def filled(params: dict, name: str) -> str | None:
    """Absent or not empty: an empty user is never the same as no check."""
    value = identifier(params, name)
    if value == "":
        raise invalid("it must not be empty", "/" + name)
    return value


def required(params: dict, name: str) -> str:
    value = filled(params, name)
    if value is None:
        raise invalid("it is required", "/" + name)
    return value


def interrupt_id(params: dict) -> str | None:
    """None for an id that no interrupt can have."""
    value = text(params, "id")
    if value is None:
        raise invalid("it is required", "/id")
    return value if CANONICAL_UUID.fullmatch(value) else None


def data(value: object, field: str) -> dict | None:
    if value is not None and not isinstance(value, dict):
        raise invalid("it must be an object", field)
    if strict_json.depth_of(value) > DATA_MAX_DEPTH:
        raise invalid(f"it must nest to at most {DATA_MAX_DEPTH} levels", field)
    return value


def kind(value: object, field: str) -> str:
    if not isinstance(value, str) or value not in KINDS:
        raise invalid("there is no such kind", field)
    return value


def creation(params: dict) -> dict:
    """What an interrupt is made of. ttl_seconds is there only when it was given: null means for ever."""
    given = {"kind": kind(params.get("kind"), "/kind")}
    given |= {name: required(params, name) for name in ("request_id", "user_id", "session_id")}
    given |= {name: identifier(params, name) for name in ("envelope_id", "trace_id", "span_id")}
    given |= {name: text(params, name) for name in ("question", "message")}
    given["data"] = data(params.get("data"), "/data") or {}
    if "ttl_seconds" in params:
        given["ttl_seconds"] = ttl = params["ttl_seconds"]
        if ttl is not None and (isinstance(ttl, bool) or not isinstance(ttl, (int, float))):
            raise invalid("it must be a number of seconds, or null", "/ttl_seconds")
    return given


def answer(params: dict) -> dict:
    """A response's members, None where there is nothing. Whether they fit depends on the interrupt."""
    response = params.get("response")
    if not isinstance(response, dict):
        raise invalid("it must be an object", "/response")
    given = {name: response.get(name) for name in ("text", "approved", "decision")}
    given["data"] = data(response.get("data"), "/response/data")
    if given["text"] is not None and not (isinstance(given["text"], str) and 1 <= len(given["text"]) <= TEXT_MAX):
        raise invalid(f"it must be text of 1 to {TEXT_MAX} characters", "/response/text")
    if given["approved"] is not None and not isinstance(given["approved"], bool):
        raise invalid("it must be true or false", "/response/approved")
    if given["decision"] is not None and given["decision"] not in DECISIONS:
        raise invalid("it must be approve, reject or modify", "/response/decision")
    return given


def filters(params: dict) -> Filters:
    found = Filters(*(filled(params, name) for name in ("user_id", "session_id", "request_id")),
                    status=status(params), kinds=kinds(params))
    if found.user_id is None and found.session_id is None and found.request_id is None:
        raise invalid("name a user_id, a session_id or a request_id", "/user_id")
    return found


def status(params: dict) -> str | None:
    value = text(params, "status")
    if value is not None and value != "all" and value not in STATUSES:
        raise invalid("there is no such status", "/status")
    return None if value == "all" else value or "pending"


def kinds(params: dict) -> tuple[str, ...] | None:
    value = params.get("kinds")
    if value is None:
        return None
    if not isinstance(value, list) or not value:
        raise invalid("it must be a list of kinds", "/kinds")
    return tuple(sorted({kind(each, f"/kinds/{i}") for i, each in enumerate(value)}))


def limit(params: dict) -> int:
    value = params.get("limit")
    if value is None:
        return 50
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 200:
        raise invalid("it must be 1 to 200", "/limit")
    return value
