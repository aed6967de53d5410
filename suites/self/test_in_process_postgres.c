/* The targets postgres and postgres:DSN. */
#include "harness/adapters/in_process.h"
#include "suites/self/support_cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void ask(struct session *session, const char *method, const char *params, struct answer *answer) {
    const struct request request = {
        .method = method, .params = params, .params_length_bytes = strlen(params)};
    answer_release(answer);
    memset(answer, 0, sizeof *answer);
    session_call(session, &request, 10000, answer);
}

static int64_t total_of(struct session *session) {
    struct answer answer = {0};
    ask(session, "interrupt.list", "{\"user_id\":\"ann\"}", &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    int64_t total = json_integer_value(json_object_get(answer.result, "total"));
    answer_release(&answer);
    return total;
}

/* How many schemas of ours the server holds. */
static int64_t schema_count(void) {
    struct database *database = NULL;
    int64_t count = -1;
    assert_int_equal(database_open(support_conninfo(), &database, NULL), HP_OK);
    assert_int_equal(database_ask(database,
                                  "select count(*) from pg_namespace where nspname like 'holdpoint%'", &count,
                                  NULL),
                     HP_OK);
    database_close(database);
    return count;
}

static void a_schema_of_its_own(void **state) {
    (void)state;
    static const char create[] =
        "{\"kind\":\"timeout\",\"request_id\":\"r\",\"user_id\":\"ann\",\"session_id\":\"s\"}";
    struct target *targets[2] = {NULL};
    struct session *sessions[2] = {NULL}, *other = NULL;
    struct hello hello = {0};
    struct answer answer = {0};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(in_process_postgres_new(support_conninfo(), &targets[i], NULL), HP_OK);
    }
    assert_int_equal(schema_count(), 2);
    assert_int_equal(target_hello(targets[0], &hello, NULL), HP_OK);
    assert_string_equal(hello.name, "holdpoint reference, PostgreSQL store");
    assert_int_equal(hello.endpoints, 2);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(target_open(targets[0], i, &sessions[i], NULL), HP_OK);
    }
    assert_int_equal(target_open(targets[1], 0, &other, NULL), HP_OK);
    ask(sessions[0], "interrupt.create", create, &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    assert_int_equal(total_of(sessions[1]), 1); /* the other server sees it */
    assert_int_equal(total_of(other), 0);       /* the other target does not */
    ask(sessions[0], "clock.set", "{\"now\":\"2030-01-01T00:00:00Z\"}", &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    ask(sessions[1], "interrupt.create", create, &answer);
    const json_t *interrupt = json_object_get(answer.result, "interrupt");
    assert_string_equal(json_string_value(json_object_get(interrupt, "created_at")),
                        "2030-01-01T00:00:00.000000Z");
    ask(sessions[0], "clock.set", "{\"now\":\"2029-01-01T00:00:00Z\"}", &answer);
    assert_int_equal(answer.kind, ANSWER_REFUSED);
    ask(sessions[1], "reset", "{}", &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    assert_int_equal(total_of(sessions[0]), 0);
    ask(sessions[0], "clock.set", "{\"now\":\"2029-01-01T00:00:00Z\"}", &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    answer_release(&answer);
    hello_release(&hello);
    session_close(sessions[0]);
    session_close(sessions[1]);
    session_close(other);
    target_free(targets[0]);
    target_free(targets[1]);
    assert_int_equal(schema_count(), 0);
}

/* Further servers over the schema of a target, which outlives them. */
static void a_schema_of_another_target(void **state) {
    (void)state;
    static const char create[] =
        "{\"kind\":\"timeout\",\"request_id\":\"r\",\"user_id\":\"ann\",\"session_id\":\"s\"}";
    struct target *target = NULL, *attached = NULL;
    struct session *own = NULL, *other = NULL;
    struct hello hello = {0};
    struct answer answer = {0};
    assert_int_equal(in_process_postgres_new(support_conninfo(), &target, NULL), HP_OK);
    assert_int_equal(target_hello(target, &hello, NULL), HP_OK);
    assert_int_equal(in_process_postgres_attach(hello.database, hello.schema, &attached, NULL), HP_OK);
    hello_release(&hello);
    assert_int_equal(target_open(target, 0, &own, NULL), HP_OK);
    assert_int_equal(target_open(attached, 1, &other, NULL), HP_OK);
    ask(other, "interrupt.create", create, &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    assert_int_equal(total_of(own), 1);
    ask(other, "reset", "{}", &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    assert_int_equal(total_of(own), 0);
    session_close(other);
    target_free(attached);
    assert_int_equal(schema_count(), 1);
    ask(own, "interrupt.create", create, &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    answer_release(&answer);
    session_close(own);
    target_free(target);
    assert_int_equal(schema_count(), 0);
}

static void what_is_no_schema_of_ours_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *schema, *part;
    } rows[] = {
        {"", "is no name of a schema"},
        {"1a", "is no name of a schema"},
        {"Upper", "is no name of a schema"},
        {"a.b", "is no name of a schema"},
        {"a'; --", "is no name of a schema"},
        {"a_name_that_is_longer_than_any_schema_may_have_in_postgresql_0123", "is no name of a schema"},
        {"public", "holds no tables"},
        {"nowhere", "holds no tables"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target *target = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(in_process_postgres_attach(support_conninfo(), rows[i].schema, &target, &problem),
                         HP_INVALID);
        assert_null(target);
        assert_non_null(strstr(problem.detail, rows[i].part));
    }
}

static void a_database_that_is_away(void **state) {
    (void)state;
    struct target *target = NULL;
    struct hp_problem problem = {0};
    assert_refused(in_process_postgres_new("host=/nowhere", &target, &problem), &problem, HP_UNAVAILABLE, "");
    assert_null(target);
    /* One that goes away under a running target. */
    struct session *session = NULL;
    struct answer answer = {0};
    assert_int_equal(in_process_postgres_new(support_conninfo(), &target, NULL), HP_OK);
    assert_int_equal(target_open(target, 0, &session, NULL), HP_OK);
    assert_int_equal(cluster_crash(support_cluster(), NULL), HP_OK);
    static const char *const methods[] = {"reset", "events.drain"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        ask(session, methods[i], "{}", &answer);
        assert_int_equal(answer.kind, ANSWER_REFUSED);
        assert_string_equal(answer.error_name, "unavailable");
    }
    assert_int_equal(cluster_resume(support_cluster(), NULL), HP_OK);
    ask(session, "reset", "{}", &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    answer_release(&answer);
    session_close(session);
    target_free(target);
    assert_int_equal(schema_count(), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_schema_of_its_own), cmocka_unit_test(a_schema_of_another_target),
        cmocka_unit_test(what_is_no_schema_of_ours_is_refused), cmocka_unit_test(a_database_that_is_away)};
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
