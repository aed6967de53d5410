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
