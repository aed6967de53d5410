/* The inspection of a database as a whole: what it leaves alone, what it cannot decide, and that it never hangs. */
#include "suites/self/support_cluster.h"
#include "suites/self/support_patient.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define RAISE(BODY)                                                                                          \
    "create function guard() returns trigger language plpgsql as $$ begin " BODY " return new; end $$; "

static struct patient patient;
static struct drift_report report;

static void begin(const char *sql) {
    patient_init(&patient);
    patient_run(&patient, sql);
}

static void end(void) {
    drift_report_release(&report);
    patient_release(&patient);
}

static enum drift_state state_of(const char *id) {
    return drift_state_of(&report, patients_check(id));
}

static const char *reason_of(const char *id) {
    for (size_t i = 0; i < report.row_count; i++) {
        if (strcmp(report.rows[i].check->id, id) == 0) {
            return report.rows[i].reason ? report.rows[i].reason : "";
        }
    }
    return "";
}

static void assert_reason(const char *id, enum drift_state state, const char *part) {
    if (state_of(id) != state || !strstr(reason_of(id), part)) {
        report_print(&report);
        fail_msg("%s is not %s for \"%s\"", id, drift_state_name(state), part);
    }
}

static void a_fresh_database_has_nothing(void **state) {
    (void)state;
    begin("");
    patient_inspect(&patient, false, &report);
    assert_int_equal(drift_conclude(&report), DRIFT_CONFORMS);
    assert_int_equal(drift_count(&report, DRIFT_CLEAN), database_check_count);
    assert_string_equal(report.subject, "the database planted");
    end();
}

static void every_requirement_has_a_check(void **state) {
    (void)state;
    for (int i = 1; i <= 16; i++) {
        char id[32];
        size_t checks = 0;
        snprintf(id, sizeof id, "REQ-TABLE-%d", i);
        for (size_t j = 0; j < database_check_count; j++) {
            checks += strcmp(database_checks[j].requirement, id) == 0;
            assert_non_null(database_checks[j].title);
            assert_non_null(database_checks[j].mend);
        }
        assert_true(checks > 0);
    }
}

/* What the catalog alone decides is found without a probe, and the rest is undecided without being a fault. */
static void reading_only_decides_what_the_catalog_does(void **state) {
    (void)state;
    static const struct {
        const char *sql, *check; /* NULL: nothing is found */
        size_t undecided;
        bool open; /* something that reading should decide is undecided */
    } rows[] = {
        {"", NULL, 10, false},
        {"alter table flow_interrupts alter user_id drop not null", "column-nullable", 10, false},
        {"alter table flow_interrupts alter kind drop not null", NULL, 11, false},
        {"alter table flow_interrupts alter data set default '[]'", "column-default", 10, false},
        {"alter table flow_interrupts alter id drop default", "column-default", 10, false},
        {"alter table flow_interrupts alter id set default '00000000-0000-4000-8000-000000000001'",
         "column-default", 10, false},
        {"alter table flow_interrupts alter created_at set default now() at time zone 'UTC'",
         "column-default", 10, false},
        {"alter table flow_interrupts alter created_at drop default; " RAISE(
             "new.created_at = now();") "create trigger a before insert on flow_interrupts for each row"
                                        " execute function guard()",
         NULL, 11, false},
        {"create function broken() returns uuid language plpgsql as $$ begin return nowhere.f(); end $$;"
         " alter table flow_interrupts alter id set default broken()",
         NULL, 11, true},

        {"alter table flow_interrupts drop column trace_id", "column-missing", 10, false},
        {"drop index flow_interrupts_due", "index-missing", 10, false},
        {"comment on column flow_interrupts.kind is 'clarification, confirmation, survey'", NULL, 11, false},
        {"create table pending_confirmations (id text)", "legacy-table", 10, false},
        {"alter table flow_interrupts drop constraint flow_interrupts_kind", NULL, 10, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin(rows[i].sql);
        patient_inspect(&patient, true, &report);
        bool right = report.finding_count == (rows[i].check != NULL) &&
                     (!rows[i].check || strcmp(report.findings[0].check->id, rows[i].check) == 0) &&
                     drift_count(&report, DRIFT_UNDECIDED) == rows[i].undecided &&
                     drift_conclude(&report) == (rows[i].check  ? DRIFT_DRIFTS
                                                 : rows[i].open ? DRIFT_OPEN
                                                                : DRIFT_CONFORMS);
        if (!right) {
            report_print(&report);
            fail_msg("%s", rows[i].sql);
        }
        end();
    }
}

/* A probe that fails for another reason decides nothing, and the report is open. */
static void what_cannot_be_tried_is_undecided(void **state) {
    (void)state;
    static const struct {
        const char *sql, *check, *part;
    } rows[] = {
        {"alter table flow_interrupts add tenant uuid not null references flow_interrupts (id)",
         "kind-missing", "null value in column \"tenant\""},
        {"create table users (id text primary key); alter table flow_interrupts add foreign key (user_id)"
         " references users",
         "kind-missing", "null value in column \"user_id\""},
        {"alter table flow_interrupts add place point not null", "transition-open",
         "null value in column \"place\""},
        {"alter table flow_interrupts add check (length(user_id) > 20)", "kind-extra", "violates check"},
        {RAISE("perform 1 / 0;") "create trigger a before insert on flow_interrupts for each row execute "
                                 "function guard()",
         "kind-extra", "division by zero"},
        {RAISE("perform 1 / 0;") "create trigger a before update on flow_interrupts for each row execute "
                                 "function guard()",
         "updated-at", "division by zero"},
        {RAISE("perform pg_sleep(20);") "create trigger a before insert on flow_interrupts for each row"
                                        " execute function guard()",
         "kind-extra", "statement timeout"},
        {RAISE("if new.kind = 'timeout' then new.session_id = null; end if;") "create trigger a before "
                                                                              "insert on "
                                                                              "flow_interrupts for each row"
                                                                              " execute function guard()",
         "kind-missing", "null value in column \"session_id\""},
        {"create rule gone as on insert to flow_interrupts do instead nothing", "kind-missing",
         "did not arrive"},
        {RAISE(
             "if new.kind = 'timeout' then perform 1 / 0; end if;") "create trigger a before insert on "
                                                                    "flow_interrupts"
                                                                    " for each row execute function guard()",
         "kind-missing", "division by zero"},
        {RAISE(
             "if new.kind = 'zz_probe' then perform 1 / 0; end if;") "create trigger a before insert on "
                                                                     "flow_interrupts"
                                                                     " for each row execute function guard()",
         "kind-extra", "division by zero"},
        {RAISE("if new.data = '[]' then perform 1 / 0; end if;") "create trigger a before insert on "
                                                                 "flow_interrupts"
                                                                 " for each row execute function guard()",
         "data-not-object", "division by zero"},
        {"create function broken() returns uuid language plpgsql as $$ begin return nowhere.f(); end $$;"
         " alter table flow_interrupts alter id set default broken()",
         "column-default", "nowhere"},
        {"create table names (name text primary key); insert into names values ('n'); alter table "
         "flow_interrupts"
         " add foreign key (request_id) references names, add foreign key (session_id) references names,"
         " add foreign key (trace_id) references names",
         "column-default", "no column takes a UUID"},
        {"create function odd(text) returns boolean immutable language plpgsql as $$ begin perform 1 / 0; "
         "return true; end $$;"
         " drop index flow_interrupts_trace; create index on flow_interrupts (trace_id) where odd(span_id)",
         "index-missing", "division by zero"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin(rows[i].sql);
        patient_inspect(&patient, false, &report);
        if (report.finding_count > 0 || drift_conclude(&report) != DRIFT_OPEN) {
            report_print(&report);
            fail_msg("%s", rows[i].sql);
        }
        assert_reason(rows[i].check, DRIFT_UNDECIDED, rows[i].part);
        end();
    }
}

/* Functions of triggers find what is in the schema of the table, as they do for the application. */
static void triggers_find_their_names(void **state) {
    (void)state;
    begin("create table kinds (name text); insert into kinds values ('timeout');"
          " alter table flow_interrupts drop constraint flow_interrupts_kind; " RAISE("if not exists (select "
                                                                                      "from kinds where name "
                                                                                      "= new.kind) then "
                                                                                      "raise exception 'no'; "
                                                                                      "end if;") "create "
                                                                                                 "trigger a "
                                                                                                 "before "
                                                                                                 "insert on "
                                                                                                 "flow_"
                                                                                                 "interrupts "
                                                                                                 "for each "
                                                                                                 "row "
                                                                                                 "execute "
                                                                                                 "function "
                                                                                                 "guard()");
    patient_inspect(&patient, false, &report);
    assert_int_equal(report.finding_count, 1);
    assert_string_equal(report.findings[0].check->id, "kind-missing");
    assert_non_null(strstr(report.findings[0].what, "\"clarification\""));
    end();
}

/* Who may only read sees the catalog; the rest is undecided. */
static void a_reader_decides_nothing_by_probes(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    char conninfo[600];
    begin("drop role if exists reader; create role reader login; grant select on flow_interrupts to reader;"
          " drop index flow_interrupts_trace");
    snprintf(conninfo, sizeof conninfo, "%s user=reader", patient.conninfo);
    struct database_drift options = {.conninfo = conninfo};
    assert_int_equal(database_drift(&options, patients_vocabulary(), &report, &problem), HP_OK);
    assert_int_equal(report.finding_count, 1);
    assert_string_equal(report.findings[0].check->id, "index-missing");
    assert_reason("kind-missing", DRIFT_UNDECIDED, "permission denied");
    drift_report_release(&report);
    patient_run(&patient, "revoke select on flow_interrupts from reader");
    options.read_only = true;
    assert_int_equal(database_drift(&options, patients_vocabulary(), &report, &problem), HP_OK);
    assert_reason("row-kind", DRIFT_UNDECIDED, "permission denied");
    assert_reason("kind-missing", DRIFT_UNDECIDED, "not probed");
    drift_report_release(&report);
    patient_run(&patient, "create index on flow_interrupts (trace_id)");
    assert_int_equal(database_drift(&options, patients_vocabulary(), &report, &problem), HP_OK);
    assert_int_equal(report.finding_count, 0);
    assert_int_equal(drift_conclude(&report), DRIFT_OPEN);
    drift_report_release(&report);
    options.read_only = false;
    assert_int_equal(database_drift(&options, patients_vocabulary(), &report, &problem), HP_OK);
    assert_reason("row-kind", DRIFT_UNDECIDED, "permission denied");
    patient_run(&patient, "drop owned by reader; drop role reader");
    end();
}

static void each_schema_is_looked_at(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    begin("create schema b; create table b.flow_interrupts (like public.flow_interrupts including all);"
          " create trigger touch before update on b.flow_interrupts for each row execute function"
          " flow_interrupts_touch(); create table b.pending_clarifications (id int)");
    patient_inspect(&patient, false, &report);
    assert_int_equal(report.finding_count, 2);
    assert_string_equal(report.findings[0].object, "b.flow_interrupts");
    assert_string_equal(report.findings[0].check->id, "transition-open");
    assert_string_equal(report.findings[1].object, "b.pending_clarifications");
    drift_report_release(&report);
    struct database_drift options = {.conninfo = patient.conninfo, .schema = "public"};
    assert_int_equal(database_drift(&options, patients_vocabulary(), &report, &problem), HP_OK);
    assert_int_equal(drift_conclude(&report), DRIFT_CONFORMS);
    assert_string_equal(report.subject, "the database planted, schema public");
    drift_report_release(&report);
    options.schema = "nowhere";
    assert_int_equal(database_drift(&options, patients_vocabulary(), &report, &problem), HP_OK);
    assert_int_equal(report.finding_count, 1);
    assert_string_equal(report.findings[0].object, "nowhere.flow_interrupts");
    assert_reason("kind-missing", DRIFT_SKIPPED, "table-missing");
    end();
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Another session holds the table; the inspection ends within seconds. */
static void a_held_lock_is_not_waited_for(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    begin("begin; lock table flow_interrupts in access exclusive mode");
    const struct database_drift options = {.conninfo = patient.conninfo};
    int64_t begun = now_ms();
    assert_int_equal(database_drift(&options, patients_vocabulary(), &report, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "lock timeout"));
    drift_report_release(&report);
    patient_run(&patient, "rollback; begin; lock table flow_interrupts in share mode");
    patient_inspect(&patient, false, &report);
    assert_true(now_ms() - begun < 20000);
    assert_reason("kind-extra", DRIFT_UNDECIDED, "lock timeout");
    assert_int_equal(state_of("index-missing"), DRIFT_CLEAN);
    patient_run(&patient, "rollback");
    end();
}

/* Strangers' rows stay, and nobody is in the way of somebody who writes at the same time. */
static void rows_of_others_are_let_alone(void **state) {
    (void)state;
    begin(
        "insert into flow_interrupts (kind, request_id, user_id, session_id) select 'timeout', 'r', 'u', 's'"
        " from generate_series(1, 50); begin; update flow_interrupts set message = 'mine'");
    patient_inspect(&patient, false, &report);
    assert_int_equal(drift_conclude(&report), DRIFT_CONFORMS);
    patient_run(&patient, "commit");
    assert_int_equal(patient_ask(&patient, "select count(*) from flow_interrupts where message = 'mine'"),
                     50);
    end();
}

static void a_mend_can_be_carried_out(void **state) {
    (void)state;
    static const char *const defects[] = {
        "alter table flow_interrupts drop column envelope_id",
        "alter table flow_interrupts drop column trace_id; drop index if exists flow_interrupts_trace",
        "alter table flow_interrupts alter user_id drop not null",
        "alter table flow_interrupts alter user_id type varchar(20)",
        "alter table flow_interrupts alter created_at type timestamp",
        "alter table flow_interrupts alter envelope_id set not null",
        "alter table flow_interrupts alter id drop default",
        "alter table flow_interrupts drop constraint flow_interrupts_pkey",
        "alter table flow_interrupts drop constraint flow_interrupts_answer",
        "alter table flow_interrupts drop constraint flow_interrupts_data",
        "drop index flow_interrupts_due",
        "drop index flow_interrupts_kind_status",
        "alter table flow_interrupts disable trigger flow_interrupts_touch",
        "alter table flow_interrupts add constraint late check (span_id <> 'x') not valid",
    };
    for (size_t i = 0; i < sizeof defects / sizeof defects[0]; i++) {
        begin(defects[i]);
        for (int times = 0; times < 3; times++) {
            patient_inspect(&patient, false, &report);
            if (report.finding_count == 0) {
                break;
            }
            patient_run(&patient, report.findings[0].mend);
            drift_report_release(&report);
        }
        assert_int_equal(drift_conclude(&report), DRIFT_CONFORMS);
        end();
    }
}

static void a_database_that_is_away_is_said_so(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    const struct database_drift options = {.conninfo = "host=/nowhere dbname=none"};
    struct drift_report none = {0};
    assert_int_equal(database_drift(&options, patients_vocabulary(), &none, &problem), HP_UNAVAILABLE);
    drift_report_release(&none);
    assert_int_equal(database_drift(&options, patients_vocabulary(), &none, NULL), HP_UNAVAILABLE);
    drift_report_release(&none);
}

/* The server goes while it is asked: the line is cut by a trigger of the table. */
static void a_lost_line_is_said_so(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    begin(RAISE(
        "perform pg_terminate_backend(pg_backend_pid());") "create trigger a before insert on flow_interrupts"
                                                           " for each row execute function guard()");
    const struct database_drift options = {.conninfo = patient.conninfo};
    assert_int_equal(database_drift(&options, patients_vocabulary(), &report, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "terminating connection"));
    end();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_database_has_nothing),
        cmocka_unit_test(every_requirement_has_a_check),
        cmocka_unit_test(reading_only_decides_what_the_catalog_does),
        cmocka_unit_test(what_cannot_be_tried_is_undecided),
        cmocka_unit_test(triggers_find_their_names),
        cmocka_unit_test(a_reader_decides_nothing_by_probes),
        cmocka_unit_test(each_schema_is_looked_at),
        cmocka_unit_test(a_held_lock_is_not_waited_for),
        cmocka_unit_test(rows_of_others_are_let_alone),
        cmocka_unit_test(a_mend_can_be_carried_out),
        cmocka_unit_test(a_database_that_is_away_is_said_so),
        cmocka_unit_test(a_lost_line_is_said_so),
    };
    return cmocka_run_group_tests(tests, patients_start, patients_stop) > 0;
}
