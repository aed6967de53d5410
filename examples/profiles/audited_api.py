#!/usr/bin/python3
"""A small service with the HTTP interface that the audited system has: read, answer, list and cancel interrupts of one table.

It has no route for creation (the pipeline writes interrupts itself), tells errors as {"detail": ...}, says 422 for what is
invalid, and leaves `response` out of the interrupts that it shows. Python's standard library and psycopg2 only.

    audited_api.py 'host=/run/postgresql dbname=flows options=-csearch_path=public' [PORT]

prints "listening on http://127.0.0.1:PORT" and ends with its stdin."""
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg2
import psycopg2.extras

KINDS = ("clarification", "confirmation", "critic_review", "checkpoint", "resource_exhausted", "timeout", "system_error")
STATUSES = ("pending", "resolved", "expired", "cancelled")
NEEDED = {"clarification": "text", "confirmation": "approved", "critic_review": "decision"}
TYPES = {"text": str, "approved": bool, "decision": str, "data": dict}
BODY_MAX = 1_200_000
TIME = "to_char({0} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') as {0}"
SHOWN_STATUS = ("case when status = 'pending' and kind <> 'checkpoint' and expires_at < clock_timestamp() then 'expired' "
                "else status end")
COLUMNS = ("id::text, kind, request_id, user_id, session_id, envelope_id, question, message, data, "
           f"{SHOWN_STATUS} as status, trace_id, span_id, "
           + ", ".join(TIME.format(name) for name in ("created_at", "expires_at", "resolved_at")))
local = threading.local()


class Refusal(Exception):
    def __init__(self, status, detail):
        super().__init__(detail)
        self.status, self.detail = status, detail


def cursor():
    if not hasattr(local, "connection"):
        local.connection = psycopg2.connect(sys.argv[1], cursor_factory=psycopg2.extras.RealDictCursor)
    return local.connection.cursor()


def find(rows, interrupt_id, user_id, lock=""):
    rows.execute(f"select {COLUMNS} from flow_interrupts where id::text = %s {lock}", (interrupt_id,))
    row = rows.fetchone()
    if row is None:
        raise Refusal(404, "Interrupt not found")
    if row["user_id"] != user_id:
        raise Refusal(403, "Interrupt belongs to another user")
    return row


def find_pending(rows, interrupt_id, user_id):
    find(rows, interrupt_id, user_id, "for update")
    row = find(rows, interrupt_id, user_id)  # behind the lock, and by a clock that was read behind it
    if row["status"] != "pending":
        raise Refusal(409, f"Interrupt is {row['status']}, not pending")
    return row


def depth(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


def check_response(body):
    if not isinstance(body, dict):
        raise Refusal(422, [{"loc": ["body"], "msg": "value is not a valid dict"}])
    for name, kind in TYPES.items():
        if body.get(name) is not None and not isinstance(body[name], kind):
            raise Refusal(422, [{"loc": ["body", name], "msg": "wrong type"}])
    if depth(body.get("data")) > 64:
        raise Refusal(422, [{"loc": ["body", "data"], "msg": "nested too deeply"}])
    text = body.get("text")
    if text is not None and not 1 <= len(text) <= 10000:
        raise Refusal(422, [{"loc": ["body", "text"], "msg": "1 to 10000 characters"}])
    if body.get("decision") not in (None, "approve", "reject", "modify"):
        raise Refusal(422, [{"loc": ["body", "decision"], "msg": "unknown decision"}])


def check_fit(kind, body):
    needed = NEEDED.get(kind)
    if needed is None:
        return
    for name in ("text", "approved", "decision"):
        if (name == needed) != (body.get(name) is not None):
            raise Refusal(422, [{"loc": ["body", name], "msg": f"a {kind} takes {needed}"}])


def respond(interrupt_id, user_id, body):
    check_response(body)
    with cursor() as rows:
        kind = find_pending(rows, interrupt_id, user_id)["kind"]
        check_fit(kind, body)
        stored = {name: body.get(name) for name in TYPES}
        rows.execute("with moment as materialized (select clock_timestamp() as now) update flow_interrupts set "
                     "status = 'resolved', resolved_at = now, response = %s::jsonb || jsonb_build_object('received_at', "
                     "to_char(now at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')) from moment where id::text = %s",
                     (json.dumps(stored), interrupt_id))
        interrupt = find(rows, interrupt_id, user_id)
    local.connection.commit()
    denied = kind == "confirmation" and body["approved"] is False
    return {"success": True, "interrupt": interrupt, "request_can_resume": not denied}


def cancel(interrupt_id, user_id, reason):
    with cursor() as rows:
        find_pending(rows, interrupt_id, user_id)
        note = json.dumps({"cancel_reason": reason} if reason else {})
        rows.execute("update flow_interrupts set status = 'cancelled', data = data || %s::jsonb where id::text = %s",
                     (note, interrupt_id))
    local.connection.commit()


def page(query, user_id):
    status, limit = query.get("status_filter", ["pending"])[0], query.get("limit", ["50"])[0]
    kinds = query.get("kind", list(KINDS))
    if status not in STATUSES + ("all",) or not set(kinds) <= set(KINDS):
        raise Refusal(422, [{"loc": ["query"], "msg": "unknown status or kind"}])
    if not limit.isdigit() or not 1 <= int(limit) <= 200:
        raise Refusal(422, [{"loc": ["query", "limit"], "msg": "1 to 200"}])
    with cursor() as rows:
        rows.execute(f"select {COLUMNS} from flow_interrupts where user_id = %s and (%s::text is null or session_id = %s) "
                     f"and kind = any(%s) and %s in ('all', {SHOWN_STATUS}) order by flow_interrupts.created_at desc, "
                     "flow_interrupts.id desc", (user_id, *2 * query.get("session_id", [None]), kinds, status))
        found = rows.fetchall()
    return {"interrupts": found[:int(limit)], "total": len(found)}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, value=None):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        if value is not None:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def read_body(self):
        length = int(self.headers.get("Content-Length", 0))
        raw = self.rfile.read(min(length, BODY_MAX + 1))
        if length > BODY_MAX:
            self.close_connection = True
            raise Refusal(413, "Body too large")
        try:
            return json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise Refusal(422, [{"loc": ["body"], "msg": str(error)}]) from error

    def route(self):
        url = urlsplit(self.path)
        query = parse_qs(url.query, keep_blank_values=True)
        parts = [unquote(part) for part in url.path.strip("/").split("/")]
        body = self.read_body() if self.command == "POST" else None
        user_id = query.get("user_id", [""])[0]
        if parts[0] != "interrupts" or len(parts) > 3:
            raise Refusal(404, "Not Found")
        if not user_id or len(user_id.encode()) > 255 or "\0" in self.path or "%00" in self.path:
            raise Refusal(422, [{"loc": ["query", "user_id"], "msg": "1 to 255 bytes"}])
        if self.command == "GET" and len(parts) == 1:
            return self.answer(200, page(query, user_id))
        if self.command == "GET" and len(parts) == 2:
            with cursor() as rows:
                return self.answer(200, find(rows, parts[1], user_id))
        if self.command == "POST" and len(parts) == 3 and parts[2] == "respond":
            return self.answer(200, respond(parts[1], user_id, body))
        if self.command == "DELETE" and len(parts) == 2:
            cancel(parts[1], user_id, query.get("reason", [None])[0])
            return self.answer(204)
        raise Refusal(405, "Method Not Allowed")

    def handle_one(self):
        try:
            self.route()
        except Refusal as refusal:
            self.answer(refusal.status, {"detail": refusal.detail})
        except psycopg2.DataError:
            self.answer(422, {"detail": "a value that the database cannot hold"})
        finally:
            if hasattr(local, "connection"):
                local.connection.rollback()

    do_GET = do_POST = do_DELETE = handle_one


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    server = Server(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()
