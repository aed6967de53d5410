#include "harness/adapters/cluster.h"
#include "harness/adapters/database.h"
#include "harness/adapters/mutant.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

static char id[] = "made";

static void a_fault_and_its_target_must_go_together(void **state) {
    (void)state;
    json_t *sql = json_short("['select 1']");
    const struct mutant store = {.id = id, .where = MUTANT_STORE, .store = "event-twice"};
    const struct mutant database = {.id = id, .where = MUTANT_DATABASE, .sql = sql};
    static const char *const bases[] = {"stdio:cat", "null:echo"};
    struct target *target = NULL;
    for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++) {
        struct hp_problem problem = {0};
        assert_int_equal(mutant_make(&store, bases[i], 1000, &target, &problem), HP_INVALID);
        assert_non_null(strstr(problem.detail, "the mutant made is one of the reference's store"));
        hp_problem_clear(&problem);
        assert_int_equal(mutant_make(&database, bases[i], 1000, &target, &problem), HP_INVALID);
        assert_non_null(strstr(problem.detail, "the reference's database; it cannot be made of"));
    }
    struct hp_problem problem = {0};
    assert_int_equal(mutant_make(&database, "memory", 1000, &target, &problem), HP_INVALID);
    assert_null(target);
    json_decref(sql);
}

static void hello_of(struct target *target, struct hello *hello) {
    assert_int_equal(target_hello(target, hello, NULL), HP_OK);
    assert_non_null(strstr(hello->name, ", mutant made"));
}

/* One over HTTP is made of any target, and by its name alone of our own server. */
static void what_speaks_http_has_its_mutants(void **state) {
    (void)state;
    json_t *fault = json_short("[{'on':'http.request','after':[{'set':'/result/status','to':418}]}]");
    const struct mutant mutant = {.id = id, .where = MUTANT_HTTP, .fault = fault};
    static const char params[] = "{\"path\":\"/healthz\"}";
    const struct request request = {"http.request", params, sizeof params - 1, false};
    static const char *const bases[] = {"null:accept-all", "http:memory"};
    for (size_t i = 0; i < 2; i++) {
        struct target *target = NULL;
        struct session *session = NULL;
        struct answer answer = {0};
        struct hello hello = {0};
        assert_int_equal(mutant_make(&mutant, bases[i], 10000, &target, NULL), HP_OK);
        hello_of(target, &hello);
        assert_int_equal(target_open(target, 0, &session, NULL), HP_OK);
        session_call(session, &request, 10000, &answer);
        assert_int_equal(json_integer_value(json_object_get(answer.result, "status")), 418);
        answer_release(&answer);
        session_close(session);
        hello_release(&hello);
        target_free(target);
    }
    json_decref(fault);
    struct target *named = NULL;
    struct hello hello = {0};
    struct hp_problem problem = {0};
    setenv("HOLDPOINT_FIXTURES", "fixtures", 1);
    if (mutant_new("http-no-location", 10000, &named, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    assert_int_equal(target_hello(named, &hello, NULL), HP_OK);
    assert_true(hello_declares(&hello, "idempotency"));
    hello_release(&hello);
    target_free(named);
}

static void the_adapter_and_the_store_have_their_mutants(void **state) {
    (void)state;
    json_t *fault = json_short("[{'after':[{'retry':true}]}]");
    const struct mutant mutants[] = {{.id = id, .where = MUTANT_ADAPTER, .fault = fault},
                                     {.id = id, .where = MUTANT_STORE, .store = "list-skips"}};
    static const char *const bases[] = {"null:constant", "memory"};
    for (size_t i = 0; i < 2; i++) {
        struct target *target = NULL;
        struct session *session = NULL;
        struct hello hello = {0};
        assert_int_equal(mutant_make(&mutants[i], bases[i], 1000, &target, NULL), HP_OK);
        hello_of(target, &hello);
        assert_int_equal(target_open(target, 1, &session, NULL), HP_OK);
        session_close(session);
        hello_release(&hello);
        target_free(target);
    }
    json_decref(fault);
}

/* Its statements work on the target's own tables, and it promises nothing but its database. */
static void the_database_has_its_mutants(void **state) {
    (void)state;
    struct cluster *cluster = NULL;
    struct hp_problem problem = {0};
    struct target *target = NULL;
    struct hello hello = {0};
    struct database *database = NULL;
    char base[512], sql_text[256];
    int64_t rows = 0;
    if (cluster_start(NULL, &cluster, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    json_t *sql =
        json_short("['alter table flow_interrupts drop column envelope_id','create table extra (n int)']");
    json_t *wrong = json_short("['alter table no_such_table drop column x']");
    const struct mutant mutant = {.id = id, .where = MUTANT_DATABASE, .sql = sql};
    const struct mutant broken = {.id = id, .where = MUTANT_DATABASE, .sql = wrong};
    snprintf(base, sizeof base, "postgres:%s", cluster_conninfo(cluster));
    if (mutant_make(&mutant, base, 1000, &target, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    hello_of(target, &hello);
    assert_json(hello.capabilities, "['database']");
    snprintf(sql_text, sizeof sql_text,
             "select count(*) from information_schema.columns where table_schema = '%s' and (column_name = "
             "'envelope_id' or table_name = 'extra')",
             hello.schema);
    assert_int_equal(database_open(hello.database, &database, NULL), HP_OK);
    assert_int_equal(database_ask(database, sql_text, &rows, NULL), HP_OK);
    assert_int_equal(rows, 1);
    database_close(database);
    hello_release(&hello);
    target_free(target);
    target = NULL;
    assert_int_equal(mutant_make(&broken, base, 1000, &target, &problem), HP_INTERNAL);
    assert_non_null(strstr(problem.detail, "no_such_table"));
    assert_null(target);
    json_decref(wrong);
    json_decref(sql);
    cluster_stop(cluster);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_and_its_target_must_go_together),
        cmocka_unit_test(what_speaks_http_has_its_mutants),
        cmocka_unit_test(the_adapter_and_the_store_have_their_mutants),
        cmocka_unit_test(the_database_has_its_mutants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
