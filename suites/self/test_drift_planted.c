/* A database with one defect each: the inspection finds exactly that one. */
#include "suites/self/support_patient.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define T "alter table flow_interrupts "
#define NO_KIND T "drop constraint flow_interrupts_kind; "
#define NO_STATUS T "drop constraint flow_interrupts_status; "
#define NO_ANSWER T "drop constraint flow_interrupts_answer; "
#define NO_DUE "drop index flow_interrupts_due; "
#define NO_TOUCH "drop trigger flow_interrupts_touch on flow_interrupts; "
#define NO_TURN "drop trigger flow_interrupts_transition on flow_interrupts; "
#define SIX                                                                                                  \
    "'clarification', 'confirmation', 'critic_review', 'resource_exhausted', 'timeout', 'system_error'"
#define SEVEN SIX ", 'checkpoint'"
#define FOUR "'pending', 'resolved', 'expired', 'cancelled'"
#define REINDEX                                                                                              \
    "create index on flow_interrupts (request_id); create index on flow_interrupts (user_id);"               \
    " create index on flow_interrupts (session_id, created_at); "
#define INSERT                                                                                               \
    "insert into flow_interrupts (id, kind, status, request_id, user_id, session_id, data, response, "       \
    "resolved_at) values "
#define ID "'00000000-0000-4000-8000-000000000001'"
#define RAISE(BODY)                                                                                          \
    "create or replace function guard() returns trigger language plpgsql as $$ begin " BODY                  \
    " return new; end $$; "
#define ON(EVENT)                                                                                            \
    "create trigger guard before " EVENT " on flow_interrupts for each row execute function guard(); "

static const struct planted {
    const char *sql, *check, *object, *word;
} planted[] = {
    /* the table and its columns */
    {"drop table flow_interrupts", "table-missing", "flow_interrupts", "no table"},
    {T "rename to kept; create view flow_interrupts as select * from kept", "table-missing",
     "flow_interrupts", "public.flow_interrupts is a view"},
    {T "drop column envelope_id", "column-missing", "public.flow_interrupts.envelope_id", "envelope_id"},
    {T "drop column trace_id", "column-missing", "public.flow_interrupts.trace_id", "trace_id"},
    {T "drop column expires_at", "column-missing", "public.flow_interrupts.expires_at", "expires_at"},
    {T "drop column response cascade", "column-missing", "public.flow_interrupts.response", "response"},
    {T "drop column updated_at", "column-missing", "public.flow_interrupts.updated_at", "updated_at"},
    {T "drop column status cascade", "column-missing", "public.flow_interrupts.status", "status"},
    {T "drop column kind cascade", "column-missing", "public.flow_interrupts.kind", "kind"},
    {T "drop column id cascade; " REINDEX NO_TURN RAISE(
         "if old.status <> 'pending' and (old.status, old.response, old.resolved_at) is distinct from "
         "(new.status, new.response, new.resolved_at) then raise exception 'no'; end if;") ON("update"),
     "column-missing", "public.flow_interrupts.id", "id"},
    {T "drop column request_id", "column-missing", "public.flow_interrupts.request_id", "request_id"},
    {T "rename column user_id to owner", "column-missing", "public.flow_interrupts.user_id", "user_id"},
    {T "alter created_at type timestamp", "column-type", "public.flow_interrupts.created_at",
     "without time zone"},
    {T "alter expires_at type timestamptz(0)", "column-type", "public.flow_interrupts.expires_at",
     "microseconds"},
    {T "drop constraint flow_interrupts_data; " T
       "alter data drop default, alter data type json, alter data set default '{}'",
     "column-type", "public.flow_interrupts.data", "jsonb"},
    {T "alter id drop default, alter id type text, alter id set default gen_random_uuid()::text",
     "column-type", "public.flow_interrupts.id", "uuid"},
    {T "drop column id; " REINDEX T "add id serial primary key", "column-type", "public.flow_interrupts.id",
     "integer"},
    {T "alter user_id type varchar(20)", "column-type", "public.flow_interrupts.user_id", "limit"},
    {T "alter question type char(80)", "column-type", "public.flow_interrupts.question", "text"},
    {T "alter kind type varchar(10)", "column-type", "public.flow_interrupts.kind", "too short"},
    {NO_TURN T "alter status type char(20)", "column-type", "public.flow_interrupts.status", "pads"},
    {"create domain short as varchar(30); " T "alter session_id type short", "column-type",
     "public.flow_interrupts.session_id", "limit"},
    {T "add check (length(session_id) <= 64)", "column-type", "public.flow_interrupts.session_id",
     "255 characters"},
    {T "add check (length(question) < 500)", "column-type", "public.flow_interrupts.question",
     "10,000 characters"},
    {NO_KIND NO_DUE
     "drop index flow_interrupts_kind_status; create table kinds (n int primary key, name text); " T
     "alter kind type int using 1, add foreign key (kind) references kinds",
     "column-type", "public.flow_interrupts.kind", "is integer"},
    {T "alter user_id drop not null", "column-nullable", "public.flow_interrupts.user_id", "can be null"},
    {T "alter kind drop not null", "column-nullable", "public.flow_interrupts.kind", "can be null"},
    {T "alter data drop not null", "column-nullable", "public.flow_interrupts.data", "can be null"},
    {T "alter updated_at drop not null", "column-nullable", "public.flow_interrupts.updated_at",
     "can be null"},
    {T "alter envelope_id set not null", "column-nullable", "public.flow_interrupts.envelope_id",
     "cannot be null"},
    {T "add check (question is not null)", "column-nullable", "public.flow_interrupts.question",
     "cannot be null"},
    {T "add check (expires_at is not null)", "column-nullable", "public.flow_interrupts.expires_at",
     "cannot be null"},
    {T "add check (kind <> 'timeout' or question is not null)", "column-nullable",
     "public.flow_interrupts.question", "cannot be null"},
    {T "add check (kind = 'checkpoint' or expires_at is not null or status <> 'pending')", "column-nullable",
     "public.flow_interrupts.expires_at", "cannot be null"},
    /* defaults and the key */
    {T "alter id drop default", "column-default", "public.flow_interrupts.id", "no default"},
    {T "alter id set default " ID, "column-default", "public.flow_interrupts.id", "twice"},
    {T "alter data drop default", "column-default", "public.flow_interrupts.data", "no default"},
    {T "alter data set default '[]'", "column-default", "public.flow_interrupts.data", "refuses"},
    {T "alter data set default '{\"a\": 1}'", "column-default", "public.flow_interrupts.data",
     "another value"},
    {T "alter created_at drop default", "column-default", "public.flow_interrupts.created_at", "no default"},
    {T "alter created_at set default now() at time zone 'UTC'", "column-default",
     "public.flow_interrupts.created_at", "another value"},
    {T "alter updated_at set default '2020-01-01 00:00:00+00'", "column-default",
     "public.flow_interrupts.updated_at", "another value"},
    {T "drop constraint flow_interrupts_pkey", "primary-key", "public.flow_interrupts", "no primary key"},
    {T "drop constraint flow_interrupts_pkey; " T "add primary key (id, kind)", "primary-key",
     "public.flow_interrupts", "is not \"id\""},
    /* kinds */
    {NO_KIND T "add check (kind in (" SIX "))", "kind-missing", "public.flow_interrupts.kind",
     "\"checkpoint\""},
    {NO_KIND T "add check (kind in ('clarification', 'confirmation'))", "kind-missing",
     "public.flow_interrupts.kind", "\"critic_review\", \"checkpoint\""},
    {NO_KIND T "add check (kind in ('clarification', 'confirmation', 'agent_review', 'checkpoint',"
               " 'resource_exhausted', 'timeout', 'system_error'))",
     "kind-missing", "public.flow_interrupts.kind", "an alias of critic_review"},
    {NO_KIND T "add check (kind = upper(kind))", "kind-missing", "public.flow_interrupts.kind",
     "CLARIFICATION"},
    {NO_KIND NO_DUE "drop index flow_interrupts_kind_status; create type k as enum (" SIX "); " T
                    "alter kind type k using kind::k; create index on flow_interrupts (kind, status);"
                    " create index on flow_interrupts (expires_at) where status = 'pending'",
     "kind-missing", "public.flow_interrupts.kind", "\"checkpoint\""},
    {NO_KIND "create table kinds (name text primary key); insert into kinds select unnest(array[" SIX "]); " T
             "add foreign key (kind) references kinds deferrable initially deferred",
     "kind-missing", "public.flow_interrupts.kind", "\"checkpoint\""},
    {NO_KIND, "kind-extra", "public.flow_interrupts.kind", "any text"},
    {NO_KIND T "add check (kind in (" SEVEN ", 'agent_review'))", "kind-extra", "public.flow_interrupts.kind",
     "an alias of critic_review"},
    {NO_KIND T "add check (lower(kind) in (" SEVEN "))", "kind-extra", "public.flow_interrupts.kind",
     "CLARIFICATION"},
    {NO_KIND T
     "add check (kind ~ "
     "'clarification|confirmation|critic_review|checkpoint|resource_exhausted|timeout|system_error')",
     "kind-extra", "public.flow_interrupts.kind", "xclarificationx"},
    {NO_KIND "create domain k as text check (value in (" SEVEN ", 'survey')); " NO_DUE T
             "alter kind type k; create index on flow_interrupts (expires_at) where status = 'pending' and "
             "kind::text <> 'checkpoint'",
     "kind-extra", "public.flow_interrupts.kind", "\"survey\""},
    {NO_KIND "create table kinds (name text primary key); insert into kinds select unnest(array[" SEVEN
             ", 'poll']); " T "add foreign key (kind) references kinds",
     "kind-extra", "public.flow_interrupts.kind", "\"poll\""},
    {NO_KIND RAISE("if new.kind not in (" SEVEN ") then new.kind := 'system_error'; end if;") ON("insert"),
     "kind-extra", "public.flow_interrupts.kind", "any text"},
    /* statuses */
    {NO_STATUS T "add check (status in ('pending', 'resolved', 'expired'))", "status-missing",
     "public.flow_interrupts.status", "\"cancelled\""},
    {NO_STATUS T "add check (status in ('pending', 'resolved', 'expired', 'canceled'))", "status-missing",
     "public.flow_interrupts.status", "accepts \"canceled\""},
    {NO_STATUS, "status-extra", "public.flow_interrupts.status", "any text"},
    {NO_STATUS T "add check (status in (" FOUR ", 'dismissed'))", "status-extra",
     "public.flow_interrupts.status", "\"dismissed\""},
    /* what goes with what */
    {NO_ANSWER, "resolved-incomplete", "public.flow_interrupts", "pending with a response"},
    {NO_ANSWER T "add check (status = 'resolved' or (response is null and resolved_at is null))",
     "resolved-incomplete", "public.flow_interrupts", "without resolved_at"},
    {NO_ANSWER T "add check (case when status = 'resolved' then jsonb_typeof(response) = 'object' and "
                 "resolved_at is not null"
                 " else response is null and resolved_at is null end)",
     "resolved-incomplete", "public.flow_interrupts", "without a response"},
    {NO_ANSWER T
     "add check (case when status = 'resolved' then response is not null and resolved_at is not null"
     " else response is null and resolved_at is null end)",
     "resolved-incomplete", "public.flow_interrupts", "list as response"},
    {NO_ANSWER T "add check (case when status = 'resolved' then response is not null and "
                 "jsonb_typeof(response) = 'object'"
                 " and resolved_at is not null else response is null end)",
     "open-with-answer", "public.flow_interrupts", "cancelled with resolved_at"},
    {T "drop constraint flow_interrupts_data", "data-not-object", "public.flow_interrupts.data",
     "list as data"},
    {T "drop constraint flow_interrupts_data; " T "add check (jsonb_typeof(data) in ('object', 'array'))",
     "data-not-object", "public.flow_interrupts.data", "list as data"},
    /* transitions and the time of change */
    {NO_TURN, "transition-open", "public.flow_interrupts", "cancelled to pending"},
    {NO_TURN RAISE("if old.status in ('resolved', 'expired') and old.status <> new.status then raise "
                   "exception 'no'; end if;") ON("update"),
     "transition-open", "public.flow_interrupts", "resolved with another response"},
    {NO_TURN RAISE("if old.status <> 'pending' and new.status = 'pending' then raise exception 'no'; end if;")
         ON("update of status"),
     "transition-open", "public.flow_interrupts", "expired to resolved"},
    {RAISE("if new.status = 'cancelled' then raise exception 'never'; end if;") ON("update"),
     "transition-closed", "public.flow_interrupts", "pending to cancelled (never)"},
    {"create rule quiet as on update to flow_interrupts where new.status = 'expired' and old.status = "
     "'pending' do instead nothing",
     "transition-closed", "public.flow_interrupts", "does nothing"},
    {NO_TOUCH, "updated-at", "public.flow_interrupts.updated_at", "message"},
    {NO_TOUCH "create trigger touch before update of status on flow_interrupts for each row"
              " execute function flow_interrupts_touch()",
     "updated-at", "public.flow_interrupts.updated_at", "message"},
    {NO_TOUCH RAISE("new.updated_at := now() at time zone 'UTC';") ON("update"), "updated-at",
     "public.flow_interrupts.updated_at", "message"},
    {NO_TOUCH RAISE("if new.updated_at = old.updated_at then new.updated_at := now(); end if;") ON("update"),
     "updated-at", "public.flow_interrupts.updated_at", "updated_at ="},
    /* indexes */
    {"drop index flow_interrupts_trace", "index-missing", "public.flow_interrupts", "trace id"},
    {"drop index flow_interrupts_kind_status", "index-missing", "public.flow_interrupts", "kind with status"},
    {"drop index flow_interrupts_session", "index-missing", "public.flow_interrupts", "session"},
    {"drop index flow_interrupts_pending_user, flow_interrupts_user", "index-missing",
     "public.flow_interrupts", "pending by user"},
    {"drop index flow_interrupts_pending_request, flow_interrupts_request;"
     " create index on flow_interrupts (request_id) where status = 'expired'",
     "index-missing", "public.flow_interrupts", "pending by request"},
    {"drop index flow_interrupts_pending_user, flow_interrupts_user;"
     " create index on flow_interrupts (user_id) where status = 'pending' and message is not null",
     "index-missing", "public.flow_interrupts", "pending by user"},
    {"drop index flow_interrupts_pending_user, flow_interrupts_user;"
     " create index on flow_interrupts (user_id) where status = 'pending' and message is null",
     "index-missing", "public.flow_interrupts", "pending by user"},
    {NO_DUE, "index-missing", "public.flow_interrupts", "expiry"},
    {NO_DUE "create index on flow_interrupts using brin (expires_at) where status = 'pending' and kind <> "
            "'checkpoint'",
     "index-missing", "public.flow_interrupts", "expiry"},
    {NO_DUE "create index on flow_interrupts (expires_at) where status = 'pending' and kind in ('timeout', "
            "'clarification')",
     "index-missing", "public.flow_interrupts", "expiry"},
    {NO_DUE "create index due on flow_interrupts (expires_at) where status = 'pending'", "index-checkpoints",
     "index public.due", "checkpoint"},
    {NO_DUE "create index due on flow_interrupts (expires_at)", "index-checkpoints", "index public.due",
     "checkpoint"},
    {"update pg_index set indisvalid = false where indexrelid = 'flow_interrupts_trace'::regclass",
     "index-invalid", "index public.flow_interrupts_trace", "not valid"},
    {"create index spare on flow_interrupts (span_id);"
     " update pg_index set indisvalid = false where indexrelid = 'spare'::regclass",
     "index-invalid", "index public.spare", "not valid"},
    /* in force */
    {NO_KIND T "add constraint late check (kind in (" SEVEN ")) not valid", "constraint-not-valid",
     "constraint late on public.flow_interrupts", "NOT VALID"},
    {T "disable trigger flow_interrupts_transition", "trigger-disabled",
     "trigger flow_interrupts_transition on public.flow_interrupts", "flow_interrupts_transition"},
    {T "disable trigger all", "trigger-disabled", "public.flow_interrupts",
     "flow_interrupts_touch, trigger flow_interrupts_transition"},
    {"create table p (like flow_interrupts including all) partition by hash (id); drop table "
     "flow_interrupts; alter"
     " table p rename to flow_interrupts; create table p0 partition of flow_interrupts for values with "
     "(modulus 1,"
     " remainder 0); create trigger touch before update on flow_interrupts for each row execute function"
     " flow_interrupts_touch(); create trigger turn before update on flow_interrupts for each row when "
     "(old.status <>"
     " 'pending' and (old.status, old.response, old.resolved_at) is distinct from (new.status, new.response,"
     " new.resolved_at)) execute function flow_interrupts_refuse(); alter table p0 disable trigger turn",
     "trigger-disabled", "trigger turn on public.flow_interrupts", "turn"},
    {T "enable replica trigger flow_interrupts_touch", "trigger-disabled",
     "trigger flow_interrupts_touch on public.flow_interrupts", "flow_interrupts_touch"},
    {NO_KIND "create table kinds (name text primary key); insert into kinds select unnest(array[" SEVEN
             "]); " T "add constraint known foreign key (kind) references kinds; " T "disable trigger all; " T
             "enable trigger flow_interrupts_touch; " T "enable trigger flow_interrupts_transition",
     "trigger-disabled", "foreign key known on public.flow_interrupts", "foreign key known"},
    /* what is left from before */
    {"create table pending_confirmations (id text)", "legacy-table", "public.pending_confirmations",
     "legacy"},
    {"create schema old; create table old.pending_clarifications (id text)", "legacy-table",
     "old.pending_clarifications", "legacy"},
    {"comment on column flow_interrupts.kind is 'clarification, confirmation, agent_review or survey'",
     "comment-values", "comment on public.flow_interrupts.kind", "\"agent_review\", \"survey\""},
    {"comment on column flow_interrupts.status is 'pending | done | expired'", "comment-values",
     "comment on public.flow_interrupts.status", "\"done\""},
    {"comment on table flow_interrupts is 'Kinds: clarification, confirmation, approval.'", "comment-values",
     "comment on public.flow_interrupts", "\"approval\""},
    {"comment on column flow_interrupts.kind is 'The kind; agent_review is the newest.'", "comment-values",
     "comment on public.flow_interrupts.kind", "agent_review"},
    /* rows */
    {NO_KIND INSERT "(" ID ", 'agent_review', 'pending', 'r', 'u', 's', '{}', null, null); " T
                    "add constraint late check (kind in (" SEVEN ")) not valid",
     "row-kind", "public.flow_interrupts.kind",
     "1 row: \"agent_review\" (an alias of critic_review), such as 00000000-"},
    {NO_STATUS INSERT "(" ID ", 'timeout', 'open', 'r', 'u', 's', '{}', null, null); " T
                      "add constraint late check (status in (" FOUR ")) not valid",
     "row-status", "public.flow_interrupts.status", "1 row: \"open\""},
    {NO_ANSWER INSERT
     "(" ID ", 'timeout', 'pending', 'r', 'u', 's', '{}', '{}', null); " T
     "add check (case when status = 'resolved' then response is not null and jsonb_typeof(response) = "
     "'object'"
     " and resolved_at is not null else response is null and resolved_at is null end) not valid",
     "row-inconsistent", "public.flow_interrupts", "pending with a response"},
    {NO_ANSWER INSERT
     "(" ID ", 'timeout', 'expired', 'r', 'u', 's', '{}', null, now()); " T
     "add check (case when status = 'resolved' then response is not null and jsonb_typeof(response) = "
     "'object'"
     " and resolved_at is not null else response is null and resolved_at is null end) not valid",
     "row-inconsistent", "public.flow_interrupts", "expired with resolved_at"},
    {T "drop constraint flow_interrupts_data; " INSERT "(" ID
       ", 'timeout', 'pending', 'r', 'u', 's', '[]', null, null); " T
       "add check (jsonb_typeof(data) = 'object') not valid",
     "row-inconsistent", "public.flow_interrupts", "no object"},
};

static bool finds_exactly(const struct planted *row, const struct drift_report *report) {
    const struct drift_finding *finding = report->findings;
    return report->finding_count == 1 && strcmp(finding->check->id, row->check) == 0 && finding->object &&
           strcmp(finding->object, row->object) == 0 && strstr(finding->what, row->word) &&
           drift_count(report, DRIFT_UNDECIDED) == 0 && drift_conclude(report) == DRIFT_DRIFTS;
}

static bool gives_reasons(const struct drift_report *report) {
    for (size_t i = 0; i < report->row_count; i++) {
        bool open = report->rows[i].state == DRIFT_SKIPPED || report->rows[i].state == DRIFT_UNDECIDED;
        if (open != (report->rows[i].reason != NULL)) {
            return false;
        }
    }
    return true;
}

static bool is_found(const struct planted *row) {
    struct patient patient;
    struct drift_report report;
    patient_init(&patient);
    patient_run(&patient, row->sql);
    int64_t before = patient_checksum(&patient);
    patient_inspect(&patient, false, &report);
    bool untouched = patient_checksum(&patient) == before;
    bool right = finds_exactly(row, &report) && gives_reasons(&report) && untouched;
    if (!right) {
        fprintf(stderr, "%s\n  wanted %s at %s: %s%s\n", row->sql, row->check, row->object, row->word,
                untouched ? "" : "\n  and something has changed");
        report_print(&report);
    }
    drift_report_release(&report);
    patient_release(&patient);
    return right;
}

static void each_planted_defect_is_the_one_finding(void **state) {
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof planted / sizeof planted[0]; i++) {
        wrong += !is_found(&planted[i]);
    }
    assert_int_equal(wrong, 0);
}

/* A check that no row plants would never be seen to find anything. */
static void each_check_is_planted(void **state) {
    (void)state;
    for (size_t i = 0; i < database_check_count; i++) {
        size_t rows = 0;
        for (size_t j = 0; j < sizeof planted / sizeof planted[0]; j++) {
            rows += strcmp(planted[j].check, database_checks[i].id) == 0;
        }
        if (rows == 0) {
            fail_msg("nothing is planted for %s", database_checks[i].id);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_planted_defect_is_the_one_finding),
        cmocka_unit_test(each_check_is_planted),
    };
    return cmocka_run_group_tests(tests, patients_start, patients_stop) > 0;
}
