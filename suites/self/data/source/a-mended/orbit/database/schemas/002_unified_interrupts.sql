-- The one table of interrupts: what holds a flow, and what became of it.
create table if not exists flow_interrupts (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    status text not null default 'pending',
    request_id text not null,
    user_id text not null,
    session_id text not null,
    envelope_id text,
    question text,
    message text,
    data jsonb not null default '{}',
    response jsonb,
    trace_id text,
    span_id text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    expires_at timestamptz,
    resolved_at timestamptz,
    constraint flow_interrupts_kind check (kind in (
        'clarification', 'confirmation', 'critic_review', 'checkpoint', 'resource_exhausted', 'timeout', 'system_error'
    )),
    constraint flow_interrupts_status check (status in ('pending', 'resolved', 'expired', 'cancelled')),
    constraint flow_interrupts_data check (jsonb_typeof(data) = 'object'),
    -- A check that comes out as null passes, so each side says what it means about null.
    constraint flow_interrupts_answer check (
        case when status = 'resolved'
            then response is not null and jsonb_typeof(response) = 'object' and resolved_at is not null
            else response is null and resolved_at is null
        end
    )
);

comment on table flow_interrupts is 'Questions that hold a flow until somebody answers, they expire or they are cancelled.';
comment on column flow_interrupts.kind is
    'One of clarification, confirmation, critic_review, checkpoint, resource_exhausted, timeout, system_error.';
comment on column flow_interrupts.status is
    'One of pending, resolved, expired, cancelled. Only pending becomes another; the others are final.';
comment on column flow_interrupts.data is 'What the question is about; a JSON object.';
comment on column flow_interrupts.response is
    'The answer, with received_at; a JSON object exactly when the status is resolved.';
comment on column flow_interrupts.updated_at is 'When the row last changed, by the clock of the database.';
comment on column flow_interrupts.expires_at is
    'The last instant at which the question is open; null: for ever. A checkpoint stays open in any case.';
comment on column flow_interrupts.resolved_at is 'When it was answered; set exactly when the status is resolved.';
-- What is looked up: the open questions of a request and of a user, everything of a session, a user and a request newest
-- first, what is due, and what belongs to a trace.
create index if not exists flow_interrupts_pending_request
    on flow_interrupts (request_id, created_at desc, id desc) where status = 'pending';
create index if not exists flow_interrupts_pending_user
    on flow_interrupts (user_id, created_at desc, id desc) where status = 'pending';
create index if not exists flow_interrupts_session on flow_interrupts (session_id, created_at desc, id desc);
create index if not exists flow_interrupts_user on flow_interrupts (user_id, created_at desc, id desc);
create index if not exists flow_interrupts_request on flow_interrupts (request_id, created_at desc, id desc);
create index if not exists flow_interrupts_kind_status on flow_interrupts (kind, status);
-- Checkpoints never expire; with them here, every sweep would read the overdue ones again.
create index if not exists flow_interrupts_due
    on flow_interrupts (expires_at) where status = 'pending' and kind <> 'checkpoint';
create index if not exists flow_interrupts_trace on flow_interrupts (trace_id) where trace_id is not null;
-- What the database itself sees to, whoever writes: the time of the last change, and that a final status stays.
create or replace function flow_interrupts_touch() returns trigger language plpgsql as $$
begin
    new.updated_at := clock_timestamp();
    return new;
end
$$;

create or replace function flow_interrupts_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'interrupt % is %, and that is final', old.id, old.status
        using errcode = '23514', hint = 'Only a pending interrupt changes its status, response or resolved_at.';
end
$$;

create or replace trigger flow_interrupts_touch
    before update on flow_interrupts
    for each row execute function flow_interrupts_touch();

create or replace trigger flow_interrupts_transition
    before update on flow_interrupts
    for each row
    when (old.status <> 'pending' and (old.status is distinct from new.status
        or old.response is distinct from new.response or old.resolved_at is distinct from new.resolved_at))
    execute function flow_interrupts_refuse();

comment on function flow_interrupts_refuse() is 'Refuses (SQLSTATE 23514) to change what is final.';
