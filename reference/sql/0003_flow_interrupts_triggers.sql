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
