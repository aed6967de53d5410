-- The tables of before, where there are any: every row becomes an interrupt, and only then the table goes. A row that
-- cannot become one stops everything and is named. Nothing is told of these rows: it happened long ago.
do $$
declare
    -- Where each field stands, what each status means, and the answer that lies in it.
    sources constant jsonb := '{
        "pending_confirmations": {
            "kind": "confirmation",
            "id": "confirmation_id", "request_id": "req_id", "user_id": "owner", "session_id": "session",
            "message": "prompt", "data": "payload", "status": "state",
            "created_at": "created", "updated_at": "modified", "expires_at": "deadline", "resolved_at": "decided_at",
            "statuses": {"waiting": "pending", "approved": "resolved", "denied": "resolved",
                         "timed_out": "expired", "withdrawn": "cancelled"},
            "answers": {"approved": {"approved": true}, "denied": {"approved": false}}
        },
        "pending_clarifications": {
            "kind": "clarification",
            "id": "id", "request_id": "request", "user_id": "asked_user", "session_id": "session", "envelope_id": "envelope",
            "question": "question_text", "data": "context", "status": "status", "text": "answer",
            "created_at": "asked_on", "updated_at": "changed_on", "expires_at": "expires_on", "resolved_at": "answered_on",
            "statuses": {"open": "pending", "answered": "resolved", "lapsed": "expired", "dropped": "cancelled"},
            "answers": {}
        }
    }';
    times constant text[] := array['created_at', 'updated_at', 'expires_at', 'resolved_at'];
    zone constant text := nullif(current_setting('holdpoint.legacy_zone', true), '');
    source text;
    place jsonb;
    old jsonb;     -- the row
    field text;
    value text;
    instant timestamptz;
    instants jsonb;
    status text;
    response jsonb;
    content jsonb; -- what was stored as the text of JSON
    data jsonb;
    legacy jsonb;  -- what has no place of its own
    old_id text;
    known text[];
begin
    for source, place in select * from jsonb_each(sources) loop
        continue when to_regclass(quote_ident(source)) is null;
        execute format('lock table %I in access exclusive mode', source);
        for old in execute format('select to_jsonb(t.*) from %I t', source) loop
            old_id := old ->> (place ->> 'id');
            begin
                instants := '{}';
                foreach field in array times loop
                    value := old ->> (place ->> field);
                    continue when value is null or (field = 'expires_at' and value = 'infinity');
                    if value ~ '([+-]\d\d(:\d\d)*|Z)( BC)?$' then
                        instant := value::timestamptz;
                    elsif zone is null then
                        raise exception 'its times have no zone, and no zone was named (option legacy_zone)';
                    elsif not exists (select 1 from pg_timezone_names n where n.name = zone) then
                        raise exception 'there is no time zone "%"', zone;
                    else
                        instant := value::timestamp at time zone zone;
                    end if;
                    if not isfinite(instant) or extract(year from instant at time zone 'UTC') not between 1 and 9999 then
                        raise exception 'its % lies outside the years 1 to 9999', place ->> field;
                    end if;
                    instants := instants || jsonb_build_object(field,
                        to_char(instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
                end loop;

                status := place -> 'statuses' ->> coalesce(old ->> (place ->> 'status'), '');
                if status is null then
                    raise exception 'its status is %', coalesce('"' || (old ->> (place ->> 'status')) || '"', 'missing');
                end if;
                response := null;
                if status = 'resolved' then
                    instants := jsonb_build_object('resolved_at',
                        coalesce(instants ->> 'updated_at', instants ->> 'created_at')) || instants;
                    response := coalesce(place -> 'answers' -> (old ->> (place ->> 'status')),
                        jsonb_build_object('text', nullif(old ->> (place ->> 'text'), '')));
                    if response = '{"text": null}' then
                        raise exception 'it is answered, without an answer';
                    elsif instants ->> 'resolved_at' is null then
                        raise exception 'it is answered, at no time at all';
                    end if;
                    response := response || jsonb_build_object('received_at', instants ->> 'resolved_at');
                end if;

                known := array(select p.value #>> '{}' from jsonb_each(place) p where jsonb_typeof(p.value) = 'string');
                select coalesce(jsonb_object_agg(e.key, e.value), '{}') into legacy
                    from jsonb_each(old - known) e where e.value <> 'null';
                -- An answer, or the time of one, beside a status that has none.
                foreach field in array array['text', 'resolved_at'] loop
                    if status <> 'resolved' and old ->> (place ->> field) is not null then
                        legacy := legacy || jsonb_build_object(place ->> field, old -> (place ->> field));
                    end if;
                end loop;
                value := old ->> (place ->> 'data');
                begin
                    content := value::jsonb;
                exception when others then
                    content := null;
                end;
                if jsonb_typeof(content) = 'object' and not content ?| array['legacy', 'legacy_id'] then
                    data := content;
                else
                    data := '{}';
                    if value <> '' then
                        legacy := legacy || jsonb_build_object(place ->> 'data', coalesce(content, to_jsonb(value)));
                    end if;
                end if;
                if legacy <> '{}' then
                    data := data || jsonb_build_object('legacy', legacy);
                end if;
                if old_id !~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
                    data := data || jsonb_build_object('legacy_id', old_id);
                end if;

                insert into flow_interrupts (id, kind, status, request_id, user_id, session_id, envelope_id, question,
                    message, data, response, created_at, updated_at, expires_at, resolved_at)
                values (
                    case when data ? 'legacy_id' then gen_random_uuid() else old_id::uuid end,
                    place ->> 'kind', status,
                    coalesce(nullif(old ->> (place ->> 'request_id'), ''), 'legacy'),
                    coalesce(nullif(old ->> (place ->> 'user_id'), ''), 'legacy'),
                    coalesce(nullif(old ->> (place ->> 'session_id'), ''), 'legacy'),
                    old ->> (place ->> 'envelope_id'),
                    old ->> (place ->> 'question'),
                    old ->> (place ->> 'message'),
                    data, response,
                    coalesce((instants ->> 'created_at')::timestamptz, (instants ->> 'updated_at')::timestamptz, now()),
                    coalesce((instants ->> 'updated_at')::timestamptz, (instants ->> 'created_at')::timestamptz, now()),
                    (instants ->> 'expires_at')::timestamptz,
                    case when status = 'resolved' then (instants ->> 'resolved_at')::timestamptz end
                );
            exception when others then
                raise exception 'the row % of % cannot be carried over: %', coalesce(old_id, 'without id'), source, sqlerrm
                    using errcode = sqlstate, hint = 'Nothing was changed. Mend the row, or move it away, and migrate again.';
            end;
        end loop;
        execute format('drop table %I', source);
    end loop;
end
$$;
