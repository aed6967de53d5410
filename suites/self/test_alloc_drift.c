/* Allocations of an inspection fail, one at a time: the first ones each, then ever fewer of them, since there are
 * thousands. */
#include "suites/self/support_fail_alloc.h"
#include "suites/self/support_patient.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static enum hp_status inspect(const struct patient *patient, bool read_only) {
    struct hp_problem problem = {0};
    struct drift_report report = {0};
    const struct database_drift options = {.conninfo = patient->conninfo, .read_only = read_only};
    enum hp_status status = database_drift(&options, patients_vocabulary(), &report, &problem);
    assert_true(status != HP_OK || !report.failed);
    assert_int_equal(status, problem.status);
    drift_report_release(&report);
    return status;
}

static void sweep(const char *sql, bool read_only) {
    struct patient patient;
    patient_init(&patient);
    patient_run(&patient, sql);
    size_t swept = 0;
    for (size_t nth = 1;; nth += 1 + nth / 12) {
        fail_alloc_arm(nth);
        enum hp_status status = inspect(&patient, read_only);
        if (!fail_alloc_disarm()) {
            assert_int_equal(status, HP_OK);
            break;
        }
        assert_int_equal(status, HP_INTERNAL);
        swept++;
    }
    assert_true(swept > 30);
    patient_release(&patient);
}

static void a_sound_database_survives(void **state) {
    (void)state;
    sweep("", false);
}

/* Every finding is written. */
static void a_drifted_database_survives(void **state) {
    (void)state;
    static const char drifted[] =
        "alter table flow_interrupts drop constraint flow_interrupts_kind, drop constraint "
        "flow_interrupts_answer,"
        " drop constraint flow_interrupts_data, drop constraint flow_interrupts_pkey, drop column span_id,"
        " alter question type varchar(9), alter user_id drop not null, alter data drop default,"
        " add constraint late check (message <> 'x') not valid;"
        " insert into flow_interrupts (kind, request_id, user_id, session_id, data, response)"
        " values ('agent_review', 'r', 'u', 's', '[]', '[]');"
        " create table pending_confirmations (id int); drop index flow_interrupts_due;"
        " create index due on flow_interrupts (expires_at);"
        " drop trigger flow_interrupts_transition on flow_interrupts; drop trigger flow_interrupts_touch on "
        "flow_interrupts;"
        " comment on table flow_interrupts is 'pending, resolved, done'";
    sweep(drifted, false);
    sweep(drifted, true);
}

static enum hp_status load(void *context) {
    struct vocabulary *vocabulary = NULL;
    struct hp_problem problem = {0};
    (void)context;
    enum hp_status status = vocabulary_load("fixtures", &vocabulary, &problem);
    assert_int_equal(vocabulary != NULL, status == HP_OK);
    vocabulary_free(vocabulary);
    return status;
}

static void the_vocabulary_survives(void **state) {
    (void)state;
    assert_true(fail_alloc_sweep(load, NULL, false) > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vocabulary_survives),
        cmocka_unit_test(a_sound_database_survives),
        cmocka_unit_test(a_drifted_database_survives),
    };
    return cmocka_run_group_tests(tests, patients_start, patients_stop) > 0;
}
