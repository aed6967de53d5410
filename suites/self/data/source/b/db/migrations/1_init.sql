create table pending_confirmations (
    id uuid primary key,
    open boolean not null
);
