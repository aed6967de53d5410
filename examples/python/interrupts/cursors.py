"""Cursors: where a page ended, bound to the filters for which it was read. The digest is against mistakes and damage, not
against forgery: what a forged one would show is what its owner may see anyhow, since filters come with each request."""

import base64
import hashlib
import json
from dataclasses import astuple

from . import instants
from .errors import invalid
from .models import Filters, Place


def write(place: Place, filters: Filters) -> str:
    text = json.dumps([instants.write(place.created_at), place.id])
    return base64.urlsafe_b64encode(f"{digest(text, filters)}{text}".encode()).decode()


def read(cursor: str | None, filters: Filters) -> Place | None:
    if cursor is None:
        return None
    try:
        content = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True).decode()
        text = content[16:]
        created_at, row_id = json.loads(text)
        place = Place(instants.parse(created_at, "/cursor"), row_id)
    except (ValueError, TypeError):
        raise invalid("that is no cursor of ours", "/cursor") from None
    if write(place, filters) != cursor:
        raise invalid("the cursor is damaged, or of other filters", "/cursor")
    return place


def digest(text: str, filters: Filters) -> str:
    return hashlib.sha256(json.dumps([text, astuple(filters)]).encode()).hexdigest()[:16]
