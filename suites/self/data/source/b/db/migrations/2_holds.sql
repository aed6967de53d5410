drop table pending_confirmations;
create table flow_interrupts (
    id uuid primary key,
    kind text not null,
    status text not null
);
