-- What is around an interrupt: the processes of flows with their envelopes, behind which interrupts flows went on, and how often
-- users call endpoints.

-- Which interrupt a process waits for is all that it says about it: whether that is pending says its row in flow_interrupts
-- alone, so the two cannot drift apart. json, not jsonb, keeps an envelope as it was written.
create table if not exists flow_processes (
    pid text primary key,
    state text not null,
    version bigint not null,
    interrupt_id uuid,
    envelope json not null,
    notes json not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint flow_processes_state
        check (state in ('new', 'ready', 'running', 'waiting', 'blocked', 'terminated', 'zombie')),
    constraint flow_processes_waiting check (state <> 'waiting' or interrupt_id is not null),
    constraint flow_processes_envelope check (json_typeof(envelope) = 'object')
);

-- The primary key is what lets a flow go on once.
create table if not exists flow_resumptions (
    interrupt_id uuid primary key,
    pid text not null,
    resumed_at timestamptz not null
);

create table if not exists flow_rate_limits (
    scope text not null,
    name text not null,
    per_minute bigint not null,
    per_hour bigint not null,
    per_day bigint not null,
    primary key (scope, name),
    constraint flow_rate_limits_scope check (scope in ('user', 'endpoint'))
);

-- One row for each user and endpoint, which whoever judges a call of theirs locks.
create table if not exists flow_rate_windows (
    user_id text not null,
    endpoint text not null,
    interrupt_id uuid,
    primary key (user_id, endpoint)
);

create table if not exists flow_rate_calls (
    user_id text not null,
    endpoint text not null,
    called_at timestamptz not null
);

create index if not exists flow_rate_calls_called_at
    on flow_rate_calls (user_id, endpoint, called_at);

comment on table flow_processes is 'The processes of a kernel, each with the envelope of its flow but for the interrupt.';
comment on column flow_processes.version is 'Counts the changes; a change names the version that it was made from.';
comment on column flow_processes.notes is 'Quota, usage, pipeline and effects.';
comment on table flow_resumptions is 'The interrupts behind which a flow went on.';
comment on table flow_rate_limits is 'Limits of users and endpoints; 0 and less is none.';
comment on column flow_rate_windows.interrupt_id is 'The latest interrupt that was raised about this limit.';
comment on table flow_rate_calls is 'The calls that were allowed, of the last day.';

-- Judges one call: locks the row of its user and endpoint, reads the clock behind the lock, counts, and records the call when
-- every window has room. A function, since only in one is what it reads newer than the lock. full_at is, of a window that is
-- full, the instant of the call with whose leaving it has room again.
create or replace function flow_rate_check(caller text, path text, recorded boolean, moment timestamptz,
    spans interval[], defaults bigint[], out now timestamptz, out most bigint[], out counts bigint[],
    out full_at timestamptz[], out raised uuid)
language plpgsql volatile as $$
declare
    room boolean := true;
begin
    insert into flow_rate_windows (user_id, endpoint) values (caller, path) on conflict do nothing;
    select w.interrupt_id into raised from flow_rate_windows w
        where w.user_id = caller and w.endpoint = path for update;
    now := coalesce(moment, clock_timestamp());
    most := coalesce((select array[l.per_minute, l.per_hour, l.per_day] from flow_rate_limits l
            where l.scope = 'endpoint' and l.name = path),
        (select array[l.per_minute, l.per_hour, l.per_day] from flow_rate_limits l
            where l.scope = 'user' and l.name = caller), defaults);
    for i in 1 .. cardinality(spans) loop
        counts[i] := (select count(*) from flow_rate_calls c
            where c.user_id = caller and c.endpoint = path and c.called_at > now - spans[i]);
        full_at[i] := null;
        if most[i] > 0 and counts[i] >= most[i] then
            full_at[i] := (select c.called_at from flow_rate_calls c
                where c.user_id = caller and c.endpoint = path order by c.called_at desc offset most[i] - 1 limit 1);
            room := false;
        end if;
    end loop;
    if room and recorded then
        delete from flow_rate_calls c
            where c.user_id = caller and c.endpoint = path and c.called_at <= now - spans[cardinality(spans)];
        insert into flow_rate_calls (user_id, endpoint, called_at) values (caller, path, now);
    end if;
end
$$;
