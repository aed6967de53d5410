-- The outbox: each creation and each transition puts its event here in its own transaction. A row that was delivered is
-- deleted. What is to be told is found by these marks, never by a number remembered elsewhere: numbers are drawn in one
-- order and committed in another.
create table if not exists flow_interrupt_events (
    id uuid primary key,
    number bigint generated always as identity,
    interrupt_id uuid not null,
    event_type text not null,
    occurred_at timestamptz not null,
    payload jsonb not null,
    taken_until timestamptz
);

create unique index if not exists flow_interrupt_events_lane on flow_interrupt_events (interrupt_id, number);
create index if not exists flow_interrupt_events_number on flow_interrupt_events (number);

comment on table flow_interrupt_events is 'Events that are not yet delivered.';
comment on column flow_interrupt_events.number is
    'The order of the events of one interrupt: drawn while its row is locked. It says nothing about two interrupts.';
comment on column flow_interrupt_events.payload is 'The whole interrupt as it was after the change.';
comment on column flow_interrupt_events.taken_until is
    'Until when somebody is delivering it; null: nobody. Past that instant he is taken to have died.';
