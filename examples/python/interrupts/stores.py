"""Which store a command line means."""

from pathlib import Path

from .store import Store
from .store_memory import MemoryStore


def open_store(name: str, migrations: str | None = None) -> Store:
    """`memory`, or `postgres:` and what libpq connects by; then the folder with the migrations, unless the tables are there."""
    if name == "memory":
        return MemoryStore()
    form, _, conninfo = name.partition(":")
    if form != "postgres" or not conninfo:
        raise SystemExit(f"there is no store {name!r}; write memory, or postgres:'host=/run/postgresql dbname=flows'")
    from .store_postgres import PostgresStore  # psycopg2 is wanted only here
    return PostgresStore(conninfo, Path(migrations) if migrations else None)
