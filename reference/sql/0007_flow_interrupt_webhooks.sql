-- Who is told of events by a request to a URL, and what is owed to each: the statement that appends an event makes a
-- delivery for each subscription that matches it, so neither is there without the other. A delivery that succeeded is
-- deleted.
create table if not exists flow_interrupt_subscriptions (
    id uuid primary key,
    url text not null,
    events text[] not null,
    secret text,
    request_id text,
    headers jsonb not null default '{}',
    timeout interval not null,
    base_delay interval not null,
    max_tries int not null,
    created_at timestamptz not null default now(),
    constraint flow_interrupt_subscriptions_headers check (jsonb_typeof(headers) = 'object')
);

-- Without a foreign key: with one every transition would lock, and so write to, the row of each subscription that it
-- matches.
create table if not exists flow_interrupt_deliveries (
    event_id uuid not null,
    subscription_id uuid not null,
    interrupt_id uuid not null,
    number bigint not null,
    occurred_at timestamptz not null,
    payload jsonb not null,
    state text not null default 'pending',
    tries int not null default 0,
    takes bigint not null default 0,
    due_at timestamptz not null,
    last_status int,
    last_error text,
    dead_at timestamptz,
    primary key (event_id, subscription_id),
    constraint flow_interrupt_deliveries_state check (state in ('pending', 'dead')),
    constraint flow_interrupt_deliveries_dead check ((state = 'dead') = (dead_at is not null))
);

create index if not exists flow_interrupt_deliveries_due
    on flow_interrupt_deliveries (subscription_id, due_at, number) where state = 'pending';
create index if not exists flow_interrupt_deliveries_lane
    on flow_interrupt_deliveries (interrupt_id, subscription_id, number) where state = 'pending';
create index if not exists flow_interrupt_deliveries_dead_at
    on flow_interrupt_deliveries (dead_at, number) where state = 'dead';

comment on table flow_interrupt_subscriptions is 'Who is told of which events by requests to a URL.';
comment on column flow_interrupt_subscriptions.events is
    'Patterns: a type of event, a prefix with .* behind it, or *.';
comment on column flow_interrupt_subscriptions.request_id is 'Only the events of this request; null: of every one.';
comment on table flow_interrupt_deliveries is 'Events that are owed to subscriptions, and those that were given up.';
comment on column flow_interrupt_deliveries.number is
    'That of the event: one subscription gets the events of one interrupt in this order.';
comment on column flow_interrupt_deliveries.takes is
    'How often somebody took it to deliver it; what became of an earlier take no longer counts.';
comment on column flow_interrupt_deliveries.due_at is
    'From when on it may be taken: now, after a delay, or when whoever has it is taken to have died.';
