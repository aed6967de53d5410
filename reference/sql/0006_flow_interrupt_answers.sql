-- What was answered to requests that came with a key, so that they can be sent again: each is written in the transaction
-- of the creation or response itself.
create table if not exists flow_interrupt_answers (
    scope text not null,
    key text not null,
    request bytea not null,
    answer jsonb not null,
    kept_until timestamptz not null,
    primary key (scope, key)
);

create index if not exists flow_interrupt_answers_kept_until on flow_interrupt_answers (kept_until);

-- Begins a request. Each statement in here sees what was committed before it began, so once the lock is ours nobody else
-- has written, or can write, an answer that is not seen.
create or replace function flow_interrupt_answer_claim(
    in p_scope text, in p_key text, in p_request bytea, in p_now timestamptz,
    out won boolean, out same boolean, out answer jsonb
) language plpgsql as $$
begin
    won := pg_try_advisory_xact_lock(hashtextextended(concat_ws(chr(10), current_schema(), p_scope, p_key), 0));
    if won then
        delete from flow_interrupt_answers a
            where a.scope = p_scope and a.key = p_key and a.kept_until < p_now;
        select a.request = p_request, a.answer into same, answer from flow_interrupt_answers a
            where a.scope = p_scope and a.key = p_key;
    end if;
end
$$;

comment on table flow_interrupt_answers is 'Answers to requests with an Idempotency-Key, kept for a day.';
comment on column flow_interrupt_answers.scope is 'Where the key counts: route, path and user.';
comment on column flow_interrupt_answers.request is 'SHA-256 of the request; another request with the key is refused.';
comment on column flow_interrupt_answers.answer is 'The whole interrupt as it was after the change.';
comment on function flow_interrupt_answer_claim is
    'Keeps the key for this transaction (won; false: another has it), and says what is kept under it: whether it was the same request, and its answer; null: nothing.';
