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
