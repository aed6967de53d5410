#include "suites/chapters/drift.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_cluster.h"

/* What the play comes to on a schema of the server. */
struct outcome {
    enum play_end end;
    json_t *result;
    struct hp_problem problem;
};

static struct outcome perform(char *schema, const char *args) {
    struct outcome outcome = {.end = PLAY_BROKEN};
    struct hello hello = {.database = (char *)support_conninfo(), .schema = schema, .endpoints = 1};
    const struct play_stage stage = {.hello = &hello, .fixtures = "fixtures"};
    json_t *read = json_loads(args, 0, NULL);
    assert_non_null(read);
    outcome.end = drift_database_play(&stage, read, &outcome.result, &outcome.problem);
    json_decref(read);
    return outcome;
}

static void a_sound_table_has_no_findings(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    struct outcome outcome = perform(pg.schema, "{\"checks\":[\"kind-missing\",\"transition-open\"]}");
    json_t *none = json_pack("{s:[]}", "findings");
    assert_int_equal(outcome.end, PLAY_DONE);
    assert_true(json_equal(outcome.result, none));
    json_decref(none);
    json_decref(outcome.result);
    pg_bench_release(&pg);
}

static void only_the_findings_of_the_checks_are_told(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    pg_run(&pg, "drop trigger flow_interrupts_transition on flow_interrupts");
    struct outcome found = perform(pg.schema, "{\"checks\":[\"transition-open\",\"kind-missing\"]}");
    struct outcome other = perform(pg.schema, "{\"checks\":[\"kind-missing\"]}");
    const json_t *finding = json_array_get(json_object_get(found.result, "findings"), 0);
    assert_int_equal(found.end, PLAY_DONE);
    assert_int_equal(json_array_size(json_object_get(found.result, "findings")), 1);
    assert_string_equal(json_string_value(json_object_get(finding, "check")), "transition-open");
    assert_string_equal(json_string_value(json_object_get(finding, "severity")), "error");
    assert_non_null(strstr(json_string_value(json_object_get(finding, "object")), "flow_interrupts"));
    assert_true(json_string_length(json_object_get(finding, "mend")) > 0);
    assert_int_equal(other.end, PLAY_DONE);
    assert_int_equal(json_array_size(json_object_get(other.result, "findings")), 0);
    json_decref(found.result);
    json_decref(other.result);
    pg_bench_release(&pg);
}

/* A check that was not looked at is no pass. */
static void what_was_not_looked_at_is_untestable(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    pg_run(&pg, "drop table flow_interrupts");
    struct outcome missing = perform(pg.schema, "{\"checks\":[\"table-missing\"]}");
    struct outcome kinds = perform(pg.schema, "{\"checks\":[\"kind-missing\"]}");
    assert_int_equal(missing.end, PLAY_DONE);
    assert_int_equal(json_array_size(json_object_get(missing.result, "findings")), 1);
    assert_int_equal(kinds.end, PLAY_UNTESTABLE);
    assert_non_null(strstr(kinds.problem.detail, "kind-missing is skipped: "));
    json_decref(missing.result);
    pg_bench_release(&pg);
}

static void what_cannot_be_asked_says_so(void **state) {
    (void)state;
    static const struct {
        const char *args;
        const char *detail;
    } rows[] = {
        {"{}", "no checks are named"},
        {"{\"checks\":[]}", "no checks are named"},
        {"{\"checks\":[\"kind-mising\"]}", "there is no check kind-mising of databases"},
        {"{\"checks\":[1]}", "there is no check without a name of databases"},
    };
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct outcome outcome = perform(pg.schema, rows[i].args);
        assert_int_equal(outcome.end, PLAY_BROKEN);
        assert_string_equal(outcome.problem.detail, rows[i].detail);
        assert_null(outcome.result);
    }
    pg_bench_release(&pg);
}

static void a_target_must_say_where_its_database_is(void **state) {
    (void)state;
    struct hello nothing = {.endpoints = 1}, nobody = {.endpoints = 1, .database = "host=/nowhere"};
    struct play_stage stage = {.hello = &nothing, .fixtures = "fixtures"};
    struct hp_problem problem = {0}, other = {0};
    json_t *args = json_pack("{s:[s]}", "checks", "kind-missing");
    json_t *result = NULL;
    assert_int_equal(drift_database_play(&stage, args, &result, &problem), PLAY_UNTESTABLE);
    assert_non_null(strstr(problem.detail, "its hello does not say where"));
    stage.hello = &nobody;
    assert_int_equal(drift_database_play(&stage, args, &result, &other), PLAY_BROKEN);
    assert_non_null(strstr(other.detail, "PostgreSQL:"));
    assert_null(result);
    json_decref(args);
}

static void it_is_registered(void **state) {
    (void)state;
    struct hello nothing = {.endpoints = 1};
    const struct play_stage stage = {.hello = &nothing, .fixtures = "fixtures"};
    json_t *result = NULL;
    chapter_drift_register();
    assert_int_equal(play_perform("drift.database", &stage, NULL, &result, NULL), PLAY_UNTESTABLE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_table_has_no_findings),
        cmocka_unit_test(only_the_findings_of_the_checks_are_told),
        cmocka_unit_test(what_was_not_looked_at_is_untestable),
        cmocka_unit_test(what_cannot_be_asked_says_so),
        cmocka_unit_test(a_target_must_say_where_its_database_is),
        cmocka_unit_test(it_is_registered),
    };
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop) == 0 ? 0 : 1;
}
