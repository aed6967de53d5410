#include "reference/store/postgres_statement.h"
#include "reference/store/postgres_row.h"

/* Read once per statement, which is once per operation. */
#define MOMENT(from)                                                                                         \
    "moment as materialized (select coalesce($1::timestamptz, clock_timestamp()) as now" from ")"
#define MOMENT_OF(parameter)                                                                                 \
    "moment as materialized (select coalesce(" parameter "::timestamptz, clock_timestamp()) as now)"
#define NOW "(select now from moment)"

/* hp_interrupt_is_due; null for an interrupt without expiry. */
#define DUE(f) f ".status = 'pending' and " f ".kind <> 'checkpoint' and " f ".expires_at < " NOW

/* hp_instant_format. */
#define INSTANT(time) "to_char(" time " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"

/* interrupt_encode, for the outbox. */
#define PAYLOAD(f)                                                                                           \
    "jsonb_build_object('id', " f ".id, 'kind', " f ".kind, 'request_id', " f ".request_id, 'user_id', " f   \
    ".user_id, 'session_id', " f ".session_id, 'envelope_id', " f ".envelope_id, 'question', " f             \
    ".question, 'message', " f ".message, 'data', " f ".data, 'response', " f ".response, 'status', " f      \
    ".status, 'created_at', " INSTANT(f ".created_at") ", 'expires_at', " INSTANT(                           \
        f ".expires_at") ", 'resolved_at', " INSTANT(f ".resolved_at") ", 'trace_id', " f                    \
                                                                       ".trace_id, 'span_id', " f            \
                                                                       ".span_id)"

/* hp_subscription_matches, for the type of an event. */
#define MATCHES(type)                                                                                        \
    "exists (select 1 from unnest(s.events) p where p = '*' or p = " type                                    \
    " or (right(p, 2) = '.*' and starts_with(" type ", left(p, -1))))"

/* The event, and what is owed to each subscription that is there when the statement begins. */
#define TELL(id, type, rows)                                                                                 \
    "told as (insert into flow_interrupt_events (id, interrupt_id, event_type, occurred_at, payload)"        \
    " select " id ", c.id, " type ", " NOW ", " PAYLOAD(                                                     \
        "c") " from " rows " c returning *), owed as ("                                                      \
             "insert into flow_interrupt_deliveries (event_id, subscription_id, interrupt_id, number, "      \
             "occurred_at,"                                                                                  \
             " payload, due_at) select t.id, s.id, t.interrupt_id, t.number, t.occurred_at, t.payload, "     \
             "t.occurred_at"                                                                                 \
             " from told t join flow_interrupt_subscriptions s on (s.request_id is null or s.request_id ="   \
             " t.payload ->> 'request_id') and " MATCHES("t.event_type") ")"

/* The row stays as it was, or becomes what it was changed to. */
#define OUTCOME(changed, held)                                                                               \
    " (select * from " changed " union all select * from " held " where not exists (select 1 from " changed  \
    "))"

/* Bytes that the texts of a row take as JSON strings, null included. */
#define STRING_BYTES(text) "octet_length(coalesce(to_json(" text ")::text, 'null'))"
#define TEXT_BYTES(f)                                                                                                                                               \
    "(" STRING_BYTES(f ".request_id") " + " STRING_BYTES(f ".user_id") " + " STRING_BYTES(f ".session_id") " + " STRING_BYTES(f ".envelope_id") " + " STRING_BYTES( \
        f                                                                                                                                                           \
        ".question") " + " STRING_BYTES(f                                                                                                                           \
                                        ".message") " + " STRING_BYTES(f                                                                                            \
                                                                       ".trace_id") " + " STRING_BYTES(f                                                            \
                                                                                                       ".sp"                                                        \
                                                                                                       "an_"                                                        \
                                                                                                       "id") ")"

/* Whether a row with that data fits into so much room. jsonb shows blanks behind commas, and the zeroes of
 * large numbers; only when it would be too much with them it is worth to count without. */
#define FITS(f, data, room)                                                                                  \
    "case when " TEXT_BYTES(f) " + octet_length(" data "::text) <= " room " then true else " TEXT_BYTES(     \
        f) " + octet_length(regexp_replace(" data                                                            \
           "::text, '(\"(?:[^\"\\\\]|\\\\.)*\")|\\s|0{8,}', '\\1', 'g')) <= " room " end"

/* Locks the row unless the key stands against it, reads the clock, decides, changes, tells. What waited for the lock
 * sees the row as the holder left it; the update then finds it changed since the statement began, and takes it as it is
 * locked here. */
#define DECIDE(unless, fits, assignments, type)                                                              \
    "held as materialized (select f.* from flow_interrupts f where f.id = $2::uuid" unless                   \
    " for no key update), " MOMENT(                                                                          \
        " from held") ", verdict as materialized (select ($3::text is null or h.user_id = $3::text) and "    \
                      "h.status = 'pending'"                                                                 \
                      " and (" DUE(                                                                          \
                          "h") ") is not true and " fits " as granted from held h),"                         \
                               " changed as (update flow_interrupts f set " assignments                      \
                               " from verdict v where f.id = $2::uuid and v.granted returning f.*), " TELL(  \
                                   "$4::uuid", type, "changed")

#define DECIDED " select " NOW ", v.granted, " ROW_COLUMNS("o")

#define CHANGE(fits, assignments, type)                                                                      \
    "with " DECIDE("", fits, assignments, type) DECIDED " from verdict v," OUTCOME("changed", "held") " o"

/* The key is claimed before anything else is looked at, and the answer is kept for HP_ANSWER_KEPT_US. */
#define CLAIM(scope, key, request)                                                                           \
    "claim as materialized (select * from flow_interrupt_answer_claim(" scope "::text, " key "::text,"       \
    " sha256(convert_to(" request "::text, 'UTF8')), coalesce($1::timestamptz, clock_timestamp()))), "
#define UNLESS_CLAIMED " and (select k.won and k.same is null from claim k)"
#define KEEP(scope, key, request, rows)                                                                      \
    ", kept as (insert into flow_interrupt_answers (scope, key, request, answer, kept_until) select " scope  \
    "::text, " key "::text, sha256(convert_to(" request                                                      \
    "::text, 'UTF8')), " PAYLOAD("c") ", " NOW " + interval '24 hours' from " rows " c)"
#define CLAIMED ", k.won, k.same, k.answer::text from claim k"

#define RESOLVE_FITS "h.kind = any($6::text[]) and " FITS("h", "h.data", "$7::int8")
#define RESOLVE_ASSIGNMENTS                                                                                  \
    "status = 'resolved', resolved_at = " NOW                                                                \
    ", response = $5::jsonb || jsonb_build_object('received_at', " INSTANT(NOW) ")"

#define HAS_TIME "($13::interval is null or m.now + $13::interval <= $14::timestamptz)"
#define CREATED(unless) MOMENT("") ", " INSERTED(unless)
#define INSERTED(unless)                                                                                     \
    "created as (insert into flow_interrupts as f (id, kind, request_id, user_id,"                           \
    " session_id, envelope_id, question, message, data, trace_id, span_id, created_at, expires_at)"          \
    " select $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::jsonb,"    \
    " $11::text, $12::text, m.now, m.now + $13::interval from moment m"                                      \
    " where " HAS_TIME unless                                                                                \
    " on conflict (id) do nothing returning f.*), " TELL("$15::uuid", "$16::text", "created")

#define SWEEP(order, wait)                                                                                   \
    "with " MOMENT("") ", due as materialized (select f.id from flow_interrupts f where " DUE(               \
        "f") " order by " order " limit 500 for no key update" wait                                          \
             "), expired as (update flow_interrupts f set status = 'expired'"                                \
             " from due d where f.id = d.id returning f.*), " TELL(                                          \
                 "gen_random_uuid()", "'interrupt.expired'",                                                 \
                 "expired") " select m.now, e.id::text from moment m left join expired e on true"

/* An overdue row is shown expired, so it must not be in the hands of somebody who read the clock in time: it
 * is locked, which waits for him. */
#define HELD(f, due_rows, order)                                                                             \
    "held as materialized (select " f " from flow_interrupts " f " where " due_rows order " for share)"

#define FREE(e) "(" e ".taken_until is null or " e ".taken_until < clock_timestamp())"

/* That take of a delivery, unless it no longer counts: settling it counts as a take too, so one that is dead is not
 * met. Its state is not asked for, since then the indexes of what is pending would fit as well, and without statistics
 * the planner would as soon walk one of them as look the key up. */
#define THAT_TAKE " where d.event_id = $1::uuid and d.subscription_id = $2::uuid and d.takes = $3::int8"

/* What postgres_webhook reads. */
#define DELIVERY_COLUMNS                                                                                     \
    "d.event_id::text, d.occurred_at, d.payload::text, s.id::text, s.url, array_to_string(s.events, ','),"   \
    " s.secret, s.request_id, s.headers::text, (extract(epoch from s.timeout) * 1000000)::int8,"             \
    " (extract(epoch from s.base_delay) * 1000000)::int8, s.max_tries::int8, d.tries::int8, d.takes,"        \
    " d.last_status::int8, d.last_error, d.dead_at"

/* Creates when the condition, a statement that changes a row and returns it, has done so. It does not try where the creation
 * could not be. */
#define CREATE_IF(condition)                                                                                 \
    "with " MOMENT("") ", granted as (" condition " and " HAS_TIME                                           \
                       " and not exists (select 1 from flow_interrupts f where f.id = $2::uuid) returning "  \
                       "1), " INSERTED(" and exists (select 1 from granted)") " select m.now, " ROW_COLUMNS( \
                           "c") " from moment m left join created c on true"

#define FLOW_CHANGE                                                                                          \
    "update flow_processes p set version = $2::int8, state = $3::text, envelope = $4::text::json, notes ="   \
    " $5::text::json, interrupt_id = $6::uuid, updated_at = clock_timestamp() where p.pid = $1::text"        \
    " and p.version = $2::int8 - 1"

static const char *const texts[] = {
    [STATEMENT_CREATE] =
        "with " CREATED("") " select m.now, " ROW_COLUMNS("c") " from moment m left join created c on true",
    [STATEMENT_CREATE_ONCE] = "with " CLAIM("$17", "$18", "$19") CREATED(UNLESS_CLAIMED)
        KEEP("$17", "$18", "$19", "created") " select (select now from moment), " ROW_COLUMNS("c") CLAIMED
    " left join created c on true",
    [STATEMENT_GET] = "with " MOMENT("") ", seen as materialized (select f, (" DUE(
        "f") ") is true as due"
             " from flow_interrupts f where f.id = $2::uuid), " HELD(
                 "f", "f.id = $2::uuid and exists (select 1 from seen s where s.due)",
                 "") " select " NOW ", " ROW_COLUMNS("(r.f)") " from (select s.f from seen s where not s.due "
                                                              "union all select h.f from held h) r",
    [STATEMENT_RESOLVE] = CHANGE(RESOLVE_FITS, RESOLVE_ASSIGNMENTS, "'interrupt.resolved'"),
    [STATEMENT_RESOLVE_ONCE] = "with " CLAIM("$8", "$9", "$10")
        DECIDE(UNLESS_CLAIMED, RESOLVE_FITS, RESOLVE_ASSIGNMENTS, "'interrupt.resolved'")
            KEEP("$8", "$9", "$10", "changed") DECIDED CLAIMED
    " left join (verdict v cross join" OUTCOME("changed", "held") " o) on true",
    [STATEMENT_CANCEL] = CHANGE(FITS("h", "(h.data || $5::jsonb)", "$6::int8"),
                                "status = 'cancelled', data = f.data || $5::jsonb", "'interrupt.cancelled'"),
    [STATEMENT_SWEEP] = SWEEP("f.expires_at", " skip locked"),
    [STATEMENT_SWEEP_HELD] = SWEEP("f.id", ""),
    [STATEMENT_TAKE] =
        "with heads as materialized (select e.interrupt_id from flow_interrupt_events e where " FREE(
            "e") " and not exists (select 1 from flow_interrupt_events b where b.interrupt_id = "
                 "e.interrupt_id"
                 " and (b.number < e.number or not " FREE(
                     "b") ")) order by e.number limit $1::int8"
                          " for update of e skip locked),"
                          " lanes as materialized (select e.id from heads h join flow_interrupt_events e"
                          " on e.interrupt_id = h.interrupt_id order by e.number limit $1::int8),"
                          " taken as (update flow_interrupt_events e set taken_until = clock_timestamp() + "
                          "$2::interval"
                          " from lanes l where e.id = l.id and " FREE(
                              "e") " returning e.*)"
                                   " select t.id::text, t.occurred_at, t.payload::text from taken t order by "
                                   "t.number",
    [STATEMENT_DELIVER] = "delete from flow_interrupt_events where id = $1::uuid and taken_until is not null",
    [STATEMENT_RETURN] =
        "update flow_interrupt_events set taken_until = null where id = $1::uuid and taken_until is not null",
    [STATEMENT_FORGET] = "delete from flow_interrupt_answers where (scope, key) in"
                         " (select a.scope, a.key from flow_interrupt_answers a where a.kept_until < "
                         "coalesce($1::timestamptz, clock_timestamp())"
                         " order by a.kept_until limit 500 for update skip locked)",
    [STATEMENT_SUBSCRIBE] = ("insert into flow_interrupt_subscriptions (id, url, events, secret, request_id,"
                             " headers, timeout, base_delay, max_tries) values ($1::uuid, $2::text,"
                             " string_to_array($3::text, ','), $4::text, $5::text, $6::jsonb, $7::interval,"
                             " $8::interval, $9::int8)"),
    /* Of each subscription that has time, what is due and stands first in its lane: the first is asked for row by row,
     * since a join, without statistics of a young table, walks the whole queue for each row, and with a subscription that
     * no index knows how to look up, so that only the lane's index fits. What another locks is his, and what another took
     * meanwhile is not due any more when it is looked at again under our lock. */
    [STATEMENT_WEBHOOKS_TAKE] = ("with " MOMENT(
        "") ", due as materialized (select p.event_id, p.subscription_id"
            " from flow_interrupt_subscriptions s cross join lateral (select d.event_id, d.subscription_id,"
            " d.due_at, d.number from flow_interrupt_deliveries d where d.subscription_id = s.id and d.state "
            "="
            " 'pending' and d.due_at <= " NOW
            " and d.number = (select b.number from flow_interrupt_deliveries b where"
            " b.interrupt_id = d.interrupt_id and b.subscription_id is not distinct from d.subscription_id"
            " and b.state = 'pending' order by b.number limit 1) order by d.due_at, d.number limit $3::int8 "
            "for update of d skip "
            "locked) p"
            " where not (s.id = any(string_to_array($4::text, ',')::uuid[])) order by p.due_at, p.number"
            " limit $2::int8), taken as (update flow_interrupt_deliveries d set takes = d.takes + 1,"
            " due_at = " NOW " + s.timeout + $5::interval from due p, flow_interrupt_subscriptions s"
            " where d.event_id = p.event_id and d.subscription_id = p.subscription_id and s.id = "
            "p.subscription_id"
            " returning d.number, " NOW " as now, " DELIVERY_COLUMNS ") select * from taken order by number"),
    [STATEMENT_WEBHOOK_DELIVERED] = ("delete from flow_interrupt_deliveries d" THAT_TAKE),
    [STATEMENT_WEBHOOK_FAILED] =
        ("with " MOMENT_OF("$4") " update flow_interrupt_deliveries d set tries = d.tries + 1,"
                                 " takes = d.takes + 1, due_at = " NOW
                                 " + $5::interval, last_status = $6::int8, last_error = $7::text,"
                                 " state = case when $8::text = 'dead' then 'dead' else 'pending' end,"
                                 " dead_at = case when $8::text = 'dead' then " NOW " end" THAT_TAKE),
    [STATEMENT_WEBHOOK_RETURNED] = ("update flow_interrupt_deliveries d set takes = d.takes + 1,"
                                    " due_at = d.occurred_at" THAT_TAKE),
    [STATEMENT_WEBHOOKS_DEAD] =
        ("select d.number, d.dead_at, " DELIVERY_COLUMNS
         " from flow_interrupt_deliveries d join flow_interrupt_subscriptions s on s.id ="
         " d.subscription_id where d.state = 'dead' order by d.dead_at desc, d.number"
         " desc limit $1::int8"),
    [STATEMENT_CREATE_FLOW] = CREATE_IF(
        "update flow_processes p set version = $18::int8, state = $19::text, envelope = $20::text::json,"
        " notes = $21::text::json, interrupt_id = $2::uuid, updated_at = clock_timestamp()"
        " from moment m where p.pid = $17::text and p.version = $18::int8 - 1"),
    [STATEMENT_CREATE_RATE] =
        CREATE_IF("update flow_rate_windows w set interrupt_id = $2::uuid from moment m where w.user_id ="
                  " $17::text and w.endpoint = $18::text and w.interrupt_id is not distinct from $19::uuid"),
    [STATEMENT_MOMENT] = "with " MOMENT("") " select now from moment",
    [STATEMENT_FLOW_ADD] =
        "insert into flow_processes (pid, version, state, envelope, notes, interrupt_id) values"
        " ($1::text, $2::int8, $3::text, $4::text::json, $5::text::json, $6::uuid)"
        " on conflict do nothing",
    [STATEMENT_FLOW_GET] = "select p.state, p.version, p.interrupt_id::text, p.envelope::text, p.notes::text"
                           " from flow_processes p where p.pid = $1::text",
    [STATEMENT_FLOW_CHANGE] = FLOW_CHANGE,
    [STATEMENT_FLOW_RESUME] = ("with " MOMENT_OF(
        "$7") ", changed as (" FLOW_CHANGE " and not exists (select 1 from flow_resumptions"
              " r where r.interrupt_id = $6::uuid) returning p.pid) insert into"
              " flow_resumptions (interrupt_id, pid, resumed_at) select $6::uuid, $1::text, " NOW
              " where exists (select 1 from changed) or ($2::int8 is null and not exists"
              " (select 1 from flow_processes p where p.pid = $1::text))"
              " on conflict do nothing"),
    [STATEMENT_RATE_SET] =
        ("insert into flow_rate_limits (scope, name, per_minute, per_hour, per_day) values ($1::text, "
         "$2::text,"
         " $3::int8, $4::int8, $5::int8) on conflict (scope, name) do update set per_minute ="
         " excluded.per_minute, per_hour = excluded.per_hour, per_day = excluded.per_day"),
    [STATEMENT_RATE_CHECK] =
        ("select r.now, r.raised::text, r.most[1], r.counts[1], r.full_at[1], r.most[2], r.counts[2],"
         " r.full_at[2], r.most[3], r.counts[3], r.full_at[3] from flow_rate_check($2::text, $3::text,"
         " $4::text::boolean, $1::timestamptz, $5::text::interval[], $6::text::int8[]) r"),
    [STATEMENT_EMPTY] =
        ("with interrupts as (delete from flow_interrupts), events as (delete from flow_interrupt_events),"
         " subscriptions as (delete from flow_interrupt_subscriptions), deliveries as (delete from"
         " flow_interrupt_deliveries), processes as (delete from flow_processes), resumptions as (delete from"
         " flow_resumptions), limits as (delete from flow_rate_limits), windows as (delete from"
         " flow_rate_windows), calls as (delete from flow_rate_calls) delete from flow_interrupt_answers"),
};

const char *statement_sql(enum statement statement) {
    return texts[statement];
}

/* Appends a condition for each filter of the shape; returns the number of the next parameter. */
static int add_filters(struct text *text, unsigned shape) {
    static const char *const columns[] = {"request_id", "session_id", "user_id"};
    int next = 4;
    text_add(text, "f.kind = any($2::text[])");
    for (unsigned i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (shape >> i & 1) {
            text_addf(text, " and f.%s = $%d::text", columns[i], next++);
        }
    }
    if (shape & LIST_PENDING) {
        text_add(text, " and f.status = 'pending' and (" DUE("f") ") is not true");
    } else {
        text_addf(text, " and (case when " DUE("f") " then 'expired' else f.status end) = any($%d::text[])",
                  next++);
    }
    return next;
}

bool statement_list(struct text *text, unsigned shape) {
    text_add(text, "with " MOMENT("") ", page as materialized (select f, f.id, (" DUE(
                       "f") ") is true as due from flow_interrupts f where ");
    int next = add_filters(text, shape);
    if (shape & LIST_AFTER) {
        text_addf(text, " and (f.created_at, f.id) < ($%d::timestamptz, $%d::uuid)", next, next + 1);
    }
    text_add(text, " order by f.created_at desc, f.id desc limit $3::int8), " HELD(
                       "f", "f.id in (select p.id from page p where p.due)",
                       " order by f.id") " select " NOW
                                         ", t.total, " ROW_COLUMNS("(r.f)") " from (select count(*) as total"
                                                                            " from flow_interrupts f where ");
    add_filters(text, shape);
    return text_add(
        text, ") t left join (select p.f from page p where not p.due union all select h.f from held h) r"
              " on true order by (r.f).created_at desc, (r.f).id desc");
}
