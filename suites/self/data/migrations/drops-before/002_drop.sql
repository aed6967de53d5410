drop table if exists pending_confirmations;
do $$
begin
    if to_regclass($x$pending_clarifications$x$) is not null then
        insert into flow_interrupts (kind, request_id, user_id, session_id, question)
            select $x$clarification$x$, coalesce(request, $x$?$x$), coalesce(asked_user, $x$?$x$), coalesce(session, $x$?$x$), question_text
            from pending_clarifications;
        drop table pending_clarifications;
    end if;
end
$$;
