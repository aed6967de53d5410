-- The base schema: sessions, their state, and the questions of before.
create table if not exists sessions (
    session_id text primary key,
    user_id text not null,
    title varchar(200),
    created_at timestamptz not null default now()
);

create table if not exists session_state (
    session_id text primary key references sessions (session_id),
    state jsonb not null default '{}',
    turn integer not null default 0 check (turn >= 0)
);

create table if not exists open_loops (
    loop_id uuid primary key default gen_random_uuid(),
    user_id text not null,
    description text not null,
    status text not null default 'open' check (status in ('open', 'closed')),
    opened_at timestamptz not null default now()
);

create table if not exists pending_confirmations (
    confirmation_id text primary key,
    session_id text not null references sessions (session_id),
    user_id text not null,
    request_id text not null,
    message text not null,
    status text not null default 'pending' check (status in ('pending', 'confirmed', 'denied', 'expired')),
    response text,
    created_at timestamptz not null default now(),
    expires_at timestamptz
);

create index if not exists open_loops_user on open_loops (user_id, status);
create index if not exists pending_confirmations_session on pending_confirmations (session_id, status);
create index if not exists pending_confirmations_user on pending_confirmations (user_id)
    where status = 'pending';
