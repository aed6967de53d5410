"""Interrupts in PostgreSQL, in the tables of reference/sql, which any number of servers may share, those of other
implementations among them. Needs Debian's python3-psycopg2.

Whatever decides about a row locks it first, and reads the clock only then. A read that would show a row expired waits for
whoever holds it, since that one may still answer it: he came in time."""

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import psycopg2
import psycopg2.extras

from . import rules, strict_json
from .errors import Refused, invalid
from .models import KINDS, Change, Event, Filters, Interrupt, Place, Response
from .store import Decide

CONNECTIONS_MAX = 32
SWEEP_ROWS = 500
FIELDS = [field.name for field in fields(Interrupt)]
COLUMNS = ", ".join(FIELDS)
LASTING = [name for name, kind in KINDS.items() if not kind.expires]
DUE = "status = 'pending' and kind <> all (%(lasting)s) and expires_at < %(now)s"
INSERT = f"insert into flow_interrupts ({COLUMNS}) values ({', '.join(f'%({name})s' for name in FIELDS)})"
UPDATE = """update flow_interrupts set status = %(status)s, data = %(data)s, response = %(response)s,
    resolved_at = %(resolved_at)s where id = %(id)s"""
# An event, and what is owed to each subscription: a server of the reference on this database delivers it.
TELL = """with told as (
    insert into flow_interrupt_events (id, interrupt_id, event_type, occurred_at, payload)
    values (%(event_id)s, %(id)s, %(event_type)s, %(timestamp)s, %(payload)s) returning *)
insert into flow_interrupt_deliveries (event_id, subscription_id, interrupt_id, number, occurred_at, payload, due_at)
select t.id, s.id, t.interrupt_id, t.number, t.occurred_at, t.payload, t.occurred_at
from told t, flow_interrupt_subscriptions s
where (s.request_id is null or s.request_id = %(request_id)s) and exists (
    select from unnest(s.events) pattern
    where pattern in ('*', t.event_type) or (pattern like '%%.*' and starts_with(t.event_type, left(pattern, -1))))"""
DRAIN = """with taken as (delete from flow_interrupt_events returning *)
select id::text, event_type, occurred_at, payload from taken order by number"""
RESET = """truncate flow_interrupts, flow_interrupt_events, flow_interrupt_answers, flow_interrupt_subscriptions,
    flow_interrupt_deliveries, flow_processes, flow_resumptions, flow_rate_limits, flow_rate_windows, flow_rate_calls"""


class PostgresStore:
    def __init__(self, conninfo: str, migrations: Path | None = None):
        self.conninfo = conninfo
        self._connections: queue.LifoQueue = queue.LifoQueue()
        self._clock: datetime | None = None
        for _ in range(CONNECTIONS_MAX):
            self._connections.put(None)  # made when it is needed
        if migrations:
            self._migrate(migrations)

    def now(self) -> datetime:
        with self._transaction() as cursor:
            return self._now(cursor)

    def create(self, make: Callable[[datetime], Change]) -> Interrupt:
        with self._transaction() as cursor:
            return keep(cursor, INSERT, make(self._now(cursor)))

    def read(self, interrupt_id: str) -> Interrupt | None:
        with self._transaction() as cursor:
            found, now = find(cursor, interrupt_id), self._now(cursor)
            if found and rules.has_expired(found, now):
                found = find(cursor, interrupt_id, "for share")
            return found and rules.shown(found, now)

    def change(self, interrupt_id: str, decide: Decide) -> Interrupt:
        with self._transaction() as cursor:
            found = find(cursor, interrupt_id, "for update")
            return keep(cursor, UPDATE, decide(found, self._now(cursor)))

    def page(self, filters: Filters, after: Place | None, limit: int) -> tuple[list[Interrupt], int]:
        with self._transaction() as cursor:
            values = {**vars(filters), "kinds": filters.kinds and list(filters.kinds), "lasting": LASTING, "limit": limit,
                      "now": self._now(cursor)}
            where = " and ".join(
                [f"{name} = %({name})s" for name in ("user_id", "session_id", "request_id") if values[name] is not None]
                + (["kind = any (%(kinds)s)"] if filters.kinds else []))
            cursor.execute(f"select from flow_interrupts where {where} and {DUE} order by id for share", values)
            if filters.status:
                where += f" and case when {DUE} then 'expired' else status end = %(status)s"
            cursor.execute(f"select count(*) from flow_interrupts where {where}", values)
            total = cursor.fetchone()[0]
            if after:
                where += " and (created_at, id) < (%(created_at)s, %(id)s::uuid)"
                values |= vars(after)
            cursor.execute(f"""select {COLUMNS} from flow_interrupts where {where}
                order by created_at desc, id desc limit %(limit)s""", values)
            return [rules.shown(interrupt(row), values["now"]) for row in cursor], total

    def sweep(self) -> list[str]:
        """First what nobody holds, then the rest, waiting: in the order of ids, so that no two sweeps wait for each other."""
        now = self.now()
        return [*self._sweep(now, "for update skip locked"), *self._sweep(now, "for update")]

    def _sweep(self, now: datetime, lock: str) -> Iterator[str]:
        found = [None] * SWEEP_ROWS
        while len(found) == SWEEP_ROWS:
            with self._transaction() as cursor:
                cursor.execute(f"select {COLUMNS} from flow_interrupts where {DUE} order by id limit {SWEEP_ROWS} {lock}",
                               {"lasting": LASTING, "now": now})
                found = [interrupt(row) for row in cursor]
                for each in found:
                    keep(cursor, UPDATE, rules.expire(each, now))
            yield from (each.id for each in found)

    def drain(self) -> list[Event]:
        with self._transaction() as cursor:
            cursor.execute(DRAIN)
            return [Event(event_id, event_type, timestamp, payload["request_id"], Interrupt.from_wire(payload).to_wire())
                    for event_id, event_type, timestamp, payload in cursor]

    def reset(self) -> None:
        with self._transaction() as cursor:
            cursor.execute(RESET)
            self._clock = None

    def set_clock(self, now: datetime) -> None:
        if self._clock is not None and now < self._clock:
            raise invalid("the clock does not run backwards", "/now")
        self._clock = now

    def _now(self, cursor) -> datetime:
        """The database's clock, which all servers share, until somebody sets ours."""
        if self._clock is not None:
            return self._clock
        cursor.execute("select clock_timestamp()")
        return cursor.fetchone()[0]

    def _migrate(self, folder: Path) -> None:
        with self._transaction() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtext('interrupts: migrate'))")
            for file in sorted(folder.glob("*.sql")):
                cursor.execute(file.read_text())

    @contextmanager
    def _transaction(self) -> Iterator:
        """Committed at the end, rolled back when anything is raised. A connection that broke is not used again."""
        connection = self._connections.get()
        try:
            connection = connection or connect(self.conninfo)
            with connection, connection.cursor() as cursor:
                yield cursor
        except (psycopg2.OperationalError, psycopg2.InterfaceError) as why:
            if connection:
                connection.close()
            raise Refused("unavailable", f"the database does not answer: {why}") from why
        finally:
            self._connections.put(None if connection is None or connection.closed else connection)


def connect(conninfo: str):
    connection = psycopg2.connect(conninfo)
    connection.set_client_encoding("UTF8")
    with connection, connection.cursor() as cursor:
        cursor.execute("set timezone to 'UTC'; set datestyle to 'ISO'")
    psycopg2.extras.register_default_jsonb(connection, loads=strict_json.stored)
    return connection


def find(cursor, interrupt_id: str, lock: str = "") -> Interrupt | None:
    cursor.execute(f"select {COLUMNS} from flow_interrupts where id = %s {lock}", (interrupt_id,))
    row = cursor.fetchone()
    return row and interrupt(row)


def interrupt(row: tuple) -> Interrupt:
    values = dict(zip(FIELDS, row))
    return Interrupt(**values | {"response": values["response"] and Response.from_wire(values["response"])})


def keep(cursor, statement: str, made: Change) -> Interrupt:
    kept, event = made.interrupt, made.event
    cursor.execute(statement, vars(kept) | {
        "data": strict_json.dumps(kept.data), "response": kept.response and strict_json.dumps(kept.response.to_wire())})
    cursor.execute(TELL, vars(event) | {"id": kept.id, "payload": strict_json.dumps(event.data)})
    return kept
