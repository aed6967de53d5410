-- A table of every type, referring to others, one of which comes later by name.
create schema if not exists odd;
do $$
begin
    create type mood as enum ('fine', 'so "so"');
    create domain short_code as varchar(4) not null;
    create domain grade as int check (value between 1 and 6);
    create type pair as (a int, b text);
exception when duplicate_object then
    null;
end
$$;
create table if not exists zones (id uuid primary key, name text unique not null check (length(name) > 2));
create table if not exists "Odd Names" (
    id bigserial primary key,
    zone_id uuid not null references zones (id),
    "select" text not null,
    mood mood not null,
    code short_code,
    grade grade not null,
    level smallint not null check (level in (10, 20, 30)),
    status text not null default 'open' check (status in ('open', 'shut')),
    closed_at timestamptz,
    share numeric(4, 2) not null,
    b boolean not null, d date not null, t time not null, ts timestamp not null, tz timestamptz not null,
    i interval not null, j json not null, jb jsonb not null, bin bytea not null, address inet not null,
    words text[] not null, span int4range not null, place point not null, bits bit(3) not null, c char(2) not null,
    f real not null, made int generated always as (1 + 1) stored, extra pair,
    "long" varchar(255), medium varchar(12),
    check ((status = 'open') = (closed_at is null))
);
create table if not exists odd.days (day date not null, name text) partition by range (day);
create table if not exists odd.days_all partition of odd.days default;
create table if not exists odd.nothing ();
create table if not exists odd.tree (id int primary key, parent int references odd.tree (id), name text not null);
create temporary table passing (a int);
-- Columns that are named like what a question about the table might call the table itself.
create table if not exists odd.names (t text not null, e text, c text, n text, row_number int);
